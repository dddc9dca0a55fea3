//! `Clone` of coroutines (feature `coroutine_clone`).
//!
//! Stock's shim (`coroutine_shim` in `rustc_mir_transform/src/shim.rs`) clones all upvars, whatever
//! the state, and then the fields of the current state. The upvars of a relocated coroutine *are*
//! fields of a state: stock's shim would clone live ones twice and dead ones from reused bytes.
//! So everything that stock's shim does to upvars outside of a state is taken out again. What is
//! left clones the fields of the current state, captures first.

use rustc_middle::mir::{Body, Place, ProjectionElem, RETURN_PLACE, StatementKind, TerminatorKind};
use rustc_middle::ty::{self, InstanceKind, TyCtxt};

use crate::{layout, stock};

/// The provider of `mir_shims`.
pub(crate) fn mir_shims<'tcx>(tcx: TyCtxt<'tcx>, kind: InstanceKind<'tcx>) -> Body<'tcx> {
    let mut shim = (stock::providers().mir_shims)(tcx, kind);
    if let InstanceKind::CloneShim(_, ty) = kind
        && let ty::Coroutine(def_id, args) = *ty.kind()
        && layout::is_relocated(tcx, def_id, args)
    {
        remove_clones_of_upvars(&mut shim);
    }
    shim
}

fn remove_clones_of_upvars(shim: &mut Body<'_>) {
    for block in shim.basic_blocks_mut() {
        for statement in &mut block.statements {
            if let StatementKind::Assign(box (place, _)) = &statement.kind
                && is_upvar_of_clone(place)
            {
                statement.make_nop(true);
            }
        }
        let terminator = block.terminator_mut();
        let target = match &terminator.kind {
            TerminatorKind::Call { destination, target: Some(target), .. }
                if is_upvar_of_clone(destination) =>
            {
                *target
            }
            TerminatorKind::Drop { place, target, .. } if is_upvar_of_clone(place) => *target,
            _ => continue,
        };
        // The reference that the call took stays: taking it reads nothing.
        terminator.kind = TerminatorKind::Goto { target };
    }
}

/// Whether a place is a field of the clone outside of any variant.
fn is_upvar_of_clone(place: &Place<'_>) -> bool {
    place.local == RETURN_PLACE && matches!(place.projection[..], [ProjectionElem::Field(..), ..])
}
