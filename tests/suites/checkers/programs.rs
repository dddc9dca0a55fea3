//! Which programs are checked: those for which code is generated.

use snug_tests::Result;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::corpus;
use snug_tests::directives::Goal;
use snug_tests::expected::Differences;
use snug_tests::harness::{self, Tools};
use snug_tests::program::Program;
use snug_tests::toolchain::package;

/// A program and what the checks want to know of it.
#[derive(Clone)]
pub(crate) struct Listed {
    /// Its path below `tests/` or `tests/ui/`, and its revision.
    pub(crate) name: String,
    pub(crate) program: Program,
    /// Whether it is in `run/`: ours, and made to be watched.
    pub(crate) is_ours: bool,
    /// Whether its text names threads.
    pub(crate) has_threads: bool,
}

impl Listed {
    /// Whether the program is run, not only compiled.
    pub(crate) fn runs(&self) -> bool {
        self.program.expectation.goal == Goal::Run
    }
}

/// All programs.
pub(crate) fn list(tools: Tools) -> Result<Vec<Listed>> {
    let mut all = Vec::new();
    let run = package().join("run");
    for program in corpus::programs(&run)? {
        // What is only checked has no code; and where MIR is inlined, stock finds cycles in wrong programs
        // that are not in their source.
        if program.expectation.goal == Goal::Check {
            continue;
        }
        all.push(listed(corpus::name(&program, &run), program, true)?);
    }
    if harness::long() {
        for folder in ["sizes", "codegen"] {
            for program in corpus::programs(&package().join(folder))? {
                // A file that only points to one of rustc's own has nothing to compile.
                if program.directives.own("program").next().is_none() {
                    let name = corpus::name(&program, package());
                    all.push(listed(name, program.only_compiled(), false)?);
                }
            }
        }
        all.extend(of_rustc(tools)?);
    }
    Ok(all)
}

/// rustc's own tests that run, except those that assert how big futures are.
fn of_rustc(tools: Tools) -> Result<Vec<Listed>> {
    let root = tools.sources.join("tests/ui");
    let mut differences = Differences::read(&package().join("ui/expected-differences.txt"))?;
    let mut all = Vec::new();
    for folder in ["coroutine", "async-await", "drop"] {
        for program in corpus::programs(&root.join(folder))? {
            let name = corpus::name(&program, &root);
            let differs = Generator::ALL.into_iter().any(|generator| {
                let compiler = Compiler::Snug(generator, Layout::Packed);
                differences.take(&format!("{name} {compiler}")).is_some()
            });
            let listed = listed(name, program, false)?;
            if !differs && listed.runs() && !listed.program.directives.known_bug {
                all.push(listed);
            }
        }
    }
    Ok(all)
}

fn listed(name: String, program: Program, is_ours: bool) -> Result<Listed> {
    let text = std::fs::read(&program.path)
        .map_err(|error| format!("{}: {error}", program.path.display()))?;
    let has_threads = String::from_utf8_lossy(&text).contains("thread::");
    Ok(Listed { name, program, is_ours, has_threads })
}
