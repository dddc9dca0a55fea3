//! The three crates that most tests mix, how they are compiled, and what they print.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::{self, Tools};
use snug_tests::toolchain::package;
use snug_tests::workshop::Workshop;

/// Compiles to an rlib.
pub(crate) const RLIB: &str = "--crate-type=rlib";
/// Compiles to a dylib that shares std with all others.
pub(crate) const DYLIB: &str = "--crate-type=dylib -Cprefer-dynamic -Crpath";
/// Finishes a program that may use such dylibs.
pub(crate) const DYNAMIC: &str = "-Cprefer-dynamic -Crpath";

/// Snug's LLVM twin with the default layout.
pub(crate) const LLVM: Compiler = Compiler::Snug(Generator::Llvm, Layout::Packed);
/// Snug on Cranelift with the default layout.
pub(crate) const CRANELIFT: Compiler = Compiler::Snug(Generator::Cranelift, Layout::Packed);

/// Snug's LLVM twin with stock's layout.
pub(crate) const CLASSIC: Compiler = Compiler::Snug(Generator::Llvm, Layout::Classic);

/// A test's function.
pub(crate) type Check = fn(Tools) -> Result<()>;

/// Tests with the start of their names in common.
pub(crate) fn named(tools: Tools, start: &str, checks: &[(&str, Check)]) -> Vec<Trial> {
    let test = |&(name, check): &(&str, Check)| {
        harness::test(format!("mixing: {start}{name}"), move || check(tools))
    };
    checks.iter().map(test).collect()
}

/// All layouts, each by one of the twins.
pub(crate) fn each_layout() -> [Compiler; 3] {
    let twins = [Generator::Llvm, Generator::Cranelift, Generator::Llvm];
    std::array::from_fn(|index| Compiler::Snug(twins[index], Layout::ALL[index]))
}

/// How the three crates are compiled.
pub(crate) struct Form {
    pub(crate) name: &'static str,
    pub(crate) store: &'static str,
    pub(crate) glue: &'static str,
    pub(crate) app: &'static str,
}

/// What may become one program.
pub(crate) const FORMS: &[Form] = &[
    Form { name: "rlibs", store: RLIB, glue: RLIB, app: "" },
    Form { name: "rlibs and std's dylib", store: RLIB, glue: RLIB, app: DYNAMIC },
    Form { name: "dylib", store: DYLIB, glue: RLIB, app: "-Crpath" },
    Form { name: "dylib and std's", store: DYLIB, glue: RLIB, app: DYNAMIC },
    Form { name: "two dylibs", store: DYLIB, glue: DYLIB, app: DYNAMIC },
    Form { name: "rlib in a dylib", store: RLIB, glue: DYLIB, app: DYNAMIC },
];

/// A folder with all programs of `tests/mixing`.
pub(crate) fn programs(tools: Tools) -> Result<Workshop> {
    let workshop = Workshop::new(tools, &[])?;
    workshop.copy(&package().join("mixing"), ".")?;
    Ok(workshop)
}

/// Such a folder in which `store` is compiled.
pub(crate) fn with_store(tools: Tools, compiler: Compiler, kind: &str) -> Result<Workshop> {
    let workshop = programs(tools)?;
    workshop.compile(compiler, &format!("store.rs {kind}"))?;
    Ok(workshop)
}

/// Such a folder in which `store` and `glue` are compiled, to rlibs.
pub(crate) fn with_glue(tools: Tools, store: Compiler, glue: Compiler) -> Result<Workshop> {
    let workshop = with_store(tools, store, RLIB)?;
    workshop.compile(glue, &format!("glue.rs {RLIB}"))?;
    Ok(workshop)
}

/// What the program prints when one compiler compiles all of it.
pub(crate) fn output(tools: Tools, compiler: Compiler) -> Result<String> {
    static KNOWN: OnceLock<Mutex<HashMap<Compiler, String>>> = OnceLock::new();
    let mut known = KNOWN.get_or_init(Mutex::default).lock().map_err(|error| error.to_string())?;
    if let Some(output) = known.get(&compiler) {
        return Ok(output.clone());
    }
    let workshop = with_glue(tools, compiler, compiler)?;
    workshop.compile(compiler, "app.rs")?;
    let output = workshop.run("app")?;
    known.insert(compiler, output.clone());
    Ok(output)
}

/// The lines of the program's output that are about the sizes of a crate's futures.
pub(crate) fn sizes<'a>(output: &'a str, of_crate: &str) -> Vec<&'a str> {
    let start = format!("size of {of_crate}::");
    output.lines().filter(|line| line.starts_with(&start)).collect()
}

/// The other lines of the program's output.
pub(crate) fn answers(output: &str) -> Vec<&str> {
    output.lines().filter(|line| !line.starts_with("size of ")).collect()
}
