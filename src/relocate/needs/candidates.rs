//! The locals whose storage may end early: those that a suspension might keep.
//!
//! Most locals of a body are temporaries that no suspension meets. What is left gets numbers, so that sets of them are
//! small.

use rustc_index::IndexVec;
use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::{Body, Local, StatementKind, TerminatorKind};

use crate::relocate::body::storage::MaybeStored;

/// Some of the candidates, by their numbers.
pub(super) type Set = DenseBitSet<u32>;

/// The candidates.
pub(super) struct Candidates {
    locals: Vec<Local>,
    numbers: IndexVec<Local, Option<u32>>,
}

impl Candidates {
    /// The locals of a body that have storage at some suspension, and whose storage begins somewhere, but not where
    /// the body unwinds.
    pub(super) fn of<'tcx>(body: &Body<'tcx>, stored: &mut MaybeStored<'_, 'tcx>) -> Candidates {
        let mut found = begins(body, false);
        found.subtract(&begins(body, true));
        let mut met = DenseBitSet::new_empty(body.local_decls.len());
        for (block, data) in body.basic_blocks.iter_enumerated() {
            if let TerminatorKind::Yield { .. } = data.terminator().kind {
                stored.seek_before_primary_effect(body.terminator_loc(block));
                met.union(stored.get());
            }
        }
        found.intersect(&met);
        Candidates::numbered(body, &found)
    }

    /// All but some.
    pub(super) fn without(self, body: &Body<'_>, some: &DenseBitSet<Local>) -> Candidates {
        let mut left = DenseBitSet::new_empty(body.local_decls.len());
        for local in self.locals.into_iter().filter(|local| !some.contains(*local)) {
            left.insert(local);
        }
        Candidates::numbered(body, &left)
    }

    fn numbered(body: &Body<'_>, found: &DenseBitSet<Local>) -> Candidates {
        let locals: Vec<Local> = found.iter().collect();
        let mut numbers = IndexVec::from_elem(None, &body.local_decls);
        for (number, local) in (0..).zip(&locals) {
            numbers[*local] = Some(number);
        }
        Candidates { locals, numbers }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.locals.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Local> {
        self.locals.iter().copied()
    }

    /// The number of a local, if it is a candidate.
    pub(super) fn number(&self, local: Local) -> Option<u32> {
        self.numbers[local]
    }

    /// The local of a number.
    pub(super) fn local(&self, number: u32) -> Local {
        self.locals[number as usize]
    }

    /// None of them.
    pub(super) fn none(&self) -> Set {
        Set::new_empty(self.locals.len())
    }

    /// The candidates in a set of locals.
    pub(super) fn among(&self, locals: &DenseBitSet<Local>) -> Set {
        let mut set = self.none();
        for (number, local) in (0..).zip(&self.locals) {
            if locals.contains(*local) {
                set.insert(number);
            }
        }
        set
    }
}

/// The locals whose storage begins in blocks that are for unwinding, or in all others.
fn begins(body: &Body<'_>, is_cleanup: bool) -> DenseBitSet<Local> {
    let mut locals = DenseBitSet::new_empty(body.local_decls.len());
    for data in body.basic_blocks.iter().filter(|data| data.is_cleanup == is_cleanup) {
        for statement in &data.statements {
            if let StatementKind::StorageLive(local) = statement.kind {
                locals.insert(local);
            }
        }
    }
    locals
}
