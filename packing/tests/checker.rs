//! The checker is proved by breaking good answers: each break must be noticed.

use proptest::prelude::*;
use snug_packing::generate::Spec;
use snug_packing::{Item, Problem, Violation};

/// Whether two items must not share bytes, said as plainly as possible.
fn conflict(spec: &Spec, a: usize, b: usize) -> bool {
    let pair = |&(x, y): &(usize, usize)| (x, y) == (a, b) || (y, x) == (a, b);
    let together = |variant: &Vec<usize>| variant.contains(&a) && variant.contains(&b);
    a != b && (spec.conflicts.iter().any(pair) || spec.variants.iter().any(together))
}

/// Whether offsets keep every rule of a spec without coincident items.
fn holds(spec: &Spec, offsets: &[u64]) -> bool {
    let align = spec.items.iter().map(|item| item.align).max().unwrap_or(1);
    let end = |item: usize| u128::from(offsets[item]) + u128::from(spec.items[item].size);
    let shares = |a: usize, b: usize| {
        let bytes = |item: usize| u128::from(offsets[item])..end(item);
        let (a, b) = (bytes(a), bytes(b));
        a.start.max(b.start) < a.end.min(b.end)
    };
    let count = spec.items.len();
    (0..count).all(|a| {
        offsets[a].is_multiple_of(spec.items[a].align)
            && end(a).next_multiple_of(align.into()) <= u128::from(spec.limit.unwrap_or(u64::MAX))
            && (0..count).all(|b| !conflict(spec, a, b) || !shares(a, b))
    }) && spec.pins.iter().all(|&(item, pin)| offsets[item] == pin)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn changed_offsets_are_judged_rightly(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        (one, two) in any::<(prop::sample::Index, prop::sample::Index)>(),
        shift in prop_oneof![1u64..40, Just(u64::MAX), Just(1 << 62)],
    ) {
        let mut spec = Spec::from_bytes(&bytes, 20);
        spec.coincident.clear();
        let problem = spec.problem().unwrap();
        let Ok(packing) = problem.pack() else { return Ok(()) };
        let count = spec.items.len();
        if count == 0 {
            return Ok(());
        }
        prop_assert!(holds(&spec, &packing.offsets));
        let (one, two) = (one.index(count), two.index(count));

        let mut shifted = packing.offsets.clone();
        shifted[one] = shifted[one].wrapping_add(shift);
        prop_assert_eq!(problem.check(&shifted).is_ok(), holds(&spec, &shifted));

        let mut swapped = packing.offsets.clone();
        swapped.swap(one, two);
        prop_assert_eq!(problem.check(&swapped).is_ok(), holds(&spec, &swapped));

        let mut moved = packing.offsets;
        moved[one] = moved[two];
        prop_assert_eq!(problem.check(&moved).is_ok(), holds(&spec, &moved));
    }

    #[test]
    fn items_torn_apart_are_noticed(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        pair in any::<prop::sample::Index>(),
    ) {
        let spec = Spec::from_bytes(&bytes, 20);
        if spec.coincident.is_empty() {
            return Ok(());
        }
        let (a, b) = spec.coincident[pair.index(spec.coincident.len())];
        let problem = spec.problem().unwrap();
        let Ok(mut packing) = problem.pack() else { return Ok(()) };
        if a == b {
            return Ok(());
        }
        packing.offsets[a] = packing.offsets[a].wrapping_add(packing.align);
        prop_assert!(problem.check(&packing.offsets).is_err());
    }
}

fn example() -> Problem {
    let item = |size| Item { size, align: size };
    let mut problem = Problem::new(vec![item(4), item(2), item(1), item(1)]).unwrap();
    problem.add_variant(&[0, 1, 2]).unwrap();
    problem.add_conflict(2, 3).unwrap();
    problem.coincide(1, 3).unwrap();
    problem.pin(0, 4).unwrap();
    problem.set_limit(8);
    problem
}

#[test]
fn each_violation_is_named() {
    let said = |offsets: &[u64]| example().check(offsets).unwrap_err().to_string();
    assert_eq!(example().check(&[4, 2, 0, 2]), Ok(()));
    assert_eq!(said(&[4, 2, 0]), "there are 3 offsets for 4 items");
    assert_eq!(
        said(&[4, 1, 0, 1]),
        "item 1 is at offset 1, which is no multiple of its alignment 2"
    );
    assert_eq!(said(&[4, 8, 0, 8]), "item 1 at offset 8 makes the object exceed 8 bytes");
    assert_eq!(said(&[0, 4, 6, 4]), "item 0 is at offset 0, but is pinned to 4");
    assert_eq!(said(&[4, 2, 0, 3]), "item 1 at offset 2 and item 3 at offset 3 must coincide");
    assert_eq!(
        said(&[4, 0, 5, 0]),
        "item 0 at offset 4 overlaps item 2 at offset 5, but they conflict"
    );
    assert_eq!(
        said(&[4, 2, 2, 2]),
        "item 2 at offset 2 overlaps item 3 at offset 2, but they conflict"
    );
}

/// The larger of two coincident items reaches further than the one before it.
#[test]
fn a_larger_coincident_item_is_not_forgotten() {
    let item = |size| Item { size, align: 1 };
    for (a, b) in [(0, 1), (1, 0)] {
        let mut sizes = [item(1), item(4), item(1)];
        sizes.swap(a, 0);
        let mut problem = Problem::new(sizes.to_vec()).unwrap();
        problem.add_variant(&[0, 1, 2]).unwrap();
        problem.coincide(a, b).unwrap();
        let violation = problem.check(&[0, 0, 2]).unwrap_err();
        assert!(matches!(violation, Violation::Overlap { b: 2, .. }));
        assert_eq!(problem.check(&[0, 0, 4]), Ok(()));
    }
}
