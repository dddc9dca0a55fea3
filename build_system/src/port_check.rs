//! `y port-check FROM TO`: what to read before a port to another version of rustc.
//!
//! A compiler error shows where an interface has changed. It does not show where rustc does something else than what
//! Snug mirrors, or where a wildcard arm swallows a new case. So this compares just the pieces that `versions/mirrors.toml`
//! names, and every use of `features()`, by which rustc says what depends on an unstable feature and, in the next
//! version, may not depend on it any more.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use similar::TextDiff;
use walkdir::WalkDir;

use crate::cache::Cache;
use crate::config::Config;
use crate::toolchain::Toolchain;
use crate::ui::Ui;
use crate::{sources, toolchains};

/// Options of `y port-check`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The version (or the folder with its sources) that Snug works with
    pub from: String,
    /// The version (or the folder with its sources) that it shall work with
    pub to: String,
}

#[derive(Debug, Deserialize)]
struct Mirrors {
    mirror: Vec<Mirror>,
}

impl Mirrors {
    fn read(root: &Path) -> Result<Mirrors> {
        let table = root.join(TABLE);
        let text = fs::read_to_string(&table)
            .with_context(|| format!("{} cannot be read", table.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is wrong", table.display()))
    }
}

/// A piece of rustc that Snug mirrors or relies on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mirror {
    /// Where in Snug.
    here: String,
    /// The file in rustc's sources.
    file: String,
    /// The first words of its items; none are the whole file.
    items: Vec<String>,
}

/// The table, in the clone.
const TABLE: &str = "versions/mirrors.toml";
/// Lines of context around a difference.
const CONTEXT: usize = 3;
/// What asks for an unstable feature.
const FEATURES: &str = "features()";

/// Prints what differs. It is no error that something does; it is one that an item is not where the table says.
pub fn run(config: &Config, ui: &Ui, options: &Options) -> Result<()> {
    let from = sources_of(config, ui, &options.from)?;
    let to = sources_of(config, ui, &options.to)?;
    let mirrors = Mirrors::read(&config.root)?;

    let mut same = 0;
    for Mirror { here, file, items } in &mirrors.mirror {
        let pieces = |sources: &Path| -> Result<Vec<String>> {
            let path = sources.join(file);
            let text = fs::read_to_string(&path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            Ok(if items.is_empty() {
                vec![text]
            } else {
                items.iter().map(|it| item(&text, it)).collect()
            })
        };
        let old = pieces(&from).with_context(|| format!("{TABLE} is wrong"))?;
        if let Some(missing) = old.iter().position(String::is_empty) {
            bail!("{TABLE}: {file} has no `{}` in {}", items[missing], options.from);
        }
        let Ok(new) = pieces(&to) else {
            println!("\n## {here}\n{file} is gone: see where its content is now");
            continue;
        };
        for (index, (old, new)) in old.iter().zip(&new).enumerate() {
            let name = items.get(index).map_or(String::new(), |item| format!("`{item}` in "));
            if new.is_empty() {
                println!("\n## {here}\n{name}{file} is gone: see where it is now");
            } else if old == new {
                same += 1;
            } else {
                println!("\n## {here}\n{name}{file}\n{}", difference(old, new));
            }
        }
    }
    let (old, new) = (uses_of_features(&from)?, uses_of_features(&to)?);
    println!("\n## Uses of {FEATURES}: gone (-) and new (+)");
    old.difference(&new).for_each(|line| println!("- {line}"));
    new.difference(&old).for_each(|line| println!("+ {line}"));
    println!("\n{same} pieces are the same.");
    Ok(())
}

/// A folder with sources, or the sources of a version, which may have to be got.
fn sources_of(config: &Config, ui: &Ui, name: &str) -> Result<PathBuf> {
    if Path::new(name).join("compiler").is_dir() {
        return Ok(name.into());
    }
    let mut config = config.clone();
    toolchains::choose(&mut config, ui, Some(name), false)?;
    let toolchain = Toolchain::find(&config)?;
    sources::prepare(&config, &Cache::open(&config.cache)?, ui, &toolchain)
}

fn difference(old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new).unified_diff().context_radius(CONTEXT).to_string()
}

/// The items that begin with these words, such as `fn main`, whole. rustfmt closes an item with a line that begins where
/// its first line begins.
fn item(text: &str, words: &str) -> String {
    let mut found = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if !begins(line, words) {
            continue;
        }
        found += &format!("{line}\n");
        let indentation = &line[..line.len() - line.trim_start().len()];
        let closes = |line: &str| {
            line.strip_prefix(indentation)
                .is_some_and(|rest| rest.starts_with(['}', ')']) && !rest.ends_with('{'))
        };
        let is_whole = line.ends_with(';') || line.ends_with('}');
        while !is_whole && let Some(line) = lines.next() {
            found += &format!("{line}\n");
            if closes(line) {
                break;
            }
        }
    }
    found
}

/// Whether a line begins an item with these words, after its visibility and the like.
fn begins(line: &str, words: &str) -> bool {
    let mut rest = line.trim_start();
    while let Some((first, after)) = rest.split_once(' ') {
        let is_before = first.starts_with("pub") || ["const", "unsafe", "async"].contains(&first);
        if rest.starts_with(words) || !is_before {
            break;
        }
        rest = after;
    }
    rest.strip_prefix(words)
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// All lines that ask for a feature, each with its file.
fn uses_of_features(sources: &Path) -> Result<BTreeSet<String>> {
    let mut uses = BTreeSet::new();
    for entry in WalkDir::new(sources.join("compiler")) {
        let path = entry?.into_path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        let name = path.strip_prefix(sources)?.display();
        let lines = text.lines().filter(|line| line.contains(FEATURES));
        uses.extend(lines.map(|line| format!("{name}: {}", line.trim())));
    }
    Ok(uses)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
pub fn main() -> ! {
    inner();
}

impl A {
    pub(crate) unsafe fn main_of<T>(
        a: u8,
    ) -> u8 {
        a
    }
    fn short(&self) {}
    const fn declared();
}
pub enum E {
    A { b: u8 },
}
";

    #[test]
    fn an_item_is_found_whole() {
        assert_eq!(item(TEXT, "fn main"), "pub fn main() -> ! {\n    inner();\n}\n");
        assert_eq!(
            item(TEXT, "fn main_of"),
            "    pub(crate) unsafe fn main_of<T>(\n        a: u8,\n    ) -> u8 {\n        a\n    }\n"
        );
        assert_eq!(item(TEXT, "fn short"), "    fn short(&self) {}\n");
        assert_eq!(item(TEXT, "fn declared"), "    const fn declared();\n");
        assert_eq!(item(TEXT, "enum E"), "pub enum E {\n    A { b: u8 },\n}\n");
        assert_eq!(item(TEXT, "fn mai"), "");
    }

    #[test]
    fn what_mirrors_a_piece_is_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mirrors = Mirrors::read(&root).unwrap();
        // What is not a path is said in words, as is what follows a path.
        let places = mirrors.mirror.iter().flat_map(|mirror| mirror.here.split(", "));
        let places = places.filter_map(|place| place.split(':').next());
        let places = places.filter(|place| !place.contains(' '));
        let gone: Vec<&str> = places.filter(|place| !root.join(place).exists()).collect();
        assert_eq!(gone, [""; 0]);
    }

    #[test]
    fn a_difference_has_its_surroundings() {
        let difference = difference("a\nb\nc\n", "a\nB\nc\n");
        assert!(difference.ends_with(" a\n-b\n+B\n c\n"), "{difference}");
    }
}
