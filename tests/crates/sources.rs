//! Gets the crates' sources through Cargo, however it is set up, and makes one workspace of them.
//!
//! ```text
//! build/crates/sources     a package that depends on exactly these versions; Cargo.lock is sources.lock
//! build/crates/members     their sources, copied from where Cargo unpacks them
//! build/crates/Cargo.toml  the workspace; every member replaces the crate of its name from the registry
//! build/crates/target      a folder per compiler and profile
//! ```
//!
//! As members, crates are tested with their development dependencies, and what several need is compiled once.
//! Both lock files are committed. `SNUG_BLESS=1` with `SNUG_LONG=1` lets Cargo add what they lack.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde::Deserialize;

use crate::Result;
use crate::cargo::Cargo;
use crate::command;
use crate::compare::blessing;
use crate::compiler::Compiler;
use crate::harness::Tools;
use crate::toolchain::package;

use super::table::{self, Crate};

/// What of a crate's folder would steer our Cargo, or is Cargo's own.
const LEFT_OUT: [&str; 5] =
    [".cargo", ".cargo-ok", "Cargo.lock", "rust-toolchain", "rust-toolchain.toml"];

/// The workspace.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
    /// Where Cargo has unpacked the sources, by [`Crate::spec`].
    unpacked: BTreeMap<String, PathBuf>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    manifest_path: PathBuf,
}

impl Workspace {
    /// Makes the workspace of all crates, or brings it up to date.
    pub fn make(tools: Tools, crates: &[Crate]) -> Result<Workspace> {
        let root = match std::env::var_os("SNUG_CRATES") {
            Some(folder) => PathBuf::from(folder),
            None => package().join("../build/crates"),
        };
        make_folder(&root)?;
        let root = root.canonicalize().map_err(|error| format!("{}: {error}", root.display()))?;
        let unpacked = fetch(tools, &root.join("sources"), crates)?;
        let workspace = Workspace { root, unpacked };
        for krate in crates {
            workspace.unpack(krate)?;
        }
        write(&workspace.root.join("Cargo.toml"), &manifest(crates))?;
        settle_lock(tools, &workspace.root, "Cargo.lock", FOR_US)?;
        Ok(workspace)
    }

    /// The folder with the workspace's manifest.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A crate's folder.
    pub fn member(&self, krate: &Crate) -> PathBuf {
        self.root.join(member(krate))
    }

    /// Copies a crate's sources into the workspace. Times stay, so Cargo compiles nothing twice.
    ///
    /// Tests may write into their crate's folder, so this is done again for each compiler.
    pub fn unpack(&self, krate: &Crate) -> Result<()> {
        let to = self.member(krate);
        let ours = table::folder().join(&krate.name);
        let from = match self.unpacked.get(&krate.spec()) {
            _ if krate.ours => &ours,
            Some(folder) => folder,
            None => return Err(format!("Cargo has not unpacked {}", krate.spec())),
        };
        let shell = |program: &str, arguments: &[&Path]| {
            command::run(Command::new(program).arg("-rf").args(arguments))?.expect_success(program)
        };
        shell("rm", &[&to])?;
        make_folder(to.parent().unwrap_or(&to))?;
        shell("cp", &[Path::new("-p"), from, &to])?;
        let left_out = LEFT_OUT.map(|name| to.join(name));
        shell("rm", &left_out.each_ref().map(PathBuf::as_path))?;
        for (copy, original) in &krate.copies {
            shell("cp", &[Path::new("-p"), &to.join(original), &to.join(copy)])?;
        }
        append(&to.join("Cargo.toml"), &added_to_manifest(krate))
    }
}

/// Where Cargo has unpacked the sources, by [`Crate::spec`].
fn fetch(tools: Tools, folder: &Path, crates: &[Crate]) -> Result<BTreeMap<String, PathBuf>> {
    make_folder(&folder.join("src"))?;
    write(&folder.join("src/lib.rs"), "")?;
    write(&folder.join("Cargo.toml"), &wanted(crates))?;
    settle_lock(tools, folder, "sources.lock", "")?;
    let cargo = Cargo::new(tools, folder, Compiler::Stock);
    let metadata = cargo.succeed("metadata --format-version 1 --locked")?.stdout;
    let metadata: Metadata =
        serde_json::from_str(&metadata).map_err(|error| format!("`cargo metadata`: {error}"))?;
    let packages = metadata.packages.into_iter().filter_map(|package| {
        let folder = package.manifest_path.parent()?.to_owned();
        Some((format!("{}@{}", package.name, package.version), folder))
    });
    Ok(packages.collect())
}

/// Puts the committed lock file into a folder, and downloads what it lists.
fn settle_lock(tools: Tools, folder: &Path, name: &str, options: &str) -> Result<()> {
    let (committed, here) = (table::folder().join(name), folder.join("Cargo.lock"));
    let copied = |from: &Path, to: &Path| {
        let copied = std::fs::copy(from, to);
        copied.map(drop).map_err(|error| format!("{}: {error}", from.display()))
    };
    if committed.exists() {
        copied(&committed, &here)?;
    }
    let locked = if blessing() { "" } else { "--locked" };
    let cargo = Cargo::new(tools, folder, Compiler::Stock).online().limit(DOWNLOAD);
    cargo.succeed(&format!("fetch {locked} {options}"))?;
    if blessing() { copied(&here, &committed) } else { Ok(()) }
}

/// Enough for hundreds of crates over a slow line.
const DOWNLOAD: Duration = Duration::from_secs(1800);
/// Nothing for other machines is downloaded.
const FOR_US: &str = "--target x86_64-unknown-linux-gnu";

/// Where a crate is in the workspace. Its version is in the name, so another one is another folder.
fn member(krate: &Crate) -> String {
    format!("members/{}-{}", krate.name, krate.version)
}

/// The package that makes Cargo unpack the sources.
fn wanted(crates: &[Crate]) -> String {
    let mut text = String::from(
        "[package]\nname = \"sources\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\n",
    );
    for krate in crates.iter().filter(|krate| !krate.ours) {
        let (name, version) = (&krate.name, &krate.version);
        // The other packages are fetched with the workspace.
        let _ = writeln!(text, "{name} = {{ version = \"={version}\", default-features = false }}");
    }
    text
}

/// The workspace's manifest.
fn manifest(crates: &[Crate]) -> String {
    let members: Vec<String> = crates.iter().map(|krate| format!("{:?}", member(krate))).collect();
    let mut text = format!(
        "[workspace]\nresolver = \"2\"\nmembers = [{}]\n\n[profile.dev]\ndebug = 0\n\
         incremental = false\n\n[patch.crates-io]\n",
        members.join(", ")
    );
    for krate in crates.iter().filter(|krate| !krate.ours) {
        let _ = writeln!(text, "{} = {{ path = {:?} }}", krate.name, member(krate));
    }
    text
}

/// The dependencies that packaging took out.
fn added_to_manifest(krate: &Crate) -> String {
    let added = krate.dev_dependencies.iter();
    let lines = added.map(|(name, dependency)| match dependency {
        toml::Value::Table(table) => format!("\n[dev-dependencies.{name}]\n{table}"),
        version => format!("\n[dev-dependencies.{name}]\nversion = {version}\n"),
    });
    lines.collect()
}

fn make_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Adds text to a file, whose time stays: Cargo need not know.
fn append(path: &Path, text: &str) -> Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    let add = || {
        let mut file = File::options().append(true).open(path)?;
        let time = file.metadata()?.modified()?;
        file.write_all(text.as_bytes())?;
        file.set_modified(time)
    };
    add().map_err(|error| format!("{}: {error}", path.display()))
}
