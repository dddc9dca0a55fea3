//! Futures that capture what has a destructor.
//@ edition: 2024

/// Looks at what it borrows when it is dropped.
pub struct Looks<'a>(pub &'a String);

impl Drop for Looks<'_> {
    fn drop(&mut self) {
        println!("    drop what looks at {}", self.0);
    }
}

pub async fn keep(looks: Looks<'_>) {
    std::future::ready(()).await;
    drop(looks);
}

pub async fn keep_any<T>(value: T) {
    std::future::ready(()).await;
    drop(value);
}

pub fn keep_in_block<'a, T: 'a>(first: T, second: T) -> impl Future<Output = T> + 'a {
    async move {
        std::future::ready(()).await;
        drop(first);
        std::future::ready(()).await;
        second
    }
}
