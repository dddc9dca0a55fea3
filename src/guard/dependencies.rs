//! Which crates an upstream crate depends on.
//!
//! rustc keeps that to itself, except in `-Zls=root`, which prints what a metadata file says: this reads
//! that text. It happens only for crates that Snug did not compile and that might use one that it did,
//! hence for none in a healthy build.
//!
//! Mirrors `list_crate_metadata` in `rustc_metadata/src/rmeta/decoder.rs`.

use rustc_codegen_llvm::LlvmCodegenBackend;
use rustc_hir::def_id::CrateNum;
use rustc_metadata::locator::list_file_metadata;
use rustc_middle::ty::TyCtxt;

/// The crates that a crate depends on, as far as they are loaded: not what proc macros are made of.
pub(crate) fn of_crate(tcx: TyCtxt<'_>, cnum: CrateNum) -> Result<Vec<CrateNum>, String> {
    let text = listing(tcx, cnum)?;
    let lines = text.lines().skip_while(|line| *line != "=External Dependencies=");
    let mut dependencies = Vec::new();
    for line in lines.skip(1).take_while(|line| !line.is_empty()) {
        let hash = hash(line).ok_or_else(|| format!("no hash in `{line}`"))?;
        dependencies.extend(with_hash(tcx, hash));
    }
    Ok(dependencies)
}

/// The hash in `1 store-0f3c hash 4a4c.. host_hash None kind Unconditional public`. It is read from the end: a crate
/// may be called `hash`, too.
fn hash(line: &str) -> Option<&str> {
    let (front, _) = line.rsplit_once(" host_hash ")?;
    let (_, hash) = front.rsplit_once(" hash ")?;
    let is_hash = hash.len() == 32 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then_some(hash)
}

/// A loaded crate. A crate that is not loaded is not in the program.
fn with_hash(tcx: TyCtxt<'_>, hash: &str) -> Option<CrateNum> {
    let all = tcx.postorder_cnums(()).iter().copied();
    all.into_iter().find(|&cnum| tcx.crate_hash(cnum).to_string() == hash)
}

fn listing(tcx: TyCtxt<'_>, cnum: CrateNum) -> Result<String, String> {
    let source = tcx.used_crate_source(cnum);
    let file = source.rmeta.as_ref().or_else(|| source.paths().next()).ok_or("it has no file")?;
    let mut text = Vec::new();
    // Both code generators have the same.
    let loader = LlvmCodegenBackend::new().metadata_loader();
    let kinds = ["root".to_string()];
    let version = tcx.sess.cfg_version;
    list_file_metadata(&tcx.sess.target, file, &*loader, &mut text, &kinds, version)
        .map_err(|error| format!("{}: {error}", file.display()))?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let complete = text.contains("=External Dependencies=");
    if complete { Ok(text) } else { Err(format!("{}: {}", file.display(), text.trim())) }
}
