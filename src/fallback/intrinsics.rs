//! Which of LLVM's intrinsics Cranelift has: those that cg_clif's sources name.
//!
//! cg_clif matches intrinsics by name, in three files, and makes a trap of the others. Nothing says
//! beforehand which these are, so the files themselves are the list.

/// The files, as they are in the cg_clif that this is built with.
const SOURCES: [&str; 3] = [
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/build/cg_clif/src/intrinsics/llvm.rs")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/build/cg_clif/src/intrinsics/llvm_x86.rs")),
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/build/cg_clif/src/intrinsics/llvm_aarch64.rs"
    )),
];

/// Names that begin like this are looked for in another of the files.
const OTHER_FILE: [&str; 2] = ["llvm.aarch64", "llvm.x86"];

/// Whether Cranelift has this intrinsic of LLVM's.
pub(super) fn has(name: &str) -> bool {
    let literal = format!("\"{name}\"");
    SOURCES.iter().any(|source| source.contains(&literal) || has_family(source, name))
}

/// Whether a file matches all names that begin as this one does.
fn has_family(source: &str, name: &str) -> bool {
    source
        .split("starts_with(\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"').map(|(beginning, _)| beginning))
        .filter(|beginning| !OTHER_FILE.contains(beginning))
        .any(|beginning| name.starts_with(beginning))
}
