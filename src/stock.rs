//! The query providers of the wrapped backend and of rustc, as they were before Snug's overrides.
//!
//! Every override calls its provider here for whatever is not Snug's business.

use std::sync::OnceLock;

use rustc_middle::queries::Providers;

static PROVIDERS: OnceLock<Providers> = OnceLock::new();

/// Keeps the providers. The first session's are those of all: a process has one backend.
pub(crate) fn keep(providers: &Providers) {
    PROVIDERS.get_or_init(|| *providers);
}

/// The providers without the overrides.
pub(crate) fn providers() -> &'static Providers {
    PROVIDERS.get().expect("a query ran before the backend provided its overrides")
}
