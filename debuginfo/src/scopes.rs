//! Which instructions belong to which block, and to which function that has been inlined.
//!
//! Mirrors `rustc_codegen_llvm/src/debuginfo/create_scope_map.rs`: a source scope of MIR gets an entry of its own if it has variables
//! or is an inlined function's outermost one; every other one is what is around it. LLVM finds out where they are from the
//! locations of instructions, and so does [`Scopes::place`].

use gimli::write::{Address, AttributeValue, Range, RangeList, UnitEntryId};
use rustc_index::IndexVec;
use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::{Body, SourceScope, SourceScopeData};
use rustc_middle::ty::Instance;

use crate::entry::Entry;
use crate::level;
use crate::types::Describer;
use crate::unit::Unit;

/// The entries of a function's scopes.
pub struct Scopes {
    /// The function itself first, and whatever is around something before it.
    nodes: Vec<Node>,
    of_scope: IndexVec<SourceScope, usize>,
}

struct Node {
    entry: UnitEntryId,
    /// What is around it; the function is around itself.
    parent: usize,
    /// The places of its code, offsets in bytes from the function's begin, without gaps between neighbours.
    ranges: Vec<(u32, u32)>,
}

impl Scopes {
    /// Describes the scopes of a function, whose entry is there.
    pub fn new<'tcx>(
        describer: &mut Describer<'_, 'tcx>,
        instance: Instance<'tcx>,
        body: &Body<'tcx>,
        function: UnitEntryId,
    ) -> Scopes {
        let mut with_variables = DenseBitSet::new_empty(body.source_scopes.len());
        if level::has_variables(describer.tcx.sess) {
            for variable in &body.var_debug_info {
                with_variables.insert(variable.source_info.scope);
            }
        }
        let whole = Node { entry: function, parent: 0, ranges: Vec::new() };
        let mut scopes = Scopes {
            nodes: vec![whole],
            of_scope: IndexVec::from_elem(usize::MAX, &body.source_scopes),
        };
        for scope in body.source_scopes.indices() {
            scopes.describe(describer, instance, body, &with_variables, scope);
        }
        scopes
    }

    fn describe<'tcx>(
        &mut self,
        describer: &mut Describer<'_, 'tcx>,
        instance: Instance<'tcx>,
        body: &Body<'tcx>,
        with_variables: &DenseBitSet<SourceScope>,
        scope: SourceScope,
    ) -> usize {
        if self.of_scope[scope] != usize::MAX {
            return self.of_scope[scope];
        }
        let data = &body.source_scopes[scope];
        let node = match data.parent_scope {
            None => 0,
            Some(parent) => {
                let parent = self.describe(describer, instance, body, with_variables, parent);
                let around = self.nodes[parent].entry;
                let has_variables = with_variables.contains(scope);
                let entry = own_entry(describer, instance, body, data, has_variables, around);
                match entry {
                    Some(entry) => {
                        self.nodes.push(Node { entry, parent, ranges: Vec::new() });
                        self.nodes.len() - 1
                    }
                    None => parent,
                }
            }
        };
        self.of_scope[scope] = node;
        node
    }

    /// The entry that the variables of a scope are in.
    pub(crate) fn entry(&self, scope: SourceScope) -> UnitEntryId {
        self.nodes[self.of_scope[scope]].entry
    }

    /// Notes that a scope's code is at these bytes of the function. They come in ascending order.
    pub fn note(&mut self, scope: SourceScope, start: u32, end: u32) {
        let mut node = self.of_scope[scope];
        while node != 0 {
            let ranges = &mut self.nodes[node].ranges;
            match ranges.last_mut() {
                Some((_, last)) if *last >= start => *last = end,
                _ => ranges.push((start, end)),
            }
            node = self.nodes[node].parent;
        }
    }

    /// Writes where scopes are. Those without code go, with what is in them.
    pub fn place(self, unit: &mut dyn Unit, address: impl Fn(u32) -> Address) {
        for node in self.nodes.iter().skip(1) {
            match node.ranges[..] {
                [] => {
                    let parent = self.nodes[node.parent].entry;
                    unit.dwarf().unit.get_mut(parent).delete_child(node.entry);
                }
                [(start, end)] => {
                    Entry::of(unit, node.entry)
                        .set(gimli::DW_AT_low_pc, AttributeValue::Address(address(start)))
                        .number(gimli::DW_AT_high_pc, u64::from(end - start));
                }
                [..] => {
                    let ranges = node.ranges.iter().map(|&(start, end)| Range::StartLength {
                        begin: address(start),
                        length: u64::from(end - start),
                    });
                    let list = RangeList(ranges.collect());
                    let list = unit.dwarf().unit.ranges.add(list);
                    Entry::of(unit, node.entry)
                        .set(gimli::DW_AT_ranges, AttributeValue::RangeListRef(list));
                }
            }
        }
    }
}

/// The entry of a scope that needs one of its own, in the entry of what is around it.
fn own_entry<'tcx>(
    describer: &mut Describer<'_, 'tcx>,
    instance: Instance<'tcx>,
    body: &Body<'tcx>,
    scope: &SourceScopeData<'tcx>,
    has_variables: bool,
    around: UnitEntryId,
) -> Option<UnitEntryId> {
    let Some((callee, call)) = scope.inlined else {
        let tag = gimli::DW_TAG_lexical_block;
        return has_variables.then(|| Entry::new(describer.unit, around, tag).id());
    };
    let callee = describer.monomorphic(instance, callee);
    let origin = describer.inlined_function(callee);
    let call = describer.unit.place(describer.tcx, body.span, call);
    let entry = Entry::new(describer.unit, around, gimli::DW_TAG_inlined_subroutine)
        .set(gimli::DW_AT_abstract_origin, AttributeValue::UnitRef(origin))
        .set(gimli::DW_AT_call_file, AttributeValue::FileIndex(Some(call.file)))
        .number(gimli::DW_AT_call_line, call.line)
        .number(gimli::DW_AT_call_column, call.column);
    Some(entry.id())
}
