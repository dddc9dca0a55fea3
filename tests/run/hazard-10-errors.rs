//! Bodies with errors of every phase: stock's diagnostics and no more.
//@ edition: 2024
//@ check-fail

struct NotSend(*mut u8);

fn send<T: Send>(_: T) {}

async fn moved(text: String) {
    let other = text;
    std::future::ready(()).await;
    println!("{text} {other}");
}

async fn borrowed(text: String) -> &'static str {
    let slice: &'static str = &text;
    std::future::ready(()).await;
    slice
}

async fn conditionally(text: String, condition: bool) -> String {
    if condition {
        drop(text);
    }
    std::future::ready(()).await;
    text
}

async fn unknown(missing: Missing) {
    std::future::ready(missing).await;
}

async fn mistyped(number: u32) -> String {
    std::future::ready(number).await
}

fn not_send(value: NotSend) {
    send(async move {
        std::future::ready(()).await;
        drop(value);
    });
}

fn reference_to_local() -> impl Future<Output = usize> {
    let text = String::new();
    async { text.len() }
}

async fn unused(used: u32, never_used: u32) {
    let mut needless = used;
    std::future::ready(needless).await;
}

const TOO_BIG: [u8; 2] = [1, 2];

async fn constant(index: usize) -> u8 {
    let at = TOO_BIG[5];
    std::future::ready(at).await + TOO_BIG[index]
}

fn main() {}
