//! What is known of each version of rustc that Snug works with: the folders in `versions/`.
//!
//! ```text
//! versions/1.96.0/version.toml   the compilers of that version that Snug accepts, and how to reconstruct rustc-dev
//! versions/1.96.0/patches/       patches of cg_clif that differ; each takes the place of the one with its name
//! versions/1.96.0/layouts/       layouts of coroutines that only this version has (tests/src/snapshot.rs)
//! versions/1.96.0/Cargo.lock     the backend's lock file, if cg_clif needs other crates
//! ```
//!
//! Nothing else in the build tool names a version. The default version is that of `rust-toolchain.toml`, which rustup
//! reads as well.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// A version of rustc.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// The number, such as `1.95.0`.
    pub release: String,
    /// The commit that `rustc -vV` prints.
    pub commit: String,
    /// The builds of it that Snug accepts.
    #[serde(rename = "compiler")]
    pub compilers: Vec<Compiler>,
    /// Its folder in `versions/`.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// One build of a version of rustc.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compiler {
    /// Who has built it.
    pub name: String,
    /// What `rustc -V` prints after `rustc `.
    pub prints: String,
    /// What to do to have it.
    pub get: String,
    /// Where its sources are.
    pub sources: Sources,
    /// The packages that it can be unpacked from.
    pub packages: Option<Packages>,
    /// How `rustc-dev` is reconstructed; without it, the component must be installed.
    pub recipe: Option<Recipe>,
}

/// Where a compiler's sources are.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sources {
    /// A tarball.
    Tarball(Tarball),
    /// A folder of the toolchain, relative to its root.
    InSysroot(PathBuf),
}

/// A tarball with sources.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tarball {
    /// Its name.
    pub file: String,
    /// Where the package archive keeps it, relative to the archive's address.
    pub archive_path: String,
    /// SHA-256, in lower-case hex.
    pub sha256: String,
}

/// Debian's packages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packages {
    /// The archive's suite.
    pub suite: String,
    /// The compiler and its sources, as apt-get takes them: `NAME` or `NAME=VERSION`.
    pub compiler: Vec<String>,
    /// Libraries that these need and a machine may lack.
    pub libraries: Vec<String>,
}

/// The inputs of the build that the crate ids depend on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Of `rustc-main`: an input of `-Cmetadata`.
    pub features: String,
    /// The flags that the front end sees.
    pub flags: Vec<String>,
    /// The profile, which is an input of `-Cmetadata`, and what crates read with `env!`.
    pub environment: BTreeMap<String, String>,
    /// Patches of crates of the registry, with a file `series`; relative to the compiler's root.
    pub patched_crates: Option<PathBuf>,
    /// Ends of symbols that only the official driver has: a reconstruction compiles no LLVM.
    #[serde(default)]
    pub only_official: Vec<String>,
    /// Ends of symbols that only the reconstruction lists.
    #[serde(default)]
    pub only_reconstructed: Vec<String>,
}

/// All of them, from the oldest to the newest.
#[derive(Clone, Debug, Default)]
pub struct Versions(pub Vec<Version>);

impl Versions {
    /// Reads `versions/`.
    pub fn read(root: &Path) -> Result<Versions> {
        let folder = root.join("versions");
        let mut versions = Vec::new();
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("{} cannot be read", folder.display()))?;
        for entry in entries {
            let folder = entry?.path();
            if !folder.is_dir() {
                continue;
            }
            let file = folder.join("version.toml");
            let text = fs::read_to_string(&file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            let version: Version =
                toml::from_str(&text).with_context(|| format!("{} is wrong", file.display()))?;
            versions.push(Version { folder, ..version });
        }
        versions.sort_by_key(|version| numbers(&version.release));
        Ok(Versions(versions))
    }

    /// The version that `rust-toolchain.toml` names.
    pub fn default_version(&self, root: &Path) -> Result<&Version> {
        let file = root.join("rust-toolchain.toml");
        let text = fs::read_to_string(&file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        let table: toml::Table =
            toml::from_str(&text).with_context(|| format!("{} is wrong", file.display()))?;
        let channel = table.get("toolchain").and_then(|it| it.get("channel")?.as_str());
        let channel = channel.with_context(|| format!("{} names no channel", file.display()))?;
        match self.0.iter().find(|version| version.release == channel) {
            Some(version) => Ok(version),
            None => bail!("{} names {channel}, which has no folder in versions/", file.display()),
        }
    }

    /// The compiler that prints this.
    pub fn of(&self, prints: &str, commit: &str) -> Option<(&Version, &Compiler)> {
        let mut versions = self.0.iter().filter(|version| version.commit == commit);
        versions.find_map(|version| {
            Some((version, version.compilers.iter().find(|it| it.prints == prints)?))
        })
    }

    /// The version whose name begins so, at the end of a number: `1.96` is `1.96.0`.
    pub fn named(&self, name: &str) -> Option<&Version> {
        self.0.iter().rev().find(|version| {
            let rest = version.release.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// What is known of the newest version that is not newer than this, else of the oldest: of its builds, the one that
    /// ends its version in the same way.
    pub fn nearest(&self, release: &str, prints: &str) -> Option<(&Version, &Compiler)> {
        let not_newer =
            self.0.iter().rfind(|version| numbers(&version.release) <= numbers(release));
        let version = not_newer.or(self.0.first())?;
        let alike = version.compilers.iter().find(|it| ending(&it.prints) == ending(prints));
        Some((version, alike.or(version.compilers.first())?))
    }

    /// What is set (`--cfg`) for a version: `rustc_1_96` says that it is 1.96 or later.
    pub fn cfgs(&self, release: &str) -> Vec<String> {
        let minors = self.0.iter().map(|version| numbers(&version.release)[..2].to_vec());
        let own = numbers(release);
        let later = minors.skip(1).filter(|numbers| **numbers <= own[..2]);
        later.map(|numbers| format!("rustc_{}_{}", numbers[0], numbers[1])).collect()
    }

    /// One line for each compiler: what it is, and how to have it.
    pub fn list(&self) -> String {
        let compilers = self.0.iter().flat_map(|version| &version.compilers);
        compilers.map(|it| format!("\n  rustc {}: {}", it.prints, it.get)).collect()
    }
}

/// `1.96.0-nightly` is [1, 96, 0].
fn numbers(release: &str) -> [u32; 3] {
    let mut parts = release.split(['.', '-']).map(|part| part.parse().unwrap_or(0));
    [(); 3].map(|()| parts.next().unwrap_or(0))
}

/// What stands behind the commit and the date.
fn ending(prints: &str) -> &str {
    prints.split_once(')').map_or("", |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(release: &str, endings: &[&str]) -> Version {
        let compiler = |ending: &&str| Compiler {
            name: "test".into(),
            prints: format!("{release} (commit){ending}"),
            get: "look".into(),
            sources: Sources::InSysroot("src".into()),
            packages: None,
            recipe: None,
        };
        Version {
            release: release.into(),
            commit: format!("commit of {release}"),
            compilers: endings.iter().map(compiler).collect(),
            folder: PathBuf::new(),
        }
    }

    fn known() -> Versions {
        Versions(vec![version("1.9.0", &[""]), version("1.10.1", &["", " (Debian)"])])
    }

    #[test]
    fn those_of_this_repository_are_read_and_one_is_the_default() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let versions = Versions::read(&root).unwrap();
        let default = versions.default_version(&root).unwrap();
        assert!(versions.cfgs(&versions.0[0].release).is_empty());
        for version in &versions.0 {
            assert!(version.folder.ends_with(&version.release));
            for compiler in &version.compilers {
                assert!(compiler.prints.starts_with(&version.release));
                assert!(compiler.prints.contains(&version.commit[..9]));
            }
        }
        assert!(default.compilers[0].recipe.is_some());
    }

    #[test]
    fn a_version_is_named_by_its_first_numbers() {
        let known = known();
        let named = |name| known.named(name).map(|version| version.release.as_str());
        assert_eq!(named("1.10"), Some("1.10.1"));
        assert_eq!(named("1.10.1"), Some("1.10.1"));
        assert_eq!(named("1.1"), None);
        assert_eq!(named("stable"), None);
    }

    #[test]
    fn a_compiler_is_known_by_commit_and_print() {
        let known = known();
        assert!(known.of("1.10.1 (commit) (Debian)", "commit of 1.10.1").is_some());
        assert!(known.of("1.10.1 (commit) (Fedora)", "commit of 1.10.1").is_none());
        assert!(known.of("1.10.1 (commit)", "commit of 1.9.0").is_none());
    }

    #[test]
    fn the_nearest_is_not_newer_and_built_alike() {
        let known = known();
        let nearest = |release, prints| known.nearest(release, prints).unwrap().1.prints.clone();
        assert_eq!(nearest("1.11.0", "1.11.0 (other) (Debian)"), "1.10.1 (commit) (Debian)");
        assert_eq!(nearest("1.10.0", "1.10.0 (other)"), "1.9.0 (commit)");
        assert_eq!(nearest("1.2.0", "1.2.0"), "1.9.0 (commit)");
        assert_eq!(nearest("1.11.0", "1.11.0 (other) (Fedora)"), "1.10.1 (commit)");
    }

    #[test]
    fn cfgs_are_of_this_version_or_an_older_one() {
        let known = known();
        assert_eq!(known.cfgs("1.9.0"), [""; 0]);
        assert_eq!(known.cfgs("1.10.0"), ["rustc_1_10"]);
        assert_eq!(known.cfgs("1.11.0"), ["rustc_1_10"]);
    }
}
