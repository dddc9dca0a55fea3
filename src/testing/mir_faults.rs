//! Wrong transformations, to prove that [`crate::validate`] finds them.
//!
//! `SNUG_MIR_FAULT` names a fault and its victims, variables of the source: `swap-drops one two`. Every coroutine that has
//! variables of all of these names gets the fault, after the pass has run.

use rustc_middle::mir::visit::{MutVisitor, PlaceContext};
use rustc_middle::mir::{
    BasicBlock, BasicBlockData, Body, Local, Location, Operand, Place, PlaceElem, ProjectionElem,
    Rvalue, Statement, StatementKind, Terminator, TerminatorKind, UnwindAction,
    VarDebugInfoContents,
};
use rustc_middle::ty::{self, TyCtxt};

const VARIABLE: &str = "SNUG_MIR_FAULT";

/// Damages a body, if `SNUG_MIR_FAULT` asks for it.
pub(crate) fn inject<'tcx>(tcx: TyCtxt<'tcx>, body: &mut Body<'tcx>) {
    let Ok(wish) = std::env::var(VARIABLE) else { return };
    let mut words = wish.split_whitespace();
    let fault = words.next().unwrap_or_default();
    let Some(victims) = words.map(|name| find(body, name)).collect::<Option<Vec<_>>>() else {
        return;
    };
    let mut damage = Damage { tcx, body };
    match (fault, &victims[..]) {
        ("merge", &[one, other]) => damage.rename(other, one),
        ("merge-and-unlink", &[one, other]) => damage.merge_and_unlink(one, other),
        ("swap", &[one, other]) => damage.swap(one, other),
        ("swap-captures", &[one, other]) => damage.swap_captures(one, other),
        ("use-capture", &[victim]) => damage.use_capture(victim),
        ("move-twice", &[victim]) => damage.move_twice(victim),
        ("lose-move", &[victim]) => damage.lose(|statement| transfers(statement, victim, true)),
        ("lose-store", &[victim]) => damage.lose(|statement| transfers(statement, victim, false)),
        ("lose-drop", &[victim]) => damage.lose_drops(victim, false),
        ("lose-cleanup-drop", &[victim]) => damage.lose_drops(victim, true),
        ("lose-unwind-edges", &[_]) => damage.lose_unwind_edges(),
        ("drop-twice", &[victim]) => damage.drop_twice(victim),
        ("swap-drops", &[one, other]) => damage.swap_drops(one, other),
        ("end-early", &[victim]) => damage.before_yield(StatementKind::StorageDead(victim.local)),
        ("begin-anew", &[victim]) => damage.before_yield(StatementKind::StorageLive(victim.local)),
        ("overwrite", &[victim, other]) => damage.overwrite(victim, other),
        ("end-on-branch", &[victim]) => damage.end_on_branch(victim),
        ("wrong-discriminant", &[one, other]) => damage.wrong_discriminant(one, other),
        ("wrong-index", &[wrong]) => damage.wrong_index(wrong),
        ("swap-targets", &[_]) => damage.swap_targets(),
        ("swap-names", &[one, other]) => damage.swap_names(one, other),
        ("lose-name", &[_]) => _ = damage.body.var_debug_info.pop(),
        ("circle", &[_]) => damage.circle(),
        _ => panic!("`{VARIABLE}={wish}` is no fault with victims"),
    }
}

/// The place of a variable.
fn find<'tcx>(body: &Body<'tcx>, name: &str) -> Option<Place<'tcx>> {
    body.var_debug_info.iter().find_map(|variable| match variable.value {
        VarDebugInfoContents::Place(place) if variable.name.as_str() == name => Some(place),
        _ => None,
    })
}

/// Whether a statement moves or copies a variable elsewhere, or a value to it.
fn transfers<'tcx>(statement: &Statement<'tcx>, victim: Place<'tcx>, away: bool) -> bool {
    let StatementKind::Assign(box (to, Rvalue::Use(from))) = &statement.kind else { return false };
    if away { from.place() == Some(victim) } else { *to == victim }
}

/// What leads from a place to a part of it.
fn part<'tcx>(whole: Place<'tcx>, part: Place<'tcx>) -> Option<&'tcx [PlaceElem<'tcx>]> {
    let (front, rest) = part.projection.split_at_checked(whole.projection.len())?;
    (whole.local == part.local && front == &whole.projection[..]).then_some(rest)
}

/// A body that is being damaged.
struct Damage<'a, 'tcx> {
    tcx: TyCtxt<'tcx>,
    body: &'a mut Body<'tcx>,
}

impl<'tcx> Damage<'_, 'tcx> {
    fn blocks(&mut self) -> impl Iterator<Item = &mut BasicBlockData<'tcx>> {
        self.body.basic_blocks_mut().iter_mut()
    }

    /// Lets every place in the body, but not in debug info, be another one.
    fn replace(&mut self, by: impl Fn(Place<'tcx>) -> Option<Place<'tcx>>) {
        let tcx = self.tcx;
        for (block, data) in self.body.basic_blocks_mut().iter_enumerated_mut() {
            Replace { tcx, by: &by }.visit_basic_block_data(block, data);
        }
    }

    fn rename(&mut self, from: Place<'tcx>, to: Place<'tcx>) {
        let tcx = self.tcx;
        self.lose(|statement| match statement.kind {
            StatementKind::StorageLive(local) | StatementKind::StorageDead(local) => {
                Some(local) == from.as_local()
            }
            _ => false,
        });
        let by = |place: Place<'tcx>| Some(to.project_deeper(part(from, place)?, tcx));
        self.replace(by);
        // As the pass does.
        for variable in &mut self.body.var_debug_info {
            if let VarDebugInfoContents::Place(place) = &mut variable.value
                && *place == from
            {
                *place = to;
            }
        }
    }

    fn merge_and_unlink(&mut self, one: Place<'tcx>, other: Place<'tcx>) {
        self.rename(other, one);
        self.lose(|statement| transfers(statement, one, true) && transfers(statement, one, false));
    }

    fn swap(&mut self, one: Place<'tcx>, other: Place<'tcx>) {
        let tcx = self.tcx;
        self.replace(|place| {
            let to_other = part(one, place).map(|way| other.project_deeper(way, tcx));
            to_other.or_else(|| Some(one.project_deeper(part(other, place)?, tcx)))
        });
    }

    /// The statement of the prologue that fills a local, and the capture that it fills it from.
    fn prologue_of(&mut self, victim: Place<'tcx>) -> &mut Operand<'tcx> {
        let captures = ty::CAPTURE_STRUCT_LOCAL;
        let statements = self.blocks().flat_map(|data| &mut data.statements);
        let mut sources = statements.filter_map(|statement| match &mut statement.kind {
            StatementKind::Assign(box (to, Rvalue::Use(from)))
                if *to == Place::from(victim.local)
                    && from.place().is_some_and(|place| place.local == captures) =>
            {
                Some(from)
            }
            _ => None,
        });
        sources.next().expect("the victim is relocated")
    }

    fn swap_captures(&mut self, one: Place<'tcx>, other: Place<'tcx>) {
        let [first, second] = [one, other].map(|victim| self.prologue_of(victim).clone());
        *self.prologue_of(one) = second;
        *self.prologue_of(other) = first;
    }

    /// Lets a relocated capture be used where it was captured.
    fn use_capture(&mut self, victim: Place<'tcx>) {
        let captured = self.prologue_of(victim).place().expect("a move is from somewhere");
        let tcx = self.tcx;
        self.replace(|place| Some(captured.project_deeper(part(victim, place)?, tcx)));
        *self.prologue_of_captured(captured) = victim;
    }

    /// The place that the prologue moves a capture to, of itself after [`Self::use_capture`].
    fn prologue_of_captured(&mut self, captured: Place<'tcx>) -> &mut Place<'tcx> {
        let statements = self.blocks().flat_map(|data| &mut data.statements);
        let mut targets = statements.filter_map(|statement| match &mut statement.kind {
            StatementKind::Assign(box (to, Rvalue::Use(from)))
                if *to == captured && from.place() == Some(captured) =>
            {
                Some(to)
            }
            _ => None,
        });
        targets.next().expect("the prologue has become a move to itself")
    }

    fn move_twice(&mut self, victim: Place<'tcx>) {
        let from = self.prologue_of(victim).clone();
        let again = StatementKind::Assign(Box::new((victim.local.into(), Rvalue::Use(from))));
        self.before_yield(again);
    }

    /// Takes some statements out.
    fn lose(&mut self, is_lost: impl Fn(&Statement<'tcx>) -> bool) {
        let statements = self.blocks().flat_map(|data| &mut data.statements);
        for statement in statements.filter(|statement| is_lost(statement)) {
            statement.make_nop(true);
        }
    }

    fn lose_drops(&mut self, victim: Place<'tcx>, in_cleanup: bool) {
        for data in self.blocks().filter(|data| data.is_cleanup == in_cleanup) {
            let terminator = data.terminator_mut();
            if let TerminatorKind::Drop { place, target, .. } = terminator.kind
                && place == victim
            {
                terminator.kind = TerminatorKind::Goto { target };
            }
        }
    }

    fn lose_unwind_edges(&mut self) {
        for data in self.blocks().filter(|data| !data.is_cleanup) {
            if let Some(unwind @ UnwindAction::Cleanup(_)) = data.terminator_mut().unwind_mut() {
                *unwind = UnwindAction::Continue;
            }
        }
    }

    /// Drops something in front of the first suspension.
    fn drop_twice(&mut self, victim: Place<'tcx>) {
        let block = self.yielding();
        let blocks = self.body.basic_blocks_mut();
        let terminator = blocks[block].terminator.take().expect("blocks have terminators");
        let source_info = terminator.source_info;
        let target = blocks.push(BasicBlockData::new_stmts(Vec::new(), Some(terminator), false));
        let kind = TerminatorKind::Drop {
            place: victim,
            target,
            unwind: UnwindAction::Continue,
            replace: false,
            drop: None,
            async_fut: None,
        };
        blocks[block].terminator = Some(Terminator { source_info, kind });
    }

    fn swap_drops(&mut self, one: Place<'tcx>, other: Place<'tcx>) {
        for data in self.blocks() {
            if let TerminatorKind::Drop { place, .. } = &mut data.terminator_mut().kind {
                if *place == one {
                    *place = other;
                } else if *place == other {
                    *place = one;
                }
            }
        }
    }

    /// The block of the first suspension.
    fn yielding(&self) -> BasicBlock {
        let mut blocks = self.body.basic_blocks.iter_enumerated();
        let found =
            blocks.find(|(_, data)| matches!(data.terminator().kind, TerminatorKind::Yield { .. }));
        found.expect("the body suspends").0
    }

    /// Adds a statement in front of the first suspension.
    fn before_yield(&mut self, kind: StatementKind<'tcx>) {
        let block = self.yielding();
        let data = &mut self.body.basic_blocks_mut()[block];
        let source_info = data.terminator().source_info;
        data.statements.push(Statement::new(source_info, kind));
    }

    fn overwrite(&mut self, victim: Place<'tcx>, other: Place<'tcx>) {
        let value = Rvalue::Use(Operand::Copy(other));
        self.before_yield(StatementKind::Assign(Box::new((victim, value))));
    }

    /// Ends the storage of a local where the last `if` is true.
    fn end_on_branch(&mut self, victim: Place<'tcx>) {
        let blocks = self.body.basic_blocks_mut();
        let target = blocks.iter().rev().find_map(|data| match &data.terminator().kind {
            TerminatorKind::SwitchInt { targets, .. } => Some(targets.otherwise()),
            _ => None,
        });
        let data = &mut blocks[target.expect("the body branches")];
        let source_info = data.terminator().source_info;
        let end = StatementKind::StorageDead(victim.local);
        data.statements.insert(0, Statement::new(source_info, end));
    }

    fn wrong_discriminant(&mut self, one: Place<'tcx>, other: Place<'tcx>) {
        for statement in self.blocks().flat_map(|data| &mut data.statements) {
            if let StatementKind::Assign(box (_, Rvalue::Discriminant(place))) = &mut statement.kind
                && *place == one
            {
                *place = other;
            }
        }
    }

    fn wrong_index(&mut self, wrong: Place<'tcx>) {
        let tcx = self.tcx;
        self.replace(|place| {
            let by = |elem: PlaceElem<'tcx>| match elem {
                ProjectionElem::Index(_) => ProjectionElem::Index(wrong.local),
                elem => elem,
            };
            let elems: Vec<_> = place.projection.iter().map(by).collect();
            (!elems.is_empty())
                .then(|| Place { local: place.local, projection: tcx.mk_place_elems(&elems) })
        });
    }

    /// Exchanges the two targets of the last `if`.
    fn swap_targets(&mut self) {
        for data in self.body.basic_blocks_mut().iter_mut().rev() {
            if let TerminatorKind::SwitchInt { targets, .. } = &mut data.terminator_mut().kind
                && let [first, second] = targets.all_targets_mut()
            {
                return std::mem::swap(first, second);
            }
        }
    }

    fn swap_names(&mut self, one: Place<'tcx>, other: Place<'tcx>) {
        for variable in &mut self.body.var_debug_info {
            if let VarDebugInfoContents::Place(place) = &mut variable.value {
                if *place == one {
                    *place = other;
                } else if *place == other {
                    *place = one;
                }
            }
        }
    }

    /// Puts a circle in the place of the first suspension.
    fn circle(&mut self) {
        let block = self.yielding();
        let blocks = self.body.basic_blocks_mut();
        let target = blocks.next_index();
        let terminator = blocks[block].terminator_mut();
        terminator.kind = TerminatorKind::Goto { target };
        let circle = terminator.clone();
        blocks.push(BasicBlockData::new_stmts(Vec::new(), Some(circle), false));
    }
}

struct Replace<'a, 'tcx, F> {
    tcx: TyCtxt<'tcx>,
    by: &'a F,
}

impl<'tcx, F: Fn(Place<'tcx>) -> Option<Place<'tcx>>> MutVisitor<'tcx> for Replace<'_, 'tcx, F> {
    fn tcx(&self) -> TyCtxt<'tcx> {
        self.tcx
    }

    fn visit_place(&mut self, place: &mut Place<'tcx>, _: PlaceContext, _: Location) {
        if let Some(other) = (self.by)(*place) {
            *place = other;
        }
    }

    fn visit_local(&mut self, local: &mut Local, _: PlaceContext, _: Location) {
        // Storage.
        if let Some(other) = (self.by)((*local).into())
            && let Some(other) = other.as_local()
        {
            *local = other;
        }
    }
}
