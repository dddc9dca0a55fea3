//! Raw pointers that are made of references: `let p: *mut T = &mut x;`, `NonNull::from(&mut x)`.
//!
//! Such a pointer may be used when `x` has been moved out of: its place is still there, and unsafe code may
//! read what is left in it or write something new. So it counts as a raw pointer to `x`.
//!
//! Followed are references that are copied, reborrowed, cast, made parts of something and passed through calls in one
//! body, up to a raw borrow of what they point to or a call that gives a raw pointer. A function that hides a pointer somewhere and uses it when the value is gone
//! would have to be told that the place stays: no interface promises that.

use rustc_data_structures::fx::{FxHashMap, FxHashSet};
use rustc_index::IndexVec;
use rustc_middle::mir::{
    BasicBlockData, Body, Local, Operand, Rvalue, StatementKind, TerminatorKind,
};
use rustc_middle::ty::{Ty, TyCtxt};
use rustc_span::source_map::Spanned;
use rustc_span::sym;

use super::facts::Facts;

/// Notes the locals to which raw pointers lead that were references before.
pub(super) fn note_raw_pointers<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &Body<'tcx>,
    facts: &mut IndexVec<Local, Facts>,
) {
    let blocks = || body.basic_blocks.iter();
    let pointers: FxHashSet<_> = blocks().flat_map(|data| made_raw(tcx, body, data)).collect();
    if pointers.is_empty() {
        return;
    }
    let mut sources: FxHashMap<Local, Vec<Source>> = FxHashMap::default();
    for data in blocks() {
        for statement in &data.statements {
            if let StatementKind::Assign(box (to, rvalue)) = &statement.kind {
                sources.entry(to.local).or_default().extend(sources_of(rvalue));
            }
        }
        // What a function returns may point to what its arguments point to.
        if let TerminatorKind::Call { args, destination, .. } = &data.terminator().kind {
            let pointers = arguments(args).map(Source::Pointer);
            sources.entry(destination.local).or_default().extend(pointers);
        }
    }
    let mut pending: Vec<_> = pointers.into_iter().collect();
    let mut seen: FxHashSet<_> = pending.iter().copied().collect();
    while let Some(pointer) = pending.pop() {
        for source in sources.get(&pointer).into_iter().flatten() {
            // What is borrowed may hold references in its turn.
            let (Source::Borrowed(local) | Source::Pointer(local)) = *source;
            facts[local].has_raw_pointer |= matches!(source, Source::Borrowed(_));
            if seen.insert(local) {
                pending.push(local);
            }
        }
    }
}

/// Where a reference comes from.
enum Source {
    /// It points to this local, or to a part of it.
    Borrowed(Local),
    /// It is another reference, or points to what that points to.
    Pointer(Local),
}

fn sources_of(rvalue: &Rvalue<'_>) -> Vec<Source> {
    let pointer = |operand: &Operand<'_>| operand.place().map(|place| Source::Pointer(place.local));
    match rvalue {
        Rvalue::Ref(_, _, place) if place.is_indirect() => vec![Source::Pointer(place.local)],
        Rvalue::Ref(_, _, place) => vec![Source::Borrowed(place.local)],
        Rvalue::Use(operand) | Rvalue::Cast(_, operand, _) => {
            pointer(operand).into_iter().collect()
        }
        // Structs that hold references, and closures that capture them.
        Rvalue::Aggregate(_, operands) => operands.iter().filter_map(pointer).collect(),
        _ => Vec::new(),
    }
}

/// The references of which a block makes raw pointers.
fn made_raw<'tcx>(tcx: TyCtxt<'tcx>, body: &Body<'tcx>, data: &BasicBlockData<'tcx>) -> Vec<Local> {
    let borrowed = data.statements.iter().filter_map(|statement| match &statement.kind {
        StatementKind::Assign(box (_, Rvalue::RawPtr(_, place))) if place.is_indirect() => {
            Some(place.local)
        }
        _ => None,
    });
    let mut pointers: Vec<_> = borrowed.collect();
    if let TerminatorKind::Call { args, destination, .. } = &data.terminator().kind
        && is_raw(tcx, destination.ty(&body.local_decls, tcx).ty)
    {
        pointers.extend(arguments(args));
    }
    pointers
}

/// The locals that are passed to a call.
fn arguments<'tcx>(args: &[Spanned<Operand<'tcx>>]) -> impl Iterator<Item = Local> {
    args.iter().filter_map(|argument| argument.node.place().map(|place| place.local))
}

fn is_raw<'tcx>(tcx: TyCtxt<'tcx>, ty: Ty<'tcx>) -> bool {
    let is_non_null =
        ty.ty_adt_def().is_some_and(|adt| tcx.is_diagnostic_item(sym::NonNull, adt.did()));
    ty.is_raw_ptr() || is_non_null
}
