//! What only the build for the tests has (feature `faults`): mistakes to be noticed.

pub(crate) mod layout_faults;
pub(crate) mod poison;
