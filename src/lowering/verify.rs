//! What must hold in a coroutine's layout, whatever its body does.

use rustc_abi::VariantIdx;
use rustc_index::IndexVec;
use rustc_index::bit_set::BitMatrix;
use rustc_middle::mir::CoroutineSavedLocal;

use super::seen::{Bytes, Seen, variant_name};
use super::violation::Violation;
use crate::dialect::UNRESUMED;

/// Checks everything that one look at the layout shows.
pub(super) fn layout(seen: &Seen<'_>) -> Result<(), Violation> {
    if !seen.has_all_parts() {
        let name = seen.name();
        let message = format!("the layout of `{name}` does not have the fields of its variants");
        return Err(seen.violation(message));
    }
    extents(seen)?;
    relocations(seen)?;
    one_place(seen)?;
    alive_together(seen)
}

/// Every part is aligned and ends before the coroutine does.
fn extents(seen: &Seen<'_>) -> Result<(), Violation> {
    let (size, align) = (seen.layout.size.bytes(), seen.layout.align.bytes());
    if !size.is_multiple_of(align) {
        return Err(seen.violation(format!(
            "the size of `{}`, {size} bytes, is no multiple of its alignment, {align}",
            seen.name(),
        )));
    }
    for (variant, field, local) in seen.fields() {
        let bytes = seen.field(variant, field);
        let wanted = seen.saved[local].align;
        if !bytes.start.is_multiple_of(wanted) {
            return Err(seen.violation(format!(
                "{} has alignment {wanted}, but lies at offset {} of `{}`",
                seen.name_of(local),
                bytes.start,
                seen.name(),
            )));
        }
        if wanted > align {
            return Err(seen.violation(format!(
                "{} has alignment {wanted}, but `{}`, which it is in, only {align}",
                seen.name_of(local),
                seen.name(),
            )));
        }
        if bytes.end > size {
            return Err(seen.violation(format!(
                "{} ends at byte {} of `{}`, which has only {size}",
                seen.name_of(local),
                bytes.end,
                seen.name(),
            )));
        }
    }
    let tag = seen.tag();
    if tag.end > size {
        return Err(seen.violation(format!(
            "the state of `{}` has {tag}, but the coroutine has only {size}",
            seen.name(),
        )));
    }
    Ok(())
}

/// Every upvar lies in one place: as a field of the coroutine, in Unresumed, and, where it is
/// saved, in its slot. Lowering emits nothing for the way from the one to the other.
fn relocations(seen: &Seen<'_>) -> Result<(), Violation> {
    for (upvar, &unresumed) in seen.info.variant_fields[UNRESUMED].iter_enumerated() {
        let outer = seen.upvar(upvar);
        let inner = seen.field(UNRESUMED, upvar);
        if outer != inner {
            return Err(seen.violation(format!(
                "the upvar {} of `{}` has {outer} as a captured variable, but {inner} in its \
                 variant Unresumed",
                seen.name_of(unresumed),
                seen.name(),
            )));
        }
    }
    let mut upvar_in = IndexVec::from_elem(None, &seen.saved);
    for (upvar, slot) in seen.slots.iter_enumerated() {
        if let Some(slot) = *slot {
            upvar_in[slot] = Some(upvar);
        }
    }
    for (variant, field, local) in seen.fields() {
        let Some(upvar) = upvar_in[local] else { continue };
        let (outer, slot) = (seen.upvar(upvar), seen.field(variant, field));
        if outer != slot {
            return Err(seen.violation(format!(
                "relocating the upvar {} of `{}` would copy it: it has {outer} before the first \
                 resume, but its slot has {slot} in {}",
                seen.name_of(seen.info.variant_fields[UNRESUMED][upvar]),
                seen.name(),
                variant_name(variant),
            )));
        }
    }
    Ok(())
}

/// What is saved in several variants lies in one place: resuming moves nothing.
fn one_place(seen: &Seen<'_>) -> Result<(), Violation> {
    let mut first = IndexVec::from_elem(None, &seen.saved);
    for (variant, field, local) in seen.fields() {
        let bytes = seen.field(variant, field);
        let (other, place) = *first[local].get_or_insert((variant, bytes));
        if place != bytes {
            return Err(seen.violation(format!(
                "{} of `{}` does not keep its place: it has {place} in {}, but {bytes} in {}",
                seen.name_of(local),
                seen.name(),
                variant_name(other),
                variant_name(variant),
            )));
        }
    }
    Ok(())
}

/// What is alive in a variant overlaps neither the tag nor each other.
fn alive_together(seen: &Seen<'_>) -> Result<(), Violation> {
    let tag = seen.tag();
    for (variant, fields) in seen.info.variant_fields.iter_enumerated() {
        let mut parts: Vec<(Bytes, CoroutineSavedLocal)> = fields
            .iter_enumerated()
            .map(|(field, &local)| (seen.field(variant, field), local))
            .filter(|(bytes, _)| bytes.start < bytes.end)
            .collect();
        if let Some((bytes, local)) = parts.iter().find(|(bytes, _)| bytes.overlap(tag)) {
            return Err(seen.violation(format!(
                "{} of `{}` ({bytes}) overlaps the coroutine's state ({tag})",
                seen.name_of(*local),
                seen.name(),
            )));
        }
        parts.sort_unstable_by_key(|(bytes, _)| bytes.start);
        for pair in parts.windows(2) {
            if pair[0].0.overlap(pair[1].0) {
                return Err(both_alive(seen, variant, pair[0], pair[1]));
            }
        }
    }
    Ok(())
}

fn both_alive(
    seen: &Seen<'_>,
    variant: VariantIdx,
    (one_bytes, one): (Bytes, CoroutineSavedLocal),
    (other_bytes, other): (Bytes, CoroutineSavedLocal),
) -> Violation {
    let (one, other, name) = (seen.name_of(one), seen.name_of(other), seen.name());
    if variant == UNRESUMED {
        return seen.violation(format!(
            "two captured variables of `{name}` overlap: {one} ({one_bytes}) and {other} \
             ({other_bytes})"
        ));
    }
    Violation {
        span: seen.info.variant_source_info[variant].span,
        message: format!(
            "{one} ({one_bytes}) and {other} ({other_bytes}) of `{name}` overlap, but are both \
             alive in {}",
            variant_name(variant),
        ),
    }
}

/// Which saved locals share bytes with values other than their own.
pub(super) struct Overlaps {
    pub(super) matrix: BitMatrix<CoroutineSavedLocal, CoroutineSavedLocal>,
    pub(super) any: bool,
}

/// Finds the saved locals that share bytes, anywhere in the coroutine.
pub(super) fn overlaps(seen: &Seen<'_>) -> Overlaps {
    let mut parts: Vec<(Bytes, CoroutineSavedLocal)> = seen
        .places()
        .iter_enumerated()
        .filter_map(|(local, bytes)| Some(((*bytes)?, local)))
        .filter(|(bytes, _)| bytes.start < bytes.end)
        .collect();
    parts.sort_unstable_by_key(|(bytes, _)| bytes.start);
    let mut overlaps =
        Overlaps { matrix: BitMatrix::new(seen.saved.len(), seen.saved.len()), any: false };
    for (index, &(bytes, local)) in parts.iter().enumerate() {
        let after = parts[index + 1..].iter().take_while(|(other, _)| other.start < bytes.end);
        // A slot does not overlap its own alias.
        let after = after.filter(|(_, other)| seen.holders[*other] != seen.holders[local]);
        for &(_, other) in after {
            overlaps.matrix.insert(local, other);
            overlaps.matrix.insert(other, local);
            overlaps.any = true;
        }
    }
    overlaps
}

/// What rustc's liveness found to be stored at the same time, suspended or not, does not overlap.
/// That covers what [`super::flow`] cannot see: values that are used through pointers.
pub(super) fn conflicts(seen: &Seen<'_>, overlaps: &Overlaps) -> Result<(), Violation> {
    if !overlaps.any {
        return Ok(());
    }
    for one in overlaps.matrix.rows() {
        for other in overlaps.matrix.iter(one) {
            if seen.info.storage_conflicts.contains(one, other) {
                return Err(seen.violation(format!(
                    "{} and {} of `{}` overlap, but may be stored at the same time",
                    seen.describe(one),
                    seen.describe(other),
                    seen.name(),
                )));
            }
        }
    }
    Ok(())
}
