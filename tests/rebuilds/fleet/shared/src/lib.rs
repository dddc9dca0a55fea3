//! A dynamic library for Rust programs.

/// Holds a future of the crate upstream.
pub async fn twice(words: [u64; 50]) -> u64 {
    store::parcel::weigh(words, 2).await + store::parcel::weigh(words, 4).await
}

/// How big that future is to this crate.
pub fn size() -> usize {
    size_of_val(&twice([0; 50]))
}
