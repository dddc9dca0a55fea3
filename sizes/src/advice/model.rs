//! A future as a packing problem, which can be changed: as `src/layout/coroutine.rs` in Snug's compiler states it.

use std::collections::BTreeMap;

use snug_packing::{Item, Problem};

use crate::report::Future;

/// The problem.
#[derive(Clone, Debug)]
pub(super) struct Model {
    /// The values: size and alignment.
    items: BTreeMap<usize, Item>,
    /// The values that are alive in each state.
    states: Vec<State>,
    conflicts: Vec<(usize, usize)>,
}

#[derive(Clone, Debug)]
struct State {
    items: Vec<usize>,
    /// Those of them that are kept only to be dropped.
    dropped: Vec<usize>,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packed {
    pub(super) size: u64,
    pub(super) align: u64,
}

impl Model {
    /// The problem of a future.
    pub(super) fn of(future: &Future) -> Model {
        let mut items = BTreeMap::new();
        let mut states = Vec::new();
        for variant in &future.variants {
            let dropped = variant.fields.iter().filter(|field| field.is_only_dropped());
            let dropped = dropped.map(|field| field.item);
            let all = variant.fields.iter().map(|field| field.item);
            states.push(State { items: all.collect(), dropped: dropped.collect() });
            for field in &variant.fields {
                items.insert(field.item, Item { size: field.size, align: field.align });
            }
        }
        let is_known =
            |(one, other): &&(usize, usize)| items.contains_key(one) && items.contains_key(other);
        let conflicts = future.conflicts.iter().filter(is_known).copied().collect();
        Model { items, states, conflicts }
    }

    /// Gives a value another size and alignment.
    pub(super) fn resize(&mut self, item: usize, size: u64, align: u64) {
        self.items.insert(item, Item { size, align });
    }

    /// Takes a value out of the states in which it waits only to be dropped.
    pub(super) fn end_where_dropped(&mut self, item: usize) {
        for state in &mut self.states {
            if state.dropped.contains(&item) {
                state.items.retain(|other| *other != item);
            }
        }
        if !self.states.iter().any(|state| state.items.contains(&item)) {
            self.items.remove(&item);
            self.conflicts.retain(|(one, other)| *one != item && *other != item);
        }
    }

    /// Packs it.
    pub(super) fn pack(&self) -> Option<Packed> {
        let numbers: BTreeMap<usize, usize> =
            self.items.keys().enumerate().map(|(number, item)| (*item, number)).collect();
        let mut items: Vec<Item> = self.items.values().cloned().collect();
        let tag = items.len();
        let tag_size = tag_size(self.states.len());
        items.push(Item { size: tag_size, align: tag_size });
        let mut problem = Problem::new(items).ok()?;
        for state in &self.states {
            let mut together: Vec<usize> = state.items.iter().map(|item| numbers[item]).collect();
            together.push(tag);
            problem.add_variant(&together).ok()?;
        }
        for (one, other) in &self.conflicts {
            problem.add_conflict(numbers[one], numbers[other]).ok()?;
        }
        let packing = problem.pack().ok()?;
        Some(Packed { size: packing.size, align: packing.align })
    }
}

/// The size of the state, in bytes: as small as the number of states allows.
fn tag_size(states: usize) -> u64 {
    match states {
        0..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> Model {
        let item = |size| Item { size, align: 8 };
        let state = |items: &[usize], dropped: &[usize]| State {
            items: items.into(),
            dropped: dropped.into(),
        };
        Model {
            items: [(3, item(800)), (5, item(64)), (9, item(8))].into(),
            states: vec![state(&[3], &[]), state(&[3, 5], &[5]), state(&[9], &[])],
            conflicts: vec![(3, 9)],
        }
    }

    #[test]
    fn a_smaller_value_makes_a_smaller_future() {
        let size = |model: &Model| model.pack().unwrap().size;
        let mut model = model();
        assert_eq!(size(&model), 872);
        model.resize(3, 8, 8);
        assert_eq!(size(&model), 80);
        model.end_where_dropped(5);
        assert_eq!(size(&model), 24);
    }

    #[test]
    fn tags_are_as_small_as_can_be() {
        assert_eq!([256, 257, 65536, 65537].map(tag_size), [1, 2, 2, 4]);
    }
}
