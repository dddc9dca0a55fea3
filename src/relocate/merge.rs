//! Makes one local of a chain of locals, each of which is moved to the next: `b = move a; c = move b`.
//!
//! The value is never in two of them, and the type is one, so they can share their place and the
//! moves fall away. What must hold, and is checked:
//!
//! * each link is the only definition of what it moves to, and the head has one definition;
//! * in between, nothing but the links uses the locals in the middle, and nothing uses the head
//!   behind the first link while the tail is in use;
//! * before the first link, nothing uses the tail;
//! * if the head is alive while the body is suspended, it is an upvar: stock keeps those for
//!   ever. Any other value would have to stay in one place from one suspension to the next, and that
//!   could make the coroutine bigger than stock's.
//!
//! The merged local's storage begins with the head's. It ends with the tail's: from then on the
//! bytes are free. Where the head's scope goes on, its storage starts anew, empty, as it was.

use rustc_data_structures::fx::{FxHashMap, FxHashSet};
use rustc_index::IndexVec;
use rustc_middle::mir::visit::{MutVisitor, PlaceContext};
use rustc_middle::mir::{
    BasicBlock, Body, Local, Location, Statement, StatementKind, TerminatorKind,
};
use rustc_middle::ty::TyCtxt;

use super::facts::Facts;
use super::flow::{Step, walk_after};
use super::plan::Plan;

/// Locals that are moved one to the next, and where.
pub(super) struct Chain {
    locals: Vec<Local>,
    links: Vec<Location>,
}

impl Chain {
    /// The chain of some moves; `None` if they are none, or do not follow on each other.
    pub(super) fn new(
        body: &Body<'_>,
        links: &[Location],
        moved: impl Fn(&Body<'_>, Location) -> Option<(Local, Local)>,
    ) -> Option<Chain> {
        let mut locals = Vec::new();
        for &link in links {
            let (to, from) = moved(body, link)?;
            if locals.is_empty() {
                locals.push(from);
            }
            if locals.last() != Some(&from) || locals.contains(&to) {
                return None;
            }
            locals.push(to);
        }
        (locals.len() > 1).then(|| Chain { locals, links: links.to_vec() })
    }

    pub(super) fn head(&self) -> Local {
        self.locals[0]
    }

    fn tail(&self) -> Local {
        *self.locals.last().unwrap()
    }

    fn middle(&self) -> &[Local] {
        &self.locals[1..self.locals.len() - 1]
    }
}

/// Everything that is to change in a body.
#[derive(Default)]
pub(super) struct Merges {
    /// Each merged local and the tail that it becomes.
    renamed: FxHashMap<Local, Local>,
    /// Statements that go: links, and `StorageLive` and `StorageDead` in between.
    removed: FxHashSet<Location>,
    /// Drops of locals that have always been moved out of there.
    dead_drops: FxHashSet<BasicBlock>,
    /// `StorageDead`s of tails behind which the head's scope goes on.
    restarts: Vec<Location>,
}

impl Merges {
    /// Adds a chain, if it can be merged.
    pub(super) fn add(
        &mut self,
        body: &Body<'_>,
        facts: &IndexVec<Local, Facts>,
        chain: &Chain,
        head_is_upvar: bool,
    ) -> bool {
        if chain.locals.iter().any(|local| !may_be_merged(body, *local) || self.knows(*local)) {
            return false;
        }
        let check = Check { body, facts, chain, head_is_upvar };
        let Some(found) = check.run() else { return false };
        let tail = chain.tail();
        self.renamed.extend(chain.locals.iter().filter(|l| **l != tail).map(|l| (*l, tail)));
        self.removed.extend(chain.links.iter().copied());
        self.removed.extend(found.removed);
        self.dead_drops.extend(found.dead_drops);
        self.restarts.extend(found.restarts);
        true
    }

    fn knows(&self, local: Local) -> bool {
        self.renamed.iter().any(|(from, to)| *from == local || *to == local)
    }

    /// Tells the plan which locals its upvars are in now.
    pub(super) fn tell<'tcx>(&self, body: &mut Body<'tcx>, plan: &mut Plan<'tcx>) {
        for (&from, &to) in &self.renamed {
            if let Some(scope) = plan.merge(from, to) {
                body.local_decls[to].source_info.scope = scope;
            }
        }
    }

    /// Changes the body.
    pub(super) fn apply<'tcx>(mut self, tcx: TyCtxt<'tcx>, body: &mut Body<'tcx>) {
        if self.renamed.is_empty() {
            return;
        }
        let blocks = body.basic_blocks_mut();
        for location in &self.removed {
            blocks[location.block].statements[location.statement_index].make_nop(true);
        }
        for &block in &self.dead_drops {
            let terminator = blocks[block].terminator_mut();
            let TerminatorKind::Drop { target, .. } = terminator.kind else {
                span_bug!(terminator.source_info.span, "a dead drop is no drop");
            };
            terminator.kind = TerminatorKind::Goto { target };
        }
        // From the back, so that locations stay true.
        self.restarts.sort();
        for location in self.restarts.iter().rev() {
            let statements = &mut blocks[location.block].statements;
            let dead = &statements[location.statement_index];
            let StatementKind::StorageDead(local) = dead.kind else {
                span_bug!(dead.source_info.span, "the end of a local's storage is none");
            };
            let live = Statement::new(dead.source_info, StatementKind::StorageLive(local));
            statements.insert(location.statement_index + 1, live);
        }
        Rename { tcx, to: &self.renamed }.visit_body(body);
    }
}

struct Rename<'a, 'tcx> {
    tcx: TyCtxt<'tcx>,
    to: &'a FxHashMap<Local, Local>,
}

impl<'tcx> MutVisitor<'tcx> for Rename<'_, 'tcx> {
    fn tcx(&self) -> TyCtxt<'tcx> {
        self.tcx
    }

    fn visit_local(&mut self, local: &mut Local, _: PlaceContext, _: Location) {
        if let Some(&to) = self.to.get(local) {
            *local = to;
        }
    }
}

/// Arguments and the return place belong to the caller.
fn may_be_merged(body: &Body<'_>, local: Local) -> bool {
    local.as_usize() > body.arg_count
}

/// Whether the body suspends at a location.
pub(super) fn is_suspension(body: &Body<'_>, location: Location) -> bool {
    let data = &body.basic_blocks[location.block];
    location.statement_index == data.statements.len()
        && matches!(data.terminator().kind, TerminatorKind::Yield { .. })
}

/// What the merging of one chain changes.
#[derive(Default)]
struct Found {
    removed: Vec<Location>,
    dead_drops: Vec<BasicBlock>,
    restarts: Vec<Location>,
}

struct Check<'a, 'tcx> {
    body: &'a Body<'tcx>,
    facts: &'a IndexVec<Local, Facts>,
    chain: &'a Chain,
    head_is_upvar: bool,
}

impl Check<'_, '_> {
    fn run(&self) -> Option<Found> {
        let mut found = Found::default();
        self.check_definitions()?;
        self.check_middle(&mut found)?;
        let live_drops = self.check_before_first_link()?;
        self.check_after_first_link(&live_drops, &mut found)?;
        let head = &self.facts[self.chain.head()];
        let dead_drops = head.drops.iter().filter(|drop| !live_drops.contains(drop));
        found.dead_drops.extend(dead_drops.map(|location| location.block));
        found.removed.extend(&self.facts[self.chain.tail()].storage_live);
        Some(found)
    }

    fn check_definitions(&self) -> Option<()> {
        for (link, local) in self.chain.links.iter().zip(&self.chain.locals[1..]) {
            (self.facts[*local].definitions == [*link]).then_some(())?;
        }
        (self.facts[self.chain.head()].definitions.len() == 1).then_some(())
    }

    /// The locals in the middle are temporaries that the links fill and empty, and nothing else.
    fn check_middle(&self, found: &mut Found) -> Option<()> {
        for (index, &local) in self.chain.middle().iter().enumerate() {
            let facts = &self.facts[local];
            let (filled, emptied) = (self.chain.links[index], self.chain.links[index + 1]);
            // `match` mentions what it matches on; that is no use.
            let uses = facts.other_uses.iter().filter(|use_| !self.is_mention(**use_));
            let only_links = facts.moves == [emptied] && uses.count() == 0;
            (only_links && self.leads_straight_to(filled, emptied)).then_some(())?;
            found.removed.extend(facts.storage_live.iter().chain(&facts.storage_dead));
            found.removed.extend(facts.other_uses.iter());
            found.dead_drops.extend(facts.drops.iter().map(|location| location.block));
        }
        Some(())
    }

    fn is_mention(&self, location: Location) -> bool {
        let statements = &self.body.basic_blocks[location.block].statements;
        statements.get(location.statement_index).is_some_and(|statement| {
            matches!(statement.kind, StatementKind::PlaceMention(_) | StatementKind::FakeRead(_))
        })
    }

    /// Whether one location is always followed by the other.
    fn leads_straight_to(&self, from: Location, to: Location) -> bool {
        let mut block = from.block;
        for _ in 0..self.body.basic_blocks.len() {
            if block == to.block
                && (block != from.block || from.statement_index < to.statement_index)
            {
                return true;
            }
            block = match self.body.basic_blocks[block].terminator().kind {
                TerminatorKind::Goto { target }
                | TerminatorKind::FalseEdge { real_target: target, .. } => target,
                _ => return false,
            };
        }
        false
    }

    /// From the head's definition on: the tail is not used while the head holds the value. Gives the
    /// drops that the head's value may reach.
    fn check_before_first_link(&self) -> Option<FxHashSet<Location>> {
        let head = &self.facts[self.chain.head()];
        let tail = &self.facts[self.chain.tail()];
        let mut drops = FxHashSet::default();
        let mut free = true;
        walk_after(self.body, head.definitions[0], |location| {
            if head.definitions.contains(&location) || head.moves.contains(&location) {
                return Step::End;
            }
            if head.drops.contains(&location) {
                drops.insert(location);
                return Step::End;
            }
            if head.storage_dead.contains(&location) {
                return Step::End;
            }
            free &= !tail.drops.contains(&location)
                && !tail.storage_dead.contains(&location)
                && (self.head_is_upvar || !is_suspension(self.body, location));
            if free { Step::On } else { Step::End }
        });
        free.then_some(drops)
    }

    /// From the first link on: the head is not used while the tail holds the value.
    fn check_after_first_link(
        &self,
        live_drops: &FxHashSet<Location>,
        found: &mut Found,
    ) -> Option<()> {
        let first = self.chain.links[0];
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
        // Behind the tail's end, the head gets a value only with new storage.
        for &end in &tail_ends {
            walk_after(self.body, end, |location| {
                free &= !head.definitions.contains(&location);
                let over = head.storage_live.contains(&location) || !free;
                if over { Step::End } else { Step::On }
            });
        }
        found.removed.extend(head_ends);
        found.restarts.extend(tail_ends);
        free.then_some(())
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
