//! Cargo's configuration, as far as Snug must know it: aliases, what profiles inherit from, and settings
//! that get in Snug's way.
//!
//! `cargo config get` would tell it, but is unstable. So this mirrors what `GlobalContext` in cargo's
//! `src/cargo/util/context/mod.rs` does:
//!
//! 1. `--config KEY=VALUE` and `--config FILE`, the last one first;
//! 2. the environment (`CARGO_PROFILE_FAST_INHERITS`);
//! 3. `.cargo/config.toml` in the folder and all above it, the nearest first, then `$CARGO_HOME/config.toml`; each before
//!    the files that it includes.
//!
//! The first of them that has a value wins; arrays are joined. A file that cannot be read counts as empty: cargo
//! reads the same files, and says what is wrong with them.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use same_file::is_same_file;
use toml::{Table, Value};

/// The configuration.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    /// From the command line. The most urgent comes first.
    arguments: Vec<Source>,
    /// Files. The most urgent comes first.
    files: Vec<Source>,
}

/// A file, or a setting on the command line.
#[derive(Clone, Debug)]
struct Source {
    name: String,
    /// What relative paths are relative to.
    root: PathBuf,
    table: Table,
}

/// A value, and where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) value: String,
    /// A file, a variable or an option, for messages.
    pub(crate) from: String,
    /// What it is relative to, if it is a relative path.
    pub(crate) root: PathBuf,
}

impl Config {
    /// What cargo reads for a folder.
    pub(crate) fn of_folder(folder: &Path) -> Config {
        let mut files = Vec::new();
        let mut folders: Vec<PathBuf> = folder.ancestors().map(|it| it.join(".cargo")).collect();
        let is = |it: &Path, home: &Path| it == home || is_same_file(it, home).unwrap_or(false);
        folders.extend(home().filter(|home| !folders.iter().any(|it| is(it, home))));
        for folder in folders {
            let file = ["config", "config.toml"].map(|name| folder.join(name));
            if let Some(file) = file.into_iter().find(|file| file.exists()) {
                add_file(&mut files, &file, &mut Vec::new());
            }
        }
        Config { arguments: Vec::new(), files }
    }

    /// The same with the values of `--config`.
    pub(crate) fn with_arguments<'a>(
        self,
        values: impl DoubleEndedIterator<Item = &'a OsStr>,
    ) -> Config {
        let mut arguments = Vec::new();
        for value in values.rev() {
            if Path::new(value).exists() {
                add_file(&mut arguments, Path::new(value), &mut Vec::new());
            } else if let Some(table) = value.to_str().and_then(|text| text.parse::<Table>().ok()) {
                let source = Source { name: "--config".to_owned(), root: PathBuf::new(), table };
                arguments.extend(with_includes(source, Path::new(""), &mut Vec::new()));
            }
        }
        Config { arguments, ..self }
    }

    /// What an alias stands for.
    pub(crate) fn alias(&self, name: &str) -> Option<Vec<String>> {
        let key = ["alias", name];
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let lists: Vec<&Vec<Value>> = self.values(&key).filter_map(|it| it.1.as_array()).collect();
        if lists.is_empty() {
            return self.string(&key).map(|setting| words(&setting.value));
        }
        let strings = lists.iter().rev().flat_map(|list| list.iter().filter_map(Value::as_str));
        let more = variable(&key).map(|setting| words(&setting.value));
        Some(strings.map(str::to_owned).chain(more.unwrap_or_default()).collect())
    }

    /// A setting that is a string or an array of strings: all of them, the most urgent last.
    pub(crate) fn list(&self, key: &[&str]) -> Vec<String> {
        let arrays: Vec<_> = self.values(key).filter_map(|(_, value)| value.as_array()).collect();
        if arrays.is_empty() || variable(key).is_some() {
            return self.string(key).map(|setting| setting.value).into_iter().collect();
        }
        let strings = arrays.into_iter().rev().flatten().filter_map(Value::as_str);
        strings.map(str::to_owned).collect()
    }

    /// Where a setting is.
    pub(crate) fn places(&self, key: &[&str]) -> Vec<&str> {
        self.values(key).map(|(source, _)| source.name.as_str()).collect()
    }

    /// The names of the settings below one, in order.
    pub(crate) fn keys(&self, key: &[&str]) -> BTreeSet<String> {
        let tables = self.values(key).filter_map(|(_, value)| value.as_table());
        tables.flat_map(Table::keys).cloned().collect()
    }

    /// Whether there is a setting, or one below it.
    pub(crate) fn has(&self, key: &[&str]) -> bool {
        self.values(key).next().is_some() || variable(key).is_some()
    }

    /// A setting that is a string, or a truth value by its name.
    pub(crate) fn string(&self, key: &[&str]) -> Option<Setting> {
        let find = |sources: &[Source]| {
            let (source, value) = values(sources, key).next()?;
            let value = word(value)?;
            Some(Setting { value, from: source.name.clone(), root: source.root.clone() })
        };
        find(&self.arguments).or_else(|| variable(key)).or_else(|| find(&self.files))
    }

    /// All strings below a key, also those in arrays and tables, each with where it was found.
    pub(crate) fn strings_below(&self, key: &[&str]) -> Vec<(&str, &str)> {
        let mut found = Vec::new();
        for (source, value) in self.values(key) {
            add_strings(value, &source.name, &mut found);
        }
        found
    }

    fn values(&self, key: &[&str]) -> impl Iterator<Item = (&Source, &Value)> {
        values(&self.arguments, key).chain(values(&self.files, key))
    }
}

/// What sources have for a key, the most urgent first.
fn values<'a>(
    sources: &'a [Source],
    key: &[&str],
) -> impl Iterator<Item = (&'a Source, &'a Value)> {
    let found = sources.iter().map(|source| {
        let (first, others) = key.split_first()?;
        let first = source.table.get(*first)?;
        let value = others.iter().try_fold(first, |value, part| value.get(*part))?;
        Some((source, value))
    });
    found.flatten().collect::<Vec<_>>().into_iter()
}

/// A string, or a truth value by its name: `lto = "thin"`, `lto = true`.
pub(crate) fn word(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| Some(value.as_bool()?.to_string()))
}

fn add_strings<'a>(value: &'a Value, from: &'a str, found: &mut Vec<(&'a str, &'a str)>) {
    match value {
        Value::String(text) => found.push((text, from)),
        Value::Array(values) => values.iter().for_each(|value| add_strings(value, from, found)),
        Value::Table(table) => table.values().for_each(|value| add_strings(value, from, found)),
        _ => {}
    }
}

/// What the environment has for a key.
fn variable(key: &[&str]) -> Option<Setting> {
    let name = format!("CARGO_{}", key.join("_").replace('-', "_").to_uppercase());
    let value = std::env::var(&name).ok()?;
    Some(Setting { value, from: name, root: PathBuf::new() })
}

/// Adds a file, then those that it includes. A file that includes itself is cargo's to complain about.
fn add_file(sources: &mut Vec<Source>, file: &Path, including: &mut Vec<PathBuf>) {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let Ok(table) = text.parse::<Table>() else { return };
    if including.iter().any(|other| other == file) {
        return;
    }
    including.push(file.to_owned());
    let folder = file.parent().unwrap_or(Path::new(""));
    let root = folder.parent().unwrap_or(Path::new("")).to_owned();
    let source = Source { name: file.display().to_string(), root, table };
    sources.extend(with_includes(source, folder, including));
    including.pop();
}

/// A source and those that it includes: they are less urgent than itself, the last of them the most.
fn with_includes(source: Source, folder: &Path, including: &mut Vec<PathBuf>) -> Vec<Source> {
    let list = source.table.get("include").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut sources = vec![source];
    for include in list.iter().rev() {
        let path = include.as_str().or_else(|| include.get("path")?.as_str());
        if let Some(path) = path {
            add_file(&mut sources, &folder.join(path), including);
        }
    }
    sources
}

/// `$CARGO_HOME`.
pub(crate) fn home() -> Option<PathBuf> {
    match std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty()) {
        Some(home) => std::path::absolute(home).ok(),
        None => Some(std::env::home_dir()?.join(".cargo")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inherits(config: &Config, profile: &str) -> Option<String> {
        Some(config.string(&["profile", profile, "inherits"])?.value)
    }

    fn config(files: &[(&str, &str)]) -> (tempfile::TempDir, Config) {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let config = Config::of_folder(&folder.path().join("a/b"));
        (folder, config)
    }

    #[test]
    fn the_nearest_file_wins() {
        let far = "[profile.x]\ninherits = \"far\"\n[profile.y]\ninherits = \"far\"\n";
        let near = "[profile.x]\ninherits = \"near\"\n";
        let (folder, config) = config(&[
            (".cargo/config.toml", far),
            ("a/b/.cargo/config", near),
            ("a/b/.cargo/config.toml", far),
        ]);
        assert_eq!(inherits(&config, "x").as_deref(), Some("near"));
        assert_eq!(inherits(&config, "y").as_deref(), Some("far"));
        assert_eq!(inherits(&config, "z"), None);
        let setting = config.string(&["profile", "y", "inherits"]).unwrap();
        assert_eq!(setting.root, folder.path());
        assert!(setting.from.ends_with(".cargo/config.toml"));
    }

    #[test]
    fn arguments_win_the_last_of_them_first() {
        let (folder, config) = config(&[
            (".cargo/config.toml", "profile.x.inherits = \"file\""),
            ("more.toml", "profile.x.inherits = \"more\"\nprofile.y.inherits = \"more\""),
        ]);
        let more = folder.path().join("more.toml");
        let with = |arguments: &[&str]| {
            inherits(&config.clone().with_arguments(arguments.iter().map(OsStr::new)), "x")
        };
        let more = more.to_str().unwrap();
        assert_eq!(with(&[]).as_deref(), Some("file"));
        assert_eq!(with(&["profile.x.inherits='one'", "a=1"]).as_deref(), Some("one"));
        assert_eq!(with(&["profile.x.inherits='one'", more]).as_deref(), Some("more"));
        assert_eq!(with(&[more, "profile.x.inherits='one'"]).as_deref(), Some("one"));
    }

    #[test]
    fn aliases_are_strings_or_arrays() {
        let (_folder, config) = config(&[
            ("a/b/.cargo/config.toml", "[alias]\ns = \" build  -r \"\na = [\"test\", \"a b\"]\n"),
            (".cargo/config.toml", "[alias]\ns = \"check\"\nl = [\"run\"]\n"),
        ]);
        assert_eq!(config.alias("s").unwrap(), ["build", "-r"]);
        assert_eq!(config.alias("a").unwrap(), ["test", "a b"]);
        assert_eq!(config.alias("l").unwrap(), ["run"]);
        assert_eq!(config.alias("x"), None);
    }

    #[test]
    fn files_include_others() {
        let including = "include = [\"one.toml\", { path = \"two.toml\", optional = true }]\n\
                         profile.a.inherits = \"self\"";
        let one = "profile = { a.inherits = \"1\", b.inherits = \"1\", c.inherits = \"1\" }";
        let two = "include = [\"config.toml\"]\n\
                   profile = { a.inherits = \"2\", b.inherits = \"2\" }";
        let (_folder, config) = config(&[
            ("a/.cargo/config.toml", including),
            ("a/.cargo/one.toml", one),
            ("a/.cargo/two.toml", two),
            (".cargo/config.toml", "not toml"),
        ]);
        assert_eq!(inherits(&config, "a").as_deref(), Some("self"));
        assert_eq!(inherits(&config, "b").as_deref(), Some("2"));
        assert_eq!(inherits(&config, "c").as_deref(), Some("1"));
    }

    #[test]
    fn strings_are_found_wherever_they_are() {
        let text = "[target.x]\nrustflags = [\"-Zcodegen-backend=a\"]\nlinker = \"cc\"\n";
        let (_folder, config) = config(&[(".cargo/config.toml", text)]);
        let found: Vec<&str> =
            config.strings_below(&["target"]).into_iter().map(|found| found.0).collect();
        assert_eq!(found, ["cc", "-Zcodegen-backend=a"]);
        assert!(config.strings_below(&["build", "rustflags"]).is_empty());
    }
}
