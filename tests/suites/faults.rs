//! Does Snug notice its own mistakes?
//!
//! A build of Snug that damages layouts on demand (`SNUG_FAULT`) compiles a program once per kind
//! of damage. Every time, compilation must stop before any code is generated, with the sentence
//! for just that kind. Without a fault the same compiler builds the program, and the program works;
//! and the compilers that users get do not know of faults.

use std::process::ExitCode;

use snug_tests::Result;
use snug_tests::command;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::{self, Tools};
use snug_tests::workshop::{Workshop, same};

/// A coroutine for every fault. The faults find their victims by name.
const PROGRAM: &str = "
#![feature(coroutines, coroutine_trait)]
use std::ops::{Coroutine, CoroutineState};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Pending once.
struct Wait(bool);

impl Future for Wait {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        self.0 = !self.0;
        if self.0 { Poll::Pending } else { Poll::Ready(()) }
    }
}

/// `kept` and `other` are alive in both suspensions, and so are `one` and `two`.
async fn saved(kept: u64, other: [u64; 3], seed: u64) -> u64 {
    let one = seed * 2;
    let two = seed * 3;
    Wait(false).await;
    let sum = one ^ two;
    Wait(false).await;
    sum + kept + other[1] + one * 10 + two * 100
}

/// The slot of `awaited` has another name, `__awaitee`.
async fn twin(awaited: Wait) -> u64 {
    awaited.await;
    7
}

/// `early` is written before `consumed` is used, which is not saved.
fn unsaved(consumed: [u64; 3]) -> impl Coroutine<u64, Yield = u64, Return = u64> {
    #[coroutine]
    move |argument: u64| {
        let early = argument + 1;
        let total = consumed.into_iter().sum();
        yield total;
        early
    }
}

/// `pointee` is used only through a pointer while `result` is written, and dead when `result` is
/// saved.
fn pointer(seed: u64) -> impl Coroutine<u64, Yield = u64, Return = u64> {
    #[coroutine]
    static move |_: u64| {
        let result;
        {
            let pointee = [seed; 3];
            let pointer = &pointee;
            yield 1;
            result = [pointer[2] + 1; 3];
        }
        yield 2;
        result[1]
    }
}

/// `argument` is saved before the captures are used.
fn arguments(left: u64, right: u64) -> impl Coroutine<u64, Yield = u64, Return = u64> {
    #[coroutine]
    move |argument: u64| {
        let mixed = left ^ right;
        let next = yield mixed;
        argument + next
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(result) = future.as_mut().poll(&mut context) {
            return result;
        }
    }
}

fn print(coroutine: impl Coroutine<u64, Yield = u64, Return = u64>) {
    let mut coroutine = pin!(coroutine);
    for argument in [100, 1000, 10000] {
        match coroutine.as_mut().resume(argument) {
            CoroutineState::Yielded(value) => println!(\"yielded {value}\"),
            CoroutineState::Complete(value) => return println!(\"complete {value}\"),
        }
    }
}

fn main() {
    println!(\"{} {}\", run(saved(1, [2, 3, 4], 5)), run(twin(Wait(false))));
    print(unsaved([1, 2, 3]));
    print(pointer(6));
    print(arguments(12, 10));
}
";

const LLVM: Compiler = Compiler::Snug(Generator::Llvm, Layout::Packed);

const OUTPUT: &str =
    "1609 7\nyielded 6\ncomplete 101\nyielded 1\nyielded 2\ncomplete 7\nyielded 6\ncomplete 1100\n";

/// Faults, and what must be said about them; `*` stands for anything.
const FAULTS: &[(&str, &str)] = &[
    (
        "shift-slot kept",
        "relocating the upvar `kept` of `*saved()}` would copy it: it has bytes * before the first \
         resume, but its slot has bytes * in Suspend0",
    ),
    ("shift-slot __awaitee awaited", "relocating the upvar `awaited` of `*` would copy it: *"),
    (
        "swap-slots kept other",
        "relocating the upvar `kept` of `*saved()}` would copy it: * in Suspend1",
    ),
    (
        "swap-slots one two",
        "`one` of `*saved()}` does not keep its place: it has bytes * in Suspend0, but bytes * in \
         Suspend1",
    ),
    (
        "shift-unresumed kept",
        "the upvar `kept` of `*saved()}` has bytes * as a captured variable, but bytes * in its \
         variant Unresumed",
    ),
    (
        "overlap one two",
        "`*` (bytes *) and `*` (bytes *) of `*saved()}` overlap, but are both alive in Suspend0",
    ),
    (
        "overlap kept other",
        "two captured variables of `*saved()}` overlap: `*` (bytes *) and `*` (bytes *)",
    ),
    (
        "overlap argument left",
        "writing `argument` (bytes *) of `*` overwrites `left` (bytes *), which is still needed",
    ),
    (
        "overlap early consumed",
        "writing `early` (bytes *) of `*` overwrites `consumed` (bytes *), which is still needed",
    ),
    (
        "overlap result pointee",
        "`*` (bytes *) and `*` (bytes *) of `*` overlap, but may be stored at the same time",
    ),
    (
        "overlap-state kept",
        "`kept` of `*saved()}` (bytes *) overlaps the coroutine's state (bytes *)",
    ),
    ("lose-state kept", "the state of `*saved()}` has bytes *, but the coroutine has only *"),
    ("lose-field kept", "the layout of `*saved()}` does not have the fields of its variants"),
    ("misalign one", "`one` has alignment 8, but lies at offset * of `*saved()}`"),
    ("lower-alignment kept", "`kept` has alignment 8, but `*saved()}`, which it is in, only 1"),
    ("odd-size kept", "the size of `*saved()}`, * bytes, is no multiple of its alignment, 8"),
    ("shrink kept", "`*` ends at byte * of `*saved()}`, which has only 8"),
];

fn main() -> ExitCode {
    harness::main(|tools| {
        let damaged: Tools = Box::leak(Box::new(tools.damaged()?));
        let mut tests = vec![harness::test("faults: none", move || works(damaged, LLVM, None))];
        for (fault, message) in FAULTS {
            let name = format!("faults: {fault}");
            tests.push(harness::test(name, move || is_noticed(damaged, fault, message)));
        }
        for generator in Generator::ALL {
            let compiler = Compiler::Snug(generator, Layout::Packed);
            tests.push(harness::test(
                format!("faults: ignored by users' {generator}"),
                move || {
                    FAULTS.iter().try_for_each(|(fault, _)| works(tools, compiler, Some(fault)))
                },
            ));
        }
        Ok(tests)
    })
}

/// The compiler panics with one message, which says all of this.
fn is_noticed(tools: Tools, fault: &str, message: &str) -> Result<()> {
    let workshop = Workshop::new(tools, &[("main.rs", PROGRAM)])?;
    let mut rustc = workshop.rustc(LLVM, "main.rs");
    let failed = command::run(rustc.env("SNUG_FAULT", fault))?;
    same("status", failed.status.as_str(), "exit status: 101")?;
    let is_bug = |line: &&str| line.starts_with("error: internal compiler error: ");
    match failed.stderr.lines().filter(is_bug).collect::<Vec<_>>()[..] {
        [bug] if harness::is_message(bug, message) => {}
        [bug] => return Err(format!("`{message}` is not what it says: {bug}")),
        _ => return Err(format!("not one internal compiler error: {}", failed.describe())),
    }
    same("programs", workshop.path("main").exists(), false)
}

fn works(tools: Tools, compiler: Compiler, fault: Option<&str>) -> Result<()> {
    let workshop = Workshop::new(tools, &[("main.rs", PROGRAM)])?;
    let mut rustc = workshop.rustc(compiler, "main.rs");
    rustc.envs(fault.map(|fault| ("SNUG_FAULT", fault)));
    command::run(&mut rustc)?.expect_success("rustc")?;
    same("output", workshop.run("main")?.as_str(), OUTPUT)
}
