//! The workspaces in `tests/rebuilds`, in a temporary folder.
//!
//! ```text
//! .cargo, vendor/ledger   a crate that comes from a registry, as far as Cargo knows
//! parcel                  a crate by path, in no workspace
//! fleet                   a workspace with every kind of crate, on top of both
//! tender                  another workspace, on top of `ledger`, `parcel` and fleet's `store`
//! ```
//!
//! Each crate has a future, and says how big it is; the programs check that all crates agree, run the
//! futures, and print the sizes, which are different in every layout.

use std::collections::{BTreeMap, BTreeSet};

use snug_tests::Result;
use snug_tests::cargo::{self, Cargo};
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::{Shared, Tools};
use snug_tests::toolchain::{Toolchain, package};
use snug_tests::workshop::{Workshop, same};

/// What [`tour`] compiles in an empty target folder.
pub(super) const ALL: &[&str] = &[
    "app bin",
    "app lib",
    "build_script_build bin",
    "glue lib",
    "ledger lib",
    "macros proc-macro",
    "parcel lib",
    "plugin cdylib",
    "scripted lib",
    "shared dylib",
    "store lib",
    "tour bin",
    "words lib",
];

/// Cargo's option for a target. Then `RUSTFLAGS` are not for build scripts and procedural macros.
pub(super) const TARGET: &str = "--target=x86_64-unknown-linux-gnu";

/// What the tests of the suite share.
pub(super) struct Suite {
    pub(super) tools: Tools,
    clean: BTreeMap<(String, &'static str), Shared<String>>,
}

impl Suite {
    pub(super) fn new(tools: Tools) -> Suite {
        let compilers = [Compiler::Stock].into_iter().chain(Compiler::all_of_snug());
        let each = compilers.flat_map(|compiler| {
            ["", TARGET].map(|target| ((compiler.to_string(), target), Shared::default()))
        });
        Suite { tools, clean: each.collect() }
    }

    /// What [`tour`] prints when everything has just been compiled for the first time.
    pub(super) fn clean(&self, compiler: Compiler, target: &'static str) -> Result<&str> {
        let shared = &self.clean[&(compiler.to_string(), target)];
        let sizes = shared.get(|| {
            let fleet = fleet(self.tools)?;
            tour(&cargo(&fleet, self.tools, compiler), target).map(|tour| tour.sizes)
        });
        sizes.map(String::as_str)
    }
}

/// The workspaces in a folder.
pub(super) fn fleet(tools: Tools) -> Result<Workshop> {
    let workshop = Workshop::new(tools, &[])?;
    workshop.copy(&package().join("rebuilds"), ".")?;
    Ok(workshop)
}

/// Cargo in the workspace `fleet`.
pub(super) fn cargo(fleet: &Workshop, toolchain: &Toolchain, compiler: Compiler) -> Cargo {
    Cargo::new(toolchain, &fleet.path("fleet"), compiler)
}

pub(super) fn packed(generator: Generator) -> Compiler {
    Compiler::Snug(generator, Layout::Packed)
}

/// A build of nearly everything, and a run.
pub(super) struct Tour {
    pub(super) compiled: BTreeSet<String>,
    /// What Cargo has said about the build.
    pub(super) said: String,
    /// What the program has printed.
    pub(super) sizes: String,
}

impl Tour {
    /// An error unless just these were compiled.
    pub(super) fn expect_compiled(&self, expected: &[&str]) -> Result<()> {
        let expected: BTreeSet<String> = expected.iter().map(|name| name.to_string()).collect();
        same("what was compiled", &self.compiled, &expected)
            .map_err(|error| format!("{error}\n{}", self.said))
    }
}

/// Builds nearly everything and runs it.
pub(super) fn tour(cargo: &Cargo, target: &str) -> Result<Tour> {
    let built = cargo.succeed(&format!("build --lib --bins --examples {target}"))?;
    let run = cargo.succeed(&format!("run --example tour {target}"))?;
    same("what was compiled to run", cargo::compiled(&run), BTreeSet::new())?;
    Ok(Tour { compiled: cargo::compiled(&built), said: built.stderr, sizes: run.stdout })
}
