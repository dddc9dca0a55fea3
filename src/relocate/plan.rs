//! Decides which upvars of a coroutine body are relocated, and into which locals.
//!
//! Almost every upvar is. Left alone are:
//!
//! * bodies with errors, and bodies that use their capture struct in a way this pass does not know;
//! * coroutines that capture something with an async destructor: stock drops whole captures
//!   synchronously (`expand_async_drops` skips the coroutine's own type), a local would be awaited;
//! * in movable coroutines, upvars without drop glue whose address is taken. The liveness of movable
//!   coroutines ignores borrows, so such a local could die while a raw pointer to it is still used
//!   across a yield; in stock's prefix it cannot. (Upvars with drop glue stay alive: their drop is a
//!   use.) These keep their bytes for the coroutine's whole life, as in stock.

use rustc_abi::FieldIdx;
use rustc_hir::{CoroutineKind, Movability};
use rustc_index::{Idx, IndexVec};
use rustc_middle::mir::visit::{NonUseContext, PlaceContext, Visitor};
use rustc_middle::mir::{
    BasicBlock, Body, BorrowKind, Local, Location, Place, ProjectionElem, Rvalue, SourceInfo,
    SourceScope, Terminator, TerminatorKind,
};
use rustc_middle::ty::{self, Ty, TyCtxt};
use rustc_span::def_id::DefId;

/// The local that holds the captures before `StateTransform`.
pub(super) const CAPTURES: Local = ty::CAPTURE_STRUCT_LOCAL;

/// What becomes of one upvar.
pub(super) struct Upvar<'tcx> {
    pub(super) ty: Ty<'tcx>,
    /// The local that it moves to; `None`: it stays in place.
    pub(super) local: Option<Local>,
    pub(super) needs_drop: bool,
    /// A source scope of its own, by which the local is found again after `StateTransform`. It has
    /// no lint root, so lints about large or suspended values do not see the move.
    pub(super) scope: SourceScope,
}

/// What becomes of the upvars of one body.
pub(super) struct Plan<'tcx> {
    pub(super) coroutine: DefId,
    pub(super) upvars: IndexVec<FieldIdx, Upvar<'tcx>>,
    /// The index of the first new local, and how many there are: they come right behind the
    /// arguments, so that rustc lists captures before other saved locals.
    pub(super) first_local: Local,
    pub(super) new_locals: usize,
    /// `drop(captures)` terminators.
    pub(super) drops: Vec<BasicBlock>,
}

impl<'tcx> Plan<'tcx> {
    /// The plan for a body; `None` if nothing is to be relocated.
    pub(super) fn new(tcx: TyCtxt<'tcx>, body: &Body<'tcx>) -> Option<Plan<'tcx>> {
        body.yield_ty()?;
        let ty::Coroutine(coroutine, args) = *body.local_decls[CAPTURES].ty.kind() else {
            return None;
        };
        let tys = args.as_coroutine().upvar_tys();
        if tys.is_empty()
            || body.tainted_by_errors.is_some()
            || tcx.is_async_drop_in_place_coroutine(coroutine)
        {
            return None;
        }
        // Drop elaboration follows with this typing environment.
        let typing_env = ty::TypingEnv::post_analysis(tcx, body.source.def_id());
        if tcx.features().async_drop() && tys.iter().any(|ty| ty.needs_async_drop(tcx, typing_env))
        {
            return None;
        }

        let uses = Uses::find(body, tys.len());
        if uses.unknown {
            return None;
        }
        let movable = body.coroutine_kind().is_some_and(is_movable);
        let first_local = Local::new(body.arg_count + 1);
        let mut new_locals = 0;
        let upvars = tys
            .iter()
            .enumerate()
            .map(|(index, ty)| {
                let needs_drop = ty.needs_drop(tcx, typing_env);
                let stays = movable && !needs_drop && uses.address_taken[FieldIdx::new(index)];
                let local = (!stays).then(|| {
                    new_locals += 1;
                    first_local + (new_locals - 1)
                });
                let scope = body.source_scopes.next_index() + index;
                Upvar { ty, local, needs_drop, scope }
            })
            .collect();
        Some(Plan { coroutine, upvars, first_local, new_locals, drops: uses.drops })
    }

    /// The upvars that move, with their locals, in capture order.
    pub(super) fn relocated(
        &self,
    ) -> impl DoubleEndedIterator<Item = (FieldIdx, Local, &Upvar<'tcx>)> {
        self.upvars
            .iter_enumerated()
            .filter_map(|(field, upvar)| Some((field, upvar.local?, upvar)))
    }

    /// Where the statements of an upvar's relocation come from.
    pub(super) fn source_info(&self, body: &Body<'tcx>, upvar: &Upvar<'tcx>) -> SourceInfo {
        SourceInfo { span: body.span, scope: upvar.scope }
    }
}

fn is_movable(kind: CoroutineKind) -> bool {
    kind.movability() == Movability::Movable
}

/// How a body uses its captures.
struct Uses {
    address_taken: IndexVec<FieldIdx, bool>,
    drops: Vec<BasicBlock>,
    /// The captures are used as a whole, other than by a plain drop.
    unknown: bool,
}

impl Uses {
    fn find(body: &Body<'_>, upvars: usize) -> Uses {
        let address_taken = IndexVec::from_elem_n(false, upvars);
        let mut uses = Uses { address_taken, drops: Vec::new(), unknown: false };
        uses.visit_body(body);
        uses
    }

    fn note_address_taken(&mut self, place: &Place<'_>) {
        if place.local == CAPTURES
            && !place.is_indirect()
            && let [ProjectionElem::Field(field, _), ..] = place.projection[..]
        {
            self.address_taken[field] = true;
        }
    }
}

impl<'tcx> Visitor<'tcx> for Uses {
    fn visit_terminator(&mut self, terminator: &Terminator<'tcx>, location: Location) {
        if let TerminatorKind::Drop { place, async_fut, .. } = &terminator.kind
            && place.as_local() == Some(CAPTURES)
        {
            self.drops.push(location.block);
            self.unknown |= async_fut.is_some();
            return;
        }
        self.super_terminator(terminator, location);
    }

    fn visit_rvalue(&mut self, rvalue: &Rvalue<'tcx>, location: Location) {
        match rvalue {
            // Fake borrows exist only for borrowck.
            Rvalue::Ref(_, BorrowKind::Fake(_), _) => {}
            Rvalue::Ref(_, _, place) | Rvalue::RawPtr(_, place) => self.note_address_taken(place),
            _ => {}
        }
        self.super_rvalue(rvalue, location);
    }

    fn visit_place(&mut self, place: &Place<'tcx>, context: PlaceContext, location: Location) {
        let of_upvar = matches!(place.projection[..], [ProjectionElem::Field(..), ..]);
        if place.local == CAPTURES && !of_upvar && context.is_use() {
            self.unknown = true;
        }
        self.super_place(place, context, location);
    }

    fn visit_local(&mut self, local: Local, context: PlaceContext, _: Location) {
        // StorageLive and StorageDead of the captures would be news.
        let storage = matches!(
            context,
            PlaceContext::NonUse(NonUseContext::StorageLive | NonUseContext::StorageDead)
        );
        self.unknown |= local == CAPTURES && storage;
    }
}
