//! `packed`, the default: everything that is never live at the same time may overlap.
//!
//! The packing algorithm nearly always reaches the lower bound, but it is a heuristic, and stock's
//! scheme sometimes beats it. So where it misses the bound, the other schemes' placements of the
//! same coroutine are computed too, and the smallest wins: packed is never bigger than either.

use super::coroutine::Coroutine;
use super::{Placement, TooBig, captures_only, classic};

/// Places a coroutine.
pub(super) fn place(coroutine: &Coroutine<'_>) -> Result<Placement, TooBig> {
    let problem = coroutine.problem()?;
    let packing = problem.pack().ok();
    if let Some(packing) = &packing
        && problem.bound().is_ok_and(|bound| bound == packing.size)
    {
        return Ok(Placement { offsets: packing.offsets.clone(), size: packing.size });
    }
    let packed = packing.map(|packing| Placement { offsets: packing.offsets, size: packing.size });
    let others = [classic::place(coroutine).ok(), captures_only::place_tightly(coroutine).ok()];
    // `min_by_key` keeps the first of equals.
    let candidates = [packed].into_iter().chain(others).flatten();
    candidates
        .filter(|placement| problem.check(&placement.offsets).is_ok())
        .min_by_key(|placement| placement.size)
        .ok_or(TooBig)
}
