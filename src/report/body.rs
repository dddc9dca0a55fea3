//! Where a coroutine comes from, as a person would say it: `async fn client::Client::fetch`.
//!
//! A type's full path has all its arguments, and says `{closure#0}` where the source says `async fn`. That tells types apart; people look
//! for the function that they wrote.

use rustc_hir::def_id::DefId;
use rustc_hir::definitions::DefPathData;
use rustc_hir::{CoroutineDesugaring, CoroutineKind, CoroutineSource};
use rustc_middle::ty::print::with_no_trimmed_paths;
use rustc_middle::ty::{self, TyCtxt};
use rustc_span::Span;
use serde_json::{Value, json};

use super::ids;

/// What the report says of the body of a coroutine type.
pub(super) fn describe(tcx: TyCtxt<'_>, coroutine: DefId) -> Value {
    json!({
        "id": ids::of_body(tcx, coroutine),
        "crate": tcx.crate_name(coroutine.krate).to_string(),
        "kind": kind(tcx, coroutine),
        "name": name(tcx, coroutine),
        "span": span(tcx, header(tcx, coroutine)),
    })
}

/// A place in the source, as diagnostics show it.
pub(super) fn span(tcx: TyCtxt<'_>, span: Span) -> String {
    tcx.sess.source_map().span_to_diagnostic_string(span)
}

fn kind(tcx: TyCtxt<'_>, coroutine: DefId) -> &'static str {
    use CoroutineDesugaring::{Async, AsyncGen, Gen};
    use CoroutineSource::{Block, Closure, Fn};
    match tcx.coroutine_kind(coroutine) {
        Some(CoroutineKind::Desugared(Async, Fn)) => "async fn",
        Some(CoroutineKind::Desugared(Async, Block)) => "async block",
        Some(CoroutineKind::Desugared(Async, Closure)) => "async closure",
        Some(CoroutineKind::Desugared(Gen, Fn)) => "gen fn",
        Some(CoroutineKind::Desugared(Gen, Block)) => "gen block",
        Some(CoroutineKind::Desugared(Gen, Closure)) => "gen closure",
        Some(CoroutineKind::Desugared(AsyncGen, Fn)) => "async gen fn",
        Some(CoroutineKind::Desugared(AsyncGen, Block)) => "async gen block",
        Some(CoroutineKind::Desugared(AsyncGen, Closure)) => "async gen closure",
        Some(CoroutineKind::Coroutine(_)) | None => "coroutine",
    }
}

/// What the reader knows a coroutine by: the head of the function, or the block itself.
fn header(tcx: TyCtxt<'_>, coroutine: DefId) -> Span {
    let is_function = kind(tcx, coroutine).ends_with(" fn");
    tcx.def_span(if is_function { tcx.typeck_root_def_id(coroutine) } else { coroutine })
}

/// The path of the function that a coroutine is, or is in, without arguments: the crate, the modules, the type of the
/// `impl`, the function.
fn name(tcx: TyCtxt<'_>, coroutine: DefId) -> String {
    let mut names = Vec::new();
    let mut at = tcx.typeck_root_def_id(coroutine);
    while let Some(parent) = tcx.opt_parent(at) {
        match tcx.def_key(at).disambiguated_data.data {
            DefPathData::TypeNs(name) | DefPathData::ValueNs(name) => names.push(name.to_string()),
            DefPathData::Impl => names.push(implementor(tcx, at)),
            _ => {}
        }
        at = parent;
    }
    names.push(tcx.crate_name(coroutine.krate).to_string());
    names.reverse();
    names.join("::")
}

/// The name of the type that an `impl` is for.
fn implementor(tcx: TyCtxt<'_>, of: DefId) -> String {
    let ty = tcx.type_of(of).skip_binder().peel_refs();
    match ty.kind() {
        ty::Adt(adt, _) => tcx.item_name(adt.did()).to_string(),
        ty::Foreign(def) => tcx.item_name(*def).to_string(),
        ty::Dynamic(predicates, _) => match predicates.principal_def_id() {
            Some(object) => format!("dyn {}", tcx.item_name(object)),
            None => "dyn".to_owned(),
        },
        _ => with_no_trimmed_paths!(ty.to_string()),
    }
}
