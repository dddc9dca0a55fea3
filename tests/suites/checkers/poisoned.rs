//! Dead bytes of coroutines become rubbish at every suspension.
//!
//! The layout and the verifier take it from rustc's liveness, and from the pass, which saved locals are
//! alive in which state. If they were wrong, a program would mostly still find its values where it left
//! them. So the build of Snug that damages layouts (`../build/faults`) can also fill all bytes of a
//! coroutine that are not alive in its new state (`src/testing/poison.rs`): what a program does must
//! not change.

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

/// Looks at a local, by a pointer, in a state in which it is dead.
const WRONG: &str = "
use std::{future::Future, hint::black_box, pin::{Pin, pin}, task::{Context, Poll, Waker}};

struct Wait(bool);

impl Future for Wait {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        self.0 = !self.0;
        if self.0 { Poll::Pending } else { Poll::Ready(()) }
    }
}

async fn wrong() {
    let pointer = {
        let local = [7u8; 64];
        Wait(false).await;
        black_box(&raw const local)
    };
    Wait(false).await;
    println!(\"{:x}\", unsafe { (*pointer)[32] });
}

fn main() {
    let mut future = pin!(wrong());
    while future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {}
}
";

/// A program that looks at what is dead sees it.
pub(crate) fn is_seen(tools: Tools) -> Result<()> {
    let workshop = Workshop::new(self::tools(tools)?, &[("main.rs", WRONG)])?;
    let mut rustc = workshop.rustc(Compiler::Snug(Generator::Llvm, Layout::Packed), "main.rs");
    command::run(&mut rustc)?.expect_success("the program as it is")?;
    same("without poison", workshop.run("main")?.as_str(), "7\n")?;
    command::run(rustc.envs(ENVIRONMENT.iter().copied()))?.expect_success("with poison")?;
    same("with poison", workshop.run("main")?.as_str(), "a5\n")
}
