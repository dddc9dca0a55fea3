//! Writes where variables are, when a function has been compiled.
//!
//! What is in memory has one location for all of its scope. What is in Cranelift's values has one for each range of instructions in which
//! the register allocator has not moved it.

use std::ops::Range;

use gimli::Register;
use gimli::write::{Address, AttributeValue, Expression, Location, LocationList};
use rustc_abi::Size;
use rustc_data_structures::fx::FxHashMap;

use crate::entry::Entry;
use crate::unit::Unit;
use crate::variables::{Home, Part, Variables};

/// Where a value is.
#[derive(Clone, Copy, Debug)]
pub enum ValuePlace {
    /// In a register.
    Register(Register),
    /// On the stack: bytes from the canonical frame address.
    Frame(i64),
}

/// A value in some of a function's instructions: offsets in bytes from the function's begin.
#[derive(Clone, Copy, Debug)]
pub struct ValueRange {
    /// The first instruction.
    pub start: u32,
    /// The one after the last.
    pub end: u32,
    /// Where it is there.
    pub place: ValuePlace,
}

/// What is known of a function that has been compiled.
pub trait Compiled {
    /// The offset of a stack slot from the stack pointer, in bytes.
    fn slot(&self, slot: u32) -> u32;

    /// Where the values with a label are, in any order. Ranges do not overlap.
    fn values(&self, label: u32) -> Vec<ValueRange>;

    /// The address of the instruction at an offset.
    fn address(&self, offset: u32) -> Address;
}

impl Variables {
    /// Writes where variables are.
    pub fn place(self, unit: &mut dyn Unit, compiled: &dyn Compiled) {
        for mut variable in self.variables {
            let parts = &mut variable.parts;
            parts.sort_by_key(|part| part.bytes.as_ref().map_or(Size::ZERO, |bytes| bytes.start));
            let values = Values::of(parts, compiled);
            let location = if values.of_label.is_empty() {
                whole(parts, compiled, &values, 0).map(AttributeValue::Exprloc)
            } else {
                list(unit, parts, compiled, &values)
            };
            if let Some(location) = location {
                Entry::of(unit, variable.entry).set(gimli::DW_AT_location, location);
            }
        }
    }
}

/// The labels of the values that a part is in.
fn labels(part: &Part) -> Vec<u32> {
    match part.home {
        Home::Nowhere | Home::Empty | Home::Slot(_) | Home::Behind(_) => Vec::new(),
        Home::Value(one) => vec![one],
        Home::Pair(one, two) => vec![one, two],
    }
}

/// Where the values are that a variable is in: for each label, ranges in ascending order.
struct Values {
    of_label: FxHashMap<u32, Vec<ValueRange>>,
}

impl Values {
    fn of(parts: &[Part], compiled: &dyn Compiled) -> Values {
        let labels = parts.iter().flat_map(labels);
        let of_label = labels.map(|label| {
            let mut ranges = compiled.values(label);
            ranges.sort_by_key(|range| range.start);
            (label, ranges)
        });
        Values { of_label: of_label.collect() }
    }

    fn at(&self, label: u32, offset: u32) -> Option<ValuePlace> {
        let ranges = self.of_label.get(&label)?;
        let after = ranges.partition_point(|range| range.start <= offset);
        let range = ranges.get(after.checked_sub(1)?)?;
        (offset < range.end).then_some(range.place)
    }

    /// Where something moves, in ascending order.
    fn ends(&self, parts: &[Part]) -> Vec<u32> {
        let ranges = parts.iter().flat_map(labels).flat_map(|label| &self.of_label[&label]);
        let mut ends: Vec<u32> = ranges.flat_map(|range| [range.start, range.end]).collect();
        ends.sort_unstable();
        ends.dedup();
        ends
    }
}

/// A location for each range of instructions in which nothing moves.
fn list(
    unit: &mut dyn Unit,
    parts: &[Part],
    compiled: &dyn Compiled,
    values: &Values,
) -> Option<AttributeValue> {
    let ends = values.ends(parts);
    let ranges = ends.windows(2).filter_map(|ends| {
        let data = whole(parts, compiled, values, ends[0])?;
        let begin = compiled.address(ends[0]);
        Some(Location::StartLength { begin, length: u64::from(ends[1] - ends[0]), data })
    });
    let ranges: Vec<Location> = ranges.collect();
    if ranges.is_empty() {
        return None;
    }
    let list = unit.dwarf().unit.locations.add(LocationList(ranges));
    Some(AttributeValue::LocationListRef(list))
}

/// Where a variable is at an instruction; nothing if no part of it is anywhere.
fn whole(parts: &[Part], compiled: &dyn Compiled, values: &Values, at: u32) -> Option<Expression> {
    let mut pieces = Pieces { expression: Expression::new(), end: Size::ZERO, is_somewhere: false };
    if let [part] = parts
        && part.bytes.is_none()
        && !matches!(part.home, Home::Pair(..))
    {
        return address(&mut pieces.expression, part, compiled, values, at)
            .then_some(pieces.expression);
    }
    for part in parts {
        let start = part.bytes.as_ref().map_or(Size::ZERO, |bytes| bytes.start);
        match part.home {
            Home::Pair(one, two) => {
                for (label, bytes) in [one, two].into_iter().zip(&part.scalars) {
                    let scalar = Part { home: Home::Value(label), ..part.clone() };
                    pieces.add(
                        start + bytes.start..start + bytes.end,
                        &scalar,
                        compiled,
                        values,
                        at,
                    );
                }
            }
            _ => {
                let Some(bytes) = part.bytes.clone() else { continue };
                pieces.add(bytes, part, compiled, values, at);
            }
        }
    }
    pieces.is_somewhere.then_some(pieces.expression)
}

/// A variable in pieces, in the order of its bytes. What nothing is known of is an empty piece.
struct Pieces {
    expression: Expression,
    end: Size,
    is_somewhere: bool,
}

impl Pieces {
    fn add(
        &mut self,
        bytes: Range<Size>,
        part: &Part,
        compiled: &dyn Compiled,
        values: &Values,
        at: u32,
    ) {
        if bytes.start < self.end {
            return;
        }
        if bytes.start > self.end {
            self.expression.op_piece((bytes.start - self.end).bytes());
        }
        self.is_somewhere |= address(&mut self.expression, part, compiled, values, at);
        self.expression.op_piece((bytes.end - bytes.start).bytes());
        self.end = bytes.end;
    }
}

/// Where a part is at an instruction. Nothing is written if it is nowhere.
fn address(
    expression: &mut Expression,
    part: &Part,
    compiled: &dyn Compiled,
    values: &Values,
    at: u32,
) -> bool {
    let mut pointers = part.pointers.iter().map(|offset| offset.bytes());
    match part.home {
        Home::Nowhere | Home::Pair(..) => return false,
        Home::Empty => expression.op_fbreg(0),
        Home::Slot(slot) => {
            let offset = u64::from(compiled.slot(slot)) + part.offset.bytes();
            expression.op_fbreg(i64::try_from(offset).expect("a frame has less than 2^63 bytes"));
        }
        Home::Behind(slot) => {
            expression.op_fbreg(i64::from(compiled.slot(slot)));
            expression.op_deref();
            further(expression, part.offset.bytes());
        }
        Home::Value(label) => {
            let Some(place) = values.at(label, at) else { return false };
            match (place, pointers.next()) {
                (ValuePlace::Register(register), None) => expression.op_reg(register),
                (ValuePlace::Register(register), Some(offset)) => {
                    expression.op_breg(register, i64::try_from(offset).unwrap_or(0));
                }
                (ValuePlace::Frame(offset), next) => {
                    expression.op(gimli::DW_OP_call_frame_cfa);
                    expression.op_consts(offset);
                    expression.op(gimli::DW_OP_plus);
                    if let Some(next) = next {
                        expression.op_deref();
                        further(expression, next);
                    }
                }
            }
        }
    }
    for offset in pointers {
        expression.op_deref();
        further(expression, offset);
    }
    true
}

fn further(expression: &mut Expression, offset: u64) {
    if offset != 0 {
        expression.op_plus_uconst(offset);
    }
}
