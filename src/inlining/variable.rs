//! The variable that turns inlining off.

use crate::switch;

/// The environment variable that chooses.
pub(crate) const VARIABLE: &str = "SNUG_INLINE";

/// Checks the variable outside of any query.
pub(crate) fn check_environment() -> Result<(), String> {
    switch::of_environment(VARIABLE).map(drop)
}
