//! Vectors of `f16` and `f128`, of which Cranelift can only move the lanes.
//!
//! cg_clif has functions for what single values of these types need (`codegen_f16_f128.rs`), but emits Cranelift's own
//! instructions for lanes (`intrinsics/simd.rs`), which no backend of Cranelift lowers for them: the compiler panics.

use rustc_middle::ty::{EarlyBinder, FloatTy, GenericArgsRef, Instance, Ty, TyCtxt, TyKind};
use rustc_middle::ty::{TypeVisitableExt, TypingEnv};
use rustc_span::Symbol;

/// What moves lanes, or goes through cg_clif's functions for single values.
const KNOWN: [&str; 10] = [
    "simd_as",
    "simd_cast",
    "simd_extract",
    "simd_extract_dyn",
    "simd_insert",
    "simd_insert_dyn",
    "simd_select",
    "simd_shuffle",
    "simd_shuffle_const_generic",
    "simd_splat",
];

/// Whether an intrinsic computes with the lanes of vectors.
pub(super) fn is_on_vectors(intrinsic: Symbol) -> bool {
    let name = intrinsic.as_str();
    name.starts_with("simd_") && !KNOWN.contains(&name)
}

/// Such an intrinsic, if a function calls it here with vectors that Cranelift cannot compute with.
pub(super) fn lacking<'tcx>(
    tcx: TyCtxt<'tcx>,
    caller: Instance<'tcx>,
    intrinsic: Symbol,
    arguments: GenericArgsRef<'tcx>,
) -> Option<String> {
    let arguments = caller.instantiate_mir_and_normalize_erasing_regions(
        tcx,
        TypingEnv::fully_monomorphized(),
        EarlyBinder::bind(arguments),
    );
    let is_lacking = arguments.types().any(|ty| !ty.has_param() && is_of_halves(tcx, ty));
    is_lacking.then(|| format!("`{intrinsic}` of `f16` or `f128`"))
}

fn is_of_halves<'tcx>(tcx: TyCtxt<'tcx>, ty: Ty<'tcx>) -> bool {
    ty.is_simd() && {
        let (_, lane) = ty.simd_size_and_type(tcx);
        matches!(lane.kind(), TyKind::Float(FloatTy::F16 | FloatTy::F128))
    }
}
