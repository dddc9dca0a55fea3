//! What cargo says of the workspace at hand.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;
use snug_driver::installation::Backend;
use std::collections::BTreeMap;

/// A workspace, as far as Snug needs to know it.
#[derive(Debug, Deserialize)]
pub(crate) struct Workspace {
    /// Its folder.
    pub(crate) workspace_root: PathBuf,
    /// Where stock cargo's results go.
    pub(crate) target_directory: PathBuf,
    /// Where stock cargo's intermediate results go.
    pub(crate) build_directory: Option<PathBuf>,
    metadata: Option<Metadata>,
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    metadata: Option<Metadata>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    snug: Option<serde_json::Value>,
}

/// `[workspace.metadata.snug]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Settings {
    /// Packages that LLVM compiles in any case.
    #[serde(default)]
    pub(crate) llvm: Vec<String>,
    /// The backends of profiles.
    #[serde(default)]
    pub(crate) profile: BTreeMap<String, ProfileSettings>,
}

/// `[workspace.metadata.snug.profile.NAME]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileSettings {
    /// The backend of that profile.
    pub(crate) backend: Backend,
}

/// `[package.metadata.snug]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackageSettings {
    backend: Backend,
}

impl Workspace {
    /// Asks cargo. None where there is no workspace: some commands need none.
    pub(crate) fn find(mut cargo: Command, arguments: &[OsString]) -> Result<Option<Workspace>> {
        cargo.args(["metadata", "--no-deps", "--format-version=1"]).args(about_manifest(arguments));
        let output = cargo.output().context("cargo could not be started")?;
        if !output.status.success() {
            // Whatever is wrong with it, the command itself says it better.
            return Ok(None);
        }
        let workspace = serde_json::from_slice(&output.stdout)
            .context("`cargo metadata` says something that Snug does not understand")?;
        Ok(Some(workspace))
    }

    /// What Cargo.toml has to say to Snug.
    pub(crate) fn settings(&self) -> Result<Settings> {
        match self.metadata.as_ref().and_then(|metadata| metadata.snug.clone()) {
            None => Ok(Settings::default()),
            Some(value) => serde_json::from_value(value)
                .context("`[workspace.metadata.snug]` in Cargo.toml cannot be used"),
        }
    }

    /// Packages that have a backend of their own.
    pub(crate) fn packages(&self) -> Result<Vec<(String, Backend)>> {
        let mut chosen = Vec::new();
        for package in &self.packages {
            let metadata = package.metadata.as_ref().and_then(|metadata| metadata.snug.clone());
            if let Some(value) = metadata {
                let settings: PackageSettings =
                    serde_json::from_value(value).with_context(|| {
                        format!(
                            "`[package.metadata.snug]` of `{}` cannot be used: it may say \
                             `backend = \"llvm\"` or `backend = \"cranelift\"`",
                            package.name
                        )
                    })?;
                chosen.push((package.name.clone(), settings.backend));
            }
        }
        Ok(chosen)
    }
}

/// The arguments that say which workspace is meant.
fn about_manifest(arguments: &[OsString]) -> Vec<OsString> {
    let mut found = Vec::new();
    let mut arguments = arguments.iter().take_while(|argument| *argument != "--");
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        if ["--manifest-path", "--config"].contains(&text.as_ref()) {
            found.push(argument.clone());
            found.extend(arguments.next().cloned());
        } else if text.starts_with("--manifest-path=") || text.starts_with("--config=") {
            found.push(argument.clone());
        }
    }
    found
}
