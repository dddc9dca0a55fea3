//! Fills what is dead with rubbish, to see whether it is read. Only test builds of Snug (feature
//! `faults`) have this, and only where `SNUG_POISON` is set.
//!
//! [`suspended`] does it where the coroutine is suspended, [`between`] where storage ends meanwhile.

pub(crate) mod between;
pub(crate) mod suspended;

use rustc_middle::mir::interpret::Scalar;
use rustc_middle::mir::{
    BasicBlock, BasicBlockData, Body, CastKind, Const, ConstOperand, ConstValue, Local, LocalDecl,
    Operand, Place, RawPtrKind, Rvalue, SourceInfo, Statement, StatementKind, Terminator,
    TerminatorKind, UnwindAction,
};
use rustc_middle::ty::{Ty, TyCtxt};
use rustc_span::sym;

use crate::compat::Spanned;

const VARIABLE: &str = "SNUG_POISON";

/// What the bytes become. As a pointer, a length or a `bool` it is bad.
const RUBBISH: u8 = 0xa5;

fn is_wanted() -> bool {
    std::env::var_os(VARIABLE).is_some()
}

struct Filler<'a, 'tcx> {
    tcx: TyCtxt<'tcx>,
    body: &'a mut Body<'tcx>,
    source_info: SourceInfo,
}

impl<'tcx> Filler<'_, 'tcx> {
    /// Splits a block in front of a statement: some statements, the call that overwrites what an address leads to, some
    /// more, and what was there.
    fn overwrite(
        &mut self,
        block: BasicBlock,
        statement: usize,
        before: Vec<Statement<'tcx>>,
        (address, ty): (Local, Ty<'tcx>),
        mut after: Vec<Statement<'tcx>>,
    ) {
        let blocks = self.body.basic_blocks.as_mut();
        let data = &mut blocks[block];
        after.extend(data.statements.drain(statement..));
        data.statements.extend(before);
        let terminator = data.terminator.take();
        let rest = BasicBlockData::new_stmts(after, terminator, data.is_cleanup);
        let rest = blocks.push(rest);
        let call = self.write_bytes(address, ty, rest);
        let source_info = self.source_info;
        self.body.basic_blocks.as_mut()[block].terminator =
            Some(Terminator { source_info, kind: call });
    }

    /// The address of a place, as one of bytes that may be anything.
    fn address(
        &mut self,
        place: Place<'tcx>,
        ty: Ty<'tcx>,
        statements: &mut Vec<Statement<'tcx>>,
    ) -> (Local, Ty<'tcx>) {
        let uninit = Ty::new_maybe_uninit(self.tcx, ty);
        let raw = self.local(Ty::new_mut_ptr(self.tcx, ty));
        let address_ty = Ty::new_mut_ptr(self.tcx, uninit);
        let address = self.local(address_ty);
        statements.push(self.assign(raw.into(), Rvalue::RawPtr(RawPtrKind::Mut, place)));
        let cast = Rvalue::Cast(CastKind::PtrToPtr, Operand::Copy(raw.into()), address_ty);
        statements.push(self.assign(address.into(), cast));
        (address, uninit)
    }

    /// `ptr::write_bytes(address, RUBBISH, 1)`
    fn write_bytes(
        &mut self,
        address: Local,
        ty: Ty<'tcx>,
        target: BasicBlock,
    ) -> TerminatorKind<'tcx> {
        let tcx = self.tcx;
        let span = self.source_info.span;
        let function = tcx.get_diagnostic_item(sym::ptr_write_bytes).expect("ptr::write_bytes");
        let constant = |scalar, ty| {
            let const_ = Const::Val(ConstValue::Scalar(scalar), ty);
            Operand::Constant(Box::new(ConstOperand { span, user_ty: None, const_ }))
        };
        let arguments = [
            Operand::Copy(address.into()),
            constant(Scalar::from_u8(RUBBISH), tcx.types.u8),
            constant(Scalar::from_target_usize(1, &tcx), tcx.types.usize),
        ];
        TerminatorKind::Call {
            func: Operand::function_handle(tcx, function, [ty.into()], span),
            args: arguments.map(|argument| Spanned { node: argument, span }).into(),
            destination: self.local(tcx.types.unit).into(),
            target: Some(target),
            unwind: UnwindAction::Unreachable,
            call_source: rustc_middle::mir::CallSource::Misc,
            fn_span: span,
        }
    }

    fn local(&mut self, ty: Ty<'tcx>) -> Local {
        self.body.local_decls.push(LocalDecl::new(ty, self.source_info.span))
    }

    fn assign(&self, place: Place<'tcx>, value: Rvalue<'tcx>) -> Statement<'tcx> {
        Statement::new(self.source_info, StatementKind::Assign(Box::new((place, value))))
    }
}
