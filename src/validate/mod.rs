//! Checks that [`crate::relocate`] has not changed what a coroutine's body does.
//!
//! The verifier of [`crate::lowering`] compares the final MIR with the layout. It cannot see a wrong merge: there,
//! the merged locals are one. This module compares the body *before* the pass with the body *after* it, as the checker of a
//! register allocator does (`checker.rs` in regalloc2). It knows nothing of how the pass decides, and is told nothing: neither which
//! locals were merged nor which statements were removed.
//!
//! # How
//!
//! Both bodies are led through their control flow side by side ([`walk`]). What only shuffles values is *silent*: each
//! body does it alone. That is storage that begins or ends, a move or a copy from one local, or a part of one, to another, a jump,
//! a drop of what has no value, and, before, a call of `into_future` that is the identity. Everything else both bodies must
//! do at the same time, in the same way ([`shape`]): on places that hold the same ([`step`]).
//!
//! # The lattice
//!
//! At every pair of points, the state ([`state`]) is:
//!
//! * `same` ([`relation`]): pairs (old place, new place) that are *in the same state*: one has a value if and only if the other
//!   has, and it is the same value. A pair speaks of all parts but those that are excepted. Two places that have no value
//!   for sure need no pair. Where ways meet: intersection;
//! * `borrows`: pairs (old place, new place) that may be borrowed, until the storage of the old local ends. Union;
//! * `filled`: what may have a value, in each body, by the effects that drop elaboration goes by. Union.
//!
//! Which drops are of nothing, and what may have no storage, is known beforehand: rustc's dataflow, on each body alone ([`side`]).
//!
//! # The transfer functions
//!
//! | what happens | effect | what must hold |
//! |---|---|---|
//! | silent, old: `y = move x` | `(y, q)` for every `(x, q)`; none for `x` | |
//! | silent, new: `r = move q` | `(x, r)` for every `(x, q)`; none for `q` | `q` may have a value, `r` has storage |
//! | storage of `x` or `q` ends or begins | no pairs of it; the borrows of `x` end | |
//! | both use `x` and `q` | | `(x, q)` is the same; `q` has storage |
//! | both move `x` and `q` | `(x, q)`, and no other pairs of either | the same |
//! | both write to `x` and `q` | `(x, q)`, and no other pairs of either | `q` has storage and `x`'s type |
//! | both borrow `x` and `q` | a borrow | nothing else that has a value is borrowed from `q`, `x` from nothing else |
//! | both may write through pointers | no other pairs of what is borrowed | |
//! | both drop `x` and `q` | as for a move | the same, as far as there are destructors |
//! | one drops what may have a value | | the other does, too |
//! | anything | | `(x, q)` is the same for every borrow of an `x` that may have a value |
//!
//! `drop(captures)` counts as the drops that stock's drop elaboration makes of it, in order, with their unwind edges. The unwind edge of a
//! call leaves neither result as it was. Where a call's or an aggregate's result is an operand's place in the new body, it
//! must have been so in the old one. And debug info must name the place that a variable is used in.
//!
//! # What is assumed
//!
//! * What has been moved out of is not used through a reference: borrowck has shown that. Through a raw pointer it may be written to; then, here,
//!   the pair of who lives there now is lost. But this sees only pointers that the body takes itself (`&raw`),
//!   not those that a callee makes out of a reference ([`crate::relocate`] looks for more of them).
//! * Destructors that are awaited: what follows when a coroutine is dropped meanwhile (`drop` edges of drops) is not looked at.
//! * What comes after `StateTransform` (slots that are called by their upvars' names): [`crate::lowering`] checks that.
//!
//! It is off in users' builds, where it costs more than it finds: `SNUG_VALIDATE=1` or `-Zvalidate-mir` switch it on.

mod alone;
mod checks;
mod messages;
mod names;
mod place;
mod relation;
mod shape;
mod side;
mod state;
mod step;
mod violation;
mod walk;

use rustc_middle::mir::Body;
use rustc_middle::ty::TyCtxt;

use crate::imaginary_edges;

use messages::show;
use names::Variables;
use side::{Facts, Side};
use violation::{Result, Violation};
use walk::Walk;

/// Switches the validator on.
pub(crate) const VARIABLE: &str = "SNUG_VALIDATE";

/// Whether bodies are to be checked. The variable is read through a query: who sets it wants to see what an incremental build would
/// take from its cache checked, too.
pub(crate) fn is_on(tcx: TyCtxt<'_>) -> bool {
    let value = tcx.env_var_os(VARIABLE.as_ref());
    let is_set = value.is_some_and(|value| !value.is_empty() && value != "0");
    is_set || tcx.sess.opts.unstable_opts.validate_mir
}

/// Stops the compiler if a body does something else than it did before.
pub(crate) fn check<'tcx>(tcx: TyCtxt<'tcx>, before: &Body<'tcx>, body: &Body<'tcx>) {
    if let Err(Violation { message, points, span }) = compare(tcx, before, body) {
        let [old, new] = points.map(show);
        span_bug!(
            span,
            "Snug's relocation has changed what `{}` does: {message} (at {old} before, {new} after)",
            tcx.def_path_str(body.source.def_id()),
        );
    }
}

fn compare<'tcx>(tcx: TyCtxt<'tcx>, old: &Body<'tcx>, new: &Body<'tcx>) -> Result<()> {
    let variables = Variables::find(tcx, old, new)?;
    let bodies = [old, new].map(|body| {
        let mut body = body.clone();
        imaginary_edges::remove(&mut body);
        body
    });
    let facts = bodies.each_ref().map(|body| Facts::of(tcx, body));
    let sides = [0, 1].map(|side| Side::new(tcx, &bodies[side], &facts[side]));
    Walk::new(tcx, sides, variables).run()
}
