//! Sources from a folder that the user named, into which the tarball was unpacked.
//!
//! They are copied, because cargo edits what it compiles, and the user's folder is not ours. A
//! folder has no checksum; the commit hash in it is checked, and the proof in `rustc_dev` would
//! notice other sources.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use walkdir::{DirEntry, WalkDir};

use super::unpack::{finish, is_wanted};
use crate::cache::Key;
use crate::config::Pins;

/// Adds to `key` what changes when a file in the folder does: names, sizes and times.
pub fn key(folder: &Path, mut key: Key) -> Result<Key> {
    key = key.with(folder.as_os_str().as_encoded_bytes());
    for entry in wanted_files(folder) {
        let entry = entry?;
        let data = entry.metadata()?;
        key = key.with(entry.path().as_os_str().as_encoded_bytes()).with(data.len().to_le_bytes());
        key = key.with(data.mtime().to_le_bytes()).with(data.mtime_nsec().to_le_bytes());
    }
    Ok(key)
}

/// Copies what Snug uses.
pub fn copy(folder: &Path, pins: &Pins, to: &Path) -> Result<()> {
    for entry in wanted_files(folder) {
        let entry = entry?;
        let target = to.join(entry.path().strip_prefix(folder)?);
        fs::create_dir_all(target.parent().context("a file lies in a folder")?)?;
        if entry.file_type().is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path())?, &target)?;
        } else {
            fs::copy(entry.path(), &target)
                .with_context(|| format!("{} cannot be copied", entry.path().display()))?;
        }
    }
    if !to.exists() {
        bail!("the folder is empty");
    }
    finish(to, pins)
}

/// The files (and links) that Snug uses. Folders that hold none are not entered.
fn wanted_files(folder: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    let skipped =
        |entry: &DirEntry| entry.depth() == 1 && entry.file_type().is_dir() && !is_used(entry);
    let files = WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(move |entry| !skipped(entry));
    let folder = folder.to_path_buf();
    files.filter(move |entry| match entry {
        Ok(entry) => {
            !entry.file_type().is_dir() && entry.path().strip_prefix(&folder).is_ok_and(is_wanted)
        }
        Err(_) => true,
    })
}

fn is_used(folder: &DirEntry) -> bool {
    ["compiler", "library", "src", "tests"].iter().any(|used| folder.file_name() == *used)
}
