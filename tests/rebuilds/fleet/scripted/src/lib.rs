//! A crate with a build script.

/// How big the future of `words` is to the build script.
pub const SIZE_IN_BUILD_SCRIPT: &str = env!("SIZE_IN_BUILD_SCRIPT");

/// A future that captures more than it keeps.
pub async fn measure(bytes: [u8; 200]) -> usize {
    std::future::ready(()).await;
    bytes.len() + SIZE_IN_BUILD_SCRIPT.len()
}

/// How big that future is to this crate.
pub fn size() -> usize {
    size_of_val(&measure([0; 200]))
}
