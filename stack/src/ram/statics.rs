//! What of a program lies in the RAM: sections, and the symbols in them.
//!
//! A section that can be written lies in the RAM. So does any other that lies in the same region of the memory: code that is copied
//! there, or everything where a loader fills the RAM. Thread-locals are left out: each thread has its own.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use object::elf::{SHF_ALLOC, SHF_TLS, SHF_WRITE};
use object::{BinaryFormat, Object, ObjectSection, ObjectSymbol, SectionFlags, SymbolKind};

use super::memory::Region;

/// A section in the RAM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) name: String,
    pub(crate) address: u64,
    pub(crate) bytes: u64,
}

/// A symbol in the RAM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Static {
    /// Demangled.
    pub(crate) name: String,
    pub(crate) address: u64,
    /// What no smaller symbol lies in.
    pub(crate) bytes: u64,
}

/// What of a program lies in the RAM.
#[derive(Clone, Debug)]
pub(crate) struct Statics {
    pub(crate) sections: Vec<Section>,
    pub(crate) all: Vec<Static>,
    /// An operating system gives it its memory.
    pub(crate) is_hosted: bool,
}

impl Statics {
    pub(crate) fn read(file: &object::File<'_>, regions: &[Region]) -> Result<Statics> {
        if file.format() != BinaryFormat::Elf {
            bail!("only ELF programs are understood");
        }
        let sections = sections(file, regions);
        let all = symbols(file, &sections);
        Ok(Statics { sections, all, is_hosted: is_hosted(file) })
    }

    /// All bytes, also those without a symbol and between symbols.
    pub(crate) fn bytes(&self) -> u64 {
        self.sections.iter().map(|section| section.bytes).sum()
    }
}

/// Whether an operating system loads a program: then no linker script says where the RAM is.
pub(crate) fn is_hosted(file: &object::File<'_>) -> bool {
    [".interp", ".dynamic"].iter().any(|name| file.section_by_name(name).is_some())
}

fn sections(file: &object::File<'_>, regions: &[Region]) -> Vec<Section> {
    let flags = |section: &object::Section<'_, '_>| match section.flags() {
        SectionFlags::Elf { sh_flags } => sh_flags,
        _ => 0,
    };
    let has = |flags: u64, flag: u32| flags & u64::from(flag) != 0;
    let in_memory = file.sections().filter(|section| {
        let flags = flags(section);
        section.size() > 0 && has(flags, SHF_ALLOC) && !has(flags, SHF_TLS)
    });
    let in_memory: Vec<_> = in_memory.collect();
    let region = |section: &object::Section<'_, '_>| {
        regions.iter().position(|it| it.contains(section.address()))
    };
    let is_written = |section: &&object::Section<'_, '_>| has(flags(section), SHF_WRITE);
    let ram: Vec<_> = in_memory.iter().filter(is_written).filter_map(region).collect();
    let in_ram = in_memory.iter().filter(|section| {
        is_written(section) || region(section).is_some_and(|region| ram.contains(&region))
    });
    in_ram
        .map(|section| Section {
            name: section.name().unwrap_or_default().to_owned(),
            address: section.address(),
            bytes: section.size(),
        })
        .collect()
}

/// Each byte belongs to the smallest symbol that it lies in: LLVM puts statics together into one (`_MergedGlobals`), and they keep
/// symbols of their own in there.
fn symbols(file: &object::File<'_>, sections: &[Section]) -> Vec<Static> {
    let is_thing = |kind| !matches!(kind, SymbolKind::Section | SymbolKind::File | SymbolKind::Tls);
    let mut found = Vec::new();
    for symbol in file.symbols().filter(|symbol| is_thing(symbol.kind()) && symbol.size() > 0) {
        // An address of Arm's code has a mark in its lowest bit.
        let is_code = symbol.kind() == SymbolKind::Text;
        let address = if is_code { symbol.address() & !1 } else { symbol.address() };
        let is_within = |section: &Section| {
            address >= section.address
                && address.saturating_add(symbol.size()) <= section.address + section.bytes
        };
        if symbol.section_index().is_some() && sections.iter().any(is_within) {
            let name = symbol.name().unwrap_or_default();
            let name = format!("{:#}", rustc_demangle::demangle(name));
            found.push(Static { name, address, bytes: symbol.size() });
        }
    }
    found.sort_by(|a, b| (a.bytes, a.address, &a.name).cmp(&(b.bytes, b.address, &b.name)));
    let mut taken = Taken::default();
    for symbol in &mut found {
        symbol.bytes = taken.take(symbol.address, symbol.address + symbol.bytes);
    }
    found.retain(|symbol| symbol.bytes > 0);
    found
}

/// Ranges of addresses that do not touch: the first address of each, and the one after its last.
#[derive(Debug, Default)]
struct Taken(BTreeMap<u64, u64>);

impl Taken {
    /// Takes a range; says how many bytes of it nobody had taken.
    fn take(&mut self, mut start: u64, mut end: u64) -> u64 {
        let mut free = end - start;
        let range = (start, end);
        let touching: Vec<(u64, u64)> = self
            .0
            .range(..=end)
            .rev()
            .map(|(start, end)| (*start, *end))
            .take_while(|other| other.1 >= range.0)
            .collect();
        for other in touching {
            free -= other.1.min(range.1).saturating_sub(other.0.max(range.0));
            start = start.min(other.0);
            end = end.max(other.1);
            self.0.remove(&other.0);
        }
        self.0.insert(start, end);
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_counted_once() {
        let mut taken = Taken::default();
        let ranges = [(10, 20), (30, 40), (10, 20), (20, 25), (5, 35), (0, 50), (60, 61), (0, 70)];
        let free = ranges.map(|(start, end)| taken.take(start, end));
        assert_eq!(free, [10, 10, 0, 5, 10, 15, 1, 19]);
        assert_eq!(taken.0, BTreeMap::from([(0, 70)]));
    }
}
