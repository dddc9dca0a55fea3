//! Dead bytes of coroutines become rubbish at every suspension, and where storage ends in between.
//!
//! The layout and the verifier take it from rustc's liveness, and from the pass, which saved locals are
//! alive in which state. If they were wrong, a program would mostly still find its values where it left
//! them. So the build of Snug that damages layouts (`../build/faults`) can also fill all bytes of a
//! coroutine that are not alive in its new state, and those of a local where its storage ends (`src/testing/poison/`):
//! what a program does must not change. The Cranelift twin's fills locals where their storage begins: in its code, others may have had
//! the same bytes before (`slots/`).

use std::sync::OnceLock;

use snug_tests::Result;
use snug_tests::command;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::Tools;
use snug_tests::toolchain::Toolchain;
use snug_tests::workshop::{Workshop, same};

/// What asks the compiler to do it.
pub(crate) const ENVIRONMENT: &[(&str, &str)] = &[("SNUG_POISON", "1")];

/// The tools with that build.
pub(crate) fn tools(tools: Tools) -> Result<Tools> {
    static DAMAGED: OnceLock<Result<Toolchain>> = OnceLock::new();
    DAMAGED.get_or_init(|| tools.damaged()).as_ref().map_err(Clone::clone)
}

/// What both programs need.
const SUPPORT: &str = "
use std::{future::Future, hint::black_box, pin::{Pin, pin}, task::{Context, Poll, Waker}};
use std::sync::atomic::{AtomicPtr, Ordering::Relaxed};

struct Wait(bool);

impl Future for Wait {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        self.0 = !self.0;
        if self.0 { Poll::Pending } else { Poll::Ready(()) }
    }
}

fn main() {
    let mut future = pin!(wrong());
    while future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {}
}
";

/// Looks at a local, by a pointer, in a state in which it is dead.
const WRONG: &str = "
async fn wrong() {
    let pointer = {
        let local = [7u8; 64];
        Wait(false).await;
        black_box(&raw const local)
    };
    Wait(false).await;
    println!(\"{:x}\", unsafe { (*pointer)[32] });
}
";

/// Looks at a local, by a pointer, when its value has moved away.
const WRONG_BETWEEN: &str = "
struct Value([u8; 64]);

static KEPT: AtomicPtr<Value> = AtomicPtr::new(std::ptr::null_mut());

fn keep(value: &mut Value) {
    KEPT.store(value, Relaxed);
}

async fn wrong() {
    let mut value = Value([7; 64]);
    keep(&mut value);
    let boxed = Box::new(Some(value));
    println!(\"{:x}\", unsafe { (*KEPT.load(Relaxed)).0[32] });
    Wait(false).await;
    black_box(boxed);
}
";

/// Programs that look at what is dead see it.
pub(crate) fn is_seen(tools: Tools) -> Result<()> {
    [WRONG, WRONG_BETWEEN].into_iter().try_for_each(|program| is_seen_by(tools, program))
}

fn is_seen_by(tools: Tools, program: &str) -> Result<()> {
    let text = format!("{SUPPORT}{program}");
    let workshop = Workshop::new(self::tools(tools)?, &[("main.rs", &text)])?;
    let mut rustc = workshop.rustc(Compiler::Snug(Generator::Llvm, Layout::Packed), "main.rs");
    command::run(&mut rustc)?.expect_success("the program as it is")?;
    same("without poison", workshop.run("main")?.as_str(), "7\n")?;
    command::run(rustc.envs(ENVIRONMENT.iter().copied()))?.expect_success("with poison")?;
    same("with poison", workshop.run("main")?.as_str(), "a5\n")
}

/// Looks at a local, by a pointer, when its storage has ended, and another one has its bytes.
const WRONG_SCOPE: &str = "
fn main() {
    let pointer = {
        let local = [7u8; 64];
        std::hint::black_box(&raw const local)
    };
    let other;
    let seen = unsafe { (*pointer)[32] };
    other = std::hint::black_box([1u8; 64]);
    std::hint::black_box(&other);
    println!(\"{seen:x}\");
}
";

/// The Cranelift twin's poison is seen as well.
pub(crate) fn is_seen_in_slots(tools: Tools) -> Result<()> {
    let workshop = Workshop::new(self::tools(tools)?, &[("main.rs", WRONG_SCOPE)])?;
    let mut rustc = workshop.rustc(Compiler::Snug(Generator::Cranelift, Layout::Packed), "main.rs");
    command::run(rustc.envs(ENVIRONMENT.iter().copied()))?.expect_success("with poison")?;
    same("with poison", workshop.run("main")?.as_str(), "a5\n")
}
