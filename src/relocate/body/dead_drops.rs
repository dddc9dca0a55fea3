//! Drops that never find anything to drop.

use rustc_index::IndexVec;
use rustc_middle::mir::{BasicBlock, BasicBlockData, TerminatorKind};

/// Takes out the drops that some blocks end with.
pub(crate) fn remove(
    blocks: &mut IndexVec<BasicBlock, BasicBlockData<'_>>,
    dead: impl IntoIterator<Item = BasicBlock>,
) {
    for block in dead {
        let terminator = blocks[block].terminator_mut();
        let TerminatorKind::Drop { target, .. } = terminator.kind else {
            span_bug!(terminator.source_info.span, "a dead drop is no drop");
        };
        terminator.kind = TerminatorKind::Goto { target };
    }
}
