//! The debug information of the Cranelift twin holds together: `llvm-dwarfdump --verify` finds nothing, in any program of the corpus.
//!
//! Objects are looked at, not programs: std's own debug information, which is in these, has errors.

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::corpus;
use snug_tests::directives::Goal;
use snug_tests::harness::{self, Tools};
use snug_tests::program::Program;
use snug_tests::toolchain::package;
use snug_tests::workshop::Workshop;

use crate::sessions::CRANELIFT;

/// Of the programs in `run`, the short run takes each of this many.
const SHORT: usize = 12;

pub(crate) fn tests(tools: Tools) -> Result<Vec<Trial>> {
    let sources = corpus::files(&package().join("debuginfo"))?;
    let mut sources: Vec<_> = sources.into_iter().map(|source| (source, Vec::new())).collect();
    let run = corpus::programs(&package().join("run"))?.into_iter().enumerate();
    let run = run.filter(|(index, _)| harness::long() || index % SHORT == 0);
    // What compiles alone, to machine code.
    let run = run.filter(|(_, Program { directives, expectation, .. })| {
        let crates = directives.aux_build.len() + directives.aux_crate.len();
        let is_alone = crates + directives.proc_macros.len() == 0;
        let makes_code = expectation.success && expectation.goal == Goal::Run;
        is_alone && makes_code && !directives.compile_flags.iter().any(|flag| flag == "-o")
    });
    sources.extend(run.map(|(_, program)| (program.path, program.directives.compile_flags)));
    sources.dedup();
    // Where something is optimised, variables are in registers.
    let levels: &[&str] = if harness::long() { &["0", "2"] } else { &["0"] };
    let each =
        levels.iter().flat_map(|level| sources.iter().map(move |source| (level, source.clone())));
    let tests = each.map(|(level, (source, flags))| {
        let name = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let test = harness::test(format!("verified, {level}: {name}"), move || {
            let workshop = Workshop::new(tools, &[])?;
            let flags = format!(
                "-g --emit=obj -Ccodegen-units=1 -Copt-level={level} -Awarnings --out-dir=objects {}",
                flags.join(" ")
            );
            workshop.compile(CRANELIFT, &format!("{} {flags}", source.display()))?;
            // Assembly in functions is an object of its own.
            let objects = workshop.files("objects")?;
            if objects.is_empty() {
                return Err("there is no object".to_owned());
            }
            objects.iter().try_for_each(|object| {
                let verified = workshop.tool("llvm-dwarfdump", &format!("--verify {object}"))?;
                verified.expect_success("llvm-dwarfdump").map(drop)
            })
        });
        harness::needs("llvm-dwarfdump", "llvm", test)
    });
    Ok(tests.collect())
}
