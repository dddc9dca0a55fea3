//! The section by which gdb finds the printers of Rust's types.
//!
//! Mirrors `rustc_codegen_llvm/src/debuginfo/gdb.rs`. There the section is part of what is loaded, and kept by a read of its
//! first byte; here it is not loaded, as C's is not, so no linker drops it.

use rustc_codegen_ssa::base::collect_debugger_visualizers_transitive;
use rustc_hir::attrs::DebuggerVisualizerType;
use rustc_hir::def_id::LOCAL_CRATE;
use rustc_middle::ty::TyCtxt;
use rustc_session::config::{CrateType, DebugInfo};

/// What is in the section `.debug_gdb_scripts`; nothing for crates that others are linked with.
pub fn scripts(tcx: TyCtxt<'_>) -> Option<Vec<u8>> {
    let is_leaf = tcx.crate_types().iter().any(|crate_type| match crate_type {
        CrateType::Executable
        | CrateType::Dylib
        | CrateType::Cdylib
        | CrateType::StaticLib
        | CrateType::Sdylib => true,
        CrateType::ProcMacro | CrateType::Rlib => false,
    });
    let is_wanted = tcx.sess.opts.debuginfo != DebugInfo::None;
    if !is_leaf || !is_wanted || !tcx.sess.target.emit_debug_gdb_scripts {
        return None;
    }
    // A byte for the kind: 1 is a file that gdb looks for, 4 a script itself.
    let mut scripts = b"\x01gdb_load_rust_pretty_printers.py\0".to_vec();
    let kind = DebuggerVisualizerType::GdbPrettyPrinter;
    let of_crate = tcx.crate_name(LOCAL_CRATE);
    let printers = collect_debugger_visualizers_transitive(tcx, kind);
    for (index, printer) in printers.iter().enumerate() {
        scripts.push(4);
        scripts.extend(format!("pretty-printer-{of_crate}-{index}\n").bytes());
        scripts.extend_from_slice(&printer.src);
        scripts.push(0);
    }
    Some(scripts)
}
