//! Compiled to abort on panic: there are no unwinding edges, and cancellation still drops everything.
//@ edition: 2024
//@ run-pass
//@ compile-flags: -Cpanic=abort
#![feature(gen_blocks, async_iterator, coroutines, coroutine_trait, stmt_expr_attributes)]

mod support;
#[path = "support/drive.rs"]
mod drive;
use support::tasks::*;
use support::*;

async fn function(a: Loud, b: Owned<50>, (c, _): (Loud, Loud), which: bool) -> usize {
    let first = task("first", 1).await;
    if which {
        drop(a);
        wait().await;
    } else {
        let moved = (a, first);
        wait().await;
        println!("    {}", moved.1.name());
    }
    b.look();
    let taken = b;
    wait().await;
    taken.filled.sum() as usize % 100 + c.name().len()
}

async fn nested(value: Loud) -> Result<usize, Loud> {
    let inner = async {
        let held = loud("held");
        wait().await;
        if held.name().len() == 4 { Err(loud("error")) } else { Ok(1) }
    };
    let number: usize = inner.await?;
    Ok(number + value.name().len())
}

fn main() {
    let owned = || Owned { filled: Filled::new(3), name: loud("owned") };
    for which in [false, true] {
        drive::futures("function", 4, || {
            function(loud("a"), owned(), (loud("c"), loud("d")), which)
        });
    }
    drive::futures("nested", 2, || async {
        nested(loud("value")).await.map_err(|error| error.name().len())
    });
    drive::futures("closure", 2, || {
        let (captured, kept) = (loud("captured"), owned());
        let closure = async move |argument: Loud| {
            drop(captured);
            wait().await;
            kept.look();
            argument.name().len()
        };
        async move { closure(loud("argument")).await }
    });
    drive::iterators("gen", 3, || {
        let (captured, kept) = (loud("captured"), owned());
        gen move {
            yield captured.name().len();
            drop(captured);
            yield kept.filled.sum() as usize % 100;
        }
    });
    drive::coroutines("coroutine", 2, || {
        let kept = owned();
        #[coroutine]
        move |first: Loud| {
            let second = yield first.name().len();
            kept.look();
            drop(first);
            second.name().len()
        }
    }, |i| loud(&format!("argument {i}")));
}
