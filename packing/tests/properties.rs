//! What must hold of every problem, tried on generated ones.

use proptest::prelude::*;
use snug_packing::generate::Spec;
use snug_packing::{Error, Packing, exact};

fn any_spec(max_items: usize) -> impl Strategy<Value = Spec> {
    let bytes = prop::collection::vec(any::<u8>(), 0..300);
    bytes.prop_map(move |bytes| Spec::from_bytes(&bytes, max_items))
}

/// A spec with numbers to permute its items.
fn with_numbers(max_items: usize) -> impl Strategy<Value = (Spec, Vec<usize>)> {
    any_spec(max_items).prop_flat_map(|spec| {
        let numbers: Vec<usize> = (0..spec.items.len()).collect();
        (Just(spec), Just(numbers).prop_shuffle())
    })
}

fn solve(spec: &Spec) -> Result<Packing, Error> {
    spec.problem()?.pack()
}

/// The size of all groups of coincident items, one after the other, from high alignment to
/// low.
fn stacked(spec: &Spec) -> Option<u128> {
    let mut groups: Vec<usize> = (0..spec.items.len()).collect();
    for &(a, b) in &spec.coincident {
        let (from, to) = (groups[a], groups[b]);
        let members = groups.iter_mut().filter(|group| **group == from);
        members.for_each(|group| *group = to);
    }
    let mut blocks = vec![(1, 0); spec.items.len()];
    for (item, &group) in spec.items.iter().zip(&groups) {
        let block: &mut (u64, u64) = &mut blocks[group];
        *block = (block.0.max(item.align), block.1.max(item.size));
    }
    blocks.sort_unstable();
    let place = |end: u128, &(align, size): &(u64, u64)| match size {
        0 => end,
        _ => end.next_multiple_of(align.into()) + u128::from(size),
    };
    let end = blocks.iter().rev().fold(0, place);
    let align = spec.items.iter().map(|item| item.align).max()?;
    Some(end.next_multiple_of(align.into()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn every_answer_keeps_the_rules(spec in any_spec(40)) {
        let problem = spec.problem().unwrap();
        let Ok(packing) = problem.pack() else { return Ok(()) };
        prop_assert_eq!(problem.check(&packing.offsets), Ok(()));
        let bound = problem.bound().unwrap();
        let strong = problem.strong_bound().unwrap();
        prop_assert!(bound <= strong && strong <= packing.size);
        prop_assert!(packing.size <= spec.limit.unwrap_or(u64::MAX));
        prop_assert_eq!(packing.size % packing.align, 0);
        let align = spec.items.iter().map(|item| item.align).max().unwrap_or(1);
        prop_assert_eq!(packing.align, align);
        let ends = spec.items.iter().zip(&packing.offsets).map(|(item, at)| item.size + at);
        let end = ends.max().unwrap_or(0);
        prop_assert_eq!(end.checked_next_multiple_of(align), Some(packing.size));
    }

    #[test]
    fn what_prefers_the_low_end_costs_nothing(spec in any_spec(40)) {
        let Ok(packing) = solve(&spec) else { return Ok(()) };
        let mut without = spec.clone();
        without.low.clear();
        let plain = solve(&without).unwrap();
        prop_assert!(packing.size <= plain.size);
        let problem = spec.problem().unwrap();
        prop_assert!(problem.low_end(&packing.offsets) <= problem.low_end(&plain.offsets));
    }

    #[test]
    fn the_low_end_is_that_of_the_best_packing_or_above(mut spec in any_spec(6)) {
        spec.limit = None;
        let (Some((size, low_end)), Ok(packing)) = (exact::lowest(&spec), solve(&spec)) else {
            return Ok(());
        };
        let found = spec.problem().unwrap().low_end(&packing.offsets);
        prop_assert!((size, low_end) <= (packing.size, found));
    }

    #[test]
    fn never_above_the_sum(mut spec in any_spec(40)) {
        spec.pins.clear();
        let Some(sum) = stacked(&spec) else { return Ok(()) };
        match solve(&spec) {
            Ok(packing) => prop_assert!(u128::from(packing.size) <= sum),
            Err(Error::TooBig { limit }) => prop_assert!(sum > u128::from(limit)),
            Err(Error::CoincidentConflict { .. }) => {}
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn errors_are_true(spec in any_spec(6)) {
        let smallest = exact::smallest(&spec);
        match solve(&spec) {
            Ok(packing) => prop_assert!(smallest.unwrap() <= packing.size),
            Err(Error::TooBig { limit }) => {
                prop_assert!(smallest.is_none_or(|smallest| smallest > limit));
            }
            Err(_) => prop_assert_eq!(smallest, None),
        }
    }

    #[test]
    fn bounds_are_bounds(mut spec in any_spec(6)) {
        spec.limit = None;
        if let (Some(smallest), Ok(problem)) = (exact::smallest(&spec), spec.problem()) {
            prop_assert!(problem.bound().unwrap() <= smallest);
            prop_assert!(problem.strong_bound().unwrap() <= smallest);
        }
    }

    #[test]
    fn the_order_of_calls_does_not_matter(
        (spec, numbers) in with_numbers(40),
        turn in 0usize..8,
    ) {
        let mut other = spec.clone();
        for variant in &mut other.variants {
            variant.sort_by_key(|&item| numbers[item]);
            variant.extend_from_within(..variant.len() / 2);
        }
        let turn = turn % spec.variants.len().max(1);
        other.variants.rotate_left(turn);
        other.variants.extend_from_within(..turn);
        other.conflicts.reverse();
        other.coincident.reverse();
        other.pins.reverse();
        other.low.reverse();
        for (a, b) in other.conflicts.iter_mut().chain(&mut other.coincident) {
            std::mem::swap(a, b);
        }
        let (one, two) = (spec.problem().unwrap(), other.problem().unwrap());
        prop_assert_eq!(one.pack(), two.pack());
        prop_assert_eq!(one.bound(), two.bound());
    }

    #[test]
    fn numbering_matters_only_between_equals((mut spec, numbers) in with_numbers(40)) {
        // Sizes that differ, as most of these do, make all keys differ.
        for (index, item) in spec.items.iter_mut().enumerate() {
item.align = item.align.min(32);
            item.size = (item.size % 64 * 64 + index as u64) * item.align;
        }
        let mut sizes: Vec<u64> = spec.items.iter().map(|item| item.size).collect();
        sizes.sort_unstable();
        sizes.dedup();
        spec.coincident.clear();
        if sizes.len() < spec.items.len() {
            return Ok(());
        }
        let renumbered = spec.renumbered(&numbers);
        match (solve(&spec), solve(&renumbered)) {
            (Ok(one), Ok(two)) => {
                prop_assert_eq!(one.size, two.size);
                for (item, &number) in numbers.iter().enumerate() {
                    prop_assert_eq!(one.offsets[item], two.offsets[number]);
                }
            }
            (one, two) => prop_assert_eq!(one.is_err(), two.is_err()),
        }
    }

    #[test]
    fn more_rules_never_lower_the_bound(spec in any_spec(40)) {
        let mut fewer = spec.clone();
        fewer.variants.pop();
        let (all, fewer) = (spec.problem().unwrap(), fewer.problem().unwrap());
        if let (Ok(all), Ok(fewer)) = (all.bound(), fewer.bound()) {
            prop_assert!(fewer <= all);
        }
    }
}

/// Large problems take other paths: budgets run out.
#[test]
fn large_problems_keep_the_rules_too() {
    let specs = [
        Spec::scopes(1, 3_000, 300),
        Spec::runs(2, 3_000, 300),
        Spec::random(3, 2_000, 300, 10),
        Spec::random(4, 300, 100, 2),
    ];
    for spec in specs {
        let problem = spec.problem().unwrap();
        let packing = problem.pack().unwrap();
        assert_eq!(problem.check(&packing.offsets), Ok(()));
        assert!(u128::from(packing.size) <= stacked(&spec).unwrap());
        assert!(packing.size >= problem.bound().unwrap());
        let mut reversed = spec.clone();
        reversed.variants.reverse();
        assert_eq!(solve(&reversed), Ok(packing));
    }
}

/// Conflicts given as pairs are solved by other code than those of variants, both where
/// they are sparse and where they are dense.
#[test]
fn pairs_are_as_good_as_variants() {
    for (items, variants) in [(30, 40), (300, 40), (300, 2_000)] {
        let mut spec = Spec::runs(5, items, variants);
        let in_variants = solve(&spec).unwrap();
        for variant in std::mem::take(&mut spec.variants) {
            for (at, &a) in variant.iter().enumerate() {
                spec.conflicts.extend(variant[..at].iter().map(|&b| (a, b)));
            }
        }
        let problem = spec.problem().unwrap();
        let in_pairs = problem.pack().unwrap();
        assert_eq!(problem.check(&in_pairs.offsets), Ok(()));
        assert!(in_pairs.size <= in_variants.size + in_variants.size / 10);
    }
}
