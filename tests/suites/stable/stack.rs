//! `cargo snug stack`: what it computes is what a painted stack shows, in programs of both twins.

use serde_json::Value;
use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::user::User;
use snug_tests::workshop::contains_all;

/// What the painter's own frames may add to or take from a measurement, in bytes.
const SLACK: u64 = 768;

/// Prints how many bytes of a painted stack `work` uses.
const PROGRAM: &str = "
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

const STACK: usize = 4 << 20;
const PAINT: u64 = 0xa5a5_a5a5_a5a5_a5a5;

struct Wait(bool);

impl Future for Wait {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

async fn deep(number: u64) -> u64 {
    let scratch = black_box([number; 900]);
    let sum = scratch[3] + scratch[4];
    Wait(false).await;
    sum
}

async fn shallow(number: u64) -> u64 {
    Wait(false).await;
    deep(number).await + 1
}

#[inline(never)]
fn work() -> u64 {
    let mut future = pin!(shallow(7));
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

#[inline(never)]
fn here() -> usize {
    let local = 0_u8;
    black_box(&raw const local) as usize
}

#[inline(never)]
unsafe fn paint(mut at: usize, end: usize) {
    while at < end {
        unsafe { std::ptr::write_volatile(at as *mut u64, PAINT) };
        at += 8;
    }
}

#[inline(never)]
unsafe fn unpainted(mut at: usize) -> usize {
    while unsafe { std::ptr::read_volatile(at as *const u64) } == PAINT {
        at += 8;
    }
    at
}

fn main() {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(|| {
        let top = here();
        let low = (top - STACK + (64 << 10)) & !7;
        unsafe { paint(low, top - 4096) };
        black_box(work());
        top - unsafe { unpainted(low) }
    });
    println!(\"{}\", thread.unwrap().join().unwrap());
}
";

fn user(tools: Tools) -> Result<User> {
    User::new(tools, &[("app/src/main.rs", PROGRAM)])
}

/// The chain below `work` is as deep as it is, to a third.
pub(crate) fn as_painted(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    for profile in ["", "--release"] {
        let used = user.succeed(&format!("run {profile}"))?.stdout;
        let used: u64 = used.trim().parse().map_err(|_| format!("the program prints `{used}`"))?;
        let command = format!("stack {profile} --format json --top 0 --root ::work$");
        let answer: Value = serde_json::from_str(&user.succeed(&command)?.stdout)
            .map_err(|error| format!("no JSON: {error}"))?;
        let chains = answer["programs"][0]["chains"].as_array().cloned().unwrap_or_default();
        let begins = |chain: &&Value| chain["links"][0]["name"] == "app::work";
        let chain = chains.iter().find(begins).ok_or_else(|| format!("no chain: {answer:#}"))?;
        let bytes = chain["bytes"].as_u64().unwrap_or(0);
        if bytes + SLACK < used || bytes * 10 > used * 13 + SLACK * 10 {
            return Err(format!("{bytes} bytes are computed, {used} are used: {chain:#}"));
        }
    }
    Ok(())
}

/// What people read, limits, and errors.
pub(crate) fn for_people(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    let text = user.succeed("stack --root ::work$")?.stdout;
    contains_all(
        &text,
        &["async fn app::deep", "async fn app::shallow", "`scratch`: 7,200 bytes", "src/main.rs:"],
    )?;
    user.succeed("stack --limit 1MiB --root ::work$")?;
    let refused = user.snug("stack --limit 1KiB --root ::work$")?.expect_exit(1, "a limit")?;
    contains_all(&refused.stdout, &["more than the limit"])?;
    let refused = user.snug("stack --limit much")?.expect_exit(2, "a limit that is none")?;
    contains_all(&refused.stderr, &["much", "512KiB"])?;
    let refused = user.snug("stack -p store")?.expect_exit(1, "a library")?;
    contains_all(&refused.stderr, &["this command builds no program", "--examples"])
}
