//! `packed`, the default: everything that is never live at the same time may overlap.
//!
//! The packing algorithm nearly always reaches the lower bound, but it is a heuristic, and stock's
//! scheme sometimes beats it. So where it misses the bound, the other schemes' placements of the
//! same coroutine are computed too, and the smallest wins: packed is never bigger than either.
//!
//! Of equally small placements, one is taken in which what the coroutine holds when it is created
//! lies at the low end, well arranged if that can be: moving it somewhere moves that and nothing
//! else ([`super::created`]).

use snug_packing::Problem;

use super::coroutine::Coroutine;
use super::created::{self, Piece};
use super::placement::{Placement, TooBig};
use super::{captures_only, classic};

/// Places a coroutine.
pub(super) fn place(coroutine: &Coroutine<'_>) -> Result<Placement, TooBig> {
    let mut problem = coroutine.problem()?;
    let pieces = created::pieces(coroutine);
    for piece in &pieces {
        problem.prefer_low(piece.item, piece.end).expect("pieces are items");
    }
    let smallest = smallest(coroutine, &problem)?;
    Ok(arranged(&problem, pieces, smallest.size).unwrap_or(smallest))
}

fn smallest(coroutine: &Coroutine<'_>, problem: &Problem) -> Result<Placement, TooBig> {
    let packed = Placement::packed(problem);
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
        .min_by_key(|placement| (placement.size, problem.low_end(&placement.offsets)))
        .ok_or(TooBig)
}

/// A placement of at most this size in which what the coroutine holds when it is created is arranged
/// as is best, or second best.
fn arranged(problem: &Problem, pieces: Vec<Piece>, size: u64) -> Option<Placement> {
    created::arrangements(pieces).into_iter().find_map(|arrangement| {
        let mut pinned = problem.clone();
        pinned.set_limit(size);
        for (item, offset) in arrangement {
            pinned.pin(item, offset).expect("pieces are items");
        }
        Placement::packed(&pinned).ok()
    })
}
