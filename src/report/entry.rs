//! One coroutine type as a JSON object.

use rustc_hir::def_id::DefId;
use rustc_middle::mir::{CoroutineLayout, CoroutineSavedLocal, SourceInfo};
use rustc_middle::ty::layout::{HasTyCtxt, LayoutCx, LayoutOf, TyAndLayout};
use rustc_middle::ty::print::with_no_trimmed_paths;
use rustc_middle::ty::{
    self, CoroutineArgs, CoroutineArgsExt, EarlyBinder, GenericArgsRef, Ty, TyCtxt,
};
use rustc_span::Span;
use serde_json::{Value, json};

use crate::decisions::{Keeper, Refusal};
use crate::layout::coroutine::Coroutine;
use crate::layout::print_sizes::tag_offset;
use crate::liveness::Liveness;
use crate::lowering::relocations;
use crate::mode::{self, Mode};
use crate::{coalescing, decisions, guard, layout};

/// What tells a type from all others, in every crate of a build.
pub(super) fn id<'tcx>(tcx: TyCtxt<'tcx>, ty: Ty<'tcx>) -> String {
    format!("{:032x}", tcx.type_id_hash(ty).as_u128())
}

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
    let refusals = kept.as_ref().map_or(Value::Null, |kept| refusals(tcx, &kept.refusals));
    entry.value["refusals"] = refusals;
    add_keepers(tcx, &kept.map(|kept| kept.keepers).unwrap_or_default(), entry);
}

fn refusals(tcx: TyCtxt<'_>, refusals: &[Refusal]) -> Value {
    let refusals = refusals.iter().map(|refusal| {
        json!({
            "phase": refusal.phase.name(),
            "subject": refusal.subject,
            "span": span(tcx, refusal.span),
            "reason": refusal.reason,
        })
    });
    refusals.collect()
}

/// Says of each field of each suspension what keeps it.
fn add_keepers(tcx: TyCtxt<'_>, keepers: &[Keeper], entry: &mut Entry) {
    let variants = entry.value["variants"].as_array_mut().into_iter().flatten();
    for (variant, (suspension, declared)) in variants.zip(&entry.origins) {
        let fields = variant["fields"].as_array_mut().into_iter().flatten();
        for (field, declared) in fields.zip(declared) {
            let is_it = |it: &&Keeper| (it.suspension, it.declared) == (*suspension, *declared);
            field["kept_by"] = keepers.iter().find(is_it).map_or(
                Value::Null,
                |keeper| json!({ "how": keeper.how.name(), "span": span(tcx, keeper.span) }),
            );
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
            "size": coroutine.upvars[field].size.bytes(),
            "unresumed_offset": offset,
            "slot_offset": (coroutine.suspensions(local) > 0).then_some(offset),
        })
    });
    let upvars = upvars.collect();
    let bound = coroutine.problem().ok().and_then(|problem| problem.bound().ok());
    entry(&coroutine.cx, layout, coroutine.info, Parts { bound, mode, upvars })
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
        let size = layout.field(cx, index).size.bytes();
        upvars_size += size;
        json!({
            "name": names.raw.get(index).map(|name| name.to_string()),
            "size": size,
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
    entry(cx, layout, info, Parts { bound, mode: Mode::Classic, upvars })
}

/// What the two kinds of entry compute in their own ways.
struct Parts {
    bound: Option<u64>,
    mode: Mode,
    upvars: Vec<Value>,
}

fn entry<'tcx>(
    cx: &LayoutCx<'tcx>,
    layout: TyAndLayout<'tcx>,
    info: &'tcx CoroutineLayout<'tcx>,
    parts: Parts,
) -> Entry {
    let origins = info.variant_fields.iter_enumerated().map(|(variant, locals)| {
        let declared = locals.iter().map(|&local| info.field_tys[local].source_info);
        (info.variant_source_info[variant].span, declared.collect())
    });
    let variants = info.variant_fields.iter_enumerated().map(|(variant, locals)| {
        let variant_layout = layout.for_variant(cx, variant);
        let fields = locals.iter().enumerate().map(|(index, &local)| {
            let field = variant_layout.field(cx, index);
            json!({
                "name": info.field_names[local].map(|name| name.to_string()),
                "type": type_name(field.ty),
                "offset": variant_layout.fields.offset(index).bytes(),
                "size": field.size.bytes(),
            })
        });
        json!({
            "name": CoroutineArgs::variant_name(variant),
            "span": span(cx.tcx(), info.variant_source_info[variant].span),
            "fields": fields.collect::<Vec<_>>(),
        })
    });
    let value = json!({
        "type": type_name(layout.ty),
        "id": id(cx.tcx(), layout.ty),
        "size": layout.size.bytes(),
        "align": layout.align.bytes(),
        "bound": parts.bound,
        "layout": parts.mode.name(),
        "upvars": parts.upvars,
        "variants": variants.collect::<Vec<_>>(),
        "tag_offset": tag_offset(layout),
    });
    Entry { value, origins: origins.collect() }
}

fn span(tcx: TyCtxt<'_>, span: Span) -> String {
    tcx.sess.source_map().span_to_diagnostic_string(span)
}
