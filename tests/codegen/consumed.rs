//! Captures and parameters that are consumed before the first await: used where they lie, like in a
//! function that owns them, unless something else must be written there.
//@ edition: 2024
//@ copies: `control::{closure#0}` memcpy stock=some classic=some captures-only=some packed=some
//@ copies: `looked_at::{closure#0}` memcpy stock=none classic=none captures-only=none packed=none
//@ copies: `looked_at_parameter::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `dropped::{closure#0}` memcpy stock=none classic=none captures-only=none packed=none
//@ copies: `dropped_parameter::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `unused_parameter::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none

mod support;
use support::*;

/// A copy is needed: both are changed.
fn control(x: Large) -> impl Future<Output = ()> {
    async move {
        let mut copy = x;
        copy[1] = 2;
        look(&copy);
        look(&x);
        wait().await;
    }
}

fn looked_at(x: Large, y: f64) -> impl Future<Output = ()> {
    async move {
        look(&x);
        look(&y);
        wait().await;
    }
}

async fn looked_at_parameter(x: Large) {
    look(&x);
    wait().await;
}

fn dropped(x: Guarded) -> impl Future<Output = ()> {
    async move {
        if let Guarded([1, ..]) = &x {
            return;
        }
        look(&x);
        wait().await;
    }
}

async fn dropped_parameter(x: Guarded) {
    look(&x);
    wait().await;
}

async fn unused_parameter(_x: Large, _: Guarded) {
    wait().await;
}

fn main() {
    poll(control(LARGE));
    poll(looked_at(LARGE, 1.0));
    poll(looked_at_parameter(LARGE));
    poll(dropped(Guarded(LARGE)));
    poll(dropped_parameter(Guarded(LARGE)));
    poll(unused_parameter(LARGE, Guarded(LARGE)));
}
