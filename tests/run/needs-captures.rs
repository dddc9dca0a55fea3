//! Upvars that are borrowed first and then move away: in `async` blocks, in functions with patterns, in methods.
//@ edition: 2024
//@ run-pass

#[macro_use]
mod support;
use support::trace::*;

use std::future::Future;

type Value = Traced<60>;

async fn own(value: Value) -> u32 {
    pause().await;
    value.look()
}

fn block(value: Value, other: Value) -> impl Future<Output = u32> {
    async move {
        let sum = value.look();
        pause().await;
        let sum = sum + own(value).await;
        let next = sized::<60>("next");
        pause().await;
        sum + next.look() + own(other).await
    }
}

async fn patterns((left, right): (Value, Value), [first, second]: [Value; 2]) -> u32 {
    let sum = left.look() + first.look();
    let boxed = Box::new(left);
    pause().await;
    let sum = sum + own(first).await;
    let next = sized::<90>("next");
    pause().await;
    sum + next.look() + own(*boxed).await + right.look() + second.look()
}

struct Owner(Value, u32);

impl Owner {
    async fn consumed(self, other: Value) -> u32 {
        let sum = self.0.look() + other.look();
        drop(other);
        pause().await;
        let inner = self.0;
        pause().await;
        sum + own(inner).await + self.1
    }

    async fn lent(&mut self, other: Value) -> u32 {
        let old = std::mem::replace(&mut self.0, other);
        let sum = old.look();
        pause().await;
        let sum = sum + own(old).await;
        pause().await;
        sum + self.0.look()
    }
}

async fn method() -> u32 {
    let mut owner = Owner(sized("owner"), 3);
    let sum = owner.lent(sized("lent")).await;
    sum + owner.consumed(sized("given")).await
}

async fn assigned(mut value: Value, flag: bool) -> u32 {
    let old = value;
    old.look();
    if flag {
        value = sized("flag");
        pause().await;
        own(old).await + value.look()
    } else {
        let sum = own(old).await;
        pause().await;
        value = sized("later");
        sum + own(value).await
    }
}

fn main() {
    everywhere![
        block(sized("value"), sized("other")),
        patterns((sized("l"), sized("rr")), [sized("f"), sized("ss")]),
        method(),
        assigned(sized("value"), true),
        assigned(sized("value"), false),
    ];
}
