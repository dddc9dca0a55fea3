//! Doc tests are programs that rustdoc has stock's backend make, if nobody tells it otherwise.

use std::process::Command;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::command::{self, Finished};
use snug_tests::compiler::Compiler;
use snug_tests::harness::{self, Tools};
use snug_tests::workshop::{Workshop, contains_all, same};

use crate::crates::{CLASSIC, CRANELIFT, DYLIB, DYNAMIC, LLVM, RLIB, programs};
use crate::errors::{marker, missed_libraries};

pub(crate) fn tests(tools: Tools) -> Vec<Trial> {
    let kinds = [("rlibs", RLIB, ""), ("dylibs", DYLIB, DYNAMIC)];
    let test = |(name, kind, dynamic)| {
        harness::test(format!("mixing: doc tests with {name}"), move || check(tools, kind, dynamic))
    };
    kinds.into_iter().map(test).collect()
}

const DOCUMENTED: &str = "
/// ```
/// assert_eq!(documented::documented(), 3);
/// assert_eq!(store::sizes(), store::sizes!());
/// ```
pub fn documented() -> u8 {
    store::finish(store::hold([3; 1024]))
}
";

fn rustdoc(
    tools: Tools,
    workshop: &Workshop,
    compiler: Compiler,
    arguments: &str,
) -> Result<Finished> {
    let template = workshop.rustc(compiler, arguments);
    let mut rustdoc = Command::new(tools.rustc.with_file_name("rustdoc"));
    rustdoc.current_dir(workshop.path(".")).args(template.get_args());
    for (name, value) in template.get_envs() {
        match value {
            Some(value) => rustdoc.env(name, value),
            None => rustdoc.env_remove(name),
        };
    }
    command::run(&mut rustdoc)
}

fn check(tools: Tools, kind: &str, dynamic: &str) -> Result<()> {
    let workshop = programs(tools)?;
    workshop.write("documented.rs", DOCUMENTED)?;
    let name = marker(tools, "store", LLVM)?;
    let test = format!("documented.rs --test --extern store {dynamic}");
    for (below, glue, tester, works) in [
        (Compiler::Stock, Compiler::Stock, Compiler::Stock, true),
        (LLVM, Compiler::Stock, Compiler::Stock, false),
        (CRANELIFT, LLVM, Compiler::Stock, false),
        (LLVM, LLVM, CRANELIFT, true),
    ] {
        workshop.compile(below, &format!("store.rs {kind}"))?;
        workshop.compile(glue, &format!("documented.rs {RLIB} {dynamic} --extern store"))?;
        let tested = rustdoc(tools, &workshop, tester, &test)?;
        if works {
            contains_all(&tested.stdout, &["test result: ok. 1 passed"])?;
        } else {
            contains_all(&tested.stdout, &["test result: FAILED. 0 passed; 1 failed"])?;
            let missed = missed_libraries(&tested.stdout);
            same(&format!("{name} is among {missed:?}"), missed.contains(&name), true)?;
        }
    }
    let tested = rustdoc(tools, &workshop, CLASSIC, &test)?;
    contains_all(&tested.stdout, &["layout `packed`", "with `classic`", "result: FAILED"])
}
