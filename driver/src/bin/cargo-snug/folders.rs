//! Where cargo is to put its results: beside stock's, which stay what they are.
//!
//! Cargo is told by variables, which reach every cargo that it starts in turn (tests do so). But sccache takes
//! all of cargo's variables into its keys: with the folder's path among them, two workspaces would share none
//! of their dependencies. So under a wrapper it is an option, wherever that says the same.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace::Workspace;

/// The variable that cargo heeds before any option `--config`.
const TARGET: &str = "CARGO_TARGET_DIR";

/// Commands of cargo's own. It does not pass `--config` on to others.
const COMMANDS: [&str; 12] =
    ["bench", "build", "b", "check", "c", "doc", "d", "run", "r", "rustc", "test", "t"];

/// Makes cargo put its results beside stock's. Must come before the command's own arguments.
pub(crate) fn keep_apart(cargo: &mut Command, workspace: &Workspace, arguments: &[OsString]) {
    let as_option = has_wrapper() && heeds_option(arguments);
    for folder in own(workspace) {
        match folder.option() {
            Some(option) if as_option => cargo.arg("--config").arg(option),
            _ => cargo.env(folder.variable, folder.path),
        };
    }
}

/// A folder that cargo is told.
struct Folder {
    variable: &'static str,
    key: &'static str,
    path: PathBuf,
}

impl Folder {
    /// `build.target-dir = ".."`. TOML has no words for a path that is no text.
    fn option(&self) -> Option<String> {
        let path = toml::Value::from(self.path.to_str()?);
        Some(format!("{} = {path}", self.key))
    }
}

fn own(workspace: &Workspace) -> Vec<Folder> {
    let own = |folder: &Path| folder.join("snug");
    let target = own(&workspace.target_directory);
    let mut folders = vec![Folder { variable: TARGET, key: "build.target-dir", path: target }];
    match &workspace.build_directory {
        Some(build) if *build != workspace.target_directory => folders.push(Folder {
            variable: "CARGO_BUILD_BUILD_DIR",
            key: "build.build-dir",
            path: own(build),
        }),
        _ => {}
    }
    folders
}

/// Whether something like sccache wraps the compiler, by the variables that say so.
fn has_wrapper() -> bool {
    ["RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|wrapper| !wrapper.is_empty()))
}

/// Whether an option is as good as the variable.
fn heeds_option(arguments: &[OsString]) -> bool {
    let is_own = arguments.first().is_some_and(|name| COMMANDS.iter().any(|own| name == own));
    // The last of several such options counts.
    let names_folders = |argument: &OsString| {
        let text = argument.to_string_lossy();
        text.contains("target-dir") || text.contains("build-dir")
    };
    is_own && std::env::var_os(TARGET).is_none() && !arguments.iter().any(names_folders)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_toml() {
        let path = PathBuf::from("/a \"b\"/target/snug");
        let folder = Folder { variable: TARGET, key: "build.target-dir", path: path.clone() };
        let table: toml::Table = folder.option().unwrap().parse().unwrap();
        assert_eq!(table["build"]["target-dir"].as_str(), path.to_str());
    }

    #[test]
    fn other_commands_and_folders_of_the_users_get_variables() {
        let heeds =
            |text: &str| heeds_option(&text.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert!(heeds("build --release"));
        assert!(!heeds("nextest run"));
        assert!(!heeds("build --config build.target-dir='x'"));
        assert!(!heeds("build --target-dir=x"));
    }
}
