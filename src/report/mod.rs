//! `SNUG_REPORT=DIR`: what is in every coroutine, as JSON lines, one file per crate.
//!
//! `docs/report.md` documents the format. The file is written when the crate's code has been generated: [`types`]
//! finds every coroutine type that this code uses, and [`entry`] asks the queries for its layout. So the report
//! of an incremental build, which computes only what has changed, is that of a clean one.

mod entry;
mod types;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

use rustc_hir::def_id::LOCAL_CRATE;
use rustc_middle::ty::TyCtxt;
use rustc_session::Session;
use serde_json::Value;

use crate::tracking;

/// The environment variable that asks for a report. Cargo notices a change: whoever asks gets one,
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
    if is_asked_for() && tracking::is_asked_beforehand(sess) {
        // A crate that comes out of a cache gets no report. So no two answers are the same.
        let moment = format!("{:?} {}", SystemTime::now(), std::process::id());
        tracking::track_value(sess, "SNUG_REPORT_MOMENT", Some(&moment));
    }
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

/// Writes the crate's file, if a report is wanted.
pub(crate) fn write(tcx: TyCtxt<'_>) {
    let Some(directory) = directory() else { return };
    // Different types may print alike; their ids tell them apart.
    let key = |entry: &Value| format!("{} {}", entry["type"], entry["id"]);
    let entries = types::coroutines(tcx).into_iter().filter_map(|ty| entry::of_type(tcx, ty));
    let entries: BTreeMap<String, Value> = entries.map(|entry| (key(&entry), entry)).collect();
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
