//! Recursion without a box: the error points to where stock's does.
//@ edition: 2024
//@ not-inlined: stock then reports the cycles at other places
//@ build-fail

async fn recursive(depth: u32, text: String) -> usize {
    let held = (text.clone(), [depth; 20]);
    let rest = if depth == 0 { 0 } else { recursive(depth - 1, text).await };
    rest + held.0.len()
}

async fn first(depth: u32, [a, _]: [String; 2]) -> usize {
    second(depth, async move { a.len() }).await
}

async fn second<F: Future<Output = usize>>(depth: u32, future: F) -> usize {
    let number = future.await;
    let array = [String::new(), String::new()];
    number + first(depth - 1, array).await
}

fn main() {
    drop(recursive(1, String::new()));
    drop(first(1, [String::new(), String::new()]));
}
