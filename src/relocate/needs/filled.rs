//! What may have a value, by the move paths that drop elaboration goes by.

use rustc_index::IndexVec;
use rustc_index::bit_set::MixedBitSet;
use rustc_middle::mir::{
    BasicBlock, Body, Local, Location, Place, PlaceElem, PlaceTy, StatementKind, TerminatorKind,
};
use rustc_middle::ty::{self, Ty, TyCtxt, TypingEnv};
use rustc_mir_dataflow::impls::MaybeInitializedPlaces;
use rustc_mir_dataflow::move_paths::{LookupResult, MoveData, MovePathIndex};
use rustc_mir_dataflow::{Analysis, MaybeReachable, ResultsCursor};

use rustc_abi::{FieldIdx, VariantIdx};

use super::candidates::{Candidates, Set};

/// What is known without regard to points.
pub(super) struct Paths<'tcx> {
    pub(super) moves: MoveData<'tcx>,
    /// Whether a path has something to drop that none of its children has.
    owns: IndexVec<MovePathIndex, bool>,
    base: IndexVec<MovePathIndex, Local>,
}

impl<'tcx> Paths<'tcx> {
    pub(super) fn of(tcx: TyCtxt<'tcx>, body: &Body<'tcx>) -> Paths<'tcx> {
        let moves = MoveData::gather_moves(body, tcx, |_| true);
        let env = TypingEnv::post_analysis(tcx, body.source.def_id());
        let owns = Owns { tcx, env, body, moves: &moves };
        let owns = moves.move_paths.indices().map(|path| owns.owns(path)).collect();
        let base = moves.move_paths.iter().map(|path| path.place.local).collect();
        Paths { moves, owns, base }
    }

    /// Where a local, or a part of it, is first moved out of, in the order of blocks.
    pub(super) fn first_move(&self, body: &Body<'tcx>, local: Local) -> Option<Location> {
        let is_end = |location: Location| {
            let statement = body.stmt_at(location).left();
            statement.is_some_and(|it| matches!(it.kind, StatementKind::StorageDead(_)))
        };
        let moves = self.moves.moves.iter().filter(|out| self.base[out.path] == local);
        moves.map(|out| out.source).filter(|source| !is_end(*source)).min()
    }
}

/// Where the paths may have values.
pub(super) struct Filled<'a, 'tcx> {
    paths: &'a Paths<'tcx>,
    cursor: ResultsCursor<'a, 'tcx, MaybeInitializedPlaces<'a, 'tcx>>,
}

impl<'a, 'tcx> Filled<'a, 'tcx> {
    pub(super) fn new(
        tcx: TyCtxt<'tcx>,
        body: &'a Body<'tcx>,
        paths: &'a Paths<'tcx>,
    ) -> Filled<'a, 'tcx> {
        // As drop elaboration sees it (`rustc_mir_transform/src/elaborate_drops.rs`).
        let cursor = MaybeInitializedPlaces::new(tcx, body, &paths.moves)
            .exclude_inactive_in_otherwise()
            .skipping_unreachable_unwind()
            .iterate_to_fixpoint(tcx, body, None)
            .into_results_cursor(body);
        Filled { paths, cursor }
    }

    fn state(&self) -> Option<&MixedBitSet<MovePathIndex>> {
        match self.cursor.get() {
            MaybeReachable::Unreachable => None,
            MaybeReachable::Reachable(state) => Some(state),
        }
    }

    /// The candidates that may have a value, in part at least, where a block begins; `None` if nothing ever comes there.
    pub(super) fn at_start(&mut self, block: BasicBlock, candidates: &Candidates) -> Option<Set> {
        self.cursor.seek_to_block_start(block);
        let state = self.state()?;
        let mut filled = candidates.none();
        for path in state.iter() {
            if let Some(number) = candidates.number(self.paths.base[path]) {
                filled.insert(number);
            }
        }
        Some(filled)
    }

    /// Whether a local may have a value, in part at least, after a statement.
    pub(super) fn is_filled_after(&mut self, location: Location, local: Local) -> bool {
        self.cursor.seek_after_primary_effect(location);
        let moves = &self.paths.moves;
        let (Some(state), Some(path)) = (self.state(), moves.rev_lookup.find_local(local)) else {
            return false;
        };
        moves.find_in_move_path_or_its_descendants(path, |path| state.contains(path)).is_some()
    }

    /// The drops of locals, or of parts, that never find anything to drop, but for `drop(captures)`. What only their unwinding
    /// leads to counts as reached by no value here.
    pub(super) fn dead_drops(&mut self) -> Vec<BasicBlock> {
        let body = self.cursor.body();
        let mut dead = Vec::new();
        for (block, data) in body.basic_blocks.iter_enumerated() {
            let TerminatorKind::Drop { place, .. } = data.terminator().kind else { continue };
            let is_captures = place.local == ty::CAPTURE_STRUCT_LOCAL;
            if !is_captures && !self.may_drop(body.terminator_loc(block), place) {
                dead.push(block);
            }
        }
        dead
    }

    fn may_drop(&mut self, location: Location, place: Place<'tcx>) -> bool {
        self.cursor.seek_before_primary_effect(location);
        let Some(state) = self.state() else { return false };
        let moves = &self.paths.moves;
        match moves.rev_lookup.find(place.as_ref()) {
            LookupResult::Exact(path) => moves
                .find_in_move_path_or_its_descendants(path, |path| {
                    state.contains(path) && self.paths.owns[path]
                })
                .is_some(),
            LookupResult::Parent(Some(path)) => state.contains(path),
            LookupResult::Parent(None) => true,
        }
    }
}

struct Owns<'a, 'tcx> {
    tcx: TyCtxt<'tcx>,
    env: TypingEnv<'tcx>,
    body: &'a Body<'tcx>,
    moves: &'a MoveData<'tcx>,
}

impl<'tcx> Owns<'_, 'tcx> {
    /// Whether a path has something to drop that none of its children has. Mirrors `open_drop` in
    /// `rustc_mir_transform/src/elaborate_drop.rs`; where that has a case that this has not, the answer is yes.
    fn owns(&self, path: MovePathIndex) -> bool {
        let place = self.moves.move_paths[path].place;
        let PlaceTy { ty, variant_index } = place.ty(&self.body.local_decls, self.tcx);
        if !self.needs_drop(ty) {
            return false;
        }
        if self.moves.move_paths[path].first_child.is_none() {
            return true;
        }
        match *ty.kind() {
            ty::Adt(adt, _) if adt.is_box() || adt.has_dtor(self.tcx) || adt.is_union() => true,
            ty::Adt(adt, args) => match variant_index {
                Some(variant) => self.owns_field(path, adt.variant(variant), args),
                None if adt.is_enum() => {
                    adt.variants().iter_enumerated().any(|(index, variant)| {
                        !self.has_variant(path, index) && self.owns_field(path, variant, args)
                    })
                }
                None => self.owns_field(path, adt.non_enum_variant(), args),
            },
            ty::Tuple(types) => types.iter().enumerate().any(|(field, ty)| {
                !self.has_field(path, FieldIdx::from_usize(field)) && self.needs_drop(ty)
            }),
            _ => true,
        }
    }

    fn owns_field(
        &self,
        path: MovePathIndex,
        variant: &ty::VariantDef,
        args: ty::GenericArgsRef<'tcx>,
    ) -> bool {
        variant.fields.iter_enumerated().any(|(index, field)| {
            !self.has_field(path, index) && self.needs_drop(field.ty(self.tcx, args))
        })
    }

    fn needs_drop(&self, ty: Ty<'tcx>) -> bool {
        let ty = self.tcx.try_normalize_erasing_regions(self.env, ty).unwrap_or(ty);
        // `needs_drop` says so of each coroutine, also of those that can be copied: with a feature, they can.
        let may_be_copied = || self.tcx.features().coroutine_clone();
        ty.needs_drop(self.tcx, self.env)
            && !(may_be_copied() && self.tcx.type_is_copy_modulo_regions(self.env, ty))
    }

    fn has_field(&self, path: MovePathIndex, field: FieldIdx) -> bool {
        self.has_child(path, |elem| matches!(elem, PlaceElem::Field(index, _) if index == field))
    }

    fn has_variant(&self, path: MovePathIndex, variant: VariantIdx) -> bool {
        self.has_child(
            path,
            |elem| matches!(elem, PlaceElem::Downcast(_, index) if index == variant),
        )
    }

    fn has_child(&self, path: MovePathIndex, is_it: impl Fn(PlaceElem<'tcx>) -> bool) -> bool {
        let mut children = self.moves.move_paths[path].children(&self.moves.move_paths);
        children.any(|(_, child)| child.place.projection.last().is_some_and(|elem| is_it(*elem)))
    }
}
