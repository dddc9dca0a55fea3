//! What shares, and what does not, in small functions.

use std::time::Instant;

use snug_slots::Event::{Dead, Live, Use, Write};
use snug_slots::{Area, Event, Flow, Item, check, plan};

/// A function: events and successors of each block.
fn flow(blocks: &[(&[Event], &[u32])]) -> Flow {
    let mut flow = Flow::default();
    for (events, successors) in blocks {
        events.iter().for_each(|&event| flow.push(event));
        flow.end_block(successors.iter().copied());
    }
    flow
}

/// The area of some locals of 64 bytes; it has been checked.
fn area(locals: usize, flow: &Flow) -> Option<Area> {
    let items = vec![Item { size: 64, align: 8 }; locals];
    let area = plan(&items, flow);
    if let Some(area) = &area {
        check(&items, flow, area).unwrap();
    }
    area
}

fn size(locals: usize, blocks: &[(&[Event], &[u32])]) -> Option<u64> {
    area(locals, &flow(blocks)).map(|area| area.size)
}

#[test]
fn one_after_the_other() {
    let events = [Live(0), Use(0), Dead(0), Live(1), Use(1), Dead(1)];
    assert_eq!(size(2, &[(&events, &[])]), Some(64));
}

#[test]
fn at_the_same_time() {
    assert_eq!(size(2, &[(&[Live(0), Live(1), Use(0), Dead(0), Use(1), Dead(1)], &[])]), None);
    // The end of one is after the begin of the other, though neither is used meanwhile.
    assert_eq!(size(2, &[(&[Live(0), Use(0), Live(1), Dead(0), Use(1), Dead(1)], &[])]), None);
}

#[test]
fn arms_of_a_match() {
    let arms = [
        (&[][..], &[1, 2, 3][..]),
        (&[Live(0), Use(0), Dead(0)], &[4]),
        (&[Live(1), Use(1), Dead(1)], &[4]),
        (&[Live(2), Use(2), Dead(2)], &[4]),
        (&[], &[]),
    ];
    assert_eq!(size(3, &arms), Some(64));
}

#[test]
fn an_end_that_unwinding_leaves_out() {
    // The second one is made while the first one still has storage, on the way that unwinds alone.
    let blocks = [
        (&[Live(0), Use(0)][..], &[1, 2][..]),
        (&[Dead(0), Live(1), Use(1), Dead(1)], &[]),
        (&[Use(0), Live(1), Use(1), Dead(1), Use(0)], &[]),
    ];
    assert_eq!(size(2, &blocks), None);
    let without_cleanup = [blocks[0], blocks[1], (&[Use(0)][..], &[][..])];
    assert_eq!(size(2, &without_cleanup), Some(64));
}

#[test]
fn loops() {
    // The first one is alive from one iteration to the next.
    let carried = [
        (&[][..], &[1][..]),
        (&[Live(1), Use(1), Dead(1), Live(0), Use(0)], &[1, 2]),
        (&[Dead(0)], &[]),
    ];
    assert_eq!(size(2, &carried), None);
    let ended = [
        (&[][..], &[1][..]),
        (&[Live(1), Use(1), Dead(1), Live(0), Use(0), Dead(0)], &[1, 2]),
        (&[], &[]),
    ];
    assert_eq!(size(2, &ended), Some(64));
    // Storage that begins anew without having ended.
    let anew = [
        (&[][..], &[1][..]),
        (&[Live(0), Use(0)], &[1, 2]),
        (&[Dead(0), Live(1), Use(1), Dead(1)], &[]),
    ];
    assert_eq!(size(2, &anew), Some(64));
}

#[test]
fn storage_that_ends_on_one_way() {
    let blocks = [
        (&[Live(0), Use(0)][..], &[1, 2][..]),
        (&[Dead(0)], &[3]),
        (&[], &[3]),
        (&[Live(1), Use(1), Dead(1)], &[]),
    ];
    assert_eq!(size(2, &blocks), None);
}

#[test]
fn begun_on_different_ways() {
    // On no way through the function do both have storage. Which way has been taken is not asked, and the checker could not tell.
    let blocks = [
        (&[][..], &[1, 2][..]),
        (&[Live(0), Use(0)], &[3]),
        (&[Live(1), Use(1)], &[3]),
        (&[], &[4, 5]),
        (&[Use(0), Dead(0)], &[]),
        (&[Use(1), Dead(1)], &[]),
    ];
    assert_eq!(size(2, &blocks), None);
}

#[test]
fn without_markers_nothing_is_shared() {
    assert_eq!(size(2, &[(&[Use(0), Use(1)], &[])]), None);
    assert_eq!(size(3, &[(&[Use(2), Live(0), Dead(0), Live(1), Dead(1)], &[])]), Some(128));
}

#[test]
fn used_without_storage() {
    // Its markers are wrong, so it shares with nobody.
    let events =
        [Use(0), Live(0), Use(0), Dead(0), Live(1), Use(1), Dead(1), Live(2), Use(2), Dead(2)];
    let area = area(3, &flow(&[(&events, &[])])).unwrap();
    assert_eq!(area.size, 128);
    let [one, two, three] = area.offsets[..] else { panic!("{area:?}") };
    assert_eq!((one == two, two == three), (false, true));
}

#[test]
fn what_cannot_be_reached() {
    let blocks = [
        (&[Live(0), Use(0), Dead(0), Live(1), Use(1), Dead(1)][..], &[][..]),
        (&[Live(0), Live(1), Use(0), Use(1)], &[0]),
    ];
    assert_eq!(size(2, &blocks), Some(64));
}

#[test]
fn small_gains_change_nothing() {
    let items = [Item { size: 8, align: 8 }; 2];
    let flow = flow(&[(&[Live(0), Use(0), Dead(0), Live(1), Use(1), Dead(1)], &[])]);
    assert_eq!(plan(&items, &flow), None);
}

#[test]
fn small_locals_lie_close_together() {
    // A slot takes eight bytes at least, and these are always stored.
    let items = [Item { size: 1, align: 1 }; 16];
    let mut flow = Flow::default();
    flow.end_block([]);
    let area = plan(&items, &flow).unwrap();
    assert_eq!((area.size, area.align), (16, 1));
    check(&items, &flow, &area).unwrap();
}

#[test]
fn alignments() {
    let items = [
        Item { size: 1, align: 1 },
        Item { size: 16, align: 16 },
        Item { size: 24, align: 8 },
        Item { size: 64, align: 4 },
    ];
    let events = [Live(0), Live(1), Live(2), Dead(0), Dead(1), Dead(2), Live(3), Dead(3)];
    let flow = flow(&[(&events, &[])]);
    let area = plan(&items, &flow).unwrap();
    check(&items, &flow, &area).unwrap();
    assert_eq!((area.size, area.align), (64, 16));
}

/// The size for locals that go by their values, but for the last one.
fn by_values(locals: usize, blocks: &[(&[Event], &[u32])]) -> Option<u64> {
    let mut flow = flow(blocks);
    (0..locals as u32 - 1).for_each(|local| flow.go_by_value(local));
    area(locals, &flow).map(|area| area.size)
}

#[test]
fn temporaries_that_are_handed_on() {
    // 1 = f(0); 2 = g(1): who is handed on must be there until the next one has been written.
    let storage = [Live(0), Live(1), Live(2)];
    let handed_on = [Write(0), Use(0), Write(1), Use(0), Use(1), Write(2), Use(1), Use(2)];
    let events =
        [&storage[..], &handed_on, &[Dead(2), Dead(1), Dead(0), Live(3), Dead(3)]].concat();
    assert_eq!(by_values(4, &[(&events, &[])]), Some(128));
    let by_storage = flow(&[(&events, &[])]);
    assert_eq!(area(4, &by_storage).map(|area| area.size), Some(192));
}

#[test]
fn values_that_are_needed_on_one_way() {
    let blocks = [
        (&[Write(0)][..], &[1, 2][..]),
        (&[Use(0)], &[3]),
        (&[Write(1), Use(1)], &[3]),
        (&[], &[]),
    ];
    // The last one has no markers.
    assert_eq!(by_values(3, &blocks), Some(128));
    let kept = [blocks[0], blocks[1], blocks[2], (&[Use(0)][..], &[][..])];
    assert_eq!(by_values(3, &kept), None);
}

#[test]
fn values_in_loops() {
    let carried = [(&[Write(0)][..], &[1][..]), (&[Use(0), Write(1), Use(1)], &[1, 2]), (&[], &[])];
    assert_eq!(by_values(3, &carried), None);
    let made_anew =
        [(&[][..], &[1][..]), (&[Write(0), Use(0), Write(1), Use(1)], &[1, 2]), (&[], &[])];
    assert_eq!(by_values(3, &made_anew), Some(128));
}

#[test]
fn values_that_nobody_reads() {
    // Writing them hits whoever is there.
    assert_eq!(by_values(3, &[(&[Write(0), Write(1), Use(0)], &[])]), None);
}

#[test]
fn values_beside_what_is_borrowed() {
    // The last one is used by its address for as long as it has storage.
    assert_eq!(by_values(2, &[(&[Live(1), Use(1), Write(0), Use(0), Dead(1)], &[])]), None);
    assert_eq!(by_values(2, &[(&[Write(0), Live(1), Use(0), Dead(1)], &[])]), None);
    assert_eq!(by_values(2, &[(&[Write(0), Use(0), Live(1), Use(1), Dead(1)], &[])]), Some(64));
}

/// Time is not tested, only that it is not a matter of minutes: a test that takes so long is noticed.
#[test]
fn ten_thousand_blocks() {
    let locals = 2048;
    let begun = Instant::now();
    let items: Vec<Item> =
        (0..locals).map(|local| Item { size: 8 + 8 * (local % 60), align: 8 }).collect();
    let mut flow = Flow::default();
    flow.end_block(1..=10_000);
    for block in 1..=10_000_u32 {
        let local = |number: u32| (block * 7 + number * 331) % locals as u32;
        for number in 0..4 {
            flow.push(Live(local(number)));
            flow.push(Use(local(number)));
        }
        for number in 0..4 {
            flow.push(Dead(local(number)));
        }
        flow.end_block([10_001]);
    }
    flow.end_block([0]);
    let area = plan(&items, &flow).unwrap();
    let sum: u64 = items.iter().map(|item| item.size).sum();
    assert!(area.size * 20 < sum, "{} of {sum} after {:?}", area.size, begun.elapsed());
}
