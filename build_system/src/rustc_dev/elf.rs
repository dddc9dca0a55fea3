//! The little that must be known about ELF files: exported symbols, and the section that holds Rust
//! metadata.

use std::collections::BTreeSet;
use std::mem::size_of;

use anyhow::{Context, Result, bail};
use object::elf::{FileHeader64, SHF_ALLOC, SHF_COMPRESSED};
use object::read::elf::{ElfFile64, FileHeader, SectionHeader};
use object::{LittleEndian, Object, ObjectSection, ObjectSymbol};

/// The names of all symbols that a shared library defines for others.
pub fn exported_symbols(library: &[u8]) -> Result<BTreeSet<String>> {
    let file: ElfFile64<LittleEndian> =
        ElfFile64::parse(library).context("it is not an ELF file")?;
    let mut names = BTreeSet::new();
    for symbol in file.dynamic_symbols().filter(|symbol| !symbol.is_undefined()) {
        names.insert(symbol.name()?.to_string());
    }
    Ok(names)
}

/// The content of a section.
pub fn section(file: &[u8], name: &str) -> Result<Vec<u8>> {
    let file: ElfFile64<LittleEndian> = ElfFile64::parse(file).context("it is not an ELF file")?;
    let section =
        file.section_by_name(name).with_context(|| format!("it has no section {name}"))?;
    Ok(section.data()?.to_vec())
}

/// Gives a section other content: appends it to the file and points the section's header there.
///
/// That is right for sections that are not loaded (like `.rustc`): nothing but their header knows
/// where they are. It is what `objcopy --update-section` does, less moving everything else.
pub fn replace_section(library: &mut Vec<u8>, name: &str, content: &[u8]) -> Result<()> {
    let header =
        FileHeader64::<LittleEndian>::parse(&library[..]).context("it is not an ELF file")?;
    let endian = header.endian()?;
    let sections = header.sections(endian, &library[..])?;
    let (index, section) = sections
        .section_by_name(endian, name.as_bytes())
        .with_context(|| format!("it has no section {name}"))?;
    if section.sh_flags(endian) & u64::from(SHF_ALLOC | SHF_COMPRESSED) != 0 {
        bail!("the section {name} is loaded into memory, or compressed");
    }
    let entry =
        header.e_shoff.get(endian) as usize + index.0 * usize::from(header.e_shentsize.get(endian));
    library.resize(library.len().next_multiple_of(16), 0);
    let offset = library.len() as u64;
    library.extend_from_slice(content);
    // Elf64_Shdr: name and type (4 bytes each), flags, address, offset, size (8 bytes each).
    let at = entry + 24;
    library[at..at + size_of::<u64>()].copy_from_slice(&offset.to_le_bytes());
    library[at + 8..at + 16].copy_from_slice(&(content.len() as u64).to_le_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Any ELF file will do: the one that runs the test.
    fn some_elf() -> Vec<u8> {
        std::fs::read("/proc/self/exe").unwrap()
    }

    #[test]
    fn a_replaced_section_reads_back_and_the_others_stay() {
        let mut file = some_elf();
        let text = section(&file, ".text").unwrap();
        replace_section(&mut file, ".comment", b"something else, longer or shorter").unwrap();
        assert_eq!(section(&file, ".comment").unwrap(), b"something else, longer or shorter");
        assert_eq!(section(&file, ".text").unwrap(), text);
    }

    #[test]
    fn loaded_and_missing_sections_are_refused() {
        let mut file = some_elf();
        assert!(replace_section(&mut file, ".text", b"").is_err());
        assert!(replace_section(&mut file, ".no-such-section", b"").is_err());
    }
}
