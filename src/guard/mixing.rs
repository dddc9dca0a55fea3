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
use crate::mode::{self, VARIABLE};
use crate::stock;

/// The provider of `analysis`: the check, then stock's.
pub(crate) fn analysis(tcx: TyCtxt<'_>, key: ()) {
    check(tcx);
    (stock::providers().analysis)(tcx, key)
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
    let marked = || upstream.iter().filter_map(|krate| Some((krate.cnum, krate.marker.as_ref()?)));
    let local = local_marker(tcx);
    let versions: Vec<_> = marked().filter(|(_, m)| m.version != local.version).collect();
    if !versions.is_empty() {
        refuse_version(tcx, &versions);
    }
    let marked: Vec<_> = marked().collect();
    if marked.iter().any(|(_, marker)| marker.layout != local.layout) {
        refuse_mode(tcx, &marked, &local);
    }
    if let Some((between, below)) = stock_between(tcx, &upstream) {
        refuse_stock(tcx, between, below, &local);
    }
}

fn local_marker(tcx: TyCtxt<'_>) -> Marker {
    Marker::of_mode(mode::of_local_crate(tcx))
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

/// Refuses crates of other layout versions.
pub(super) fn refuse_version(tcx: TyCtxt<'_>, others: &[(CrateNum, &Marker)]) -> ! {
    let (cnum, other) = others[0];
    let (name, local_name) = (tcx.crate_name(cnum), tcx.crate_name(LOCAL_CRATE));
    let message = format!(
        "crate `{name}` was compiled by another version of Snug (coroutine layout version {}) than \
         `{local_name}` (version {})",
        other.version,
        local_marker(tcx).version,
    );
    tcx.dcx()
        .struct_fatal(message)
        .with_note(ABI)
        .with_help(format!(
            "compile with this version of Snug, too: {} (cargo does it after `cargo clean`)",
            names(tcx, others.iter().map(|(cnum, _)| *cnum)),
        ))
        .emit()
}

/// Refuses the crates with other layout modes than the local one's.
fn refuse_mode(tcx: TyCtxt<'_>, marked: &[(CrateNum, &Marker)], local: &Marker) -> ! {
    let others: Vec<_> =
        marked.iter().filter(|(_, marker)| marker.layout != local.layout).collect();
    let (cnum, other) = others[0];
    let (name, local_name) = (tcx.crate_name(*cnum), tcx.crate_name(LOCAL_CRATE));
    let message = format!(
        "crate `{name}` was compiled with Snug's coroutine layout `{}`, `{local_name}` with `{}`",
        other.layout, local.layout,
    );
    let others = names(tcx, others.iter().map(|(cnum, _)| *cnum));
    let mut help = format!("compile {others} with {VARIABLE}={}", local.layout);
    // Otherwise the local crate fits none of them all.
    if marked.iter().all(|(_, marker)| marker.layout == other.layout) {
        help += &format!(", or `{local_name}` with {VARIABLE}={}", other.layout);
    }
    help += &format!(" (cargo does it, if its whole build has one {VARIABLE})");
    tcx.dcx().struct_fatal(message).with_note(ABI).with_help(help).emit()
}

fn names(tcx: TyCtxt<'_>, crates: impl ExactSizeIterator<Item = CrateNum>) -> String {
    const MOST: usize = 8;
    let more = crates.len().saturating_sub(MOST);
    let mut names: Vec<String> =
        crates.take(MOST).map(|cnum| format!("`{}`", tcx.crate_name(cnum))).collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(", ")
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
