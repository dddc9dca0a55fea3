//! What Snug's test suites share.
//!
//! Every suite asks the same question: *does Snug behave as stock rustc does, apart from sizes?*
//! So nearly every test runs both compilers on one program and compares what they say and what the
//! program does. Nothing that stock does is written down here: it is run again on the same
//! machine, so an expectation cannot be wrong or out of date. Written down are only sizes (Snug's
//! whole point) and the tests in which a difference is right.
//!
//! From the ground up:
//!
//! * [`toolchain`] finds rustc, Snug's two backends and rustc's sources;
//! * [`command`] runs a process with a time limit;
//! * [`compiler`] knows how to call stock rustc and Snug;
//! * [`directives`] reads the `//@` lines at the top of test programs, rustc's and ours;
//! * [`checker`] watches programs while they run: sanitizers and valgrind;
//! * [`program`] compiles (and runs) one such program, with its auxiliary crates;
//! * [`corpus`] lists such programs;
//! * [`kept`] computes once what several suites ask for;
//! * [`compare`] decides whether two outcomes are equal, and says in which line they are not;
//! * [`side_by_side`] compiles and runs a program with stock and Snug, and compares;
//! * [`debuginfo`] reads what debuggers get to see;
//! * [`code`] reads CLIF and LLVM IR, and finds copies in it;
//! * [`report`] and [`type_sizes`] read layouts: `SNUG_REPORT` and `-Zprint-type-sizes`;
//! * [`mir`] shows the interesting part of dumped bodies;
//! * [`snapshot`] remembers layouts;
//! * [`expected`] reads the list of differences that are right;
//! * [`cargo`] calls Cargo with any compiler;
//! * [`crates`] runs the test suites of other people's crates;
//! * [`programs`] builds other people's programs, tries them out, and runs their tests;
//! * [`fuzz`] makes random programs and compares what they do;
//! * [`user`] has a workspace and calls `cargo snug`;
//! * [`workshop`] is a folder of source files for tests with several compilations;
//! * [`look`] shows what stock and Snug make of one file (`./y.sh run`);
//! * [`harness`] is the main function of every suite.
//!
//! The suites (`suites/*`): `sizes`, `sizes_command`, `run`, `checkers`, `frames`, `codegen`, `ui`, `mir`, `choices`, `debuginfo`, `determinism`, `faults`, `validator`,
//! `cli`, `stable`, `mixing`, `rebuilds`, `layouts`, `fuzz`, `crates`, `programs`, `reports`, `intrinsics`, `modules`, `docs`. Two of them are about what relocation costs: `frames` runs
//! futures of a megabyte on a small stack, each case in a process of its own, and demands that Snug survives
//! wherever stock does; `codegen` searches unoptimised CLIF and LLVM IR for copies of captures that should
//! not be there.

pub mod cargo;
pub mod checker;
pub mod code;
pub mod command;
pub mod compare;
pub mod compiler;
pub mod corpus;
#[path = "../crates/mod.rs"]
pub mod crates;
pub mod debugger;
pub mod debuginfo;
pub mod directives;
pub mod expected;
#[path = "../fuzz/mod.rs"]
pub mod fuzz;
pub mod harness;
pub mod kept;
pub mod look;
pub mod mir;
pub mod packages;
pub mod program;
#[path = "../programs/mod.rs"]
pub mod programs;
pub mod report;
pub mod session;
pub mod side_by_side;
pub mod snapshot;
pub mod stack_sizes;
pub mod toolchain;
pub mod type_sizes;
pub mod user;
pub mod version;
pub mod workshop;

/// An error is a sentence for the person who runs the tests.
pub type Result<T> = std::result::Result<T, String>;
