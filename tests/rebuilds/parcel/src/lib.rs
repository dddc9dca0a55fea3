//! A crate by path, outside of the workspaces that use it.

/// A future that captures more than it keeps.
pub async fn weigh(words: [u64; 50], not_kept: usize) -> u64 {
    let first = words[not_kept];
    std::future::ready(()).await;
    first + words[3]
}

/// How big that future is to this crate.
pub fn size() -> usize {
    size_of_val(&weigh([0; 50], 0))
}
