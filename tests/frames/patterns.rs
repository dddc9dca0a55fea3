//! Large parts of pattern parameters.
//@ edition: 2024
//@ case: newtype across
//@ case: tuple across
//@ case: some_parts across
//@ case: by_reference across
//@ case: nested across
//@ case: with_destructors across
//@ case: mutable across
//@ case: single_variant across
//@ case: array across
//@ case: method across
//@ case: used_at_different_times across
//@ case: moved_at_different_times across
//@ case: parts_looked_at_before as-stock
//@ case: parts_consumed_before as-stock
//@ case: capture_taken_apart across

mod support;
use support::*;

struct State<T>(T);

struct Pair {
    left: Guarded,
    right: Big,
    number: u64,
}

enum Only {
    This { first: Big, second: Guarded },
}

fn pair() -> Pair {
    Pair { left: guarded(1), right: big(2), number: 3 }
}

async fn newtype(State(x): State<Big>) -> u64 {
    wait().await;
    sum(&x)
}

async fn tuple((x, y): (Big, Big)) -> u64 {
    wait().await;
    let found = sum(&x);
    wait().await;
    found ^ sum(&y)
}

async fn some_parts((x, _, ..): (Big, Big, Guarded), State(_): State<Guarded>) -> u64 {
    wait().await;
    sum(&x)
}

async fn by_reference((ref x, ref mut y): (Big, Big)) -> u64 {
    wait().await;
    y[4] += 1;
    wait().await;
    sum(x) ^ sum(y)
}

async fn nested(State((x, State(y))): State<(Big, State<(Big, u8)>)>) -> u64 {
    wait().await;
    let (y, number) = &y;
    sum(&x) ^ sum(y) ^ u64::from(*number)
}

async fn with_destructors(Pair { left, number, .. }: Pair, State(other): State<Guarded>) -> u64 {
    wait().await;
    let found = sum(&left.bytes);
    wait().await;
    found ^ sum(&other.bytes) ^ number
}

async fn mutable((mut x, mut y): (Big, Guarded)) -> u64 {
    x[8] += 1;
    y.bytes[9] += 1;
    wait().await;
    x.reverse();
    wait().await;
    sum(&x) ^ sum(&y.bytes)
}

async fn single_variant(Only::This { first, second }: Only) -> u64 {
    wait().await;
    sum(&first) ^ sum(&second.bytes)
}

async fn array([x, _, y]: [Guarded; 3]) -> u64 {
    wait().await;
    sum(&x.bytes) ^ sum(&y.bytes)
}

impl Pair {
    async fn method(self, State(other): State<Big>) -> u64 {
        wait().await;
        sum(&other) ^ sum(&self.right)
    }
}

async fn used_at_different_times((x, y): (Big, Big), State(z): State<Big>) -> u64 {
    let found = sum(&y);
    wait().await;
    let found = found ^ sum(&z);
    wait().await;
    found ^ sum(&x)
}

async fn moved_at_different_times((x, y): (Guarded, Guarded), State(z): State<Guarded>) -> u64 {
    wait().await;
    drop(y);
    wait().await;
    drop(x);
    wait().await;
    sum(&z.bytes)
}

async fn parts_looked_at_before((x, y): (Big, Big)) -> u64 {
    let found = sum(&x) ^ sum(&y);
    wait().await;
    found
}

async fn parts_consumed_before((x, y): (Big, Guarded)) -> u64 {
    let found = eat(x) ^ eat(y);
    wait().await;
    found
}

fn capture_taken_apart(pair: Pair) -> impl Future<Output = u64> {
    async move {
        let Pair { left, right, number } = pair;
        wait().await;
        sum(&left.bytes) ^ sum(&right) ^ number
    }
}

fn make(name: &str) -> Case {
    match name {
        "newtype" => case(newtype(State(big(1)))),
        "tuple" => case(tuple((big(1), big(2)))),
        "some_parts" => case(some_parts((big(1), big(2), guarded(3)), State(guarded(4)))),
        "by_reference" => case(by_reference((big(1), big(2)))),
        "nested" => case(nested(State((big(1), State((big(2), 3)))))),
        "with_destructors" => case(with_destructors(pair(), State(guarded(4)))),
        "mutable" => case(mutable((big(1), guarded(2)))),
        "single_variant" => {
            case(single_variant(Only::This { first: big(1), second: guarded(2) }))
        }
        "array" => case(array([guarded(1), guarded(2), guarded(3)])),
        "method" => case(pair().method(State(big(4)))),
        "used_at_different_times" => {
            case(used_at_different_times((big(1), big(2)), State(big(3))))
        }
        "moved_at_different_times" => {
            case(moved_at_different_times((guarded(1), guarded(2)), State(guarded(3))))
        }
        "parts_looked_at_before" => case(parts_looked_at_before((big(1), big(2)))),
        "parts_consumed_before" => case(parts_consumed_before((big(1), guarded(2)))),
        "capture_taken_apart" => case(capture_taken_apart(pair())),
        _ => panic!("no such case"),
    }
}

fn main() {
    run(make);
}
