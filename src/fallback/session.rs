//! Which sessions are LLVM's from the start, by their options alone.
//!
//! Mirrors what `CraneliftCodegenBackend::init` and `build_isa` refuse in `rustc_codegen_cranelift/src/lib.rs`,
//! and adds what cg_clif silently leaves out.

use rustc_session::Session;
use rustc_session::config::{InstrumentCoverage, Lto, OutputType, SwitchWithOptPath};
use rustc_target::spec::Arch;

use crate::tracking;

/// What cg_clif does not write. (autocfg probes with LLVM IR, and takes a failure for a no.)
const LLVMS_FILES: [OutputType; 4] = [
    OutputType::Assembly,
    OutputType::Bitcode,
    OutputType::LlvmAssembly,
    OutputType::ThinLinkBitcode,
];

/// `off` leaves everything to Cranelift, as upstream does: to look at the code that it makes.
const VARIABLE: &str = "SNUG_FALLBACK";

/// Which generator compiles a session.
#[derive(Clone, Copy)]
pub(super) enum Choice {
    /// Cranelift's, unless a crate cannot be.
    Cranelift,
    /// Cranelift's in any case.
    CraneliftAlone,
    /// LLVM's, to do that.
    Llvm(&'static str),
}

/// Chooses the generator by the session's options.
pub(super) fn choose(sess: &Session) -> Choice {
    tracking::track_variable(sess, VARIABLE);
    let value = std::env::var(VARIABLE).unwrap_or_default();
    match value.as_str() {
        "" => needs_llvm(sess).map_or(Choice::Cranelift, Choice::Llvm),
        "off" if sess.opts.incremental.is_none() => Choice::CraneliftAlone,
        "off" => sess.dcx().fatal(format!(
            "{VARIABLE}=off would leave in the incremental cache what Cranelift cannot do: \
             set CARGO_INCREMENTAL=0, too"
        )),
        other => sess
            .dcx()
            .fatal(format!("unknown value `{other}` of {VARIABLE}: it may be `off`, or unset")),
    }
}

/// What in a session's options only LLVM can do, as a phrase.
fn needs_llvm(sess: &Session) -> Option<&'static str> {
    let codegen = &sess.opts.cg;
    let emits = |kind| sess.opts.output_types.contains_key(&kind);
    if codegen.linker_plugin_lto.enabled() || matches!(sess.lto(), Lto::Thin | Lto::Fat) {
        Some("optimise across crates (`-Clto`, `-Clinker-plugin-lto`)")
    } else if codegen.instrument_coverage() != InstrumentCoverage::No {
        Some("measure coverage (`-Cinstrument-coverage`)")
    } else if codegen.profile_generate != SwitchWithOptPath::Disabled
        || codegen.profile_use.is_some()
    {
        Some("use profiles (`-Cprofile-generate`, `-Cprofile-use`)")
    } else if !codegen.llvm_args.is_empty() || !codegen.passes.is_empty() {
        Some("heed options for LLVM (`-Cllvm-args`, `-Cpasses`)")
    } else if !sess.opts.unstable_opts.sanitizer.is_empty() {
        Some("instrument for sanitizers (`-Zsanitizer`)")
    } else if LLVMS_FILES.into_iter().any(emits) {
        Some("emit assembly or LLVM IR (`--emit`)")
    } else if !is_cranelifts(&sess.target.arch) {
        Some("compile for this target (`--target`)")
    } else {
        None
    }
}

/// Cranelift's own list: `cranelift_codegen::isa::lookup`, with the feature `all-native-arch`.
fn is_cranelifts(arch: &Arch) -> bool {
    matches!(arch, Arch::X86_64 | Arch::AArch64 | Arch::RiscV64 | Arch::S390x)
}
