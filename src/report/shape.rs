//! How a value is laid out around the coroutines inside it: `Timeout<F>`, `MaybeDone<F>`, `(F, G)`, `Either<F, G>`.
//!
//! With this, `cargo snug sizes --advise` computes what becomes of the value when a coroutine inside it gets another size. It
//! calls the same calculator as rustc does, so the report has just what that is given.
//!
//! Mirrors `layout_of_uncached` in `rustc_ty_utils/src/layout.rs`.

use rustc_abi::{HasDataLayout, Niche, Primitive};
use rustc_middle::ty::layout::{HasTyCtxt, LayoutCx, LayoutOf, TyAndLayout};
use rustc_middle::ty::{self, AdtDef, GenericArgsRef, Ty, TypeVisitableExt};
use serde_json::{Value, json};

use super::ids;

/// The shape of a value; `None` where the calculator is given more than is written here.
///
/// It asks for no layout that the layout of the value did not need: what is behind a pointer may be the very type whose layout is
/// being computed.
pub(super) fn of<'tcx>(cx: &LayoutCx<'tcx>, value: TyAndLayout<'tcx>) -> Option<Value> {
    match *value.ty.kind() {
        ty::Coroutine(..) => Some(leaf(cx, value, ("future", value.ty))),
        ty::Adt(adt, _) if adt.is_box() => Some(match value.ty.boxed_ty() {
            Some(boxed) if boxed.is_coroutine() => leaf(cx, value, ("box", boxed)),
            _ => opaque(cx, value),
        }),
        // Trait objects and function pointers in it do not matter.
        _ if !value.ty.has_coroutines() => Some(opaque(cx, value)),
        ty::Adt(adt, args) => of_adt(cx, adt, args),
        ty::Tuple(types) => {
            let fields = fields(cx, value, types.len())?;
            Some(json!({ "kind": "tuple", "fields": fields, "tail": "fixed" }))
        }
        ty::Closure(_, args) => {
            let fields = fields(cx, value, args.as_closure().upvar_tys().len())?;
            Some(json!({ "kind": "tuple", "fields": fields }))
        }
        ty::CoroutineClosure(_, args) => {
            let fields = fields(cx, value, args.as_coroutine_closure().upvar_tys().len())?;
            Some(json!({ "kind": "tuple", "fields": fields }))
        }
        ty::Array(..) => {
            let element = of(cx, value.field(cx, 0))?;
            Some(json!({ "kind": "array", "element": element, "count": value.fields.count() }))
        }
        // References to coroutines, and the like.
        _ => Some(opaque(cx, value)),
    }
}

fn of_adt<'tcx>(
    cx: &LayoutCx<'tcx>,
    adt: AdtDef<'tcx>,
    args: GenericArgsRef<'tcx>,
) -> Option<Value> {
    let tcx = cx.tcx();
    let repr = adt.repr();
    let is_plain = repr.int.is_none()
        && repr.align.is_none()
        && repr.pack.is_none()
        && repr.scalable.is_none()
        && !repr.c()
        && !repr.simd()
        && !repr.linear()
        && !repr.can_randomize_type_layout();
    let (first, last) = tcx.layout_scalar_valid_range(adt.did());
    let is_any = first == std::ops::Bound::Unbounded && last == std::ops::Bound::Unbounded;
    if !is_plain || !is_any {
        return None;
    }
    let mut variants = Vec::new();
    for variant in adt.variants() {
        let mut fields = Vec::new();
        for field in &variant.fields {
            fields.push(of(cx, cx.layout_of(field.ty(tcx, args)).ok()?)?);
        }
        variants.push(fields);
    }
    let kind = if adt.is_union() {
        "union"
    } else if adt.is_enum() {
        "enum"
    } else {
        "struct"
    };
    let discriminants: Vec<String> = match adt.is_enum() {
        true => adt.discriminants(tcx).map(|(_, it)| (it.val as i128).to_string()).collect(),
        false => Vec::new(),
    };
    // A last field that may be unsized is not moved.
    let has_fixed_tail = adt.is_struct()
        && adt.non_enum_variant().tail_opt().is_some_and(|last| {
            let typing_env = ty::TypingEnv::post_analysis(tcx, adt.did());
            !tcx.type_of(last.did).instantiate_identity().is_sized(tcx, typing_env)
        });
    Some(json!({
        "kind": kind,
        "variants": variants,
        "discriminants": discriminants,
        "tail": has_fixed_tail.then_some("fixed"),
        // `UnsafeCell` and `UnsafePinned` hide what is in them.
        "niches": (adt.is_unsafe_cell() || adt.is_unsafe_pinned()).then_some("hidden"),
    }))
}

fn fields<'tcx>(cx: &LayoutCx<'tcx>, value: TyAndLayout<'tcx>, count: usize) -> Option<Vec<Value>> {
    (0..count).map(|index| of(cx, value.field(cx, index))).collect()
}

/// A value whose layout stays.
fn opaque<'tcx>(cx: &LayoutCx<'tcx>, value: TyAndLayout<'tcx>) -> Value {
    json!({
        "kind": "value",
        "size": value.size.bytes(),
        "align": value.align.bytes(),
        "niche": value.largest_niche.map(|it| niche(cx, it)),
        "uninhabited": value.uninhabited.then_some(true),
    })
}

/// A coroutine, or a box of one.
fn leaf<'tcx>(
    cx: &LayoutCx<'tcx>,
    value: TyAndLayout<'tcx>,
    (kind, coroutine): (&str, Ty<'tcx>),
) -> Value {
    let mut shape = opaque(cx, value);
    shape["kind"] = kind.into();
    shape["id"] = ids::of_type(cx.tcx(), coroutine).into();
    shape
}

/// Bits that the value never has. Numbers of 128 bits are text: JSON has none.
fn niche(cx: &impl HasDataLayout, niche: Niche) -> Value {
    let is_pointer = matches!(niche.value, Primitive::Pointer(_));
    json!({
        "offset": niche.offset.bytes(),
        "size": niche.value.size(cx).bytes(),
        "pointer": is_pointer.then_some(true),
        "start": niche.valid_range.start.to_string(),
        "end": niche.valid_range.end.to_string(),
    })
}
