//! Another backend in the same target folder.

use snug_tests::Result;
use snug_tests::compiler::{Compiler, Generator};
use snug_tests::workshop::same;

use super::fleet::{ALL, Suite, TARGET, cargo, fleet, packed, tour};

/// Crates of other flags have other names, so Cargo keeps both, except for what has just one name.
const WITHOUT_OWN_NAME: &[&str] = &["plugin cdylib", "shared dylib"];

/// ... and what is above that.
const ABOVE: &[&str] = &["app bin", "app lib", "tour bin"];

fn one_after_the_other(
    suite: &Suite,
    compilers: [Compiler; 2],
    target: &'static str,
) -> Result<()> {
    let fleet = fleet(suite.tools)?;
    for (number, compiler) in [compilers, compilers].concat().into_iter().enumerate() {
        let cargo = cargo(&fleet, suite.tools, compiler);
        let first = tour(&cargo, target)?;
        if target.is_empty() {
            let again = [WITHOUT_OWN_NAME, ABOVE].concat();
            first.expect_compiled(if number < 2 { ALL } else { &again })?;
        }
        same("sizes", first.sizes.as_str(), suite.clean(compiler, target)?)?;
        tour(&cargo, target)?.expect_compiled(&[])?;
    }
    Ok(())
}

pub(super) fn twins(suite: &Suite) -> Result<()> {
    one_after_the_other(suite, Generator::ALL.map(packed), "")
}

pub(super) fn stock(suite: &Suite, generator: Generator) -> Result<()> {
    one_after_the_other(suite, [Compiler::Stock, packed(generator)], "")
}

/// Build scripts and procedural macros stay stock's all the time.
pub(super) fn stock_for_a_target(suite: &Suite, generator: Generator) -> Result<()> {
    one_after_the_other(suite, [packed(generator), Compiler::Stock], TARGET)
}
