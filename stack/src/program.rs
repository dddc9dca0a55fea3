//! The functions of a program, and where its tables of addresses lead.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Result, bail};
use iced_x86::{Decoder, DecoderOptions, FlowControl};
use object::{
    Architecture, BinaryFormat, Object, ObjectSection, ObjectSymbol, RelocationTarget, SymbolKind,
};

/// A function with code in the program.
#[derive(Debug)]
pub(crate) struct Function {
    /// As the symbol says, demangled.
    pub(crate) name: String,
    pub(crate) address: u64,
    pub(crate) code: Vec<u8>,
}

/// Where a call leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// To a function of the program, by its number.
    Function(usize),
    /// To a function of a shared library.
    Outside(String),
    /// Nobody knows: through a pointer.
    Pointer,
}

/// A program.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) functions: Vec<Function>,
    by_address: BTreeMap<u64, usize>,
    /// What the loader writes into a table of addresses.
    slots: HashMap<u64, Slot>,
    sections: Vec<(u64, Vec<u8>)>,
}

#[derive(Clone, Debug)]
enum Slot {
    Address(u64),
    Symbol(String),
}

impl Program {
    pub(crate) fn read(data: &[u8]) -> Result<Program> {
        let file = object::File::parse(data)?;
        if file.format() != BinaryFormat::Elf || file.architecture() != Architecture::X86_64 {
            bail!("only ELF programs for x86-64 are understood");
        }
        let mut functions = BTreeMap::new();
        for symbol in file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text) {
            let Some(section) = symbol.section_index() else { continue };
            let section = file.section_by_index(section)?;
            let code = section.data_range(symbol.address(), symbol.size())?.unwrap_or_default();
            if code.is_empty() {
                continue;
            }
            let name = symbol.name().unwrap_or_default();
            functions.entry(symbol.address()).or_insert_with(|| Function {
                name: format!("{:#}", rustc_demangle::demangle(name)),
                address: symbol.address(),
                code: code.to_vec(),
            });
        }
        if functions.is_empty() {
            bail!("the program has no symbols: build it without `strip`");
        }
        let functions: Vec<Function> = functions.into_values().collect();
        let by_address =
            functions.iter().enumerate().map(|(index, it)| (it.address, index)).collect();
        let sections = file.sections().filter(|section| section.address() != 0);
        let sections =
            sections.filter_map(|section| Some((section.address(), section.data().ok()?.to_vec())));
        let sections = sections.collect();
        Ok(Program { functions, by_address, slots: slots(&file), sections })
    }

    /// Where a call of an address leads.
    pub(crate) fn at(&self, address: u64) -> Target {
        if let Some((&start, &index)) = self.by_address.range(..=address).next_back()
            && address - start < self.functions[index].code.len() as u64
        {
            return Target::Function(index);
        }
        // A stub for the linker: it jumps to what is in a slot.
        let Some(stub) = self.bytes(address, 16) else { return Target::Pointer };
        for instruction in Decoder::with_ip(64, stub, address, DecoderOptions::NONE).iter().take(3)
        {
            match instruction.flow_control() {
                FlowControl::IndirectBranch if instruction.is_ip_rel_memory_operand() => {
                    return self.in_slot(instruction.ip_rel_memory_address());
                }
                FlowControl::Next => {}
                _ => break,
            }
        }
        Target::Pointer
    }

    /// Where a call of what is in a slot leads.
    pub(crate) fn in_slot(&self, slot: u64) -> Target {
        match self.slots.get(&slot) {
            Some(Slot::Symbol(name)) => Target::Outside(name.clone()),
            Some(&Slot::Address(address)) => self.at(address),
            None => match self.word(slot) {
                Some(address) if address != 0 => self.at(address),
                _ => Target::Pointer,
            },
        }
    }

    /// The entries of a table of offsets, of a jump for a `match`, as long as they lead into the function.
    pub(crate) fn jump_table(&self, table: u64, function: &Function) -> Vec<u64> {
        let range = function.address..function.address + function.code.len() as u64;
        let mut targets = Vec::new();
        while let Some(bytes) = self.bytes(table + targets.len() as u64 * 4, 4) {
            let offset = i32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            let target = table.wrapping_add_signed(offset.into());
            if !range.contains(&target) {
                break;
            }
            targets.push(target);
        }
        targets
    }

    fn word(&self, address: u64) -> Option<u64> {
        let bytes = self.bytes(address, 8)?;
        Some(u64::from_le_bytes(bytes.try_into().ok()?))
    }

    fn bytes(&self, address: u64, count: usize) -> Option<&[u8]> {
        self.sections.iter().find_map(|(start, data)| {
            let from = usize::try_from(address.checked_sub(*start)?).ok()?;
            data.get(from..from.checked_add(count)?)
        })
    }
}

fn slots(file: &object::File<'_>) -> HashMap<u64, Slot> {
    let names: HashMap<_, _> =
        file.dynamic_symbols().map(|symbol| (symbol.index(), symbol)).collect();
    let relocations = file.dynamic_relocations().into_iter().flatten();
    let slots = relocations.filter_map(|(address, relocation)| match relocation.target() {
        RelocationTarget::Symbol(index) => {
            let symbol = names.get(&index)?;
            let slot = if symbol.is_undefined() {
                Slot::Symbol(symbol.name().ok()?.to_owned())
            } else {
                Slot::Address(symbol.address().wrapping_add_signed(relocation.addend()))
            };
            Some((address, slot))
        }
        _ => Some((address, Slot::Address(relocation.addend() as u64))),
    });
    slots.collect()
}
