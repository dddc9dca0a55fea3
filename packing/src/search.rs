//! Exact search, for problems that first fit leaves above the bound.
//!
//! Branch and bound over the blocks in rising order of their offsets. Of all best
//! packings, take the one with the least sum of offsets. Then
//!
//! - each block is as low as the blocks below it allow, so its offset follows from which
//!   blocks come before it;
//! - no block that comes later could have been put wholly below it, or the sum would not
//!   be the least.
//!
//! The search visits only packings with these two properties, and leaves a branch when a
//! variant no longer fits. Its budget is a number of nodes, so that its result does not
//! depend on the machine.

use crate::aim::{Aim, Caps};
use crate::arith::align_up;
use crate::fit::Fitted;
use crate::plan::Plan;

/// The largest number of blocks that is searched.
pub(crate) const MAX_BLOCKS: usize = 32;

/// The highest cap. Sums saturate, so one that overflows is above every cap.
const MAX_CAP: u64 = u64::MAX - 1;

/// What the search found.
pub(crate) struct Outcome {
    /// The best packing within the caps, if there is one.
    pub(crate) found: Option<Fitted>,
    /// Whether it is certain that there is no better one.
    pub(crate) proved: bool,
}

/// Looks for a packing within the caps; ends immediately when it reaches the bound of the aim.
pub(crate) fn search(plan: &Plan, movable: &[u32], aim: Aim, caps: Caps, nodes: u64) -> Outcome {
    let caps = Caps { all: caps.all.min(MAX_CAP), ..caps };
    if movable.len() > MAX_BLOCKS {
        return Outcome { found: None, proved: false };
    }
    let mut search = Search {
        plan,
        movable,
        table: Table::new(plan, movable, aim),
        aim,
        caps: Some(caps),
        limits: [0; MAX_BLOCKS],
        nodes,
        offsets: [0; MAX_BLOCKS],
        best: None,
    };
    search.set_limits();
    let none_placed = Node {
        floors: [0; MAX_BLOCKS],
        open: ((1u64 << movable.len()) - 1) as u32,
        last: (0, None),
    };
    search.visit(&none_placed);
    Outcome { proved: search.nodes > 0, found: search.best }
}

/// The problem as pairs of blocks; here a block is named by its position in `movable`.
struct Table {
    sizes: Vec<u64>,
    aligns: Vec<u64>,
    /// `reach[a][b]`: how many bytes above the offset of `a` are barred to `b` if `b` is
    /// not below `a`. Zero if they do not conflict.
    reach: Vec<Vec<u64>>,
    pins: Vec<Vec<Pin>>,
    /// The movable blocks of each clique with their sizes there.
    cliques: Vec<Vec<(usize, u64)>>,
    /// Of these, those with bytes that prefer the low end; none if it is not aimed at.
    low_cliques: Vec<Vec<(usize, u64)>>,
    /// How many bytes of each block prefer the low end.
    low: Vec<u64>,
}

/// A pinned block, seen from one that conflicts with it.
struct Pin {
    offset: u64,
    /// How far above its offset it is barred.
    reach: u64,
    /// How many bytes of the other block must not reach into it from below.
    other: u64,
}

impl Table {
    fn new(plan: &Plan, movable: &[u32], aim: Aim) -> Table {
        let pinned: Vec<(usize, u64)> = plan.pinned().collect();
        let blocks = movable.iter().map(|&block| block as usize);
        let all: Vec<usize> = blocks.chain(pinned.iter().map(|&(block, _)| block)).collect();
        let mut position = vec![usize::MAX; plan.blocks.len()];
        for (at, &block) in all.iter().enumerate() {
            position[block] = at;
        }
        let mut reach = vec![vec![0; all.len()]; all.len()];
        let mut conflict = |a: (usize, u64), b: (usize, u64)| {
            if a.0 != b.0 {
                reach[a.0][b.0] = a.1.max(reach[a.0][b.0]);
                reach[b.0][a.0] = b.1.max(reach[b.0][a.0]);
            }
        };
        let place = |item: usize| {
            let at = position[plan.block_of[item] as usize];
            let size = plan.problem.items[item].size;
            (size > 0).then_some((at, size))
        };
        let mut cliques = Vec::with_capacity(plan.cliques.len());
        for clique in &plan.cliques {
            let places = clique.iter().filter_map(|&item| place(item as usize));
            let mut places: Vec<(usize, u64)> = places.collect();
            for (index, &a) in places.iter().enumerate() {
                places[..index].iter().for_each(|&b| conflict(a, b));
            }
            places.retain(|&(at, _)| at < movable.len());
            largest_of_each(&mut places);
            cliques.push(places);
        }
        for part in plan.parts.iter().filter(|part| part.degree > 0) {
            let item = part.item as usize;
            let others = plan.problem.conflicts.row(item).filter_map(place);
            others.for_each(|other| {
                conflict(place(item).expect("parts have bytes"), other);
            });
        }
        let pins = |at: usize| {
            let pin = |(index, &(_, offset)): (usize, &(usize, u64))| {
                let pin = Pin {
                    offset,
                    reach: reach[movable.len() + index][at],
                    other: reach[at][movable.len() + index],
                };
                (pin.reach > 0).then_some(pin)
            };
            pinned.iter().enumerate().filter_map(pin).collect()
        };
        let low: Vec<u64> = movable.iter().map(|&b| plan.blocks[b as usize].low).collect();
        let low_cliques = match aim {
            Aim::Size { .. } => Vec::new(),
            Aim::LowEnd { .. } => low_parts(&cliques, &low),
        };
        Table {
            sizes: movable.iter().map(|&b| plan.blocks[b as usize].size).collect(),
            aligns: movable.iter().map(|&b| plan.blocks[b as usize].align).collect(),
            pins: (0..movable.len()).map(pins).collect(),
            reach,
            cliques,
            low_cliques,
            low,
        }
    }

    fn end(&self, block: usize, at: u64) -> u64 {
        at.saturating_add(self.sizes[block])
    }

    /// The lowest place for a block at `floor` or above, as to alignment and pins.
    fn place(&self, block: usize, floor: u64) -> u64 {
        let rounded = |offset| align_up(offset, self.aligns[block]).unwrap_or(u64::MAX);
        let mut at = rounded(floor);
        loop {
            let meets = |pin: &&Pin| {
                at < pin.offset + pin.reach && pin.offset < at.saturating_add(pin.other)
            };
            match self.pins[block].iter().find(meets) {
                Some(pin) => at = rounded(pin.offset + pin.reach),
                None => return at,
            }
        }
    }
}

/// Keeps each block once, with its largest size.
fn largest_of_each(places: &mut Vec<(usize, u64)>) {
    places.sort_unstable_by_key(|&(at, size)| (at, std::cmp::Reverse(size)));
    places.dedup_by_key(|&mut (at, _)| at);
}

/// What of each clique prefers the low end.
fn low_parts(cliques: &[Vec<(usize, u64)>], low: &[u64]) -> Vec<Vec<(usize, u64)>> {
    let low_part = |clique: &Vec<(usize, u64)>| {
        let members = clique.iter().copied();
        members.filter(|&(block, _)| low[block] > 0).collect::<Vec<_>>()
    };
    let mut parts: Vec<_> = cliques.iter().map(low_part).filter(|part| part.len() > 1).collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

struct Search<'a, 'p> {
    plan: &'a Plan<'p>,
    movable: &'a [u32],
    table: Table,
    aim: Aim,
    /// What is still of interest; none once the bound of the aim is reached.
    caps: Option<Caps>,
    /// What that allows each block: where it may end.
    limits: [u64; MAX_BLOCKS],
    nodes: u64,
    offsets: [u64; MAX_BLOCKS],
    best: Option<Fitted>,
}

/// Some blocks are placed.
#[derive(Clone, Copy)]
struct Node {
    /// Below which offset the placed blocks bar each block.
    floors: [u64; MAX_BLOCKS],
    /// The blocks not placed yet, as bits.
    open: u32,
    /// The offset and the position of the last block placed.
    last: (u64, Option<usize>),
}

impl Search<'_, '_> {
    fn visit(&mut self, node: &Node) {
        if self.nodes == 0 || self.caps.is_none() {
            return;
        }
        self.nodes -= 1;
        if node.open == 0 {
            self.accept();
            return;
        }
        let mut places = [0; MAX_BLOCKS];
        let mut lowest_end = u64::MAX;
        for block in bits(node.open) {
            places[block] = self.table.place(block, node.floors[block]);
            lowest_end = lowest_end.min(self.table.end(block, places[block]));
        }
        if !self.variants_fit(node.open, &places) {
            return;
        }
        let mut next: Vec<(u64, usize)> = bits(node.open)
            .map(|block| (places[block], block))
            .filter(|&(at, block)| at < lowest_end && (at, Some(block)) > node.last)
            .collect();
        next.sort_unstable();
        for (at, block) in next {
            let end = self.table.end(block, at);
            if self.caps.is_none() || end > self.limits[block] {
                return;
            }
            let mut child = *node;
            child.open &= !(1 << block);
            child.last = (at, Some(block));
            for other in bits(child.open) {
                let reach = self.table.reach[block][other];
                if reach > 0 {
                    child.floors[other] = child.floors[other].max(at + reach);
                }
            }
            self.offsets[block] = at;
            self.visit(&child);
        }
    }

    /// Whether each block, and each variant, still fits above what is placed.
    fn variants_fit(&self, open: u32, places: &[u64; MAX_BLOCKS]) -> bool {
        let Some(caps) = self.caps else { return false };
        let fits = |block: usize| self.table.end(block, places[block]) <= self.limits[block];
        let clique_fits = |clique: &Vec<(usize, u64)>| {
            let is_open = |&&(block, _): &&(usize, u64)| open >> block & 1 == 1;
            let (mut lowest, mut sum) = (u64::MAX, 0);
            for &(block, size) in clique.iter().filter(is_open) {
                lowest = lowest.min(places[block]);
                sum += size;
            }
            // The sum is within the load of the clique, and so within the cap.
            sum == 0 || lowest.saturating_add(sum) <= caps.all
        };
        // Of the block on top, only the bytes in question must be within the cap.
        let low_part_fits = |clique: &Vec<(usize, u64)>| {
            let is_open = |&&(block, _): &&(usize, u64)| open >> block & 1 == 1;
            let (mut lowest, mut sum, mut least_above) = (u64::MAX, 0, i128::MAX);
            for &(block, size) in clique.iter().filter(is_open) {
                lowest = lowest.min(places[block]);
                sum += i128::from(size);
                let above = i128::from(self.table.low[block]) - i128::from(size);
                least_above = least_above.min(above);
            }
            sum == 0 || i128::from(lowest) + sum + least_above <= i128::from(caps.low)
        };
        bits(open).all(fits)
            && self.table.cliques.iter().all(clique_fits)
            && self.table.low_cliques.iter().all(low_part_fits)
    }

    /// Takes the packing that is complete now.
    fn accept(&mut self) {
        let Some(caps) = self.caps else { return };
        let mut offsets = vec![0; self.plan.blocks.len()];
        for (block, pin) in self.plan.pinned() {
            offsets[block] = pin;
        }
        for (&block, offset) in self.movable.iter().zip(self.offsets) {
            offsets[block as usize] = offset;
        }
        let fitted = Fitted::new(self.plan, offsets);
        self.caps = self.aim.below(self.plan, caps, &fitted);
        self.best = Some(fitted);
        self.set_limits();
    }

    /// What the caps allow each block. One that can be nowhere has a limit below its size.
    fn set_limits(&mut self) {
        let Some(caps) = self.caps else { return };
        for (limit, &block) in self.limits.iter_mut().zip(self.movable) {
            *limit = caps.of(&self.plan.blocks[block as usize]).unwrap_or(0);
        }
    }
}

/// The positions of the bits that are set, rising.
fn bits(set: u32) -> impl Iterator<Item = usize> {
    std::iter::successors((set != 0).then_some(set), |s| {
        let rest = s & (s - 1);
        (rest != 0).then_some(rest)
    })
    .map(|s| s.trailing_zeros() as usize)
}
