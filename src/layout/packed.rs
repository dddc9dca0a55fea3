//! `packed`, the default: everything that is never live at the same time may overlap.
//!
//! The packing algorithm nearly always reaches the lower bound, but it is a heuristic, and stock's
//! scheme sometimes beats it. So where it misses the bound, the other schemes' placements of the
//! same coroutine are computed too, and the smallest wins: packed is never bigger than either.

use super::coroutine::Coroutine;
use super::placement::{Placement, TooBig};
use super::{captures_only, classic};

/// Places a coroutine.
pub(super) fn place(coroutine: &Coroutine<'_>) -> Result<Placement, TooBig> {
    let problem = coroutine.problem()?;
    let packed = Placement::packed(&problem);
    if let Ok(placement) = &packed
        && problem.bound().is_ok_and(|bound| bound == placement.size)
    {
        return packed;
    }
    let candidates = [packed, classic::place(coroutine), captures_only::place_tightly(coroutine)];
    candidates
        .into_iter()
        .flatten()
        .filter(|placement| problem.check(&placement.offsets).is_ok())
        // The first of equals.
        .min_by_key(|placement| placement.size)
        .ok_or(TooBig)
}
