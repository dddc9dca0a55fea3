//! Which bodies need more stack than Cranelift can address.
//!
//! Cranelift's offsets in a frame are 32 bits wide, with a sign, and where they do not suffice, it fails after the crate has been
//! looked at. So a bound is computed beforehand, well below: all locals, and all values that are passed in a call or copied, for which
//! cg_clif may make a slot each (`rustc_codegen_cranelift/src/abi/pass_mode.rs`, `value_and_place.rs`).

use rustc_middle::mir::{BasicBlockData, Body, Operand, Rvalue, StatementKind, TerminatorKind};
use rustc_middle::ty::{self, EarlyBinder, Instance, Ty, TyCtxt, TypingEnv};

/// A frame that may be larger than this is not for Cranelift.
const LIMIT: u64 = 1 << 30;

/// What is aligned to more gets a larger slot, and is aligned in it.
const STACK_ALIGNMENT: u64 = 16;

/// Whether a function's frame may be too large.
pub(super) fn is_too_large<'tcx>(
    tcx: TyCtxt<'tcx>,
    instance: Instance<'tcx>,
    body: &Body<'tcx>,
) -> bool {
    let sizes = Sizes { tcx, instance };
    let (mut total, mut largest) = (0_u64, 0);
    for local in &body.local_decls {
        let size = sizes.of(local.ty);
        total = total.saturating_add(size);
        largest = size.max(largest);
    }
    // Nearly always this shows that there is no need to look at each value.
    let mut values = 0_u64;
    for block in body.basic_blocks.iter() {
        values += block.statements.len() as u64;
        for operand in arguments(block) {
            values += 1;
            if operand.place().is_some_and(|place| place.is_indirect()) {
                largest = sizes.of_operand(operand, body).max(largest);
            }
        }
    }
    total.saturating_add(largest.saturating_mul(values)) > LIMIT
        && total.saturating_add(of_values(&sizes, body)) > LIMIT
}

/// The size in bytes of all values that are passed in calls, or copied.
fn of_values<'tcx>(sizes: &Sizes<'tcx>, body: &Body<'tcx>) -> u64 {
    let operands = body.basic_blocks.iter().flat_map(|block| {
        let copied = block.statements.iter().filter_map(|statement| match &statement.kind {
            StatementKind::Assign(assignment) => match &assignment.1 {
                Rvalue::Use(operand) | Rvalue::Repeat(operand, _) | Rvalue::Cast(_, operand, _) => {
                    Some(operand)
                }
                _ => None,
            },
            _ => None,
        });
        copied.chain(arguments(block))
    });
    operands.map(|operand| sizes.of_operand(operand, body)).fold(0, u64::saturating_add)
}

/// What a block passes to a function.
fn arguments<'a, 'tcx>(block: &'a BasicBlockData<'tcx>) -> impl Iterator<Item = &'a Operand<'tcx>> {
    let arguments = match &block.terminator().kind {
        TerminatorKind::Call { args, .. } | TerminatorKind::TailCall { args, .. } => &args[..],
        _ => &[],
    };
    arguments.iter().map(|argument| &argument.node)
}

struct Sizes<'tcx> {
    tcx: TyCtxt<'tcx>,
    instance: Instance<'tcx>,
}

impl<'tcx> Sizes<'tcx> {
    fn of_operand(&self, operand: &Operand<'tcx>, body: &Body<'tcx>) -> u64 {
        match operand {
            Operand::Copy(place) | Operand::Move(place) => self.of(place.ty(body, self.tcx).ty),
            // Constants lie in memory of their own.
            Operand::Constant(_) | Operand::RuntimeChecks(_) => 0,
        }
    }

    /// What a slot for a value of a type takes.
    fn of(&self, ty: Ty<'tcx>) -> u64 {
        // Most types, at no cost.
        if ty.is_scalar() || matches!(ty.kind(), ty::Ref(..) | ty::Never | ty::FnDef(..)) {
            return 0;
        }
        let environment = TypingEnv::fully_monomorphized();
        let ty = self.instance.instantiate_mir_and_normalize_erasing_regions(
            self.tcx,
            environment,
            EarlyBinder::bind(ty),
        );
        let Ok(layout) = self.tcx.layout_of(environment.as_query_input(ty)) else { return 0 };
        let alignment = layout.align.abi.bytes();
        let padding = if alignment > STACK_ALIGNMENT { alignment } else { 0 };
        if layout.is_unsized() || layout.is_zst() { 0 } else { layout.size.bytes() + padding }
    }
}
