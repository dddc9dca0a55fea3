//! What a consumer makes of a capture is saved across an await: the two must not share bytes while
//! one is made of the other, for large and small values, in every order, also when it panics.
//@ edition: 2024
//@ run-pass

mod support;
use support::tasks::*;
use support::*;

/// Reads the argument while it writes the result: bytes that both share would be found out.
#[inline(never)]
fn reversed<const N: usize>(value: [u64; N]) -> [u64; N] {
    let mut result = [0; N];
    for i in 0..N {
        result[i] = value[N - 1 - i].wrapping_mul(3);
    }
    result
}

#[inline(never)]
fn widened<const N: usize, const M: usize>(value: [u64; N]) -> [u64; M] {
    std::array::from_fn(|i| value[i % N] ^ i as u64)
}

#[inline(never)]
fn sum(numbers: &[u64]) -> u64 {
    numbers.iter().fold(1, |sum, number| sum.rotate_left(5).wrapping_add(*number))
}

fn numbers<const N: usize>(seed: u64) -> [u64; N] {
    std::array::from_fn(|i| seed.wrapping_mul(0x9e37_79b9).wrapping_add(i as u64))
}

fn large_to_large(x: [u64; 600], kept: Loud) -> impl Future<Output = u64> {
    async move {
        let y = reversed(x);
        wait().await;
        println!("    {}", kept.name());
        sum(&y)
    }
}

async fn parameter_to_large(x: [u64; 600], again: bool) -> u64 {
    let y = reversed(x);
    wait().await;
    if again {
        let z = reversed(y);
        wait().await;
        return sum(&z);
    }
    sum(&y)
}

fn small_to_large(x: [u64; 3]) -> impl Future<Output = u64> {
    async move {
        let y: [u64; 700] = widened(x);
        wait().await;
        sum(&y)
    }
}

fn large_to_small(x: [u64; 700]) -> impl Future<Output = u64> {
    async move {
        let y: [u64; 2] = widened(x);
        wait().await;
        sum(&y)
    }
}

fn words(a: u64, b: (u64, u8), c: &'static str, d: u128) -> impl Future<Output = u64> {
    async move {
        let first = c.len() as u64 + a * 2;
        let second = (b.1, b.0 + a);
        let third = (d as u64, (d >> 64) as u32, c);
        wait().await;
        println!("    {second:?} {third:?}");
        wait().await;
        first
    }
}

/// Results and captures of different sizes, consumed forwards and backwards.
fn several(a: [u64; 10], b: [u64; 200], c: [u64; 50], backwards: bool) -> impl Future<Output = u64> {
    async move {
        let (x, y, z): ([u64; 60], [u64; 190], [u64; 20]);
        if backwards {
            z = widened(c);
            y = widened(b);
            x = widened(a);
        } else {
            x = widened(a);
            y = widened(b);
            z = widened(c);
        }
        wait().await;
        let first = sum(&x) ^ sum(&y);
        wait().await;
        first ^ sum(&z)
    }
}

/// The first result is written while the other captures still wait.
async fn interleaved(a: [u64; 100], b: [u64; 100], c: [u64; 100], d: [u64; 100]) -> u64 {
    let x = reversed(c);
    let mut total = sum(&b);
    let y = reversed(a);
    wait().await;
    total ^= sum(&d);
    let z = reversed(d);
    wait().await;
    total ^ sum(&x) ^ sum(&y) ^ sum(&z) ^ sum(&b)
}

/// Overwritten by itself, and used by an expression that consumes it.
fn by_itself(mut x: [u64; 300], mut text: String) -> impl Future<Output = u64> {
    async move {
        x = reversed(x);
        x = reversed(x);
        text = text.clone() + &text + &text[1..];
        wait().await;
        println!("    {text}");
        sum(&x)
    }
}

fn swapped(a: [u64; 300], b: [u64; 300]) -> impl Future<Output = u64> {
    async move {
        let (b, a) = (a, b);
        wait().await;
        let first = sum(&a);
        wait().await;
        first.wrapping_mul(3) ^ sum(&b)
    }
}

#[inline(never)]
fn tried<const N: usize>(value: Owned<N>, fails: bool) -> Owned<N> {
    value.look();
    if fails {
        panic!("consumer of {}", value.name.name());
    }
    Owned { filled: Filled::new(N as u64 + 1), name: loud(&format!("from {}", value.name.name())) }
}

fn consumer_panics(a: Owned<300>, b: Owned<200>, at: u8, kept: Loud) -> impl Future<Output = ()> {
    async move {
        let x = tried(b, at == 0);
        let y = tried(a, at == 1);
        wait().await;
        x.look();
        let y = tried(y, at == 2);
        wait().await;
        y.look();
        println!("    {}", kept.name());
    }
}

fn caught(a: Owned<300>, fails: bool, kept: Owned<300>) -> impl Future<Output = ()> {
    async move {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || tried(a, fails)));
        let held = result.unwrap_or_else(|payload| {
            println!("    caught {}", message(&*payload));
            tried(kept, false)
        });
        wait().await;
        held.look();
    }
}

/// A future made of captures, then saved while it is awaited.
fn into_an_awaitee(a: [u64; 300], b: Owned<300>) -> impl Future<Output = u64> {
    async move {
        let sum = parameter_to_large(widened(a), true).await;
        let inner = async move {
            let b = tried(b, false);
            wait().await;
            b.filled.sum()
        };
        sum ^ inner.await
    }
}

fn main() {
    quiet();
    println!("{:x}", block_on(large_to_large(numbers(1), loud("kept"))));
    println!("{:x}", block_on(parameter_to_large(numbers(2), false)));
    println!("{:x}", block_on(parameter_to_large(numbers(2), true)));
    println!("{:x}", block_on(small_to_large(numbers(3))));
    println!("{:x}", block_on(large_to_small(numbers(4))));
    println!("{:x}", block_on(words(5, (6, 7), "eight", 9 << 64 | 10)));
    for backwards in [false, true] {
        println!("{:x}", block_on(several(numbers(1), numbers(2), numbers(3), backwards)));
    }
    println!("{:x}", block_on(interleaved(numbers(1), numbers(2), numbers(3), numbers(4))));
    println!("{:x}", block_on(by_itself(numbers(5), "abc".to_owned())));
    println!("{:x}", block_on(swapped(numbers(1), numbers(2))));
    let large = |name| Owned { filled: Filled::new(1), name: loud(name) };
    let other = |name| Owned { filled: Filled::new(2), name: loud(name) };
    for at in 0..4 {
        drop_everywhere("panics", 3, || consumer_panics(large("a"), other("b"), at, loud("kept")));
    }
    for fails in [false, true] {
        drop_everywhere("caught", 2, || caught(large("a"), fails, large("kept")));
    }
    drop_everywhere("awaitee", 4, || into_an_awaitee(numbers(1), large("b")));
    println!("{:x}", block_on(into_an_awaitee(numbers(1), large("b"))));
}
