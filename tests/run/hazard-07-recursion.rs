//! Recursion without boxing: E0733 with stock's labels.
//@ edition: 2024
//@ check-fail

async fn direct(n: u32) {
    if n > 0 {
        direct(n - 1).await;
    }
}

async fn even(n: u32) {
    if n > 0 {
        odd(n - 1).await;
    }
}

async fn odd(n: u32) {
    let keep = even(n);
    keep.await;
}

async fn generic<T>(value: T, n: u32) {
    generic(&1, n).await;
    drop(value);
}

fn through_block(n: u32) -> impl Future<Output = ()> {
    async move {
        let inner = through_block(n - 1);
        inner.await;
    }
}

async fn captured(n: u32) {
    let future = captured_twice(n);
    async move { future.await }.await
}

async fn captured_twice(n: u32) {
    let future = captured(n);
    async move { future.await }.await
}

fn main() {}
