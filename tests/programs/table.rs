//! Reads `programs.toml`: which programs are built, how they are tried out, and what is known about their tests.
//!
//! As in the table of crates, whatever is left out has its reason in the table.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::Result;
use crate::crates::table::Crate;
use crate::packages::{self, Entry, Lock, Locked, Reasons};
use crate::toolchain::{Toolchain, package};

/// A program.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Program {
    /// The package's name.
    pub name: String,
    /// Its only version.
    pub version: String,
    /// Of the file that Cargo downloads; `None` if it is a package of ours, in `packages/`.
    pub sha256: Option<String>,
    /// What the program is called.
    pub bin: String,
    /// The target that it is compiled for, if that is not the host.
    pub target: Option<String>,
    /// What runs it there, and must be installed.
    pub runner: Option<String>,
    /// Why it has no tests here.
    pub no_tests: Option<String>,
    /// Variables for its tests. `{package}` is its folder.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Tests that are not run: `target::test`; with a star at the end, all that start so.
    #[serde(default)]
    pub skipped: Reasons,
    /// Tests that may fail under stock: `target::test`.
    #[serde(default)]
    pub failing: Reasons,
    /// Targets that stock cannot compile: files that were not published.
    #[serde(default)]
    pub broken: Reasons,
    /// What its users do with it.
    #[serde(rename = "trial", default)]
    pub trials: Vec<Trial>,
}

/// Something that is done with a program, in a folder with the files of `inputs/`.
///
/// In commands, `{program}` is the program, `{port}` a free port, `{web}` the address of a small web server,
/// `{web-port}` its port, and `{folder}` where all of this is done.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Trial {
    /// What is started first and runs on, one after the other.
    #[serde(default)]
    pub start: Vec<Started>,
    /// What runs to its end then: a command's words.
    #[serde(default)]
    pub run: Vec<String>,
    /// What is asked from `{port}` instead.
    #[serde(default)]
    pub get: Vec<String>,
    /// What ends everything that was started: a command's words.
    #[serde(default)]
    pub end: Vec<String>,
    /// Variables.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// What each answer of stock's program must have in it.
    pub expect: String,
    /// Only lines with one of these count.
    #[serde(default)]
    pub only: Vec<String>,
    /// Lines with one of these do not count: times, and the like.
    #[serde(default)]
    pub varies: Vec<String>,
    /// A folder that the command makes. All files in it count.
    pub makes: Option<String>,
}

/// A command that runs in the background.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Started {
    /// Its words.
    pub run: Vec<String>,
    /// The port at which it listens when it is ready.
    pub listens: String,
}

/// The folder with the table, our own packages and the inputs of trials.
pub fn folder() -> PathBuf {
    package().join("programs")
}

/// The table.
pub fn read() -> Result<Vec<Program>> {
    packages::read(&folder().join("programs.toml"))
}

impl Entry for Program {
    const KEY: &str = "program";

    fn name(&self) -> &str {
        &self.name
    }

    fn check(&self) -> Result<()> {
        if self.sha256.as_ref().is_some_and(|sum| sum.len() != 64) {
            return Err("its sha256 is none".into());
        }
        if self.trials.is_empty() {
            return Err("say how it is tried out".into());
        }
        for trial in &self.trials {
            trial.check()?;
        }
        self.of_crates().check()
    }
}

impl Program {
    /// How Cargo and its files call it.
    pub fn full_name(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }

    /// What this machine lacks to build it or to try it out.
    pub fn lacks(&self, toolchain: &Toolchain) -> Option<String> {
        let libraries = toolchain.rustc.ancestors().nth(2)?.join("lib/rustlib");
        if let Some(target) = self.target.as_ref().filter(|it| !libraries.join(it).exists()) {
            return Some(format!("`rustup target add {target}`"));
        }
        let runner = self.runner.as_ref()?.split(' ').next()?;
        let path = std::env::var_os("PATH")?;
        let is_there = std::env::split_paths(&path).any(|folder| folder.join(runner).exists());
        (!is_there).then(|| format!("install {runner}"))
    }

    /// What is known about its tests, as of a crate's.
    pub fn of_crates(&self) -> Crate {
        Crate {
            name: self.name.clone(),
            version: self.version.clone(),
            default_features: true,
            environment: self.environment.clone(),
            broken: self.broken.clone(),
            skipped: self.skipped.clone(),
            failing: self.failing.clone(),
            ..Crate::default()
        }
    }
}

impl Trial {
    fn check(&self) -> Result<()> {
        if self.run.is_empty() == self.get.is_empty() {
            return Err("a trial has either `run` or `get`".into());
        }
        if self.expect.trim().is_empty() {
            return Err("a trial has something to `expect`".into());
        }
        if !self.get.is_empty() && self.start.is_empty() {
            return Err("nothing is started that could answer".into());
        }
        Ok(())
    }
}

/// Whether a package of ours has a lock file that knows it, with checksums of all others.
pub fn check_lock(program: &Program, lock: &str) -> Result<()> {
    let lock = Lock::parse(lock)?;
    let full_name = program.full_name();
    let is_member = |locked: &Locked| locked.source.is_none();
    if !lock.all(&program.name, &program.version).any(is_member) {
        return Err(format!("the lock file of {full_name} does not know it"));
    }
    match lock.unpinned() {
        Some(it) => Err(format!("the lock file of {full_name} has no checksum of {}", it.name)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<Program>> {
        packages::parse(text)
    }

    const ONE: &str = "[[program]]\nname = 'a'\nversion = '1.0.0'\nbin = 'a'\n";
    const TRIAL: &str = "[[program.trial]]\nrun = ['{program}', '--version']\nexpect = '1.0.0'\n";

    #[test]
    fn a_program_is_read() {
        let text = format!("{ONE}skipped = {{ 't::one' = 'network' }}\n{TRIAL}");
        let [program] = &parse(&text).unwrap()[..] else { panic!("one program") };
        assert!(program.of_crates().skips("t::one"));
        assert_eq!(program.trials[0].run[1], "--version");
    }

    #[test]
    fn mistakes_are_found() {
        let wrong = |text: &str| parse(text).unwrap_err();
        assert!(wrong(ONE).contains("say how"));
        assert!(wrong(&format!("{ONE}{TRIAL}{ONE}{TRIAL}")).contains("twice"));
        assert!(wrong(&format!("{ONE}sha256 = 'a'\n{TRIAL}")).contains("sha256"));
        assert!(wrong(&format!("{ONE}skipped = {{ 't::one' = '' }}\n{TRIAL}")).contains("say why"));
        assert!(wrong(&format!("{ONE}[[program.trial]]\nexpect = 'a'\n")).contains("either"));
        assert!(wrong(&format!("{ONE}{TRIAL}get = ['/']\n")).contains("either"));
        let asked = "[[program.trial]]\nget = ['/']\nexpect = 'a'\n";
        assert!(wrong(&format!("{ONE}{asked}")).contains("could answer"));
        assert!(wrong(&format!("{ONE}{TRIAL}get-it = ['/']\n")).contains("get-it"));
    }

    #[test]
    fn unpinned_packages_are_found() {
        let program = &parse(&format!("{ONE}{TRIAL}")).unwrap()[0];
        let own = "[[package]]\nname = 'a'\nversion = '1.0.0'\n";
        let other = "[[package]]\nname = 'b'\nversion = '1.0.0'\nsource = 'registry'\n";
        let sum = "checksum = '0'\n";
        assert_eq!(check_lock(program, &format!("{own}{other}{sum}")), Ok(()));
        assert!(check_lock(program, other).unwrap_err().contains("does not know it"));
        let message = check_lock(program, &format!("{own}{other}")).unwrap_err();
        assert!(message.contains("no checksum of b"), "{message}");
    }
}
