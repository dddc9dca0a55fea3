//! Backtraces from all kinds of places: every frame of this file, with name, line and column.
//!
//! Its lines are broken where rustfmt would not, so that everything has a line of its own.

//@ edition: 2024
//@ run-pass
//@ compile-flags: -g

#![feature(coroutines, coroutine_trait, stmt_expr_attributes, try_blocks, iter_from_coroutine)]
#![allow(unused, clippy::all)]

use std::backtrace::Backtrace;
use std::cell::Cell;
use std::future::Future;
use std::ops::*;
use std::panic::{Location, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

/// Prints the frames that lie in this file, the innermost first.
#[inline(never)]
fn show(what: &str) {
    let text = Backtrace::force_capture().to_string();
    let mut lines = text.lines().peekable();
    println!("{what}:");
    while let Some(name) = lines.next() {
        let Some(place) = lines.peek().and_then(|place| place.trim().strip_prefix("at ")) else { continue };
        let Some((_, position)) = place.split_once("backtraces.rs:") else { continue };
        let name = name.split_once(": ").map_or(name, |(_, name)| name);
        // Glue is core's function: which file its lines are in depends on whether their scopes have variables.
        let is_glue = name.starts_with("core::ptr::drop_in_place");
        if !name.contains("backtraces::show") && !is_glue {
            println!("    {name} {position}");
        }
    }
}

/// Something that shows where it is used.
#[derive(Clone, Debug)]
struct Probe(u32);

impl Probe {
    #[inline(never)]
    fn new() -> Probe {
        show("new");
        Probe(1)
    }
    #[inline(never)]
    fn then(self, what: &str) -> Probe {
        show(what);
        self
    }
    #[inline(never)]
    fn with(self, other: Probe) -> Probe {
        show("with");
        Probe(self.0 + other.0)
    }
    #[track_caller]
    fn tracked(self) -> Probe {
        println!("  tracked {}", Location::caller());
        show("tracked");
        self
    }
    fn result(self) -> Result<Probe, Error> {
        Ok(self)
    }
    fn fails(self) -> Result<Probe, Error> {
        Err(Error)
    }
}

#[derive(Debug)]
struct Error;
#[derive(Debug)]
struct Wide;
impl From<Error> for Wide {
    fn from(_: Error) -> Wide {
        show("from");
        Wide
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident)*) => { $(
        impl $trait for Probe {
            type Output = Probe;
            fn $method(self, other: Probe) -> Probe {
                show(stringify!($method));
                Probe(self.0.wrapping_add(other.0))
            }
        }
    )* };
}
operators!(Add add Sub sub Mul mul Div div Rem rem BitAnd bitand BitOr bitor BitXor bitxor);
impl Shl<u32> for Probe {
    type Output = Probe;
    fn shl(self, by: u32) -> Probe {
        show("shl");
        self
    }
}
impl AddAssign<u32> for Probe {
    fn add_assign(&mut self, by: u32) {
        show("add_assign");
        self.0 += by;
    }
}
impl Neg for Probe {
    type Output = Probe;
    fn neg(self) -> Probe {
        show("neg");
        self
    }
}
impl Not for Probe {
    type Output = Probe;
    fn not(self) -> Probe {
        show("not");
        self
    }
}
impl Index<usize> for Probe {
    type Output = u32;
    fn index(&self, index: usize) -> &u32 {
        show("index");
        &self.0
    }
}
impl IndexMut<usize> for Probe {
    fn index_mut(&mut self, index: usize) -> &mut u32 {
        show("index_mut");
        &mut self.0
    }
}
impl PartialEq for Probe {
    fn eq(&self, other: &Probe) -> bool {
        show("eq");
        self.0 == other.0
    }
}
impl PartialOrd for Probe {
    fn partial_cmp(&self, other: &Probe) -> Option<std::cmp::Ordering> {
        show("partial_cmp");
        self.0.partial_cmp(&other.0)
    }
}
struct Pointer(Probe);
impl Deref for Pointer {
    type Target = Probe;
    fn deref(&self) -> &Probe {
        show("deref");
        &self.0
    }
}
impl DerefMut for Pointer {
    fn deref_mut(&mut self) -> &mut Probe {
        show("deref_mut");
        &mut self.0
    }
}

/// Shows where it is dropped.
struct Droppy(&'static str);
impl Drop for Droppy {
    fn drop(&mut self) {
        show(self.0);
    }
}

fn chains() {
    let p = Probe::new()
        .then("first")
        .then("second")
        .with(
            Probe::new()
                .then("nested"),
        )
        .tracked()
        .then("last");
    let q =
        p
            .clone()
            .then("q");
    Some(q)
        .map(|q| q.then("map"))
        .filter(|q| {
            show("filter");
            true
        })
        .unwrap()
        .then("unwrapped");
    takes(
        Probe::new().then("argument 1"),
        Probe::new()
            .then("argument 2"),
    );
}
#[inline(never)]
fn takes(a: Probe, b: Probe) {
    show("takes");
}

fn operator_lines() {
    let p = || Probe(1);
    let _ = p()
        + p()
        - p()
        * p()
        / p()
        % p();
    let _ = p()
        & p()
        | p()
        ^ p();
    let _ = -
        p();
    let _ = !
        p();
    let _ = p()
        <<
        3;
    let mut a = p();
    a
        +=
        1;
    a
        [
            2
        ] = 3;
    let _ = a
        [
            2
        ];
    if a
        ==
        p() && a
        < p()
    {}
    let mut pointer = Pointer(p());
    pointer
        .clone()
        .then("through deref");
    (*pointer)
        += 1;
    let _ = &*
        pointer;
    assert!(
        a
            != p(),
        "not {}",
        1
    );
}

fn questions() -> Result<Probe, Wide> {
    let p = Probe(0)
        .result()?
        .then("after ?")
        .result()
        ?
        .then("after ? 2");
    let r: Result<Probe, Wide> = try_it();
    let _ = r.is_err();
    p
        .result()?
        .fails()
        ?
        .then("never");
    Ok(Probe(0))
}
fn try_it() -> Result<Probe, Wide> {
    Ok(
        Probe(0)
            .fails()?
    )
}

fn drops(early: bool) -> u32 {
    let _a = Droppy("drop a");
    {
        let _b = Droppy("drop b");
        let _c = (Droppy("drop c.0"), Droppy("drop c.1"));
        Droppy("temporary");
        let _ = Droppy("underscore")
            ;
        if early {
            return 1;
        }
    }
    let mut d = Droppy("assigned over");
    d =
        Droppy("drop d");
    drop(
        Droppy("drop()"),
    );
    for i in 0..2 {
        let _e = Droppy("drop e");
        if i == 1 {
            break;
        }
        match (i, Droppy("scrutinee")) {
            (0, ref _x) => continue,
            _ => {}
        }
    }
    let boxed: Box<dyn Send> = Box::new(Droppy("boxed"));
    let list = vec![Droppy("list 1"), Droppy("list 2")];
    let moved = list;
    let closure = move || moved.len();
    let partly = (Droppy("partly 0"), Droppy("partly 1"));
    let taken = partly.0;
    match Droppy("match") {
        Droppy(name) => show(name),
    }
    7
}

fn control(n: u32) -> u32 {
    let mut sum = 0;
    let mut i = 0;
    while {
        show("condition");
        i < n
    } {
        i += 1;
    }
    let value = match n {
        0 => 0,
        x if {
            show("guard");
            x > 5
        } => 1,
        1..=3 => {
            show("arm");
            2
        }
        _ => 3,
    };
    let Some(x) = Some(value).filter(|_| {
        show("let else");
        true
    }) else {
        return 0;
    };
    if let Some(y) = Some(x)
        && Probe(y) == Probe(y)
        && {
            show("chain");
            true
        }
    {
        sum += y;
    }
    let label = 'outer: loop {
        loop {
            show("loop");
            break 'outer 5;
        }
    };
    let all = (0..1)
        .map(|x| {
            show("iterator");
            x
        })
        .chain(std::iter::once_with(|| {
            show("once");
            1
        }))
        .filter(|_| true)
        .sum::<u32>();
    sum + label + all
}

macro_rules! plain {
    ($e:expr) => {
        show(
            $e,
        )
    };
}
macro_rules! outer {
    ($e:expr) => {{
        plain!($e);
        show("in outer");
        inner_fn!();
    }};
}
macro_rules! inner_fn {
    () => {
        Probe(1)
            .then("in a macro")
            .then("in a macro again")
    };
}
#[collapse_debuginfo(no)]
macro_rules! apart {
    ($e:expr) => {
        show("apart");
        show($e);
    };
}
macro_rules! function {
    ($name:ident) => {
        fn $name() {
            show(stringify!($name));
            Probe(2)
                .then("of a function in a macro");
        }
    };
}
function!(made);

fn macros() {
    plain!("plain");
    outer!(
        "outer"
    );
    apart!(
        "apart 2"
    );
    made();
    let list = vec![
        Probe(1).then("in vec"),
        Probe(2)
            .then("in vec 2"),
    ];
    println!(
        "  {} {:?}",
        Probe(1).then("in println").0,
        Shown,
    );
    assert_eq!(
        Probe(1).then("left").0,
        Probe(1)
            .then("right")
            .0,
    );
    let _ = matches!(Probe(1).then("matches"), Probe(1));
    dbg(format!("{}", Shown));
}
#[inline(never)]
fn dbg(text: String) {
    show(&text);
}
struct Shown;
impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        show("Debug");
        f.debug_struct("Shown").field("a", &1).finish()
    }
}
impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        show("Display");
        write!(
            f,
            "{}",
            1
        )
    }
}

trait Animal {
    fn noise(&self) -> u32;
    fn twice(&self) -> u32 {
        self.noise()
            + self.noise()
    }
}
struct Dog;
impl Animal for Dog {
    fn noise(&self) -> u32 {
        show("dog");
        1
    }
}
fn generic<T: Animal + ?Sized>(animal: &T) -> u32 {
    animal
        .twice()
}
static LAZY: LazyLock<u32> = LazyLock::new(|| {
    show("lazy");
    1
});
thread_local! {
    static LOCAL: Cell<u32> = {
        show("thread local");
        Cell::new(1)
    };
}
extern "C" fn from_c(x: u32) -> u32 {
    show("extern C");
    x
}
#[inline]
fn hinted(x: u32) -> u32 {
    show("inline");
    x
}
const fn constant(x: u32) -> u32 {
    x + 1
}

fn calls() {
    generic(&Dog);
    generic(
        &Dog as &dyn Animal,
    );
    let pointer: fn(u32) -> u32 = hinted;
    pointer(
        constant(3),
    );
    let c: extern "C" fn(u32) -> u32 = from_c;
    c(1);
    let once: Box<dyn FnOnce(u32) -> u32> = Box::new(|x| {
        show("boxed closure");
        x
    });
    once(
        2
    );
    let mut count = 0;
    let mut counting = || {
        count += 1;
        show("closure");
        count
    };
    counting();
    (counting)
        ();
    let _ = *LAZY
        + 1;
    LOCAL.with(|x| {
        show("with local");
        x.set(2)
    });
    std::thread::spawn(|| {
        show("thread");
    })
    .join()
    .unwrap();
    let mut list = vec![3, 1, 2];
    list.sort_by(|a, b| {
        if *a == 3 && *b == 1 { show("sort") }
        a.cmp(b)
    });
    fn nested(depth: u32) {
        if depth == 0 {
            return show("nested");
        }
        nested(
            depth - 1,
        );
    }
    nested(2);
    let _ = true
        && {
            show("and");
            false
        }
        || {
            show("or");
            true
        };
    let _p = Probe {
        0: {
            show("field");
            1
        },
    };
    let _t = [
        Probe(0).then("element"),
        Probe(1)
            .then("element 2"),
    ];
}

struct Ready(u32);
impl Future for Ready {
    type Output = Probe;
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Probe> {
        show("poll");
        if self.0 == 0 {
            return Poll::Ready(Probe(1));
        }
        self.0 -= 1;
        Poll::Pending
    }
}
struct Into(u32);
impl IntoFuture for Into {
    type Output = Probe;
    type IntoFuture = Ready;
    fn into_future(self) -> Ready {
        show("into_future");
        Ready(self.0)
    }
}
async fn leaf(n: u32) -> Probe {
    let _d = Droppy("dropped in leaf");
    Ready(n)
        .await
        .then("in leaf")
}
async fn fallible() -> Result<Probe, Error> {
    leaf(0)
        .await
        .result()
}
async fn middle(p: Probe, d: Droppy) -> Result<Probe, Wide> {
    let q = p
        .then("before")
        .with(
            leaf(1)
                .await,
        )
        .then("after");
    let _ = Into(1)
        .await;
    let r = fallible()
        .await?
        .then("after await?");
    let block = async {
        show("block");
        Ready(1).await.then("in block")
    };
    block
        .await;
    let closure = async |x: u32| {
        show("async closure");
        Ready(x)
            .await
    };
    closure(1)
        .await;
    for _ in 0..1 {
        let _e = Droppy("in loop");
        Ready(1).await;
    }
    if leaf(0).await == leaf(0).await {
        show("compared");
    }
    drop(d);
    let boxed: Pin<Box<dyn Future<Output = Probe>>> = Box::pin(leaf(0));
    boxed
        .await
        .tracked();
    r
        .fails()
        ?;
    Ok(q)
}
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(result) = future
            .as_mut()
            .poll(&mut context)
        {
            return result;
        }
    }
}
fn asynchronous() {
    let _ = block_on(
        middle(
            Probe(1),
            Droppy("passed in"),
        ),
    );
    // Dropped while it waits.
    {
        let mut future = Box::pin(leaf(3));
        let _ = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }
    let mut coroutine = #[coroutine] || {
        show("coroutine");
        yield 1;
        Probe(1)
            .then("resumed");
        yield 2;
    };
    let mut coroutine = pin!(coroutine);
    coroutine.as_mut().resume(());
    coroutine
        .as_mut()
        .resume(());
}

#[inline(never)]
fn black<T>(x: T) -> T {
    std::hint::black_box(x)
}
fn panics() {
    let list = [1u8, 2, 3];
    let fails: [(&str, fn()); 14] = [
        ("overflow", || {
            let x = black(255u8);
            let _ = black(
                x
                    +
                    black(1),
            );
        }),
        ("negation", || {
            let _ = black(-
                black(i32::MIN));
        }),
        ("division", || {
            let _ = black(1)
                / black(0);
        }),
        ("shift", || {
            let _ = black(1u32)
                << black(32);
        }),
        ("bounds", || {
            let list = black([1, 2, 3]);
            let _ = list
                [
                    black(7)
                ];
        }),
        ("slice", || {
            let list = black(vec![1, 2, 3]);
            let _ = &list
                [
                    black(2)..black(1)
                ];
        }),
        ("unwrap", || {
            black(None::<u32>)
                .map(|x| x)
                .unwrap();
        }),
        ("expect", || {
            black(Err::<u32, Error>(Error))
                .expect("expected");
        }),
        ("panic", || {
            panic!(
                "explicit {}",
                1
            );
        }),
        ("assert", || {
            assert!(
                black(false),
                "asserted"
            );
        }),
        ("unreachable", || unreachable!()),
        ("todo", || {
            if black(true) {
                todo!()
            }
        }),
        ("while dropping", || {
            struct Bomb;
            impl Drop for Bomb {
                fn drop(&mut self) {
                    panic!("in drop");
                }
            }
            let _after = Droppy("after the bomb");
            let _bomb = Bomb;
        }),
        ("unwinding", || {
            let _a = Droppy("dropped while unwinding");
            let _b = Pair(Droppy("pair 0"), Droppy("pair 1"));
            black(Err::<u32, Error>(Error))
                .unwrap();
        }),
    ];
    for (name, fail) in fails {
        println!("{name}");
        let _ = catch_unwind(
            fail,
        );
    }
}
struct Pair(Droppy, Droppy);

fn main() {
    std::panic::set_hook(Box::new(|info| {
        println!("  panic at {}", info.location().unwrap());
        show("panicked");
    }));
    chains();
    operator_lines();
    let _ = questions();
    drops(false);
    drops(
        true,
    );
    control(2);
    macros();
    calls();
    asynchronous();
    panics();
    let _last = Droppy("at the end of main");
}
