//! Futures that call themselves in boxes, and hand on what they were given.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

use std::future::Future;
use std::pin::Pin;

type Value = Traced<60>;

async fn own(value: Value) -> u32 {
    pause().await;
    value.look()
}

fn down(value: Value, depth: u32) -> Pin<Box<dyn Future<Output = Value>>> {
    Box::pin(async move {
        value.look();
        if depth == 0 {
            pause().await;
            return value;
        }
        let own = sized::<60>("own");
        let value = down(value, depth - 1).await;
        own.look();
        drop(own);
        let next = sized::<90>("next");
        pause().await;
        next.look();
        value
    })
}

async fn linear(value: Value) -> u32 {
    let value = down(value, 2).await;
    own(value).await
}

enum Tree {
    Leaf(Value),
    Node(Box<Tree>, Box<Tree>),
}

fn sum(tree: Tree) -> Pin<Box<dyn Future<Output = u32>>> {
    Box::pin(async move {
        match tree {
            Tree::Leaf(value) => own(value).await,
            Tree::Node(left, right) => {
                let left = sum(*left).await;
                pause().await;
                left + sum(*right).await
            }
        }
    })
}

async fn of_a_tree() -> u32 {
    let leaf = |name| Box::new(Tree::Leaf(sized(name)));
    let tree = Tree::Node(leaf("a"), Box::new(Tree::Node(leaf("bb"), leaf("ccc"))));
    if let Tree::Node(left, _) = &tree
        && let Tree::Leaf(value) = &**left
    {
        value.look();
    }
    sum(tree).await
}

fn main() {
    everywhere![linear(sized("value")), of_a_tree()];
}
