//! The bytes that the locals of a function share.

use snug_packing::{Item, Problem};

use crate::bits::members;
use crate::flow::Flow;
use crate::storage::Storage;
use crate::values;

/// A stack slot in which locals lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Its size in bytes, a multiple of its alignment.
    pub size: u64,
    /// Its alignment in bytes.
    pub align: u64,
    /// Where each local is in it.
    pub offsets: Vec<u64>,
}

/// It takes at least so many bytes less for a function to be changed: a larger alignment may cost eight of them.
const WORTH_IT: u64 = 16;

/// Cranelift aligns each slot to this at least.
const WORD: u64 = 8;

/// Whether locals could gain something, if none of them conflicted.
#[cfg(feature = "mir")]
pub(crate) fn can_gain(items: impl Iterator<Item = Item> + Clone) -> bool {
    let size = |item: Item| item.size.next_multiple_of(WORD);
    let largest = items.clone().map(size).max().unwrap_or(0);
    items.map(size).fold(0, u64::saturating_add) - largest >= WORTH_IT
}

/// Places the locals of a function. None if they had better keep a slot each. A local that is used where it has no storage, by its
/// markers, shares with nobody.
pub fn plan(items: &[Item], flow: &Flow) -> Option<Area> {
    let flow = &values::mark(items.len(), flow);
    let storage = Storage::of(items.len(), flow);
    let size = |local: u32| items[local as usize].size;
    let without_markers = storage.without_markers();
    let always = without_markers.iter().copied().map(size).fold(0, u64::saturating_add);
    // Most functions are done here.
    let smallest = storage.peak(flow, size).checked_add(always)?;
    if !is_worth_it(items, smallest)? {
        return None;
    }
    let mut problem = Problem::new(items.to_vec()).ok()?;
    let conflicts = storage.conflicts(flow);
    for local in without_markers {
        conflict_with_all(&mut problem, local);
    }
    for local in 0..items.len() {
        // Storage that begins anew is no conflict of a local with itself.
        for other in members(conflicts.row(local)).filter(|&other| other as usize != local) {
            problem.add_conflict(local, other as usize).ok()?;
        }
    }
    let area = pack(&problem)?;
    let strays = storage.strays(flow);
    if strays.is_empty() {
        return Some(area);
    }
    for local in strays {
        conflict_with_all(&mut problem, local);
    }
    pack(&problem)
}

fn conflict_with_all(problem: &mut Problem, local: u32) {
    for other in (0..problem.items().len()).filter(|&other| other != local as usize) {
        problem.add_conflict(local as usize, other).expect("both are items");
    }
}

fn pack(problem: &Problem) -> Option<Area> {
    let packing = problem.pack_once().ok()?;
    let is_worth_it = is_worth_it(problem.items(), packing.size)?;
    is_worth_it.then_some(Area {
        size: packing.size,
        align: packing.align,
        offsets: packing.offsets,
    })
}

/// Whether an area of a size is enough smaller than a slot for each local.
fn is_worth_it(items: &[Item], size: u64) -> Option<bool> {
    let in_slots_of_their_own = items.iter().try_fold(0_u64, |end, item| {
        end.checked_next_multiple_of(item.align.max(WORD))?.checked_add(item.size)
    })?;
    Some(size.checked_add(WORTH_IT)? <= in_slots_of_their_own)
}
