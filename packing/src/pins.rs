//! Pins: which blocks are fixed, and whether that can be.

use crate::plan::{Block, Plan};
use crate::{Error, Problem};

/// Notes in each block where it is pinned.
pub(crate) fn set(problem: &Problem, block_of: &[u32], blocks: &mut [Block]) -> Result<(), Error> {
    let mut pins = problem.pins.clone();
    pins.sort_unstable();
    let mut pinned_by: Vec<Option<u32>> = Vec::new();
    if !pins.is_empty() {
        pinned_by.resize(blocks.len(), None);
    }
    for (item, offset) in pins {
        let at = block_of[item as usize] as usize;
        let block = &mut blocks[at];
        if offset % block.align != 0 {
            let (item, align) = (item as usize, block.align);
            return Err(Error::PinMisaligned { item, offset, align });
        }
        let first = *pinned_by[at].get_or_insert(item);
        if *block.pin.get_or_insert(offset) != offset {
            let (a, b) = (first as usize, item as usize);
            return Err(Error::PinsDiffer { a, b });
        }
    }
    Ok(())
}

/// Makes sure that no conflicting items are pinned over each other. The ends of pinned
/// items must not overflow.
pub(crate) fn check(plan: &Plan) -> Result<(), Error> {
    let in_cliques = plan.cliques.iter().filter_map(|c| overlap_in(plan, c));
    match in_cliques.chain(overlapping_pairs(plan)).min() {
        Some((a, b)) => Err(Error::PinsOverlap { a, b }),
        None => Ok(()),
    }
}

/// Where an item is pinned, if it is and has bytes.
fn pinned(plan: &Plan, item: usize) -> Option<(u64, u64)> {
    let start = plan.blocks[plan.block_of[item] as usize].pin?;
    let size = plan.problem.items[item].size;
    (size > 0).then_some((start, start + size))
}

fn overlap_in(plan: &Plan, clique: &[u32]) -> Option<(usize, usize)> {
    let block = |item: usize| plan.block_of[item];
    let items = clique.iter().map(|&item| item as usize);
    let place = |item| pinned(plan, item).map(|(start, end)| (start, end, item));
    let mut places: Vec<(u64, u64, usize)> = items.filter_map(place).collect();
    places.sort_unstable();
    // Items of one block start together, so only the last of them, the largest, matters.
    let overlap = |pair: &&[(u64, u64, usize)]| {
        let &[(_, end, a), (start, _, b)] = *pair else { unreachable!("windows of two") };
        block(a) != block(b) && start < end
    };
    let pair = places.windows(2).find(overlap)?;
    Some(sorted(pair[0].2, pair[1].2))
}

fn overlapping_pairs(plan: &Plan) -> impl Iterator<Item = (usize, usize)> {
    let rows = (0..plan.problem.items.len()).filter_map(move |a| Some((a, pinned(plan, a)?)));
    rows.flat_map(move |(a, (start, end))| {
        let overlaps = move |&b: &usize| {
            pinned(plan, b).is_some_and(|(b_start, b_end)| b_start < end && start < b_end)
        };
        let neighbours = plan.problem.conflicts.row(a).filter(overlaps);
        neighbours.map(move |b| sorted(a, b))
    })
}

fn sorted(a: usize, b: usize) -> (usize, usize) {
    (a.min(b), a.max(b))
}
