//! What files of the two sides take on disk.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The same thing on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sizes {
    /// What it is.
    pub(super) title: String,
    /// Bytes: without markers, and with them.
    pub(super) bytes: [u64; 2],
    /// Whether all bytes are the same; only looked at for what is finished.
    pub(super) same: Option<bool>,
}

impl Sizes {
    /// With markers, compared to without.
    pub(super) fn ratio(&self) -> f64 {
        self.bytes[1] as f64 / self.bytes[0] as f64
    }

    /// The files in two folders that have an extension, added up.
    pub(super) fn of_all(title: &str, extension: &str, folders: [&Path; 2]) -> Result<Sizes> {
        let [(count, without), (_, with)] =
            [sum(folders[0], extension)?, sum(folders[1], extension)?];
        Ok(Sizes { title: format!("{count} {title}"), bytes: [without, with], same: None })
    }

    /// A finished file.
    pub(super) fn of_file(title: &str, files: [&Path; 2]) -> Result<Sizes> {
        let [without, with] = [read(files[0])?, read(files[1])?];
        let bytes = [without.len() as u64, with.len() as u64];
        Ok(Sizes { title: title.into(), bytes, same: Some(without == with) })
    }
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cargo made no {}", file.display()))
}

/// How many files, and how many bytes.
fn sum(folder: &Path, extension: &str) -> Result<(usize, u64)> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut total = (0, 0);
    for entry in entries {
        let entry = entry?;
        if entry.path().extension().is_some_and(|found| found == extension) {
            total = (total.0 + 1, total.1 + entry.metadata()?.len());
        }
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_files_up_and_compares_them() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        for (folder, text) in folders.iter().zip(["four", "three"]) {
            fs::write(folder.path().join("a.rlib"), text).unwrap();
            fs::write(folder.path().join("b.rlib"), "same").unwrap();
            fs::write(folder.path().join("c.rmeta"), "not counted").unwrap();
        }
        let paths = [folders[0].path(), folders[1].path()];
        let all = Sizes::of_all("rlibs", "rlib", paths).unwrap();
        let expected = Sizes { title: "2 rlibs".into(), bytes: [8, 9], same: None };
        assert_eq!((all.ratio(), all), (1.125, expected));
        let file = |name: &str| {
            let files = paths.map(|path| path.join(name));
            Sizes::of_file("", [&files[0], &files[1]]).unwrap().same
        };
        assert_eq!([file("a.rlib"), file("b.rlib")], [Some(false), Some(true)]);
    }
}
