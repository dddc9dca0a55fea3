//! Switches of the marker (see [`crate::guard`]), for tests and benchmarks.

/// Whether crates are to have no marker, so that a benchmark can measure what it costs.
pub(crate) fn is_off() -> bool {
    std::env::var_os("SNUG_MARKER").is_some_and(|value| value == "off")
}

/// The layout version of the other Snug that this one is to pretend to be.
pub(crate) fn layout_version() -> Option<String> {
    std::env::var("SNUG_LAYOUT_VERSION").ok()
}
