//! Async blocks and coroutines in constants, statics and const functions: made there, kept there, behind
//! function pointers and closures, in generic constants.
//@ edition: 2024
//@ run-pass
#![feature(const_async_blocks, coroutines, coroutine_trait, stmt_expr_attributes)]

#[macro_use]
mod support;
use std::cell::RefCell;
use std::ops::{Coroutine, CoroutineState};
use std::pin::{Pin, pin};
use std::sync::{LazyLock, Mutex, OnceLock};
use support::trace::*;

type Boxed = Pin<Box<dyn Future<Output = u32> + Send>>;

async fn plain(value: Traced, number: u32) -> u32 {
    pause().await;
    number + value.look()
}

const POINTER: fn(Traced, u32) -> Boxed = |value, number| Box::pin(plain(value, number));

const TABLE: [fn(Traced) -> Boxed; 3] = [
    |value| Box::pin(async move { value.look() }),
    |value| {
        Box::pin(async move {
            pause().await;
            let moved = value;
            pause().await;
            moved.look()
        })
    },
    |value| Box::pin(plain(value, 100)),
];

/// A closure in a constant gives a closure that gives a future.
const NESTED: fn(bool) -> fn(Traced) -> Boxed = |large| {
    if large {
        |value| Box::pin(async move { with_captures(2, [1; 50]).await as u32 + value.look() })
    } else {
        |value| Box::pin((async |value: Traced| value.look())(value))
    }
};

const fn with_captures(number: u64, bytes: [u8; 50]) -> impl Future<Output = u64> {
    async move {
        let large = [number; 30];
        pause().await;
        let last = bytes[49] as u64;
        pause().await;
        large[7] + last
    }
}

const fn with_a_pattern((a, b): (u16, [u64; 9]), keep: bool) -> impl Future<Output = u64> {
    async move {
        if keep {
            pause().await;
        }
        b[8] + a as u64
    }
}

struct Generic<const N: usize>;

impl<const N: usize> Generic<N> {
    const MAKE: fn(Traced) -> Boxed = |value| {
        Box::pin(async move {
            let array = [N as u32; N];
            for number in array {
                pause().await;
                say!("{number} of {N}");
            }
            value.look() + const { N as u32 * 2 }
        })
    };
}

trait Makes {
    const NUMBER: u32;
    const MAKE: fn(Traced) -> Boxed = |value| Box::pin(plain(value, Self::NUMBER));
}

impl Makes for u8 {
    const NUMBER: u32 = 8;
}

impl Makes for u16 {
    const NUMBER: u32 = 16;
    const MAKE: fn(Traced) -> Boxed = |value| {
        let other = plain(value, 1);
        Box::pin(async move { other.await + <u8 as Makes>::NUMBER })
    };
}

static WAITING: Mutex<Vec<Boxed>> = Mutex::new(Vec::new());
static LAZY: LazyLock<Mutex<Boxed>> =
    LazyLock::new(|| Mutex::new(Box::pin(async { wait_in_static().await })));
static ONCE: OnceLock<Mutex<Boxed>> = OnceLock::new();

async fn wait_in_static() -> u32 {
    pause().await;
    17
}

thread_local! {
    static LOCAL: RefCell<Option<Boxed>> = const { RefCell::new(None) };
}

/// A future that a static holds in its own type, with captures of constant evaluation.
static HELD: Mutex<Held> = Mutex::new(Held::new());

struct Held(Option<Erased>);
type Erased = fn() -> u64;

impl Held {
    const fn new() -> Held {
        Held(Some(|| support::block_on(with_captures(5, [6; 50]))))
    }
}

/// References in constants to futures that are never polled: the bytes of their captures.
const SIZES: [usize; 2] = {
    let first = with_captures(1, [2; 50]);
    let second = with_a_pattern((1, [2; 9]), true);
    let sizes = [size_of_val(&first), size_of_val(&second)];
    std::mem::forget((first, second));
    sizes
};

const COROUTINE: fn(Traced) -> Box<dyn Coroutine<Yield = u32, Return = Traced> + Unpin> = |value| {
    Box::new(
        #[coroutine]
        move || {
            yield value.look();
            yield 2;
            value
        },
    )
};

fn from_statics() {
    for name in ["first", "second"] {
        WAITING.lock().unwrap().push(POINTER(traced(name), 3));
    }
    ONCE.get_or_init(|| Mutex::new(TABLE[1](traced("once"))));
    LOCAL.set(Some(TABLE[1](traced("local"))));
    for round in 0..4 {
        let mut waiting = WAITING.lock().unwrap();
        waiting.retain_mut(|future| support::poll(future.as_mut()).is_pending());
        let lazy = round == 1 && support::poll(LAZY.lock().unwrap().as_mut()).is_ready();
        let once = round < 2 && support::poll(ONCE.get().unwrap().lock().unwrap().as_mut()).is_ready();
        let local = LOCAL.with_borrow_mut(|local| {
            local.take_if(|future| support::poll(future.as_mut()).is_ready()).is_some()
        });
        println!("round {round}: {} {lazy} {once} {local}", waiting.len());
        if round == 1 {
            waiting.push(Generic::<2>::MAKE(traced("late")));
        }
    }
    println!("held {}", (HELD.lock().unwrap().0.take().unwrap())());
}

fn coroutine() {
    let mut coroutine = COROUTINE(traced("coroutine"));
    while let CoroutineState::Yielded(number) = pin!(&mut coroutine).resume(()) {
        println!("yielded {number}");
    }
}

fn main() {
    support::quiet();
    everywhere! {
        POINTER(traced("v"), 1),
        TABLE[0](traced("v")),
        TABLE[1](traced("v")),
        TABLE[2](traced("v")),
        NESTED(true)(traced("v")),
        NESTED(false)(traced("v")),
        Generic::<0>::MAKE(traced("v")),
        Generic::<3>::MAKE(traced("v")),
        <u8 as Makes>::MAKE(traced("v")),
        <u16 as Makes>::MAKE(traced("v")),
        with_captures(1, [2; 50]),
        with_a_pattern((1, [2; 9]), true),
        const { with_captures(3, [4; 50]) },
        const { with_a_pattern((3, [4; 9]), false) },
    }
    println!("{}", SIZES[0] == size_of_val(&with_captures(0, [0; 50])));
    println!("{}", SIZES[1] == size_of_val(&with_a_pattern((0, [0; 9]), true)));
    from_statics();
    coroutine();
}
