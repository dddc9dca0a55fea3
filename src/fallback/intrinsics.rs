//! Which intrinsics Cranelift has: those that cg_clif matches, as `matched.rs` reads them from its sources for `build.rs`.

/// Intrinsics whose names begin alike, all matched by one function of cg_clif's.
struct Family {
    beginning: &'static str,
    /// The names that it matches.
    names: &'static [&'static str],
    /// It matches all names that begin so.
    beginnings: &'static [&'static str],
}

// The first family that an intrinsic belongs to decides, as in cg_clif: `LLVM` are LLVM's intrinsics, `RUSTC` rustc's.
include!(concat!(env!("OUT_DIR"), "/intrinsics.rs"));

/// Whether Cranelift has this intrinsic of LLVM's.
pub(super) fn has_llvms(name: &str) -> bool {
    is_known(LLVM, name)
}

/// Whether Cranelift has this intrinsic of rustc's, other than by the body that it may have in core.
pub(super) fn has_rustcs(name: &str) -> bool {
    is_known(RUSTC, name)
}

fn is_known(families: &[Family], name: &str) -> bool {
    families.iter().find(|family| name.starts_with(family.beginning)).is_some_and(|family| {
        family.names.contains(&name)
            || family.beginnings.iter().any(|beginning| name.starts_with(beginning))
    })
}
