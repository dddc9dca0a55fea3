//! Refuses a crate whose upstream crates lay coroutines out in other ways.
//!
//! Three things must not be in one program: crates with different layout modes, crates of different
//! layout versions, and a crate that Snug did not compile on top of one that it did (such a crate has
//! stock's idea of the upstream crate's futures). Crates that know of no crate of Snug, std above all,
//! are fine: their coroutines have stock's layout for everyone.
//!
//! It happens before a crate is analysed, so that `cargo check` tells it, too. Proc macros are programs
//! of their own: what they are made of does not matter here.

use rustc_hir::def::{DefKind, Res};
use rustc_hir::def_id::{CrateNum, LOCAL_CRATE};
use rustc_middle::metadata::ModChild;
use rustc_middle::ty::TyCtxt;

use super::dependencies;
use super::marker::Marker;
use crate::layout::mode::{self, VARIABLE};
use crate::queries;

/// The provider of `analysis`: the check, then stock's.
pub(crate) fn analysis(tcx: TyCtxt<'_>, key: ()) {
    check(tcx);
    (queries::stock().analysis)(tcx, key)
}

/// An upstream crate of which more than macros can be used.
struct Upstream {
    cnum: CrateNum,
    marker: Option<Marker>,
}

fn check(tcx: TyCtxt<'_>) {
    let upstream: Vec<Upstream> = tcx
        .postorder_cnums(())
        .iter()
        .filter(|&&cnum| !has_only_macros(tcx, cnum))
        .map(|&cnum| Upstream { cnum, marker: Marker::of_crate(tcx, cnum) })
        .collect();
    let local = Marker::of_mode(mode::of_local_crate(tcx));
    let differing = |differ: fn(&Marker, &Marker) -> bool| {
        let marked = upstream.iter().filter_map(|krate| Some((krate.cnum, krate.marker.as_ref()?)));
        marked.filter(|(_, marker)| differ(marker, &local)).collect::<Vec<_>>()
    };
    let versions = differing(|marker, local| marker.version != local.version);
    if let [(first, marker), ..] = versions[..] {
        refuse_version(tcx, first, marker, &local, &names(tcx, &versions));
    }
    let modes = differing(|marker, local| marker.layout != local.layout);
    if let [(first, marker), ..] = modes[..] {
        refuse_mode(tcx, first, marker, &local, &names(tcx, &modes));
    }
    if let Some((between, below)) = stock_between(tcx, &upstream) {
        refuse_stock(tcx, between, below, &local);
    }
}

/// Whether this is a proc macro. A `#[no_link]` crate is none: its types and generic functions can be used.
fn has_only_macros(tcx: TyCtxt<'_>, cnum: CrateNum) -> bool {
    let is_macro = |child: &ModChild| matches!(child.res, Res::Def(DefKind::Macro(_), _));
    tcx.crate_dep_kind(cnum).macros_only()
        && tcx.module_children(cnum.as_def_id()).iter().all(is_macro)
}

/// A crate without marker that depends on one with a marker, and that one.
///
/// Upstream crates come first, so everything before the first crate of Snug needs no look.
fn stock_between(tcx: TyCtxt<'_>, upstream: &[Upstream]) -> Option<(CrateNum, CrateNum)> {
    let after = upstream.iter().skip_while(|krate| krate.marker.is_none());
    for krate in after.filter(|krate| krate.marker.is_none()) {
        let below = dependencies::of_crate(tcx, krate.cnum).unwrap_or_else(|error| {
            let name = tcx.crate_name(krate.cnum);
            tcx.dcx().fatal(format!("cannot tell which crates `{name}` depends on: {error}"))
        });
        let marked = |&&cnum: &&CrateNum| Marker::of_crate(tcx, cnum).is_some();
        if let Some(&below) = below.iter().find(marked) {
            return Some((krate.cnum, below));
        }
    }
    None
}

fn names(tcx: TyCtxt<'_>, crates: &[(CrateNum, &Marker)]) -> String {
    const MOST: usize = 8;
    let mut names: Vec<String> =
        crates.iter().take(MOST).map(|(cnum, _)| format!("`{}`", tcx.crate_name(*cnum))).collect();
    if crates.len() > MOST {
        names.push(format!("{} more", crates.len() - MOST));
    }
    names.join(", ")
}

fn refuse_version(tcx: TyCtxt<'_>, cnum: CrateNum, other: &Marker, local: &Marker, all: &str) -> ! {
    let (name, local_name) = (tcx.crate_name(cnum), tcx.crate_name(LOCAL_CRATE));
    let message = format!(
        "crate `{name}` was compiled by another version of Snug (coroutine layout version {}) than \
         `{local_name}` (version {})",
        other.version, local.version,
    );
    tcx.dcx()
        .struct_fatal(message)
        .with_note(ABI)
        .with_help(format!(
            "compile with this version of Snug, too: {all} (cargo does it after `cargo clean`)"
        ))
        .emit()
}

fn refuse_mode(tcx: TyCtxt<'_>, cnum: CrateNum, other: &Marker, local: &Marker, all: &str) -> ! {
    let (name, local_name) = (tcx.crate_name(cnum), tcx.crate_name(LOCAL_CRATE));
    let message = format!(
        "crate `{name}` was compiled with Snug's coroutine layout `{}`, `{local_name}` with `{}`",
        other.layout, local.layout,
    );
    tcx.dcx()
        .struct_fatal(message)
        .with_note(ABI)
        .with_help(format!(
            "compile `{local_name}` with {VARIABLE}={}, or with {VARIABLE}={}: {all} (cargo does it, if \
             its whole build has one {VARIABLE})",
            other.layout, local.layout,
        ))
        .emit()
}

fn refuse_stock(tcx: TyCtxt<'_>, between: CrateNum, below: CrateNum, local: &Marker) -> ! {
    let (name, below) = (tcx.crate_name(between), tcx.crate_name(below));
    let message = format!(
        "crate `{name}` was compiled without Snug, but uses crate `{below}`, which was compiled with it"
    );
    tcx.dcx()
        .struct_fatal(message)
        .with_note(ABI)
        .with_help(format!(
            "compile `{name}` with Snug, too ({VARIABLE}={}), or everything without it",
            local.layout,
        ))
        .emit()
}

/// Why it matters.
const ABI: &str = "the crates of a program must agree about how large a future is and where its parts \
                   are, or they overwrite each other's data";
