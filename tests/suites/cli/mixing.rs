//! Crates of stock and of Snug in one program: it works, or it does not link.

use snug_tests::Result;
use snug_tests::command;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::Tools;
use snug_tests::workshop::{Workshop, contains_all, same};

use super::packed;

pub(super) const LIBRARY: &str = "
pub async fn hold(bytes: [u8; 1024]) -> u8 {
    std::future::ready(()).await;
    bytes[7]
}

pub fn generic<T: Copy + 'static>(value: T) -> impl Future<Output = T> {
    async move {
        std::future::ready(()).await;
        value
    }
}

// In stock, what lives across two awaits keeps its bytes for ever: Snug's layout would be smaller.
pub fn without_captures() -> impl Future<Output = u64> {
    async {
        let mut sum = 0;
        for _ in 0..2 {
            let words = [1u64; 9];
            std::future::ready(()).await;
            std::future::ready(()).await;
            sum += words[3];
        }
        for _ in 0..3 {
            let words = [1u64; 9];
            std::future::ready(()).await;
            std::future::ready(()).await;
            sum += words[4];
        }
        sum
    }
}

#[inline(never)]
pub fn size_of_without_captures() -> usize {
    size_of_val(&without_captures())
}
";

const USER: &str = "
extern crate library;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

fn finish<F: Future>(future: F) -> F::Output {
    let size = size_of_val(&future);
    let Poll::Ready(value) = pin!(future).poll(&mut Context::from_waker(Waker::noop())) else {
        panic!(\"not ready\")
    };
    assert!(size > 1);
    value
}

async fn both(bytes: [u8; 1024]) -> u64 {
    library::hold(bytes).await as u64 + library::without_captures().await
}

fn main() {
    println!(\"{}\", finish(library::hold([3; 1024])));
    println!(\"{}\", finish(library::generic([7u16; 3]))[2]);
    println!(\"{}\", finish(library::without_captures()));
    assert_eq!(size_of_val(&library::without_captures()), library::size_of_without_captures());
    println!(\"{}\", finish(both([4; 1024])));
}
";

const USER_OUTPUT: &str = "3\n7\n5\n9\n";

fn two_crates(tools: Tools) -> Result<Workshop> {
    Workshop::new(tools, &[("library.rs", LIBRARY), ("user.rs", USER)])
}

pub(super) fn stock_cannot_link(tools: Tools, generator: Generator) -> Result<()> {
    for layout in Layout::ALL {
        let workshop = two_crates(tools)?;
        let snug = Compiler::Snug(generator, layout);
        workshop.compile(snug, "library.rs --crate-type=lib")?;
        let mut link = workshop.rustc(Compiler::Stock, "user.rs");
        let failed = command::run(&mut link)?.expect_failure("stock's link of a Snug crate")?;
        let marker = format!("snug-coroutine-layout-{layout}-v");
        contains_all(
            &failed.stderr,
            &[&marker, "crate-library-was-compiled-by-the-codegen-backend-Snug"],
        )?;
    }
    Ok(())
}

pub(super) fn snug_on_stock(tools: Tools, generator: Generator) -> Result<()> {
    for layout in Layout::ALL {
        for flags in ["", "-Copt-level=2 -Cdebuginfo=2"] {
            let workshop = two_crates(tools)?;
            let compile_library = format!("library.rs --crate-type=lib {flags}");
            workshop.compile(Compiler::Stock, &compile_library)?;
            let snug = Compiler::Snug(generator, layout);
            workshop.compile(snug, &format!("user.rs {flags}"))?;
            same("output", workshop.run("user")?.as_str(), USER_OUTPUT)?;
        }
    }
    Ok(())
}

pub(super) fn snug_on_snug(tools: Tools, generator: Generator) -> Result<()> {
    for kind in ["rlib", "dylib -Cprefer-dynamic -Crpath"] {
        let workshop = two_crates(tools)?;
        workshop.compile(packed(generator), &format!("library.rs --crate-type={kind}"))?;
        // The twins lay out alike: either may finish what the other began.
        for other in Generator::ALL {
            workshop.compile(packed(other), "user.rs -Crpath")?;
            same("output", workshop.run("user")?.as_str(), USER_OUTPUT)?;
        }
    }
    Ok(())
}
