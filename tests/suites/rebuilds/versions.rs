//! Another build of Snug takes the place of the one that compiled everything. The build for the suite
//! `faults` stands for it, with the layouts of this version under another number.

use std::path::{Path, PathBuf};
use std::process::Command;

use snug_tests::Result;
use snug_tests::cargo::Cargo;
use snug_tests::command;
use snug_tests::compiler::Generator;
use snug_tests::toolchain::Toolchain;
use snug_tests::version::{ANOTHER, layout_version};
use snug_tests::workshop::{Workshop, contains_all, same};

use super::fleet::{ALL, Suite, TARGET, cargo, fleet, packed, tour};
use super::hosts::all_for_a_target;

/// The workspaces, and a Snug of their own in the folder `dist`.
struct Site {
    fleet: Workshop,
    toolchain: Toolchain,
}

impl Site {
    fn new(suite: &Suite) -> Result<Site> {
        let fleet = fleet(suite.tools)?;
        fleet.copy(parent(&suite.tools.llvm), "dist")?;
        let llvm = fleet.path("dist/librustc_codegen_snug_llvm.so");
        Ok(Site { fleet, toolchain: Toolchain { llvm, ..suite.tools.damaged()? } })
    }

    fn cargo(&self) -> Cargo {
        let cargo = cargo(&self.fleet, &self.toolchain, packed(Generator::Llvm));
        cargo.env("SNUG_LAYOUT_VERSION", ANOTHER).flag("-Zincremental-verify-ich")
    }

    /// Puts a build into `dist`, as unpacking an archive does: nothing is removed, and the times are
    /// those at which it was packed, long ago.
    fn unpack(&self, build: &Path) -> Result<()> {
        self.fleet.copy(build, "archive")?;
        let mut age = Command::new("find");
        age.arg(self.fleet.path("archive"));
        age.args(["-exec", "touch", "--no-dereference", "--date=2020-01-01", "{}", "+"]);
        command::run(&mut age)?.expect_success("find")?;
        self.fleet.copy(&self.fleet.path("archive"), "dist/snug")?;
        std::fs::remove_dir_all(self.fleet.path("archive")).map_err(|error| error.to_string())
    }

    fn expect(&self, suite: &Suite, target: &'static str, compiled: &[&str]) -> Result<()> {
        let toured = tour(&self.cargo(), target)?;
        toured.expect_compiled(compiled)?;
        let clean = suite.clean(packed(Generator::Llvm), target)?;
        same("sizes", toured.sizes.as_str(), clean)
    }
}

fn parent(file: &Path) -> &Path {
    file.parent().unwrap_or(file)
}

/// The folder with the files of a build that a loader loads.
fn loaded(loader: &Path) -> PathBuf {
    loader.with_file_name("snug")
}

/// As `./y.sh build` does it after an edit.
pub(super) fn newer_file(suite: &Suite) -> Result<()> {
    let site = Site::new(suite)?;
    let file = site.fleet.path("dist/snug/snug_llvm.so");
    let builds = [&suite.tools.with_faults, &loaded(&suite.tools.llvm).join("snug_llvm.so")];
    site.expect(suite, "", ALL)?;
    for build in builds {
        site.expect(suite, "", &[])?;
        std::fs::copy(build, &file).map_err(|error| error.to_string())?;
        site.expect(suite, "", ALL)?;
    }
    Ok(())
}

/// As archives, package managers and copies that keep times do it, up and down.
pub(super) fn older_files(suite: &Suite) -> Result<()> {
    let site = Site::new(suite)?;
    let builds = [parent(&suite.tools.with_faults), &loaded(&suite.tools.llvm)];
    site.expect(suite, "", ALL)?;
    for build in builds {
        site.expect(suite, "", &[])?;
        site.unpack(build)?;
        site.expect(suite, "", ALL)?;
        // The same build again is no change.
        site.unpack(build)?;
        site.expect(suite, "", &[])?;
    }
    Ok(())
}

/// Nothing but the backend's file is replaced, and it is older than what was compiled: Cargo cannot see
/// that. Nothing is mixed all the same.
pub(super) fn older_file_alone(suite: &Suite) -> Result<()> {
    let site = Site::new(suite)?;
    site.expect(suite, TARGET, &all_for_a_target())?;
    let aged = site.fleet.path("aged.so");
    std::fs::copy(&suite.tools.with_faults, &aged).map_err(|error| error.to_string())?;
    command::run(Command::new("touch").arg("--date=2020-01-01").arg(&aged))?
        .expect_success("touch")?;
    site.fleet.copy(&aged, "dist/snug/snug_llvm.so")?;
    site.expect(suite, TARGET, &[])?;

    site.fleet.edit("fleet/app/src/lib.rs", "Runs futures", "Runs all futures")?;
    let refused = site.cargo().call(&format!("build {TARGET}"))?.expect_exit(101, "cargo")?;
    let before = layout_version(suite.tools, Generator::Llvm)?;
    let sentence = format!(
        "error: crate `ledger` was compiled by another version of Snug (coroutine layout version \
         {before}) than `app` (version {ANOTHER})"
    );
    contains_all(&refused.stderr, &[&sentence, "`cargo clean`"])?;
    site.cargo().succeed("clean")?;
    site.expect(suite, TARGET, &all_for_a_target())
}
