//! Leads both bodies through their control flow, side by side.

use std::collections::BTreeSet;

use rustc_data_structures::fx::{FxHashMap, FxHashSet};
use rustc_index::IndexVec;
use rustc_middle::mir::{BasicBlock, Local, Location, Place, START_BLOCK, TerminatorKind};
use rustc_middle::ty::TyCtxt;
use rustc_span::Span;

use super::names::Variables;
use super::relation::{NEW, OLD, Relation};
use super::shape;
use super::side::{Drop, End, Point, Side};
use super::state::State;
use super::violation::{Result, Violation};

/// What a body does next that it cannot do alone.
pub(super) enum Next<'tcx> {
    /// It goes on in another block. That it may do alone, but two together find back to each other.
    Jump(Point),
    Statement,
    /// A drop of something that may have a value and has a destructor.
    Drop(Drop<'tcx>),
    Terminator,
    End(End),
}

/// Why a local does not hold what it held.
#[derive(Clone, Copy)]
pub(super) enum Loss {
    StorageDead(Point),
    StorageLive(Point),
    Written(Point),
}

pub(super) struct Walk<'a, 'tcx> {
    pub(super) tcx: TyCtxt<'tcx>,
    pub(super) sides: [Side<'a, 'tcx>; 2],
    pub(super) variables: Variables<'tcx>,
    /// What is known where both bodies begin blocks at the same time.
    states: FxHashMap<[Point; 2], State<'tcx>>,
    /// Where that has changed, in an order in which little is looked at twice.
    pending: BTreeSet<(usize, [Point; 2])>,
    order: IndexVec<BasicBlock, usize>,
    /// The last loss of each local of the new body: for messages.
    pub(super) losses: FxHashMap<Local, Loss>,
}

impl<'a, 'tcx> Walk<'a, 'tcx> {
    pub(super) fn new(
        tcx: TyCtxt<'tcx>,
        sides: [Side<'a, 'tcx>; 2],
        variables: Variables<'tcx>,
    ) -> Walk<'a, 'tcx> {
        let body = sides[NEW].body;
        let mut order = IndexVec::from_elem(0, &body.basic_blocks);
        for (index, block) in body.basic_blocks.reverse_postorder().iter().enumerate() {
            order[*block] = index;
        }
        Walk {
            tcx,
            sides,
            variables,
            states: FxHashMap::default(),
            pending: BTreeSet::new(),
            order,
            losses: FxHashMap::default(),
        }
    }

    /// Walks until nothing new is learned.
    pub(super) fn run(&mut self) -> Result<()> {
        let start = Point::start_of(START_BLOCK);
        let mut same = Relation::default();
        for argument in self.sides[OLD].body.args_iter() {
            same.add([argument.into(); 2]);
        }
        let filled = [OLD, NEW].map(|side| self.sides[side].filled_at_start());
        let state = State { same, borrows: Vec::new(), touched: Vec::new(), filled };
        self.arrive([start; 2], state);
        while let Some((_, points)) = self.pending.pop_first() {
            let state = self.states[&points].clone();
            self.walk(points, state)?;
        }
        Ok(())
    }

    /// Both bodies begin a block, or a rung.
    fn arrive(&mut self, points: [Point; 2], state: State<'tcx>) {
        let changed = match self.states.get_mut(&points) {
            Some(known) => known.join(&self.sides, &state),
            None => {
                self.states.insert(points, state);
                true
            }
        };
        if changed {
            let order = points[NEW].block().map_or(usize::MAX, |block| self.order[block]);
            self.pending.insert((order, points));
        }
    }

    /// Goes on from two terminators to two points.
    pub(super) fn flow(
        &mut self,
        from: [Point; 2],
        to: [Point; 2],
        mut state: State<'tcx>,
    ) -> Result<()> {
        if let [Point::End(old), Point::End(new)] = to {
            return self.same_end(from, old, new);
        }
        for side in [OLD, NEW] {
            if self.switches(side, from[side]) {
                self.sides[side].narrow(&mut state.filled[side], to[side]);
            }
        }
        self.arrive(to, state);
        Ok(())
    }

    /// Whether a body chooses between several ways at a point.
    fn switches(&self, side: usize, point: Point) -> bool {
        let Point::At(location) = point else { return false };
        let terminator = self.sides[side].terminator(location.block);
        matches!(terminator.kind, TerminatorKind::SwitchInt { .. })
    }

    /// Whether a place, or a part of it, may have a value.
    pub(super) fn is_filled(&self, state: &State<'tcx>, side: usize, place: Place<'tcx>) -> bool {
        self.sides[side].is_filled(&state.filled[side], place)
    }

    /// Walks from the beginnings of two blocks to their ends.
    fn walk(&mut self, mut points: [Point; 2], mut state: State<'tcx>) -> Result<()> {
        let mut seen = FxHashSet::default();
        loop {
            let old = self.advance(OLD, &mut points, &mut state)?;
            let new = self.advance(NEW, &mut points, &mut state)?;
            match (old, new) {
                (Next::Jump(old), Next::Jump(new)) => {
                    return self.flow(points, [old, new], state);
                }
                (Next::Jump(old), _) => points[OLD] = old,
                (_, Next::Jump(new)) => points[NEW] = new,
                (Next::Statement, Next::Statement) => {
                    self.statement(points, &mut state)?;
                    for side in [OLD, NEW] {
                        if let Point::At(location) = &mut points[side] {
                            self.sides[side].pass(&mut state.filled[side], *location);
                            location.statement_index += 1;
                        }
                    }
                    seen.clear();
                    continue;
                }
                (Next::Drop(old), Next::Drop(new))
                    if self.is_dead(points, &state, OLD, old)
                        && self.is_dead(points, &state, NEW, new) =>
                {
                    // They may be of locals that have nothing to do with each other.
                    self.leave_dead_drop(OLD, &mut points, &mut state, old);
                    self.leave_dead_drop(NEW, &mut points, &mut state, new);
                    return self.flow(points, points, state);
                }
                (Next::Drop(old), Next::Drop(new))
                    if self.is_same_drop(points, &state, [old, new]) =>
                {
                    return self.drop(points, [old, new], state);
                }
                (Next::Drop(drop), _) if self.is_dead(points, &state, OLD, drop) => {
                    self.leave_dead_drop(OLD, &mut points, &mut state, drop);
                }
                (_, Next::Drop(drop)) if self.is_dead(points, &state, NEW, drop) => {
                    self.leave_dead_drop(NEW, &mut points, &mut state, drop);
                }
                (Next::Drop(old), Next::Drop(new)) => {
                    let bases = [
                        self.sides[OLD].split(old.place).base,
                        self.sides[NEW].split(new.place).base,
                    ];
                    return Err(self.explain(points, &state, bases, "dropped"));
                }
                (Next::End(old), Next::End(new)) => return self.same_end(points, old, new),
                (Next::Terminator, Next::Terminator) if self.is_same_terminator(points) => {
                    return self.terminator(points, state);
                }
                (Next::Terminator, new) => match self.identity_call(points[OLD]) {
                    Some((to, from, target)) => {
                        self.transfer(OLD, points, &mut state, to, from, true)?;
                        self.sides[OLD].set(&mut state.filled[OLD], from, false);
                        self.sides[OLD].set(&mut state.filled[OLD], to, true);
                        points[OLD] = Point::start_of(target);
                    }
                    None => return Err(self.mismatch(points, &Next::Terminator, &new)),
                },
                (old, new) => return Err(self.mismatch(points, &old, &new)),
            }
            if !seen.insert(points) {
                let message = "one body goes in a circle where the other goes on".to_owned();
                return Err(self.violation(points, message));
            }
        }
    }

    /// Leads one body to where it does something that it cannot do alone.
    fn advance(
        &mut self,
        side: usize,
        points: &mut [Point; 2],
        state: &mut State<'tcx>,
    ) -> Result<Next<'tcx>> {
        loop {
            let location = match points[side] {
                Point::At(location) => location,
                Point::Rung { block, field, unwinding } => {
                    let own = &self.sides[side];
                    if field == own.captures() {
                        own.empty_captures(&mut state.filled[side]);
                        return Ok(Next::Jump(own.below_rungs(block, unwinding)));
                    }
                    let drop = own.rung(block, field, unwinding);
                    if self.has_effect(side, own.body.terminator_loc(block), drop.place) {
                        return Ok(Next::Drop(drop));
                    }
                    if side == OLD {
                        state.end_borrows(drop.place);
                    }
                    points[side] = drop.target;
                    continue;
                }
                Point::End(end) => return Ok(Next::End(end)),
            };
            let data = &self.sides[side].body.basic_blocks[location.block];
            let Some(statement) = data.statements.get(location.statement_index) else {
                return self.at_terminator(side, location, state);
            };
            if !self.do_alone(side, *points, state, statement)? {
                return Ok(Next::Statement);
            }
            self.sides[side].pass(&mut state.filled[side], location);
            points[side] = Point::At(location.successor_within_block());
        }
    }

    /// Whether a drop of a place may do anything, on the ways that lead here. What is known of all ways is more exact about
    /// variants.
    pub(super) fn may_drop(
        &self,
        points: [Point; 2],
        state: &State<'tcx>,
        side: usize,
        place: Place<'tcx>,
    ) -> bool {
        let own = &self.sides[side];
        let may_at = |block| own.may_drop_at(own.body.terminator_loc(block), place);
        own.may_drop(&state.filled[side], place) && points[side].block().is_none_or(may_at)
    }

    /// Whether what a drop drops never has a value on the ways that lead here. That may be learned to be wrong; so
    /// it matters only where the bodies would not do the same otherwise.
    fn is_dead(
        &self,
        points: [Point; 2],
        state: &State<'tcx>,
        side: usize,
        drop: Drop<'tcx>,
    ) -> bool {
        !self.may_drop(points, state, side, drop.place)
    }

    fn leave_dead_drop(
        &self,
        side: usize,
        points: &mut [Point; 2],
        state: &mut State<'tcx>,
        drop: Drop<'tcx>,
    ) {
        if side == OLD
            && let Point::Rung { .. } = points[OLD]
        {
            state.end_borrows(drop.place);
        }
        points[side] = drop.target;
    }

    /// Whether a drop does anything.
    fn has_effect(&self, side: usize, location: Location, place: Place<'tcx>) -> bool {
        let own = &self.sides[side];
        own.needs_drop(place) && own.may_drop_at(location, place)
    }

    fn at_terminator(
        &mut self,
        side: usize,
        location: Location,
        state: &mut State<'tcx>,
    ) -> Result<Next<'tcx>> {
        let terminator = self.sides[side].terminator(location.block);
        Ok(match terminator.kind {
            TerminatorKind::Goto { target }
            | TerminatorKind::FalseEdge { real_target: target, .. }
            | TerminatorKind::FalseUnwind { real_target: target, .. } => {
                Next::Jump(Point::start_of(target))
            }
            TerminatorKind::Drop { place, .. } if self.sides[side].drops_captures(place) => {
                let block = location.block;
                Next::Jump(Point::Rung { block, field: 0, unwinding: false })
            }
            TerminatorKind::Drop { place, target, unwind, .. } => {
                let target = Point::start_of(target);
                if self.has_effect(side, location, place) {
                    Next::Drop(Drop { place, target, unwind: Point::of_unwind(unwind) })
                } else {
                    self.sides[side].pass(&mut state.filled[side], location);
                    Next::Jump(target)
                }
            }
            TerminatorKind::UnwindResume => Next::End(End::Resume),
            TerminatorKind::UnwindTerminate(reason) => Next::End(End::of(reason)),
            TerminatorKind::Unreachable => Next::End(End::Unreachable),
            TerminatorKind::SwitchInt { .. }
            | TerminatorKind::Return
            | TerminatorKind::Call { .. }
            | TerminatorKind::TailCall { .. }
            | TerminatorKind::Assert { .. }
            | TerminatorKind::Yield { .. }
            | TerminatorKind::CoroutineDrop
            | TerminatorKind::InlineAsm { .. } => Next::Terminator,
        })
    }

    fn is_same_terminator(&self, points: [Point; 2]) -> bool {
        let [old, new] = [OLD, NEW].map(|side| {
            let block = points[side].block().expect("a terminator is in a block");
            self.sides[side].terminator(block)
        });
        shape::is_same_terminator(self.tcx, old, new)
    }

    /// The source location of a point, in the new body.
    pub(super) fn span(&self, points: [Point; 2]) -> Span {
        let body = self.sides[NEW].body;
        match points[NEW] {
            Point::At(location) => body.source_info(location).span,
            Point::Rung { block, .. } => body.basic_blocks[block].terminator().source_info.span,
            Point::End(_) => body.span,
        }
    }

    pub(super) fn violation(&self, points: [Point; 2], message: String) -> Violation {
        Violation { message, points, span: self.span(points) }
    }
}
