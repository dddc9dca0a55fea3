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

/// The one symbol that the official driver has and a reconstruction cannot have: it is made where
/// LLVM is compiled in.
const ONLY_OFFICIAL: &str = "rustc_llvm28initialize_available_targets";

/// How many symbols were compared.
#[derive(Debug, PartialEq, Eq)]
pub struct Proof {
    official: usize,
    common: usize,
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
        )
    }
}

/// Compares the official driver's exported symbols with the list that rustc wanted exported.
pub fn compare(driver: &Path, exports: &Path) -> Result<Proof> {
    let library =
        fs::read(driver).with_context(|| format!("{} cannot be read", driver.display()))?;
    let official = elf::exported_symbols(&library)
        .with_context(|| format!("{} cannot be understood", driver.display()))?;
    let script = fs::read_to_string(exports)
        .with_context(|| format!("{} cannot be read", exports.display()))?;
    judge(&official, &symbols_of(&script))
}

fn judge(official: &BTreeSet<String>, reconstructed: &BTreeSet<String>) -> Result<Proof> {
    let wrong: Vec<&String> = reconstructed.difference(official).collect();
    let missing: Vec<&String> =
        official.difference(reconstructed).filter(|name| !name.ends_with(ONLY_OFFICIAL)).collect();
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
    Ok(Proof { official: official.len(), common: reconstructed.len() })
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

    #[test]
    fn equal_but_for_llvm_is_proven() {
        let official = set(&["a", "b", &format!("_RNvC_10{ONLY_OFFICIAL}")]);
        assert_eq!(judge(&official, &set(&["a", "b"])).unwrap(), Proof { official: 3, common: 2 });
    }

    #[test]
    fn any_other_difference_is_refused() {
        assert!(
            judge(&set(&["a", "b"]), &set(&["a", "c"]))
                .unwrap_err()
                .to_string()
                .contains("such as c")
        );
        assert!(
            judge(&set(&["a", "b"]), &set(&["a"])).unwrap_err().to_string().contains("such as b")
        );
        assert!(judge(&set(&[]), &set(&[])).is_err());
    }

    #[test]
    fn reads_a_version_script() {
        assert_eq!(
            symbols_of("{\n  global:\n    _Ra;\n    b$x;\n\n  local:\n    *;\n};\n"),
            set(&["_Ra", "b$x"])
        );
    }
}
