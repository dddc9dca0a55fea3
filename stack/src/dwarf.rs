//! Finds a program's debug information.

use std::rc::Rc;

use anyhow::Result;
use gimli::{DebuggingInformationEntry, Dwarf, EndianRcSlice, RunTimeEndian};
use object::{Object, ObjectSection};

pub(crate) type Reader = EndianRcSlice<RunTimeEndian>;
pub(crate) type Entry<'a> = DebuggingInformationEntry<'a, 'a, Reader>;

/// A program's debug information. There may be none; then it has no units.
pub(crate) fn load(file: &object::File<'_>) -> Result<Dwarf<Reader>> {
    let endian = if file.is_little_endian() { RunTimeEndian::Little } else { RunTimeEndian::Big };
    let section = |id: gimli::SectionId| -> Result<Reader, gimli::Error> {
        let section = file.section_by_name(id.name());
        let bytes = section.and_then(|section| section.uncompressed_data().ok());
        Ok(EndianRcSlice::new(Rc::from(bytes.unwrap_or_default().as_ref()), endian))
    };
    Ok(Dwarf::load(section)?)
}
