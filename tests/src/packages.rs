//! What the tables of crates and of programs have in common: how they are read, what pins a package, and what a long run
//! leaves for whoever watches it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Result;

/// Names, each with the reason why it is in the list.
pub type Reasons = BTreeMap<String, String>;

/// A package in a table.
pub trait Entry: DeserializeOwned {
    /// What the table calls each of them.
    const KEY: &str;

    /// Its name: there is one package of each.
    fn name(&self) -> &str;

    /// Whether what the table says of it makes sense.
    ///
    /// # Errors
    ///
    /// A sentence says what does not.
    fn check(&self) -> Result<()>;
}

/// Reads a table.
///
/// # Errors
///
/// The file cannot be read, or says something that makes no sense.
pub fn read<T: Entry>(path: &Path) -> Result<Vec<T>> {
    let text = text_of(path)?;
    parse(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The text of a file.
///
/// # Errors
///
/// The file cannot be read.
pub fn text_of(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Reads the text of a table.
///
/// # Errors
///
/// It says something that makes no sense.
pub fn parse<T: Entry>(text: &str) -> Result<Vec<T>> {
    let mut file: BTreeMap<String, Vec<T>> =
        toml::from_str(text).map_err(|error| error.to_string())?;
    let entries = file.remove(T::KEY).unwrap_or_default();
    if let Some(key) = file.keys().next() {
        return Err(format!("`{key}` is not known: each entry is a `{}`", T::KEY));
    }
    let mut names = BTreeSet::new();
    for entry in &entries {
        if !names.insert(entry.name()) {
            return Err(format!("`{}` is there twice", entry.name()));
        }
        entry.check().map_err(|error| format!("`{}`: {error}", entry.name()))?;
    }
    Ok(entries)
}

/// What a lock file says, as far as it pins something.
#[derive(Deserialize)]
pub struct Lock {
    #[serde(default)]
    package: Vec<Locked>,
}

/// A package in a lock file.
#[derive(Deserialize)]
pub struct Locked {
    /// Its name.
    pub name: String,
    version: String,
    /// Where it comes from; `None` for members of the workspace: that is what tells them.
    pub source: Option<String>,
    /// Of the file that Cargo downloads.
    pub checksum: Option<String>,
}

impl Lock {
    /// Reads the text of a lock file.
    ///
    /// # Errors
    ///
    /// It is none.
    pub fn parse(text: &str) -> Result<Lock> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// The packages of a name and version: perhaps from several places.
    pub fn all(&self, name: &str, version: &str) -> impl Iterator<Item = &Locked> {
        self.package.iter().filter(move |it| it.name == name && it.version == version)
    }

    /// A package from elsewhere that nothing pins.
    pub fn unpinned(&self) -> Option<&Locked> {
        self.package.iter().find(|it| it.source.is_some() && it.checksum.is_none())
    }
}

/// Keeps what went wrong in a file of its own, until the test passes: a run takes hours, and whoever watches it can read it
/// immediately.
///
/// # Errors
///
/// The file cannot be written.
pub fn keep(root: &Path, test: &str, verdict: &Result<()>) -> Result<()> {
    let folder = root.join("failed");
    let path = folder.join(format!("{}.txt", test.replace(": ", " ")));
    let kept = std::fs::create_dir_all(&folder).and_then(|()| match verdict {
        Err(text) => std::fs::write(&path, text),
        Ok(()) if path.exists() => std::fs::remove_file(&path),
        Ok(()) => Ok(()),
    });
    kept.map_err(|error| format!("{}: {error}", path.display()))
}

/// Shows all counts so far, in `results.md`.
///
/// # Errors
///
/// The file cannot be written.
pub fn show_results(root: &Path, tables: &str) -> Result<()> {
    let path = root.join("results.md");
    std::fs::write(&path, tables).map_err(|error| format!("{}: {error}", path.display()))
}
