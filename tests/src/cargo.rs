//! Calls Cargo with any compiler, and reads in what it prints which crates it compiled.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::Result;
use crate::command::{self, Finished};
use crate::compiler::{Compiler, clean_environment};
use crate::toolchain::Toolchain;

/// How Cargo is called.
#[derive(Clone, Debug)]
pub struct Cargo {
    toolchain: Toolchain,
    folder: PathBuf,
    flags: Vec<String>,
    variables: Vec<(String, PathBuf)>,
    online: bool,
    limit: Duration,
}

impl Cargo {
    /// Cargo in a folder. Nothing else that the user has set reaches it.
    pub fn new(toolchain: &Toolchain, folder: &Path, compiler: Compiler) -> Cargo {
        let cargo = Cargo {
            toolchain: toolchain.clone(),
            folder: folder.to_owned(),
            flags: compiler.flag(toolchain).into_iter().collect(),
            variables: Vec::new(),
            online: false,
            limit: command::LIMIT,
        };
        match compiler.layout() {
            None => cargo,
            Some(layout) => cargo.env("SNUG_LAYOUT", layout.to_string()).env("SNUG_VALIDATE", "1"),
        }
    }

    /// The same with one more flag for rustc and rustdoc.
    pub fn flag(mut self, flag: &str) -> Cargo {
        self.flags.push(flag.to_owned());
        self
    }

    /// The same with a variable.
    pub fn env(mut self, name: &str, value: impl Into<PathBuf>) -> Cargo {
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    /// The same without a variable.
    pub fn without(mut self, name: &str) -> Cargo {
        self.variables.retain(|(other, _)| other != name);
        self
    }

    /// The same, but it may ask the registry.
    pub fn online(self) -> Cargo {
        Cargo { online: true, ..self }
    }

    /// The same with more time for each call.
    pub fn limit(self, limit: Duration) -> Cargo {
        Cargo { limit, ..self }
    }

    /// Calls Cargo, with the arguments in a line of text.
    pub fn call(&self, arguments: &str) -> Result<Finished> {
        let mut command = Command::new(&self.toolchain.cargo);
        clean_environment(&mut command);
        command.current_dir(&self.folder).arg("-v");
        command.args((!self.online).then_some("--offline"));
        command.args(arguments.split_whitespace());
        command.env("RUSTC", &self.toolchain.rustc);
        command.env("RUSTDOC", self.toolchain.rustc.with_file_name("rustdoc"));
        // For `-Z` flags; the same for stock, so that only the flags make a difference.
        command.env("RUSTC_BOOTSTRAP", "1");
        for name in ["RUSTFLAGS", "RUSTDOCFLAGS"] {
            command.env(name, self.flags.join(" "));
        }
        command.env("CARGO_TARGET_DIR", self.folder.join("target"));
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command::run_within(&mut command, self.limit)
    }

    /// Calls Cargo, and expects success.
    pub fn succeed(&self, arguments: &str) -> Result<Finished> {
        self.call(arguments)?.expect_success(&format!("`cargo {arguments}`"))
    }
}

/// The crates that Cargo had compiled, with what became of them: `store lib`, `app bin`, `app test`,
/// `build_script_build bin`; and `for a target`, if it was told to compile for one. Cargo must have
/// been called with `-v`.
pub fn compiled(cargo: &Finished) -> BTreeSet<String> {
    cargo.stderr.lines().filter_map(compiled_in).collect()
}

fn compiled_in(line: &str) -> Option<String> {
    let command = line.trim_start().strip_prefix("Running `")?;
    let words: Vec<&str> = command.trim_end_matches('`').split(' ').collect();
    if Path::new(words[0]).file_name() != Some(OsStr::new("rustc")) {
        return None;
    }
    let value_of = |option: &str| {
        let at = words.iter().position(|word| *word == option)?;
        words.get(at + 1).copied()
    };
    let name = value_of("--crate-name")?;
    let kind = if words.contains(&"--test") { "test" } else { value_of("--crate-type")? };
    let target = if words.contains(&"--target") { " for a target" } else { "" };
    Some(format!("{name} {kind}{target}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compilations_are_found() {
        let found = |line| compiled_in(&format!("     Running `{line}`"));
        let library = "/x/bin/rustc --crate-name a --edition=2024 a/lib.rs --crate-type lib -C x=1";
        assert_eq!(found(library).as_deref(), Some("a lib"));
        let test = "/x/bin/rustc --crate-name a --test --target x86_64-unknown-linux-gnu";
        assert_eq!(found(test).as_deref(), Some("a test for a target"));
        assert_eq!(found("rustdoc --crate-type lib --crate-name a --test a/lib.rs"), None);
        assert_eq!(found("target/debug/a"), None);
        assert_eq!(compiled_in("       Fresh a v0.1.0 (/x/bin/rustc)"), None);
    }
}
