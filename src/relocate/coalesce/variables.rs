//! Variables that upvars are moved to, but not immediately: `async move { a().await; let x = x; .. }`.
//!
//! [`crate::relocate::promote::binding`] finds those that the body fills on the straight way from its entry. After a branch or a
//! suspension more can happen in between, and [`super::merge`] has to look: but if the upvar is moved once, or
//! copied once and not used otherwise, the variable can still be where the upvar lives.

use rustc_index::IndexVec;
use rustc_middle::mir::{Body, Local};

use super::chain::Chain;
use super::merge::Merges;
use crate::relocate::body::facts::Facts;
use crate::relocate::promote::homes::Homes;

/// Adds the upvars whose only use is one move, or copy, of the whole to a variable.
pub(crate) fn find<'tcx>(
    body: &Body<'tcx>,
    facts: &IndexVec<Local, Facts>,
    homes: &Homes<'tcx>,
    merges: &mut Merges<'_>,
) {
    for (_, local, _) in homes.relocated() {
        let Facts { moves, other_uses, .. } = &facts[local];
        let uses = if moves.is_empty() { other_uses } else { moves };
        let to_variables = uses.iter().filter_map(|&location| {
            let chain = Chain::new(body, &[location])?;
            is_variable(body, chain.tail()).then(|| chain.into_head())
        });
        for chain in to_variables {
            if let [_] = uses[..] {
                merges.add(body, facts, &chain, true);
            } else {
                merges.refuse(body, &chain, "it is moved, or used, in other places, too");
            }
        }
    }
}

/// Whether the user declared a local. Temporaries may be arguments of calls, which
/// [`super::arguments`] knows more about.
fn is_variable(body: &Body<'_>, local: Local) -> bool {
    body.local_decls[local].is_user_variable()
}
