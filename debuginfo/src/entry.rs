//! A short way to write an entry and its attributes.

use gimli::constants::{DwAccess, DwAt, DwTag};
use gimli::write::{AttributeValue, UnitEntryId};

use crate::unit::{SourcePlace, Unit};

/// An entry that is being written.
pub(crate) struct Entry<'a> {
    unit: &'a mut dyn Unit,
    id: UnitEntryId,
}

impl<'a> Entry<'a> {
    /// A new entry in another one.
    pub(crate) fn new(unit: &'a mut dyn Unit, parent: UnitEntryId, tag: DwTag) -> Entry<'a> {
        let id = unit.dwarf().unit.add(parent, tag);
        Entry { unit, id }
    }

    /// A new entry that nothing is around.
    pub(crate) fn at_root(unit: &'a mut dyn Unit, tag: DwTag) -> Entry<'a> {
        let root = unit.dwarf().unit.root();
        Entry::new(unit, root, tag)
    }

    /// An entry that is there already.
    pub(crate) fn of(unit: &'a mut dyn Unit, id: UnitEntryId) -> Entry<'a> {
        Entry { unit, id }
    }

    /// Sets an attribute.
    pub(crate) fn set(self, attribute: DwAt, value: AttributeValue) -> Entry<'a> {
        self.unit.dwarf().unit.get_mut(self.id).set(attribute, value);
        self
    }

    /// Sets an attribute to a text.
    pub(crate) fn text(self, attribute: DwAt, text: &str) -> Entry<'a> {
        let text = self.unit.dwarf().strings.add(text);
        self.set(attribute, AttributeValue::StringRef(text))
    }

    /// Sets the name. Debuggers ignore names that are empty, and LLVM does not write them.
    pub(crate) fn name(self, name: &str) -> Entry<'a> {
        if name.is_empty() { self } else { self.text(gimli::DW_AT_name, name) }
    }

    /// Sets the type.
    pub(crate) fn of_type(self, of: UnitEntryId) -> Entry<'a> {
        self.set(gimli::DW_AT_type, AttributeValue::UnitRef(of))
    }

    /// Sets a number.
    pub(crate) fn number(self, attribute: DwAt, number: u64) -> Entry<'a> {
        self.set(attribute, AttributeValue::Udata(number))
    }

    /// Sets a flag.
    pub(crate) fn flag(self, attribute: DwAt) -> Entry<'a> {
        self.set(attribute, AttributeValue::FlagPresent)
    }

    /// Sets who may see it.
    pub(crate) fn seen_by(self, access: DwAccess) -> Entry<'a> {
        self.set(gimli::DW_AT_accessibility, AttributeValue::Accessibility(access))
    }

    /// Sets where it is declared.
    pub(crate) fn declared(self, place: SourcePlace) -> Entry<'a> {
        self.set(gimli::DW_AT_decl_file, AttributeValue::FileIndex(Some(place.file)))
            .number(gimli::DW_AT_decl_line, place.line)
    }

    /// The entry's number.
    pub(crate) fn id(&self) -> UnitEntryId {
        self.id
    }
}
