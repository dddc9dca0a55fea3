//! Which files of a report's folder are those of one build.
//!
//! The folder keeps the files of all crates that were ever compiled with it: cargo does not compile again what has not
//! changed, so a build needs files of earlier ones. Others are left over, of a crate with other features, say. Only who calls
//! cargo knows when a build begins: `cargo snug --report` gives each a number of its own, by a variable. The
//! crates of the packages that the build is for are compiled again for it, and each of them lists, in
//! `builds/NUMBER/`, the files of all crates that it is made of, itself included.
//!
//! Proc macros and build scripts are programs of their own, and part of the build if their packages are.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use rustc_hir::def_id::{CrateNum, LOCAL_CRATE};
use rustc_middle::ty::TyCtxt;
use rustc_session::Session;
use rustc_session::cstore::CrateDepKind;

use super::{files, session};
use crate::{guard, tracking};

/// The variable that numbers builds. Later ones have greater numbers, as text.
const VARIABLE: &str = "SNUG_REPORT_BUILD";
/// The folder in the report's with a folder for each build: the last one, as a rule.
const BUILDS: &str = "builds";

/// The build that this session is an aim of, if any.
fn build() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|build| session::is_aim() && is_number(build))
}

/// Anything else would be a path of its own.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Makes cargo compile the crate again for another build.
pub(super) fn track(sess: &Session) {
    let is_made = sess.opts.output_types.should_codegen() || session::is_checked(sess);
    if is_made && build().is_some() {
        tracking::track_variable(sess, VARIABLE);
    }
}

/// The name of a crate's file.
pub(super) fn file_of(tcx: TyCtxt<'_>, cnum: CrateNum) -> String {
    let id = tcx.stable_crate_id(cnum).as_u64();
    format!("{}-{id:016x}.jsonl", tcx.crate_name(cnum))
}

/// Lists the files of this crate and of all below it.
pub(super) fn write(tcx: TyCtxt<'_>, directory: &Path) -> io::Result<()> {
    let Some(build) = build() else { return Ok(()) };
    let is_linked = |cnum: CrateNum| tcx.crate_dep_kind(cnum) != CrateDepKind::MacrosOnly;
    let of_snug = |cnum: CrateNum| guard::is_marked(tcx, cnum);
    let others = tcx.crates(()).iter().copied().filter(|&cnum| is_linked(cnum) && of_snug(cnum));
    let own = file_of(tcx, LOCAL_CRATE);
    let mut files: BTreeSet<String> = others.map(|cnum| file_of(tcx, cnum)).collect();
    files.insert(own.clone());
    let text: String = files.iter().map(|file| format!("{file}\n")).collect();

    let builds = directory.join(BUILDS);
    let folder = builds.join(&build);
    std::fs::create_dir_all(&folder)?;
    match files::write_whole(&folder.join(own).with_extension("files"), text.as_bytes()) {
        // Another build has begun since, and has removed this one's folder.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => forget_older(&builds),
    }
}

/// Removes all builds but the last one. Of two at the same time, the one that began later stays.
fn forget_older(builds: &Path) -> io::Result<()> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(builds)? {
        all.push(entry?.file_name());
    }
    // They are numbers.
    all.sort_by_key(|name| (name.len(), name.clone()));
    all.pop();
    for older in all {
        match std::fs::remove_dir_all(builds.join(older)) {
            // Another compiler has removed it, or writes in there, and removes it next.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty
                ) => {}
            removed => removed?,
        }
    }
    Ok(())
}
