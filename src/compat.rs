//! What differs between the rustcs that Snug works with. Nothing else here asks which one it is.
//!
//! The build tool sets `rustc_1_96` for 1.96 and every later version (`Versions::cfgs`). What a version has changed is
//! here under its old or its new form, whichever says more, and the rest of Snug is written as if there were one rustc.

use std::any::Any;

use rustc_codegen_ssa::traits::CodegenBackend;
use rustc_hir::def_id::LocalDefId;
use rustc_interface::Config;
use rustc_middle::ty::TyCtxt;
use rustc_session::Session;

#[cfg(not(rustc_1_96))]
pub(crate) use rustc_middle::mir::mono::{CollectionMode, MonoItem};
#[cfg(rustc_1_96)]
pub(crate) use rustc_middle::mono::{CollectionMode, MonoItem};

#[cfg(all(feature = "faults", rustc_1_96))]
pub(crate) use rustc_span::Spanned;
#[cfg(all(feature = "faults", not(rustc_1_96)))]
pub(crate) use rustc_span::source_map::Spanned;

/// What a code generator has made of a crate.
#[cfg(not(rustc_1_96))]
pub(crate) type Compiled = rustc_codegen_ssa::CodegenResults;
/// What a code generator has made of a crate.
#[cfg(rustc_1_96)]
pub(crate) type Compiled = rustc_codegen_ssa::CompiledModules;

/// What rustc gives to a code generator besides the crate.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    #[cfg(not(rustc_1_96))]
    pub(crate) nothing: std::marker::PhantomData<&'a ()>,
    #[cfg(rustc_1_96)]
    pub(crate) info: &'a rustc_codegen_ssa::CrateInfo,
}

impl Given<'_> {
    /// Gives it to a code generator.
    pub(crate) fn to(self, generator: &dyn CodegenBackend, tcx: TyCtxt<'_>) -> Box<dyn Any> {
        #[cfg(not(rustc_1_96))]
        return generator.codegen_crate(tcx);
        #[cfg(rustc_1_96)]
        return generator.codegen_crate(tcx, self.info);
    }
}

/// `CodegenBackend::codegen_crate`, with a [`Given`].
#[cfg(not(rustc_1_96))]
macro_rules! codegen_crate {
    (|$self:ident, $tcx:ident, $given:ident| $generate:block) => {
        fn codegen_crate(&$self, $tcx: TyCtxt<'_>) -> Box<dyn Any> {
            let $given = $crate::compat::Given { nothing: std::marker::PhantomData };
            $generate
        }
    };
}
#[cfg(rustc_1_96)]
macro_rules! codegen_crate {
    (|$self:ident, $tcx:ident, $given:ident| $generate:block) => {
        fn codegen_crate(
            &$self,
            $tcx: TyCtxt<'_>,
            info: &rustc_codegen_ssa::CrateInfo,
        ) -> Box<dyn Any> {
            let $given = $crate::compat::Given { info };
            $generate
        }
    };
}
pub(crate) use codegen_crate;

/// `CodegenBackend::link`, as another backend's. Before it, the modules and what is known of the crate may be changed;
/// what that comes to lives until the crate is linked.
#[cfg(not(rustc_1_96))]
macro_rules! link_as {
    (|$self:ident, $sess:ident, $outputs:ident, $modules:ident, $info:ident| $before:block $generator:expr) => {
        fn link(
            &$self,
            $sess: &Session,
            mut results: $crate::compat::Compiled,
            metadata: EncodedMetadata,
            $outputs: &OutputFilenames,
        ) {
            let ($modules, $info) = (&mut results.modules, &mut results.crate_info);
            let _kept = $before;
            $generator.link($sess, results, metadata, $outputs)
        }
    };
}
#[cfg(rustc_1_96)]
macro_rules! link_as {
    (|$self:ident, $sess:ident, $outputs:ident, $modules:ident, $info:ident| $before:block $generator:expr) => {
        fn link(
            &$self,
            $sess: &Session,
            mut compiled: $crate::compat::Compiled,
            mut crate_info: rustc_codegen_ssa::CrateInfo,
            metadata: EncodedMetadata,
            $outputs: &OutputFilenames,
        ) {
            let ($modules, $info) = (&mut compiled.modules, &mut crate_info);
            let _kept = $before;
            $generator.link($sess, compiled, crate_info, metadata, $outputs)
        }
    };
}
pub(crate) use link_as;

/// The methods of `CodegenBackend` that not all versions have, as another backend's.
#[cfg(not(rustc_1_96))]
macro_rules! newer_methods {
    (|$self:ident| $generator:expr) => {};
}
#[cfg(rustc_1_96)]
macro_rules! newer_methods {
    (|$self:ident| $generator:expr) => {
        fn target_cpu(&$self, sess: &Session) -> String {
            $generator.target_cpu(sess)
        }

        fn print_pass_timings(&$self) {
            $generator.print_pass_timings()
        }

        fn print_statistics(&$self) {
            $generator.print_statistics()
        }
    };
}
pub(crate) use newer_methods;

/// Makes a session take this backend.
pub(crate) fn set_backend(config: &mut Config, make: fn() -> Box<dyn CodegenBackend>) {
    #[cfg(not(rustc_1_96))]
    let make = Box::new(move |_: &_, _: &_| make());
    #[cfg(rustc_1_96)]
    let make = Box::new(move |_: &_| make());
    config.make_codegen_backend = Some(make);
}

/// What lists a crate's inputs for dep-info.
#[cfg(not(rustc_1_96))]
pub(crate) fn dep_info(sess: &Session) -> &rustc_session::parse::ParseSess {
    &sess.psess
}

/// What lists a crate's inputs for dep-info.
#[cfg(rustc_1_96)]
pub(crate) fn dep_info(sess: &Session) -> &Session {
    sess
}

/// Whether an item is well-formed.
pub(crate) fn is_well_formed(tcx: TyCtxt<'_>, item: LocalDefId) -> bool {
    #[cfg(not(rustc_1_96))]
    return tcx.ensure_ok().check_well_formed(item).is_ok();
    #[cfg(rustc_1_96)]
    return tcx.ensure_result().check_well_formed(item).is_ok();
}

/// Whether this crate may have coroutines that drop something asynchronously. Since 1.96, types of other crates are
/// dropped so without the feature: `check_if_can_async_drop` in `rustc_mir_transform/src/elaborate_drop.rs`.
pub(crate) fn has_async_drop(tcx: TyCtxt<'_>) -> bool {
    let of_others = || {
        let implemented = tcx.lang_items().async_drop_trait();
        implemented.is_some_and(|implemented| tcx.all_impls(implemented).next().is_some())
    };
    tcx.features().async_drop() || cfg!(rustc_1_96) && of_others()
}
