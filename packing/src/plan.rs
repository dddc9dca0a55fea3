//! A problem made ready for solving.
//!
//! Coincident items become one [`Block`], the unit that is moved. Blocks are put into a
//! canonical order by what they are, not by how they were numbered; from here on a block
//! is named by its rank in that order, and every tie is broken by rank. So the
//! numbering of items can matter only between blocks with equal keys.
//!
//! Variants stay whole, as cliques. Conflicts are never expanded into pairs: the packer
//! keeps the occupied bytes of each clique instead. That makes the cost of a pass
//! proportional to the number of (item, variant) incidences. They too have a canonical
//! order.

use std::cmp::Reverse;
use std::ops::Range;

use crate::arith::align_down;
use crate::{Error, Problem, pins};

/// What is placed as a whole: one item, or a group of coincident ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    /// The largest size in the group, in bytes.
    pub(crate) size: u64,
    /// The largest alignment in the group, in bytes.
    pub(crate) align: u64,
    pub(crate) pin: Option<u64>,
    /// How many bytes from its start prefer the low end of the object.
    pub(crate) low: u64,
    /// Where its parts are in [`Plan::parts`]; none for a block without bytes.
    pub(crate) parts: Range<usize>,
    /// How many (item, variant) incidences it has.
    pub(crate) lives: u64,
    /// The sum of the loads of its cliques and of the sizes of its other conflicts, in bytes.
    pub(crate) weight: u128,
    /// The largest load of its cliques, in bytes.
    pub(crate) peak: u128,
}

/// An item of a block, if it has bytes. Parts of one block start together but may differ
/// in size and in conflicts.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) item: u32,
    pub(crate) size: u64,
    /// Where its cliques are in [`Plan::uses`].
    uses: Range<usize>,
    /// With how many items it conflicts outside its cliques.
    pub(crate) degree: usize,
}

/// A problem in canonical form.
#[derive(Debug)]
pub(crate) struct Plan<'p> {
    pub(crate) problem: &'p Problem,
    /// In canonical order.
    pub(crate) blocks: Vec<Block>,
    pub(crate) parts: Vec<Part>,
    uses: Vec<u32>,
    /// The block of each item.
    pub(crate) block_of: Vec<u32>,
    /// The distinct variants, in canonical order: the tightest first, since that is the one
    /// most likely to decide where a block can go.
    pub(crate) cliques: Vec<&'p [u32]>,
    /// The bytes live in each clique, coincident items counting once.
    pub(crate) loads: Vec<u128>,
    /// The largest alignment of all, in bytes.
    pub(crate) align: u64,
    /// The highest offset at which an item may end, a multiple of `align`.
    pub(crate) cap: u64,
}

impl<'p> Plan<'p> {
    pub(crate) fn new(problem: &'p Problem) -> Result<Plan<'p>, Error> {
        let align = problem.items.iter().map(|item| item.align).max();
        let align = align.unwrap_or(1);
        let (block_of, mut blocks) = group(problem)?;
        let cliques = distinct_variants(problem);
        let loads = loads(problem, &cliques, &block_of);
        for (clique, &load) in cliques.iter().zip(&loads) {
            for &item in *clique {
                let block = &mut blocks[block_of[item as usize] as usize];
                block.lives += 1;
                block.weight += load;
                block.peak = block.peak.max(load);
            }
        }
        let degrees = weigh_conflicts(problem, &block_of, &mut blocks)?;
        let (block_of, blocks) = canonical(block_of, blocks);
        let (loads, cliques) = tightest_first(loads, cliques, &block_of);
        let (ends, uses) = transpose(problem.items.len(), &cliques);
        let mut plan = Plan {
            problem,
            blocks,
            parts: Vec::new(),
            uses,
            block_of,
            cliques,
            loads,
            align,
            cap: align_down(problem.limit, align),
        };
        plan.add_parts(&ends, &degrees);
        Ok(plan)
    }

    pub(crate) fn parts(&self, block: usize) -> &[Part] {
        &self.parts[self.blocks[block].parts.clone()]
    }

    /// The cliques that an item is in.
    pub(crate) fn uses(&self, part: &Part) -> &[u32] {
        &self.uses[part.uses.clone()]
    }

    /// The blocks whose offset is to be chosen, in canonical order.
    pub(crate) fn movable(&self) -> Vec<u32> {
        let movable = |&rank: &u32| {
            let block = &self.blocks[rank as usize];
            block.pin.is_none() && block.size > 0
        };
        (0..self.blocks.len() as u32).filter(movable).collect()
    }

    /// The blocks whose offset is fixed.
    pub(crate) fn pinned(&self) -> impl Iterator<Item = (usize, u64)> {
        let pin = |(rank, block): (usize, &Block)| Some((rank, block.pin?));
        self.blocks.iter().enumerate().filter_map(pin)
    }

    /// Lists the items with bytes, block by block. `ends` says where the uses of each
    /// item end.
    fn add_parts(&mut self, ends: &[usize], degrees: &[usize]) {
        let mut items: Vec<u32> = (0..self.block_of.len() as u32).collect();
        items.retain(|&item| self.problem.items[item as usize].size > 0);
        items.sort_unstable_by_key(|&item| (self.block_of[item as usize], item));
        for item in items {
            let index = item as usize;
            let at = self.parts.len();
            let block = &mut self.blocks[self.block_of[index] as usize];
            if block.parts.is_empty() {
                block.parts.start = at;
            }
            block.parts.end = at + 1;
            let start = if index == 0 { 0 } else { ends[index - 1] };
            self.parts.push(Part {
                item,
                size: self.problem.items[index].size,
                uses: start..ends[index],
                degree: degrees.get(index).copied().unwrap_or(0),
            });
        }
    }
}

/// Unites coincident items. Gives the block of each item, and the blocks in the order of
/// their first items.
fn group(problem: &Problem) -> Result<(Vec<u32>, Vec<Block>), Error> {
    let roots = roots(problem);
    let mut block_of: Vec<u32> = Vec::with_capacity(roots.len());
    let mut blocks: Vec<Block> = Vec::with_capacity(roots.len());
    for (item, &root) in problem.items.iter().zip(&roots) {
        // The root of a group is its first item, so its block is known by now.
        let block = match block_of.get(root as usize) {
            Some(&block) => block,
            None => {
                blocks.push(Block::default());
                blocks.len() as u32 - 1
            }
        };
        block_of.push(block);
        let block = &mut blocks[block as usize];
        block.size = block.size.max(item.size);
        block.align = block.align.max(item.align);
    }
    for &(item, bytes) in &problem.low {
        let block = &mut blocks[block_of[item as usize] as usize];
        block.low = block.low.max(bytes.min(problem.items[item as usize].size));
    }
    pins::set(problem, &block_of, &mut blocks)?;
    Ok((block_of, blocks))
}

/// The first item of the group of each item.
fn roots(problem: &Problem) -> Vec<u32> {
    let mut roots: Vec<u32> = (0..problem.items.len() as u32).collect();
    let find = |roots: &mut [u32], mut item: u32| {
        while roots[item as usize] != item {
            roots[item as usize] = roots[roots[item as usize] as usize];
            item = roots[item as usize];
        }
        item
    };
    for &(a, b) in &problem.coincident {
        let (a, b) = (find(&mut roots, a), find(&mut roots, b));
        roots[a.max(b) as usize] = a.min(b);
    }
    for item in 0..roots.len() as u32 {
        roots[item as usize] = find(&mut roots, item);
    }
    roots
}

/// The variants without repetitions: many suspension points have the same values live,
/// and each costs as much as a different one.
fn distinct_variants(problem: &Problem) -> Vec<&[u32]> {
    let hash = |variant: &[u32]| {
        variant.iter().fold(variant.len() as u64, |hash, &item| {
            (hash.rotate_left(5) ^ u64::from(item)).wrapping_mul(0x517c_c1b7_2722_0a95)
        })
    };
    let mut keyed: Vec<(u64, &[u32])> = problem.variants().map(|v| (hash(v), v)).collect();
    keyed.sort_unstable();
    keyed.dedup();
    keyed.into_iter().map(|(_, variant)| variant).collect()
}

/// The bytes live in each clique: each block once, with its largest item there.
fn loads(problem: &Problem, cliques: &[&[u32]], block_of: &[u32]) -> Vec<u128> {
    let size = |item: u32| problem.items[item as usize].size;
    if problem.coincident.is_empty() {
        let load = |clique: &&[u32]| clique.iter().map(|&item| u128::from(size(item))).sum();
        return cliques.iter().map(load).collect();
    }
    let mut largest = vec![0; problem.items.len()];
    let mut loads = Vec::with_capacity(cliques.len());
    for clique in cliques {
        for &item in *clique {
            let largest = &mut largest[block_of[item as usize] as usize];
            *largest = size(item).max(*largest);
        }
        let mut load = 0;
        for &item in *clique {
            let counted = std::mem::take(&mut largest[block_of[item as usize] as usize]);
            load += u128::from(counted);
        }
        loads.push(load);
    }
    loads
}

/// The cliques of each item: where they end, and the cliques.
fn transpose(items: usize, cliques: &[&[u32]]) -> (Vec<usize>, Vec<u32>) {
    let mut ends = vec![0; items];
    for &item in cliques.iter().copied().flatten() {
        ends[item as usize] += 1;
    }
    let mut total = 0;
    for end in &mut ends {
        let count = *end;
        *end = total;
        total += count;
    }
    // Each entry is the start of its item now, and moves to the end while filling.
    let mut uses = vec![0; total];
    for (clique, members) in cliques.iter().enumerate() {
        for &item in *members {
            uses[ends[item as usize]] = clique as u32;
            ends[item as usize] += 1;
        }
    }
    (ends, uses)
}

/// Adds the conflicts given as pairs to the weights. Gives how many each item has, or
/// nothing if there are none at all.
fn weigh_conflicts(
    problem: &Problem,
    block_of: &[u32],
    blocks: &mut [Block],
) -> Result<Vec<usize>, Error> {
    if problem.conflicts.is_empty() {
        return Ok(Vec::new());
    }
    let mut degrees = vec![0; problem.items.len()];
    for a in 0..problem.items.len() {
        let block = block_of[a];
        for b in problem.conflicts.row(a) {
            if block_of[b] == block {
                return Err(Error::CoincidentConflict { a, b });
            }
            degrees[a] += 1;
            blocks[block as usize].weight += u128::from(problem.items[b].size);
        }
    }
    Ok(degrees)
}

/// Renumbers the blocks by what they are.
fn canonical(mut block_of: Vec<u32>, mut blocks: Vec<Block>) -> (Vec<u32>, Vec<Block>) {
    let key = |block: &Block| {
        let Block { size, align, .. } = *block;
        Reverse((size, align, block.pin, block.lives, block.weight, block.low))
    };
    let mut order: Vec<u32> = (0..blocks.len() as u32).collect();
    order.sort_by_key(|&block| key(&blocks[block as usize]));
    let mut ranks = vec![0; order.len()];
    for (rank, &block) in order.iter().enumerate() {
        ranks[block as usize] = rank as u32;
    }
    for block in &mut block_of {
        *block = ranks[*block as usize];
    }
    let take = |&block: &u32| std::mem::take(&mut blocks[block as usize]);
    let blocks = order.iter().map(take).collect();
    (block_of, blocks)
}

/// Renumbers the cliques by what they are: by load, ties by the blocks in them.
fn tightest_first<'p>(
    loads: Vec<u128>,
    cliques: Vec<&'p [u32]>,
    block_of: &[u32],
) -> (Vec<u128>, Vec<&'p [u32]>) {
    let ranks = |clique: &'p [u32]| clique.iter().map(|&item| block_of[item as usize]);
    // Sets are compared only if their sums of hashes are equal, which is next to never.
    let hash = |clique: &'p [u32]| {
        let mixed = |rank: u32| (u64::from(rank) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ranks(clique)
            .fold(0, |sum: u64, rank| sum.wrapping_add(mixed(rank) ^ mixed(rank).rotate_left(32)))
    };
    let sorted_ranks = |clique: &'p [u32]| {
        let mut ranks: Vec<u32> = ranks(clique).collect();
        ranks.sort_unstable();
        ranks
    };
    let mut keyed: Vec<(Reverse<u128>, u64, &[u32])> = loads
        .into_iter()
        .zip(cliques)
        .map(|(load, clique)| (Reverse(load), hash(clique), clique))
        .collect();
    keyed.sort_by(|a, b| {
        let by_hash = (a.0, a.1).cmp(&(b.0, b.1));
        by_hash.then_with(|| sorted_ranks(a.2).cmp(&sorted_ranks(b.2)))
    });
    keyed.into_iter().map(|(load, _, clique)| (load.0, clique)).unzip()
}
