//! What a change of one future does to the futures that have it in them: as a value, or inside one (`Timeout<F>`, `Option<F>`, ..).

use std::collections::{BTreeMap, BTreeSet};

use super::Effect;
use super::model::{Model, Packed};
use super::shape::{Calculator, Instead};
use crate::report::{Field, Report};

/// The futures of a report and which of them are in which.
pub(super) struct Effects<'a> {
    report: &'a Report,
    /// For each future, those that have it in a value.
    around: BTreeMap<usize, BTreeSet<usize>>,
    /// Whether packing a future as it is gives the size that it has: of those that were asked about.
    as_compiled: BTreeMap<usize, bool>,
}

impl<'a> Effects<'a> {
    pub(super) fn new(report: &'a Report) -> Effects<'a> {
        let mut around: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (outer, future) in report.futures.iter().enumerate() {
            for field in future.variants.iter().flat_map(|variant| &variant.fields) {
                for inner in field.futures().filter_map(|id| report.position(id)) {
                    around.entry(inner).or_default().insert(outer);
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
        let mut sizes: BTreeMap<usize, Packed> = BTreeMap::new();
        let mut effects = Vec::new();
        let mut is_exact = true;
        // What is inside is smaller than what is around, so the smallest is final.
        while let Some(next) =
            models.keys().copied().min_by_key(|it| (self.report.futures[*it].size, *it))
        {
            let Some(model) = models.remove(&next) else { break };
            let Some(packed) = model.pack() else {
                is_exact = false;
                continue;
            };
            let (before, align) = (self.report.futures[next].size, self.report.futures[next].align);
            is_exact &= self.is_as_compiled(next);
            if (packed.size, packed.align) == (before, align) {
                continue;
            }
            if packed.size != before {
                effects.push(Effect { future: next, before, after: packed.size });
            }
            sizes.insert(next, packed);
            is_exact &= self.carry_on(next, &sizes, &mut models);
        }
        (effects, is_exact)
    }

    /// Puts a future's new size into the problems of those around it; says whether that is all that it is in.
    fn carry_on(
        &self,
        future: usize,
        sizes: &BTreeMap<usize, Packed>,
        models: &mut BTreeMap<usize, Model>,
    ) -> bool {
        let id = self.report.futures[future].id.as_str();
        let mut is_all = true;
        for &outer in self.around.get(&future).into_iter().flatten() {
            let outer_future = &self.report.futures[outer];
            // In stock's layout, values have no places to change.
            if outer_future.keeps_captures() {
                is_all = false;
                continue;
            }
            let model = models.entry(outer).or_insert_with(|| Model::of(outer_future));
            let fields = outer_future.variants.iter().flat_map(|variant| &variant.fields);
            for field in fields.filter(|field| field.futures().any(|inner| inner == id)) {
                match self.resized(field, outer_future.pointer_size, sizes) {
                    Some((size, align)) => model.resize(field.item, size, align),
                    None => is_all = false,
                }
            }
        }
        is_all
    }

    /// A value with the new sizes of the futures in it.
    fn resized(
        &self,
        field: &Field,
        pointer_size: u64,
        sizes: &BTreeMap<usize, Packed>,
    ) -> Option<(u64, u64)> {
        let future = |id: &str| {
            let packed = sizes.get(&self.report.position(id)?)?;
            Some(Instead::Future(packed.size, packed.align))
        };
        changed(field, pointer_size, &future, &|_| None)
    }

    /// Whether packing a future as it is gives the size that it has.
    fn is_as_compiled(&mut self, future: usize) -> bool {
        *self.as_compiled.entry(future).or_insert_with(|| {
            let future = &self.report.futures[future];
            let packed = Model::of(future).pack();
            packed.is_some_and(|it| (it.size, it.align) == (future.size, future.align))
        })
    }
}

/// The size and the alignment of a value in which something stands for futures or boxes; `None` where that is not known.
pub(super) fn changed(
    field: &Field,
    pointer_size: u64,
    future: &dyn Fn(&str) -> Option<Instead>,
    boxed: &dyn Fn(&str) -> Option<Instead>,
) -> Option<(u64, u64)> {
    let shape = field.shape.as_ref()?;
    let as_it_is = Calculator::new(pointer_size, &|_| None, &|_| None)?.size(shape)?;
    if as_it_is != (field.size, field.align) {
        return None;
    }
    Calculator::new(pointer_size, future, boxed)?.size(shape)
}
