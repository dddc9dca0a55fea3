//! The sizes of futures with the value that is not the default: they stay what they were when that value was the
//! default. `choices/` has them; `SNUG_BLESS=1` writes them again.

use std::collections::BTreeSet;

use snug_tests::Result;
use snug_tests::compare::{blessing, text_difference};
use snug_tests::compiler::Generator;
use snug_tests::harness::Tools;
use snug_tests::program::{Extra, Program};
use snug_tests::report;
use snug_tests::toolchain::package;
use tempfile::TempDir;

use crate::{Choice, chosen, packed};

pub(super) fn check(tools: Tools, choice: Choice) -> Result<()> {
    let mut lines = BTreeSet::new();
    let compile = |it: &(String, Program)| it.1.expectation.success;
    for (name, program) in chosen(choice)?.into_iter().filter(compile) {
        let folder = TempDir::new().map_err(|error| format!("no temporary folder: {error}"))?;
        let extra = Extra {
            report: Some(folder.path()),
            environment: &[(choice.variable, choice.other())],
            ..Extra::default()
        };
        let outcome = program.only_compiled().outcome(tools, packed(Generator::Llvm), &extra)?;
        outcome.compilation.expect_success(&name)?;
        let prefix = format!("{}/", package().display());
        for coroutine in report::by_id(report::read(folder.path())?).values() {
            let ty = coroutine.name.replace(&prefix, "");
            if !ty.contains("/rustlib/") {
                lines.insert(format!("{name}: {ty} {}\n", coroutine.size));
            }
        }
    }
    let text: String = lines.into_iter().collect();
    let file = format!("choices/{}-{}.txt", choice.name, choice.other());
    let path = package().join(&file);
    if blessing() {
        return std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()));
    }
    let blessed = std::fs::read_to_string(&path).unwrap_or_default();
    text_difference(&blessed, &text).map_or(Ok(()), |difference| {
        Err(format!(
            "tests/{file} has other sizes. If that is meant: SNUG_BLESS=1 ./y.sh test \"{}: sizes\", and review it.\n{difference}",
            choice.name
        ))
    })
}
