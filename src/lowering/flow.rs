//! No write to a field of a coroutine hits the bytes of another field that is still needed.
//!
//! This is liveness once more, but of the fields in the final MIR: a field is *needed* at a point
//! if, on some path from there, it is read before it is written as a whole. Paths go on from a
//! suspension to where the function is resumed; and what is alive in a suspended state is needed
//! there, for the coroutine may be dropped in it. Whatever is written meanwhile must have other
//! bytes. For the captured variables that means: nothing that is written between Unresumed and
//! their last use hits them.
//!
//! A check that stops compilations must not err. Only reads of what is initialized on every path
//! count: a read that a drop flag guards may be on a path that is never taken, and where the flag is not
//! set, the bytes hold another value. And a value that is used through a pointer is needed only
//! up to the last place that names it; [`super::verify::conflicts`] checks what is left.

use rustc_index::IndexVec;
use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::{BasicBlock, CoroutineSavedLocal};
use rustc_span::Span;

use super::body::{Event, ResumeFunction};
use super::graph::{Block, Graph, Locals};
use super::seen::Seen;
use super::verify::Overlaps;
use super::violation::Violation;

/// Checks a resume function, given which fields share bytes.
pub(super) fn check(seen: &Seen<'_>, overlaps: &Overlaps) -> Result<(), Violation> {
    if !overlaps.any {
        return Ok(());
    }
    let mut flow = Flow { seen, graph: Graph::new(&ResumeFunction::new(seen)) };
    flow.keep_certain_reads();
    flow.find_overwritten(&flow.needed_at_starts(), overlaps)
}

struct Flow<'a, 'tcx> {
    seen: &'a Seen<'tcx>,
    graph: Graph,
}

impl Flow<'_, '_> {
    fn nothing(&self) -> Locals {
        DenseBitSet::new_empty(self.seen.saved.len())
    }

    /// Takes out the reads of what may not be initialized, and adds, as reads, what is alive and
    /// initialized at each suspension.
    fn keep_certain_reads(&mut self) {
        let initialized = self.initialized_at_starts();
        for (block, state) in initialized.into_iter_enumerated() {
            let Some(mut state) = state else { continue };
            for event in self.graph.block_mut(block).events_mut() {
                event.reads.retain(|local| state.contains(*local));
                if let Some(variant) = event.suspends {
                    let alive = self.seen.info.variant_fields[variant].iter();
                    let alive = alive.map(|&local| self.seen.holders[local]);
                    event.reads.extend(alive.filter(|local| state.contains(*local)));
                }
                event.initialize(&mut state);
            }
        }
    }

    /// What is initialized on all paths to the start of each block.
    fn initialized_at_starts(&self) -> IndexVec<BasicBlock, Option<Locals>> {
        let mut captures = self.nothing();
        for upvar in self.seen.upvars.indices() {
            captures.insert(self.seen.holder_of_upvar(upvar));
        }
        let mut at_start = IndexVec::from_elem_n(None, self.graph.len());
        at_start[self.graph.entries.unresumed] = Some(captures);
        let mut dirty = DenseBitSet::new_empty(self.graph.len());
        dirty.insert(self.graph.entries.unresumed);
        while !dirty.is_empty() {
            for &block in &self.graph.order {
                if !dirty.remove(block) {
                    continue;
                }
                let state = at_start[block].clone().expect("a dirty block has a state");
                self.after_block(block, state, |next, state| {
                    let changed = match &mut at_start[next] {
                        Some(known) => known.intersect(state),
                        unknown => {
                            *unknown = Some(state.clone());
                            true
                        }
                    };
                    if changed {
                        dirty.insert(next);
                    }
                });
            }
        }
        at_start
    }

    /// Walks a block and tells what is initialized on each way out of it.
    fn after_block(
        &self,
        block: BasicBlock,
        mut state: Locals,
        mut way_out: impl FnMut(BasicBlock, &Locals),
    ) {
        let Block { statements, terminator, successors, unwind, .. } = self.graph.block(block);
        for event in statements {
            if let Some(next) = event.resumes_at(&self.graph.entries) {
                way_out(next, &state);
            }
            event.initialize(&mut state);
        }
        if let Some(unwind) = *unwind {
            let mut state = state.clone();
            terminator.initialize_unwinding(&mut state);
            way_out(unwind, &state);
        }
        terminator.initialize(&mut state);
        successors.iter().for_each(|&next| way_out(next, &state));
    }

    /// What is needed at the start of each block.
    fn needed_at_starts(&self) -> IndexVec<BasicBlock, Locals> {
        let mut at_start = IndexVec::from_elem_n(self.nothing(), self.graph.len());
        let mut changed = true;
        while changed {
            changed = false;
            for &block in self.graph.order.iter().rev() {
                let needed = self.before_block(block, &at_start, |_, _| ());
                changed |= at_start[block].union(&needed);
            }
        }
        at_start
    }

    /// Walks a block backwards and tells what is needed at its start. `see` gets each event with
    /// what is needed after it.
    fn before_block(
        &self,
        block: BasicBlock,
        at_start: &IndexVec<BasicBlock, Locals>,
        mut see: impl FnMut(&Event, &[&Locals]),
    ) -> Locals {
        let Block { statements, terminator, successors, unwind, .. } = self.graph.block(block);
        let mut needed = self.nothing();
        for &next in successors {
            needed.union(&at_start[next]);
        }
        let unwinding = unwind.map(|unwind| &at_start[unwind]);
        match unwinding {
            Some(unwinding) => see(terminator, &[&needed, unwinding]),
            None => see(terminator, &[&needed]),
        }
        step_back(terminator, &mut needed);
        if let Some(unwinding) = unwinding {
            needed.union(unwinding);
        }
        for event in statements.iter().rev() {
            see(event, &[&needed]);
            step_back(event, &mut needed);
            if let Some(next) = event.resumes_at(&self.graph.entries) {
                needed.union(&at_start[next]);
            }
        }
        needed
    }

    /// Looks at everything that is written.
    fn find_overwritten(
        &self,
        at_start: &IndexVec<BasicBlock, Locals>,
        overlaps: &Overlaps,
    ) -> Result<(), Violation> {
        let mut found = None;
        for &block in &self.graph.order {
            if self.graph.block(block).is_never_run {
                continue;
            }
            self.before_block(block, at_start, |event, needed| {
                for &written in event.writes.iter().chain(&event.touches) {
                    // What the event itself reads may be read while it writes.
                    let hit = overlaps.matrix.iter(written).find(|other| {
                        needed.iter().any(|needed| needed.contains(*other))
                            || event.reads.contains(other)
                    });
                    if let Some(hit) = hit {
                        found.get_or_insert_with(|| self.overwrites(written, hit, event.span));
                    }
                }
            });
        }
        found.map_or(Ok(()), Err)
    }

    fn overwrites(
        &self,
        written: CoroutineSavedLocal,
        needed: CoroutineSavedLocal,
        span: Span,
    ) -> Violation {
        let seen = self.seen;
        let message = format!(
            "writing {} of `{}` overwrites {}, which is still needed",
            seen.describe(written),
            seen.name(),
            seen.describe(needed),
        );
        Violation { span, message }
    }
}

/// What is needed before an event, given what is needed after it.
fn step_back(event: &Event, needed: &mut Locals) {
    for &local in &event.writes {
        needed.remove(local);
    }
    for &local in &event.reads {
        needed.insert(local);
    }
}
