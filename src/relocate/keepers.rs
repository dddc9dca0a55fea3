//! What keeps a value across a suspension: for the report.
//!
//! A suspension keeps a local ([`super::body::kept`]) because it is used afterwards, or dropped, or because it is borrowed, and what
//! was borrowed may be used. Of several uses, the one that comes first is told.

use std::collections::hash_map::Entry;

use rustc_data_structures::fx::FxHashMap;
use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::visit::{MutatingUseContext, PlaceContext, Visitor};
use rustc_middle::mir::{BasicBlock, Body, Local, Location, Rvalue, TerminatorKind};
use rustc_middle::ty::TyCtxt;

use super::body::borrows::borrowed_place;
use super::body::facts::is_for_borrowck;
use super::body::kept;
use crate::decisions::{Keeper, KeptBy};

/// What keeps each local that a suspension of a body keeps.
pub(super) fn find<'tcx>(tcx: TyCtxt<'tcx>, body: &Body<'tcx>) -> Vec<Keeper> {
    let by_suspension = kept::by_suspension(tcx, body);
    let mut kept = DenseBitSet::new_empty(body.local_decls.len());
    let mut suspensions: FxHashMap<Local, Vec<BasicBlock>> = FxHashMap::default();
    for (block, locals) in &by_suspension {
        kept.union(locals);
        locals.iter().for_each(|local| suspensions.entry(local).or_default().push(*block));
    }
    let mut events = Events { kept: &kept, found: FxHashMap::default() };
    events.visit_body(body);
    let mut keepers = Vec::new();
    for local in kept.iter() {
        let events = events.found.get(&local).map_or(&[][..], Vec::as_slice);
        let nearest = Nearest::of(body, events);
        let declared = body.local_decls[local].source_info;
        for &block in suspensions.get(&local).into_iter().flatten() {
            if let Some((how, at)) = nearest.after(body, block) {
                let suspension = body.basic_blocks[block].terminator().source_info.span;
                let span = body.source_info(at).span;
                keepers.push(Keeper { suspension, declared, how, span });
            }
        }
    }
    keepers
}

/// What a location does with a local.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Used,
    Dropped,
    Borrowed,
    /// It gets another value, or none.
    Ended,
}

/// What happens to each local that is kept, in the order of locations.
struct Events<'a> {
    kept: &'a DenseBitSet<Local>,
    found: FxHashMap<Local, Vec<(Location, Event)>>,
}

impl Events<'_> {
    fn add(&mut self, local: Local, location: Location, event: Event) {
        if self.kept.contains(local) {
            self.found.entry(local).or_default().push((location, event));
        }
    }
}

impl<'tcx> Visitor<'tcx> for Events<'_> {
    fn visit_local(&mut self, local: Local, context: PlaceContext, location: Location) {
        use MutatingUseContext as Mutating;
        let event = match context {
            PlaceContext::NonUse(_) if context.is_storage_marker() => Event::Ended,
            PlaceContext::NonUse(_) => return,
            PlaceContext::MutatingUse(Mutating::Drop) => Event::Dropped,
            PlaceContext::MutatingUse(
                Mutating::Store | Mutating::Call | Mutating::Yield | Mutating::AsmOutput,
            ) => Event::Ended,
            PlaceContext::MutatingUse(_) | PlaceContext::NonMutatingUse(_) => {
                if is_for_borrowck(context) {
                    return;
                }
                Event::Used
            }
        };
        self.add(local, location, event);
    }

    fn visit_rvalue(&mut self, rvalue: &Rvalue<'tcx>, location: Location) {
        self.super_rvalue(rvalue, location);
        if let Some(place) = borrowed_place(rvalue) {
            self.add(place.local, location, Event::Borrowed);
        }
    }
}

/// For one local: the nearest use and the nearest drop after the beginning of each block.
struct Nearest {
    use_after: FxHashMap<BasicBlock, Location>,
    drop_after: FxHashMap<BasicBlock, Location>,
    /// Where it, or a part of it, is first borrowed, in the order of blocks.
    borrow: Option<Location>,
}

impl Nearest {
    fn of(body: &Body<'_>, events: &[(Location, Event)]) -> Nearest {
        let mut blocks: FxHashMap<BasicBlock, InBlock> = FxHashMap::default();
        for of_block in events.chunk_by(|one, other| one.0.block == other.0.block) {
            let mut of_block = of_block.to_vec();
            // In one location, a value is used before another takes its place.
            of_block.sort();
            blocks.insert(of_block[0].0.block, InBlock::of(&of_block));
        }
        let stops = |block: &InBlock| block.stops;
        let uses = blocks.iter().filter_map(|(block, it)| Some((*block, it.used?)));
        let use_after = spread(body, uses.collect(), |block| blocks.get(&block).is_some_and(stops));
        let drops = blocks.iter().filter_map(|(block, it)| Some((*block, it.dropped?)));
        let drop_after =
            spread(body, drops.collect(), |block| blocks.get(&block).is_some_and(stops));
        let borrows = events.iter().filter(|(_, event)| *event == Event::Borrowed);
        Nearest { use_after, drop_after, borrow: borrows.map(|(location, _)| *location).min() }
    }

    /// What keeps the local across a suspension.
    fn after(&self, body: &Body<'_>, suspension: BasicBlock) -> Option<(KeptBy, Location)> {
        let TerminatorKind::Yield { resume, drop, .. } =
            body.basic_blocks[suspension].terminator().kind
        else {
            return None;
        };
        let used = self.use_after.get(&resume).map(|at| (KeptBy::Use, *at));
        let dropped = || {
            let on_drop = || self.drop_after.get(&drop?);
            self.drop_after.get(&resume).or_else(on_drop).map(|at| (KeptBy::Drop, *at))
        };
        used.or_else(dropped).or(self.borrow.map(|at| (KeptBy::Borrow, at)))
    }
}

/// What a block does with a local first.
struct InBlock {
    used: Option<Location>,
    /// If it is dropped before it is used.
    dropped: Option<Location>,
    /// What happens after the block has nothing to do with the value that there is before it.
    stops: bool,
}

impl InBlock {
    fn of(events: &[(Location, Event)]) -> InBlock {
        let mut block = InBlock { used: None, dropped: None, stops: false };
        for &(location, event) in events {
            match event {
                Event::Used => block.used = Some(location),
                Event::Dropped => _ = block.dropped.get_or_insert(location),
                Event::Borrowed => {}
                Event::Ended => block.stops = true,
            }
            block.stops |= block.used.is_some();
            if block.stops {
                break;
            }
        }
        block
    }
}

/// Goes from some blocks backwards, in rounds, so that every block gets the location that is fewest blocks away; of several,
/// the first in the order of blocks.
fn spread(
    body: &Body<'_>,
    sources: Vec<(BasicBlock, Location)>,
    stops: impl Fn(BasicBlock) -> bool,
) -> FxHashMap<BasicBlock, Location> {
    let mut reached: FxHashMap<BasicBlock, Location> = FxHashMap::default();
    let mut round = sources;
    while !round.is_empty() {
        round.sort_by_key(|(_, location)| *location);
        let mut is_new = |(block, at): &(BasicBlock, Location)| match reached.entry(*block) {
            Entry::Occupied(_) => false,
            Entry::Vacant(entry) => {
                entry.insert(*at);
                true
            }
        };
        let new: Vec<_> = round.into_iter().filter(&mut is_new).collect();
        round = Vec::new();
        for (block, location) in new {
            let before = body.basic_blocks.predecessors()[block].iter();
            let open = before.filter(|it| !stops(**it) && !reached.contains_key(*it));
            round.extend(open.map(|it| (*it, location)));
        }
    }
    reached
}
