//@ edition: 2024
// Generic and plain coroutines for other crates to use.

pub trait Named {
    fn name(&self) -> String;
}

impl Named for u16 {
    fn name(&self) -> String {
        format!("number {self}")
    }
}

pub async fn plain(number: u64, bytes: [u8; 40]) -> u64 {
    std::future::ready(()).await;
    number + bytes[3] as u64
}

pub async fn generic<T: Named, F: Future<Output = ()>>(value: T, wait: F, after: T) -> String {
    let first = value.name();
    wait.await;
    drop(value);
    let result = first + &after.name();
    std::future::ready(()).await;
    result
}

pub fn block<T: Named>(value: T, wait: impl Future<Output = ()>) -> impl Future<Output = usize> {
    async move {
        wait.await;
        value.name().len()
    }
}

pub fn without_captures() -> impl Future<Output = u32> {
    async {
        std::future::ready(()).await;
        7
    }
}

pub fn boxed<T: Named + 'static>(value: T) -> std::pin::Pin<Box<dyn Future<Output = String>>> {
    Box::pin(async move {
        std::future::ready(()).await;
        value.name()
    })
}

#[inline]
pub async fn inlined<T: Named>(value: T, times: u32) -> String {
    let mut all = String::new();
    for _ in 0..times {
        all += &value.name();
        std::future::ready(()).await;
    }
    all
}

pub async fn closure<F: AsyncFnOnce(u32) -> u32>(closure: F) -> u32 {
    closure(1).await
}
