//! Generic async fns, whose types another crate completes, and a future in a struct.

/// Awaits any future twice removed.
pub async fn pass<F: Future>(future: F) -> F::Output {
    async move { future.await }.await
}

/// A struct with a coroutine type in it.
pub struct Held<F> {
    /// The future.
    pub future: F,
    /// What comes behind it.
    pub after: u32,
}

/// A future of the crate upstream in a struct.
///
/// ```
/// async fn as_in_ledger(bytes: [u8; 300]) -> u64 {
///     std::future::ready(()).await;
///     bytes[7].into()
/// }
///
/// assert_eq!(size_of_val(&glue::held()), glue::size());
/// assert_eq!(size_of_val(&as_in_ledger([0; 300])), store::ledger::size());
/// ```
pub fn held() -> Held<impl Future<Output = u64>> {
    Held { future: pass(store::both([5; 300], [6; 50])), after: 0xabcd }
}

/// How big that struct is to this crate.
pub fn size() -> usize {
    size_of_val(&held())
}
