//! Packs any problem and lets the checker, the bounds and the exact search judge.
#![no_main]

use libfuzzer_sys::fuzz_target;
use snug_packing::generate::Spec;
use snug_packing::{Error, exact};

fuzz_target!(|bytes: &[u8]| {
    // Half of the inputs are small enough for the exact search.
    let small = bytes.len() % 2 == 0;
    let spec = Spec::from_bytes(bytes, if small { 5 } else { 60 });
    let problem = spec.problem().expect("generated indices are in range");
    let answer = problem.pack();
    if let Ok(packing) = &answer {
        problem
            .check(&packing.offsets)
            .expect("answers keep the rules");
        assert!(problem.bound().expect("a solved problem has a bound") <= packing.size);
        assert!(packing.size <= spec.limit.unwrap_or(u64::MAX));
    }

    let mut reversed = spec.clone();
    reversed.variants.reverse();
    reversed
        .variants
        .iter_mut()
        .for_each(|variant| variant.reverse());
    reversed.conflicts.reverse();
    reversed.coincident.reverse();
    reversed.pins.reverse();
    let reversed = reversed.problem().expect("generated indices are in range");
    assert_eq!(answer, reversed.pack());

    if small {
        let smallest = exact::smallest(&spec);
        match answer {
            Ok(packing) => assert!(smallest.is_some_and(|smallest| smallest <= packing.size)),
            Err(Error::TooBig { limit }) => {
                // A size of exactly `u64::MAX` may be missed.
                let missed = smallest.is_some_and(|smallest| smallest <= limit);
                assert!(!missed || smallest == Some(u64::MAX));
            }
            Err(_) => assert_eq!(smallest, None),
        }
    }
});
