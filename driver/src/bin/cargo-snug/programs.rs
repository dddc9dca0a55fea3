//! Programs that are to be read: cargo builds them with what reading them needs, and says where they are.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::arguments::CommandLine;
use crate::cargo::{self, Purpose};
use crate::choice;
use crate::options::Options;
use crate::workspace::{Place, Workspace};

/// The profile's settings without which nothing could be read: debug information for names and variables, and symbols.
const SETTINGS: [(&str, &str); 3] = [("DEBUG", "2"), ("SPLIT_DEBUGINFO", "off"), ("STRIP", "none")];

/// A program that cargo has built.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    /// The folder of its package.
    pub(crate) package: PathBuf,
    /// The folders that build scripts name for the linker, those of its own package first.
    pub(crate) linked: Vec<PathBuf>,
}

/// What cargo says of something that it has built, or of a build script that ran.
#[derive(Deserialize)]
struct Message {
    package_id: String,
    manifest_path: Option<PathBuf>,
    executable: Option<PathBuf>,
    #[serde(default)]
    linked_paths: Vec<String>,
}

/// Builds with Snug, into a folder that nothing else uses. The inner error is cargo's exit status; without a program,
/// `help` says what else to build.
pub(crate) fn built(
    options: &Options,
    folder: &str,
    place: &Place,
    workspace: &Workspace,
    line: &CommandLine,
    help: &str,
) -> Result<std::result::Result<Vec<Program>, ExitCode>> {
    let purpose = Purpose { folder: Some(folder), ..Purpose::default() };
    let cargo = cargo::prepared(options, &purpose, place, Some(workspace), line)?;
    let built = build(cargo, line)?;
    if built.as_ref().is_ok_and(Vec::is_empty) {
        bail!("this command builds no program\nhelp: {help}");
    }
    Ok(built)
}

/// Builds; the inner error is cargo's exit status.
pub(crate) fn build(
    mut cargo: Command,
    line: &CommandLine,
) -> Result<std::result::Result<Vec<Program>, ExitCode>> {
    cargo.arg("--message-format=json-render-diagnostics").stdout(Stdio::piped());
    let profile = choice::profile(line).to_uppercase().replace('-', "_");
    for (setting, value) in SETTINGS {
        cargo.env(format!("CARGO_PROFILE_{profile}_{setting}"), value);
    }
    let mut child = cargo.spawn().context("cargo could not be started")?;
    let output = child.stdout.take().context("cargo has no output")?;
    let mut messages: Vec<Message> = Vec::new();
    for message in BufReader::new(output).lines() {
        messages.extend(serde_json::from_str::<Message>(&message?).ok());
    }
    let status = child.wait().context("cargo could not be waited for")?;
    Ok(cargo::success(status)?.map(|()| programs(messages)))
}

fn programs(messages: Vec<Message>) -> Vec<Program> {
    let mut linked: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for message in &messages {
        let paths = message.linked_paths.iter().map(|path| folder(path));
        linked.entry(message.package_id.clone()).or_default().extend(paths);
    }
    let mut programs = Vec::new();
    for message in messages {
        let Some(path) = message.executable else { continue };
        let own = linked.get(&message.package_id).into_iter().flatten();
        let others = linked.iter().filter(|(package, _)| **package != message.package_id);
        let linked = own.chain(others.flat_map(|(_, paths)| paths)).cloned().collect();
        let package = message.manifest_path.as_deref().and_then(Path::parent);
        let package = package.map(Path::to_owned).unwrap_or_default();
        programs.push(Program { path, package, linked });
    }
    programs
}

/// `native=FOLDER`, or a folder alone.
fn folder(linked: &str) -> PathBuf {
    let kinds = ["dependency", "crate", "native", "framework", "all"];
    match linked.split_once('=') {
        Some((kind, folder)) if kinds.contains(&kind) => folder.into(),
        _ => linked.into(),
    }
}

/// Prints; a reader who has seen enough (`| head`) is no error.
pub(crate) fn print(text: &str) {
    use std::io::Write;
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_folders_come_first() {
        let messages = [
            r#"{"package_id": "a", "linked_paths": ["native=/a"]}"#,
            r#"{"package_id": "b", "linked_paths": ["/b=1", "all=/c"]}"#,
            r#"{"package_id": "b", "manifest_path": "/p/Cargo.toml", "executable": "/t/x"}"#,
            r#"{"package_id": "b", "executable": null}"#,
        ];
        let programs = programs(messages.map(|it| serde_json::from_str(it).unwrap()).into());
        assert_eq!(programs.len(), 1);
        assert_eq!(programs[0].linked, ["/b=1", "/c", "/a"].map(PathBuf::from));
        assert_eq!(programs[0].package, Path::new("/p"));
    }
}
