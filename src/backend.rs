//! The backend that rustc sees: another backend's code generation with Snug's queries and link.
//!
//! Every call goes to the wrapped backend; the four that differ say why.

use std::any::Any;

use rustc_codegen_ssa::TargetConfig;
use rustc_codegen_ssa::traits::CodegenBackend;
use rustc_data_structures::fx::FxIndexMap;
use rustc_metadata::EncodedMetadata;
use rustc_metadata::creader::MetadataLoaderDyn;
use rustc_middle::dep_graph::{WorkProduct, WorkProductId};
use rustc_middle::ty::TyCtxt;
use rustc_middle::util::Providers;
use rustc_session::Session;
use rustc_session::config::{CrateType, OutputFilenames, PrintRequest};
use rustc_span::Symbol;

#[cfg(feature = "cranelift")]
use crate::fallback;
use crate::{
    build_id, coalescing, compat, guard, inlining, liveness, mode, queries, report, stack_sharing,
    tracking, validate,
};

/// A code generator that lays coroutines out snugly.
struct Snug {
    generator: Box<dyn CodegenBackend>,
}

/// The backend, around the code generator that this twin is built with.
pub(crate) fn snug() -> Box<dyn CodegenBackend> {
    Box::new(Snug { generator: code_generator() })
}

#[cfg(feature = "cranelift")]
fn code_generator() -> Box<dyn CodegenBackend> {
    let config = std::cell::OnceCell::new();
    let cranelift = Box::new(rustc_codegen_cranelift::CraneliftCodegenBackend { config });
    let llvm = rustc_codegen_llvm::LlvmCodegenBackend::new();
    Box::new(fallback::CraneliftElseLlvm::new(cranelift, llvm))
}

#[cfg(all(feature = "llvm", not(feature = "cranelift")))]
fn code_generator() -> Box<dyn CodegenBackend> {
    rustc_codegen_llvm::LlvmCodegenBackend::new()
}

/// The code generator and its version, for people.
#[cfg(feature = "cranelift")]
fn generators_version() -> String {
    format!("Cranelift {}", cranelift_codegen::VERSION)
}

/// The code generator, for people: rustc prints its version.
#[cfg(not(feature = "cranelift"))]
fn generators_version() -> String {
    "LLVM".to_owned()
}

/// The line by which `rustc -vV` and cargo tell this compiler from stock's and from the other twin. It is the last one, and one:
/// parsers of the answer count lines (rustc_version 0.2 accepts eight), or read `key: value`.
pub(crate) fn print_own_version() {
    println!(
        "Snug: {}, coroutine layout {}, {}",
        build_id::version(),
        guard::LAYOUT_VERSION,
        generators_version()
    );
}

// A method that is left out would be the default's, not the wrapped backend's.
#[deny(clippy::missing_trait_methods)]
impl CodegenBackend for Snug {
    /// Refuses an unknown `SNUG_LAYOUT`, `SNUG_COALESCE`, `SNUG_LIVENESS`, `SNUG_INLINE` or `SNUG_SHARE_STACK` before any work is done, and tells cargo what a
    /// crate depends on.
    fn init(&self, sess: &Session) {
        let checked = mode::from_environment()
            .map(drop)
            .and_then(|()| coalescing::check_environment())
            .and_then(|()| liveness::check_environment())
            .and_then(|()| inlining::check_environment())
            .and_then(|()| stack_sharing::check_environment());
        if let Err(message) = checked {
            sess.dcx().fatal(message);
        }
        report::check_directory(sess);
        tracking::track_variable(sess, mode::VARIABLE);
        tracking::track_variable(sess, coalescing::VARIABLE);
        tracking::track_variable(sess, liveness::VARIABLE);
        tracking::track_variable(sess, inlining::VARIABLE);
        tracking::track_variable(sess, stack_sharing::VARIABLE);
        tracking::track_variable(sess, validate::VARIABLE);
        report::track(sess);
        tracking::track_build(sess);
        self.generator.init(sess);
    }

    fn provide(&self, providers: &mut Providers) {
        self.generator.provide(providers);
        queries::provide(providers);
    }

    // The report is complete only after every type that code generation needs has been laid out.
    compat::codegen_crate! {|self, tcx, given| {
        let ongoing = given.to(&*self.generator, tcx);
        report::write(tcx);
        ongoing
    }}

    // Takes out what stops everyone else's linker (see [`guard`]).
    compat::link_as! {|self, sess, outputs, modules, info|
        { guard::before_link(sess, modules, info, outputs) }
        self.generator
    }

    compat::newer_methods! {|self| self.generator}

    fn name(&self) -> &'static str {
        self.generator.name()
    }

    fn print(&self, request: &PrintRequest, out: &mut String, sess: &Session) {
        self.generator.print(request, out, sess)
    }

    fn target_config(&self, sess: &Session) -> TargetConfig {
        self.generator.target_config(sess)
    }

    fn supported_crate_types(&self, sess: &Session) -> Vec<CrateType> {
        self.generator.supported_crate_types(sess)
    }

    fn print_passes(&self) {
        self.generator.print_passes()
    }

    /// What `rustc -vV` ends with: a line of LLVM's, as stock's, and one more.
    fn print_version(&self) {
        rustc_codegen_llvm::LlvmCodegenBackend::new().print_version();
        print_own_version();
    }

    fn replaced_intrinsics(&self) -> Vec<Symbol> {
        self.generator.replaced_intrinsics()
    }

    fn thin_lto_supported(&self) -> bool {
        self.generator.thin_lto_supported()
    }

    fn has_zstd(&self) -> bool {
        self.generator.has_zstd()
    }

    fn metadata_loader(&self) -> Box<MetadataLoaderDyn> {
        self.generator.metadata_loader()
    }

    fn join_codegen(
        &self,
        ongoing: Box<dyn Any>,
        sess: &Session,
        outputs: &OutputFilenames,
    ) -> (compat::Compiled, FxIndexMap<WorkProductId, WorkProduct>) {
        self.generator.join_codegen(ongoing, sess, outputs)
    }
}
