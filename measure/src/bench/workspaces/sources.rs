//! Gets the packages through cargo, however it is set up, and puts them side by side.
//!
//! ```text
//! build/workspaces/hickory-dns/hickory-dns-0.26.3      the package that is built, with its own Cargo.lock
//! build/workspaces/hickory-dns/hickory-proto-0.26.3    a package of the same project ...
//! build/workspaces/hickory-dns/.cargo/config.toml      ... which takes the place of the registry's
//! build/workspaces/hickory-dns/trials                  where the finished programs are tried out
//! ```
//!
//! `cargo info` downloads a package without asking for all that it depends on, in versions that nobody
//! needs. Then the package's own `Cargo.lock` says what is fetched.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::packages::{INPUTS, Published, Workspace};
use y::cache::{hex, remove};
use y::cargo::{Run, clean_command};
use y::prepare::Prepared;
use y::ui::Progress;

/// Makes the workspace's folder anew, and downloads what it needs.
pub(super) fn make(
    prepared: &Prepared,
    workspace: &Workspace,
    folder: &Path,
    progress: &Progress,
) -> Result<()> {
    remove(folder)?;
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for package in workspace.members.iter().chain([&workspace.root]) {
        unpack(&download(prepared, package, folder, progress)?, folder)?;
    }
    let root = folder.join(workspace.root.full_name());
    if !workspace.members.is_empty() {
        fs::create_dir_all(folder.join(".cargo"))?;
        write(&folder.join(".cargo/config.toml"), &replacements(workspace.members))?;
        let lock = root.join("Cargo.lock");
        let text = fs::read_to_string(&lock)
            .with_context(|| format!("{} cannot be read", lock.display()))?;
        write(&lock, &with_local(&text, workspace.members)?)?;
    }
    fs::create_dir_all(folder.join("trials"))?;
    for (name, text) in INPUTS {
        write(&folder.join("trials").join(name), text)?;
    }
    fetch(prepared, &root, progress)
}

/// The file of a package, which cargo downloads if it is not there.
fn download(
    prepared: &Prepared,
    package: &Published,
    folder: &Path,
    progress: &Progress,
) -> Result<PathBuf> {
    if let Some(file) = downloaded(package)? {
        return Ok(file);
    }
    let mut command = clean_command(&prepared.toolchain.cargo);
    command.arg("info").arg(format!("{}@{}", package.name, package.version)).current_dir(folder);
    let purpose = format!("download {}", package.full_name());
    Run { purpose: &purpose, command, log: folder.join("download.log") }.with(progress)?;
    downloaded(package)?.with_context(|| {
        format!(
            "`cargo info` has put no {}.crate with the checksum {} into {}.",
            package.full_name(),
            package.sha256,
            cargo_home().join("registry/cache").display()
        )
    })
}

/// The file of a package, if cargo has it, and if it is the right one.
fn downloaded(package: &Published) -> Result<Option<PathBuf>> {
    let Ok(registries) = fs::read_dir(cargo_home().join("registry/cache")) else {
        return Ok(None);
    };
    for registry in registries {
        let file = registry?.path().join(package.full_name() + ".crate");
        if fs::read(&file).is_ok_and(|content| hex(&Sha256::digest(content)) == package.sha256) {
            return Ok(Some(file));
        }
    }
    Ok(None)
}

fn cargo_home() -> PathBuf {
    let named = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    named.unwrap_or_else(|| std::env::home_dir().unwrap_or_default().join(".cargo"))
}

fn unpack(file: &Path, folder: &Path) -> Result<()> {
    let status = Command::new("tar").arg("-xzf").arg(file).arg("-C").arg(folder).status();
    if !status.context("`tar` could not be started")?.success() {
        bail!("{} could not be unpacked: see above", file.display());
    }
    Ok(())
}

/// Downloads what the package's `Cargo.lock` lists, as far as this machine needs it.
fn fetch(prepared: &Prepared, root: &Path, progress: &Progress) -> Result<()> {
    let mut command = clean_command(&prepared.toolchain.cargo);
    command.args(["fetch", "--locked", "--target", &prepared.toolchain.host]).current_dir(root);
    Run { purpose: "download the dependencies", command, log: root.join("fetch.log") }
        .with(progress)
}

/// Cargo's configuration that takes packages from folders.
fn replacements(members: &[Published]) -> String {
    let lines = members
        .iter()
        .map(|package| format!("{} = {{ path = \"{}\" }}\n", package.name, package.full_name()));
    format!("[patch.crates-io]\n{}", lines.collect::<String>())
}

/// A `Cargo.lock` in which packages come from folders: these have no source and no checksum.
fn with_local(lock: &str, members: &[Published]) -> Result<String> {
    let mut parts: Vec<String> = lock.split("\n\n").map(str::to_owned).collect();
    for package in members {
        let head = format!(
            "[[package]]\nname = \"{}\"\nversion = \"{}\"\n",
            package.name, package.version
        );
        let part = parts.iter_mut().find(|part| part.starts_with(&head)).with_context(|| {
            format!("The Cargo.lock has no {} {}.", package.name, package.version)
        })?;
        let is_kept =
            |line: &&str| !line.starts_with("source = ") && !line.starts_with("checksum = ");
        *part = part.lines().filter(is_kept).collect::<Vec<_>>().join("\n");
    }
    Ok(parts.join("\n\n"))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMBERS: [Published; 1] = [Published { name: "b", version: "1.0.0", sha256: "" }];

    #[test]
    fn a_package_from_a_folder_has_no_source_in_the_lock() {
        let part = |name: &str, version: &str, source: &str| {
            let head = format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
            format!("{head}{source}dependencies = [\n \"c\",\n]\n\n")
        };
        let source = "source = \"registry\"\nchecksum = \"12\"\n";
        let before = part("b", "0.9.0", source) + &part("b", "1.0.0", source);
        let after = part("b", "0.9.0", source) + &part("b", "1.0.0", "");
        assert_eq!(with_local(&before, &MEMBERS).unwrap(), after);
        assert!(with_local(&part("b", "0.9.0", source), &MEMBERS).is_err());
        assert_eq!(replacements(&MEMBERS), "[patch.crates-io]\nb = { path = \"b-1.0.0\" }\n");
    }
}
