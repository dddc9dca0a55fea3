//! How big coroutines are.
//!
//! Three kinds of tests:
//!
//! * *figures*: `sizes/*.rs` say in `//@ size:` lines how big a type is under stock and under each
//!   of Snug's layouts; both generators must print just that;
//! * *classic*: for rustc's own tests (and, with `SNUG_LONG=1`, for ours), `SNUG_LAYOUT=classic` prints the layouts that stock prints,
//!   letter for letter (but for the order of types that print alike);
//! * *packed*: for the same programs and our own, no coroutine is bigger under `packed` than under
//!   `classic` or `captures-only`, and every layout is sound: see [`snug_tests::report`].

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compare;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::corpus;
use snug_tests::directives::Goal;
use snug_tests::harness::{self, Tools};
use snug_tests::kept;
use snug_tests::program::{Extra, Program};
use snug_tests::report::{self, Coroutine};
use snug_tests::toolchain::package;
use snug_tests::type_sizes;

fn main() -> ExitCode {
    harness::main(|tools| {
        let mut tests = figures(tools)?;
        // What one kind has compiled, the next one finds: tests of the same program should not run at the same time.
        for (kind, test) in KINDS {
            for (name, program) in corpus(tools)? {
                if kind == "classic" && is_ours(&program) && !harness::long() {
                    continue;
                }
                let program = program.only_compiled();
                tests.push(harness::test(format!("{kind}: {name}"), move || test(tools, &program)));
            }
        }
        Ok(tests)
    })
}

/// What is asked of a program.
type Kind = fn(Tools, &Program) -> Result<()>;

/// The kinds of tests that every program of the corpus gets.
const KINDS: [(&str, Kind); 2] = [("classic", classic), ("packed", packed)];

/// A size that a `//@ size:` line demands: of a type, under one compiler.
struct Figure {
    ty: String,
    column: String,
    size: u64,
}

/// A test per file in `sizes/` and compiler.
fn figures(tools: Tools) -> Result<Vec<Trial>> {
    let mut tests = Vec::new();
    for listed in corpus::programs(&package().join("sizes"))? {
        let name = corpus::name(&listed, &package().join("sizes"));
        let compilers = [Compiler::Stock].into_iter().chain(Compiler::all_of_snug());
        for compiler in compilers {
            let program = program_of(tools, &listed)?;
            let mut figures = figures_of(&listed)?;
            figures.retain(|figure| figure.column == column(compiler));
            if figures.is_empty() {
                return Err(format!("sizes/{name} has no sizes for `{}`", column(compiler)));
            }
            tests.push(harness::test(format!("figures: {name} {compiler}"), move || {
                check_figures(tools, &program, compiler, &figures)
            }));
        }
    }
    Ok(tests)
}

fn column(compiler: Compiler) -> String {
    match compiler {
        Compiler::Stock => "stock".to_owned(),
        Compiler::Snug(_, layout) => layout.to_string(),
    }
}

/// The program that a file's figures are about: the file itself, or one of rustc's own tests.
fn program_of(tools: Tools, listed: &Program) -> Result<Program> {
    let Some(path) = listed.directives.own("program").next() else {
        return Ok(listed.clone().only_compiled());
    };
    let programs = Program::read(&tools.sources.join(path))?;
    let first = programs.into_iter().next().ok_or_else(|| format!("{path} is no program"))?;
    Ok(first.only_compiled())
}

/// Reads `` //@ size: `type` stock=1 classic=1 captures-only=1 packed=1 ``.
fn figures_of(program: &Program) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for line in program.directives.own("size") {
        let complaint = || format!("`size: {line}` is not `` `type` stock=1 classic=1 ... ``");
        let (ty, sizes) =
            line.strip_prefix('`').and_then(|l| l.rsplit_once('`')).ok_or_else(complaint)?;
        let ty = ty.replace("$FILE", &program.path.to_string_lossy());
        for pair in sizes.split_whitespace() {
            let (column, size) = pair.split_once('=').ok_or_else(complaint)?;
            let size = size.parse().map_err(|_| complaint())?;
            figures.push(Figure { ty: ty.to_owned(), column: column.to_owned(), size });
        }
    }
    Ok(figures)
}

fn check_figures(
    tools: Tools,
    program: &Program,
    compiler: Compiler,
    figures: &[Figure],
) -> Result<()> {
    let stdout = match compiler {
        Compiler::Stock => {
            let extra = Extra { arguments: PRINT_SIZES, ..Extra::default() };
            let outcome = program.outcome(tools, compiler, &extra)?;
            outcome.compilation.expect_success("the compilation")?.stdout
        }
        Compiler::Snug(..) => {
            kept::compiled(tools, program, compiler, PRINT_SIZES)?.compilation.stdout
        }
    };
    let types = type_sizes::parse(&stdout);
    for Figure { ty, size, .. } in figures {
        let found: Vec<u64> = types.get(ty).into_iter().flatten().map(|found| found.size).collect();
        if found != [*size] {
            return Err(format!("`{ty}` should have {size} bytes, has {found:?}: {stdout}"));
        }
    }
    Ok(())
}

/// rustc's own tests that compile, and all of ours.
fn corpus(tools: Tools) -> Result<Vec<(String, Program)>> {
    let rustc = tools.sources.join("tests/ui");
    let mut found = Vec::new();
    for (root, folder) in
        [(&*rustc, "coroutine"), (&*rustc, "async-await"), (package(), "sizes"), (package(), "run")]
    {
        for program in corpus::programs(&root.join(folder))? {
            let listed_elsewhere = program.directives.own("program").next().is_some();
            if compiles(&program) && !listed_elsewhere {
                found.push((corpus::name(&program, root), program));
            }
        }
    }
    Ok(found)
}

fn is_ours(program: &Program) -> bool {
    program.path.starts_with(package())
}

fn compiles(program: &Program) -> bool {
    let expectation = program.expectation;
    match expectation.goal {
        Goal::Run => true,
        Goal::Build | Goal::Object => expectation.success,
        Goal::Check => false,
    }
}

/// What makes a compiler print the sizes of all types.
const PRINT_SIZES: &[&str] = &["-Zprint-type-sizes"];

/// Programs for which stock panics when it is to print sizes: by-move bodies of async closures that
/// capture parts of variables. Their layouts are checked all the same, and so is that the layout
/// `classic` changes nothing about the panic.
const STOCK_CANNOT_PRINT: &[&str] = &["async-closures/precise-captures.rs#call_once"];

fn can_print(program: &Program) -> bool {
    let name = corpus::name(program, Path::new("/"));
    !STOCK_CANNOT_PRINT.iter().any(|other| name.ends_with(other))
}

fn classic(tools: Tools, program: &Program) -> Result<()> {
    let snug = Compiler::Snug(Generator::Llvm, Layout::Classic);
    let extra = Extra { arguments: PRINT_SIZES, ..Extra::default() };
    let mut stock = program.outcome(tools, Compiler::Stock, &extra)?.compilation;
    if stock.success != can_print(program) {
        return Err(format!("STOCK_CANNOT_PRINT is not up to date: {}", stock.describe()));
    }
    let mut snug = match stock.success {
        true => kept::compiled(tools, program, snug, PRINT_SIZES)?.compilation,
        false => program.outcome(tools, snug, &extra)?.compilation,
    };
    for printed in [&mut stock.stdout, &mut snug.stdout] {
        *printed = type_sizes::in_order(printed);
    }
    compare::difference(&stock, &snug).map_or(Ok(()), |difference| {
        Err(format!("the compilation differs:\n{difference}\nSnug:\n{}", snug.describe()))
    })
}

fn packed(tools: Tools, program: &Program) -> Result<()> {
    let [classic, captures_only, packed] = [Layout::Classic, Layout::CapturesOnly, Layout::Packed]
        .map(|layout| checked_report(tools, program, Compiler::Snug(Generator::Llvm, layout)));
    let (classic, captures_only, packed) = (classic?, captures_only?, packed?);
    for (id, packed) in &packed {
        for other in [&classic, &captures_only] {
            let other = other
                .get(id)
                .ok_or_else(|| format!("only one layout's report has `{}`", packed.name))?;
            if other.size < packed.size {
                return Err(format!(
                    "`{}` has {} bytes in layout {} and {} packed:\n{other:?}\n{packed:?}",
                    packed.name, other.size, other.layout, packed.size
                ));
            }
        }
    }
    if harness::long() {
        let cranelift = Compiler::Snug(Generator::Cranelift, Layout::Packed);
        let cranelift = checked_report(tools, program, cranelift)?;
        if cranelift != packed {
            return Err(format!("the twins differ:\n{packed:?}\n{cranelift:?}"));
        }
    }
    Ok(())
}

/// The report of a compilation by coroutine, if every coroutine in it is laid out soundly.
fn checked_report(
    tools: Tools,
    program: &Program,
    compiler: Compiler,
) -> Result<BTreeMap<String, Coroutine>> {
    let coroutines = kept::reported(tools, program, compiler)?.coroutines()?;
    for coroutine in &coroutines {
        coroutine.check().map_err(|error| {
            format!("`{}`, {compiler}: {error}:\n{coroutine:#?}", coroutine.name)
        })?;
    }
    Ok(report::by_id(coroutines))
}
