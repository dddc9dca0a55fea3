//! Where the upvars of a body live, as each step of the pass leaves it.

use rustc_abi::FieldIdx;
use rustc_data_structures::fx::{FxHashMap, FxHashSet};
use rustc_index::IndexVec;
use rustc_middle::mir::{Body, Local, SourceScope};
use rustc_middle::ty::Ty;
use rustc_span::def_id::DefId;

use super::plan::{Home, Plan};

/// One upvar.
pub(crate) struct Upvar<'tcx> {
    pub(crate) ty: Ty<'tcx>,
    /// The local that it is in once the prologue has run; `None` if it stays in the captures.
    pub(crate) local: Option<Local>,
    /// The source scope of that local, and of no other: by it the local is found again after `StateTransform`.
    pub(crate) scope: SourceScope,
    /// The local is a variable of the body.
    pub(crate) is_variable: bool,
}

/// The upvars of one body.
pub(crate) struct Homes<'tcx> {
    pub(crate) coroutine: DefId,
    pub(crate) upvars: IndexVec<FieldIdx, Upvar<'tcx>>,
}

impl<'tcx> Homes<'tcx> {
    /// After promotion.
    pub(crate) fn of(plan: &Plan<'tcx>) -> Homes<'tcx> {
        let upvars = plan.upvars.iter().map(|upvar| Upvar {
            ty: upvar.ty,
            local: upvar.local(),
            scope: upvar.scope,
            is_variable: matches!(upvar.home, Home::Bound(_)),
        });
        Homes { coroutine: plan.coroutine, upvars: upvars.collect() }
    }

    /// After coalescing: some locals have become others, and some of those that upvars are in are `variables`.
    pub(crate) fn after(
        self,
        renamed: &FxHashMap<Local, Local>,
        variables: &FxHashSet<Local>,
    ) -> Homes<'tcx> {
        let upvars = self.upvars.into_iter().map(|upvar| {
            let local = upvar.local.map(|local| renamed.get(&local).copied().unwrap_or(local));
            let is_variable =
                upvar.is_variable || local.is_some_and(|local| variables.contains(&local));
            Upvar { local, is_variable, ..upvar }
        });
        Homes { upvars: upvars.collect(), ..self }
    }

    /// The upvar that is in a local.
    pub(crate) fn in_local(&self, local: Local) -> Option<&Upvar<'tcx>> {
        self.upvars.iter().find(|upvar| upvar.local == Some(local))
    }

    /// Whether an upvar is in a local.
    pub(crate) fn is_upvar(&self, local: Local) -> bool {
        self.in_local(local).is_some()
    }

    /// Whether a body still has these locals: rustc empties the bodies of functions that
    /// cannot be called, for no type fulfils their bounds.
    pub(crate) fn are_of(&self, body: &Body<'tcx>) -> bool {
        self.relocated().all(|(_, local, upvar)| {
            let decl = body.local_decls.get(local);
            decl.is_some_and(|decl| decl.source_info.scope == upvar.scope)
        })
    }

    /// The upvars that are in locals, in capture order.
    pub(crate) fn relocated(&self) -> impl Iterator<Item = (FieldIdx, Local, &Upvar<'tcx>)> {
        self.upvars
            .iter_enumerated()
            .filter_map(|(field, upvar)| Some((field, upvar.local?, upvar)))
    }
}
