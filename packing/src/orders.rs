//! The orders in which first fit is tried.
//!
//! Each sorts by a key, ties by rank. None is best everywhere; the first one
//! is best on average, which matters for huge problems, where there is no time for more.

use std::cmp::Reverse;

use crate::arith::align_up;
use crate::plan::{Block, Plan};

type Key = fn(&Block) -> Reverse<(u128, u128)>;

/// What is placed first, in the order in which the orders are tried.
pub(crate) const ORDERS: [Key; 6] = [by_size, by_area, by_align, by_peak, by_lives, by_weight];

/// High alignment first. Never worse than [`stacked`] in this order, which the guarantee
/// about sums rests on.
pub(crate) fn by_align(block: &Block) -> Reverse<(u128, u128)> {
    Reverse((block.align.into(), block.size.into()))
}

/// Large first.
fn by_size(block: &Block) -> Reverse<(u128, u128)> {
    Reverse((block.size.into(), block.align.into()))
}

/// Those in the tightest variants first.
fn by_peak(block: &Block) -> Reverse<(u128, u128)> {
    Reverse((block.peak, block.size.into()))
}

/// Long-lived first.
fn by_lives(block: &Block) -> Reverse<(u128, u128)> {
    Reverse((block.lives.into(), block.size.into()))
}

/// Those beside the most conflicting bytes first.
fn by_weight(block: &Block) -> Reverse<(u128, u128)> {
    Reverse((block.weight, block.size.into()))
}

/// Large and long-lived first.
fn by_area(block: &Block) -> Reverse<(u128, u128)> {
    let area = u128::from(block.size) * u128::from(block.lives);
    Reverse((area, block.size.into()))
}

/// The movable blocks in one of the orders.
pub(crate) fn sorted(plan: &Plan, movable: &[u32], key: Key) -> Vec<u32> {
    let mut order = movable.to_vec();
    order.sort_by_key(|&block| key(&plan.blocks[block as usize]));
    order
}

/// Where the last block ends if the blocks are laid out one after the other, without pins.
pub(crate) fn stacked(plan: &Plan, order: &[u32]) -> Option<u64> {
    order.iter().try_fold(0, |end, &block| {
        let Block { size, align, .. } = plan.blocks[block as usize];
        align_up(end, align)?.checked_add(size)
    })
}

/// The movable blocks with bytes that prefer the low end, in orders that leave no padding between
/// them: high alignment first. Of the last one, only the bytes in question count, so in the other
/// order the one with the most other bytes is last.
pub(crate) fn low_first(plan: &Plan, movable: &[u32]) -> Vec<Vec<u32>> {
    let others = |&block: &u32| {
        let Block { size, low, .. } = plan.blocks[block as usize];
        size - low
    };
    let mut order = movable.to_vec();
    order.retain(|&block| plan.blocks[block as usize].low > 0);
    order.sort_by_key(|&block| {
        let Block { size, align, .. } = plan.blocks[block as usize];
        (Reverse(align), others(&block), Reverse(size))
    });
    let Some(top) = (0..order.len()).rev().max_by_key(|&at| others(&order[at])) else {
        return Vec::new();
    };
    let mut top_last = order.clone();
    let block = top_last.remove(top);
    top_last.push(block);
    let mut orders = vec![order, top_last];
    orders.dedup();
    orders
}
