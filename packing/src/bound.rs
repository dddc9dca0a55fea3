//! Sizes that no packing can go below.
//!
//! [`Problem::bound`] means one thing that can be explained to a user: the most bytes
//! live at one point. [`Problem::strong_bound`] is for the packer, which stops when it
//! reaches it; anything sound may be added there.

use crate::arith::align_up;
use crate::plan::{Block, Plan};
use crate::{Error, Problem};

impl Problem {
    /// The most bytes live at one suspension point, or in one item if that is more,
    /// rounded up to the largest alignment of all items. Coincident items in one variant
    /// count once, with the largest size among them. In bytes.
    ///
    /// No packing is smaller. Conflicts given as pairs and pins do not count.
    ///
    /// # Errors
    ///
    /// As [`pack`](Problem::pack); [`Error::TooBig`] if the bound is above the limit.
    pub fn bound(&self) -> Result<u64, Error> {
        most_live(&Plan::new(self)?)
    }

    /// Like [`bound`](Problem::bound), but also counts padding that cannot be avoided,
    /// conflicts given as pairs, and pins. At least `bound`; no packing is smaller.
    ///
    /// # Errors
    ///
    /// As [`bound`](Problem::bound).
    pub fn strong_bound(&self) -> Result<u64, Error> {
        strong(&Plan::new(self)?)
    }
}

/// Where the bytes that prefer the low end of the object end at least. In each clique, one of
/// their blocks is on top of all others, and only the bytes in question count of that one.
pub(crate) fn low_end(plan: &Plan) -> u64 {
    if plan.problem.low.is_empty() {
        return 0;
    }
    let fixed = |block: &Block| match block.low {
        0 => 0,
        low => block.pin.unwrap_or(0).saturating_add(low),
    };
    let mut highest = plan.blocks.iter().map(fixed).max().unwrap_or(0);
    let mut counted = vec![usize::MAX; plan.blocks.len()];
    for (index, clique) in plan.cliques.iter().enumerate() {
        let (mut sum, mut least_above) = (0, i128::MAX);
        for &item in *clique {
            let (block, size) =
                (plan.block_of[item as usize], plan.problem.items[item as usize].size);
            let Block { low, .. } = plan.blocks[block as usize];
            // Of coincident items, counting any one is sound.
            if low == 0 || std::mem::replace(&mut counted[block as usize], index) == index {
                continue;
            }
            sum += i128::from(size);
            least_above = least_above.min(i128::from(low) - i128::from(size));
        }
        let end = if sum == 0 { 0 } else { sum + least_above };
        highest = highest.max(u64::try_from(end).unwrap_or(u64::MAX));
    }
    highest
}

pub(crate) fn most_live(plan: &Plan) -> Result<u64, Error> {
    let live = plan.loads.iter().copied().max().unwrap_or(0);
    round(plan, live.max(largest(plan)))
}

pub(crate) fn strong(plan: &Plan) -> Result<u64, Error> {
    let pins = plan.pinned();
    let pinned_end = pins.map(|(rank, pin)| u128::from(pin) + u128::from(plan.blocks[rank].size));
    let highest = [
        u128::from(most_live(plan)?),
        pinned_end.max().unwrap_or(0),
        heaviest_pair(plan),
        most_padded(plan),
    ];
    round(plan, highest.into_iter().max().unwrap_or(0))
}

fn largest(plan: &Plan) -> u128 {
    plan.blocks.iter().map(|block| u128::from(block.size)).max().unwrap_or(0)
}

/// The most bytes in two items that conflict.
fn heaviest_pair(plan: &Plan) -> u128 {
    let size = |item: usize| u128::from(plan.problem.items[item].size);
    let heaviest = |a| {
        let neighbours = plan.problem.conflicts.row(a);
        neighbours.map(|b| size(a) + size(b)).max()
    };
    (0..plan.problem.items.len()).filter_map(heaviest).max().unwrap_or(0)
}

/// Cuts memory into granules of `g` bytes, for each alignment `g` in use. An item with an
/// alignment of `g` or more starts with a granule, so no other such item of its clique
/// is in any granule it touches. This gives more than the sum of the sizes only if a
/// size is no multiple of its alignment, which is never so for a Rust type.
fn most_padded(plan: &Plan) -> u128 {
    let odd = |block: &Block| !block.size.is_multiple_of(block.align);
    if !plan.blocks.iter().any(odd) {
        return 0;
    }
    let mut granules: Vec<u64> = plan.blocks.iter().map(|block| block.align).collect();
    granules.sort_unstable();
    granules.dedup();
    let mut most = 0;
    let mut counted = vec![usize::MAX; plan.blocks.len()];
    for (index, clique) in plan.cliques.iter().enumerate() {
        let mut sums = vec![0; granules.len()];
        for &item in *clique {
            let block = plan.block_of[item as usize] as usize;
            // Of coincident items, counting any one is sound.
            if std::mem::replace(&mut counted[block], index) == index {
                continue;
            }
            let size = u128::from(plan.problem.items[item as usize].size);
            for (sum, &granule) in sums.iter_mut().zip(&granules) {
                if granule <= plan.blocks[block].align {
                    *sum += size.next_multiple_of(u128::from(granule));
                }
            }
        }
        most = sums.into_iter().max().unwrap_or(0).max(most);
    }
    most
}

fn round(plan: &Plan, bytes: u128) -> Result<u64, Error> {
    let limit = plan.problem.limit;
    u64::try_from(bytes)
        .ok()
        .and_then(|bytes| align_up(bytes, plan.align))
        .filter(|&bytes| bytes <= limit)
        .ok_or(Error::TooBig { limit })
}
