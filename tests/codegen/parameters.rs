//! Parameters: renamed, mutable, taken apart by patterns. Parts and whole values are used where they
//! are.
//@ edition: 2024
//@ copies: `control::{closure#0}` memcpy stock=some classic=some captures-only=some packed=some
//@ copies: `control::{closure#0}` float stock=some classic=some captures-only=some packed=some
//@ copies: `simple::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `simple::{closure#0}` float stock=some classic=some captures-only=none packed=none
//@ copies: `renamed::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `renamed::{closure#0}` float stock=some classic=some captures-only=none packed=none
//@ copies: `mutable::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `destructor::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `tuple::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `newtype::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `nested::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `array::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `by_reference::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `unused_parts::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none
//@ copies: `<State<[u8; 4096]>>::method::{closure#0}` memcpy stock=some classic=some captures-only=none packed=none

mod support;
use support::*;

struct State<T>(T);

/// Both variables of each pair are used later, so there must be copies: the checks can see them.
async fn control((x, y): (Large, f64)) {
    let (x_copy, y_copy) = (x, y);
    wait().await;
    look(&x);
    look(&x_copy);
    look(&y);
    look(&y_copy);
}

async fn simple(x: Large, y: f64, _: Large) {
    wait().await;
    look(&x);
    look(&y);
}

async fn renamed(x: Large, y: f64) {
    let first = x;
    let second = y;
    wait().await;
    look(&first);
    look(&second);
}

async fn mutable(mut x: Large) {
    look(&mut x);
    wait().await;
    x[1] = 2;
    look(&x);
}

async fn destructor(x: Guarded, _unused: Guarded) {
    wait().await;
    look(&x);
}

async fn tuple((x, y): (Large, f64)) {
    wait().await;
    look(&x);
    look(&y);
}

async fn newtype(State(x): State<Guarded>) {
    wait().await;
    look(&x);
}

async fn nested(State((x, State((a, _)))): State<(Large, State<(Guarded, Guarded)>)>) {
    wait().await;
    look(&x);
    look(&a);
}

async fn array([x, _, y]: [Guarded; 3]) {
    wait().await;
    look(&x);
    wait().await;
    look(&y);
}

async fn by_reference((ref x, ref mut y): (Large, Guarded)) {
    wait().await;
    look(x);
    look(y);
}

async fn unused_parts((x, _, ..): (Guarded, Guarded, Large), State(_): State<Large>) {
    wait().await;
    look(&x);
}

impl State<Large> {
    async fn method(self, State(x): State<Large>) {
        wait().await;
        look(&self);
        look(&x);
    }
}

fn main() {
    let guarded = || Guarded(LARGE);
    poll(control((LARGE, 1.0)));
    poll(simple(LARGE, 1.0, LARGE));
    poll(renamed(LARGE, 1.0));
    poll(mutable(LARGE));
    poll(destructor(guarded(), guarded()));
    poll(tuple((LARGE, 1.0)));
    poll(newtype(State(guarded())));
    poll(nested(State((LARGE, State((guarded(), guarded()))))));
    poll(array([guarded(), guarded(), guarded()]));
    poll(by_reference((LARGE, guarded())));
    poll(unused_parts((guarded(), guarded(), LARGE), State(LARGE)));
    poll(State(LARGE).method(State(LARGE)));
}
