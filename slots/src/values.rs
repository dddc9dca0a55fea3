//! Where locals that go by their values have storage: from a write to the last use.
//!
//! The lattice is sets of locals whose value is needed later, joined by union, and it is followed backwards. A use needs the
//! value; a write of the whole local, and its storage's begin and end, make that what was there before is not needed. The result is
//! the same function with other markers: storage begins where a value is written that was not needed before, and ends after the
//! last use, or where a way begins on which it is not needed. A local that is not borrowed can be seen by nothing but the body's own
//! statements, so that is all that it needs.

use crate::bits::{Rows, contains, insert, members, remove, unite};
use crate::flow::{Event, Flow};

/// Gives the locals that go by their values markers that say so.
pub(crate) fn mark(locals: usize, flow: &Flow) -> Flow {
    let mut order = flow.order();
    order.reverse();
    let needed = needed(locals, flow, &order);
    let mut marked = Flow::default();
    let mut events = Vec::new();
    let mut set = vec![0; locals.div_ceil(64)];
    let begins = needed_before(locals, flow, &needed, &order);
    for block in 0..flow.blocks() {
        at_end(flow, &needed, block, &mut set);
        for &event in flow.events(block).iter().rev() {
            let (Event::Live(local) | Event::Dead(local) | Event::Use(local) | Event::Write(local)) =
                event;
            if !flow.is_by_value(local) {
                events.push(event);
                continue;
            }
            let is_needed = contains(&set, local);
            apply(event, &mut set);
            match event {
                Event::Live(_) | Event::Dead(_) => {}
                Event::Use(_) => {
                    if !is_needed {
                        events.push(Event::Dead(local));
                    }
                    events.push(event);
                }
                Event::Write(_) => {
                    if !is_needed {
                        events.push(Event::Dead(local));
                    }
                    events.push(event);
                    events.push(Event::Live(local));
                }
            }
        }
        // What is needed on another way alone.
        for local in members(begins.row(block)) {
            if flow.is_by_value(local) && !contains(needed.row(block), local) {
                marked.push(Event::Dead(local));
            }
        }
        events.drain(..).rev().for_each(|event| marked.push(event));
        marked.end_block(flow.successors(block).map(|next| next as u32));
    }
    marked
}

/// Whose values are needed where each block begins.
fn needed(locals: usize, flow: &Flow, order: &[usize]) -> Rows {
    let mut needed = Rows::new(flow.blocks(), locals);
    let mut set = vec![0; locals.div_ceil(64)];
    let mut is_changed = true;
    while is_changed {
        is_changed = false;
        for &block in order {
            at_end(flow, &needed, block, &mut set);
            for &event in flow.events(block).iter().rev() {
                apply(event, &mut set);
            }
            // Those that go by their storage are in the sets, too, and nobody asks for them.
            is_changed |= unite(needed.row_mut(block), &set);
        }
    }
    needed
}

/// Whose values are needed where one of the blocks before ends.
fn needed_before(locals: usize, flow: &Flow, needed: &Rows, order: &[usize]) -> Rows {
    let mut before = Rows::new(flow.blocks(), locals);
    let mut set = vec![0; locals.div_ceil(64)];
    for &block in order {
        at_end(flow, needed, block, &mut set);
        for next in flow.successors(block) {
            unite(before.row_mut(next), &set);
        }
    }
    before
}

/// Whose values are needed where a block ends.
fn at_end(flow: &Flow, needed: &Rows, block: usize, set: &mut [u64]) {
    set.fill(0);
    for next in flow.successors(block) {
        unite(set, needed.row(next));
    }
}

fn apply(event: Event, needed: &mut [u64]) {
    match event {
        Event::Use(local) => insert(needed, local),
        Event::Write(local) | Event::Live(local) | Event::Dead(local) => remove(needed, local),
    }
}
