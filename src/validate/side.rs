//! One of the two bodies, and what rustc's own dataflow knows about it.

use std::cell::RefCell;

use rustc_abi::FieldIdx;
use rustc_index::bit_set::{DenseBitSet, MixedBitSet};
use rustc_middle::mir::visit::Visitor;
use rustc_middle::mir::{
    BasicBlock, Body, Local, Location, Operand, Place, PlaceTy, ProjectionElem, Terminator,
    TerminatorKind, UnwindAction, UnwindTerminateReason,
};
use rustc_middle::ty::{self, Ty, TyCtxt, TypingEnv};
use rustc_mir_dataflow::impls::{
    MaybeInitializedPlaces, MaybeStorageDead, always_storage_live_locals,
};
use rustc_mir_dataflow::move_paths::{LookupResult, MoveData, MovePathIndex};
use rustc_mir_dataflow::{
    Analysis, DropFlagState, MaybeReachable, ResultsCursor, drop_flag_effects_for_location,
    on_all_children_bits,
};

use super::place::{Split, part, split};

/// The local that holds the captures.
const CAPTURES: Local = ty::CAPTURE_STRUCT_LOCAL;

/// The move paths that may have a value.
pub(super) type Filled = MixedBitSet<MovePathIndex>;

/// Where one of the two bodies is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Point {
    At(Location),
    /// In front of one of the drops that `drop(captures)` at the end of a block is made of.
    Rung {
        block: BasicBlock,
        field: usize,
        /// A destructor has panicked.
        unwinding: bool,
    },
    /// The function has ended, by the unwind edge of something.
    End(End),
}

/// How a function ends other than by returning.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum End {
    Resume,
    Abort,
    AbortInCleanup,
    Unreachable,
}

impl Point {
    pub(super) fn start_of(block: BasicBlock) -> Point {
        Point::At(Location { block, statement_index: 0 })
    }

    pub(super) fn of_unwind(action: UnwindAction) -> Point {
        match action {
            UnwindAction::Cleanup(block) => Point::start_of(block),
            UnwindAction::Continue => Point::End(End::Resume),
            UnwindAction::Unreachable => Point::End(End::Unreachable),
            UnwindAction::Terminate(reason) => Point::End(End::of(reason)),
        }
    }

    pub(super) fn block(self) -> Option<BasicBlock> {
        match self {
            Point::At(location) => Some(location.block),
            Point::Rung { block, .. } => Some(block),
            Point::End(_) => None,
        }
    }
}

impl End {
    pub(super) fn of(reason: UnwindTerminateReason) -> End {
        match reason {
            UnwindTerminateReason::Abi => End::Abort,
            UnwindTerminateReason::InCleanup => End::AbortInCleanup,
        }
    }
}

/// A drop, with where it leads.
#[derive(Clone, Copy)]
pub(super) struct Drop<'tcx> {
    pub(super) place: Place<'tcx>,
    pub(super) target: Point,
    pub(super) unwind: Point,
}

/// What rustc's dataflow knows about a body.
pub(super) struct Facts<'tcx> {
    moves: MoveData<'tcx>,
    always_stored: DenseBitSet<Local>,
}

impl<'tcx> Facts<'tcx> {
    pub(super) fn of(tcx: TyCtxt<'tcx>, body: &Body<'tcx>) -> Facts<'tcx> {
        let moves = MoveData::gather_moves(body, tcx, |_| true);
        Facts { moves, always_stored: always_storage_live_locals(body) }
    }
}

type InitCursor<'a, 'tcx> = ResultsCursor<'a, 'tcx, MaybeInitializedPlaces<'a, 'tcx>>;
type StorageCursor<'a, 'tcx> = ResultsCursor<'a, 'tcx, MaybeStorageDead<'a>>;

/// One of the two bodies.
pub(super) struct Side<'a, 'tcx> {
    pub(super) tcx: TyCtxt<'tcx>,
    pub(super) body: &'a Body<'tcx>,
    facts: &'a Facts<'tcx>,
    typing_env: TypingEnv<'tcx>,
    init: RefCell<InitCursor<'a, 'tcx>>,
    dead: RefCell<StorageCursor<'a, 'tcx>>,
    /// The types of the captures.
    captured: Vec<Ty<'tcx>>,
    /// The arrays of which elements are moved out.
    taken_apart: Vec<Place<'tcx>>,
}

impl<'a, 'tcx> Side<'a, 'tcx> {
    pub(super) fn new(
        tcx: TyCtxt<'tcx>,
        body: &'a Body<'tcx>,
        facts: &'a Facts<'tcx>,
    ) -> Side<'a, 'tcx> {
        // As drop elaboration sees it (`rustc_mir_transform/src/elaborate_drops.rs`).
        let init = MaybeInitializedPlaces::new(tcx, body, &facts.moves)
            .exclude_inactive_in_otherwise()
            .skipping_unreachable_unwind()
            .iterate_to_fixpoint(tcx, body, None)
            .into_results_cursor(body);
        let always_stored = std::borrow::Cow::Borrowed(&facts.always_stored);
        let dead = MaybeStorageDead::new(always_stored)
            .iterate_to_fixpoint(tcx, body, None)
            .into_results_cursor(body);
        let captured = match body.local_decls[CAPTURES].ty.kind() {
            ty::Coroutine(_, args) => args.as_coroutine().upvar_tys().to_vec(),
            _ => Vec::new(),
        };
        let mut moved = MovedElements { tcx, body, arrays: Vec::new() };
        moved.visit_body(body);
        Side {
            tcx,
            body,
            facts,
            typing_env: TypingEnv::post_analysis(tcx, body.source.def_id()),
            init: RefCell::new(init),
            dead: RefCell::new(dead),
            captured,
            taken_apart: moved.arrays,
        }
    }

    pub(super) fn split(&self, place: Place<'tcx>) -> Split<'tcx> {
        split(self.tcx, self.body, place)
    }

    pub(super) fn ty(&self, place: Place<'tcx>) -> Ty<'tcx> {
        place.ty(&self.body.local_decls, self.tcx).ty
    }

    /// Whether a drop of a place may do anything. `needs_drop` says so of each coroutine, also of those that can be copied.
    pub(super) fn needs_drop(&self, place: Place<'tcx>) -> bool {
        let ty = self.ty(place);
        ty.needs_drop(self.tcx, self.typing_env)
            && !self.tcx.type_is_copy_modulo_regions(self.typing_env, ty)
    }

    pub(super) fn is_freeze(&self, place: Place<'tcx>) -> bool {
        self.ty(place).is_freeze(self.tcx, self.typing_env)
    }

    /// Whether elements are moved out of an array in a place that may have a value.
    pub(super) fn has_moved_elements(&self, filled: &Filled, place: Place<'tcx>) -> bool {
        let arrays = self.taken_apart.iter().filter(|array| part(place, **array).is_some());
        arrays.copied().any(|array| self.is_filled(filled, array))
    }

    pub(super) fn terminator(&self, block: BasicBlock) -> &'a Terminator<'tcx> {
        self.body.basic_blocks[block].terminator()
    }

    /// Whether a drop is one of the captures as a whole.
    pub(super) fn drops_captures(&self, place: Place<'tcx>) -> bool {
        place.as_local() == Some(CAPTURES) && self.body.local_decls[CAPTURES].ty.is_coroutine()
    }

    pub(super) fn captures(&self) -> usize {
        self.captured.len()
    }

    /// The captured variable that is dropped at a rung, as stock's drop elaboration takes `drop(captures)` apart
    /// (`drop_ladder` in `rustc_mir_transform/src/elaborate_drop.rs`): in the order of declaration, and if a destructor
    /// panics, the ones after it still run.
    pub(super) fn rung(&self, block: BasicBlock, field: usize, unwinding: bool) -> Drop<'tcx> {
        let TerminatorKind::Drop { unwind, .. } = self.terminator(block).kind else {
            bug!("{block:?} ends with no drop")
        };
        let place = self.captured_place(field);
        let target = Point::Rung { block, field: field + 1, unwinding };
        let is_cleanup = self.body.basic_blocks[block].is_cleanup;
        let unwind = match unwind {
            _ if unwinding => Point::End(End::AbortInCleanup),
            UnwindAction::Cleanup(_) | UnwindAction::Continue if !is_cleanup => {
                Point::Rung { block, field: field + 1, unwinding: true }
            }
            action => Point::of_unwind(action),
        };
        Drop { place, target, unwind }
    }

    /// Where the rungs of a drop lead.
    pub(super) fn below_rungs(&self, block: BasicBlock, unwinding: bool) -> Point {
        let TerminatorKind::Drop { target, unwind, .. } = self.terminator(block).kind else {
            bug!("{block:?} ends with no drop")
        };
        if unwinding { Point::of_unwind(unwind) } else { Point::start_of(target) }
    }

    /// Notes that the captures have been dropped.
    pub(super) fn empty_captures(&self, filled: &mut Filled) {
        self.set(filled, CAPTURES.into(), false);
    }

    fn captured_place(&self, field: usize) -> Place<'tcx> {
        let ty = self.captured[field];
        self.tcx.mk_place_field(CAPTURES.into(), FieldIdx::from_usize(field), ty)
    }

    /// Whether a drop of a place may do anything, on whatever way a block is reached.
    pub(super) fn may_drop_at(&self, location: Location, place: Place<'tcx>) -> bool {
        let mut init = self.init.borrow_mut();
        init.seek_before_primary_effect(location);
        match init.get() {
            MaybeReachable::Unreachable => false,
            MaybeReachable::Reachable(filled) => self.may_drop(filled, place),
        }
    }

    /// Whether a drop of a place may do anything: some part of it may have a value and a destructor.
    pub(super) fn may_drop(&self, filled: &Filled, place: Place<'tcx>) -> bool {
        if !self.needs_drop(place) {
            return false;
        }
        let moves = &self.facts.moves;
        let is_divided = match moves.rev_lookup.find(place.as_ref()) {
            LookupResult::Exact(path) => moves.move_paths[path].first_child.is_some(),
            LookupResult::Parent(_) => false,
        };
        let parts = if is_divided { self.parts(place) } else { None };
        match parts {
            Some(parts) => parts.into_iter().any(|part| self.may_drop(filled, part)),
            None => self.is_filled(filled, place),
        }
    }

    /// The fields, of all variants, that a value is dropped by, one after the other; `None` if it is dropped as a whole.
    fn parts(&self, place: Place<'tcx>) -> Option<Vec<Place<'tcx>>> {
        let PlaceTy { ty, variant_index } = place.ty(&self.body.local_decls, self.tcx);
        let fields = |of: Place<'tcx>, variant: &ty::VariantDef, args| {
            let types = variant.fields.iter_enumerated().map(move |(index, field)| {
                self.tcx.mk_place_field(of, index, field.ty(self.tcx, args))
            });
            types.collect::<Vec<_>>()
        };
        match *ty.kind() {
            ty::Adt(adt, _) if adt.is_box() || adt.is_union() || adt.has_dtor(self.tcx) => None,
            ty::Adt(adt, args) => Some(match variant_index {
                Some(variant) => fields(place, adt.variant(variant), args),
                None if adt.is_enum() => {
                    let variants = adt.variants().iter_enumerated().flat_map(|(index, variant)| {
                        let of = self.tcx.mk_place_downcast(place, adt, index);
                        fields(of, variant, args)
                    });
                    variants.collect()
                }
                None => fields(place, adt.non_enum_variant(), args),
            }),
            ty::Tuple(types) => {
                let fields = types.iter().enumerate().map(|(index, ty)| {
                    self.tcx.mk_place_field(place, FieldIdx::from_usize(index), ty)
                });
                Some(fields.collect())
            }
            _ => None,
        }
    }

    /// Whether a place, or a part of it, is among what may have a value.
    pub(super) fn is_filled(&self, filled: &Filled, place: Place<'tcx>) -> bool {
        match self.facts.moves.rev_lookup.find(place.as_ref()) {
            LookupResult::Exact(path) => self
                .facts
                .moves
                .find_in_move_path_or_its_descendants(path, |path| filled.contains(path))
                .is_some(),
            LookupResult::Parent(Some(path)) => filled.contains(path),
            LookupResult::Parent(None) => true,
        }
    }

    /// Forgets what cannot have a value where a block begins: the parts of variants that an enum is not, as rustc knows
    /// from how the block was chosen.
    pub(super) fn narrow(&self, filled: &mut Filled, point: Point) {
        let Point::At(Location { block, statement_index: 0 }) = point else { return };
        let mut init = self.init.borrow_mut();
        init.seek_to_block_start(block);
        let MaybeReachable::Reachable(known) = init.get() else { return };
        let others: Vec<_> = filled.iter().filter(|path| !known.contains(*path)).collect();
        for path in others {
            filled.remove(path);
        }
    }

    /// What has a value when the function begins.
    pub(super) fn filled_at_start(&self) -> Filled {
        let mut filled = Filled::new_empty(self.facts.moves.move_paths.len());
        for argument in self.body.args_iter() {
            self.set(&mut filled, argument.into(), true);
        }
        filled
    }

    /// Notes what happens to values at a location, results of terminators apart.
    pub(super) fn pass(&self, filled: &mut Filled, location: Location) {
        drop_flag_effects_for_location(self.body, &self.facts.moves, location, |path, state| {
            _ = match state {
                DropFlagState::Present => filled.insert(path),
                DropFlagState::Absent => filled.remove(path),
            };
        });
    }

    /// Notes that a place gets a value, or that it has none any more.
    pub(super) fn set(&self, filled: &mut Filled, place: Place<'tcx>, value: bool) {
        if let LookupResult::Exact(path) = self.facts.moves.rev_lookup.find(place.as_ref()) {
            on_all_children_bits(&self.facts.moves, path, |path| {
                _ = if value { filled.insert(path) } else { filled.remove(path) };
            });
        }
    }

    /// Whether the storage of a local may have ended, or not have begun.
    pub(super) fn may_lack_storage(&self, point: Point, local: Local) -> bool {
        let Point::At(location) = point else { return false };
        let mut dead = self.dead.borrow_mut();
        dead.seek_before_primary_effect(location);
        dead.get().contains(local)
    }
}

/// Joins what may have a value on two ways; says whether that is more than on the first.
pub(super) fn join(filled: &mut Filled, other: &Filled) -> bool {
    filled.union(other)
}

/// The arrays that elements with destructors are moved out of. Drop elaboration takes the drop of such an array apart where
/// it may be empty, and then drops elements from the last to the first; a whole array is dropped from the first to the last.
struct MovedElements<'a, 'tcx> {
    tcx: TyCtxt<'tcx>,
    body: &'a Body<'tcx>,
    arrays: Vec<Place<'tcx>>,
}

impl<'tcx> Visitor<'tcx> for MovedElements<'_, 'tcx> {
    fn visit_operand(&mut self, operand: &Operand<'tcx>, _: Location) {
        let Operand::Move(place) = operand else { return };
        let typing_env = TypingEnv::post_analysis(self.tcx, self.body.source.def_id());
        for (base, elem) in place.iter_projections() {
            let is_element = matches!(
                elem,
                ProjectionElem::ConstantIndex { .. } | ProjectionElem::Subslice { .. }
            );
            let ty = || base.ty(&self.body.local_decls, self.tcx).ty;
            if is_element && ty().needs_drop(self.tcx, typing_env) {
                let array = Place {
                    local: base.local,
                    projection: self.tcx.mk_place_elems(base.projection),
                };
                self.arrays.push(split(self.tcx, self.body, array).base);
            }
        }
    }
}
