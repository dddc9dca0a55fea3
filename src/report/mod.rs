//! `SNUG_REPORT=DIR`: what is in every coroutine, as JSON lines, one file per crate.
//!
//! `docs/report.md` documents the format. Layouts are recorded where they are computed
//! ([`record`]); a build that does not ask for a report pays one check of a flag. An incremental
//! build computes only what changed, so before the file is written, [`types`] asks for the layout
//! of every coroutine type that the crate's code uses. What became of the upvars is known only
//! when there is MIR, and is counted then.

mod entry;
mod types;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use rustc_data_structures::fx::FxHashMap;
use rustc_hir::def_id::LOCAL_CRATE;
use rustc_middle::mir::CoroutineLayout;
use rustc_middle::ty::layout::{LayoutCx, TyAndLayout};
use rustc_middle::ty::{GenericArgsRef, TyCtxt, TypeVisitableExt};
use rustc_session::Session;
use serde_json::Value;

use crate::layout::coroutine::Coroutine;
use crate::mode::Mode;

/// The environment variable that asks for a report. Cargo notices a change: whoever asks gets one,
/// also of crates that are built already.
pub(crate) const VARIABLE: &str = "SNUG_REPORT";

/// The entries of this session's report, in the order of their types' names.
static ENTRIES: Mutex<BTreeMap<String, Value>> = Mutex::new(BTreeMap::new());

fn directory() -> Option<&'static Path> {
    static DIRECTORY: OnceLock<Option<PathBuf>> = OnceLock::new();
    let read = || -> Option<OsString> { std::env::var_os(VARIABLE).filter(|v| !v.is_empty()) };
    DIRECTORY.get_or_init(|| read().map(PathBuf::from)).as_deref()
}

/// Whether this session writes one.
pub(crate) fn is_asked_for() -> bool {
    directory().is_some()
}

/// Makes the folder, or ends the compilation with a reason.
pub(crate) fn check_directory(sess: &Session) {
    if let Some(directory) = directory()
        && let Err(error) = std::fs::create_dir_all(directory)
    {
        sess.dcx().fatal(format!(
            "cannot make the folder `{}` that the environment variable `{VARIABLE}` names: {error}",
            directory.display()
        ));
    }
}

/// Records the layout of a relocated coroutine.
pub(crate) fn record<'tcx>(coroutine: &Coroutine<'tcx>, layout: TyAndLayout<'tcx>, mode: Mode) {
    if wanted(&coroutine.cx, layout) {
        add(entry::relocated(coroutine, layout, mode));
    }
}

/// Records the layout that stock gave to a coroutine.
pub(crate) fn record_stock<'tcx>(
    cx: &LayoutCx<'tcx>,
    layout: TyAndLayout<'tcx>,
    info: &'tcx CoroutineLayout<'tcx>,
    args: GenericArgsRef<'tcx>,
) {
    if wanted(cx, layout) {
        add(entry::stock(cx, layout, info, args));
    }
}

/// Only types as code generation sees them are reported.
fn wanted<'tcx>(cx: &LayoutCx<'tcx>, layout: TyAndLayout<'tcx>) -> bool {
    is_asked_for()
        && !layout.ty.has_non_region_param()
        && !layout.ty.has_infer()
        && cx.typing_env.param_env.caller_bounds().is_empty()
}

fn add(entry: Value) {
    // Different types may print alike; their ids tell them apart.
    let key = format!("{} {}", entry["type"], entry["id"]);
    ENTRIES.lock().unwrap().insert(key, entry);
}

/// Writes the crate's file, if a report is wanted.
pub(crate) fn write(tcx: TyCtxt<'_>) {
    let Some(directory) = directory() else { return };
    let types = types::lay_out_all_coroutines(tcx);
    let mut entries = std::mem::take(&mut *ENTRIES.lock().unwrap());
    let relocations: FxHashMap<String, Value> =
        types.iter().map(|&ty| (entry::id(tcx, ty), entry::relocations(tcx, ty))).collect();
    for entry in entries.values_mut() {
        let counted = entry["id"].as_str().and_then(|id| relocations.get(id));
        entry["relocations"] = counted.cloned().unwrap_or_default();
    }
    let id = tcx.stable_crate_id(LOCAL_CRATE).as_u64();
    let path = directory.join(format!("{}-{id:016x}.jsonl", tcx.crate_name(LOCAL_CRATE)));
    if let Err(error) = write_lines(&path, entries.values()) {
        tcx.dcx().fatal(format!("cannot write the report `{}`: {error}", path.display()));
    }
}

/// Readers never see half a file: it is written beside and renamed.
fn write_lines<'a>(path: &Path, lines: impl Iterator<Item = &'a Value>) -> std::io::Result<()> {
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let mut file = std::io::BufWriter::new(std::fs::File::create(&temporary)?);
    for line in lines {
        writeln!(file, "{line}")?;
    }
    file.into_inner()?;
    std::fs::rename(temporary, path)
}
