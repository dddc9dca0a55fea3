//! The proof that a reconstruction is right: its exported symbols are those of the official
//! librustc_driver.
//!
//! Symbols contain crate ids, types and signatures' disambiguators, so a crate that was
//! reconstructed with another feature, version or flag shows up as a symbol that the official
//! driver lacks. A reconstruction with any such symbol is refused.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::elf;
use crate::versions::Recipe;

/// How many symbols were compared.
#[derive(Debug, PartialEq, Eq)]
pub struct Proof {
    official: usize,
    common: usize,
    only_reconstructed: usize,
}

impl fmt::Display for Proof {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "exported symbols: {} of {} equal those of the official librustc_driver, none is \
             wrong, {} is LLVM's own",
            self.common,
            self.official,
            self.official - self.common
        )?;
        match self.only_reconstructed {
            0 => Ok(()),
            more => write!(out, ", {more} of an allocator's are listed beyond them"),
        }
    }
}

/// Compares the official driver's exported symbols with the list that rustc wanted exported, less what the recipe
/// says that either cannot have.
pub fn compare(driver: &Path, exports: &Path, recipe: &Recipe) -> Result<Proof> {
    let library =
        fs::read(driver).with_context(|| format!("{} cannot be read", driver.display()))?;
    let official = elf::exported_symbols(&library)
        .with_context(|| format!("{} cannot be understood", driver.display()))?;
    let script = fs::read_to_string(exports)
        .with_context(|| format!("{} cannot be read", exports.display()))?;
    judge(&official, &symbols_of(&script), recipe)
}

fn judge(
    official: &BTreeSet<String>,
    reconstructed: &BTreeSet<String>,
    recipe: &Recipe,
) -> Result<Proof> {
    let is_listed = |name: &str, list: &[String]| list.iter().any(|end| name.ends_with(end));
    let more = reconstructed.difference(official);
    let (listed, wrong): (Vec<&String>, Vec<&String>) =
        more.partition(|name| is_listed(name, &recipe.only_reconstructed));
    let missing = official.difference(reconstructed);
    let missing: Vec<&String> =
        missing.filter(|name| !is_listed(name, &recipe.only_official)).collect();
    if reconstructed.is_empty() || !wrong.is_empty() || !missing.is_empty() {
        bail!(
            "The reconstruction of rustc-dev does not match the installed rustc: {} of its {} \
             exported symbols are not in the official librustc_driver{}, and {} of the official \
             ones are missing{}.\nIt is not used. A cargo configuration that changes profiles, or \
             changed sources, can cause this: run `./y.sh clean --cache` and try again without \
             it, or install the component: rustup component add rustc-dev",
            wrong.len(),
            reconstructed.len(),
            example(&wrong),
            missing.len(),
            example(&missing),
        );
    }
    let common = reconstructed.len() - listed.len();
    Ok(Proof { official: official.len(), common, only_reconstructed: listed.len() })
}

fn example(names: &[&String]) -> String {
    names.first().map_or(String::new(), |name| format!(" (such as {name})"))
}

/// The symbols of a linker version script: one a line, each followed by a semicolon.
fn symbols_of(script: &str) -> BTreeSet<String> {
    let is_name = |name: &&str| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    script
        .lines()
        .filter_map(|line| line.trim().strip_suffix(';'))
        .filter(is_name)
        .map(str::to_string)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    fn recipe() -> Recipe {
        Recipe {
            only_official: vec!["targets".into()],
            only_reconstructed: vec!["__rdl_alloc".into()],
            ..Recipe::default()
        }
    }

    #[test]
    fn equal_but_for_what_is_listed_is_proven() {
        let official = set(&["a", "b", "_RNvC_10rustc_llvm28initialize_available_targets"]);
        let reconstructed = set(&["a", "b", "_R_11___rdl_alloc"]);
        assert_eq!(
            judge(&official, &reconstructed, &recipe()).unwrap(),
            Proof { official: 3, common: 2, only_reconstructed: 1 }
        );
        // Not the other way round, and without a list not at all.
        assert!(judge(&reconstructed, &official, &recipe()).is_err());
        assert!(judge(&official, &reconstructed, &Recipe::default()).is_err());
    }

    #[test]
    fn any_other_difference_is_refused() {
        let error = |official, reconstructed| {
            judge(&set(official), &set(reconstructed), &recipe()).unwrap_err().to_string()
        };
        assert!(error(&["a", "b"], &["a", "c"]).contains("such as c"));
        assert!(error(&["a", "b"], &["a"]).contains("such as b"));
        error(&[], &[]);
    }

    #[test]
    fn reads_a_version_script() {
        assert_eq!(
            symbols_of("{\n  global:\n    _Ra;\n    b$x;\n\n  local:\n    *;\n};\n"),
            set(&["_Ra", "b$x"])
        );
    }
}
