//! What Cranelift cannot compile, LLVM compiles.
//!
//! cg_clif turns an intrinsic that it does not know into a trap, and says so with a warning, which rustc
//! drops for dependencies: users find out when their program stops. Both code generators are at
//! hand (LLVM is inside librustc_driver), and both give futures the same layout, so Snug takes
//! LLVM
//!
//! * for a whole session, where its options ask for what only LLVM has ([`session`]);
//! * for a crate that needs what Cranelift lacks ([`lacks`]).
//!
//! Where the incremental cache keeps parts of a crate, some of them may be the other generator's. They
//! are objects that go together, as those of different crates do; but LLVM must want nothing of them
//! that Cranelift does not make: see [`CraneliftElseLlvm::thin_lto_supported`]. Users are told ([`tell`]).

mod attributes;
mod diagnostics;
mod frames;
mod halves;
mod intrinsics;
mod lacks;
mod session;
mod tell;

use std::any::Any;
use std::cell::OnceCell;

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

pub(crate) use self::lacks::check_mono_item;
use self::session::Choice;
use crate::compat::{self, Compiled, Given};

/// Cranelift, and LLVM for what it cannot do.
pub(crate) struct CraneliftElseLlvm {
    cranelift: Box<dyn CodegenBackend>,
    llvm: Box<dyn CodegenBackend>,
    /// Known from [`CodegenBackend::init`] on.
    choice: OnceCell<Choice>,
    /// Whether this session has an incremental cache: known from then on, too.
    is_incremental: OnceCell<bool>,
}

/// Code generation under way, and whose it is.
enum Ongoing {
    Cranelift(Box<dyn Any>),
    Llvm(Box<dyn Any>),
}

impl CraneliftElseLlvm {
    pub(crate) fn new(
        cranelift: Box<dyn CodegenBackend>,
        llvm: Box<dyn CodegenBackend>,
    ) -> CraneliftElseLlvm {
        let (choice, is_incremental) = Default::default();
        CraneliftElseLlvm { cranelift, llvm, choice, is_incremental }
    }

    fn choice(&self) -> Choice {
        self.choice.get().copied().unwrap_or(Choice::Cranelift)
    }

    /// The generator that this session began with.
    fn of_session(&self) -> &dyn CodegenBackend {
        match self.choice() {
            Choice::Llvm(_) => &*self.llvm,
            Choice::Cranelift | Choice::CraneliftAlone => &*self.cranelift,
        }
    }

    /// Compiles a crate with Cranelift, unless that cannot be done.
    fn compile(&self, tcx: TyCtxt<'_>, given: Given<'_>) -> Ongoing {
        tcx.ensure_ok().collect_and_partition_mono_items(());
        let lacks = tcx.sess.time("find_what_cranelift_lacks", || lacks::of_crate(tcx));
        if !lacks.is_empty() {
            tell::llvm_compiles_crate(tcx.sess, lacks);
            return Ongoing::Llvm(given.to(&*self.llvm, tcx));
        }
        diagnostics::watched(|| Ongoing::Cranelift(given.to(&*self.cranelift, tcx)))
    }
}

// A method that is left out would be the default's, not the wrapped backend's.
#[deny(clippy::missing_trait_methods)]
impl CodegenBackend for CraneliftElseLlvm {
    /// rustc calls this first, and asks a backend what it can do only afterwards.
    fn init(&self, sess: &Session) {
        self.choice.get_or_init(|| session::choose(sess));
        self.is_incremental.get_or_init(|| sess.opts.incremental.is_some());
        diagnostics::install();
        self.llvm.init(sess);
        if !matches!(self.choice(), Choice::Llvm(_)) {
            diagnostics::watched(|| self.cranelift.init(sess));
        }
    }

    compat::codegen_crate! {|self, tcx, given| {
        Box::new(match self.choice() {
            Choice::Llvm(to_do) => {
                tell::llvm_compiles_session(tcx, to_do);
                Ongoing::Llvm(given.to(&*self.llvm, tcx))
            }
            Choice::Cranelift => self.compile(tcx, given),
            Choice::CraneliftAlone => Ongoing::Cranelift(given.to(&*self.cranelift, tcx)),
        })
    }}

    fn join_codegen(
        &self,
        ongoing: Box<dyn Any>,
        sess: &Session,
        outputs: &OutputFilenames,
    ) -> (Compiled, FxIndexMap<WorkProductId, WorkProduct>) {
        match *ongoing.downcast::<Ongoing>().expect("another backend's code generation") {
            Ongoing::Llvm(ongoing) => self.llvm.join_codegen(ongoing, sess, outputs),
            Ongoing::Cranelift(ongoing) => {
                let (results, mut products) =
                    diagnostics::watched(|| self.cranelift.join_codegen(ongoing, sess, outputs));
                if sess.opts.incremental.is_some() {
                    products.extend([lacks::nothing()]);
                }
                (results, products)
            }
        }
    }

    /// Cranelift provides nothing, and only LLVM asks for what LLVM provides.
    fn provide(&self, providers: &mut Providers) {
        self.llvm.provide(providers);
        self.cranelift.provide(providers);
    }

    // Each links the other's objects.
    compat::link_as! {|self, sess, outputs, _modules, _info| {} self.of_session()}

    compat::newer_methods! {|self| self.of_session()}

    fn name(&self) -> &'static str {
        self.of_session().name()
    }

    /// Cranelift has nothing to say.
    fn print(&self, request: &PrintRequest, out: &mut String, sess: &Session) {
        self.llvm.print(request, out, sess)
    }

    /// Crates see what they see under stock: cg_clif does not heed `-Ctarget-cpu` and `-Ctarget-feature`, and
    /// lists what only nightly shows.
    fn target_config(&self, sess: &Session) -> TargetConfig {
        self.llvm.target_config(sess)
    }

    fn supported_crate_types(&self, sess: &Session) -> Vec<CrateType> {
        self.of_session().supported_crate_types(sess)
    }

    fn print_passes(&self) {
        self.llvm.print_passes()
    }

    /// As stock. [`crate::backend`] adds Cranelift's.
    fn print_version(&self) {
        self.llvm.print_version()
    }

    fn replaced_intrinsics(&self) -> Vec<Symbol> {
        self.of_session().replaced_intrinsics()
    }

    /// Among the parts of one crate, rustc has LLVM do it unasked, and LLVM would want bitcode of those
    /// that the cache has kept.
    fn thin_lto_supported(&self) -> bool {
        let may_mix =
            matches!(self.choice(), Choice::Cranelift) && self.is_incremental.get() == Some(&true);
        !may_mix && self.of_session().thin_lto_supported()
    }

    fn has_zstd(&self) -> bool {
        self.of_session().has_zstd()
    }

    /// Both have the default's.
    fn metadata_loader(&self) -> Box<MetadataLoaderDyn> {
        self.llvm.metadata_loader()
    }
}
