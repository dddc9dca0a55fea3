//! Exact search, for problems that first fit leaves above the bound.
//!
//! Branch and bound over the blocks in rising order of their offsets. Of all smallest
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

use crate::arith::align_up;
use crate::fit::Fitted;
use crate::plan::Plan;

/// The largest number of blocks that is searched.
pub(crate) const MAX_BLOCKS: usize = 32;

/// The highest cap. Sums saturate, so one that overflows is above every cap.
const MAX_CAP: u64 = u64::MAX - 1;

/// What the search found.
pub(crate) struct Outcome {
    /// The best packing within the cap, if there is one.
    pub(crate) found: Option<Fitted>,
    /// Whether it is certain that there is no better one.
    pub(crate) proved: bool,
}

/// Looks for a packing that ends at `cap` or below; ends at once when it needs no more
/// than `floor` bytes. Both are multiples of the alignment of the plan, and no packing
/// is smaller than `floor`.
pub(crate) fn search(plan: &Plan, movable: &[u32], cap: u64, floor: u64, nodes: u64) -> Outcome {
    let cap = cap.min(MAX_CAP);
    if cap < floor || movable.len() > MAX_BLOCKS {
        let (found, proved) = (None, cap < floor);
        return Outcome { found, proved };
    }
    let mut search = Search {
        table: Table::new(plan, movable),
        granule: plan.align,
        floor,
        cap: Some(cap),
        nodes,
        offsets: [0; MAX_BLOCKS],
        best: None,
    };
    let none_placed = Node {
        floors: [0; MAX_BLOCKS],
        open: ((1u64 << movable.len()) - 1) as u32,
        last: (0, None),
        end: search.table.pinned_end,
    };
    search.visit(&none_placed);
    let found = search.best.map(|(end, chosen)| {
        let mut offsets = vec![0; plan.blocks.len()];
        for (block, pin) in plan.pinned() {
            offsets[block] = pin;
        }
        for (&block, offset) in movable.iter().zip(chosen) {
            offsets[block as usize] = offset;
        }
        Fitted { offsets, end }
    });
    let proved = search.nodes > 0;
    Outcome { found, proved }
}

/// The problem as pairs of blocks; here a block is named by its position in `movable`.
struct Table {
    sizes: Vec<u64>,
    aligns: Vec<u64>,
    /// `reach[a][b]`: how many bytes above the offset of `a` are barred to `b` if `b` is
    /// not below `a`. Zero if they do not conflict.
    reach: Vec<Vec<u64>>,
    pins: Vec<Vec<Pin>>,
    pinned_end: u64,
    /// The movable blocks of each clique with their sizes there.
    cliques: Vec<Vec<(usize, u64)>>,
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
    fn new(plan: &Plan, movable: &[u32]) -> Table {
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
        let ends = pinned.iter().map(|&(block, pin)| pin + plan.blocks[block].size);
        Table {
            sizes: movable.iter().map(|&b| plan.blocks[b as usize].size).collect(),
            aligns: movable.iter().map(|&b| plan.blocks[b as usize].align).collect(),
            pins: (0..movable.len()).map(pins).collect(),
            pinned_end: ends.max().unwrap_or(0),
            reach,
            cliques,
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

struct Search {
    table: Table,
    /// Sizes are multiples of this.
    granule: u64,
    floor: u64,
    /// The highest end that is still of interest; none once the floor is reached.
    cap: Option<u64>,
    nodes: u64,
    offsets: [u64; MAX_BLOCKS],
    best: Option<(u64, [u64; MAX_BLOCKS])>,
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
    end: u64,
}

impl Search {
    fn visit(&mut self, node: &Node) {
        if self.nodes == 0 || self.cap.is_none() {
            return;
        }
        self.nodes -= 1;
        if node.open == 0 {
            self.accept(node.end);
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
            if self.cap.is_none_or(|cap| end > cap) {
                return;
            }
            let mut child = *node;
            child.open &= !(1 << block);
            child.last = (at, Some(block));
            child.end = node.end.max(end);
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
        let Some(cap) = self.cap else { return false };
        let fits = |block: usize| self.table.end(block, places[block]) <= cap;
        let clique_fits = |clique: &Vec<(usize, u64)>| {
            let is_open = |&&(block, _): &&(usize, u64)| open >> block & 1 == 1;
            let (mut lowest, mut sum) = (u64::MAX, 0);
            for &(block, size) in clique.iter().filter(is_open) {
                lowest = lowest.min(places[block]);
                sum += size;
            }
            // The sum is within the load of the clique, and so within the cap.
            sum == 0 || lowest.saturating_add(sum) <= cap
        };
        bits(open).all(fits) && self.table.cliques.iter().all(clique_fits)
    }

    fn accept(&mut self, end: u64) {
        self.best = Some((end, self.offsets));
        let size = align_up(end, self.granule).expect("the end is within the cap");
        self.cap = size.checked_sub(self.granule).filter(|&cap| cap >= self.floor);
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
