//! What the verifier says.

use rustc_span::Span;

/// What is wrong with a coroutine, in a sentence, and where to point.
pub(super) struct Violation {
    pub(super) span: Span,
    pub(super) message: String,
}
