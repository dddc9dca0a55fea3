//! `SNUG_LAYOUT` and `SNUG_REPORT` change.

use std::collections::BTreeSet;

use snug_tests::Result;
use snug_tests::cargo;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::report;
use snug_tests::workshop::{contains_all, same};

use super::fleet::{ALL, Suite, cargo, fleet, packed, tour};

/// Each change, and one at which everything that was ever compiled is still there.
const LAYOUTS: [Layout; 4] =
    [Layout::Packed, Layout::CapturesOnly, Layout::Classic, Layout::Packed];

pub(super) fn build_and_run(suite: &Suite, generator: Generator) -> Result<()> {
    let fleet = fleet(suite.tools)?;
    for (number, layout) in LAYOUTS.into_iter().enumerate() {
        let compiler = Compiler::Snug(generator, layout);
        let cargo = cargo(&fleet, suite.tools, compiler);
        let first = tour(&cargo, "")?;
        first.expect_compiled(ALL)?;
        same("sizes", first.sizes.as_str(), suite.clean(compiler, "")?)?;
        if number > 0 {
            // The leaves: what is above them has to be compiled anyway.
            for leaf in ["ledger v1.0.0", "parcel v0.1.0", "words v0.1.0"] {
                let line = first.said.lines().find(|line| line.contains(&format!("Dirty {leaf}")));
                contains_all(line.unwrap_or_default(), &["variable SNUG_LAYOUT changed"])?;
            }
        }
        let again = tour(&cargo, "")?;
        again.expect_compiled(&[])?;
        same("sizes again", again.sizes, first.sizes)?;
    }
    Ok(())
}

/// The layouts differ in size, or the other tests of this suite would see nothing.
pub(super) fn sizes_tell_layouts(suite: &Suite, generator: Generator) -> Result<()> {
    let [classic, captures_only, packed] =
        Layout::ALL.map(|layout| suite.clean(Compiler::Snug(generator, layout), ""));
    let (classic, captures_only, packed) = (classic?, captures_only?, packed?);
    same("stock's sizes", suite.clean(Compiler::Stock, "")?, classic)?;
    for (one, other) in [(classic, captures_only), (captures_only, packed), (packed, classic)] {
        same("two layouts look alike", one == other, false)?;
    }
    // Each number but the last, which is no size.
    let numbers = |line: &str| line.split(' ').filter(|part| !part.starts_with("count=")).count();
    let kept = |classic: &str| packed.split(' ').filter(|size| classic.contains(size)).count();
    same("sizes", numbers(packed), 11)?;
    same("sizes that are the same in `classic`", kept(classic), 1)
}

pub(super) fn test(suite: &Suite, generator: Generator) -> Result<()> {
    let fleet = fleet(suite.tools)?;
    for layout in [Layout::Packed, Layout::Classic, Layout::CapturesOnly] {
        let compiler = Compiler::Snug(generator, layout);
        let cargo = cargo(&fleet, suite.tools, compiler);
        let tested = cargo.succeed("test -p app -p glue -- --nocapture")?;
        let mut expected: BTreeSet<String> = ALL.iter().map(|name| name.to_string()).collect();
        expected.remove("plugin cdylib");
        expected.extend(["app test".to_owned(), "integration test".to_owned()]);
        same("what was compiled", cargo::compiled(&tested), expected)?;
        let (sizes, _) = suite.clean(compiler, "")?.split_once(" plugin=").unwrap_or_default();
        for kind in ["unit test", "integration test"] {
            contains_all(&tested.stdout, &[&format!("{kind}: {sizes}\n")])?;
        }
        contains_all(&tested.stdout, &["src/lib.rs - held", "1 passed; 0 failed"])?;
        let again = cargo.succeed("test -p app -p glue")?;
        same("what was compiled again", cargo::compiled(&again), BTreeSet::new())?;
    }
    Ok(())
}

/// Metadata alone, between builds.
pub(super) fn check(suite: &Suite, generator: Generator) -> Result<()> {
    let fleet = fleet(suite.tools)?;
    let [classic, packed] =
        [Layout::Classic, Layout::Packed].map(|layout| Compiler::Snug(generator, layout));
    let check = |compiler| -> Result<bool> {
        let checked = cargo(&fleet, suite.tools, compiler).succeed("check")?;
        Ok(cargo::compiled(&checked).contains("store lib"))
    };
    let build = |compiler| -> Result<bool> {
        let toured = tour(&cargo(&fleet, suite.tools, compiler), "")?;
        same("sizes", toured.sizes.as_str(), suite.clean(compiler, "")?)?;
        Ok(toured.compiled.contains("store lib"))
    };
    same("checked", check(packed)?, true)?;
    same("built what was checked with another layout", build(classic)?, true)?;
    same("checked the same", check(packed)?, false)?;
    same("checked what was built", check(classic)?, true)?;
    same("built the same", build(classic)?, false)?;
    same("built another layout", build(packed)?, true)?;
    same("checked what was built", check(packed)?, true)
}

/// The variable comes from Cargo's configuration.
pub(super) fn configured(suite: &Suite, generator: Generator) -> Result<()> {
    let fleet = fleet(suite.tools)?;
    let cargo = cargo(&fleet, suite.tools, packed(generator)).without("SNUG_LAYOUT");
    for layout in [Some(Layout::Classic), Some(Layout::CapturesOnly), None] {
        let text = layout.map(|layout| format!("[env]\nSNUG_LAYOUT = \"{layout}\"\n"));
        fleet.write("fleet/.cargo/config.toml", &text.unwrap_or_default())?;
        let first = tour(&cargo, "")?;
        first.expect_compiled(ALL)?;
        let compiler = Compiler::Snug(generator, layout.unwrap_or(Layout::Packed));
        same("sizes", first.sizes.as_str(), suite.clean(compiler, "")?)?;
        tour(&cargo, "")?.expect_compiled(&[])?;
    }
    Ok(())
}

pub(super) fn a_report(suite: &Suite, generator: Generator) -> Result<()> {
    let fleet = fleet(suite.tools)?;
    let cargo = cargo(&fleet, suite.tools, packed(generator));
    tour(&cargo, "")?;
    let folder = fleet.path("reports");
    let cargo = cargo.env("SNUG_REPORT", &folder);
    let asked = tour(&cargo, "")?;
    asked.expect_compiled(ALL)?;
    contains_all(&asked.said, &["Dirty ledger v1.0.0: the environment variable SNUG_REPORT"])?;
    let names: Vec<_> = report::read(&folder)?.into_iter().map(|found| found.name).collect();
    for crate_name in ["ledger", "store", "glue"] {
        let is_there = names.iter().any(|name| name.contains(&format!("{crate_name}::")));
        same(&format!("an entry of {crate_name}"), is_there, true)?;
    }
    tour(&cargo, "")?.expect_compiled(&[])
}
