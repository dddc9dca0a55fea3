//! Fields of structs that move away one by one, are filled again, or are all that is awaited.
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

struct Request<F> {
    name: Value,
    body: Option<Value>,
    future: F,
    numbers: [u64; 9],
}

fn request(name: &'static str) -> Request<impl Future<Output = u32>> {
    let future = own(sized("awaited"));
    Request { name: sized(name), body: Some(sized("body")), future, numbers: [3; 9] }
}

async fn awaited_first() -> u32 {
    let request = request("first");
    request.name.look();
    let sum = request.future.await;
    pause().await;
    sum + request.name.look() + request.numbers[4] as u32
}

async fn one_by_one() -> u32 {
    let request = request("turns");
    let sum = own(request.name).await;
    let next = sized::<90>("next");
    pause().await;
    let body = request.body;
    let sum = sum + next.look() + request.future.await;
    match body {
        Some(body) => sum + own(body).await,
        None => sum,
    }
}

async fn filled_again() -> u32 {
    let mut request = request("again");
    let old = request.name;
    pause().await;
    request.name = sized("new");
    let sum = own(old).await;
    let body = request.body.take();
    pause().await;
    sum + request.name.look() + body.map_or(0, |body| body.look())
}

async fn by_pattern() -> u32 {
    let Request { name, body, future, numbers: [first, .., last] } = request("pattern");
    name.look();
    drop(body);
    let sum = future.await;
    pause().await;
    sum + own(name).await + (first + last) as u32
}

async fn updated() -> u32 {
    let old = request("old");
    old.name.look();
    let new = Request { name: sized("new"), ..old };
    pause().await;
    let sum = old.name.look() + new.future.await;
    sum + own(new.name).await
}

fn main() {
    everywhere![awaited_first(), one_by_one(), filled_again(), by_pattern(), updated()];
}
