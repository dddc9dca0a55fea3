//! What a crate needs that Cranelift lacks.
//!
//! Everything that is about to be lowered is looked at once, before it is: calls of intrinsics
//! (LLVM's are foreign functions that `core::arch` declares), and inline assembly, for which cg_clif writes
//! wrappers that know few kinds of operands (`rustc_codegen_cranelift/src/inline_asm.rs`, `global_asm.rs`). Of those
//! that it does not know, it refuses some, and compiles others wrongly: `out(reg_byte)` may be `bl`, but
//! the wrappers need `rbx`.

use std::collections::BTreeMap;

use rustc_data_structures::fx::FxHashMap;
use rustc_hir as hir;
use rustc_hir::def_id::DefId;
use rustc_middle::mir::mono::MonoItem;
use rustc_middle::mir::{Body, InlineAsmOperand, Operand, Terminator, TerminatorKind};
use rustc_middle::ty::{self, Instance, TyCtxt};
use rustc_span::Span;
use rustc_target::asm::{InlineAsmRegClass, X86InlineAsmRegClass};

use super::intrinsics;

/// SIMD intrinsics of rustc's own that `rustc_codegen_cranelift/src/intrinsics/simd.rs` does not know.
const UNKNOWN_SIMD: [&str; 2] = ["simd_funnel_shl", "simd_funnel_shr"];

const SYM: &str = "`sym` operands of assembly";
const LABEL: &str = "`label` operands of assembly";
const REGISTER: &str = "assembly with registers of one byte or of more than 16";
const CACHED: &str = "assembly beside an incremental cache";

/// What a crate needs that Cranelift lacks, and where.
#[derive(Default)]
pub(super) struct Lacks {
    /// Intrinsics of LLVM's: it makes them traps.
    pub(super) traps: BTreeMap<String, Vec<Span>>,
    /// What it does not compile, or wrongly.
    pub(super) refused: BTreeMap<String, Vec<Span>>,
}

impl Lacks {
    pub(super) fn is_empty(&self) -> bool {
        self.traps.is_empty() && self.refused.is_empty()
    }

    fn add(&mut self, lack: Lack, span: Span) {
        let (all, name) = match lack {
            Lack::Trap(name) => (&mut self.traps, name),
            Lack::Refused(name) => (&mut self.refused, name),
        };
        all.entry(name).or_default().push(span);
    }
}

/// One thing that Cranelift lacks, as a phrase.
#[derive(Clone)]
enum Lack {
    Trap(String),
    Refused(String),
}

/// Looks at everything that is about to be lowered.
pub(super) fn find(tcx: TyCtxt<'_>) -> Lacks {
    let mut search = Search { tcx, known: FxHashMap::default(), lacks: Lacks::default() };
    let units = tcx.collect_and_partition_mono_items(()).codegen_units;
    for item in units.iter().flat_map(|unit| unit.items().keys()) {
        match *item {
            MonoItem::Fn(instance) => search.body(tcx.instance_mir(instance.def)),
            MonoItem::GlobalAsm(item) => {
                search.global_assembly(tcx.hir_item(item).expect_global_asm());
            }
            MonoItem::Static(_) => {}
        }
    }
    search.lacks
}

struct Search<'tcx> {
    tcx: TyCtxt<'tcx>,
    /// What is lacking of each function that was called.
    known: FxHashMap<DefId, Option<Lack>>,
    lacks: Lacks,
}

impl<'tcx> Search<'tcx> {
    fn body(&mut self, body: &'tcx Body<'tcx>) {
        for block in body.basic_blocks.iter() {
            let terminator = block.terminator();
            let span = terminator.source_info.span;
            if let TerminatorKind::InlineAsm { operands, .. } = &terminator.kind {
                self.may_be_cached(span);
                for what in operands.iter().filter_map(lacking_operand) {
                    self.lacks.add(Lack::Refused(what.to_owned()), span);
                }
            } else if let Some(callee) = callee(terminator)
                && let Some(lack) = self.lacking_function(callee)
            {
                self.lacks.add(lack, span);
            }
        }
    }

    fn global_assembly(&mut self, asm: &hir::InlineAsm<'_>) {
        use hir::InlineAsmOperand::{SymFn, SymStatic};
        self.may_be_cached(asm.line_spans.first().copied().unwrap_or_default());
        for (operand, span) in asm.operands {
            if matches!(operand, SymFn { .. } | SymStatic { .. }) {
                self.lacks.add(Lack::Refused(SYM.to_owned()), *span);
            }
        }
    }

    /// Cranelift keeps what it has assembled beside the rest of a part, where LLVM would not look for it.
    fn may_be_cached(&mut self, span: Span) {
        if self.tcx.sess.opts.incremental.is_some() && super::may_change_over(self.tcx.sess) {
            self.lacks.add(Lack::Refused(CACHED.to_owned()), span);
        }
    }

    fn lacking_function(&mut self, function: DefId) -> Option<Lack> {
        let tcx = self.tcx;
        self.known.entry(function).or_insert_with(|| lacking_function(tcx, function)).clone()
    }
}

fn lacking_function(tcx: TyCtxt<'_>, function: DefId) -> Option<Lack> {
    if tcx.is_foreign_item(function) {
        let name = tcx.symbol_name(Instance::mono(tcx, function)).name;
        let is_trap = name.starts_with("llvm.") && !intrinsics::has(name);
        return is_trap.then(|| Lack::Trap(format!("`{name}`")));
    }
    let name = tcx.intrinsic(function)?.name;
    let is_unknown = UNKNOWN_SIMD.contains(&name.as_str());
    is_unknown.then(|| Lack::Refused(format!("`{name}`")))
}

/// The function that a terminator calls, if it is known.
fn callee(terminator: &Terminator<'_>) -> Option<DefId> {
    let (TerminatorKind::Call { func, .. } | TerminatorKind::TailCall { func, .. }) =
        &terminator.kind
    else {
        return None;
    };
    let Operand::Constant(constant) = func else { return None };
    match *constant.const_.ty().kind() {
        ty::FnDef(function, _) => Some(function),
        _ => None,
    }
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
