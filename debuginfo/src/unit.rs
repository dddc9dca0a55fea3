//! The unit that entries go into: cg_clif's, one for each codegen unit.

use gimli::write::{DwarfUnit, FileId, UnitEntryId};
use rustc_hir::def_id::DefId;
use rustc_middle::ty::TyCtxt;
use rustc_span::Span;

/// Where something is in a source. Line and column count from 1; 0 is "nowhere".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SourcePlace {
    /// The file, as the unit's line program numbers it.
    pub file: FileId,
    /// The line.
    pub line: u64,
    /// The column, in bytes.
    pub column: u64,
}

/// A unit of debug information that is being made.
pub trait Unit {
    /// The unit as gimli has it.
    fn dwarf(&mut self) -> &mut DwarfUnit;

    /// The entry of a module, an impl or a function as a namespace of what is in it.
    fn namespace(&mut self, tcx: TyCtxt<'_>, item: DefId) -> UnitEntryId;

    /// Where a span begins. What macros have made is where they are called, if `outer` is not in the same macro.
    fn place(&mut self, tcx: TyCtxt<'_>, outer: Span, span: Span) -> SourcePlace;

    /// The type of the indices of arrays.
    fn array_index(&mut self) -> UnitEntryId;
}
