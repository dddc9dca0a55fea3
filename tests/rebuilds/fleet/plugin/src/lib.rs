//! A dynamic library for everyone.

/// How big a future of the crate upstream is to this one.
#[unsafe(no_mangle)]
pub extern "C" fn plugin_size() -> usize {
    let future = store::both([1; 300], [2; 50]);
    let size = size_of_val(&future);
    assert_eq!(store::finish(future), 1 + 2 + 2);
    size
}
