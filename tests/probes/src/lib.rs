//! Nothing: what is compiled are the dependencies.
