//! What the validator says of a body that does something else than it did before.

use rustc_span::Span;

use super::side::Point;

pub(super) type Result<T> = std::result::Result<T, Violation>;

/// Something that the pass has changed.
pub(super) struct Violation {
    pub(super) message: String,
    pub(super) points: [Point; 2],
    pub(super) span: Span,
}
