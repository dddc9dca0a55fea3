//! What DWARF says: which functions are poll functions, where they are, and which variables take most of a frame.

use std::collections::{BTreeMap, btree_map};
use std::fmt;

use anyhow::Result;
use gimli::{AttributeValue, Dwarf, Operation, Reader as _, Unit, UnitOffset};

use crate::dwarf::{self, Entry, Reader};

/// How many variables of a frame are named.
const NAMED: usize = 3;
/// Those with fewer bytes are not worth it.
const WORTH: u64 = 64;

/// A line of a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// What is known of a program's functions, by the addresses where they begin.
#[derive(Debug, Default)]
pub(crate) struct Known {
    functions: BTreeMap<u64, Described>,
    /// The lines of instructions.
    lines: BTreeMap<u64, Place>,
}

#[derive(Clone, Debug, Default)]
struct Described {
    name: String,
    is_poll: bool,
    is_main: bool,
    place: Option<Place>,
    /// Name, bytes, line.
    variables: Vec<(String, u64, u64)>,
}

impl Known {
    pub(crate) fn is_poll(&self, address: u64) -> bool {
        self.functions.get(&address).is_some_and(|function| function.is_poll)
    }

    pub(crate) fn is_main(&self, address: u64) -> bool {
        self.functions.get(&address).is_some_and(|function| function.is_main)
    }

    pub(crate) fn name(&self, address: u64) -> Option<String> {
        Some(self.functions.get(&address)?.name.clone())
    }

    pub(crate) fn place(&self, address: u64) -> Option<Place> {
        self.functions.get(&address)?.place.clone()
    }

    pub(crate) fn largest(&self, address: u64) -> Vec<(String, u64, u64)> {
        self.functions.get(&address).map(|it| it.variables.clone()).unwrap_or_default()
    }

    /// The line of an instruction.
    pub(crate) fn line(&self, address: u64) -> Option<Place> {
        let (_, place) = self.lines.range(..=address).next_back()?;
        (place.line != 0).then(|| place.clone())
    }
}

/// Reads a program's debug information. There may be none.
pub(crate) fn read(data: &[u8]) -> Result<Known> {
    let dwarf = dwarf::load(&object::File::parse(data)?)?;
    let mut known = Known::default();
    let mut headers = dwarf.units();
    while let Some(header) = headers.next()? {
        let unit = dwarf.unit(header)?;
        let of_unit = OfUnit { dwarf: &dwarf, unit: &unit };
        of_unit.functions(&mut known)?;
        of_unit.lines(&mut known)?;
    }
    Ok(known)
}

struct OfUnit<'a> {
    dwarf: &'a Dwarf<Reader>,
    unit: &'a Unit<Reader>,
}

impl OfUnit<'_> {
    fn functions(&self, known: &mut Known) -> Result<()> {
        // What each entry is in: names of namespaces and types, by depth.
        let mut around: Vec<(isize, String)> = Vec::new();
        let mut paths: BTreeMap<UnitOffset, String> = BTreeMap::new();
        let mut function: Option<(isize, u64)> = None;
        let mut found: Vec<(u64, UnitOffset, bool, Option<Place>)> = Vec::new();
        let mut depth = 0;
        let mut entries = self.unit.entries();
        while let Some((step, entry)) = entries.next_dfs()? {
            depth += step;
            around.retain(|(of, _)| *of < depth);
            if function.is_some_and(|(of, _)| depth <= of) {
                function = None;
            }
            match entry.tag() {
                gimli::DW_TAG_namespace
                | gimli::DW_TAG_structure_type
                | gimli::DW_TAG_union_type
                | gimli::DW_TAG_enumeration_type => {
                    around.push((depth, self.text(entry, gimli::DW_AT_name)?.unwrap_or_default()));
                }
                gimli::DW_TAG_subprogram => {
                    let name = self.text(entry, gimli::DW_AT_name)?;
                    if let Some(name) = name {
                        let path: Vec<&str> = around
                            .iter()
                            .map(|(_, name)| name.as_str())
                            .chain([name.as_str()])
                            .collect();
                        paths.insert(entry.offset(), path.join("::"));
                        around.push((depth, name));
                    }
                    if let Some(address) = self.address(entry)? {
                        function = Some((depth, address));
                        let origin = self.origin(entry)?.unwrap_or(entry.offset());
                        let is_main = entry.attr(gimli::DW_AT_main_subprogram)?.is_some();
                        found.push((address, origin, is_main, self.place(origin)?));
                    }
                }
                gimli::DW_TAG_variable | gimli::DW_TAG_formal_parameter => {
                    if let Some((_, address)) = function
                        && let Some(variable) = self.variable(entry)?
                    {
                        let variables = &mut known.functions.entry(address).or_default().variables;
                        variables.push(variable);
                    }
                }
                _ => {}
            }
        }
        for (address, origin, is_main, place) in found {
            let path = paths.get(&origin).cloned().unwrap_or_default();
            let last = path.rsplit("::").next().unwrap_or_default();
            let kinds =
                ["{async_fn#", "{async_block#", "{async_closure_body#", "{gen_fn#", "{coroutine#"];
            let of = known.functions.entry(address).or_default();
            of.is_poll = kinds.iter().any(|kind| last.starts_with(kind));
            of.name = shown(&path);
            of.is_main = is_main;
            of.place = place;
            of.variables.sort_by_key(|(name, bytes, _)| (std::cmp::Reverse(*bytes), name.clone()));
            of.variables.dedup();
            of.variables.truncate(NAMED);
        }
        Ok(())
    }

    /// The entry that says what a function is called.
    fn origin(&self, entry: &Entry<'_>) -> Result<Option<UnitOffset>> {
        for attribute in [gimli::DW_AT_specification, gimli::DW_AT_abstract_origin] {
            if let Some(AttributeValue::UnitRef(offset)) = entry.attr_value(attribute)? {
                let next = self.unit.entry(offset)?;
                return Ok(Some(self.origin(&next)?.unwrap_or(offset)));
            }
        }
        Ok(None)
    }

    fn place(&self, offset: UnitOffset) -> Result<Option<Place>> {
        let entry = self.unit.entry(offset)?;
        let line = entry.attr_value(gimli::DW_AT_decl_line)?.and_then(|value| value.udata_value());
        let file = match entry.attr_value(gimli::DW_AT_decl_file)? {
            Some(AttributeValue::FileIndex(index)) => Some(index),
            Some(value) => value.udata_value(),
            None => None,
        };
        let (Some(line), Some(file)) = (line, file) else { return Ok(None) };
        Ok(self.file(file)?.map(|file| Place { file, line }))
    }

    fn file(&self, index: u64) -> Result<Option<String>> {
        let Some(program) = &self.unit.line_program else { return Ok(None) };
        let header = program.header();
        let Some(file) = header.file(index) else { return Ok(None) };
        let mut path = String::new();
        if let Some(directory) = file.directory(header) {
            path = self.string(directory)?;
        }
        let name = self.string(file.path_name())?;
        let is_whole = path.is_empty() || name.starts_with('/');
        Ok(Some(if is_whole { name } else { format!("{path}/{name}") }))
    }

    fn address(&self, entry: &Entry<'_>) -> Result<Option<u64>> {
        match entry.attr_value(gimli::DW_AT_low_pc)? {
            // The linker writes 0 for what it has left out.
            Some(AttributeValue::Addr(address)) => Ok(Some(address).filter(|it| *it != 0)),
            Some(AttributeValue::DebugAddrIndex(index)) => {
                Ok(Some(self.dwarf.address(self.unit, index)?).filter(|it| *it != 0))
            }
            _ => Ok(None),
        }
    }

    /// A variable in the frame.
    fn variable(&self, entry: &Entry<'_>) -> Result<Option<(String, u64, u64)>> {
        let Some(AttributeValue::Exprloc(expression)) = entry.attr_value(gimli::DW_AT_location)?
        else {
            return Ok(None);
        };
        let mut operations = expression.operations(self.unit.encoding());
        let is_in_frame = matches!(operations.next()?, Some(Operation::FrameOffset { .. }))
            && operations.next()?.is_none();
        let entry = match entry.attr_value(gimli::DW_AT_abstract_origin)? {
            Some(AttributeValue::UnitRef(origin)) => self.unit.entry(origin)?,
            _ => entry.clone(),
        };
        let Some(AttributeValue::UnitRef(of)) = entry.attr_value(gimli::DW_AT_type)? else {
            return Ok(None);
        };
        let bytes = self.size(of)?.unwrap_or(0);
        if !is_in_frame || bytes < WORTH {
            return Ok(None);
        }
        let line = entry.attr_value(gimli::DW_AT_decl_line)?.and_then(|value| value.udata_value());
        let name = self.text(&entry, gimli::DW_AT_name)?.unwrap_or_else(|| "_".to_owned());
        Ok(Some((name, bytes, line.unwrap_or(0))))
    }

    /// The bytes of a type.
    fn size(&self, of: UnitOffset) -> Result<Option<u64>> {
        let entry = self.unit.entry(of)?;
        let bytes = entry.attr_value(gimli::DW_AT_byte_size)?.and_then(|value| value.udata_value());
        if bytes.is_some() || entry.tag() != gimli::DW_TAG_array_type {
            return Ok(bytes);
        }
        let Some(AttributeValue::UnitRef(element)) = entry.attr_value(gimli::DW_AT_type)? else {
            return Ok(None);
        };
        let mut tree = self.unit.entries_tree(Some(of))?;
        let mut children = tree.root()?.children();
        while let Some(child) = children.next()? {
            let count = child.entry().attr_value(gimli::DW_AT_count)?;
            if let Some(count) = count.and_then(|value| value.udata_value()) {
                return Ok(self.size(element)?.and_then(|bytes| bytes.checked_mul(count)));
            }
        }
        Ok(None)
    }

    fn lines(&self, known: &mut Known) -> Result<()> {
        let Some(program) = self.unit.line_program.clone() else { return Ok(()) };
        let mut rows = program.rows();
        let mut names: BTreeMap<u64, String> = BTreeMap::new();
        while let Some((_, row)) = rows.next_row()? {
            let index = row.file_index();
            let file = match names.entry(index) {
                btree_map::Entry::Occupied(known) => known.get().clone(),
                btree_map::Entry::Vacant(new) => {
                    new.insert(self.file(index)?.unwrap_or_default()).clone()
                }
            };
            let line = if row.end_sequence() { 0 } else { row.line().map_or(0, |line| line.get()) };
            known.lines.insert(row.address(), Place { file, line });
        }
        Ok(())
    }

    fn text(&self, entry: &Entry<'_>, attribute: gimli::DwAt) -> Result<Option<String>> {
        entry.attr_value(attribute)?.map(|value| self.string(value)).transpose()
    }

    fn string(&self, value: AttributeValue<Reader>) -> Result<String> {
        let text = self.dwarf.attr_string(self.unit, value)?;
        Ok(text.to_string_lossy()?.into_owned())
    }
}

/// `app::run::{async_fn#0}` is `async fn app::run`.
fn shown(path: &str) -> String {
    let Some((before, last)) = path.rsplit_once("::") else { return path.to_owned() };
    let kind = last.trim_start_matches('{').split('#').next().unwrap_or_default();
    let before = before.strip_suffix("::{impl#0}").unwrap_or(before);
    match kind {
        "async_fn" => format!("async fn {before}"),
        "async_block" => format!("async block in {before}"),
        "async_closure_body" => format!("async closure in {before}"),
        "gen_fn" => format!("gen fn {before}"),
        "coroutine" => format!("coroutine in {before}"),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_in_the_source() {
        assert_eq!(shown("app::run::{async_fn#0}"), "async fn app::run");
        assert_eq!(shown("app::main::{async_block#1}"), "async block in app::main");
        assert_eq!(shown("app::main"), "app::main");
    }
}
