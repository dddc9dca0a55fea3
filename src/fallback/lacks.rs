//! What a crate needs that Cranelift lacks.
//!
//! Every function that is about to be lowered is searched one time, in the query `check_mono_item`: calls of intrinsics
//! (LLVM's are foreign functions that `core::arch` declares), and inline assembly, for which cg_clif writes
//! wrappers that know few kinds of operands (`rustc_codegen_cranelift/src/inline_asm.rs`, `global_asm.rs`). Of those
//! that it does not know, it refuses some, and compiles others wrongly: `out(reg_byte)` may be `bl`, but
//! the wrappers need `rbx`. Of calls, it knows few that are C-variadic, and no wide vectors (`abi/`). Attributes
//! that it does not heed are in [`attributes`], and sizes that are too much for Cranelift in [`frames`].
//!
//! In an incremental build rustc asks the query for what has changed. That will do if nothing was
//! lacking before, which a work product without files remembers. Otherwise everything is looked at again.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustc_abi::{BackendRepr, ExternAbi, Primitive};
use rustc_ast::{InlineAsmOptions, InlineAsmTemplatePiece};
use rustc_data_structures::fx::FxHashMap;
use rustc_data_structures::unord::UnordMap;
use rustc_hir as hir;
use rustc_hir::def::DefKind;
use rustc_hir::def_id::DefId;
use rustc_middle::dep_graph::{WorkProduct, WorkProductId};
use rustc_middle::mir::{Body, InlineAsmOperand, TerminatorKind};
use rustc_middle::ty::{self, FnSig, Instance, Ty, TyCtxt, TypeVisitableExt, TypingEnv};
use rustc_session::config::OptLevel;
use rustc_span::Symbol;
use rustc_target::asm::{InlineAsmRegClass, X86InlineAsmRegClass};

use super::{attributes, frames, halves, intrinsics};
use crate::compat::MonoItem;
use crate::{build_id, lowering};

const SYM: &str = "`sym` operands of assembly";
const LABEL: &str = "`label` operands of assembly";
const LABELS: &str = "labels of `global_asm!` that are not global";
const REGISTER: &str = "assembly with registers of one byte or of more than 16";
const UNWINDS: &str = "assembly that may unwind";
const VARIADIC: &str =
    "calls of C-variadic functions with other arguments than integers and pointers";
const WIDE: &str = "vectors of more than 16 bytes by value, other than in Rust's own ABI";
const ALIGNED: &str =
    "arguments that are aligned to 16 bytes, by value, other than in Rust's own ABI";
const TAIL_CALL: &str = "`become`";
const FRAME: &str = "stack frames of more than 1 GiB";
pub(super) const UNUSED: &str =
    "optimisation without std, so that no panic is linked that cannot happen";
const CACHED: &str = "assembly beside an incremental cache";

/// What was found in this session.
static FOUND: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

thread_local! {
    /// Each function that was called.
    static CALLEES: RefCell<FxHashMap<DefId, Callee>> = RefCell::default();
}

/// The provider of `check_mono_item`: Snug's, and a look at what the instance needs.
pub(crate) fn check_mono_item<'tcx>(tcx: TyCtxt<'tcx>, instance: Instance<'tcx>) {
    lowering::check_mono_item(tcx, instance);
    let mut search = Search { tcx, lacks: BTreeSet::new() };
    search.instance(instance);
    if !search.lacks.is_empty() {
        found().append(&mut search.lacks);
    }
}

fn found() -> MutexGuard<'static, BTreeSet<String>> {
    FOUND.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the crate lacks, once it is known what will be lowered.
pub(super) fn of_crate(tcx: TyCtxt<'_>) -> BTreeSet<String> {
    let units = tcx.collect_and_partition_mono_items(()).codegen_units;
    let mut search = Search { tcx, lacks: std::mem::take(&mut found()) };
    let is_all = !tcx.dep_graph.is_fully_enabled()
        || tcx.dep_graph.previous_work_product(&nothing().0).is_some();
    for item in units.iter().flat_map(|unit| unit.items().keys()) {
        match *item {
            MonoItem::Fn(instance) if !is_all => search.instance(instance),
            MonoItem::GlobalAsm(item) => {
                search.global_assembly(tcx.hir_item(item).expect_global_asm());
            }
            MonoItem::Static(def_id) => search.all(attributes::lacking_static(tcx, def_id)),
            MonoItem::Fn(_) => {}
        }
    }
    if needs_unused_code_removed(tcx) {
        search.lacks(UNUSED);
    }
    search.lacks
}

/// Whether the program may be linked only because the optimiser takes calls out.
///
/// Where panics abort and there is no std, nobody defines a personality function, and the objects of `core` that have
/// panics ask for one. Unoptimised, stock's code calls them where Cranelift's does.
fn needs_unused_code_removed(tcx: TyCtxt<'_>) -> bool {
    tcx.sess.opts.optimize != OptLevel::No
        && !tcx.sess.panic_strategy().unwinds()
        && tcx.lang_items().eh_personality().is_none()
}

/// The work product that says that nothing was lacking. Another Snug may have looked for something else.
pub(super) fn nothing() -> (WorkProductId, WorkProduct) {
    let name = format!("Cranelift lacks nothing, says Snug {}", build_id::version());
    let id = WorkProductId::from_cgu_name(&name);
    (id, WorkProduct { cgu_name: name, saved_files: UnordMap::default() })
}

/// What matters of a function that is called.
#[derive(Clone, Default)]
struct Callee {
    lack: Option<String>,
    is_variadic: bool,
    /// The intrinsic's name, if its lack depends on its vectors.
    on_vectors: Option<Symbol>,
}

struct Search<'tcx> {
    tcx: TyCtxt<'tcx>,
    /// As phrases.
    lacks: BTreeSet<String>,
}

impl<'tcx> Search<'tcx> {
    fn instance(&mut self, instance: Instance<'tcx>) {
        self.signature(instance.def_id());
        self.all(attributes::lacking_function(self.tcx, instance.def));
        let body = self.tcx.instance_mir(instance.def);
        self.body(instance, body);
        if frames::is_too_large(self.tcx, instance, body) {
            self.lacks(FRAME);
        }
    }

    fn body(&mut self, instance: Instance<'tcx>, body: &'tcx Body<'tcx>) {
        for block in body.basic_blocks.iter() {
            let terminator = block.terminator();
            match &terminator.kind {
                TerminatorKind::InlineAsm { operands, options, .. } => {
                    self.assembly(operands, *options);
                }
                TerminatorKind::Call { func, args, .. } => {
                    let ty = func.ty(body, self.tcx);
                    let callee = self.callee(ty);
                    if let (Some(name), ty::FnDef(_, args)) = (callee.on_vectors, ty.kind()) {
                        self.lacks.extend(halves::lacking(self.tcx, instance, name, args));
                    }
                    let is_known = |ty| is_integer_or_pointer(self.tcx, ty);
                    if callee.is_variadic
                        && !args.iter().all(|arg| is_known(arg.node.ty(body, self.tcx)))
                    {
                        self.lacks(VARIADIC);
                    }
                    self.lacks.extend(callee.lack);
                }
                TerminatorKind::TailCall { .. } => self.lacks(TAIL_CALL),
                _ => {}
            }
        }
    }

    /// A function that is defined.
    fn signature(&mut self, function: DefId) {
        let tcx = self.tcx;
        if !matches!(tcx.def_kind(function), DefKind::Fn | DefKind::AssocFn) {
            return;
        }
        let signature = tcx.fn_sig(function).skip_binder().skip_binder();
        if let Some(lack) = lacking_signature(tcx, signature) {
            self.lacks(lack);
        }
        if signature.c_variadic {
            self.lacks(VARIADIC);
        }
    }

    fn assembly(&mut self, operands: &[InlineAsmOperand<'_>], options: InlineAsmOptions) {
        self.may_be_cached();
        for what in operands.iter().filter_map(lacking_operand) {
            self.lacks(what);
        }
        if options.contains(InlineAsmOptions::MAY_UNWIND) {
            self.lacks(UNWINDS);
        }
    }

    fn global_assembly(&mut self, asm: &hir::InlineAsm<'_>) {
        use hir::InlineAsmOperand::{SymFn, SymStatic};
        self.may_be_cached();
        let is_symbol = |operand| matches!(operand, &SymFn { .. } | &SymStatic { .. });
        if asm.operands.iter().any(|(operand, _)| is_symbol(operand)) {
            self.lacks(SYM);
        }
        if has_private_labels(asm.template) {
            self.lacks(LABELS);
        }
    }

    /// Cranelift keeps what it has assembled beside the rest of a part, where LLVM would not look for it.
    fn may_be_cached(&mut self) {
        if self.tcx.sess.opts.incremental.is_some() {
            self.lacks(CACHED);
        }
    }

    fn all(&mut self, lacks: impl IntoIterator<Item = &'static str>) {
        lacks.into_iter().for_each(|what| self.lacks(what));
    }

    fn lacks(&mut self, what: &str) {
        self.lacks.insert(what.to_owned());
    }

    /// What is called, by the type of what is called.
    fn callee(&mut self, ty: Ty<'tcx>) -> Callee {
        let tcx = self.tcx;
        match *ty.kind() {
            ty::FnDef(function, _) => {
                if let Some(known) = CALLEES.with_borrow(|known| known.get(&function).cloned()) {
                    return known;
                }
                let callee = callee(tcx, function);
                CALLEES.with_borrow_mut(|known| known.insert(function, callee.clone()));
                callee
            }
            ty::FnPtr(types, header) => {
                let signature = types.with(header).skip_binder();
                let lack = lacking_signature(tcx, signature).map(str::to_owned);
                Callee { lack, is_variadic: signature.c_variadic, on_vectors: None }
            }
            _ => Callee::default(),
        }
    }
}

fn callee(tcx: TyCtxt<'_>, function: DefId) -> Callee {
    if let Some(intrinsic) = tcx.intrinsic(function) {
        let name = intrinsic.name.as_str();
        // The others have a body in core; cg_clif asks for none of those whose names begin with `simd_`.
        let has_no_body = intrinsic.must_be_overridden || name.starts_with("simd_");
        let is_unknown = has_no_body && !intrinsics::has_rustcs(name);
        let lack = is_unknown.then(|| format!("`{name}`"));
        let on_vectors = halves::is_on_vectors(intrinsic.name).then_some(intrinsic.name);
        return Callee { lack, is_variadic: false, on_vectors };
    }
    if tcx.is_foreign_item(function) {
        let name = tcx.symbol_name(Instance::mono(tcx, function)).name;
        if name.starts_with("llvm.") {
            let lack = (!intrinsics::has_llvms(name)).then(|| format!("`{name}`"));
            return Callee { lack, ..Callee::default() };
        }
    }
    let signature = tcx.fn_sig(function).skip_binder().skip_binder();
    let lack = lacking_signature(tcx, signature).map(str::to_owned);
    Callee { lack, is_variadic: signature.c_variadic, on_vectors: None }
}

/// What of a signature Cranelift passes otherwise than C: vectors in registers of more than 16 bytes, and
/// what is on the stack and must be aligned there.
fn lacking_signature<'tcx>(tcx: TyCtxt<'tcx>, signature: FnSig<'tcx>) -> Option<&'static str> {
    // LLVM's intrinsics are no functions.
    if signature.abi.is_rustic_abi() || signature.abi == ExternAbi::Unadjusted {
        return None;
    }
    signature.inputs_and_output.iter().find_map(|ty| match layout(tcx, ty) {
        None => ty.is_simd().then_some(WIDE),
        Some(layout) if ty.is_simd() => (layout.size.bytes() > 16).then_some(WIDE),
        Some(layout) => {
            let is_memory = matches!(layout.backend_repr, BackendRepr::Memory { .. });
            (is_memory && layout.align.abi.bytes() >= 16).then_some(ALIGNED)
        }
    })
}

fn is_integer_or_pointer<'tcx>(tcx: TyCtxt<'tcx>, ty: Ty<'tcx>) -> bool {
    layout(tcx, ty).is_some_and(|layout| match layout.backend_repr {
        BackendRepr::Scalar(scalar) => {
            matches!(scalar.primitive(), Primitive::Int(..) | Primitive::Pointer(_))
        }
        _ => false,
    })
}

/// The layout of a type that may be generic.
fn layout<'tcx>(tcx: TyCtxt<'tcx>, ty: Ty<'tcx>) -> Option<ty::layout::TyAndLayout<'tcx>> {
    let ty = tcx.erase_and_anonymize_regions(ty);
    if ty.has_param() {
        return None;
    }
    tcx.layout_of(TypingEnv::fully_monomorphized().as_query_input(ty)).ok()
}

/// Whether assembly has labels that other objects do not see: cg_clif makes an object of it, and LLVM does not.
fn has_private_labels(template: &[InlineAsmTemplatePiece]) -> bool {
    let text: String = template.iter().map(ToString::to_string).collect();
    let statements = || text.split(['\n', ';']).map(str::trim);
    let is_name = |name: &&str| {
        let is_letter = |letter: char| letter.is_alphanumeric() || "_.$@".contains(letter);
        name.starts_with(|first: char| !first.is_ascii_digit()) && name.chars().all(is_letter)
    };
    let directives = [".globl ", ".global ", ".weak "];
    let global: Vec<&str> = statements()
        .filter_map(|statement| directives.iter().find_map(|start| statement.strip_prefix(start)))
        .flat_map(|names| names.split(',').map(str::trim))
        .collect();
    statements()
        .filter_map(|statement| statement.split_once(':').map(|(label, _)| label.trim()))
        .filter(is_name)
        .any(|label| !label.starts_with(".L") && !global.contains(&label))
}

/// What of an operand the wrappers do not know.
///
/// A `sym` operand that names a static gets through, but the symbol may be private to another object
/// than the wrappers'.
fn lacking_operand(operand: &InlineAsmOperand<'_>) -> Option<&'static str> {
    let register = match operand {
        InlineAsmOperand::SymFn { .. } | InlineAsmOperand::SymStatic { .. } => return Some(SYM),
        InlineAsmOperand::Label { .. } => return Some(LABEL),
        InlineAsmOperand::Const { .. } => return None,
        InlineAsmOperand::In { reg, .. }
        | InlineAsmOperand::Out { reg, .. }
        | InlineAsmOperand::InOut { reg, .. } => reg.reg_class(),
    };
    let InlineAsmRegClass::X86(class) = register else { return None };
    let is_clobber = matches!(operand, InlineAsmOperand::Out { place: None, .. });
    match class {
        X86InlineAsmRegClass::reg_byte => Some(REGISTER),
        X86InlineAsmRegClass::reg
        | X86InlineAsmRegClass::reg_abcd
        | X86InlineAsmRegClass::xmm_reg => None,
        // Functions may overwrite all others, and the wrappers are functions.
        _ => (!is_clobber).then_some(REGISTER),
    }
}
