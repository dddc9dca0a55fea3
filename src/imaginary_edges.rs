//! The edges that exist for borrowck alone.

use rustc_middle::mir::{Body, TerminatorKind};

/// Removes them, as `CleanupPostBorrowck` (`rustc_mir_transform/src/cleanup_post_borrowck.rs`) does a little later.
pub(crate) fn remove(body: &mut Body<'_>) {
    for data in body.basic_blocks_mut() {
        let terminator = data.terminator_mut();
        if let TerminatorKind::FalseEdge { real_target: target, .. }
        | TerminatorKind::FalseUnwind { real_target: target, .. } = terminator.kind
        {
            terminator.kind = TerminatorKind::Goto { target };
        }
    }
}
