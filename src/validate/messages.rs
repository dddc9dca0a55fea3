//! What a violation says.

use rustc_middle::mir::{Place, VarDebugInfoContents};

use super::place::{are_aligned, compare, overlap, part, split};
use super::relation::{NEW, OLD};
use super::side::Point;
use super::state::State;
use super::violation::Violation;
use super::walk::{Loss, Next, Walk};

impl<'tcx> Walk<'_, 'tcx> {
    /// Both bodies do different things.
    pub(super) fn mismatch(
        &self,
        points: [Point; 2],
        old: &Next<'tcx>,
        new: &Next<'tcx>,
    ) -> Violation {
        let message = match (old, new) {
            (Next::Drop(drop), Next::End(end)) => format!(
                "{}, which may have a value, is no longer dropped on a way that ends with {end:?}",
                self.describe(OLD, drop.place)
            ),
            (Next::Drop(drop), _) => format!(
                "the drop of {}, which may have a value, is gone",
                self.describe(OLD, drop.place)
            ),
            (_, Next::Drop(drop)) => {
                let place = self.describe(NEW, drop.place);
                format!("{place} may have a value and is dropped, where nothing was dropped")
            }
            (old, new) => {
                let [old, new] =
                    [(OLD, old), (NEW, new)].map(|(side, next)| self.what(side, points, next));
                format!("{old} has become {new}")
            }
        };
        self.violation(points, message)
    }

    fn what(&self, side: usize, points: [Point; 2], next: &Next<'tcx>) -> String {
        match (next, points[side]) {
            (Next::End(end), _) => format!("an end with {end:?}"),
            (_, Point::At(location)) => {
                let data = &self.sides[side].body.basic_blocks[location.block];
                match data.statements.get(location.statement_index) {
                    Some(statement) => format!("`{statement:?}`"),
                    None => format!("`{:?}`", data.terminator().kind),
                }
            }
            (_, point) => format!("{point:?}"),
        }
    }

    /// Why a place of the new body is not what a place of the old one is.
    pub(super) fn explain(
        &self,
        points: [Point; 2],
        state: &State<'tcx>,
        bases: [Place<'tcx>; 2],
        how: &str,
    ) -> Violation {
        let [old, new] = [OLD, NEW].map(|side| self.describe(side, bases[side]));
        let entries = state.same.entries();
        let holds = entries.iter().find(|entry| {
            let is_excepted =
                part(entry.places[NEW], bases[NEW]).is_some_and(|way| entry.is_excepted(way));
            !is_excepted
                && overlap(entry.places[NEW], bases[NEW])
                && !overlap(entry.places[OLD], bases[OLD])
                && self.is_filled(state, OLD, entry.places[OLD])
        });
        let lies = entries.iter().find(|entry| {
            overlap(entry.places[OLD], bases[OLD]) && !overlap(entry.places[NEW], bases[NEW])
        });
        let swapped = entries.iter().find(|entry| {
            overlap(entry.places[OLD], bases[OLD])
                && overlap(entry.places[NEW], bases[NEW])
                && !are_aligned(entry.places, bases)
                && compare(entry.places[OLD].projection, bases[OLD].projection).is_eq()
        });
        let why = if self.sides[NEW].may_lack_storage(points[NEW], bases[NEW].local) {
            let some_ways = self.is_filled(state, NEW, bases[NEW]);
            let some_ways = if some_ways { " on some ways" } else { "" };
            format!("which has no storage there{some_ways}")
        } else if let Some(entry) = holds {
            format!("which holds {} there", self.describe(OLD, entry.places[OLD]))
        } else if let Some(entry) = lies.or(swapped) {
            format!("but lies in {} there", self.describe(NEW, entry.places[NEW]))
        } else {
            match self.losses.get(&bases[NEW].local) {
                Some(Loss::StorageDead(point)) => {
                    format!(
                        "which does not hold it any more: its storage ends at {}",
                        self.at(*point)
                    )
                }
                Some(Loss::StorageLive(point)) => {
                    format!(
                        "which does not hold it any more: its storage begins anew at {}",
                        self.at(*point)
                    )
                }
                Some(Loss::Written(point)) => {
                    format!("which does not hold it any more since {}", self.at(*point))
                }
                None => "which does not hold it".to_owned(),
            }
        };
        self.violation(points, format!("{old} is {how} in {new}, {why}"))
    }

    /// What messages call a place.
    pub(super) fn describe(&self, side: usize, place: Place<'tcx>) -> String {
        let name = self.sides[side].body.var_debug_info.iter().find_map(|variable| {
            let VarDebugInfoContents::Place(of) = variable.value else { return None };
            let of = split(self.tcx, self.sides[side].body, of).base;
            overlap(of, place).then_some(variable.name)
        });
        match name {
            Some(name) => format!("`{name}` ({place:?})"),
            None => format!("`{place:?}`"),
        }
    }

    pub(super) fn at(&self, point: Point) -> String {
        show(point)
    }
}

/// What messages call a point of a body.
pub(super) fn show(point: Point) -> String {
    match point {
        Point::At(location) => format!("{location:?}"),
        Point::Rung { block, field, .. } => format!("the drop of capture {field} in {block:?}"),
        Point::End(_) => "its end".to_owned(),
    }
}
