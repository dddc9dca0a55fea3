//! At suspensions: whatever the coroutine's new state does not hold.
//!
//! Wherever the coroutine is about to change its state, all of its bytes but those of the new state's
//! fields are overwritten; at the very start, all but the captured variables. A program that then does
//! something else than before reads a place that, by the layout, has no value or another's:
//! the verifier in [`crate::lowering`] does not see that if both are wrong about what is alive.
//!
//! MIR knows no offsets. So the fields of the new state are copied out, the whole coroutine is filled,
//! and they are copied back to where they were.

use rustc_abi::FieldIdx;
use rustc_middle::mir::{
    BasicBlock, Body, CoroutineLayout, Local, Operand, Place, ProjectionElem, Rvalue, StatementKind,
};
use rustc_middle::ty::{self, Ty, TyCtxt};

use super::{Filler, is_wanted};
use crate::{dialect, state_transform};

/// A place in the body, and what is alive there.
struct Site<'tcx> {
    block: BasicBlock,
    statement: usize,
    pointer: Local,
    kept: Vec<Place<'tcx>>,
}

/// Adds the code, if `SNUG_POISON` asks for it and the coroutine's layout is Snug's.
pub(crate) fn fill<'tcx>(tcx: TyCtxt<'tcx>, body: &mut Body<'tcx>) {
    if !is_wanted() {
        return;
    }
    let Some(info) = body.coroutine_layout_raw() else { return };
    let mut sites = state_changes(tcx, body, info);
    let Some(pointer) = sites.first().map(|site| site.pointer) else { return };
    let ty::Coroutine(_, args) = *coroutine(body, pointer).kind() else { return };
    let upvars = args.as_coroutine().upvar_tys();
    if !dialect::is_relocated(info, args) {
        return;
    }
    let own = Place::from(pointer).project_deeper(&[ProjectionElem::Deref], tcx);
    let kept = upvars.iter().enumerate();
    let kept = kept.map(|(field, ty)| tcx.mk_place_field(own, FieldIdx::from_usize(field), ty));
    let kept = kept.collect();
    sites.push(Site { block: state_transform::unresumed_block(body), statement: 0, pointer, kept });
    // From the end of each block: what is in front of a site stays where it is.
    sites.sort_by_key(|site| std::cmp::Reverse((site.block, site.statement)));
    for site in sites {
        let source_info = body.basic_blocks[site.block].terminator().source_info;
        fill_site(&mut Filler { tcx, body, source_info }, site);
    }
}

/// What a pointer to the coroutine points to.
fn coroutine<'tcx>(body: &Body<'tcx>, pointer: Local) -> Ty<'tcx> {
    body.local_decls[pointer].ty.builtin_deref(true).expect("a pointer to the coroutine")
}

/// Where the body sets the coroutine's state, with the fields of that state.
fn state_changes<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &Body<'tcx>,
    info: &CoroutineLayout<'tcx>,
) -> Vec<Site<'tcx>> {
    let mut sites = Vec::new();
    for (block, data) in body.basic_blocks.iter_enumerated() {
        for (statement, found) in data.statements.iter().enumerate() {
            let StatementKind::SetDiscriminant { place, variant_index } = &found.kind else {
                continue;
            };
            let [ProjectionElem::Deref] = place.projection[..] else { continue };
            if !coroutine(body, place.local).is_coroutine() {
                continue;
            }
            let state = ProjectionElem::Downcast(None, *variant_index);
            let state = place.project_deeper(&[state], tcx);
            let fields = info.variant_fields[*variant_index].iter_enumerated();
            let kept = fields
                .map(|(field, &saved)| tcx.mk_place_field(state, field, info.field_tys[saved].ty));
            sites.push(Site { block, statement, pointer: place.local, kept: kept.collect() });
        }
    }
    sites
}

/// Copies out, fills, and then copies back.
fn fill_site<'tcx>(filler: &mut Filler<'_, 'tcx>, site: Site<'tcx>) {
    let tcx = filler.tcx;
    let mut before = Vec::new();
    let mut after = Vec::new();
    for place in site.kept {
        let ty = place.ty(&filler.body.local_decls, tcx).ty;
        let (address, uninit) = filler.address(place, ty, &mut before);
        let copy = Place::from(filler.local(uninit));
        let there = Place::from(address).project_deeper(&[ProjectionElem::Deref], tcx);
        before.push(filler.assign(copy, Rvalue::Use(Operand::Copy(there))));
        after.push(filler.assign(there, Rvalue::Use(Operand::Move(copy))));
    }
    let own = Place::from(site.pointer).project_deeper(&[ProjectionElem::Deref], tcx);
    let all = coroutine(filler.body, site.pointer);
    let (address, uninit) = filler.address(own, all, &mut before);
    filler.overwrite(site.block, site.statement, before, (address, uninit), after);
}
