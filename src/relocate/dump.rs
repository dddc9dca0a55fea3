//! `-Zdump-mir=RelocateUpvars`: bodies, as the pass finds them and as each step leaves them.
//!
//! Files are named as those of rustc's passes: `mir_dump/CRATE.FUNCTION-{closure#0}.-------.RelocateUpvars.STAGE.mir`, where
//! the stage is `before`, `promoted`, `coalesced`, `ended` or `after`.

use rustc_middle::mir::Body;
use rustc_middle::mir::pretty::MirDumper;
use rustc_middle::ty::TyCtxt;

/// Writes a body, if it is asked for.
pub(crate) fn body<'tcx>(tcx: TyCtxt<'tcx>, body: &Body<'tcx>, stage: &'static str) {
    if let Some(dumper) = MirDumper::new(tcx, "RelocateUpvars", body) {
        dumper.set_disambiguator(&stage).dump_mir(body);
    }
}
