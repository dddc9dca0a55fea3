//! Reads `MEMORY` of linker scripts: which regions there are, and how big they are.
//!
//! The script is found as the linker finds it: in the folder where it runs, then in those of `-L`, the first of them that has the file.
//! Numbers are as GNU ld's manual has them: decimal, hexadecimal or octal, with `K` or `M`, in expressions with other regions'
//! `ORIGIN` and `LENGTH`, and with symbols that are assigned before.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

/// What cortex-m-rt, riscv-rt and others include.
const SCRIPT: &str = "memory.x";
/// A script that includes itself is the linker's to complain about.
const DEEPEST: usize = 16;

/// A part of the memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) name: String,
    pub(crate) origin: u64,
    pub(crate) length: u64,
}

impl Region {
    pub(crate) fn contains(&self, address: u64) -> bool {
        address.checked_sub(self.origin).is_some_and(|offset| offset < self.length)
    }
}

/// A script, and the regions that it has.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    pub(crate) script: PathBuf,
    pub(crate) regions: Vec<Region>,
}

/// Reads the script that the user names, or the one that the linker finds in these folders. None if there is none.
pub(crate) fn read(named: Option<&Path>, folders: &[PathBuf]) -> Result<Option<Memory>> {
    let found = || folders.iter().map(|folder| folder.join(SCRIPT)).find(|file| file.is_file());
    let Some(script) = named.map(Path::to_owned).or_else(found) else { return Ok(None) };
    let mut reading = Reading { folders, regions: Vec::new(), symbols: HashMap::new() };
    reading.file(&script, 0)?;
    if reading.regions.is_empty() {
        bail!(
            "the linker script `{}` has no `MEMORY`\n\
             help: `--memory FILE` names another one, `--ram BYTES` says how much RAM there is",
            script.display()
        );
    }
    Ok(Some(Memory { script, regions: reading.regions }))
}

struct Reading<'a> {
    folders: &'a [PathBuf],
    regions: Vec<Region>,
    symbols: HashMap<String, u64>,
}

impl Reading<'_> {
    fn file(&mut self, path: &Path, depth: usize) -> Result<()> {
        let text = fs::read_to_string(path)
            .with_context(|| format!("the linker script `{}` cannot be read", path.display()))?;
        self.script(&text, depth)
            .with_context(|| format!("the linker script `{}` is not understood", path.display()))
    }

    fn script(&mut self, text: &str, depth: usize) -> Result<()> {
        let words = words(text);
        let mut words = Words { words: &words, at: 0 };
        while let Some(word) = words.next() {
            match word {
                "MEMORY" if words.take("{") => self.memory(&mut words)?,
                "INCLUDE" => {
                    let name = words.next().unwrap_or_default();
                    let mut folders = self.folders.iter().map(|folder| folder.join(name));
                    // Of scripts that are not there, the linker says so.
                    if let Some(file) = folders.find(|file| file.is_file())
                        && depth < DEEPEST
                    {
                        self.file(&file, depth + 1)?;
                    }
                }
                "{" => words.skip_block(),
                // An assignment. What cannot be known before linking, no region needs.
                name if words.take("=") => {
                    let start = words.at;
                    match self.sum(&mut words) {
                        Ok(value) => drop(self.symbols.insert(name.to_owned(), value)),
                        Err(_) => words.at = start,
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// `NAME (ATTRIBUTES) : ORIGIN = A, LENGTH = B`, until `}`.
    fn memory(&mut self, words: &mut Words<'_>) -> Result<()> {
        while let Some(name) = words.next() {
            if name == "}" {
                return Ok(());
            }
            if words.take("(") {
                while words.next().is_some_and(|word| word != ")") {}
            }
            let what = || format!("region `{name}`");
            words.expect(":").with_context(what)?;
            let mut region = Region { name: name.to_owned(), origin: 0, length: 0 };
            words.expect_one(&["ORIGIN", "org", "o"]).with_context(what)?;
            words.expect("=").with_context(what)?;
            region.origin = self.sum(words).with_context(what)?;
            words.take(",");
            words.expect_one(&["LENGTH", "len", "l"]).with_context(what)?;
            words.expect("=").with_context(what)?;
            region.length = self.sum(words).with_context(what)?;
            words.take(",");
            self.regions.push(region);
        }
        bail!("`MEMORY` has no end")
    }

    fn sum(&self, words: &mut Words<'_>) -> Result<u64> {
        let mut value = self.product(words)?;
        loop {
            let next = if words.take("+") {
                value.checked_add(self.product(words)?)
            } else if words.take("-") {
                value.checked_sub(self.product(words)?)
            } else {
                return Ok(value);
            };
            value = next.ok_or_else(|| anyhow!("a number is out of range"))?;
        }
    }

    fn product(&self, words: &mut Words<'_>) -> Result<u64> {
        let mut value = self.value(words)?;
        loop {
            let next = if words.take("*") {
                value.checked_mul(self.value(words)?)
            } else if words.take("/") {
                value.checked_div(self.value(words)?)
            } else {
                return Ok(value);
            };
            value = next.ok_or_else(|| anyhow!("a number is out of range"))?;
        }
    }

    fn value(&self, words: &mut Words<'_>) -> Result<u64> {
        let word = words.next().unwrap_or_default();
        if word == "(" {
            let value = self.sum(words)?;
            words.expect(")")?;
            return Ok(value);
        }
        if ["ORIGIN", "LENGTH"].contains(&word) && words.take("(") {
            let name = words.next().unwrap_or_default();
            words.expect(")")?;
            let region = self.regions.iter().find(|region| region.name == name);
            let region = region.ok_or_else(|| anyhow!("there is no region `{name}` before"))?;
            return Ok(if word == "ORIGIN" { region.origin } else { region.length });
        }
        let known = number(word).or_else(|| self.symbols.get(word).copied());
        known.ok_or_else(|| anyhow!("`{word}` is no number"))
    }
}

/// `0x20000000`, `256K`, `010` (which is eight).
fn number(word: &str) -> Option<u64> {
    let (digits, factor) = match word.char_indices().next_back()? {
        (at, 'K' | 'k') => (&word[..at], 1 << 10),
        (at, 'M' | 'm') => (&word[..at], 1 << 20),
        _ => (word, 1),
    };
    let hexadecimal = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let number = match (hexadecimal, digits.strip_prefix('0')) {
        (Some(digits), _) => u64::from_str_radix(digits, 16),
        (None, Some(digits)) if !digits.is_empty() => u64::from_str_radix(digits, 8),
        _ => digits.parse(),
    };
    number.ok()?.checked_mul(factor)
}

/// The words of a script, without comments.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if rest.starts_with("/*") {
            rest = rest.split_once("*/").map_or("", |(_, rest)| rest).trim_start();
            continue;
        }
        if first == '#' || rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
            continue;
        }
        let is_name = |c: char| c.is_alphanumeric() || "_.$".contains(c);
        let end = if is_name(first) {
            rest.find(|c| !is_name(c)).unwrap_or(rest.len())
        } else if first == '"' {
            rest[1..].find('"').map_or(rest.len(), |end| end + 2)
        } else {
            first.len_utf8()
        };
        words.push(rest[..end].trim_matches('"'));
        rest = rest[end..].trim_start();
    }
    words
}

struct Words<'a> {
    words: &'a [&'a str],
    at: usize,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.at)?;
        self.at += 1;
        Some(word)
    }

    fn take(&mut self, word: &str) -> bool {
        let is_it = self.words.get(self.at) == Some(&word);
        self.at += usize::from(is_it);
        is_it
    }

    fn expect(&mut self, word: &str) -> Result<()> {
        self.expect_one(&[word])
    }

    fn expect_one(&mut self, words: &[&str]) -> Result<()> {
        let found = self.next().unwrap_or("the end");
        if words.contains(&found) {
            return Ok(());
        }
        bail!("`{}` is missing before `{found}`", words.first().copied().unwrap_or_default())
    }

    /// Skips what follows a `{` that has been read, and the `}`.
    fn skip_block(&mut self) {
        let mut depth = 1;
        while depth > 0 {
            match self.next() {
                Some("{") => depth += 1,
                Some("}") => depth -= 1,
                Some(_) => {}
                None => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The regions of a script, as text, or what is wrong with it.
    fn regions(script: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(SCRIPT), script).unwrap();
        fs::write(folder.path().join("more.x"), "MEMORY { MORE : o = 1, l = 2 }").unwrap();
        match read(None, &[folder.path().join("none"), folder.path().to_owned()]) {
            Ok(memory) => {
                let one = |it: Region| format!("{} {:x} {:x}", it.name, it.origin, it.length);
                memory.unwrap().regions.into_iter().map(one).collect::<Vec<_>>().join(", ")
            }
            Err(error) => format!("{error:#}"),
        }
    }

    #[test]
    fn regions_are_the_linkers() {
        let plain = "MEMORY\n{\n  FLASH : ORIGIN = 0x00000000, LENGTH = 4M\n  \
                     RAM   : ORIGIN = 0x20000000, LENGTH = 256K\n}\n";
        assert_eq!(regions(plain), "FLASH 0 400000, RAM 20000000 40000");
        let others = "/* { */ # MEMORY {\n_ram = 0x20000000; _later = ADDR(.bss) + 1; SECTIONS { MEMORY { } }\n\
                      MEMORY{A(rx!w):org=010,len=(1K+2*8)/2,\"B\" : o = _ram + LENGTH(A) l = ORIGIN(A) * 2 - 1}\n\
                      REGION_ALIAS(\"REGION_BSS\", B); INCLUDE more.x INCLUDE nowhere.x // the end";
        assert_eq!(regions(others), "A 8 208, B 20000208 f, MORE 1 2");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            ("SECTIONS {}", "has no `MEMORY`\nhelp: `--memory FILE`"),
            ("MEMORY { RAM : ORIGIN = 0, LENGTH = much }", "region `RAM`: `much` is no number"),
            ("MEMORY { RAM : ORIGIN = 0, LENGTH = LENGTH(FLASH) }", "no region `FLASH` before"),
            ("MEMORY { RAM : LENGTH = 1 }", "`ORIGIN` is missing before `LENGTH`"),
            ("MEMORY { RAM : ORIGIN = 1 - 2, LENGTH = 1 }", "out of range"),
            ("MEMORY { RAM : ORIGIN = 1/0, LENGTH = 1 }", "out of range"),
            ("MEMORY { RAM : ORIGIN = 0, LENGTH = 1K", "`MEMORY` has no end"),
        ];
        for (script, error) in cases {
            let found = regions(script);
            assert!(found.contains(error), "{script}: {found}");
        }
        let missing = read(Some(Path::new("/nowhere/memory.x")), &[]).unwrap_err();
        assert!(format!("{missing:#}").contains("`/nowhere/memory.x` cannot be read"));
        assert!(read(None, &[]).unwrap().is_none());
    }

    #[test]
    fn addresses_are_in_regions() {
        let region = Region { name: "RAM".to_owned(), origin: 16, length: 16 };
        assert_eq!([15, 16, 31, 32].map(|at| region.contains(at)), [false, true, true, false]);
    }
}
