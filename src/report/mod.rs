//! `SNUG_REPORT=DIR`: what is in every coroutine, as JSON lines, one file per crate.
//!
//! `docs/report.md` documents the format. Where a report is asked for, and only there, Snug's provider of `layout_of`
//! is wrapped in the report's, which notes the layouts that it sees. An incremental build computes only what has
//! changed, so before the file is written, [`types`] finds every coroutine type that the crate's code uses, and
//! asks for its layout. What became of the upvars, and what the pass has refused to do, is known only when there is MIR,
//! and is added then.

mod bodies;
mod body;
mod entry;
mod files;
mod ids;
mod inner;
mod manifest;
mod reached;
mod session;
mod shape;
mod tasks;
mod types;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};
use std::time::SystemTime;

use rustc_data_structures::fx::FxHashMap;
use rustc_hir::def_id::{DefId, LOCAL_CRATE};
use rustc_middle::ty::layout::{LayoutCx, LayoutError, TyAndLayout};
use rustc_middle::ty::{self, PseudoCanonicalInput, Ty, TyCtxt, TypeVisitableExt};
use rustc_session::Session;
use serde_json::Value;

use crate::{decisions, guard, layout, stock, tracking};
use entry::Entry;
use types::Used;

/// The environment variable that asks for a report. Cargo notices a change, so a report is written
/// also of crates that are built already.
pub(crate) const VARIABLE: &str = "SNUG_REPORT";

fn directory() -> Option<&'static Path> {
    static DIRECTORY: OnceLock<Option<PathBuf>> = OnceLock::new();
    let read = || -> Option<OsString> { std::env::var_os(VARIABLE).filter(|v| !v.is_empty()) };
    DIRECTORY.get_or_init(|| read().map(PathBuf::from)).as_deref()
}

/// Whether this session writes one.
pub(crate) fn is_asked_for() -> bool {
    directory().is_some()
}

/// Lists the variable in dep-info.
pub(crate) fn track(sess: &Session) {
    tracking::track_variable(sess, VARIABLE);
    manifest::track(sess);
    if is_asked_for() && tracking::is_asked_beforehand(sess) {
        // A crate that comes out of a cache gets no report. So no two answers are the same.
        let moment = format!("{:?} {}", SystemTime::now(), std::process::id());
        tracking::track_value(sess, "SNUG_REPORT_MOMENT", Some(&moment));
    }
}

/// Makes the folder, or ends the compilation with a reason. From now on what is refused is kept.
pub(crate) fn check_directory(sess: &Session) {
    let Some(directory) = directory() else { return };
    decisions::keep();
    if let Err(error) = std::fs::create_dir_all(directory) {
        sess.dcx().fatal(format!(
            "cannot make the folder `{}` that the environment variable `{VARIABLE}` names: {error}",
            directory.display()
        ));
    }
}

/// The entries of this session's report with their coroutines, in the order of their types' names.
static ENTRIES: Mutex<BTreeMap<String, (DefId, Entry)>> = Mutex::new(BTreeMap::new());

/// The provider of `layout_of` where a report is asked for: Snug's, and a note of each coroutine's layout.
pub(crate) fn layout_of<'tcx>(
    tcx: TyCtxt<'tcx>,
    query: PseudoCanonicalInput<'tcx, Ty<'tcx>>,
) -> Result<TyAndLayout<'tcx>, &'tcx LayoutError<'tcx>> {
    let layout = layout::layout_of(tcx, query)?;
    // A type that was not normalized has been sent to this query once more.
    if let ty::Coroutine(coroutine, _) = *query.value.kind()
        && layout.ty == query.value
    {
        let typing_env = query.typing_env.with_post_analysis_normalized(tcx);
        note(LayoutCx::new(tcx, typing_env), coroutine, layout);
    }
    Ok(layout)
}

/// Only types as code generation sees them are noted.
fn note<'tcx>(cx: LayoutCx<'tcx>, coroutine: DefId, layout: TyAndLayout<'tcx>) {
    let is_wanted = !layout.ty.has_non_region_param()
        && !layout.ty.has_infer()
        && cx.typing_env.param_env.caller_bounds().is_empty();
    if is_wanted && let Some(entry) = entry::of_layout(cx, layout) {
        // Different types may print alike; their ids tell them apart.
        let key = format!("{} {}", entry.value["type"], entry.value["id"]);
        ENTRIES.lock().unwrap().insert(key, (coroutine, entry));
    }
}

/// The provider of `analysis` where a report is asked for: the guard's, and then, where no code is generated, the report.
pub(crate) fn analysis(tcx: TyCtxt<'_>, key: ()) {
    if guard::is_on() {
        guard::analysis(tcx, key);
    } else {
        (stock::providers().analysis)(tcx, key);
    }
    if session::is_checked(tcx.sess) && tcx.dcx().has_errors().is_none() {
        write(tcx);
    }
}

/// Writes the crate's files, if a report is wanted.
pub(crate) fn write(tcx: TyCtxt<'_>) {
    let Some(directory) = directory() else { return };
    // Where no code is generated, only the crates that the build is for look at what is used, through all others.
    let is_collected = tcx.sess.opts.output_types.should_codegen() || session::is_aim();
    let lines =
        if is_collected { lines(tcx, &types::lay_out_all_coroutines(tcx)) } else { String::new() };
    let path = directory.join(manifest::file_of(tcx, LOCAL_CRATE));
    let written = files::write_whole(&path, lines.as_bytes())
        .and_then(|()| {
            files::write_whole(&path.with_extension("bodies"), bodies::lines(tcx).as_bytes())
        })
        .and_then(|()| manifest::write(tcx, directory));
    if let Err(error) = written {
        tcx.dcx().fatal(format!("cannot write the report `{}`: {error}", path.display()));
    }
}

/// One line for each coroutine type.
fn lines<'tcx>(tcx: TyCtxt<'tcx>, used: &Used<'tcx>) -> String {
    let mut entries = std::mem::take(&mut *ENTRIES.lock().unwrap());
    let relocations: FxHashMap<String, Value> =
        used.types.iter().map(|&ty| (ids::of_type(tcx, ty), entry::relocations(tcx, ty))).collect();
    let mut tasks: FxHashMap<String, Vec<Value>> = FxHashMap::default();
    for task in &used.tasks {
        let of_type = tasks.entry(ids::of_type(tcx, task.future)).or_default();
        let value = task.value(tcx);
        if !of_type.contains(&value) {
            of_type.push(value);
        }
    }
    let mut lines = String::new();
    for (coroutine, entry) in entries.values_mut() {
        let value = &mut entry.value;
        let id = value["id"].as_str().unwrap_or_default().to_owned();
        value["relocations"] = relocations.get(&id).cloned().unwrap_or_default();
        value["coalescing"] = entry::coalescing(tcx, *coroutine);
        value["liveness"] = entry::liveness(tcx, *coroutine);
        value["tasks"] = tasks.remove(&id).unwrap_or_default().into();
        entry::add_decisions(tcx, *coroutine, entry);
        lines += &format!("{}\n", entry.value);
    }
    lines
}
