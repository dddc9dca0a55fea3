//! One coroutine type as a JSON object.

use rustc_abi::{FieldIdx, HasDataLayout, VariantIdx};
use rustc_data_structures::fx::FxHashSet;
use rustc_hir::def_id::DefId;
use rustc_index::IndexVec;
use rustc_middle::mir::{CoroutineLayout, CoroutineSavedLocal, SourceInfo};
use rustc_middle::ty::layout::{HasTyCtxt, LayoutCx, LayoutOf, TyAndLayout};
use rustc_middle::ty::print::with_no_trimmed_paths;
use rustc_middle::ty::{
    self, CoroutineArgs, CoroutineArgsExt, EarlyBinder, GenericArgsRef, Ty, TyCtxt,
    TypeVisitableExt,
};
use rustc_span::Span;
use serde_json::{Value, json};

use super::bodies::Keepers;
use super::body::span;
use super::{bodies, body, ids, inner, shape};
use crate::layout::coroutine::Coroutine;
use crate::layout::print_sizes::tag_offset;
use crate::liveness::Liveness;
use crate::lowering::relocations;
use crate::mode::{self, Mode};
use crate::{coalescing, decisions, guard, layout};

/// The version of the format. Programs that read reports refuse others.
const FORMAT: u32 = 3;

/// What became of a coroutine's upvars; null if Snug did not lay it out.
pub(super) fn relocations<'tcx>(tcx: TyCtxt<'tcx>, ty: Ty<'tcx>) -> Value {
    let Some(counts) = relocations::count(tcx, ty) else { return Value::Null };
    json!({
        "verified": counts.verified,
        "elided": counts.elided,
        "in_place": counts.in_place,
        "moved": counts.moved,
        "bytes_moved": counts.bytes_moved,
    })
}

/// What the report says of a coroutine type, and what is needed to complete it at the end.
pub(super) struct Entry {
    pub(super) value: Value,
    /// For each state: where its suspension is, and where its fields are declared.
    origins: Vec<(Span, Vec<SourceInfo>)>,
}

/// Adds what the pass has decided about a coroutine of this crate; null for those of others, and where the pass is off.
pub(super) fn add_decisions(tcx: TyCtxt<'_>, coroutine: DefId, entry: &mut Entry) {
    let kept = match coroutine.as_local() {
        Some(local) if mode::of_local_crate(tcx) != Mode::Classic => {
            Some(decisions::kept(tcx, local))
        }
        _ => None,
    };
    let refused = kept.as_ref().map(|kept| bodies::refusals(tcx, &kept.refusals));
    entry.value["refusals"] = refused.unwrap_or_default();
    let keepers = kept.map(|kept| kept.keepers).unwrap_or_default();
    let keepers = Keepers::of(&keepers);
    let variants = entry.value["variants"].as_array_mut().into_iter().flatten();
    for (variant, (suspension, declared)) in variants.zip(&entry.origins) {
        let fields = variant["fields"].as_array_mut().into_iter().flatten();
        for (field, declared) in fields.zip(declared) {
            field["kept_by"] = keepers.value(tcx, *suspension, *declared);
        }
    }
}

/// The liveness of the crate of a coroutine; null for other crates, and where the pass is off.
pub(super) fn liveness(tcx: TyCtxt<'_>, coroutine: DefId) -> Value {
    if !coroutine.is_local() || mode::of_local_crate(tcx) == Mode::Classic {
        return Value::Null;
    }
    Liveness::of_local_crate(tcx).name().into()
}

/// Whether coalescing is on in the crate of a coroutine; null for other crates, and where the pass is off.
pub(super) fn coalescing(tcx: TyCtxt<'_>, coroutine: DefId) -> Value {
    if !coroutine.is_local() || mode::of_local_crate(tcx) == Mode::Classic {
        return Value::Null;
    }
    coalescing::name(coalescing::is_on(tcx)).into()
}

/// The full path of a type, with its arguments.
fn type_name(ty: Ty<'_>) -> String {
    with_no_trimmed_paths!(ty.to_string())
}

/// The entry of a coroutine type without what became of its upvars; `None` if a part has no layout, which is
/// reported elsewhere.
pub(super) fn of_layout<'tcx>(cx: LayoutCx<'tcx>, layout: TyAndLayout<'tcx>) -> Option<Entry> {
    let ty::Coroutine(def_id, args) = *layout.ty.kind() else { bug!("{} is none", layout.ty) };
    let tcx = cx.tcx();
    let info = tcx.coroutine_layout(def_id, args).ok()?;
    if !layout::is_relocated(tcx, def_id, args) {
        return Some(stock(&cx, layout, info, args));
    }
    let coroutine = Coroutine::new(cx, def_id, args, info).ok()?;
    Some(relocated(&coroutine, layout, guard::mode_of_crate(tcx, def_id.krate)))
}

/// The entry of a relocated coroutine.
fn relocated<'tcx>(coroutine: &Coroutine<'tcx>, layout: TyAndLayout<'tcx>, mode: Mode) -> Entry {
    let upvars = coroutine.unresumed().iter_enumerated().map(|(field, &local)| {
        let offset = layout.fields.offset(field.index()).bytes();
        json!({
            "name": coroutine.upvar_name(field).map(|name| name.to_string()),
            "type": type_name(coroutine.upvars[field].ty),
            "size": coroutine.upvars[field].size.bytes(),
            "align": coroutine.upvars[field].align.bytes(),
            "inner": inner::of(&coroutine.cx, coroutine.upvars[field]),
            "unresumed_offset": offset,
            "slot_offset": (coroutine.suspensions(local) > 0).then_some(offset),
        })
    });
    let upvars = upvars.collect();
    let bound = coroutine.problem().ok().and_then(|problem| problem.bound().ok());
    let parts = Parts { bound, mode, upvars, items: &coroutine.variants };
    entry(&coroutine.cx, layout, coroutine.info, parts)
}

/// The entry of a coroutine that has stock's layout. Its upvars live in every state.
fn stock<'tcx>(
    cx: &LayoutCx<'tcx>,
    layout: TyAndLayout<'tcx>,
    info: &'tcx CoroutineLayout<'tcx>,
    args: GenericArgsRef<'tcx>,
) -> Entry {
    let tcx = cx.tcx();
    let ty::Coroutine(def_id, _) = *layout.ty.kind() else { bug!("not a coroutine") };
    let names = tcx.closure_saved_names_of_captured_variables(def_id);
    let count = args.as_coroutine().upvar_tys().len();
    let mut upvars_size = 0;
    let upvars = (0..count).map(|index| {
        let upvar = layout.field(cx, index);
        let size = upvar.size.bytes();
        upvars_size += size;
        json!({
            "name": names.raw.get(index).map(|name| name.to_string()),
            "type": type_name(upvar.ty),
            "size": size,
            "align": upvar.align.bytes(),
            "inner": inner::of(cx, upvar),
            "unresumed_offset": layout.fields.offset(index).bytes(),
            "slot_offset": null,
        })
    });
    let upvars = upvars.collect();
    let size_of = |&local: &CoroutineSavedLocal| {
        let ty = EarlyBinder::bind(info.field_tys[local].ty).instantiate(tcx, args);
        cx.layout_of(ty).map_or(0, |layout| layout.size.bytes())
    };
    let live = info.variant_fields.iter().map(|fields| fields.iter().map(size_of).sum::<u64>());
    let rustc_abi::Variants::Multiple { tag, .. } = layout.variants else { bug!("no tag") };
    let bound = live.max().unwrap_or(0) + upvars_size + tag.size(cx).bytes();
    let bound = Some(bound.next_multiple_of(layout.align.bytes()));
    let parts = Parts { bound, mode: Mode::Classic, upvars, items: &info.variant_fields };
    entry(cx, layout, info, parts)
}

/// What the two kinds of entry compute in their own ways.
struct Parts<'a> {
    bound: Option<u64>,
    mode: Mode,
    upvars: Vec<Value>,
    /// The saved local that each field is: of two names of a slot, the slot.
    items: &'a Items,
}

/// The shape of a value that is a coroutine, or has some in it.
fn shape<'tcx>(cx: &LayoutCx<'tcx>, value: TyAndLayout<'tcx>) -> Option<Value> {
    if value.ty.has_coroutines() { shape::of(cx, value) } else { None }
}

type Items = IndexVec<VariantIdx, IndexVec<FieldIdx, CoroutineSavedLocal>>;

fn entry<'tcx>(
    cx: &LayoutCx<'tcx>,
    layout: TyAndLayout<'tcx>,
    info: &'tcx CoroutineLayout<'tcx>,
    parts: Parts<'_>,
) -> Entry {
    let tcx = cx.tcx();
    let ty::Coroutine(coroutine, _) = *layout.ty.kind() else { bug!("not a coroutine") };
    let origins = info.variant_fields.iter_enumerated().map(|(variant, locals)| {
        let declared = locals.iter().map(|&local| info.field_tys[local].source_info);
        (info.variant_source_info[variant].span, declared.collect())
    });
    let variants = info.variant_fields.iter_enumerated().map(|(variant, locals)| {
        let variant_layout = layout.for_variant(cx, variant);
        let fields = locals.iter_enumerated().map(|(index, &local)| {
            let field = variant_layout.field(cx, index.index());
            json!({
                "name": info.field_names[local].map(|name| name.to_string()),
                "type": type_name(field.ty),
                "item": parts.items[variant][index].index(),
                "offset": variant_layout.fields.offset(index.index()).bytes(),
                "size": field.size.bytes(),
                "align": field.align.bytes(),
                "declared": span(tcx, info.field_tys[local].source_info.span),
                "inner": inner::of(cx, field),
                "shape": shape(cx, field),
            })
        });
        json!({
            "name": CoroutineArgs::variant_name(variant),
            "span": span(tcx, info.variant_source_info[variant].span),
            "fields": fields.collect::<Vec<_>>(),
        })
    });
    let value = json!({
        "format": FORMAT,
        "type": type_name(layout.ty),
        "id": ids::of_type(tcx, layout.ty),
        "body": body::describe(tcx, coroutine),
        "size": layout.size.bytes(),
        "align": layout.align.bytes(),
        "bound": parts.bound,
        "layout": parts.mode.name(),
        "upvars": parts.upvars,
        "variants": variants.collect::<Vec<_>>(),
        "conflicts": conflicts(info, parts.items),
        "tag_offset": tag_offset(layout),
        "pointer_size": cx.data_layout().pointer_size().bytes(),
    });
    Entry { value, origins: origins.collect() }
}

/// The pairs of items that must not overlap though no state has both.
fn conflicts(info: &CoroutineLayout<'_>, items: &Items) -> Value {
    let in_order = |one: CoroutineSavedLocal, other: CoroutineSavedLocal| {
        (one.index().min(other.index()), one.index().max(other.index()))
    };
    let mut together = FxHashSet::default();
    for fields in items {
        for (at, &one) in fields.iter().enumerate() {
            together.extend(fields.iter().skip(at + 1).map(|&other| in_order(one, other)));
        }
    }
    let mut pairs = Vec::new();
    for row in info.storage_conflicts.rows() {
        for column in info.storage_conflicts.iter(row).filter(|it| it.index() > row.index()) {
            let pair = in_order(row, column);
            if !together.contains(&pair) {
                pairs.push(json!([pair.0, pair.1]));
            }
        }
    }
    pairs.into()
}
