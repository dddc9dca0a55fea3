//! Relocations and awaits copy nothing: the code that both twins emit, before anything optimises
//! it, has no copies of captured values.
//!
//! The programs in `codegen/` say so in lines such as
//! `` //@ copies: `function::{closure#0}` memcpy stock=some packed=none ``: whether the resume
//! function of a coroutine has `some` or `none` copies of a kind (`memcpy`, of large values; `float`,
//! of an `f64`) when it is compiled by stock or with one of Snug's layouts. A check that there are
//! none says something only because the same check finds copies elsewhere: in the same function
//! compiled by stock, or in the `control` of the same program, which must have some.
//!
//! Stock's code and the LLVM twin's is LLVM IR; the Cranelift twin's is CLIF. Both are unoptimised,
//! and both are only searched for copies, so that nothing else about them matters.

use std::process::ExitCode;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::code::{self, Copied, Functions};
use snug_tests::command;
use snug_tests::compiler::{Compiler, Generator};
use snug_tests::corpus;
use snug_tests::harness::{self, Tools};
use snug_tests::program::Program;
use snug_tests::toolchain::package;
use snug_tests::workshop::Workshop;

fn main() -> ExitCode {
    harness::main(|tools| {
        let root = package().join("codegen");
        let mut tests = Vec::new();
        for program in corpus::programs(&root)? {
            let name = corpus::name(&program, &root);
            for compiler in [Compiler::Stock].into_iter().chain(Compiler::all_of_snug()) {
                let checks = checks(&program, compiler)?;
                tests.push(test(tools, &name, &program, compiler, checks));
            }
        }
        Ok(tests)
    })
}

/// Whether a function has copies of a kind.
struct Check {
    function: String,
    copied: Copied,
    some: bool,
}

/// Reads the lines of a program for a compiler.
fn checks(program: &Program, compiler: Compiler) -> Result<Vec<Check>> {
    let column = match compiler {
        Compiler::Stock => "stock".to_owned(),
        Compiler::Snug(_, layout) => layout.to_string(),
    };
    let mut checks = Vec::new();
    for line in program.directives.own("copies") {
        let complaint = || {
            let path = program.path.display();
            format!(
                "{path}: `copies: {line}` is not `` `function` memcpy|float layout=some|none ``"
            )
        };
        let (function, rest) =
            line.strip_prefix('`').and_then(|l| l.rsplit_once('`')).ok_or_else(complaint)?;
        let mut words = rest.split_whitespace();
        let copied = match words.next() {
            Some("memcpy") => Copied::Large,
            Some("float") => Copied::Float,
            _ => return Err(complaint()),
        };
        for word in words {
            let some = match word.split_once('=').ok_or_else(complaint)? {
                (_, "some") => true,
                (_, "none") => false,
                _ => return Err(complaint()),
            };
            if word.starts_with(&format!("{column}=")) {
                checks.push(Check { function: function.to_owned(), copied, some });
            }
        }
    }
    if !checks.iter().any(|check| check.some) {
        return Err(format!("{} demands no copy for {column}", program.path.display()));
    }
    Ok(checks)
}

fn test(
    tools: Tools,
    name: &str,
    program: &Program,
    compiler: Compiler,
    checks: Vec<Check>,
) -> Trial {
    let program = program.clone();
    harness::test(format!("codegen: {name} {compiler}"), move || {
        let generator = match compiler {
            Compiler::Stock => Generator::Llvm,
            Compiler::Snug(generator, _) => generator,
        };
        let functions = compile(tools, &program, compiler, generator)?;
        let failures: Vec<String> =
            checks.iter().filter_map(|check| check.run(&functions, generator).err()).collect();
        if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
    })
}

fn compile(
    tools: Tools,
    program: &Program,
    compiler: Compiler,
    generator: Generator,
) -> Result<Functions> {
    let folder = Workshop::new(tools, &[])?;
    let mut command = folder.rustc(compiler, code::ARGUMENTS);
    // LLVM IR is what Cranelift would leave to LLVM.
    let finished = command::run(command.arg(&program.path).env("SNUG_FALLBACK", "off"))?;
    // cg_clif writes its own files and no LLVM IR, which rustc then complains about.
    let no_llvm =
        generator == Generator::Cranelift && finished.stderr.contains("error: could not copy");
    if !no_llvm {
        finished.expect_success(&format!("the compilation ({compiler})"))?;
    }
    code::functions(&folder.path("."), generator)
}

impl Check {
    fn run(&self, functions: &Functions, generator: Generator) -> Result<()> {
        let name = &self.function;
        let Some(text) = functions.get(name) else {
            let all: Vec<&str> = functions.keys().map(String::as_str).collect();
            return Err(format!("there is no code for `{name}`, only for:\n{}", all.join("\n")));
        };
        let copies = code::copies(text, generator, self.copied);
        match (self.some, copies.is_empty()) {
            (true, true) => Err(format!("`{name}` should have copies ({:?})", self.copied)),
            (false, false) => Err(format!(
                "`{name}` should have no copies ({:?}), but has:\n{}",
                self.copied,
                copies.join("\n")
            )),
            _ => Ok(()),
        }
    }
}
