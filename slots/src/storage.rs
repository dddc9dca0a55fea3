//! Which locals may have storage at the same time.
//!
//! The lattice is sets of locals that may have storage, joined by union; a block's effect is what its markers begin and end
//! last. It starts with nothing: who has no markers is in no set, and conflicts with all others ([`Storage::without_markers`]).
//!
//! Two locals conflict if both may have storage at one point. So it suffices to look where storage begins, and where ways meet on which
//! different locals have some. (The latter is more than must be: on no way do both have storage.) Mirrors `MaybeStorageLive` in
//! `rustc_mir_dataflow/src/impls/storage_liveness.rs`; a block of cleanup is a block as any other, here and there.

use crate::bits::{Rows, contains, insert, members, remove, unite};
use crate::flow::{Event, Flow};

/// What may have storage where each block begins.
pub(crate) struct Storage {
    locals: usize,
    order: Vec<usize>,
    entries: Rows,
    /// What may have storage where each block begins, whichever way has led there.
    agreed: Rows,
    /// Which locals have markers.
    marked: Vec<bool>,
}

impl Storage {
    pub(crate) fn of(locals: usize, flow: &Flow) -> Storage {
        let order = flow.order();
        let mut begun = Rows::new(flow.blocks(), locals);
        let mut ended = Rows::new(flow.blocks(), locals);
        for &block in &order {
            for &event in flow.events(block) {
                match event {
                    Event::Live(local) => {
                        insert(begun.row_mut(block), local);
                        remove(ended.row_mut(block), local);
                    }
                    Event::Dead(local) => {
                        remove(begun.row_mut(block), local);
                        insert(ended.row_mut(block), local);
                    }
                    Event::Use(_) | Event::Write(_) => {}
                }
            }
        }
        let exit = |entries: &Rows, block: usize, exit: &mut [u64]| {
            let sets = entries.row(block).iter().zip(begun.row(block)).zip(ended.row(block));
            for (exit, ((entry, begun), ended)) in exit.iter_mut().zip(sets) {
                *exit = entry & !ended | begun;
            }
        };
        let entries = fixpoint(locals, flow, &order, exit);
        let mut agreed = entries.clone();
        if flow.blocks() > 0 {
            // The function's caller is a way to its first block.
            agreed.row_mut(0).fill(0);
        }
        let mut at_end = vec![0; locals.div_ceil(64)];
        for &block in &order {
            exit(&entries, block, &mut at_end);
            for next in flow.successors(block) {
                agreed.row_mut(next).iter_mut().zip(&at_end).for_each(|(all, one)| *all &= one);
            }
        }
        Storage { locals, order, entries, agreed, marked: marked(locals, flow) }
    }

    /// Follows what may have storage through all blocks that can be reached, and shows it before each event.
    fn follow(&self, flow: &Flow, mut see: impl FnMut(Event, &[u64])) {
        let mut stored = vec![0; self.locals.div_ceil(64)];
        for &block in &self.order {
            stored.copy_from_slice(self.entries.row(block));
            for &event in flow.events(block) {
                see(event, &stored);
                match event {
                    Event::Live(local) => insert(&mut stored, local),
                    Event::Dead(local) => remove(&mut stored, local),
                    Event::Use(_) | Event::Write(_) => {}
                }
            }
        }
    }

    /// For each local, others that may have storage at the same point. A pair may be named on one side alone.
    pub(crate) fn conflicts(&self, flow: &Flow) -> Rows {
        let mut conflicts = Rows::new(self.locals, self.locals);
        for &block in &self.order {
            let entry = self.entries.row(block);
            for local in members(entry) {
                if !contains(self.agreed.row(block), local) {
                    unite(conflicts.row_mut(local as usize), entry);
                }
            }
        }
        self.follow(flow, |event, stored| {
            if let Event::Live(local) = event {
                unite(conflicts.row_mut(local as usize), stored);
            }
        });
        conflicts
    }

    /// The most bytes that locals with markers have storage for at one time, where one begins.
    pub(crate) fn peak(&self, flow: &Flow, size: impl Fn(u32) -> u64) -> u64 {
        let mut peak = 0;
        self.follow(flow, |event, stored| {
            if let Event::Live(local) = event {
                let others = members(stored).filter(|&other| other != local);
                peak = peak.max(others.map(&size).fold(size(local), u64::saturating_add));
            }
        });
        peak
    }

    /// The locals that are used where they have no storage, as far as these markers go. There should be none.
    pub(crate) fn strays(&self, flow: &Flow) -> Vec<u32> {
        let mut strays = vec![0; self.locals.div_ceil(64)];
        self.follow(flow, |event, stored| {
            if let Event::Use(local) | Event::Write(local) = event
                && !contains(stored, local)
            {
                insert(&mut strays, local);
            }
        });
        members(&strays).filter(|&local| self.marked[local as usize]).collect()
    }

    /// The locals without markers, which have storage from the first to the last instruction.
    pub(crate) fn without_markers(&self) -> Vec<u32> {
        (0..self.locals as u32).filter(|&local| !self.marked[local as usize]).collect()
    }
}

/// What may have storage where each block begins.
fn fixpoint(
    locals: usize,
    flow: &Flow,
    order: &[usize],
    exit: impl Fn(&Rows, usize, &mut [u64]),
) -> Rows {
    let mut entries = Rows::new(flow.blocks(), locals);
    let mut at_end = vec![0; locals.div_ceil(64)];
    let mut is_open = vec![true; flow.blocks()];
    let mut is_changed = true;
    while is_changed {
        is_changed = false;
        for &block in order {
            if !std::mem::take(&mut is_open[block]) {
                continue;
            }
            exit(&entries, block, &mut at_end);
            for next in flow.successors(block) {
                if unite(entries.row_mut(next), &at_end) {
                    is_open[next] = true;
                    is_changed = true;
                }
            }
        }
    }
    entries
}

/// Which locals have markers.
fn marked(locals: usize, flow: &Flow) -> Vec<bool> {
    let mut marked = vec![false; locals];
    for &event in flow.all_events() {
        if let Event::Live(local) | Event::Dead(local) = event {
            marked[local as usize] = true;
        }
    }
    marked
}
