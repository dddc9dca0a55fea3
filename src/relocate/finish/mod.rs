//! Finishing: after `StateTransform`, the layout learns of the upvars, and the body uses them where they lie.

pub(crate) mod in_place;
pub(crate) mod record;
pub(crate) mod unused;
