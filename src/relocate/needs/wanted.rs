//! Where a value is wanted: it is used later, or borrowed, or may be borrowed later on a way on which it stays.
//!
//! The last is what the other two do not say: `if c { look(&x) } else { f().await } g().await`. On the second way `x` is neither
//! used nor borrowed; where the ways meet it may be borrowed. If its storage ended on the second way, it would begin
//! anew where they meet, and be saved without a value.
//!
//! The lattice: sets of candidates; the join is the union, backwards.

use rustc_index::IndexVec;
use rustc_middle::mir::visit::{MutatingUseContext, PlaceContext, Visitor};
use rustc_middle::mir::{BasicBlock, Body, Local, Location, Place, traversal};

use super::candidates::{Candidates, Set};

/// The candidates that are wanted at both ends of each block.
pub(super) struct Wanted {
    pub(super) at_start: IndexVec<BasicBlock, Set>,
    pub(super) at_end: IndexVec<BasicBlock, Set>,
}

impl Wanted {
    /// Finds them, given which locals are used later or borrowed where each block begins.
    pub(super) fn of(
        body: &Body<'_>,
        candidates: &Candidates,
        used: IndexVec<BasicBlock, Set>,
    ) -> Wanted {
        let ended: IndexVec<BasicBlock, Set> = body
            .basic_blocks
            .iter_enumerated()
            .map(|(block, data)| {
                let mut ended = Ended { candidates, found: candidates.none() };
                ended.visit_basic_block_data(block, data);
                ended.found
            })
            .collect();
        let mut at_start = used;
        let mut at_end = IndexVec::from_elem(candidates.none(), &body.basic_blocks);
        let mut changed = true;
        while changed {
            changed = false;
            for (block, data) in traversal::postorder(body) {
                for successor in data.terminator().successors() {
                    at_end[block].union(&at_start[successor]);
                }
                let mut through = at_end[block].clone();
                through.subtract(&ended[block]);
                changed |= at_start[block].union(&through);
            }
        }
        Wanted { at_start, at_end }
    }
}

/// The candidates that have another value, or none, at the end of a block than at its beginning.
struct Ended<'a> {
    candidates: &'a Candidates,
    found: Set,
}

impl Ended<'_> {
    fn end(&mut self, local: Local) {
        if let Some(number) = self.candidates.number(local) {
            self.found.insert(number);
        }
    }
}

impl<'tcx> Visitor<'tcx> for Ended<'_> {
    fn visit_place(&mut self, place: &Place<'tcx>, context: PlaceContext, location: Location) {
        let assigns = matches!(
            context,
            PlaceContext::MutatingUse(
                MutatingUseContext::Store
                    | MutatingUseContext::Call
                    | MutatingUseContext::Yield
                    | MutatingUseContext::AsmOutput
            )
        );
        if assigns && let Some(local) = place.as_local() {
            self.end(local);
        }
        self.super_place(place, context, location);
    }

    fn visit_local(&mut self, local: Local, context: PlaceContext, _: Location) {
        if context.is_storage_marker() {
            self.end(local);
        }
    }
}
