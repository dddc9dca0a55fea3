//! Places, as far as the validator follows them: a local and fields of fields.
//!
//! A place is split in two: its *base*, a local with fields, variants and elements at known positions, and
//! the *rest*, from the first dereference, computed index, subslice or union field on. Values are followed
//! by bases. What lies in a union, or at an index, is a part of its base that nobody knows; what lies behind a
//! pointer is none of the base's bytes.

use std::cmp::Ordering;

use rustc_middle::mir::{Body, Place, PlaceElem, PlaceTy, ProjectionElem};
use rustc_middle::ty::{self, TyCtxt};

/// A place, split into what is followed and the rest.
#[derive(Clone, Copy)]
pub(super) struct Split<'tcx> {
    pub(super) base: Place<'tcx>,
    pub(super) rest: &'tcx [PlaceElem<'tcx>],
}

impl Split<'_> {
    /// Whether the place lies behind a pointer that the base holds, or in one.
    pub(super) fn is_indirect(&self) -> bool {
        self.rest.contains(&ProjectionElem::Deref)
    }
}

/// Splits a place of a body.
pub(super) fn split<'tcx>(tcx: TyCtxt<'tcx>, body: &Body<'tcx>, place: Place<'tcx>) -> Split<'tcx> {
    let mut ty = PlaceTy::from_ty(body.local_decls[place.local].ty);
    let mut elems = Vec::with_capacity(place.projection.len());
    for elem in place.projection {
        let Some(followed) = followed(tcx, ty, elem) else { break };
        elems.push(followed);
        ty = ty.projection_ty(tcx, elem);
    }
    let rest = &place.projection[elems.len()..];
    let base = Place { local: place.local, projection: tcx.mk_place_elems(&elems) };
    Split { base, rest }
}

/// The projection as it is in a base, elements of arrays counted from the start; `None` if a base ends there.
fn followed<'tcx>(
    tcx: TyCtxt<'tcx>,
    of: PlaceTy<'tcx>,
    elem: PlaceElem<'tcx>,
) -> Option<PlaceElem<'tcx>> {
    match elem {
        ProjectionElem::Field(..) => (!of.ty.is_union()).then_some(elem),
        ProjectionElem::Downcast(..) => Some(elem),
        ProjectionElem::ConstantIndex { offset, min_length, from_end } => {
            let ty::Array(_, length) = of.ty.kind() else { return None };
            let offset = if from_end {
                length.try_to_target_usize(tcx)?.checked_sub(offset)?
            } else {
                offset
            };
            Some(ProjectionElem::ConstantIndex { offset, min_length, from_end: false })
        }
        ProjectionElem::Deref
        | ProjectionElem::Index(_)
        | ProjectionElem::Subslice { .. }
        | ProjectionElem::OpaqueCast(_)
        | ProjectionElem::UnwrapUnsafeBinder(_) => None,
    }
}

/// Projections of a base, in a form that can be compared: types and names tell nothing.
fn key(elem: &PlaceElem<'_>) -> (u8, u64) {
    match elem {
        ProjectionElem::Field(field, _) => (0, u64::from(field.as_u32())),
        ProjectionElem::Downcast(_, variant) => (1, u64::from(variant.as_u32())),
        ProjectionElem::ConstantIndex { offset, .. } => (2, *offset),
        elem => bug!("{elem:?} is no projection of a base"),
    }
}

/// Compares paths of projections below a base.
pub(super) fn compare(one: &[PlaceElem<'_>], other: &[PlaceElem<'_>]) -> Ordering {
    one.iter().map(key).cmp(other.iter().map(key))
}

/// Compares bases.
pub(super) fn compare_places(one: Place<'_>, other: Place<'_>) -> Ordering {
    one.local.cmp(&other.local).then_with(|| compare(one.projection, other.projection))
}

/// What leads from one path to another below it; `None` if that is not below it.
pub(super) fn below<'a, 'tcx>(
    outer: &[PlaceElem<'tcx>],
    inner: &'a [PlaceElem<'tcx>],
) -> Option<&'a [PlaceElem<'tcx>]> {
    let (front, rest) = inner.split_at_checked(outer.len())?;
    compare(outer, front).is_eq().then_some(rest)
}

/// What leads from one base to another that is a part of it, or it.
pub(super) fn part<'tcx>(whole: Place<'tcx>, part: Place<'tcx>) -> Option<&'tcx [PlaceElem<'tcx>]> {
    (whole.local == part.local).then(|| below(whole.projection, part.projection.as_slice()))?
}

/// Whether two bases share bytes.
pub(super) fn overlap<'tcx>(one: Place<'tcx>, other: Place<'tcx>) -> bool {
    part(one, other).is_some() || part(other, one).is_some()
}

/// Whether two pairs of bases name the same part of one pair: then one being the other's is no news.
pub(super) fn are_aligned<'tcx>(one: [Place<'tcx>; 2], other: [Place<'tcx>; 2]) -> bool {
    is_part_of_pair(one, other).is_some() || is_part_of_pair(other, one).is_some()
}

/// What leads from both places of a pair to both of another.
pub(super) fn is_part_of_pair<'tcx>(
    whole: [Place<'tcx>; 2],
    inner: [Place<'tcx>; 2],
) -> Option<&'tcx [PlaceElem<'tcx>]> {
    let way = part(whole[0], inner[0])?;
    let other = part(whole[1], inner[1])?;
    compare(way, other).is_eq().then_some(way)
}

/// The part of a base that some projections lead to.
pub(super) fn project<'tcx>(
    tcx: TyCtxt<'tcx>,
    place: Place<'tcx>,
    way: &[PlaceElem<'tcx>],
) -> Place<'tcx> {
    place.project_deeper(way, tcx)
}
