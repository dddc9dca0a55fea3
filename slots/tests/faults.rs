//! Faults in areas and markers: each is noticed with a sentence of its own.

use snug_slots::Event::{Dead, Live, Use, Write};
use snug_slots::{Area, Event, Flow, Item, check, plan};

/// `first` and `second` one after the other, and `always` without markers.
const NAMES: [&str; 3] = ["first", "second", "always"];
const ITEMS: [Item; 3] = [Item { size: 32, align: 16 }; 3];
const EVENTS: &[Event] = &[Use(2), Live(0), Use(0), Dead(0), Live(1), Use(1), Dead(1), Use(2)];

fn flow(events: &[Event]) -> Flow {
    let mut flow = Flow::default();
    flow.end_block([1]);
    events.iter().for_each(|&event| flow.push(event));
    flow.end_block([]);
    flow
}

fn right() -> Area {
    let flow = flow(EVENTS);
    let area = plan(&ITEMS, &flow).expect("two of them share");
    assert_eq!(area, Area { size: 64, align: 16, offsets: area.offsets.clone() });
    assert_eq!(check(&ITEMS, &flow, &area), Ok(()));
    area
}

/// What is said about an area in a function.
fn said(events: &[Event], area: &Area) -> String {
    let name = |local: u32| NAMES[local as usize].to_owned();
    check(&ITEMS, &flow(events), area).expect_err("it is wrong").describe(name)
}

/// The same, where something has been done to the area.
fn damaged(damage: impl FnOnce(&mut Area)) -> String {
    let mut area = right();
    damage(&mut area);
    said(EVENTS, &area)
}

#[test]
fn a_local_is_forgotten() {
    assert_eq!(damaged(|area| area.offsets.truncate(2)), "there are 2 offsets for 3 locals");
}

#[test]
fn the_area_is_too_small() {
    let said = damaged(|area| area.size = 48);
    assert_eq!(said, "`first` ends at byte 64 of the shared stack slot, which has only 48");
}

#[test]
fn a_local_is_not_aligned() {
    assert_eq!(
        damaged(|area| area.offsets[0] -= 8),
        "`first` has alignment 16, but lies at offset 24 of the shared stack slot"
    );
}

#[test]
fn the_area_is_not_aligned() {
    assert_eq!(
        damaged(|area| area.align = 8),
        "`first` has alignment 16, but the shared stack slot only 8"
    );
}

#[test]
fn a_local_without_markers_shares() {
    assert_eq!(
        damaged(|area| area.offsets[2] = area.offsets[0]),
        "`always` has no storage markers, but shares bytes with `first`"
    );
}

#[test]
fn an_end_is_missing() {
    let events: Vec<Event> = EVENTS.iter().copied().filter(|&it| it != Dead(0)).collect();
    assert_eq!(
        said(&events, &right()),
        "the storage of `second` begins in bb1 while `first` has the same bytes"
    );
}

#[test]
fn a_begin_is_late() {
    let events = [Use(2), Live(0), Use(1), Dead(0), Live(1), Dead(1)];
    assert_eq!(said(&events, &right()), "`second` is used in bb1 while `first` has the same bytes");
}

#[test]
fn an_end_is_early() {
    let events = [Use(2), Live(0), Dead(0), Use(0), Live(1), Use(1), Dead(1)];
    assert_eq!(
        said(&events, &right()),
        "`first` is used in bb1 where it has no storage, but shares bytes with `second`"
    );
}

#[test]
fn a_value_is_overwritten() {
    // `second` goes by its value, and is needed after `first` has been there.
    let mut flow = flow(&[Use(2), Write(1), Live(0), Use(0), Dead(0), Use(1)]);
    flow.go_by_value(1);
    let said = check(&ITEMS, &flow, &right()).expect_err("it is wrong");
    let said = said.describe(|local| NAMES[local as usize].to_owned());
    assert_eq!(said, "`second` is used in bb1 after `first` has had the same bytes");
}
