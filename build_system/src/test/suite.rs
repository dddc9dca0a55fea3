//! Compiles suites and runs them, and shows what they print as they print it.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use walkdir::WalkDir;

use super::selection::{Crate, TARGET};
use super::{Options, Outcome};
use crate::cargo::clean_command;
use crate::config::Config;
use crate::prepare::Prepared;
use crate::ui::Ui;

/// The crate of the suites of `tests/suites`.
pub(super) const FOLDER: &str = "tests";

/// A compiled suite of `tests/suites`.
pub(super) struct Suite {
    pub(super) name: String,
    executable: PathBuf,
}

/// Runs `cargo test` in a crate that needs nothing but stable Rust.
pub(super) fn of_crate(
    config: &Config,
    prepared: &Prepared,
    crate_: &Crate,
    filter: &str,
    options: &Options,
) -> Result<Outcome> {
    let folder = config.in_root(crate_.folder);
    let mut command = cargo(config, prepared, &folder, crate_.target);
    command.args(["test", "--locked", "--no-fail-fast"]).args(crate_.targets).args(some(filter));
    if options.list {
        command.args(["--", "--list", "--format=terse"]);
    }
    command.envs(options.long.then_some(("SNUG_LONG", "1")));
    let (status, text) = shown(command)?;
    let outcome = Outcome::read(&text);
    if !status.success() && outcome.failed == 0 {
        bail!("`cargo test` failed in {} before it ran all tests: see above", folder.display());
    }
    Ok(outcome)
}

/// Compiles suites of `tests/suites`.
pub(super) fn compile(
    config: &Config,
    ui: &Ui,
    prepared: &Prepared,
    names: &[String],
) -> Result<Vec<Suite>> {
    let folder = config.in_root(FOLDER);
    let mut command = cargo(config, prepared, &folder, TARGET);
    command.args(["test", "--locked", "--no-run", "--message-format=json-render-diagnostics"]);
    for name in names {
        command.args(["--test", name]);
    }
    let printed = ui.step("compile the suites", |_| {
        let output = command.stderr(Stdio::inherit()).output().context("cargo cannot be run")?;
        if !output.status.success() {
            bail!("The suites in {} could not be compiled: see above", folder.display());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    })?;
    let mut suites: Vec<Suite> = printed.lines().filter_map(suite_in).collect();
    suites.retain(|suite| names.contains(&suite.name));
    suites.sort_by(|one, other| one.name.cmp(&other.name));
    match names.iter().find(|name| suites.iter().all(|suite| suite.name != **name)) {
        None => Ok(suites),
        Some(name) => bail!("cargo made no suite `{name}`: is it in tests/Cargo.toml?"),
    }
}

/// The suite that a message of cargo's is about.
fn suite_in(message: &str) -> Option<Suite> {
    let message: Value = serde_json::from_str(message).ok()?;
    let executable = message["executable"].as_str()?;
    let is_test = message["target"]["kind"][0] == "test";
    let name = message["target"]["name"].as_str().filter(|_| is_test)?;
    Some(Suite { name: name.to_owned(), executable: executable.into() })
}

impl Suite {
    /// The names of its tests.
    pub(super) fn list(
        &self,
        config: &Config,
        prepared: &Prepared,
        filter: &str,
        options: &Options,
    ) -> Result<Vec<String>> {
        let mut command = self.command(config, prepared, filter, options);
        command.args(["--list", "--format=terse"]).stderr(Stdio::inherit());
        let output = command.output().with_context(|| format!("{} cannot be run", self.name))?;
        if !output.status.success() {
            bail!("The suite `{}` cannot say which tests it has: see above", self.name);
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect())
    }

    /// Runs those of its tests that have this in their name.
    pub(super) fn run(
        &self,
        config: &Config,
        prepared: &Prepared,
        filter: &str,
        options: &Options,
    ) -> Result<Outcome> {
        let (status, text) = shown(self.command(config, prepared, filter, options))?;
        let outcome = Outcome::read(&text);
        if !status.success() && outcome.failed == 0 {
            bail!("The suite `{}` ended before it ran all tests: see above", self.name);
        }
        Ok(outcome)
    }

    /// Whether this text is in its sources.
    pub(super) fn uses(&self, config: &Config, text: &str) -> bool {
        let suites = config.in_root("tests/suites");
        let of = |root: PathBuf| WalkDir::new(root).into_iter().filter_map(Result::ok);
        let mut files =
            of(suites.join(&self.name)).chain(of(suites.join(format!("{}.rs", self.name))));
        files.any(|file| fs::read_to_string(file.path()).is_ok_and(|it| it.contains(text)))
    }

    fn command(
        &self,
        config: &Config,
        prepared: &Prepared,
        filter: &str,
        options: &Options,
    ) -> Command {
        let mut command = clean_command(&self.executable);
        command.current_dir(config.in_root(FOLDER)).args(some(filter));
        command.env("RUSTC", &prepared.toolchain.rustc).env("CARGO", &prepared.toolchain.cargo);
        command.env("CARGO_TARGET_DIR", target_folder(config, TARGET));
        command.envs(variables(config, prepared));
        command.envs(options.long.then_some(("SNUG_LONG", "1")));
        command
    }
}

/// A target folder of the clone's, of which each version of rustc has its own.
pub(super) fn target_folder(config: &Config, target: &str) -> PathBuf {
    config.in_build(target.strip_prefix("build/").unwrap_or(target))
}

/// What the tests need to know of the compiler under test.
fn variables(config: &Config, prepared: &Prepared) -> Vec<(&'static str, OsString)> {
    let mut variables = vec![
        ("SNUG_RUSTC_COMMIT", prepared.toolchain.commit.as_str().into()),
        ("SNUG_FAULTS", config.in_build("faults").into()),
    ];
    if !config.pins.is_default {
        variables.push(("SNUG_VERSION_SNAPSHOT", config.pins.folder.join("layouts").into()));
        let default = config.default_rustc.iter();
        variables.extend(default.map(|rustc| ("SNUG_DEFAULT_RUSTC", rustc.into())));
    }
    variables
}

fn some(filter: &str) -> Option<&str> {
    Some(filter).filter(|filter| !filter.is_empty())
}

/// A cargo call for a crate that needs nothing but stable Rust, without its arguments.
pub(super) fn cargo(config: &Config, prepared: &Prepared, folder: &Path, target: &str) -> Command {
    let mut command = clean_command(&prepared.toolchain.cargo);
    command
        .current_dir(folder)
        .env("RUSTC", &prepared.toolchain.rustc)
        .envs(variables(config, prepared))
        .env("CARGO_TARGET_DIR", target_folder(config, target))
        .env_remove("CARGO_BUILD_BUILD_DIR")
        .stdin(Stdio::null());
    command
}

/// Runs a command. What it prints is shown while it is printed.
fn shown(mut command: Command) -> Result<(ExitStatus, String)> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut child = command.spawn().with_context(|| format!("{name} cannot be run"))?;
    let mut text = String::new();
    for line in BufReader::new(child.stdout.take().context("stdout is piped")?).lines() {
        let line = line.context("what the tests print is not text")?;
        println!("{line}");
        text.push_str(&line);
        text.push('\n');
    }
    Ok((child.wait()?, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_are_found_in_cargos_messages() {
        let suite = r#"{"reason":"compiler-artifact","target":{"kind":["test"],"name":"run"},
                        "executable":"/x/run-1"}"#;
        let found = suite_in(suite).unwrap();
        assert_eq!(
            (found.name.as_str(), found.executable.as_path()),
            ("run", Path::new("/x/run-1"))
        );
        let library = r#"{"reason":"compiler-artifact","target":{"kind":["lib"],"name":"snug_tests"},
                          "executable":null}"#;
        assert!(suite_in(library).is_none());
        assert!(suite_in("   Compiling x").is_none());
    }
}
