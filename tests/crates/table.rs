//! Reads `crates.toml`: which crates are tested, and what is known about their tests.
//!
//! Whatever is left out has its reason in the table; a name without one is an error, and so is one that is
//! pinned to another version than the lock files say.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::Result;
use crate::packages::{self, Entry, Lock, Reasons};
use crate::toolchain::package;

/// A crate whose tests are run.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Crate {
    /// Its name.
    pub name: String,
    /// Its only version.
    pub version: String,
    /// Whether it is a package of ours, in this folder, and not one from the registry.
    #[serde(default)]
    pub ours: bool,
    /// Whether it has no tests, but what others' tests call.
    #[serde(default)]
    pub helper: bool,
    /// The features that its tests are compiled with.
    #[serde(default)]
    pub features: Vec<String>,
    /// Whether the default features are among them.
    #[serde(default = "yes")]
    pub default_features: bool,
    /// Dependencies of its tests that are not in the published manifest, because its repository has them
    /// by path.
    #[serde(default)]
    pub dev_dependencies: BTreeMap<String, toml::Value>,
    /// Files that its tests read and its repository has elsewhere: from the crate's folder, where to and what
    /// is there instead.
    #[serde(default)]
    pub copies: BTreeMap<String, String>,
    /// Variables for compilation and tests. `{package}` is the crate's folder.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Targets that stock cannot compile: files that were not published.
    #[serde(default)]
    pub broken: Reasons,
    /// Tests that are not run: `target::test`; with a star at the end, all that start so.
    #[serde(default)]
    pub skipped: Reasons,
    /// Tests that may fail under stock: `target::test`.
    #[serde(default)]
    pub failing: Reasons,
    /// Tests that expect a future to be exactly as big as under stock, and so fail under Snug.
    #[serde(default)]
    pub smaller: BTreeMap<String, Smaller>,
}

/// The size of a future, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smaller {
    /// What the test expects.
    pub stock: u64,
    /// What it finds.
    pub snug: u64,
}

fn yes() -> bool {
    true
}

/// The folder with the table, the lock files and our own packages.
pub fn folder() -> PathBuf {
    package().join("crates")
}

/// The table.
pub fn read() -> Result<Vec<Crate>> {
    packages::read(&folder().join("crates.toml"))
}

impl Entry for Crate {
    const KEY: &str = "crate";

    fn name(&self) -> &str {
        &self.name
    }

    /// Whether whatever is known about its tests has a reason.
    fn check(&self) -> Result<()> {
        for (name, reason) in self.broken.iter().chain(&self.skipped).chain(&self.failing) {
            if reason.trim().is_empty() {
                return Err(format!("say why `{name}` is in the list"));
            }
        }
        let tests = self.skipped.keys().chain(self.failing.keys()).chain(self.smaller.keys());
        if let Some(name) = tests.into_iter().find(|name| !name.contains("::")) {
            return Err(format!("`{name}` should be `target::test`"));
        }
        match self.smaller.iter().find(|(_, sizes)| sizes.snug >= sizes.stock) {
            Some((name, _)) => Err(format!("Snug's future is not smaller in `{name}`")),
            None => Ok(()),
        }
    }
}

impl Crate {
    /// How Cargo calls it, also where there is another version of it.
    pub fn spec(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }

    /// Whether a test (`target::test`) is not run.
    pub fn skips(&self, name: &str) -> bool {
        self.skipped.keys().any(|pattern| matches(pattern, name))
    }
}

/// Whether a name of the table is a test's, or the start of it.
pub fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    }
}

/// Whether the lock files know every crate of the table in its version, and the sources' checksums.
pub fn check_locks(crates: &[Crate], workspace: &str, sources: &str) -> Result<()> {
    let [workspace, sources] = [Lock::parse(workspace)?, Lock::parse(sources)?];
    for krate in crates {
        let is_member =
            workspace.all(&krate.name, &krate.version).any(|locked| locked.source.is_none());
        if !is_member {
            return Err(format!("crates/Cargo.lock has no member {}", krate.spec()));
        }
        let is_pinned =
            sources.all(&krate.name, &krate.version).any(|locked| locked.checksum.is_some());
        if !is_pinned && !krate.ours {
            return Err(format!("crates/sources.lock has no {} with a checksum", krate.spec()));
        }
    }
    match workspace.unpinned() {
        Some(locked) => Err(format!("crates/Cargo.lock has no checksum of {}", locked.name)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<Crate>> {
        packages::parse(text)
    }

    const ONE: &str = "[[crate]]\nname = 'a'\nversion = '1.0.0'\n";

    #[test]
    fn a_crate_is_read() {
        let text = format!("{ONE}[crate.skipped]\n't::one' = 'network'\n'u::*' = 'slow'\n");
        let [krate] = &parse(&text).unwrap()[..] else { panic!("one crate") };
        assert!(krate.default_features && krate.features.is_empty());
        assert!(krate.skips("t::one") && !krate.skips("t::one_more"));
        assert!(krate.skips("u::one") && krate.skips("u::other"));
        assert!(!krate.skips("v::one"));
    }

    #[test]
    fn mistakes_are_found() {
        let wrong = |text: &str| parse(text).unwrap_err();
        assert!(wrong(&format!("{ONE}{ONE}")).contains("twice"));
        assert!(wrong(&format!("{ONE}[crate.skipped]\n't::one' = ''\n")).contains("say why"));
        assert!(wrong(&format!("{ONE}[crate.failing]\n'one' = 'root'\n")).contains("target::test"));
        let smaller = "smaller = { 't::a' = { stock = 8, snug = 8 } }";
        assert!(wrong(&format!("{ONE}{smaller}\n")).contains("not smaller"));
        assert!(wrong(&format!("{ONE}feature = []\n")).contains("feature"));
    }

    #[test]
    fn unpinned_crates_are_found() {
        let table = parse(ONE).unwrap();
        let locked = |version: &str, more: &str| {
            format!("[[package]]\nname = 'a'\nversion = '{version}'\n{more}")
        };
        let from = "source = 'registry'\n";
        let sum = "source = 'registry'\nchecksum = '0'\n";
        assert_eq!(check_locks(&table, &locked("1.0.0", ""), &locked("1.0.0", sum)), Ok(()));
        let wrong =
            |workspace: &str, sources: &str| check_locks(&table, workspace, sources).unwrap_err();
        assert!(wrong(&locked("1.0.1", ""), &locked("1.0.0", sum)).contains("no member"));
        assert!(wrong(&locked("1.0.0", sum), &locked("1.0.0", sum)).contains("no member"));
        assert!(wrong(&locked("1.0.0", ""), &locked("1.0.0", from)).contains("with a checksum"));
        let other = format!("{}{}", locked("1.0.0", ""), locked("2.0.0", from));
        assert!(wrong(&other, &locked("1.0.0", sum)).contains("no checksum of a"));
    }
}
