//! What is known of each coroutine body of a crate, whatever its type arguments are: why each field is kept, and what the pass
//! refused.
//!
//! A generic `async fn` becomes a type in the crates that use it, and these do not know its MIR as it was. So its own
//! crate writes this file, `NAME-ID.bodies`, beside its `NAME-ID.jsonl`. Fields are told apart by their positions: the variants
//! and fields of all types of one body are the same.

use rustc_data_structures::fx::FxHashMap;
use rustc_hir::def_id::LocalDefId;
use rustc_middle::mir::{CoroutineLayout, SourceInfo};
use rustc_middle::ty::TyCtxt;
use rustc_span::Span;
use serde_json::{Value, json};

use super::body::span;
use super::ids;
use crate::decisions::{self, Keeper, Kept, Refusal};
use crate::mode::{self, Mode};

/// The lines of the file: one JSON object per body.
pub(super) fn lines(tcx: TyCtxt<'_>) -> String {
    if mode::of_local_crate(tcx) == Mode::Classic {
        return String::new();
    }
    let mut lines = String::new();
    for &def in tcx.mir_keys(()) {
        if tcx.is_coroutine(def.to_def_id())
            && let Some(value) = of_body(tcx, def)
        {
            lines += &format!("{value}\n");
        }
    }
    lines
}

fn of_body(tcx: TyCtxt<'_>, def: LocalDefId) -> Option<Value> {
    let info = tcx.optimized_mir(def).coroutine_layout_raw()?;
    let Kept { refusals: refused, keepers } = decisions::kept(tcx, def);
    Some(json!({
        "body": ids::of_body(tcx, def.to_def_id()),
        "kept": kept(tcx, info, &keepers),
        "refusals": refusals(tcx, &refused),
    }))
}

/// What keeps the locals of a body, by the place of the suspension and that of the declaration.
pub(super) struct Keepers<'a>(FxHashMap<(Span, SourceInfo), &'a Keeper>);

impl<'a> Keepers<'a> {
    pub(super) fn of(keepers: &'a [Keeper]) -> Keepers<'a> {
        let mut by_place = FxHashMap::default();
        for keeper in keepers {
            by_place.entry((keeper.suspension, keeper.declared)).or_insert(keeper);
        }
        Keepers(by_place)
    }

    /// What keeps one of them; null where nothing is known.
    pub(super) fn value(&self, tcx: TyCtxt<'_>, suspension: Span, declared: SourceInfo) -> Value {
        self.0.get(&(suspension, declared)).map_or(
            Value::Null,
            |keeper| json!({ "how": keeper.how.name(), "span": span(tcx, keeper.span) }),
        )
    }
}

/// For each variant, what keeps each of its fields.
fn kept(tcx: TyCtxt<'_>, info: &CoroutineLayout<'_>, keepers: &[Keeper]) -> Value {
    let keepers = Keepers::of(keepers);
    let variants = info.variant_fields.iter_enumerated().map(|(variant, fields)| {
        let suspension = info.variant_source_info[variant].span;
        let declared = fields.iter().map(|&local| info.field_tys[local].source_info);
        declared.map(|declared| keepers.value(tcx, suspension, declared)).collect::<Value>()
    });
    variants.collect()
}

/// What the pass refused, in the order in which it decided.
pub(super) fn refusals(tcx: TyCtxt<'_>, refusals: &[Refusal]) -> Value {
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
