//! Fills what is dead with rubbish, to see whether it is read. Only test builds of Snug (feature
//! `faults`) have this, and only where `SNUG_POISON` is set.
//!
//! Wherever the coroutine is about to change its state, all of its bytes but those of the new state's
//! fields are overwritten; at the very start, all but the captured variables. A program that then does
//! something else than before reads a place that, by the layout, has no value or another's:
//! the verifier in [`crate::lowering`] does not see that if both are wrong about what is alive.
//!
//! MIR knows no offsets. So the fields of the new state are copied out, the whole coroutine is filled,
//! and they are copied back to where they were.

use rustc_abi::FieldIdx;
use rustc_middle::mir::interpret::Scalar;
use rustc_middle::mir::{
    BasicBlock, BasicBlockData, Body, CastKind, Const, ConstOperand, ConstValue, CoroutineLayout,
    Local, LocalDecl, Operand, Place, ProjectionElem, RawPtrKind, Rvalue, SourceInfo, Statement,
    StatementKind, Terminator, TerminatorKind, UnwindAction,
};
use rustc_middle::ty::{self, Ty, TyCtxt};
use rustc_span::source_map::respan;
use rustc_span::sym;

use crate::{dialect, state_transform};

const VARIABLE: &str = "SNUG_POISON";

/// What the bytes become. As a pointer, a length or a `bool` it is bad.
const RUBBISH: u8 = 0xa5;

/// A place in the body, and what is alive there.
struct Site<'tcx> {
    block: BasicBlock,
    statement: usize,
    pointer: Local,
    kept: Vec<Place<'tcx>>,
}

/// Adds the code, if `SNUG_POISON` asks for it and the coroutine's layout is Snug's.
pub(crate) fn fill<'tcx>(tcx: TyCtxt<'tcx>, body: &mut Body<'tcx>) {
    if std::env::var_os(VARIABLE).is_none() {
        return;
    }
    let Some(info) = body.coroutine_layout_raw() else { return };
    let mut sites = state_changes(tcx, body, info);
    let Some(pointer) = sites.first().map(|site| site.pointer) else { return };
    let ty::Coroutine(_, args) = *coroutine(body, pointer).kind() else { return };
    let upvars = args.as_coroutine().upvar_tys();
    if !dialect::is_relocated(info, args) {
        return;
    }
    let own = Place::from(pointer).project_deeper(&[ProjectionElem::Deref], tcx);
    let kept = upvars.iter().enumerate();
    let kept = kept.map(|(field, ty)| tcx.mk_place_field(own, FieldIdx::from_usize(field), ty));
    let kept = kept.collect();
    sites.push(Site { block: state_transform::unresumed_block(body), statement: 0, pointer, kept });
    // From the end of each block: what is in front of a site stays where it is.
    sites.sort_by_key(|site| std::cmp::Reverse((site.block, site.statement)));
    for site in sites {
        let source_info = body.basic_blocks[site.block].terminator().source_info;
        Filler { tcx, body, source_info }.fill(site);
    }
}

/// What a pointer to the coroutine points to.
fn coroutine<'tcx>(body: &Body<'tcx>, pointer: Local) -> Ty<'tcx> {
    body.local_decls[pointer].ty.builtin_deref(true).expect("a pointer to the coroutine")
}

/// Where the body sets the coroutine's state, with the fields of that state.
fn state_changes<'tcx>(
    tcx: TyCtxt<'tcx>,
    body: &Body<'tcx>,
    info: &CoroutineLayout<'tcx>,
) -> Vec<Site<'tcx>> {
    let mut sites = Vec::new();
    for (block, data) in body.basic_blocks.iter_enumerated() {
        for (statement, found) in data.statements.iter().enumerate() {
            let StatementKind::SetDiscriminant { place, variant_index } = &found.kind else {
                continue;
            };
            let [ProjectionElem::Deref] = place.projection[..] else { continue };
            if !coroutine(body, place.local).is_coroutine() {
                continue;
            }
            let state = ProjectionElem::Downcast(None, *variant_index);
            let state = place.project_deeper(&[state], tcx);
            let fields = info.variant_fields[*variant_index].iter_enumerated();
            let kept = fields
                .map(|(field, &saved)| tcx.mk_place_field(state, field, info.field_tys[saved].ty));
            sites.push(Site { block, statement, pointer: place.local, kept: kept.collect() });
        }
    }
    sites
}

struct Filler<'a, 'tcx> {
    tcx: TyCtxt<'tcx>,
    body: &'a mut Body<'tcx>,
    source_info: SourceInfo,
}

impl<'tcx> Filler<'_, 'tcx> {
    /// Splits the block in front of the site's statement: copy out, fill, and then copy back.
    fn fill(&mut self, site: Site<'tcx>) {
        let mut before = Vec::new();
        let mut after = Vec::new();
        for place in site.kept {
            let ty = place.ty(&self.body.local_decls, self.tcx).ty;
            let (address, uninit) = self.address(place, ty, &mut before);
            let copy = Place::from(self.local(uninit));
            let there = Place::from(address).project_deeper(&[ProjectionElem::Deref], self.tcx);
            before.push(self.assign(copy, Rvalue::Use(Operand::Copy(there))));
            after.push(self.assign(there, Rvalue::Use(Operand::Move(copy))));
        }
        let own = Place::from(site.pointer).project_deeper(&[ProjectionElem::Deref], self.tcx);
        let all = coroutine(self.body, site.pointer);
        let (address, uninit) = self.address(own, all, &mut before);

        let blocks = self.body.basic_blocks.as_mut();
        let data = &mut blocks[site.block];
        after.extend(data.statements.drain(site.statement..));
        data.statements.extend(before);
        let terminator = data.terminator.take();
        let rest = BasicBlockData::new_stmts(after, terminator, data.is_cleanup);
        let rest = blocks.push(rest);
        let call = self.write_bytes(address, uninit, rest);
        let source_info = self.source_info;
        self.body.basic_blocks.as_mut()[site.block].terminator =
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
            args: arguments.map(|argument| respan(span, argument)).into(),
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
