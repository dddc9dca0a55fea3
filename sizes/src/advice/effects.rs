//! What a change of one future does to the futures that have it in them.

use std::collections::BTreeMap;

use super::Effect;
use super::model::{Model, Packed};
use crate::report::Report;

/// The futures of a report and which of them are in which.
pub(super) struct Effects<'a> {
    report: &'a Report,
    /// For each future, those that have it as a value, and the number of that value.
    around: BTreeMap<usize, Vec<(usize, usize)>>,
    /// Whether packing a future as it is gives the size that it has: of those that were asked about.
    as_compiled: BTreeMap<usize, bool>,
}

impl<'a> Effects<'a> {
    pub(super) fn new(report: &'a Report) -> Effects<'a> {
        let mut around: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for (outer, future) in report.futures.iter().enumerate() {
            for field in future.variants.iter().flat_map(|variant| &variant.fields) {
                let inner = field.future().and_then(|id| report.position(id));
                // A value that is bigger than the future is something around it.
                if let Some(inner) = inner.filter(|it| report.futures[*it].size == field.size) {
                    let list = around.entry(inner).or_default();
                    if !list.contains(&(outer, field.item)) {
                        list.push((outer, field.item));
                    }
                }
            }
        }
        Effects { report, around, as_compiled: BTreeMap::new() }
    }

    /// The effect of a future's having another problem on itself, and whether it is exact.
    pub(super) fn alone(&mut self, future: usize, changed: &Model) -> (Vec<Effect>, bool) {
        let before = self.report.futures[future].size;
        match changed.pack() {
            Some(packed) if packed.size != before => {
                let effect = Effect { future, before, after: packed.size };
                (vec![effect], self.is_as_compiled(future))
            }
            _ => (Vec::new(), false),
        }
    }

    /// The effects of a future's having another problem, from the inside out, and whether all of it is exact.
    pub(super) fn of(&mut self, future: usize, changed: Model) -> (Vec<Effect>, bool) {
        let mut models = BTreeMap::from([(future, changed)]);
        let mut effects = Vec::new();
        let mut is_exact = true;
        // What is inside is smaller than what is around, so the smallest is final.
        while let Some(next) =
            models.keys().copied().min_by_key(|it| (self.report.futures[*it].size, *it))
        {
            let Some(model) = models.remove(&next) else { break };
            let Some(packed) = model.pack() else { continue };
            let before = self.report.futures[next].size;
            is_exact &= self.is_as_compiled(next);
            if packed.size == before {
                continue;
            }
            effects.push(Effect { future: next, before, after: packed.size });
            self.carry_on(next, packed, &mut models);
        }
        (effects, is_exact)
    }

    /// Puts a future's new size into the problems of those around it.
    fn carry_on(&self, future: usize, packed: Packed, models: &mut BTreeMap<usize, Model>) {
        for &(outer, item) in self.around.get(&future).into_iter().flatten() {
            if self.report.futures[outer].keeps_captures() {
                continue;
            }
            let model =
                models.entry(outer).or_insert_with(|| Model::of(&self.report.futures[outer]));
            model.resize(item, packed.size, packed.align);
        }
    }

    /// Whether packing a future as it is gives the size that it has.
    fn is_as_compiled(&mut self, future: usize) -> bool {
        *self.as_compiled.entry(future).or_insert_with(|| {
            let future = &self.report.futures[future];
            Model::of(future).pack().is_some_and(|packed| packed.size == future.size)
        })
    }
}
