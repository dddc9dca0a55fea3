//! The coroutines inside a value: directly, in the fields of structs, tuples, arrays and enums, or in a box.
//!
//! What is behind other pointers belongs to somebody else.

use rustc_middle::ty::layout::{HasTyCtxt, LayoutCx, TyAndLayout};
use rustc_middle::ty::{self, TyCtxt};
use serde_json::{Value, json};

use super::ids;

/// Elements of an array that are looked at: the others are like them.
const ELEMENTS: usize = 4;

/// Finds them. Those by value have an offset in the value, in bytes; those in a box have none.
///
/// This must not ask for the layout of what is behind a pointer: that may be the very type whose layout is being computed.
pub(super) fn of<'tcx>(cx: &LayoutCx<'tcx>, value: TyAndLayout<'tcx>) -> Value {
    let mut search = Search { cx, found: Vec::new() };
    search.visit(value, 0);
    search.found.into()
}

struct Search<'a, 'tcx> {
    cx: &'a LayoutCx<'tcx>,
    found: Vec<Value>,
}

impl<'tcx> Search<'_, 'tcx> {
    fn tcx(&self) -> TyCtxt<'tcx> {
        self.cx.tcx()
    }

    fn visit(&mut self, value: TyAndLayout<'tcx>, offset: u64) {
        match *value.ty.kind() {
            ty::Coroutine(..) => {
                self.found
                    .push(json!({ "id": ids::of_type(self.tcx(), value.ty), "offset": offset }));
            }
            ty::Adt(adt, _) if adt.is_box() => {
                if let Some(boxed) = value.ty.boxed_ty()
                    && boxed.is_coroutine()
                {
                    self.found
                        .push(json!({ "id": ids::of_type(self.tcx(), boxed), "offset": null }));
                }
            }
            ty::Adt(..) | ty::Tuple(..) | ty::Closure(..) | ty::CoroutineClosure(..) => {
                self.visit_variants(value, offset);
            }
            ty::Array(..) => self.visit_fields(value, offset, ELEMENTS),
            _ => {}
        }
    }

    fn visit_variants(&mut self, value: TyAndLayout<'tcx>, offset: u64) {
        match &value.variants {
            rustc_abi::Variants::Empty | rustc_abi::Variants::Single { .. } => {
                self.visit_fields(value, offset, usize::MAX);
            }
            rustc_abi::Variants::Multiple { variants, .. } => {
                for variant in variants.indices() {
                    self.visit_fields(value.for_variant(self.cx, variant), offset, usize::MAX);
                }
            }
        }
    }

    fn visit_fields(&mut self, value: TyAndLayout<'tcx>, offset: u64, most: usize) {
        for index in 0..value.fields.count().min(most) {
            let field = value.field(self.cx, index);
            if field.size.bytes() > 0 {
                self.visit(field, offset + value.fields.offset(index).bytes());
            }
        }
    }
}
