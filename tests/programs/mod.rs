//! Other people's programs, as published, which `cargo snug` must build so that they do what stock's do.
//!
//! * [`table`]: which programs, how they are tried out, and what is known about their tests (`programs.toml`);
//! * [`sources`]: gets them through Cargo, with their own lock files;
//! * [`way`]: stock cargo or `cargo snug`, in which profile;
//! * [`build`]: builds a program and its tests;
//! * [`trial`]: does with a program what its users do, against [`web`] where it needs a server or a client;
//! * [`suite`]: all of that for a program and a way.
//!
//! A program's own tests are run and compared as those of crates are (`crates`).

pub mod build;
pub mod sources;
pub mod suite;
pub mod table;
pub mod trial;
pub mod way;
pub mod web;
