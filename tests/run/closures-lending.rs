//! Async closures whose futures borrow: from the closure, from its arguments, from captured references; in
//! each other, in structs and traits, behind boxes, recursively.
//@ edition: 2024
//@ run-pass
#![feature(async_iterator, coroutine_trait, fn_traits, unboxed_closures, async_fn_traits)]

mod support;
#[path = "support/drive.rs"]
mod drive;
use std::pin::Pin;
use support::*;

/// Higher-ranked arguments: the future borrows them.
async fn with_borrowed(f: impl for<'a> AsyncFn(&'a Loud, &'a mut Vec<usize>) -> &'a str) -> usize {
    let (value, mut log) = (loud("lent"), vec![]);
    let first = f(&value, &mut log).await.len();
    let second = f(&value, &mut log).await.len();
    first + second + log.len()
}

fn lending_arguments() {
    let captured = loud("captured");
    drive::futures("lent arguments", 6, || {
        with_borrowed(async |value: &Loud, log: &mut Vec<usize>| {
            log.push(1);
            wait().await;
            log.push(value.name().len() + captured.name().len());
            value.name()
        })
    });
    async fn item<'a>(value: &'a Loud, log: &'a mut Vec<usize>) -> &'a str {
        let own = loud("of the item");
        wait().await;
        log.push(own.name().len());
        value.name()
    }
    drive::futures("an async fn", 4, || with_borrowed(item));
    let pointer: for<'a> fn(&'a Loud, &'a mut Vec<usize>) -> Pin<Box<dyn Future<Output = &'a str> + 'a>> =
        |value, log| Box::pin(item(value, log));
    drive::futures("a pointer", 4, || with_borrowed(pointer));
}

/// Each call lends out what the closure owns.
async fn twice<'c, F>(mut f: F) -> usize
where
    F: AsyncFnMut(usize) -> usize + 'c,
{
    let mut sum = 0;
    for round in 0..2 {
        let mut call = Box::pin(f(round));
        if poll(call.as_mut()).is_pending() {
            wait().await;
            sum += call.await;
        }
    }
    sum + f(9).await
}

fn lending_captures() {
    let make = || {
        let mut buffer = [1usize; 20];
        let mut names = vec![loud("owned")];
        async move |round: usize| {
            let slot = &mut buffer[round];
            let last = names.last_mut().unwrap();
            wait().await;
            *slot += last.name().len();
            *last = loud(&format!("round {round}"));
            wait().await;
            *slot
        }
    };
    drive::futures("lent captures", 12, || twice(make()));
    let mut outside = vec![loud("outside")];
    drive::cut_everywhere("reborrowed", 10, || (), |_, _| {
        let borrowed = &mut outside;
        let mut push = async |round: usize| {
            borrowed.push(loud(&format!("pushed {round}")));
            wait().await;
            borrowed.swap_remove(0);
            borrowed.len()
        };
        let sum = block_on(twice(&mut push)) + block_on(twice(push));
        drive::Step::More(format!("{sum}"))
    });
    println!("{}", outside.len());
}

fn nested() {
    let make = || {
        let (outer, number) = (loud("outer"), 3usize);
        async move |depth: usize| {
            let middle = loud("middle");
            let by_reference = async |n: usize| {
                wait().await;
                let innermost = async || {
                    wait().await;
                    outer.name().len() + middle.name().len() + n
                };
                innermost().await + innermost().await
            };
            let sum = by_reference(depth).await;
            let by_move = async move |n: usize| {
                wait().await;
                drop(middle);
                n + sum + number
            };
            by_move(1).await
        }
    };
    drive::futures("nested", 12, || twice(make()));
}

struct Handlers<A, B> {
    first: A,
    second: B,
    _own: Loud,
}

impl<A: AsyncFn(&str) -> usize, B: AsyncFnMut(&str) -> usize> Handlers<A, B> {
    async fn run(&mut self, text: &str) -> usize {
        (self.first)(text).await + (self.second)(text).await
    }
    async fn consume(self, text: String) -> usize
    where
        A: AsyncFnOnce(&str) -> usize,
    {
        let Handlers { first, mut second, .. } = self;
        second(&text).await + AsyncFnOnce::async_call_once(first, (&text,)).await
    }
}

fn in_structs() {
    let make = || {
        let (a, mut b) = (loud("of first"), vec![loud("of second")]);
        Handlers {
            first: async move |text: &str| {
                wait().await;
                text.len() + a.name().len()
            },
            second: async move |text: &str| {
                b.push(loud(text));
                wait().await;
                b.len()
            },
            _own: loud("own"),
        }
    };
    drive::futures("struct, lent", 4, || async { make().run("text").await });
    drive::futures("struct, consumed", 4, || make().consume("text".to_owned()));
}

trait Retry {
    async fn retry<F: AsyncFnMut(u32) -> Result<Loud, u32>>(&self, f: F) -> Result<Loud, u32>;
}

impl Retry for u32 {
    async fn retry<F: AsyncFnMut(u32) -> Result<Loud, u32>>(&self, mut f: F) -> Result<Loud, u32> {
        let mut last = Err(0);
        for attempt in 0..*self {
            last = f(attempt).await;
            if last.is_ok() {
                break;
            }
            wait().await;
        }
        last
    }
}

type Boxed = Box<dyn Fn(u32) -> Pin<Box<dyn Future<Output = u32>>>>;

fn erased(name: &'static str) -> Boxed {
    let f = std::rc::Rc::new({
        let captured = loud(name);
        async move |n: u32| {
            wait().await;
            captured.name().len() as u32 + n
        }
    });
    Box::new(move |n| {
        let f = f.clone();
        Box::pin(async move { f(n).await })
    })
}

type Bottom = dyn Fn(u32) -> Pin<Box<dyn Future<Output = u32>>>;

/// Closures around calls of the function that they are in.
fn recursive<'f>(depth: u32, f: &'f Bottom) -> Pin<Box<dyn Future<Output = u32> + 'f>> {
    let own = loud(&format!("depth {depth}"));
    Box::pin(async move {
        if depth == 0 {
            return f(0).await;
        }
        let again = async |n: u32| n + recursive(depth - 1, f).await;
        let sum = again(1).await + again(2).await;
        drop(own);
        sum
    })
}

fn main() {
    quiet();
    lending_arguments();
    lending_captures();
    nested();
    in_structs();
    for good in [0, 1, 5] {
        let mut seen = vec![];
        drive::futures("retry", 8, || async {
            let result = 3u32.retry(async |attempt| {
                let value = loud(&format!("attempt {attempt}"));
                wait().await;
                if attempt < good { Err(attempt) } else { Ok(value) }
            });
            result.await.map(|value| value.name().to_owned())
        });
        println!("{:?}", block_on(3u32.retry(async |attempt| {
            seen.push(attempt);
            wait().await;
            Err(attempt)
        })).map(|_| ()));
        println!("{seen:?}");
    }
    drive::futures("erased", 3, || {
        let (f, g) = (erased("f"), erased("g"));
        async move { f(1).await + g(2).await }
    });
    drive::futures("recursive", 6, || async {
        let f = erased("bottom");
        recursive(2, &f).await
    });
}
