//! Which sessions are LLVM's from the start, by their options alone.
//!
//! Mirrors what `CraneliftCodegenBackend::init` and `build_isa` refuse in `rustc_codegen_cranelift/src/lib.rs`,
//! and adds what cg_clif silently leaves out.

use rustc_session::Session;
use rustc_session::config::{
    CFGuard, CFProtection, DebugInfoCompression, FunctionReturn, InstrumentCoverage, Lto,
    OutputType, Passes, PatchableFunctionEntry, SwitchWithOptPath,
};
use rustc_target::spec::{Arch, CodeModel, RustcAbi, StackProtector, TlsModel};

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
    let emits = |kind| sess.opts.output_types.contains_key(&kind);
    if LLVMS_FILES.into_iter().any(emits) {
        Some("emit assembly or LLVM IR (`--emit`)")
    } else if !is_cranelifts(sess) {
        Some("compile for this target (`--target`)")
    } else {
        stable_option(sess).or_else(|| unstable_option(sess))
    }
}

/// The first of the options that are asked for.
fn first(options: &[(bool, &'static str)]) -> Option<&'static str> {
    options.iter().find(|(is_set, _)| *is_set).map(|(_, phrase)| *phrase)
}

/// Options that begin with `-C`. Those that are not here, cg_clif heeds, or they only tell LLVM's optimiser
/// what to leave out, or rustc heeds them itself: `tests/reports/options.toml` has each.
fn stable_option(sess: &Session) -> Option<&'static str> {
    let options = &sess.opts.cg;
    let lto = matches!(sess.lto(), Lto::Thin | Lto::Fat);
    first(&[
        (
            lto || options.linker_plugin_lto.enabled(),
            "optimise across crates (`-Clto`, `-Clinker-plugin-lto`)",
        ),
        (
            options.instrument_coverage() != InstrumentCoverage::No,
            "measure coverage (`-Cinstrument-coverage`)",
        ),
        (
            options.profile_generate != SwitchWithOptPath::Disabled
                || options.profile_use.is_some(),
            "use profiles (`-Cprofile-generate`, `-Cprofile-use`)",
        ),
        (
            !options.llvm_args.is_empty()
                || !options.passes.is_empty()
                || !matches!(&options.remark, Passes::Some(passes) if passes.is_empty()),
            "heed options for LLVM (`-Cllvm-args`, `-Cpasses`, `-Cremark`)",
        ),
        (options.code_model.is_some(), "choose the code model (`-Ccode-model`)"),
        (!options.jump_tables, "do without jump tables (`-Cjump-tables=no`)"),
        (
            options.control_flow_guard != CFGuard::Disabled,
            "guard the control flow (`-Ccontrol-flow-guard`)",
        ),
    ])
}

/// Options that begin with `-Z`, as above.
fn unstable_option(sess: &Session) -> Option<&'static str> {
    let options = &sess.opts.unstable_opts;
    first(&[
        (!options.sanitizer.is_empty(), "instrument for sanitizers (`-Zsanitizer`)"),
        (
            options.instrument_mcount || options.instrument_xray.is_some(),
            "instrument functions (`-Zinstrument-mcount`, `-Zinstrument-xray`)",
        ),
        (
            options.patchable_function_entry != PatchableFunctionEntry::default(),
            "leave room in functions (`-Zpatchable-function-entry`)",
        ),
        (sess.stack_protector() != StackProtector::None, "protect the stack (`-Zstack-protector`)"),
        (
            options.branch_protection.is_some()
                || options.cf_protection != CFProtection::None
                || options.ehcont_guard,
            "protect branches (`-Zbranch-protection`, `-Zcf-protection`, `-Zehcont-guard`)",
        ),
        (
            options.retpoline
                || options.retpoline_external_thunk
                || options.indirect_branch_cs_prefix
                || options.function_return != FunctionReturn::default(),
            "use thunks (`-Zretpoline`, `-Zfunction-return`, `-Zindirect-branch-cs-prefix`)",
        ),
        (
            options.fixed_x18 || options.regparm.is_some() || options.reg_struct_return,
            "use registers otherwise (`-Zfixed-x18`, `-Zregparm`, `-Zreg-struct-return`)",
        ),
        (options.tls_model.is_some(), "choose the model of thread-locals (`-Ztls-model`)"),
        (
            options.default_visibility.is_some() || options.direct_access_external_data.is_some(),
            "make symbols so (`-Zdefault-visibility`, `-Zdirect-access-external-data`)",
        ),
        (
            options.emit_stack_sizes
                || options.large_data_threshold.is_some()
                || options.small_data_threshold.is_some(),
            "make sections so (`-Zemit-stack-sizes`, `-Zlarge-data-threshold`)",
        ),
        (
            options.debug_info_for_profiling
                || options.debuginfo_compression != DebugInfoCompression::None,
            "write such debug info (`-Zdebug-info-for-profiling`, `-Zdebuginfo-compression`)",
        ),
        (options.profile_sample_use.is_some(), "use profiles (`-Zprofile-sample-use`)"),
        (
            !options.autodiff.is_empty() || !options.offload.is_empty(),
            "differentiate or offload (`-Zautodiff`, `-Zoffload`)",
        ),
        (
            !options.llvm_plugins.is_empty()
                || !options.llvm_module_flag.is_empty()
                || options.print_llvm_passes
                || options.time_llvm_passes
                || options.llvm_time_trace,
            "heed options for LLVM (`-Zllvm-plugins`, `-Zllvm-module-flag`, `-Zprint-llvm-passes`)",
        ),
    ])
}

/// Cranelift's own list, `cranelift_codegen::isa::lookup` with the feature `all-native-arch`, without targets whose code
/// must be otherwise: kernels' may not touch vector registers, and lies where other addresses are needed.
fn is_cranelifts(sess: &Session) -> bool {
    let target = &sess.target;
    // Medium is RISC-V's, and relative as Cranelift's addresses are.
    let has_code_model =
        matches!(target.code_model, None | Some(CodeModel::Small | CodeModel::Medium));
    matches!(target.arch, Arch::X86_64 | Arch::AArch64 | Arch::RiscV64 | Arch::S390x)
        && target.rustc_abi != Some(RustcAbi::Softfloat)
        && has_code_model
        && sess.tls_model() != TlsModel::Emulated
        && target.default_visibility.is_none()
}
