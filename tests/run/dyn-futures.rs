//! Futures behind `dyn`: boxed, pinned on the stack, in `Rc`, in fields that are unsized, in collections,
//! through traits that erase them; made, replaced, moved and dropped at every poll, and panicking in between.
//@ edition: 2024
//@ run-pass
#![feature(async_iterator, coroutine_trait, gen_blocks)]

mod support;
#[path = "support/drive.rs"]
mod drive;
use std::any::Any;
use std::collections::BTreeMap;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;
use support::tasks::*;
use support::*;

type Local<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

async fn small(name: &'static str) -> usize {
    let own = loud(name);
    wait().await;
    own.name().len()
}

async fn large(name: &'static str, big: Owned<200>) -> usize {
    let result = task(name, 1).await;
    big.look();
    wait().await;
    result.name().len()
}

fn owned200(name: &str) -> Owned<200> {
    Owned { filled: Filled::new(4), name: loud(name) }
}

/// One place for futures of different sizes.
fn replaced_in_one_box() {
    drive::futures("replaced", 7, || async {
        let mut current: Local<'_, usize> = Box::pin(small("first"));
        let first = current.as_mut().await;
        current = Box::pin(large("second", owned200("big")));
        let second = current.as_mut().await;
        current = Box::pin(std::future::ready(3));
        first + second + current.await
    });
    drive::futures("given up", 4, || async {
        let mut current: Local<'_, usize> = Box::pin(large("slow", owned200("big")));
        for name in ["a", "b"] {
            let _ = std::future::poll_fn(|context| {
                Poll::Ready(current.as_mut().poll(context).is_ready())
            })
            .await;
            current = Box::pin(small(name));
            wait().await;
        }
        current.await
    });
}

fn pinned_on_the_stack() {
    drive::futures("pinned", 5, || async {
        let (which, guard) = (pin!(small("pinned")), loud("guard"));
        let mut erased: Pin<&mut dyn Future<Output = usize>> = which;
        let first = erased.as_mut().await;
        let other = pin!(large("other", owned200("big")));
        erased = other;
        first + erased.await + guard.name().len()
    });
    fn by_reference<'a>(
        future: &'a mut (dyn Future<Output = usize> + Unpin),
        guard: &'a Loud,
    ) -> impl Future<Output = usize> + use<'a> {
        async move { future.await + guard.name().len() }
    }
    drive::futures("unpinned reference", 3, || async {
        let (mut boxed, guard) = (Box::pin(small("boxed")), loud("guard"));
        by_reference(&mut boxed, &guard).await
    });
}

/// The last field of a struct may be unsized, where the future is aligned as it must be.
struct Named<F: ?Sized> {
    name: Loud,
    byte: u8,
    future: F,
}

#[repr(align(64))]
struct Aligned([u8; 64]);

fn in_unsized_fields() {
    async fn aligned(value: Aligned, name: Loud) -> usize {
        assert_eq!(&raw const value as usize % 64, 0);
        wait().await;
        assert_eq!(&raw const value as usize % 64, 0);
        value.0[63] as usize + name.name().len()
    }
    drive::cut_everywhere(
        "unsized",
        4,
        || -> Pin<Box<Named<dyn Future<Output = usize>>>> {
            let future = aligned(Aligned([5; 64]), loud("inside"));
            Box::pin(Named { name: loud("outside"), byte: 1, future })
        },
        |named, _| {
            // The future is pinned with the struct.
            let future = unsafe { named.get_unchecked_mut().as_mut().map_unchecked_mut(|n| &mut n.future) };
            match poll(future) {
                Poll::Pending => drive::Step::More("pending".to_owned()),
                Poll::Ready(value) => drive::Step::End(value.to_string()),
            }
        },
    );
    let named = Named { name: loud("sized"), byte: 2, future: small("inside") };
    let erased: Rc<Named<dyn Any>> = Rc::new(Named { name: named.name, byte: named.byte, future: 5u8 });
    println!("{} {} {:?}", erased.name.name(), erased.byte, erased.future.downcast_ref::<u8>());
    println!("{}", block_on(named.future));
}

/// A trait whose methods give boxed futures, and one that erases an async trait.
trait Service {
    async fn call(&self, request: Loud) -> Result<Loud, String>;
}

trait Erased {
    fn call<'a>(&'a self, request: Loud) -> Local<'a, Result<Loud, String>>;
}

impl<S: Service> Erased for S {
    fn call<'a>(&'a self, request: Loud) -> Local<'a, Result<Loud, String>> {
        Box::pin(Service::call(self, request))
    }
}

struct Echo(Loud);

impl Service for Echo {
    async fn call(&self, request: Loud) -> Result<Loud, String> {
        wait().await;
        Ok(loud(&format!("{} {}", self.0.name(), request.name())))
    }
}

struct Refusing;

impl Service for Refusing {
    async fn call(&self, request: Loud) -> Result<Loud, String> {
        let local = loud("refused");
        wait().await;
        Err(format!("{} {}", request.name(), local.name()))
    }
}

/// A layer over any other.
struct Twice(Rc<dyn Erased>, Loud);

impl Service for Twice {
    async fn call(&self, request: Loud) -> Result<Loud, String> {
        let first = self.0.call(request).await?;
        let held = loud("between the calls");
        let second = self.0.call(first).await;
        println!("    {} {}", held.name(), self.1.name());
        second
    }
}

fn through_erased_traits() {
    let services: [(&str, fn() -> Rc<dyn Erased>); 4] = [
        ("echo", || Rc::new(Echo(loud("echo")))),
        ("refusing", || Rc::new(Refusing)),
        ("twice", || Rc::new(Twice(Rc::new(Echo(loud("inner"))), loud("own")))),
        ("twice refusing", || Rc::new(Twice(Rc::new(Twice(Rc::new(Refusing), loud("a"))), loud("b")))),
    ];
    for (name, make) in services {
        drive::futures(name, 4, || async move {
            let service = make();
            let answer = service.call(loud("request")).await;
            answer.map(|value| value.name().to_owned())
        });
    }
}

/// Futures by name, of which some are dropped while others wait.
fn in_collections() {
    println!("in a map");
    let mut tasks: BTreeMap<u32, Local<'static, usize>> = BTreeMap::new();
    for id in 0..6 {
        tasks.insert(id, match id % 3 {
            0 => Box::pin(small("of a map")),
            1 => Box::pin(large("of a map", owned200("big"))),
            _ => {
                let captured = loud("captured");
                Box::pin(async move {
                    wait_times(id).await;
                    captured.name().len()
                })
            }
        });
    }
    for round in 0..5 {
        tasks.retain(|id, task| {
            let polled = poll(task.as_mut());
            println!("  {round}.{id} {polled:?}");
            polled.is_pending()
        });
        tasks.remove(&round);
    }
    println!("  dropping {}", tasks.len());
}

fn panicking() {
    drive::futures("panics", 4, || async {
        let guard = loud("guard");
        let inner: Local<'_, Loud> = Box::pin(async {
            let _local = loud("local");
            let _bomb = loud("in place of a bomb");
            panicking_task("panicking", 1).await
        });
        let outer: Local<'_, usize> = Box::pin(async move { inner.await.name().len() });
        outer.await + guard.name().len()
    });
    drive::futures("drop panics", 3, || {
        let (a, bomb, b) = (loud("a"), Bomb("boxed"), loud("b"));
        let boxed: Local<'_, usize> = Box::pin(async move {
            wait().await;
            let _all = (&bomb, &b);
            a.name().len()
        });
        boxed
    });
    let iterators: Vec<Box<dyn Iterator<Item = usize>>> = vec![
        Box::new({
            let captured = loud("captured");
            gen move { yield captured.name().len() }
        }),
        Box::new((1..3).map(|n| n * 10)),
    ];
    println!("{:?}", iterators.into_iter().flatten().collect::<Vec<_>>());
}

fn main() {
    quiet();
    replaced_in_one_box();
    pinned_on_the_stack();
    in_unsized_fields();
    through_erased_traits();
    in_collections();
    panicking();
}
