//! async fns in traits: default bodies, overridden and refined ones, with lifetimes and generics, `impl Future`
//! in return position with and without `use<..>`, in associated types, with constants as parameters.
//@ edition: 2024
//@ run-pass
#![feature(impl_trait_in_assoc_type, type_alias_impl_trait, async_iterator, coroutine_trait)]
#![feature(generic_const_exprs, return_type_notation)]
#![allow(incomplete_features, refining_impl_trait)]

mod support;
#[path = "support/drive.rs"]
mod drive;
use std::fmt::Debug;
use std::future::{Ready, ready};
use support::tasks::*;
use support::*;

trait Store {
    type Key: Debug;
    async fn get(&self, key: Self::Key) -> Option<Loud>;
    async fn put(&mut self, key: Self::Key, value: Loud) -> Option<Loud>;
    /// Calls both, and holds values across the calls.
    async fn swap(&mut self, key: Self::Key, value: Loud) -> String
    where
        Self::Key: Clone,
    {
        let before = self.get(key.clone()).await;
        let held = loud("held by the default");
        let replaced = self.put(key, value).await;
        format!("{:?} {} {:?}", before.map(named), held.name(), replaced.map(named))
    }
    async fn consume(self, last: Loud) -> usize
    where
        Self: Sized,
    {
        wait().await;
        last.name().len()
    }
}

fn named(value: Loud) -> String {
    value.name().to_owned()
}

struct Slots(Vec<Loud>, Loud);

impl Store for Slots {
    type Key = usize;
    async fn get(&self, key: usize) -> Option<Loud> {
        let copy = loud(self.0.get(key)?.name());
        wait().await;
        Some(copy)
    }
    async fn put(&mut self, key: usize, value: Loud) -> Option<Loud> {
        println!("    {}", self.1.name());
        let slot = self.0.get_mut(key)?;
        wait().await;
        Some(std::mem::replace(slot, value))
    }
}

/// Overrides a default, and gives a nameable future where the trait promises any.
struct Empty(&'static str);

impl Store for Empty {
    type Key = Vec<u8>;
    fn get(&self, _: Vec<u8>) -> Ready<Option<Loud>> {
        ready(None)
    }
    async fn put(&mut self, _key: Vec<u8>, _: Loud) -> Option<Loud> {
        wait().await;
        Some(loud(self.0))
    }
    async fn consume(self, last: Loud) -> usize {
        let both = (last, loud(self.0));
        wait().await;
        let (last, _) = both;
        last.name().len()
    }
}

fn stores() {
    let slots = || Slots(vec![loud("zero"), loud("one")], loud("own"));
    for key in [1, 5] {
        drive::futures("slots", 4, || async move { slots().swap(key, loud("new")).await });
    }
    drive::futures("slots, consumed", 3, || slots().consume(loud("last")));
    drive::futures("empty", 3, || async { Empty("nothing").swap(vec![1, 2], loud("new")).await });
    drive::futures("empty, consumed", 3, || Empty("nothing").consume(loud("last")));
}

/// Futures that promise more, or borrow less, than the default.
trait Pipe<'a, T: 'a> {
    fn send(&self, value: T) -> impl Future<Output = usize> + Send;
    fn detached(&self, value: T) -> impl Future<Output = usize> + use<'a, Self, T>;
    fn nested(self, value: T) -> impl Future<Output: Future<Output = usize>>;
}

impl<'a, T: AsRef<str> + Send + 'a> Pipe<'a, T> for &'a str {
    fn send(&self, value: T) -> impl Future<Output = usize> + Send {
        let own = self.len();
        async move {
            wait().await;
            value.as_ref().len() + own
        }
    }
    fn detached(&self, value: T) -> impl Future<Output = usize> + use<'a, T> {
        let text: &'a str = self;
        async move {
            wait().await;
            let length = value.as_ref().len();
            drop(value);
            wait().await;
            length + text.len()
        }
    }
    fn nested(self, value: T) -> impl Future<Output: Future<Output = usize>> {
        async move {
            wait().await;
            async move {
                wait().await;
                value.as_ref().len() * self.len()
            }
        }
    }
}

impl AsRef<str> for Loud {
    fn as_ref(&self) -> &str {
        self.name()
    }
}

fn is_send<T: Send>(value: T) -> T {
    value
}

fn pipes() {
    drive::futures("send", 3, || async {
        let text = String::from("text");
        let text = text.as_str();
        is_send(text.send(loud("value"))).await
    });
    let detached = || {
        let text = "text";
        let pipe = Box::new(text);
        Pipe::detached(&*pipe, loud("value"))
    };
    drive::futures("detached", 4, detached);
    drive::futures("nested", 4, || async { "abc".nested(loud("value")).await.await });
}

/// Futures as associated types, which the impl does not name.
trait Job {
    type Running<'a>: Future<Output = u64> + 'a
    where
        Self: 'a;
    fn start<'a>(&'a mut self, input: Owned<20>) -> Self::Running<'a>;
}

struct Adder(Filled<15>, Vec<Loud>);

impl Job for Adder {
    type Running<'a> = impl Future<Output = u64> + 'a;
    fn start<'a>(&'a mut self, input: Owned<20>) -> Self::Running<'a> {
        self.1.push(loud("started"));
        async move {
            let sum = self.0.sum();
            let done = task("job", 1).await;
            input.look();
            self.1.push(done);
            self.0.refill(sum);
            (sum ^ input.filled.sum()) % 1000
        }
    }
}

type Opaque = impl Future<Output = usize>;

#[define_opaque(Opaque)]
fn opaque(a: Loud, b: Loud) -> Opaque {
    async move {
        wait().await;
        drop(a);
        wait().await;
        b.name().len()
    }
}

struct HoldsOpaque {
    future: Opaque,
    name: Loud,
}

fn associated_types() {
    let input = || Owned { filled: Filled::new(6), name: loud("input") };
    drive::futures("associated", 4, || async {
        let mut adder = Adder(Filled::new(1), vec![]);
        let first = adder.start(input()).await;
        let abandoned = adder.start(input());
        drop(abandoned);
        first + adder.start(input()).await + adder.1.len() as u64
    });
    drive::futures("opaque", 4, || async {
        let HoldsOpaque { future, name } = HoldsOpaque { future: opaque(loud("a"), loud("b")), name: loud("name") };
        future.await + name.name().len()
    });
    let row: [Opaque; 2] = [opaque(loud("a"), loud("b")), opaque(loud("c"), loud("d"))];
    for future in row {
        println!("{}", block_on(future));
    }
}

/// Constants as parameters, computed ones too.
struct Block<const N: usize>;

impl<const N: usize> Block<N>
where
    [(); N * 2 + 1]:,
{
    async fn sums(&self, bytes: [u8; N * 2 + 1], guard: Loud) -> usize {
        let halves = [[bytes[0]; N], [bytes[N]; N]];
        wait().await;
        let sum: usize = bytes.iter().map(|byte| *byte as usize).sum();
        drop(guard);
        wait().await;
        sum + halves[1].iter().map(|byte| *byte as usize).sum::<usize>()
    }
}

async fn generic<T: Debug, const N: usize, F>(values: [T; N], make: impl Fn(usize) -> F) -> String
where
    F: Future<Output: Debug>,
{
    let mut all = String::new();
    for (i, value) in values.into_iter().enumerate() {
        let made = make(i).await;
        all += &format!("{value:?}{made:?} ");
    }
    all
}

impl Debug for Loud {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}>", self.name())
    }
}

fn constants() {
    drive::futures("one", 3, || Block::<1>.sums([1, 2, 3], loud("guard")));
    drive::futures("twenty", 3, || Block::<20>.sums([7; 41], loud("guard")));
    drive::futures("zero", 3, || Block::<0>.sums([7], loud("guard")));
    drive::futures("values", 4, || {
        generic([loud("a"), loud("b")], async |i| {
            wait().await;
            loud(&format!("made {i}"))
        })
    });
    drive::futures("no values", 1, || generic([0u8; 0], |_| ready(())));
}

/// Bounds on what a method returns.
async fn spawnable<S: Store<Key = usize, get(..): Send> + Sync>(store: &S) -> usize {
    is_send(store.get(0)).await.map_or(0, |value| value.name().len())
}

fn main() {
    quiet();
    stores();
    pipes();
    associated_types();
    constants();
    drive::futures("bounded", 2, || async {
        spawnable(&Slots(vec![loud("zero")], loud("own"))).await
    });
}
