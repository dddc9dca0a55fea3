//! Where everything in a coroutine lies.

use snug_packing::Problem;

/// Offsets and a size, in bytes.
pub(super) struct Placement {
    /// One offset in bytes per saved local, and the tag's at the end.
    pub(super) offsets: Vec<u64>,
    /// In bytes; a multiple of the coroutine's alignment.
    pub(super) size: u64,
}

/// The placement needs more bytes than an object may have.
pub(crate) struct TooBig;

impl Placement {
    /// The packing algorithm's answer to a problem.
    pub(super) fn packed(problem: &Problem) -> Result<Placement, TooBig> {
        match problem.pack() {
            Ok(packing) => Ok(Placement { offsets: packing.offsets, size: packing.size }),
            Err(snug_packing::Error::TooBig { .. }) => Err(TooBig),
            Err(error) => bug!("a coroutine is a contradictory packing problem: {error}"),
        }
    }
}
