//! Recursion through boxes: direct, mutual, generic, through traits and closures, with values on both
//! sides of the recursive await, cancelled at every depth.
//@ edition: 2024
//@ not-inlined: stock then finds recursion without a box (E0733) where there is none
//@ run-pass

#[macro_use]
mod support;
use std::pin::Pin;
use support::trace::*;

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Boxes the call itself.
async fn direct(depth: u32, before: Traced, after: Traced<40>) -> u32 {
    before.look();
    if depth == 0 {
        pause().await;
        return after.look();
    }
    let below = Box::pin(direct(depth - 1, traced("b"), sized("a"))).await;
    drop(before);
    pause().await;
    below + after.look()
}

/// Returns the box.
fn boxed(depth: u32, value: Traced) -> Boxed<'static, Traced> {
    Box::pin(async move {
        if depth == 0 {
            pause().await;
            return value;
        }
        let result = boxed(depth - 1, traced("inner")).await;
        value.look();
        drop(result);
        pause().await;
        value
    })
}

async fn even(depth: u32, value: Traced) -> bool {
    if depth == 0 {
        return true;
    }
    value.look();
    let next: Boxed<'_, bool> = Box::pin(odd(depth - 1, value));
    pause().await;
    next.await
}

async fn odd(depth: u32, value: Traced) -> bool {
    if depth == 0 {
        return false;
    }
    let next: Boxed<'_, bool> = Box::pin(even(depth - 1, traced("next")));
    let is_even = next.await;
    eat(value);
    is_even
}

/// Borrows from the caller's frame, which is in the caller's future.
fn borrowing<'a>(depth: u32, path: &'a [&'a Traced]) -> Boxed<'a, usize> {
    Box::pin(async move {
        if depth == 0 {
            pause().await;
            for value in path {
                value.look();
            }
            return path.len();
        }
        let own = traced("own");
        let mut longer = path.to_vec();
        longer.push(&own);
        pause().await;
        let length = borrowing(depth - 1, &longer).await;
        own.look();
        length
    })
}

/// A type parameter that grows with the depth would never end; one that alternates does.
trait Kind {
    type Other: Kind;
    fn make(name: &'static str) -> Self;
    fn name() -> &'static str;
}

struct Small(Traced);
struct Large(#[expect(unused)] [u64; 20], Traced<100>);

impl Kind for Small {
    type Other = Large;
    fn make(name: &'static str) -> Self {
        Small(traced(name))
    }
    fn name() -> &'static str {
        "small"
    }
}

impl Kind for Large {
    type Other = Small;
    fn make(name: &'static str) -> Self {
        Large([3; 20], sized(name))
    }
    fn name() -> &'static str {
        "large"
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        self.0.look();
    }
}

impl Drop for Large {
    fn drop(&mut self) {
        self.1.look();
    }
}

fn generic<T: Kind + 'static>(depth: u32, value: T) -> Boxed<'static, u32> {
    Box::pin(async move {
        event(T::name());
        if depth == 0 {
            drop(value);
            pause().await;
            return 1;
        }
        let below = generic(depth - 1, T::Other::make("other")).await;
        let _kept = value;
        pause().await;
        below + 1
    })
}

trait Tree {
    async fn walk(&self, value: Traced) -> u32;
}

enum Node {
    Leaf(Traced),
    Fork(Box<Node>, Traced, Box<Node>),
}

impl Tree for Node {
    async fn walk(&self, value: Traced) -> u32 {
        match self {
            Node::Leaf(leaf) => {
                pause().await;
                leaf.look() + value.look()
            }
            Node::Fork(left, own, right) => {
                let sum = Box::pin(left.walk(traced("l"))).await + own.look();
                drop(value);
                sum + Box::pin(right.walk(traced("r"))).await
            }
        }
    }
}

async fn tree(name: &'static str) -> u32 {
    let leaf = |name| Box::new(Node::Leaf(traced(name)));
    let node = Node::Fork(leaf("left"), traced("fork"), leaf("right"));
    node.walk(traced(name)).await
}

/// A closure that gets itself, by a table of functions.
async fn by_pointer(depth: usize, value: Traced) -> usize {
    type Step = fn(usize, Traced) -> Boxed<'static, usize>;
    const STEPS: [Step; 2] = [
        |depth, value| Box::pin(async move { by_pointer(depth - 1, value).await + 1 }),
        |depth, value| {
            value.look();
            Box::pin(by_pointer(depth - 1, value))
        },
    ];
    if depth == 0 {
        pause().await;
        value.look();
        return 0;
    }
    STEPS[depth % 2](depth, value).await
}

fn main() {
    support::quiet();
    everywhere! {
        direct(2, traced("before"), sized("after")),
        boxed(2, traced("v")),
        even(3, traced("v")),
        borrowing(2, &[]),
        generic(2, Small::make("s")),
        tree("v"),
        by_pointer(3, traced("v")),
    }
}
