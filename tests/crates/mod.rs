//! Other people's crates, whose own test suites must come out under Snug as under stock rustc.
//!
//! * [`table`]: which crates, and what is known about their tests (`crates.toml`);
//! * [`sources`]: gets their sources through Cargo, and makes one workspace of them;
//! * [`way`]: by which compiler and in which profile its tests are compiled;
//! * [`build`]: compiles them;
//! * [`libtest`]: runs a test program, and tells how each of its tests came out;
//! * [`suite`]: all of that for a crate and a way to compile it, with second chances for tests that depend on time;
//! * [`verdict`]: compares what came out under two compilers;
//! * [`results`]: remembers the counts and shows them as a table.

pub mod build;
pub mod libtest;
pub mod results;
pub mod sources;
pub mod suite;
pub mod table;
pub mod verdict;
pub mod way;
