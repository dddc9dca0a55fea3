//! Build scripts and procedural macros. With `--target`, Cargo does not call Snug for them.

use snug_tests::Result;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::workshop::{contains_all, same};

use super::fleet::{Suite, TARGET, cargo, fleet, tour};

/// What [`tour`] compiles in an empty target folder with [`TARGET`]: by Snug...
const BY_SNUG: &[&str] = &[
    "app bin for a target",
    "app lib for a target",
    "glue lib for a target",
    "ledger lib for a target",
    "parcel lib for a target",
    "plugin cdylib for a target",
    "scripted lib for a target",
    "shared dylib for a target",
    "store lib for a target",
    "tour bin for a target",
    "words lib for a target",
];

/// ... and by stock.
const BY_STOCK: &[&str] = &["build_script_build bin", "macros proc-macro", "words lib"];

/// What [`tour`] compiles in an empty target folder with [`TARGET`].
pub(super) fn all_for_a_target() -> Vec<&'static str> {
    [BY_SNUG, BY_STOCK].concat()
}

/// The sizes of one future, as the program, the build script and the macro see it.
fn sizes_of_words(sizes: &str) -> Result<[&str; 3]> {
    let value = |name: &str| {
        let found = sizes.split_whitespace().find_map(|size| size.strip_prefix(name));
        found.ok_or_else(|| format!("no `{name}` in {sizes}"))
    };
    Ok([value("words=")?, value("script=")?, value("macro=")?])
}

pub(super) fn for_a_target(suite: &Suite, generator: Generator) -> Result<()> {
    let stock = suite.clean(Compiler::Stock, TARGET)?;
    let [stock_size, ..] = sizes_of_words(stock)?;
    let fleet = fleet(suite.tools)?;
    let layouts = [Layout::Packed, Layout::Classic, Layout::Packed];
    for (number, layout) in layouts.into_iter().enumerate() {
        let compiler = Compiler::Snug(generator, layout);
        let first = tour(&cargo(&fleet, suite.tools, compiler), TARGET)?;
        // What stock has compiled does not depend on Snug's variables.
        let expected = if number == 0 { all_for_a_target() } else { BY_SNUG.into() };
        first.expect_compiled(&expected)?;
        same("sizes", first.sizes.as_str(), suite.clean(compiler, TARGET)?)?;
        let [words, script, in_macro] = sizes_of_words(&first.sizes)?;
        same("sizes for the host", [script, in_macro], [stock_size, stock_size])?;
        same("the size is stock's", words == stock_size, layout == Layout::Classic)?;
    }
    Ok(())
}

pub(super) fn for_the_host(suite: &Suite, generator: Generator) -> Result<()> {
    for layout in Layout::ALL {
        let sizes = suite.clean(Compiler::Snug(generator, layout), "")?;
        let [words, script, in_macro] = sizes_of_words(sizes)?;
        same("sizes for the host", [script, in_macro], [words, words])?;
    }
    contains_all(suite.clean(Compiler::Stock, "")?, &["script=202 macro=202"])
}
