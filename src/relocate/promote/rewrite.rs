//! Gives a coroutine body its new locals, the prologue that fills them, and renames the uses.

use rustc_abi::FieldIdx;
use rustc_middle::mir::visit::{MutVisitor, PlaceContext};
use rustc_middle::mir::{
    BasicBlockData, Body, ClearCrossCrate, Local, LocalDecl, Location, OUTERMOST_SOURCE_SCOPE,
    Operand, Place, ProjectionElem, Rvalue, START_BLOCK, SourceInfo, SourceScopeData, Statement,
    StatementKind, Terminator, TerminatorKind,
};
use rustc_middle::ty::TyCtxt;
use rustc_span::DUMMY_SP;

use super::binding::Binding;
use super::captures::CAPTURES;
use super::plan::{Home, Plan, Upvar};

/// Adds the new locals, directly after the arguments, and replaces every place that starts at a
/// relocated upvar by one that starts at its local (debug info included).
pub(crate) fn add_locals<'tcx>(tcx: TyCtxt<'tcx>, body: &mut Body<'tcx>, plan: &Plan<'tcx>) {
    remove_bindings(body, plan);
    MakeRoom { tcx, first: plan.first_local, by: plan.new_locals }.visit_body(body);
    add_scopes(body, plan);
    let decls: Vec<_> = plan
        .to_new_locals()
        .map(|(_, upvar)| {
            // Without a span, as stock's layout errors know none for upvars.
            let mut decl = LocalDecl::new(upvar.ty, DUMMY_SP);
            decl.source_info.scope = upvar.scope;
            decl
        })
        .collect();
    let at = plan.first_local.index();
    body.local_decls.raw.splice(at..at, decls);
    for (binding, upvar) in plan.bound() {
        body.local_decls[binding.local].source_info.scope = upvar.scope;
    }
    UseLocals { tcx, plan }.visit_body(body);
}

/// Removes the statements that moved upvars to their variables: the prologue does so. What only
/// mentions such an upvar, for borrowck's sake, may come when the variable is gone.
fn remove_bindings<'tcx>(body: &mut Body<'tcx>, plan: &Plan<'tcx>) {
    let blocks = body.basic_blocks.as_mut_preserves_cfg();
    for (binding, _) in plan.bound() {
        for location in [binding.storage_live, binding.assignment] {
            blocks[location.block].statements[location.statement_index].make_nop(true);
        }
    }
    for statement in blocks.iter_mut().flat_map(|data| &mut data.statements) {
        let mentioned = match &statement.kind {
            StatementKind::FakeRead(box (_, place)) | StatementKind::PlaceMention(box place) => {
                *place
            }
            _ => continue,
        };
        if mentioned.local == CAPTURES
            && let [ProjectionElem::Field(field, _), ..] = mentioned.projection[..]
            && matches!(plan.upvars[field].home, Home::Bound(_))
        {
            statement.make_nop(true);
        }
    }
}

fn add_scopes<'tcx>(body: &mut Body<'tcx>, plan: &Plan<'tcx>) {
    for upvar in &plan.upvars {
        let scope = body.source_scopes.push(SourceScopeData {
            span: body.span,
            parent_scope: Some(OUTERMOST_SOURCE_SCOPE),
            inlined: None,
            inlined_parent_scope: None,
            local_data: ClearCrossCrate::Clear,
        });
        assert_eq!(scope, upvar.scope, "the body's scopes changed since the plan was made");
    }
}

/// Renumbers the locals after the arguments.
struct MakeRoom<'tcx> {
    tcx: TyCtxt<'tcx>,
    first: Local,
    by: usize,
}

impl<'tcx> MutVisitor<'tcx> for MakeRoom<'tcx> {
    fn tcx(&self) -> TyCtxt<'tcx> {
        self.tcx
    }

    fn visit_local(&mut self, local: &mut Local, _: PlaceContext, _: Location) {
        if *local >= self.first {
            *local += self.by;
        }
    }
}

/// Replaces `captures.i.rest` by `l_i.rest`.
struct UseLocals<'a, 'tcx> {
    tcx: TyCtxt<'tcx>,
    plan: &'a Plan<'tcx>,
}

impl<'tcx> MutVisitor<'tcx> for UseLocals<'_, 'tcx> {
    fn tcx(&self) -> TyCtxt<'tcx> {
        self.tcx
    }

    fn visit_place(&mut self, place: &mut Place<'tcx>, _: PlaceContext, _: Location) {
        if place.local == CAPTURES
            && let [ProjectionElem::Field(field, _), rest @ ..] = &place.projection[..]
            && let Some(local) = self.plan.upvars[*field].local()
        {
            *place = Place { local, projection: self.tcx.mk_place_elems(rest) };
        }
    }
}

/// Puts `StorageLive(l_i); l_i = move captures.i` in front of the body, in capture order, and
/// `StorageDead(l_i)` of the new locals on every way out.
///
/// The prologue gets a block of its own that nothing jumps to: the old entry may be the head of a
/// loop. The other blocks keep their order, and so the body its list of callees: the query
/// `mir_inliner_callees` may see the body before or after, and must answer the same.
pub(crate) fn add_prologue<'tcx>(tcx: TyCtxt<'tcx>, body: &mut Body<'tcx>, plan: &Plan<'tcx>) {
    end_storage_at_exits(body, plan);

    let mut statements = Vec::with_capacity(2 * plan.upvars.len());
    for (field, local, upvar) in plan.relocated() {
        let source_info = match upvar.home {
            // The user's own statement, for lints and debuggers.
            Home::Bound(Binding { source_info, .. })
            | Home::New { moved_at: Some(source_info), .. } => source_info,
            Home::InPlace | Home::New { moved_at: None, .. } => own_source_info(body, upvar),
        };
        let from = captured(tcx, field, plan);
        let value = Rvalue::Use(Operand::Move(from));
        statements.push(Statement::new(source_info, StatementKind::StorageLive(local)));
        statements.push(Statement::new(
            source_info,
            StatementKind::Assign(Box::new((local.into(), value))),
        ));
    }

    let source_info = SourceInfo::outermost(body.span);
    let goto = Terminator { source_info, kind: TerminatorKind::Goto { target: START_BLOCK } };
    let blocks = body.basic_blocks_mut();
    blocks.raw.insert(0, BasicBlockData::new_stmts(statements, Some(goto), false));
    for block in blocks.iter_mut() {
        block.terminator_mut().successors_mut(|target| *target += 1);
    }
}

fn captured<'tcx>(tcx: TyCtxt<'tcx>, field: FieldIdx, plan: &Plan<'tcx>) -> Place<'tcx> {
    tcx.mk_place_field(CAPTURES.into(), field, plan.upvars[field].ty)
}

fn own_source_info<'tcx>(body: &Body<'tcx>, upvar: &Upvar<'tcx>) -> SourceInfo {
    SourceInfo { span: body.span, scope: upvar.scope }
}

fn end_storage_at_exits<'tcx>(body: &mut Body<'tcx>, plan: &Plan<'tcx>) {
    let ends: Vec<_> = plan
        .to_new_locals()
        .map(|(local, upvar)| {
            Statement::new(own_source_info(body, upvar), StatementKind::StorageDead(local))
        })
        .collect();
    for block in body.basic_blocks_mut().iter_mut() {
        let exit = match block.terminator().kind {
            TerminatorKind::Return
            | TerminatorKind::TailCall { .. }
            | TerminatorKind::CoroutineDrop
            | TerminatorKind::UnwindResume => true,
            // Where the process ends, nothing has to end before.
            TerminatorKind::UnwindTerminate(_) | TerminatorKind::Unreachable => false,
            TerminatorKind::Goto { .. }
            | TerminatorKind::SwitchInt { .. }
            | TerminatorKind::Drop { .. }
            | TerminatorKind::Call { .. }
            | TerminatorKind::Assert { .. }
            | TerminatorKind::Yield { .. }
            | TerminatorKind::FalseEdge { .. }
            | TerminatorKind::FalseUnwind { .. }
            | TerminatorKind::InlineAsm { .. } => false,
        };
        if exit {
            block.statements.extend(ends.iter().cloned());
        }
    }
}
