//! What must hold for what both bodies do, values apart.

use rustc_middle::mir::{Place, ProjectionElem};
use rustc_span::Span;

use super::place::{Split, are_aligned, overlap};
use super::relation::{NEW, OLD};
use super::shape::Use;
use super::side::{End, Point};
use super::state::State;
use super::step::Uses;
use super::violation::Result;
use super::walk::Walk;

impl<'tcx> Walk<'_, 'tcx> {
    /// Where a variable is used, debug info finds it.
    pub(super) fn variables_fit(&self, points: [Point; 2], bases: [Place<'tcx>; 2]) -> Result<()> {
        let Some(variable) = self.variables.elsewhere(bases) else { return Ok(()) };
        let message = format!(
            "debug info finds `{}` in {}, but it is used in {}",
            variable.name,
            self.describe(NEW, variable.bases[NEW]),
            self.describe(NEW, bases[NEW]),
        );
        Err(self.violation(points, message))
    }

    /// What follows on the bases of two places must be the same, but for indices, which are looked at on their own.
    pub(super) fn same_rest(&self, points: [Point; 2], places: [Split<'tcx>; 2]) -> Result<()> {
        let [old, new] = places.map(|place| place.rest);
        let is_same = old.len() == new.len()
            && old.iter().zip(new).all(|(old, new)| match (old, new) {
                (ProjectionElem::Index(_), ProjectionElem::Index(_)) => true,
                (ProjectionElem::Field(old, _), ProjectionElem::Field(new, _)) => old == new,
                (ProjectionElem::Downcast(_, old), ProjectionElem::Downcast(_, new)) => old == new,
                _ => old == new,
            });
        if is_same {
            return Ok(());
        }
        let [old, new] = [OLD, NEW].map(|side| {
            let Split { base, rest } = places[side];
            self.describe(side, base.project_deeper(rest, self.tcx))
        });
        Err(self.violation(points, format!("{old} has become {new}, another part")))
    }

    /// The new body's place has storage, if the old body's has.
    pub(super) fn has_storage(&self, points: [Point; 2], bases: [Place<'tcx>; 2]) -> Result<()> {
        let lacks =
            |side: usize| self.sides[side].may_lack_storage(points[side], bases[side].local);
        if lacks(NEW) && !lacks(OLD) {
            let [old, new] = [OLD, NEW].map(|side| self.describe(side, bases[side]));
            let message = format!("{old} is used in {new} where that may have no storage");
            return Err(self.violation(points, message));
        }
        Ok(())
    }

    pub(super) fn same_type(&self, points: [Point; 2], bases: [Place<'tcx>; 2]) -> Result<()> {
        let [old, new] = [OLD, NEW]
            .map(|side| self.tcx.erase_and_anonymize_regions(self.sides[side].ty(bases[side])));
        if old == new {
            return Ok(());
        }
        let places = [OLD, NEW].map(|side| self.describe(side, bases[side]));
        let message =
            format!("{} of type `{old}` has become {} of type `{new}`", places[OLD], places[NEW]);
        Err(self.violation(points, message))
    }

    pub(super) fn same_source(&self, points: [Point; 2], old: Span, new: Span) -> Result<()> {
        if old == new {
            return Ok(());
        }
        let message = format!("what came from {old:?} comes from {new:?} now");
        Err(self.violation(points, message))
    }

    /// How two functions end.
    pub(super) fn same_end(&self, points: [Point; 2], old: End, new: End) -> Result<()> {
        if old == new {
            return Ok(());
        }
        let message = format!("a way that ended with {old:?} ends with {new:?} now");
        Err(self.violation(points, message))
    }

    /// A result does not come to lie where an operand is, if it did not do so before.
    pub(super) fn no_new_overlap(&self, points: [Point; 2], uses: &[Uses<'tcx>]) -> Result<()> {
        let results = uses.iter().filter(|it| matches!(it.how, Use::Write | Use::WriteOnReturn));
        for result in results.filter(|it| !it.is_indirect()) {
            for operand in uses.iter().filter(|it| matches!(it.how, Use::Move | Use::Read)) {
                let meet = |side: usize| overlap(result.bases()[side], operand.bases()[side]);
                if meet(NEW) && !meet(OLD) && !operand.is_indirect() && !operand.is_index {
                    let message = format!(
                        "{} is computed into {}, where its operand {} lies",
                        self.describe(OLD, result.bases()[OLD]),
                        self.describe(NEW, result.bases()[NEW]),
                        self.describe(OLD, operand.bases()[OLD]),
                    );
                    return Err(self.violation(points, message));
                }
            }
        }
        Ok(())
    }

    /// What is borrowed is borrowed from one place, and from one that is not borrowed for something else.
    pub(super) fn may_be_borrowed(
        &self,
        points: [Point; 2],
        state: &State<'tcx>,
        bases: [Place<'tcx>; 2],
    ) -> Result<()> {
        for borrow in &state.borrows {
            let [old, new] = [OLD, NEW].map(|side| overlap(borrow.places[side], bases[side]));
            if (!old && !new) || are_aligned(borrow.places, bases) {
                continue;
            }
            let other = borrow.places;
            if old {
                let message = format!(
                    "{} is borrowed from {}, but has been borrowed from {}",
                    self.describe(OLD, bases[OLD]),
                    self.describe(NEW, bases[NEW]),
                    self.describe(NEW, other[NEW]),
                );
                return Err(self.violation(points, message));
            }
            if self.is_filled(state, OLD, other[OLD]) {
                let message = format!(
                    "{} and {} are both borrowed from {}",
                    self.describe(OLD, other[OLD]),
                    self.describe(OLD, bases[OLD]),
                    self.describe(NEW, bases[NEW]),
                );
                return Err(self.violation(points, message));
            }
        }
        Ok(())
    }

    /// What is borrowed, and has a value, is still where it was borrowed.
    pub(super) fn borrows_hold(&self, points: [Point; 2], state: &mut State<'tcx>) -> Result<()> {
        let touched = std::mem::take(&mut state.touched);
        if touched.is_empty() {
            return Ok(());
        }
        for borrow in &state.borrows {
            let is_touched = (0..2)
                .any(|side| touched.binary_search(&(side, borrow.places[side].local)).is_ok());
            if !is_touched {
                continue;
            }
            let holds = state
                .same
                .has(self.tcx, borrow.places, &|places| !self.is_filled(state, OLD, places[OLD]));
            if !holds {
                return Err(self.explain(points, state, borrow.places, "still borrowed"));
            }
        }
        Ok(())
    }
}
