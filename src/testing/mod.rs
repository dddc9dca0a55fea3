//! What only the build for the tests has (feature `faults`): mistakes that must be noticed, and switches. Every
//! one is an environment variable, and does nothing where that is not set.

pub(crate) mod layout_faults;
pub(crate) mod marker;
pub(crate) mod mir_faults;
pub(crate) mod poison;
