//! How cargo is told which compiler to take and where to put its results, so that nobody else hears it.
//!
//! A program that cargo runs may call cargo itself: tests of cargo's plugins do, and so does many an `xtask`. It must
//! find the environment that it has under stock, or it would work in our folders, with a backend that was chosen for
//! something else. So cargo's own commands are told by `--config`. Subcommands of others pass only
//! the environment on to the cargo that they call.

use std::path::Path;
use std::process::Command;

use crate::arguments::CommandLine;

/// Paths that cargo is told: the setting, the variable that is more urgent than files, and the path.
#[derive(Debug, Default)]
pub(crate) struct Directions {
    all: Vec<Direction>,
}

#[derive(Debug)]
struct Direction {
    key: &'static str,
    variable: &'static str,
    /// Whether the variable is more urgent than `--config`, too.
    is_variable_stronger: bool,
    value: String,
}

impl Directions {
    /// What compiles.
    pub(crate) fn compilers(&mut self, rustc: &Path, rustdoc: &Path) {
        self.add("build.rustc", "RUSTC", true, rustc);
        self.add("build.rustdoc", "RUSTDOC", true, rustdoc);
    }

    /// Where results go.
    pub(crate) fn target_folder(&mut self, folder: &Path) {
        self.add("build.target-dir", "CARGO_TARGET_DIR", true, folder);
    }

    /// Where intermediate results go.
    pub(crate) fn build_folder(&mut self, folder: &Path) {
        self.add("build.build-dir", "CARGO_BUILD_BUILD_DIR", false, folder);
    }

    fn add(
        &mut self,
        key: &'static str,
        variable: &'static str,
        is_variable_stronger: bool,
        value: &Path,
    ) {
        // Settings are text. So are all paths that cargo is used with.
        let value = value.to_string_lossy().into_owned();
        self.all.push(Direction { key, variable, is_variable_stronger, value });
    }

    /// Completes cargo's command line.
    pub(crate) fn give(&self, cargo: &mut Command, line: &CommandLine) {
        let mut settings = Vec::new();
        for direction in &self.all {
            let is_set = std::env::var_os(direction.variable).is_some();
            if is_set && direction.is_variable_stronger || !line.is_cargos() {
                cargo.env(direction.variable, &direction.value);
            } else {
                settings.push(format!("{}={}", direction.key, quoted(&direction.value)));
            }
        }
        cargo.args(line.words_with_settings(&settings));
    }
}

/// As a string in TOML.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
