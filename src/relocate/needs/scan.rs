//! Looks where the need of each local begins and ends, and what storage statements that asks for.

use rustc_data_structures::fx::FxHashMap;
use rustc_index::IndexVec;
use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::visit::{PlaceContext, Visitor};
use rustc_middle::mir::{
    BasicBlock, Body, Local, Location, Statement, StatementKind, Terminator, TerminatorKind,
};
use rustc_middle::ty::TyCtxt;
use rustc_mir_dataflow::impls::MaybeLiveLocals;
use rustc_mir_dataflow::{Analysis, ResultsCursor};

use super::candidates::{Candidates, Set};
use super::filled::Filled;
use super::loans::{Borrowed, MaybeLoaned};
use super::rebuild::{Edge, Edits};
use super::wanted::Wanted;
use crate::relocate::body::storage::MaybeStored;

/// Finds the edits for the candidates. `stored` and `filled` are of the same body with its dead drops.
pub(super) fn edits<'a, 'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &'a Body<'tcx>,
    candidates: &'a Candidates,
    stored: MaybeStored<'a, 'tcx>,
    mut filled: Filled<'a, 'tcx>,
    borrowed: &'a Borrowed<'a, 'tcx>,
) -> Edits {
    let loaned =
        MaybeLoaned(borrowed).iterate_to_fixpoint(tcx, body, None).into_results_cursor(body);
    let live = MaybeLiveLocals.iterate_to_fixpoint(tcx, body, None).into_results_cursor(body);
    let mut facts = Facts { candidates, loaned, stored, live };
    let blocks = || body.basic_blocks.indices();
    let used = blocks().map(|block| facts.used_or_loaned(block)).collect();
    let wanted = Wanted::of(body, candidates, used);
    let starts: IndexVec<BasicBlock, Option<Set>> = blocks()
        .map(|block| {
            let mut needed = filled.at_start(block, candidates)?;
            needed.intersect(&wanted.at_start[block]);
            needed.intersect(&facts.stored_at_start(block));
            Some(needed)
        })
        .collect();
    let cares = Cares::of(body, candidates);
    let edits = Edits::default();
    let mut scan = Scan { body, candidates, filled, facts, wanted, starts, cares, edits };
    for block in body.basic_blocks.indices() {
        if scan.starts[block].is_some() {
            scan.block(block);
        }
    }
    scan.edits
}

/// What rustc's analyses, and one of ours, say.
struct Facts<'a, 'tcx> {
    candidates: &'a Candidates,
    loaned: ResultsCursor<'a, 'tcx, MaybeLoaned<'a, 'tcx>>,
    stored: MaybeStored<'a, 'tcx>,
    live: ResultsCursor<'a, 'tcx, MaybeLiveLocals>,
}

impl Facts<'_, '_> {
    /// The candidates that are used later, or borrowed, where a block begins.
    fn used_or_loaned(&mut self, block: BasicBlock) -> Set {
        // The analysis goes backwards: this is the state in front of the first statement.
        self.live.seek_after_primary_effect(Location { block, statement_index: 0 });
        self.loaned.seek_to_block_start(block);
        let mut used = self.candidates.among(self.live.get());
        used.union(self.loaned.get());
        used
    }

    fn stored_at_start(&mut self, block: BasicBlock) -> Set {
        self.stored.seek_to_block_start(block);
        self.candidates.among(self.stored.get())
    }

    fn is_loaned_after(&mut self, location: Location, number: u32) -> bool {
        self.loaned.seek_after_primary_effect(location);
        self.loaned.get().contains(number)
    }

    fn is_stored_after(&mut self, location: Location, local: Local) -> bool {
        self.stored.seek_after_primary_effect(location);
        self.stored.get().contains(local)
    }
}

/// Where it matters whether a local has storage: where it is mentioned later, or the body may still suspend.
struct Cares {
    suspends: DenseBitSet<BasicBlock>,
    mentioned: IndexVec<BasicBlock, Option<Set>>,
}

impl Cares {
    fn of(body: &Body<'_>, candidates: &Candidates) -> Cares {
        let blocks = &body.basic_blocks;
        let mut suspends = DenseBitSet::new_empty(blocks.len());
        let is_yield = |block: &BasicBlock| {
            matches!(blocks[*block].terminator().kind, TerminatorKind::Yield { .. })
        };
        let mut pending: Vec<BasicBlock> = blocks.indices().filter(is_yield).collect();
        while let Some(block) = pending.pop() {
            if suspends.insert(block) {
                pending.extend(&blocks.predecessors()[block]);
            }
        }
        let mut mentioned = IndexVec::from_fn_n(
            |block| {
                if suspends.contains(block) {
                    return None;
                }
                let mut mentions = Mentions { candidates, found: Vec::new() };
                mentions.visit_basic_block_data(block, &blocks[block]);
                let mut own = candidates.none();
                mentions.found.into_iter().for_each(|number| _ = own.insert(number));
                Some(own)
            },
            blocks.len(),
        );
        // Loops are rare here, so this mostly takes two rounds.
        let mut changed = true;
        while changed {
            changed = false;
            for (block, data) in rustc_middle::mir::traversal::postorder(body) {
                let Some(mut own) = mentioned[block].take() else { continue };
                for successor in data.terminator().successors() {
                    if let Some(other) = &mentioned[successor] {
                        changed |= own.union(other);
                    }
                }
                mentioned[block] = Some(own);
            }
        }
        Cares { suspends, mentioned }
    }

    fn cares(&self, block: BasicBlock, number: u32) -> bool {
        self.suspends.contains(block)
            || self.mentioned[block].as_ref().is_some_and(|mentioned| mentioned.contains(number))
    }
}

struct Scan<'a, 'tcx> {
    body: &'a Body<'tcx>,
    candidates: &'a Candidates,
    filled: Filled<'a, 'tcx>,
    facts: Facts<'a, 'tcx>,
    wanted: Wanted,
    /// What is needed where each block begins; `None` where nothing ever comes to.
    starts: IndexVec<BasicBlock, Option<Set>>,
    cares: Cares,
    edits: Edits,
}

impl<'tcx> Scan<'_, 'tcx> {
    fn block(&mut self, block: BasicBlock) {
        let data = &self.body.basic_blocks[block];
        let mentioned = Mentioned::of(self.body, self.candidates, block);
        let lives = self.lives(block, &mentioned);
        let mut stored = self.starts[block].clone().expect("something comes here");
        for (index, statement) in data.statements.iter().enumerate() {
            let location = Location { block, statement_index: index };
            self.statement(location, statement, &mut stored, &mentioned, &lives[index]);
        }
        let location = self.body.terminator_loc(block);
        for &number in &mentioned.by_index[location.statement_index] {
            if stored.insert(number) {
                self.edits.live_before(location, self.candidates.local(number));
            }
        }
        self.edges(block, data.terminator(), &stored);
    }

    /// Whether each mentioned local is live after the statement that mentions it.
    fn lives(&mut self, block: BasicBlock, mentioned: &Mentioned) -> Vec<Vec<bool>> {
        let by_index = &mentioned.by_index;
        let mut lives = vec![Vec::new(); by_index.len()];
        // The analysis goes backwards.
        for index in (0..by_index.len() - 1).rev() {
            let location = Location { block, statement_index: index };
            self.facts.live.seek_before_primary_effect(location);
            let live = self.facts.live.get();
            let is_live = |number: &u32| live.contains(self.candidates.local(*number));
            lives[index] = by_index[index].iter().map(is_live).collect();
        }
        lives
    }

    fn statement(
        &mut self,
        location: Location,
        statement: &Statement<'tcx>,
        stored: &mut Set,
        mentioned: &Mentioned,
        lives: &[bool],
    ) {
        match statement.kind {
            StatementKind::StorageLive(local) if self.candidates.number(local).is_some() => {
                self.edits.removed.push(location);
            }
            StatementKind::StorageDead(local) => {
                self.candidates.number(local).map(|number| stored.remove(number));
            }
            _ => {}
        }
        for (&number, &is_live) in mentioned.by_index[location.statement_index].iter().zip(lives) {
            let local = self.candidates.local(number);
            if stored.insert(number) {
                self.edits.live_before(location, local);
            }
            let is_wanted = is_live
                || self.facts.is_loaned_after(location, number)
                || self.is_wanted_at_end(location, number, mentioned);
            let is_needed = is_wanted
                && self.facts.is_stored_after(location, local)
                && self.filled.is_filled_after(location, local);
            if !is_needed && self.cares_after(location, number, mentioned) {
                stored.remove(number);
                self.edits.dead_after(location, local);
            }
        }
    }

    /// Whether a local that is neither used nor borrowed after a statement is wanted at the end of its block.
    fn is_wanted_at_end(&self, location: Location, number: u32, mentioned: &Mentioned) -> bool {
        // What comes first after the statement is no use, or the local would be live.
        self.wanted.at_end[location.block].contains(number)
            && mentioned.last_with_markers[&number] <= location.statement_index
    }

    fn cares_after(&self, location: Location, number: u32, mentioned: &Mentioned) -> bool {
        let Location { block, statement_index } = location;
        let terminator = self.body.basic_blocks[block].terminator();
        self.cares.suspends.contains(block)
            || mentioned.last[&number] > statement_index
            || terminator.successors().any(|successor| self.cares.cares(successor, number))
    }

    /// Makes storage at the end of a block what it is where its successors begin.
    fn edges(&mut self, block: BasicBlock, terminator: &Terminator<'tcx>, stored: &Set) {
        for (index, target) in terminator.successors().enumerate() {
            if is_drop_edge(terminator, index) {
                continue;
            }
            let Some(needed) = &self.starts[target] else { continue };
            let only_in = |one: &Set, other: &Set| {
                let mut difference = one.clone();
                difference.subtract(other);
                let numbers = difference.iter().filter(|number| self.cares.cares(target, *number));
                numbers.map(|number| self.candidates.local(number)).collect()
            };
            let (live, dead) = (only_in(needed, stored), only_in(stored, needed));
            self.edits.edges.push(Edge { block, index, target, live, dead });
        }
    }
}

/// The candidates that the statements and the terminator of one block do something with.
struct Mentioned {
    /// For each statement, and last for the terminator.
    by_index: Vec<Vec<u32>>,
    /// The last index that mentions each candidate.
    last: FxHashMap<u32, usize>,
    /// The same, with the places where storage begins or ends.
    last_with_markers: FxHashMap<u32, usize>,
}

impl Mentioned {
    fn of(body: &Body<'_>, candidates: &Candidates, block: BasicBlock) -> Mentioned {
        let data = &body.basic_blocks[block];
        let mut last = FxHashMap::default();
        let mut last_with_markers = FxHashMap::default();
        let by_index = (0..=data.statements.len())
            .map(|index| {
                let mut mentions = Mentions { candidates, found: Vec::new() };
                mentions.visit_location(body, Location { block, statement_index: index });
                let mut found = mentions.found;
                found.sort();
                found.dedup();
                last.extend(found.iter().map(|number| (*number, index)));
                let marker = match data.statements.get(index).map(|statement| &statement.kind) {
                    Some(StatementKind::StorageLive(local) | StatementKind::StorageDead(local)) => {
                        candidates.number(*local)
                    }
                    _ => None,
                };
                let all = found.iter().copied().chain(marker);
                last_with_markers.extend(all.map(|number| (number, index)));
                found
            })
            .collect();
        Mentioned { by_index, last, last_with_markers }
    }
}

/// Whether a successor of a drop is where its coroutine goes when it is dropped meanwhile: nothing comes there.
fn is_drop_edge(terminator: &Terminator<'_>, index: usize) -> bool {
    match &terminator.kind {
        TerminatorKind::Drop { drop: Some(_), .. } => index + 1 == terminator.successors().count(),
        _ => false,
    }
}

struct Mentions<'a> {
    candidates: &'a Candidates,
    found: Vec<u32>,
}

impl<'tcx> Visitor<'tcx> for Mentions<'_> {
    fn visit_local(&mut self, local: Local, context: PlaceContext, _: Location) {
        if context.is_use() {
            self.found.extend(self.candidates.number(local));
        }
    }
}
