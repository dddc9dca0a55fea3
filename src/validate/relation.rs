//! Which place of the new body is in the same state as which place of the old one.
//!
//! An entry `(x, q)` says: `q` has a value if and only if `x` has, as drop flags see it, and then it is the
//! same one. So it does for every part, but for the parts that are excepted. Other entries may speak of these.

use std::cmp::Ordering;

use rustc_middle::mir::{Local, Place, PlaceElem};
use rustc_middle::ty::TyCtxt;

use super::place::{
    are_aligned, below, compare, compare_places, is_part_of_pair, overlap, part, project,
};

/// An index into pairs: the old body, the body before.
pub(super) const OLD: usize = 0;
/// The new body, the body after.
pub(super) const NEW: usize = 1;

type Way<'tcx> = &'tcx [PlaceElem<'tcx>];

/// Two places in the same state.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Entry<'tcx> {
    pub(super) places: [Place<'tcx>; 2],
    /// The parts that this says nothing about; none is in another.
    pub(super) except: Vec<Way<'tcx>>,
}

impl<'tcx> Entry<'tcx> {
    /// Whether the entry says nothing about a part.
    pub(super) fn is_excepted(&self, way: &[PlaceElem<'tcx>]) -> bool {
        self.except.iter().any(|except| below(except, way).is_some())
    }

    fn except(&mut self, way: Way<'tcx>) {
        if !self.is_excepted(way) {
            self.except.retain(|except| below(way, except).is_none());
            let at = self.except.partition_point(|except| compare(except, way).is_lt());
            self.except.insert(at, way);
        }
    }

    /// The exceptions within a part.
    fn exceptions_of(&self, way: &[PlaceElem<'tcx>]) -> Vec<Way<'tcx>> {
        self.except.iter().filter_map(|except| below(way, except)).collect()
    }

    fn order(&self, other: &Entry<'tcx>) -> Ordering {
        compare_places(self.places[0], other.places[0])
            .then_with(|| compare_places(self.places[1], other.places[1]))
    }
}

/// All entries, in order.
#[derive(Clone, PartialEq, Default, Debug)]
pub(super) struct Relation<'tcx> {
    entries: Vec<Entry<'tcx>>,
}

/// Whether two places have no value, so that they are in the same state anyway.
pub(super) type BothEmpty<'a, 'tcx> = &'a dyn Fn([Place<'tcx>; 2]) -> bool;

impl<'tcx> Relation<'tcx> {
    pub(super) fn entries(&self) -> &[Entry<'tcx>] {
        &self.entries
    }

    fn insert(&mut self, entry: Entry<'tcx>) {
        match self.entries.binary_search_by(|other| other.order(&entry)) {
            Ok(at) => self.entries[at] = entry,
            Err(at) => self.entries.insert(at, entry),
        }
    }

    /// Notes that two places are in the same state now.
    pub(super) fn add(&mut self, places: [Place<'tcx>; 2]) {
        for entry in &mut self.entries {
            let Some(way) = is_part_of_pair(entry.places, places) else { continue };
            entry.except.retain(|except| below(way, except).is_none());
            if !entry.is_excepted(way) {
                return;
            }
        }
        self.entries.retain(|entry| is_part_of_pair(places, entry.places).is_none());
        self.insert(Entry { places, except: Vec::new() });
    }

    /// Forgets what a place of one body is like.
    pub(super) fn forget(&mut self, side: usize, place: Place<'tcx>) {
        self.entries.retain_mut(|entry| {
            if part(place, entry.places[side]).is_some() {
                return false;
            }
            if let Some(way) = part(entry.places[side], place) {
                entry.except(way);
            }
            true
        });
    }

    /// Forgets that either of two places is like any third one, but for some.
    pub(super) fn forget_others(
        &mut self,
        places: [Place<'tcx>; 2],
        keep: impl Fn([Place<'tcx>; 2]) -> bool,
    ) {
        let concerned = |entry: &Entry<'tcx>| {
            (0..2).any(|side| overlap(entry.places[side], places[side]))
                && !are_aligned(entry.places, places)
        };
        self.entries.retain_mut(|entry| {
            if concerned(entry) && !keep(entry.places) {
                for side in [OLD, NEW] {
                    if part(places[side], entry.places[side]).is_some() {
                        return false;
                    }
                    if let Some(way) = part(entry.places[side], places[side]) {
                        entry.except(way);
                    }
                }
            }
            true
        });
    }

    /// Moves or copies a value within one body.
    pub(super) fn transfer(
        &mut self,
        tcx: TyCtxt<'tcx>,
        side: usize,
        to: Place<'tcx>,
        from: Place<'tcx>,
        is_move: bool,
    ) {
        let mut new = Vec::new();
        for entry in &self.entries {
            let mut derived = entry.clone();
            if let Some(way) = part(entry.places[side], from) {
                if entry.is_excepted(way) {
                    continue;
                }
                derived.places[1 - side] = project(tcx, entry.places[1 - side], way);
                derived.places[side] = to;
                derived.except = entry.exceptions_of(way);
            } else if let Some(way) = part(from, entry.places[side]) {
                derived.places[side] = project(tcx, to, way);
            } else {
                continue;
            }
            new.push(derived);
        }
        if is_move {
            self.forget(side, from);
        }
        self.forget(side, to);
        new.into_iter().for_each(|entry| self.insert(entry));
    }

    /// Whether two places are in the same state.
    pub(super) fn has(
        &self,
        tcx: TyCtxt<'tcx>,
        places: [Place<'tcx>; 2],
        both_empty: BothEmpty<'_, 'tcx>,
    ) -> bool {
        let whole = self.of_old(places[OLD].local).iter().any(|entry| {
            let Some(way) = is_part_of_pair(entry.places, places) else { return false };
            !entry.is_excepted(way)
                && entry.exceptions_of(way).iter().all(|except| {
                    let excepted = places.map(|place| project(tcx, place, except));
                    self.has(tcx, excepted, both_empty)
                })
        });
        whole || both_empty(places)
    }

    /// The entries of a local of the old body.
    fn of_old(&self, local: Local) -> &[Entry<'tcx>] {
        let start = self.entries.partition_point(|entry| entry.places[OLD].local < local);
        let end = self.entries.partition_point(|entry| entry.places[OLD].local <= local);
        &self.entries[start..end]
    }

    /// What holds on both of two ways that meet.
    pub(super) fn meet(
        tcx: TyCtxt<'tcx>,
        ways: [(&Relation<'tcx>, BothEmpty<'_, 'tcx>); 2],
    ) -> Relation<'tcx> {
        // Most of it is the same on both.
        let mut met = Relation::default();
        let mut different = [Vec::new(), Vec::new()];
        let [mut one, mut other] = ways.map(|(relation, _)| relation.entries.iter().peekable());
        loop {
            let order = match (one.peek(), other.peek()) {
                (Some(one), Some(other)) => one.order(other),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let one = if order.is_le() { one.next() } else { None };
            let other = if order.is_ge() { other.next() } else { None };
            if let Some(both) = one.filter(|_| one == other) {
                met.entries.push(both.clone());
            } else {
                different[0].extend(one);
                different[1].extend(other);
            }
        }
        for way in [0, 1] {
            let own_empty = ways[way].1;
            let (other, other_empty) = ways[1 - way];
            for &entry in &different[way] {
                let mut is_covered = false;
                for wider in other.of_old(entry.places[OLD].local) {
                    let Some(path) = is_part_of_pair(wider.places, entry.places) else {
                        is_covered |= is_part_of_pair(entry.places, wider.places)
                            .is_some_and(|path| !entry.is_excepted(path));
                        continue;
                    };
                    if wider.is_excepted(path) {
                        continue;
                    }
                    is_covered = true;
                    let mut found = Entry { places: entry.places, except: Vec::new() };
                    let is_empty = |way: &[PlaceElem<'tcx>], both_empty: BothEmpty<'_, 'tcx>| {
                        both_empty(entry.places.map(|place| project(tcx, place, way)))
                    };
                    for except in &entry.except {
                        if !is_empty(except, own_empty) {
                            found.except(except);
                        }
                    }
                    for except in wider.exceptions_of(path) {
                        if !is_empty(except, other_empty) {
                            found.except(except);
                        }
                    }
                    met.insert(found);
                }
                if !is_covered && other_empty(entry.places) {
                    met.insert(entry.clone());
                }
            }
        }
        met
    }
}
