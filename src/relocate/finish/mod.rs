//! Finishing: after `StateTransform`, the layout learns where the upvars are ([`record`], [`unsaved`]), the body uses
//! them there ([`elide`]), and the bodies that drop the coroutine lose what they do not use ([`unused`]).

mod elide;
pub(crate) mod record;
mod unsaved;
mod unused;
