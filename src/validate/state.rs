//! What is known where both bodies have come to.

use rustc_middle::mir::{Local, Place};
use rustc_middle::ty::TyCtxt;

use super::place::{are_aligned, compare_places, overlap, part, project};
use super::relation::{NEW, OLD, Relation};
use super::side::{Filled, Side, join};

/// How a place has been borrowed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Access {
    /// By a reference that nobody writes through.
    Read,
    /// By one that somebody may write through, while the place has a value.
    Write,
    /// By a raw pointer that somebody may write through, also when the place has no value any more.
    Raw,
}

/// A place that has been borrowed, and what was borrowed for it in the new body.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Borrow<'tcx> {
    pub(super) places: [Place<'tcx>; 2],
    pub(super) access: Access,
}

/// What is known.
#[derive(Clone, PartialEq)]
pub(super) struct State<'tcx> {
    pub(super) same: Relation<'tcx>,
    /// What may be borrowed.
    pub(super) borrows: Vec<Borrow<'tcx>>,
    /// The locals that something happened to since borrows were last looked at.
    pub(super) touched: Vec<(usize, Local)>,
    /// What may have a value, in each body.
    pub(super) filled: [Filled; 2],
}

impl<'tcx> State<'tcx> {
    /// Notes that something happens to a local.
    pub(super) fn touch(&mut self, side: usize, local: Local) {
        if let Err(at) = self.touched.binary_search(&(side, local)) {
            self.touched.insert(at, (side, local));
        }
    }

    pub(super) fn borrow(&mut self, borrow: Borrow<'tcx>) {
        let order = |other: &Borrow<'tcx>| {
            compare_places(other.places[OLD], borrow.places[OLD])
                .then_with(|| compare_places(other.places[NEW], borrow.places[NEW]))
                .then_with(|| other.access.cmp(&borrow.access))
        };
        if let Err(at) = self.borrows.binary_search_by(order) {
            self.borrows.insert(at, borrow);
        }
    }

    /// The storage of a local ends, or begins: either way it has no value.
    pub(super) fn empty(&mut self, side: usize, local: Local) {
        self.touch(side, local);
        self.same.forget(side, local.into());
        if side == OLD {
            self.borrows.retain(|borrow| borrow.places[OLD].local != local);
        }
    }

    /// A capture has been dropped, or has no destructor: those of later captures do not use it.
    pub(super) fn end_borrows(&mut self, capture: Place<'tcx>) {
        self.borrows.retain(|borrow| part(capture, borrow.places[OLD]).is_none());
    }

    /// A place has been moved out of, or assigned: what has a part in common with it is not borrowed any more, as borrowck
    /// has shown, but by raw pointers.
    pub(super) fn end_borrows_at(&mut self, place: Place<'tcx>) {
        self.borrows
            .retain(|borrow| borrow.access == Access::Raw || !overlap(borrow.places[OLD], place));
    }

    /// Two places do the same: nothing else is like either of them any more.
    pub(super) fn become_one(&mut self, places: [Place<'tcx>; 2]) {
        for side in [OLD, NEW] {
            self.touch(side, places[side].local);
        }
        self.same.forget_others(places, |_| false);
        self.same.add(places);
    }

    /// Something may be written through every pointer.
    pub(super) fn write_through_pointers(&mut self, tcx: TyCtxt<'tcx>, old: &Side<'_, 'tcx>) {
        let State { same, borrows, filled, .. } = self;
        for borrow in borrows.iter() {
            let is_concerned = same.entries().iter().any(|entry| {
                (0..2).any(|side| overlap(entry.places[side], borrow.places[side]))
                    && !are_aligned(entry.places, borrow.places)
            });
            let writes = match borrow.access {
                Access::Read => false,
                Access::Write => is_concerned && old.is_filled(&filled[OLD], borrow.places[OLD]),
                Access::Raw => is_concerned,
            };
            if !writes {
                continue;
            }
            same.forget_others(borrow.places, |entry| {
                // References lead nowhere where the place has been moved out of.
                let inner = part(borrow.places[NEW], entry[NEW]);
                borrow.access == Access::Write
                    && inner.is_some_and(|way| {
                        !old.is_filled(&filled[OLD], project(tcx, borrow.places[OLD], way))
                    })
            });
        }
    }

    /// Joins what is known on another way; says whether that is less than before.
    pub(super) fn join(&mut self, sides: &[Side<'_, 'tcx>; 2], other: &State<'tcx>) -> bool {
        let tcx = sides[OLD].tcx;
        let are_empty = |filled: &[Filled; 2], places: [Place<'tcx>; 2]| {
            (0..2).all(|side| !sides[side].is_filled(&filled[side], places[side]))
        };
        let mut changed = false;
        if self.same != other.same {
            let met = Relation::meet(
                tcx,
                [
                    (&self.same, &|places| are_empty(&self.filled, places)),
                    (&other.same, &|places| are_empty(&other.filled, places)),
                ],
            );
            changed = met != self.same;
            self.same = met;
        }
        let known = (self.borrows.len(), self.touched.len());
        for borrow in &other.borrows {
            self.borrow(*borrow);
        }
        for &(side, local) in &other.touched {
            self.touch(side, local);
        }
        changed |= known != (self.borrows.len(), self.touched.len());
        for side in [OLD, NEW] {
            changed |= join(&mut self.filled[side], &other.filled[side]);
        }
        changed
    }
}
