//! Nothing: the tests of this package use other crates, as their users do.
