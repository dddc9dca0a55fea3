//! `y install`, `y uninstall`: what `y build` made in dist/, where cargo finds it. (`y dist` packs it: see [`crate::dist`].)
//!
//! Nothing in dist/ knows where it lies, so installing is copying. What was installed is listed in
//! `lib/snug/INSTALLED`; installing again replaces it, and uninstalling removes just that.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::build;
use crate::cache::{copy_atomically, hex, link_atomically, remove};
use crate::config::Config;
use crate::ui::Ui;

/// Options of `y install` and `y uninstall`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Where bin/ and lib/ are [default: cargo's own folder, $CARGO_HOME or ~/.cargo]
    #[arg(long, value_name = "FOLDER")]
    pub prefix: Option<PathBuf>,
}

/// The list of what was installed, one path a line, relative to the prefix.
const LIST: &str = "lib/snug/INSTALLED";
/// The manual page, in the clone (a test keeps it up to date) and below the prefix.
const MANUAL: (&str, &str) = ("driver/cargo-snug.1", "share/man/man1/cargo-snug.1");
/// The sums of all files, in the format of `sha256sum`, which `cargo snug doctor` checks.
const SUMS: &str = "lib/snug/SHA256SUMS";

/// Puts into dist/ what is not compiled (the manual page), and writes the sums of all that is there.
pub fn complete(config: &Config) -> Result<()> {
    let dist = config.in_root("dist");
    build::install(&config.in_root(MANUAL.0), &dist.join(MANUAL.1))?;
    let mut text = String::new();
    for path in files(&dist)? {
        let file = dist.join(&path);
        if !file.is_symlink() && path != Path::new(SUMS) {
            // Relative to the list, where `sha256sum -c` works as well.
            let name = match path.strip_prefix("lib/snug") {
                Ok(name) => name.to_owned(),
                Err(_) => Path::new("../..").join(&path),
            };
            let content = fs::read(&file).with_context(|| unreadable(&file))?;
            text += &format!("{}  {}\n", hex(&Sha256::digest(content)), name.display());
        }
    }
    let list = dist.join(SUMS);
    if fs::read_to_string(&list).ok().as_deref() == Some(&text) {
        return Ok(());
    }
    fs::write(&list, text).with_context(|| unwritable(&list))
}

/// Copies dist/ to where cargo finds it.
pub fn install(config: &Config, ui: &Ui, options: &Options) -> Result<()> {
    let prefix = prefix(options)?;
    let dist = config.in_root("dist");
    let new = files(&dist)?;
    let old = installed(&prefix);
    let gone = compilers(&prefix, old.iter().filter(|path| !new.contains(path)));
    ui.step(&format!("install into {}", prefix.display()), |_| {
        // The list first: an interrupted installation can be removed, or finished.
        let all: Vec<_> = new.iter().chain(old.iter().filter(|path| !new.contains(path))).collect();
        write_list(&prefix, &all)?;
        for path in &new {
            copy(&dist.join(path), &prefix.join(path))?;
        }
        for path in old.iter().filter(|path| !new.contains(path)) {
            remove_with_empty_folders(&prefix, path)?;
        }
        write_list(&prefix, &new.iter().collect::<Vec<_>>())
    })?;
    for compiler in gone {
        let text = "is no longer installed: this clone has not built it (`./y.sh toolchains`, `./y.sh --toolchain NAME install`)";
        ui.note("note", &format!("Snug for rustc {compiler} {text}"));
    }
    let bin = prefix.join("bin");
    let on_path = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder == bin));
    if on_path {
        ui.note("ok", "try: cargo snug doctor");
    } else {
        ui.note("note", &format!("cargo finds it when PATH has {} in it", bin.display()));
    }
    Ok(())
}

/// The compilers that these installed files are for.
fn compilers<'a>(prefix: &Path, files: impl Iterator<Item = &'a PathBuf>) -> Vec<String> {
    let named = files.filter(|path| path.ends_with("COMPILER"));
    let texts = named.filter_map(|path| fs::read_to_string(prefix.join(path)).ok());
    texts.filter_map(|text| text.lines().nth(1).map(str::to_owned)).collect()
}

/// Removes what was installed.
pub fn uninstall(ui: &Ui, options: &Options) -> Result<()> {
    let prefix = prefix(options)?;
    let list = installed(&prefix);
    if list.is_empty() {
        bail!(
            "Nothing is installed in {}. If it was installed somewhere else, name that place with \
             --prefix.",
            prefix.display()
        );
    }
    ui.step(&format!("remove from {}", prefix.display()), |_| {
        list.iter().try_for_each(|path| remove_with_empty_folders(&prefix, path))?;
        remove_with_empty_folders(&prefix, Path::new(LIST))
    })
}

/// All files and links of a folder, relative to it, in order.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if !entry.file_type().is_dir() {
            found.push(entry.path().strip_prefix(folder)?.to_owned());
        }
    }
    Ok(found)
}

fn prefix(options: &Options) -> Result<PathBuf> {
    if let Some(prefix) = &options.prefix {
        return Ok(std::path::absolute(prefix)?);
    }
    if let Some(home) = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty()) {
        return Ok(PathBuf::from(home));
    }
    let home = std::env::home_dir().context("There is no home folder: use --prefix.")?;
    Ok(home.join(".cargo"))
}

/// What an earlier call has installed.
fn installed(prefix: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(prefix.join(LIST)).unwrap_or_default();
    text.lines().map(PathBuf::from).collect()
}

fn write_list(prefix: &Path, paths: &[&PathBuf]) -> Result<()> {
    let list = prefix.join(LIST);
    make_folder_of(&list)?;
    let text: String = paths.iter().map(|path| format!("{}\n", path.display())).collect();
    fs::write(&list, text).with_context(|| unwritable(&list))
}

/// Copies a file or a link.
fn copy(from: &Path, to: &Path) -> Result<()> {
    make_folder_of(to)?;
    match fs::read_link(from) {
        Ok(target) => link_atomically(&target, to),
        Err(_) => copy_atomically(from, to),
    }
}

fn make_folder_of(file: &Path) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(folder).with_context(|| {
        format!("{} cannot be made. Use --prefix to install somewhere else.", folder.display())
    })
}

fn remove_with_empty_folders(prefix: &Path, path: &Path) -> Result<()> {
    remove(&prefix.join(path))?;
    for folder in
        path.ancestors().skip(1).filter(|it| it.starts_with("lib/snug") || it.starts_with("share"))
    {
        // One that is not empty stays.
        let _ = fs::remove_dir(prefix.join(folder));
    }
    Ok(())
}

pub(crate) fn unreadable(path: &Path) -> String {
    format!("{} cannot be read", path.display())
}

pub(crate) fn unwritable(path: &Path) -> String {
    format!("{} cannot be written", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compilers_are_those_of_their_files() {
        let prefix = tempfile::tempdir().unwrap();
        let paths = ["lib/snug/0b/COMPILER", "lib/snug/0b/snug.so"].map(PathBuf::from);
        for path in &paths {
            make_folder_of(&prefix.path().join(path)).unwrap();
            fs::write(prefix.path().join(path), "0b\n1.96.0 (d 2026)\n").unwrap();
        }
        assert_eq!(compilers(prefix.path(), paths.iter()), ["1.96.0 (d 2026)"]);
        assert_eq!(compilers(prefix.path(), paths[1..].iter()), [""; 0]);
    }
}
