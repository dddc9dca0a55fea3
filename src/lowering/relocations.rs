//! What became of the upvars of a coroutine, counted in the MIR that is lowered: for the report.

use rustc_abi::FieldIdx;
use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::visit::{PlaceContext, Visitor};
use rustc_middle::mir::{BasicBlock, Location, Place, TerminatorKind};
use rustc_middle::ty::{self, Ty, TyCtxt};

use super::body::{Field, ResumeFunction, whole_move};
use super::seen::Seen;
use crate::layout;

/// Numbers of upvars, and of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Relocations {
    /// Saved upvars that have one place, before the first resume and in their slot.
    pub(crate) verified: u64,
    /// Those of them that the body does not move from the one to the other.
    pub(crate) elided: u64,
    /// Upvars that are not saved and that the body uses where they were captured.
    pub(crate) in_place: u64,
    /// Upvars that the body moves to a local of its own before it does anything else.
    pub(crate) moved: u64,
    /// The sizes of these, in bytes.
    pub(crate) bytes_moved: u64,
}

/// Counts; `None` for a coroutine that Snug did not lay out.
pub(crate) fn count<'tcx>(tcx: TyCtxt<'tcx>, ty: Ty<'tcx>) -> Option<Relocations> {
    let ty::Coroutine(def_id, args) = *ty.kind() else { return None };
    if !layout::is_relocated(tcx, def_id, args) {
        return None;
    }
    let seen = Seen::new(tcx, def_id, args)?;
    let resume = ResumeFunction::new(&seen);
    let upvars = seen.upvars.len();
    let mut uses = NamedUpvars { resume: &resume, used: DenseBitSet::new_empty(upvars) };
    uses.visit_body(resume.body);
    let to_slot = moved_to_slots(&resume);
    let to_local = moved_to_locals(&resume);
    let mut counts = Relocations::default();
    for upvar in seen.upvars.indices() {
        if seen.slots[upvar].is_some() {
            let coincides = u64::from(coincides(&seen, upvar));
            counts.verified += coincides;
            counts.elided += if to_slot.contains(upvar) { 0 } else { coincides };
        } else if to_local.contains(upvar) {
            counts.moved += 1;
            counts.bytes_moved += seen.upvars[upvar].size;
        } else if uses.used.contains(upvar) {
            counts.in_place += 1;
        }
    }
    Some(counts)
}

/// Whether a saved upvar lies in its slot before the first resume.
fn coincides(seen: &Seen<'_>, upvar: FieldIdx) -> bool {
    let slot = seen.slots[upvar];
    seen.fields()
        .filter(|(_, _, local)| Some(*local) == slot)
        .all(|(variant, field, _)| seen.field(variant, field) == seen.upvar(upvar))
}

/// The upvars that a statement moves to their slots.
fn moved_to_slots(resume: &ResumeFunction<'_, '_>) -> DenseBitSet<FieldIdx> {
    let mut moved = DenseBitSet::new_empty(resume.seen.upvars.len());
    for statement in resume.body.basic_blocks.iter().flat_map(|block| &block.statements) {
        if let Some((Field::Upvar(upvar), Field::Saved(variant, field))) =
            resume.field_to_field(statement)
            && resume.seen.slots[upvar] == Some(resume.seen.info.variant_fields[variant][field])
        {
            moved.insert(upvar);
        }
    }
    moved
}

/// The upvars that are moved as a whole to locals on the straight way from Unresumed.
fn moved_to_locals(resume: &ResumeFunction<'_, '_>) -> DenseBitSet<FieldIdx> {
    let mut moved = DenseBitSet::new_empty(resume.seen.upvars.len());
    let mut done: DenseBitSet<BasicBlock> = DenseBitSet::new_empty(resume.body.basic_blocks.len());
    let mut block = resume.entries().unresumed;
    while done.insert(block) {
        let data = &resume.body.basic_blocks[block];
        for (from, to) in data.statements.iter().filter_map(whole_move) {
            if to.as_local().is_some()
                && let Some((Field::Upvar(upvar), [])) = resume.field(&from)
            {
                moved.insert(upvar);
            }
        }
        if let TerminatorKind::Goto { target } = data.terminator().kind {
            block = target;
        }
    }
    moved
}

/// The upvars that the body names.
struct NamedUpvars<'a, 'b, 'tcx> {
    resume: &'a ResumeFunction<'b, 'tcx>,
    used: DenseBitSet<FieldIdx>,
}

impl<'tcx> Visitor<'tcx> for NamedUpvars<'_, '_, 'tcx> {
    fn visit_place(&mut self, place: &Place<'tcx>, context: PlaceContext, _: Location) {
        if context.is_use()
            && let Some((Field::Upvar(upvar), _)) = self.resume.field(place)
        {
            self.used.insert(upvar);
        }
    }
}
