//! Faults in finished layouts, to prove that [`crate::lowering`] finds them. Only test builds of
//! Snug (feature `faults`) have this.
//!
//! `SNUG_FAULT` names a fault and its victims, upvars or saved locals, by their names in the
//! source: `overlap one two`. Every coroutine that has all of these names gets the fault; names that a
//! fault has no use for only choose the coroutine.

use rustc_abi::{Align, FieldIdx, FieldsShape, LayoutData, Size, VariantIdx, Variants};
use rustc_index::IndexVec;
use rustc_middle::mir::{CoroutineLayout, CoroutineSavedLocal};

use crate::dialect::UNRESUMED;

const VARIABLE: &str = "SNUG_FAULT";

/// Damages a layout, if `SNUG_FAULT` asks for it.
pub(crate) fn inject(info: &CoroutineLayout<'_>, layout: &mut LayoutData<FieldIdx, VariantIdx>) {
    let Ok(wish) = std::env::var(VARIABLE) else { return };
    let mut words = wish.split_whitespace();
    let fault = words.next().unwrap_or_default();
    let Some(victims) = words.map(|name| find(info, name)).collect::<Option<Vec<_>>>() else {
        return;
    };
    let mut damage = Damage { info, layout };
    match (fault, &victims[..]) {
        ("shift-slot", &[slot, ..]) => damage.shift(slot, |variant| variant != UNRESUMED),
        ("shift-unresumed", &[upvar]) => damage.shift(upvar, |variant| variant == UNRESUMED),
        ("swap-slots", &[one, other]) => damage.swap(one, other),
        ("overlap", &[one, other]) => damage.overlap(one, other),
        ("lose-state", &[_]) => damage.place_state(damage.layout.size),
        ("overlap-state", &[local]) => damage.overlap_state(local),
        ("misalign", &[local]) => damage.misalign(local),
        ("shrink", &[_]) => layout.size = Size::from_bytes(layout.align.bytes()),
        ("odd-size", &[_]) => layout.size += Size::from_bytes(1),
        ("lower-alignment", &[_]) => layout.align.abi = Align::ONE,
        ("lose-field", &[_]) => damage.lose_field(),
        _ => panic!("`{VARIABLE}={wish}` is no fault with victims"),
    }
}

/// The saved local of a name.
fn find(info: &CoroutineLayout<'_>, name: &str) -> Option<CoroutineSavedLocal> {
    let named = |&local: &CoroutineSavedLocal| {
        info.field_names[local].is_some_and(|found| found.as_str() == name)
    };
    info.field_names.indices().find(named)
}

/// A layout that is being damaged.
struct Damage<'a, 'tcx> {
    info: &'a CoroutineLayout<'tcx>,
    layout: &'a mut LayoutData<FieldIdx, VariantIdx>,
}

impl Damage<'_, '_> {
    fn variants(&mut self) -> &mut IndexVec<VariantIdx, LayoutData<FieldIdx, VariantIdx>> {
        let Variants::Multiple { variants, .. } = &mut self.layout.variants else {
            bug!("a coroutine has variants")
        };
        variants
    }

    /// Changes the offsets of a saved local in some variants.
    fn place(
        &mut self,
        victim: CoroutineSavedLocal,
        in_variant: impl Fn(VariantIdx) -> bool,
        change: impl Fn(Size) -> Size,
    ) {
        for (variant, fields) in self.info.variant_fields.iter_enumerated() {
            for (field, _) in fields.iter_enumerated().filter(|(_, local)| **local == victim) {
                if in_variant(variant) {
                    let offset = &mut offsets(&mut self.variants()[variant].fields)[field];
                    *offset = change(*offset);
                }
            }
        }
    }

    /// Changes the offset of a saved local, wherever it is a field.
    fn place_everywhere(&mut self, victim: CoroutineSavedLocal, change: impl Fn(Size) -> Size) {
        self.place(victim, |_| true, &change);
        let captured = self.info.variant_fields[UNRESUMED].iter_enumerated();
        for (field, _) in captured.filter(|(_, local)| **local == victim) {
            let offset = &mut offsets(&mut self.layout.fields)[field];
            *offset = change(*offset);
        }
    }

    /// Where a saved local is, in the last variant that has it.
    fn offset(&mut self, local: CoroutineSavedLocal) -> Size {
        let mut fields =
            self.info.variant_fields.iter_enumerated().flat_map(|(variant, fields)| {
                fields.iter_enumerated().map(move |(field, local)| (variant, field, *local))
            });
        let (variant, field, _) =
            fields.rfind(|(_, _, found)| *found == local).expect("saved locals are fields");
        self.variants()[variant].fields.offset(field.as_usize())
    }

    /// To the lowest offset, or away from there; the coroutine's alignment fits everything.
    fn shift(&mut self, victim: CoroutineSavedLocal, in_variant: impl Fn(VariantIdx) -> bool) {
        let step = Size::from_bytes(self.layout.align.bytes());
        let change = |offset| if offset == Size::ZERO { step } else { Size::ZERO };
        self.place(victim, in_variant, change);
    }

    /// Exchanges two saved locals in the last variant.
    fn swap(&mut self, one: CoroutineSavedLocal, other: CoroutineSavedLocal) {
        let (at_one, at_other) = (self.offset(one), self.offset(other));
        let last = self.info.variant_fields.last_index().expect("coroutines have variants");
        self.place(one, |variant| variant == last, |_| at_other);
        self.place(other, |variant| variant == last, |_| at_one);
    }

    fn overlap(&mut self, one: CoroutineSavedLocal, other: CoroutineSavedLocal) {
        let at = self.offset(other);
        self.place_everywhere(one, |_| at);
    }

    fn overlap_state(&mut self, local: CoroutineSavedLocal) {
        let at = self.offset(local);
        self.place_state(at);
    }

    fn place_state(&mut self, at: Size) {
        let Variants::Multiple { tag_field, .. } = self.layout.variants else {
            bug!("a coroutine has a tag")
        };
        offsets(&mut self.layout.fields)[tag_field] = at;
    }

    fn misalign(&mut self, local: CoroutineSavedLocal) {
        self.place_everywhere(local, |offset| offset + Size::from_bytes(1));
    }

    fn lose_field(&mut self) {
        let last = self.info.variant_fields.last_index().expect("coroutines have variants");
        offsets(&mut self.variants()[last].fields).pop();
    }
}

fn offsets(fields: &mut FieldsShape<FieldIdx>) -> &mut IndexVec<FieldIdx, Size> {
    let FieldsShape::Arbitrary { offsets, .. } = fields else { bug!("a coroutine has fields") };
    offsets
}
