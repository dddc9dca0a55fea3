//! Whether a chain of locals can be one local.
//!
//! The value is never in two of them, and the type is one, so they can share their place and the
//! moves fall away. What must hold, and is checked:
//!
//! * each transfer is the only definition of what it moves to, and the head has one definition;
//! * in between, nothing but the transfers uses the locals in the middle, and nothing uses the head
//!   after the first transfer while the tail is in use; what is copied, not moved, is copied once;
//! * before the first transfer, nothing uses the tail;
//! * no raw pointer leads to the head ([`crate::relocate::body::raw_pointers`]): unsafe code may use its place even when it has
//!   been moved out of;
//! * no flag that says whether the tail is to be dropped would be saved where stock saves neither the flag
//!   nor the tail: it is set where the value comes to its place, which is earlier now;
//! * the head is alive while the body is suspended only if the caller allows it. A value that has
//!   two places in stock, in one suspension and in a later one, would have to stay in one, and that could
//!   make the coroutine bigger than stock's; but not an upvar, which stock keeps for ever.

use rustc_data_structures::fx::FxHashSet;
use rustc_data_structures::graph::scc::Sccs;
use rustc_index::IndexVec;
use rustc_middle::mir::{BasicBlock, Body, Local, Location};

use super::chain::Chain;
use crate::decisions::Reason;
use crate::relocate::body::facts::{Facts, is_used_across_suspension};
use crate::relocate::body::flow::{
    Step, is_suspension, statements_between, suspends_between, walk_after,
};

/// What the merging of one chain changes.
#[derive(Default)]
pub(super) struct Found {
    /// Statements that go.
    pub(super) removed: Vec<Location>,
    /// Drops of what has always been moved out of there.
    pub(super) dead_drops: Vec<BasicBlock>,
    /// `StorageDead`s of the tail after which the head's scope goes on.
    pub(super) restarts: Vec<Location>,
}

/// A chain, and what is known of its body.
pub(super) struct Check<'a, 'tcx> {
    pub(super) body: &'a Body<'tcx>,
    /// The loops that blocks are part of.
    pub(super) loops: &'a Sccs<BasicBlock, usize>,
    pub(super) facts: &'a IndexVec<Local, Facts>,
    pub(super) chain: &'a Chain,
    /// Whether the head may be alive while the body is suspended.
    pub(super) head_may_be_saved: bool,
}

impl Check<'_, '_> {
    /// What merging it changes, or why it cannot be merged.
    pub(super) fn run(&self) -> Result<Found, Reason> {
        let mut found = Found::default();
        self.check_definitions()?;
        self.check_middle(&mut found)?;
        let live_drops = self.check_before_first_transfer()?;
        self.check_after_first_transfer(&live_drops, &mut found)?;
        let head = &self.facts[self.chain.head()];
        if self.saves_another_drop_flag() {
            return Err("a flag would be saved that says whether it is to be dropped");
        }
        let dead_drops = head.drops.iter().filter(|drop| !live_drops.contains(drop));
        found.dead_drops.extend(dead_drops.map(|location| location.block));
        found.removed.extend(&self.facts[self.chain.tail()].storage_live);
        Ok(found)
    }

    /// Each local has one definition. After the first transfer the head has no value, and no pointer leads to it.
    fn check_definitions(&self) -> Result<(), Reason> {
        for (transfer, local) in self.chain.transfers.iter().zip(&self.chain.locals[1..]) {
            if self.facts[*local].definitions != [*transfer] {
                return Err("what it moves to is assigned elsewhere, too");
            }
        }
        let head = &self.facts[self.chain.head()];
        // What is copied may be used again, so the copy must be the only use.
        let is_moved = head.moves.contains(&self.chain.transfers[0]);
        let is_only_use = head.moves.is_empty() && head.other_uses == [self.chain.transfers[0]];
        if head.definitions.len() != 1 {
            Err("it is assigned more than once")
        } else if head.has_raw_pointer {
            Err("a raw pointer may lead to it")
        } else if !is_moved && !is_only_use {
            Err("it is copied, and used elsewhere, too")
        } else {
            Ok(())
        }
    }

    /// The locals in the middle are temporaries that the transfers fill and empty, and nothing else.
    fn check_middle(&self, found: &mut Found) -> Result<(), Reason> {
        for (index, &local) in self.chain.middle().iter().enumerate() {
            let facts = &self.facts[local];
            let (filled, emptied) = (self.chain.transfers[index], self.chain.transfers[index + 1]);
            let only_transfers = facts.moves == [emptied] && facts.other_uses.is_empty();
            let straight = statements_between(self.body, filled, emptied).is_some();
            if !only_transfers || !straight {
                return Err("more than moves happens to a temporary in between");
            }
            found.removed.extend(facts.storage_live.iter().chain(&facts.storage_dead));
            found.removed.extend(&facts.mentions);
            found.dead_drops.extend(facts.drops.iter().map(|location| location.block));
        }
        Ok(())
    }

    /// From the head's definition on: the tail is not used while the head holds the value. Gives the
    /// drops that the head's value may reach.
    fn check_before_first_transfer(&self) -> Result<FxHashSet<Location>, Reason> {
        let head = &self.facts[self.chain.head()];
        let tail = &self.facts[self.chain.tail()];
        let mut drops = FxHashSet::default();
        let mut free = true;
        walk_after(self.body, head.definitions[0], |location| {
            let ends = [&head.definitions, &head.moves, &head.storage_dead];
            if location == self.chain.transfers[0]
                || ends.iter().any(|list| list.contains(&location))
            {
                return Step::End;
            }
            if head.drops.contains(&location) {
                drops.insert(location);
                return Step::End;
            }
            free &= !tail.drops.contains(&location)
                && !tail.storage_dead.contains(&location)
                && (self.head_may_be_saved || !is_suspension(self.body, location));
            if free { Step::On } else { Step::End }
        });
        free.then_some(drops).ok_or("what it moves to ends before, or it would be saved twice")
    }

    /// From the first transfer on: the head is not used while the tail holds the value.
    fn check_after_first_transfer(
        &self,
        live_drops: &FxHashSet<Location>,
        found: &mut Found,
    ) -> Result<(), Reason> {
        let first = self.chain.transfers[0];
        let head = &self.facts[self.chain.head()];
        let tail = &self.facts[self.chain.tail()];

        // The head's scope ends first on some ways, the tail's on others.
        let mut head_ends = FxHashSet::default();
        let mut tail_ends = FxHashSet::default();
        let mut free = true;
        walk_after(self.body, first, |location| {
            if tail.storage_dead.contains(&location) {
                tail_ends.insert(location);
                return Step::End;
            }
            if head.storage_dead.contains(&location) {
                head_ends.insert(location);
                return Step::End;
            }
            free &= !self.uses_head(location, live_drops);
            if free { Step::On } else { Step::End }
        });
        for &end in &head_ends {
            walk_after(self.body, end, |location| {
                if tail.storage_dead.contains(&location) {
                    free &= !tail_ends.contains(&location);
                    return Step::End;
                }
                free &= !self.uses_head(location, live_drops)
                    && (!head.storage_dead.contains(&location) || head_ends.contains(&location));
                if free { Step::On } else { Step::End }
            });
        }
        // After the end of the tail's storage, the head may be defined and moved again only if its storage has begun
        // anew. On the way to that end lie the definition and the first transfer. So a path that reaches one of them
        // again is part of a loop, and an end outside of loops needs no look.
        let is_in_loop = |end: &&Location| self.loops.scc(end.block) == self.loops.scc(first.block);
        for &end in tail_ends.iter().filter(is_in_loop) {
            walk_after(self.body, end, |location| {
                free &= !head.definitions.contains(&location) && location != first;
                let over = head.storage_live.contains(&location) || !free;
                if over { Step::End } else { Step::On }
            });
        }
        found.removed.extend(head_ends);
        found.restarts.extend(tail_ends);
        free.then_some(()).ok_or("it is used again after the move")
    }

    /// Whether a drop flag of the tail would be saved, and nothing of the tail is in stock. Where the tail is
    /// saved, its bytes are saved twice in stock, which makes up for a flag.
    fn saves_another_drop_flag(&self) -> bool {
        let definition = self.facts[self.chain.head()].definitions[0];
        let (first, last) =
            (self.chain.transfers[0], self.chain.transfers[self.chain.transfers.len() - 1]);
        suspends_between(self.body, definition, first)
            && !is_used_across_suspension(self.body, &self.facts[self.chain.tail()], last)
            && self.drops_tail_in_some_cases(last)
    }

    /// Whether a drop of the tail may find it full or moved out of, so that it needs a flag.
    fn drops_tail_in_some_cases(&self, filled: Location) -> bool {
        let tail = &self.facts[self.chain.tail()];
        let mut reached_full = FxHashSet::default();
        walk_after(self.body, filled, |location| {
            if tail.drops.contains(&location) {
                reached_full.insert(location);
                return Step::End;
            }
            let ends = [&tail.moves, &tail.storage_dead, &tail.definitions];
            if ends.iter().any(|list| list.contains(&location)) { Step::End } else { Step::On }
        });
        tail.moves.iter().chain(&tail.moved_in_part).any(|&emptied| {
            let mut needs_flag = false;
            walk_after(self.body, emptied, |location| {
                if tail.drops.contains(&location) {
                    needs_flag |= reached_full.contains(&location);
                    return Step::End;
                }
                let ends = [&tail.storage_dead, &tail.definitions];
                if ends.iter().any(|list| list.contains(&location)) { Step::End } else { Step::On }
            });
            needs_flag
        })
    }

    /// Whether a location does something with the head that the merged local's value would notice.
    fn uses_head(&self, location: Location, live_drops: &FxHashSet<Location>) -> bool {
        let head = &self.facts[self.chain.head()];
        let dead_drop = head.drops.contains(&location) && !live_drops.contains(&location);
        let lists = [&head.definitions, &head.moves, &head.other_uses, &head.storage_live];
        lists.iter().any(|list| list.contains(&location))
            || (head.drops.contains(&location) && !dead_drop)
    }
}
