//! Which workspace a command is about, what cargo says of it, and where its results go: into folders `snug`
//! in those of stock cargo's.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;
use snug_driver::installation::Backend;

use crate::arguments::CommandLine;
use crate::choice::Choice;
use crate::config::{self, Config};
use crate::directions::Directions;

/// Where results go, in the folder of stock's.
pub(crate) const OWN_FOLDER: &str = "snug";

/// What a command is about.
pub(crate) struct Place {
    /// Where its workspace is found.
    pub(crate) manifest: Manifest,
    /// The configuration for it.
    pub(crate) config: Config,
}

/// Where a workspace is found.
pub(crate) enum Manifest {
    /// Nowhere.
    None,
    /// Where the user is, or where an option says.
    Usual,
    /// There.
    File(PathBuf),
}

impl Place {
    /// Finds it from a command, given the configuration of the current folder.
    pub(crate) fn of(line: &CommandLine, config: Config) -> Place {
        let (manifest, config) = match line.command.as_deref() {
            // It leaves the current folder: `install` in cargo's `src/bin/cargo/commands/install.rs`.
            Some("install") => match line.value("path").map(std::path::absolute) {
                Some(Ok(path)) => {
                    (Manifest::File(path.join("Cargo.toml")), Config::of_folder(&path))
                }
                _ => (Manifest::None, Config::of_folder(&config::home().unwrap_or_default())),
            },
            _ => (Manifest::Usual, config),
        };
        Place { manifest, config: config.with_arguments(line.values("config")) }
    }

    /// Makes cargo put its results beside stock's.
    pub(crate) fn own_folders(
        &self,
        workspace: Option<&Workspace>,
        below: Option<&str>,
        directions: &mut Directions,
    ) {
        let own = |folder: &Path| folder.join(OWN_FOLDER).join(below.unwrap_or_default());
        let Some(workspace) = workspace else {
            // Without a workspace there is no folder of its own to keep apart, unless the user has set one.
            if let Some(folder) = self.target_folder() {
                directions.target_folder(&own(&folder));
            }
            return;
        };
        directions.target_folder(&own(&workspace.target_directory));
        match &workspace.build_directory {
            Some(build) if *build != workspace.target_directory => {
                directions.build_folder(&own(build));
            }
            _ => {}
        }
    }

    /// Where results go whatever the workspace is.
    fn target_folder(&self) -> Option<PathBuf> {
        let variable = std::env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
        let folder = match variable {
            Some(folder) => PathBuf::from(folder),
            None => {
                let setting = self.config.string(&["build", "target-dir"])?;
                setting.root.join(setting.value)
            }
        };
        std::path::absolute(folder).ok()
    }
}

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
    targets: Vec<Target>,
}

/// A crate of a package.
#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    #[serde(default)]
    kind: Vec<String>,
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
    /// What futures may take: patterns of names, and bytes.
    #[serde(default)]
    pub(crate) budget: BTreeMap<String, u64>,
}

/// `[workspace.metadata.snug.profile.NAME]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileSettings {
    /// The backend of that profile.
    pub(crate) backend: Choice,
}

/// `[package.metadata.snug]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackageSettings {
    backend: Backend,
}

impl Workspace {
    /// Asks cargo. None where there is no workspace: some commands need none.
    pub(crate) fn find(
        mut cargo: Command,
        manifest: &Manifest,
        line: &CommandLine,
    ) -> Result<Option<Workspace>> {
        cargo.args(["metadata", "--no-deps", "--format-version=1"]);
        let mut pass_on = |name: &str, value: OsString| {
            cargo.arg(format!("--{name}")).arg(value);
        };
        match (manifest, line.value("manifest-path")) {
            (Manifest::File(file), _) => pass_on("manifest-path", file.into()),
            (_, Some(file)) => pass_on("manifest-path", file.to_owned()),
            _ => {}
        }
        line.values("config").for_each(|value| pass_on("config", value.to_owned()));
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

    /// The names of its crates, as the compiler knows them.
    pub(crate) fn crates(&self) -> Vec<String> {
        let targets = self.packages.iter().flat_map(|package| &package.targets);
        targets.map(|target| target.name.replace('-', "_")).collect()
    }

    /// Its crates of a kind (`bin`, `lib`): package and name.
    pub(crate) fn of_kind(&self, kind: &str) -> impl Iterator<Item = (&str, &str)> {
        self.packages.iter().flat_map(move |package| {
            let is_it = move |target: &&Target| target.kind.iter().any(|it| it == kind);
            let crates = package.targets.iter().filter(is_it);
            crates.map(|target| (package.name.as_str(), target.name.as_str()))
        })
    }

    /// The names of its packages.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.packages.iter().map(|package| package.name.as_str())
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
