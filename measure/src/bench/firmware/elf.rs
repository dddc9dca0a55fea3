//! Reads what a firmware's program has: sections, and the frames of its functions (`-Zemit-stack-sizes`).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use object::{Object, ObjectSection, ObjectSymbol, SymbolKind};

/// What a program has, in bytes.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub(super) code: u64,
    pub(super) constants: u64,
    /// `.data` and `.bss`.
    pub(super) statics: u64,
    /// The largest frame of each poll function.
    pub(super) polls: BTreeMap<String, u64>,
}

pub(super) fn read(path: &Path) -> Result<Program> {
    let data = fs::read(path).with_context(|| format!("there is no {}", path.display()))?;
    let file =
        object::File::parse(&*data).with_context(|| format!("{} is no program", path.display()))?;
    let size = |name: &str| file.section_by_name(name).map_or(0, |section| section.size());
    let mut program = Program {
        code: size(".text"),
        constants: size(".rodata"),
        statics: size(".data") + size(".bss"),
        polls: BTreeMap::new(),
    };
    let names = names(&file);
    let width = if file.is_64() { 8 } else { 4 };
    for section in file.sections().filter(|section| section.name() == Ok(".stack_sizes")) {
        for (address, frame) in frames(section.data()?, width).context("broken stack sizes")? {
            // Arm's Thumb functions have the lowest bit set in symbols.
            let Some(name) = names.get(&(address & !1)) else { continue };
            if is_poll(name) {
                let largest = program.polls.entry(name.clone()).or_insert(0);
                *largest = frame.max(*largest);
            }
        }
    }
    Ok(program)
}

/// Names of functions, without what tells apart two crates of one name, by their addresses.
fn names(file: &object::File<'_>) -> BTreeMap<u64, String> {
    let functions = file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text);
    let named = functions.filter_map(|symbol| {
        let name = format!("{:#}", rustc_demangle::demangle(symbol.name().ok()?));
        Some((symbol.address() & !1, name))
    });
    named.collect()
}

/// Bodies of async functions and blocks are closures to the mangling.
fn is_poll(name: &str) -> bool {
    name.ends_with("::poll") || name.ends_with("{closure#0}") || name.ends_with("{{closure}}")
}

/// Pairs of an address and a number in LEB128.
fn frames(mut bytes: &[u8], width: usize) -> Option<Vec<(u64, u64)>> {
    let mut frames = Vec::new();
    while !bytes.is_empty() {
        let (address, rest) = bytes.split_at_checked(width)?;
        let address = address.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        let length = rest.iter().position(|byte| byte & 0x80 == 0)? + 1;
        let (number, rest) = rest.split_at(length);
        let frame = number.iter().rev().fold(0, |sum, byte| sum << 7 | u64::from(byte & 0x7f));
        frames.push((address, frame));
        bytes = rest;
    }
    Some(frames)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read() {
        let bytes = [0x21, 0x43, 0, 0, 0x18, 0xff, 0, 0, 0, 0x98, 0x04];
        assert_eq!(frames(&bytes, 4), Some(vec![(0x4321, 24), (0xff, 536)]));
        assert_eq!(frames(&bytes[..10], 4), None);
        assert_eq!(frames(&bytes[..7], 4), None);
    }

    #[test]
    fn polls_are_told_by_their_names() {
        assert!(is_poll("<a::TaskStorage<b::c::{closure#0}>>::poll"));
        assert!(is_poll("a::b::{closure#0}"));
        assert!(!is_poll("<a::Frame>::new"));
    }
}
