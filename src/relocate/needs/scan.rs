//! Looks where the need of each local begins and ends, and what storage statements that asks for.

use std::borrow::Cow;

use rustc_data_structures::fx::FxHashMap;
use rustc_index::IndexVec;
use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::visit::{PlaceContext, Visitor};
use rustc_middle::mir::{
    BasicBlock, Body, Local, Location, Statement, StatementKind, Terminator, TerminatorKind,
};
use rustc_middle::ty::TyCtxt;
use rustc_mir_dataflow::impls::{MaybeLiveLocals, MaybeStorageLive, always_storage_live_locals};
use rustc_mir_dataflow::{Analysis, ResultsCursor};

use super::filled::Filled;
use super::loans::{Borrowed, MaybeLoaned};
use super::rebuild::{Edge, Edits};
use super::wanted::Wanted;

/// Finds the edits for some locals. `filled` is of the same body with its dead drops.
pub(super) fn edits<'a, 'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &'a Body<'tcx>,
    locals: &'a DenseBitSet<Local>,
    mut filled: Filled<'a, 'tcx>,
    borrowed: &'a Borrowed<'tcx>,
) -> Edits {
    let loaned =
        MaybeLoaned(borrowed).iterate_to_fixpoint(tcx, body, None).into_results_cursor(body);
    let stored = MaybeStorageLive::new(Cow::Owned(always_storage_live_locals(body)))
        .iterate_to_fixpoint(tcx, body, None)
        .into_results_cursor(body);
    let live = MaybeLiveLocals.iterate_to_fixpoint(tcx, body, None).into_results_cursor(body);
    let mut facts = Facts { loaned, stored, live };
    let blocks = || body.basic_blocks.indices();
    let wanted = Wanted::of(body, blocks().map(|block| facts.used_or_loaned(block)).collect());
    let starts: IndexVec<BasicBlock, Option<DenseBitSet<Local>>> = blocks()
        .map(|block| {
            let mut needed = filled.at_start(block)?;
            needed.intersect(&wanted.at_start[block]);
            needed.intersect(facts.stored_at_start(block));
            needed.intersect(locals);
            Some(needed)
        })
        .collect();
    let cares = Cares::of(body, locals);
    let edits = Edits::default();
    let mut scan = Scan { body, locals, filled, facts, wanted, starts, cares, edits };
    for block in body.basic_blocks.indices() {
        if scan.starts[block].is_some() {
            scan.block(block);
        }
    }
    scan.edits
}

/// What rustc's analyses, and one of ours, say.
struct Facts<'a, 'tcx> {
    loaned: ResultsCursor<'a, 'tcx, MaybeLoaned<'a, 'tcx>>,
    stored: ResultsCursor<'a, 'tcx, MaybeStorageLive<'a>>,
    live: ResultsCursor<'a, 'tcx, MaybeLiveLocals>,
}

impl Facts<'_, '_> {
    /// The locals that are used later, or borrowed, where a block begins.
    fn used_or_loaned(&mut self, block: BasicBlock) -> DenseBitSet<Local> {
        // The analysis goes backwards: this is the state in front of the first statement.
        self.live.seek_after_primary_effect(Location { block, statement_index: 0 });
        self.loaned.seek_to_block_start(block);
        let mut used = self.live.get().clone();
        used.union(self.loaned.get());
        used
    }

    fn stored_at_start(&mut self, block: BasicBlock) -> &DenseBitSet<Local> {
        self.stored.seek_to_block_start(block);
        self.stored.get()
    }

    fn is_loaned_after(&mut self, location: Location, local: Local) -> bool {
        self.loaned.seek_after_primary_effect(location);
        self.loaned.get().contains(local)
    }

    fn is_stored_after(&mut self, location: Location, local: Local) -> bool {
        self.stored.seek_after_primary_effect(location);
        self.stored.get().contains(local)
    }
}

/// Where it matters whether a local has storage: where it is mentioned later, or the body may still suspend.
struct Cares {
    suspends: DenseBitSet<BasicBlock>,
    mentioned: IndexVec<BasicBlock, Option<DenseBitSet<Local>>>,
}

impl Cares {
    fn of(body: &Body<'_>, locals: &DenseBitSet<Local>) -> Cares {
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
                let mut mentions = Mentions { locals, found: Vec::new() };
                mentions.visit_basic_block_data(block, &blocks[block]);
                let mut own = DenseBitSet::new_empty(body.local_decls.len());
                mentions.found.into_iter().for_each(|local| _ = own.insert(local));
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

    fn cares(&self, block: BasicBlock, local: Local) -> bool {
        self.suspends.contains(block)
            || self.mentioned[block].as_ref().is_some_and(|mentioned| mentioned.contains(local))
    }
}

struct Scan<'a, 'tcx> {
    body: &'a Body<'tcx>,
    locals: &'a DenseBitSet<Local>,
    filled: Filled<'a, 'tcx>,
    facts: Facts<'a, 'tcx>,
    wanted: Wanted,
    /// What is needed where each block begins; `None` where nothing ever comes to.
    starts: IndexVec<BasicBlock, Option<DenseBitSet<Local>>>,
    cares: Cares,
    edits: Edits,
}

impl<'tcx> Scan<'_, 'tcx> {
    fn block(&mut self, block: BasicBlock) {
        let data = &self.body.basic_blocks[block];
        let mentioned = Mentioned::of(self.body, self.locals, block);
        let lives = self.lives(block, &mentioned);
        let mut stored = self.starts[block].clone().expect("something comes here");
        for (index, statement) in data.statements.iter().enumerate() {
            let location = Location { block, statement_index: index };
            self.statement(location, statement, &mut stored, &mentioned, &lives[index]);
        }
        let location = self.body.terminator_loc(block);
        for &local in &mentioned.by_index[location.statement_index] {
            if stored.insert(local) {
                self.edits.live_before(location, local);
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
            lives[index] = by_index[index].iter().map(|local| live.contains(*local)).collect();
        }
        lives
    }

    fn statement(
        &mut self,
        location: Location,
        statement: &Statement<'tcx>,
        stored: &mut DenseBitSet<Local>,
        mentioned: &Mentioned,
        lives: &[bool],
    ) {
        match statement.kind {
            StatementKind::StorageLive(local) if self.locals.contains(local) => {
                self.edits.removed.push(location);
            }
            StatementKind::StorageDead(local) => _ = stored.remove(local),
            _ => {}
        }
        for (&local, &is_live) in mentioned.by_index[location.statement_index].iter().zip(lives) {
            if stored.insert(local) {
                self.edits.live_before(location, local);
            }
            let is_wanted = is_live
                || self.facts.is_loaned_after(location, local)
                || self.is_wanted_at_end(location, local, mentioned);
            let is_needed = is_wanted
                && self.facts.is_stored_after(location, local)
                && self.filled.is_filled_after(location, local);
            if !is_needed && self.cares_after(location, local, mentioned) {
                stored.remove(local);
                self.edits.dead_after(location, local);
            }
        }
    }

    /// Whether a local that is neither used nor borrowed after a statement is wanted at the end of its block.
    fn is_wanted_at_end(&self, location: Location, local: Local, mentioned: &Mentioned) -> bool {
        // What comes first after the statement is no use, or the local would be live.
        self.wanted.at_end[location.block].contains(local)
            && mentioned.last_with_markers[&local] <= location.statement_index
    }

    fn cares_after(&self, location: Location, local: Local, mentioned: &Mentioned) -> bool {
        let Location { block, statement_index } = location;
        let terminator = self.body.basic_blocks[block].terminator();
        self.cares.suspends.contains(block)
            || mentioned.last[&local] > statement_index
            || terminator.successors().any(|successor| self.cares.cares(successor, local))
    }

    /// Makes storage at the end of a block what it is where its successors begin.
    fn edges(
        &mut self,
        block: BasicBlock,
        terminator: &Terminator<'tcx>,
        stored: &DenseBitSet<Local>,
    ) {
        for (index, target) in terminator.successors().enumerate() {
            if is_drop_edge(terminator, index) {
                continue;
            }
            let Some(needed) = &self.starts[target] else { continue };
            let only_in = |one: &DenseBitSet<Local>, other: &DenseBitSet<Local>| {
                let mut difference = one.clone();
                difference.subtract(other);
                difference.iter().filter(|local| self.cares.cares(target, *local)).collect()
            };
            let (live, dead) = (only_in(needed, stored), only_in(stored, needed));
            self.edits.edges.push(Edge { block, index, target, live, dead });
        }
    }
}

/// The locals that the statements and the terminator of one block do something with.
struct Mentioned {
    /// For each statement, and last for the terminator.
    by_index: Vec<Vec<Local>>,
    /// The last index that mentions each local.
    last: FxHashMap<Local, usize>,
    /// The same, with the places where storage begins or ends.
    last_with_markers: FxHashMap<Local, usize>,
}

impl Mentioned {
    fn of(body: &Body<'_>, locals: &DenseBitSet<Local>, block: BasicBlock) -> Mentioned {
        let data = &body.basic_blocks[block];
        let mut last = FxHashMap::default();
        let mut last_with_markers = FxHashMap::default();
        let by_index = (0..=data.statements.len())
            .map(|index| {
                let mut mentions = Mentions { locals, found: Vec::new() };
                mentions.visit_location(body, Location { block, statement_index: index });
                let mut found = mentions.found;
                found.sort();
                found.dedup();
                last.extend(found.iter().map(|local| (*local, index)));
                let marker = match data.statements.get(index).map(|statement| &statement.kind) {
                    Some(StatementKind::StorageLive(local) | StatementKind::StorageDead(local)) => {
                        Some(*local)
                    }
                    _ => None,
                };
                let all = found.iter().copied().chain(marker);
                last_with_markers.extend(all.map(|local| (local, index)));
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
    locals: &'a DenseBitSet<Local>,
    found: Vec<Local>,
}

impl<'tcx> Visitor<'tcx> for Mentions<'_> {
    fn visit_local(&mut self, local: Local, context: PlaceContext, _: Location) {
        if context.is_use() && self.locals.contains(local) {
            self.found.push(local);
        }
    }
}
