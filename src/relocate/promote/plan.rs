//! Decides which upvars of a coroutine body are relocated, and into which locals.
//!
//! Almost every upvar is: to the variable that the body moves it to immediately, if there is one (see
//! [`super::binding`]), else to a new local. Left alone are:
//!
//! * bodies that use their capture struct in a way this pass does not know;
//! * coroutines that capture something with an async destructor: stock drops whole captures
//!   synchronously (`expand_async_drops` skips the coroutine's own type), a local would be awaited;
//! * in movable coroutines, upvars without drop glue whose address is taken. The liveness of movable
//!   coroutines ignores borrows, so such a local could die while a raw pointer to it is still used
//!   across a yield; in stock's prefix it cannot. These keep their bytes for the coroutine's whole life,
//!   as in stock. (Upvars with drop glue stay alive, for their drop is a use; but where a raw pointer
//!   may lead to one that is moved out of, all of them stay where they are, and stock drops them.)
//! * so do, in movable coroutines that can be cloned, upvars without drop glue whose `Clone` may be
//!   the user's: stock clones all upvars in every state, which is sound for these, and can be seen.

use rustc_abi::FieldIdx;
use rustc_index::{Idx, IndexVec};
use rustc_middle::mir::{BasicBlock, Body, Local, SourceInfo, SourceScope};
use rustc_middle::ty::{self, Ty, TyCtxt};
use rustc_span::def_id::DefId;

use super::binding::{self, Binding};
use super::captures::{CAPTURES, CaptureUses};
use crate::compat;
use crate::decisions::{Decisions, Phase, Subject};
use crate::relocate::body::raw_pointers;
use crate::relocate::body::types::is_movable;

/// What becomes of one upvar.
pub(crate) struct Upvar<'tcx> {
    pub(crate) ty: Ty<'tcx>,
    pub(crate) home: Home,
    pub(crate) needs_drop: bool,
    /// A source scope of its own, by which the local is found again after `StateTransform`. It has
    /// no lint root, so lints about large or suspended values do not see the prologue's move.
    pub(crate) scope: SourceScope,
}

/// Where an upvar lives once the prologue has run.
pub(crate) enum Home {
    /// Where it was.
    InPlace,
    /// In a new local.
    New {
        local: Local,
        /// Where the user moves it on immediately, to something that cannot be its home. The two moves
        /// may become one, and lints must still see the user's.
        moved_at: Option<SourceInfo>,
    },
    /// In the variable that the body would have moved it to immediately.
    Bound(Binding),
}

impl Upvar<'_> {
    /// The local that the upvar moves to, if it moves.
    pub(crate) fn local(&self) -> Option<Local> {
        match self.home {
            Home::InPlace => None,
            Home::New { local, .. } => Some(local),
            Home::Bound(binding) => Some(binding.local),
        }
    }
}

/// What becomes of the upvars of one body.
pub(crate) struct Plan<'tcx> {
    pub(crate) coroutine: DefId,
    pub(crate) upvars: IndexVec<FieldIdx, Upvar<'tcx>>,
    /// The index of the first new local, and how many there are: they come directly after the
    /// arguments, so that rustc lists captures before other saved locals.
    pub(crate) first_local: Local,
    pub(crate) new_locals: usize,
    /// `drop(captures)` terminators.
    pub(crate) drops: Vec<BasicBlock>,
}

impl<'tcx> Plan<'tcx> {
    /// The plan for a body; `None` if nothing is to be relocated.
    pub(crate) fn new(
        tcx: TyCtxt<'tcx>,
        body: &Body<'tcx>,
        decisions: &Decisions,
    ) -> Option<Plan<'tcx>> {
        let done = |subject, reason| decisions.done(Phase::Promotion, body, subject, reason);
        let refuse = |subject, reason| decisions.refuse(Phase::Promotion, body, subject, reason);
        let ty::Coroutine(coroutine, args) = *body.local_decls[CAPTURES].ty.kind() else {
            return None;
        };
        let tys = args.as_coroutine().upvar_tys();
        if tys.is_empty() {
            return None;
        }
        // Drop elaboration follows with this typing environment.
        let typing_env = ty::TypingEnv::post_analysis(tcx, body.source.def_id());
        if compat::has_async_drop(tcx) && tys.iter().any(|ty| ty.needs_async_drop(tcx, typing_env))
        {
            refuse(Subject::Body, "it captures a value with an async destructor");
            return None;
        }

        let uses = CaptureUses::find(body, tys.len());
        if uses.unknown {
            refuse(Subject::Body, "its captures are used in a way that the pass does not know");
            return None;
        }
        let movable = is_movable(body);
        let is_moved_and_borrowed = |(field, ty): (usize, Ty<'tcx>)| {
            let field = FieldIdx::new(field);
            uses.moved[field] && uses.address_taken[field] && ty.needs_drop(tcx, typing_env)
        };
        let keeps_destructors = movable
            && tys.iter().enumerate().any(is_moved_and_borrowed)
            && raw_pointers::targets(tcx, body).contains(CAPTURES);
        let clonable = movable && tcx.features().coroutine_clone();
        let mut moves = binding::find(body, &uses);
        let first_local = Local::new(body.arg_count + 1);
        let mut new_locals = 0;
        let mut upvars = IndexVec::with_capacity(tys.len());
        for (index, ty) in tys.iter().enumerate() {
            let field = FieldIdx::new(index);
            let scope = body.source_scopes.next_index() + index;
            let needs_drop = ty.needs_drop(tcx, typing_env);
            let subject = Subject::Upvar(field);
            let has_address_in_every_state = movable && uses.address_taken[field];
            let is_cloned_in_every_state = clonable && !ty.is_trivially_pure_clone_copy();
            let home = if has_address_in_every_state && !needs_drop {
                refuse(subject, "the coroutine can be moved, and its address is taken");
                Home::InPlace
            } else if is_cloned_in_every_state && !needs_drop {
                refuse(subject, "the coroutine can be cloned, and its `Clone` may be the user's");
                Home::InPlace
            } else if let Some(binding) = moves.bindings.swap_remove(&field) {
                done(subject, "the variable that it is moved to immediately is its local");
                Home::Bound(binding)
            } else if keeps_destructors && needs_drop {
                refuse(subject, "a raw pointer may lead to a captured value that is moved out of");
                Home::InPlace
            } else {
                done(subject, "it gets a local of its own");
                new_locals += 1;
                let local = first_local + (new_locals - 1);
                let moved_at = moves.others.get(&field).copied();
                Home::New { local, moved_at }
            };
            upvars.push(Upvar { ty, home, needs_drop, scope });
        }
        // The new locals come before the variables of the body.
        for upvar in &mut upvars {
            if let Home::Bound(binding) = &mut upvar.home {
                binding.local += new_locals;
            }
        }
        let drops = uses.drops;
        Some(Plan { coroutine, upvars, first_local, new_locals, drops })
    }

    /// The upvars that move, with their locals, in capture order.
    pub(crate) fn relocated(&self) -> impl Iterator<Item = (FieldIdx, Local, &Upvar<'tcx>)> {
        self.upvars
            .iter_enumerated()
            .filter_map(|(field, upvar)| Some((field, upvar.local()?, upvar)))
    }

    /// The upvars that move to new locals, with these, in capture order.
    pub(crate) fn to_new_locals(&self) -> impl Iterator<Item = (Local, &Upvar<'tcx>)> {
        self.upvars.iter().filter_map(|upvar| match upvar.home {
            Home::New { local, .. } => Some((local, upvar)),
            Home::InPlace | Home::Bound(_) => None,
        })
    }

    /// The upvars that move to variables of the body.
    pub(crate) fn bound(&self) -> impl Iterator<Item = (&Binding, &Upvar<'tcx>)> {
        self.upvars.iter().filter_map(|upvar| match &upvar.home {
            Home::Bound(binding) => Some((binding, upvar)),
            Home::InPlace | Home::New { .. } => None,
        })
    }
}
