//! `captures-only`: the scheme of rust-lang/rust #135527, for comparison and for the cautious.
//!
//! No upvar prefix: first the tag and what is alive in two or more suspensions, then the fields of
//! each variant, Unresumed being one. The pull request gives an upvar that is saved in exactly one
//! suspension, or moved to a variable immediately, two places: one in Unresumed and one in the
//! suspension, and copies it from one to the other. Here it has one place, so nothing is copied. The
//! size is still the pull request's.

use rustc_index::IndexVec;
use rustc_index::bit_set::BitMatrix;
use rustc_middle::mir::CoroutineSavedLocal;

use super::classic::{stock, tag_and_variants};
use super::coroutine::Coroutine;
use super::placement::{Placement, TooBig};
use crate::dialect::UNRESUMED;

/// Places a coroutine; its size is at least the pull request's.
pub(super) fn place(coroutine: &Coroutine<'_>) -> Result<Placement, TooBig> {
    let original = pull_request(coroutine)?;
    let placement = with_common_places(coroutine, &original)?;
    Ok(Placement { size: placement.size.max(original.size), ..placement })
}

/// The same placement without what it may fall short of the pull request's size.
pub(super) fn place_tightly(coroutine: &Coroutine<'_>) -> Result<Placement, TooBig> {
    with_common_places(coroutine, &pull_request(coroutine)?)
}

/// The pull request's placement: of the upvars that it gives two places, the one in the suspension
/// is listed.
fn pull_request(coroutine: &Coroutine<'_>) -> Result<Placement, TooBig> {
    let mut locals = coroutine.saved.clone();
    let mut variant_fields = coroutine.variants.clone();
    for local in &mut variant_fields[UNRESUMED] {
        let has_two_places = match coroutine.suspensions(*local) {
            0 => false,
            1 => true,
            _ => coroutine.is_variable(*local),
        };
        if has_two_places {
            *local = locals.push(coroutine.saved[*local]);
        }
    }
    let mut conflicts = BitMatrix::new(locals.len(), locals.len());
    for row in coroutine.info.storage_conflicts.rows() {
        for column in coroutine.info.storage_conflicts.iter(row) {
            conflicts.insert(row, column);
        }
    }
    let layout = stock(coroutine, &locals, IndexVec::new(), &variant_fields, &conflicts)?;
    let mut offsets = vec![0; coroutine.saved.len() + 1];
    let (tag, variants) = tag_and_variants(&layout);
    offsets[coroutine.tag_item()] = tag;
    for (variant, fields) in variant_fields.iter_enumerated() {
        for (field, &local) in fields.iter_enumerated() {
            if coroutine.saved.get(local).is_some() {
                let offset = variants[variant].fields.offset(field.index());
                offsets[local.index()] = offset.bytes();
            }
        }
    }
    Ok(Placement { offsets, size: layout.size.bytes() })
}

/// Keeps the pull request's prefix where it is and places everything else once.
fn with_common_places(
    coroutine: &Coroutine<'_>,
    original: &Placement,
) -> Result<Placement, TooBig> {
    let mut problem = coroutine.problem()?;
    let prefix = |local: &CoroutineSavedLocal| coroutine.suspensions(*local) > 1;
    let pinned = coroutine.saved.indices().filter(prefix).map(|local| local.index());
    for item in pinned.chain([coroutine.tag_item()]) {
        problem.pin(item, original.offsets[item]).expect("the prefix's offsets are aligned");
    }
    Placement::packed(&problem)
}
