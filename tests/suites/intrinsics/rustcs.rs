//! rustc's intrinsics: what cg_clif has match arms for, it compiles, and the program does the same as stock's.
//!
//! The programs in `intrinsics/` call each of them, with values that are known only at run time, and print what comes
//! back. An intrinsic that a new cg_clif has, and that no program calls, fails a test.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Trial;
use proc_macro2::{Ident, TokenStream, TokenTree};
use snug_tests::Result;
use snug_tests::command::{self, Finished};
use snug_tests::compiler::{Compiler, clean_environment};
use snug_tests::harness::{self, Shared, Tools};
use snug_tests::toolchain::package;
use snug_tests::workshop::{Workshop, same};

use crate::{CRANELIFT, LEFT_TO_LLVM, matched};

/// How programs are compiled.
const FLAGS: [&str; 2] = ["", "-Copt-level=3"];

/// Arguments with which a program calls an intrinsic that ends it.
const ENDS: [(&str, &str); 2] = [("scalars", "abort"), ("scalars", "breakpoint")];

/// Modules whose functions are intrinsics.
const MODULES: [&str; 2] = ["intrinsics", "simd"];

/// How runs ended, and what they printed.
type Runs = Vec<(String, String)>;

/// A test for each program and for each kind of flags, and one that all intrinsics are called.
pub(crate) fn tests(tools: Tools) -> Result<Vec<Trial>> {
    let programs = programs()?;
    let sources: Vec<String> = programs.iter().map(|(_, source)| source.clone()).collect();
    let mut tests =
        vec![harness::test("rustc's intrinsics: all are called", move || all_are_called(&sources))];
    for (name, source) in programs {
        let stock = Shared::default();
        for flags in FLAGS {
            let (name, source, stock) = (name.clone(), source.clone(), stock.clone());
            let test = format!("rustc's intrinsics: {name} {flags}");
            tests.push(harness::test(test.trim(), move || {
                let expected = stock.get(|| runs(tools, Compiler::Stock, "", &name, &source))?;
                let found = runs(tools, CRANELIFT, flags, &name, &source)?;
                compare(expected, &found)
            }));
        }
    }
    Ok(tests)
}

/// The programs: their names and sources.
fn programs() -> Result<Vec<(String, String)>> {
    let folder = package().join("intrinsics");
    let complaint = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut programs = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(complaint)? {
        let path = entry.map_err(complaint)?.path();
        let Some(name) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        programs.push((name.to_owned(), std::fs::read_to_string(&path).map_err(complaint)?));
    }
    programs.sort();
    Ok(programs)
}

fn all_are_called(sources: &[String]) -> Result<()> {
    let folder = package().join("..").join(matched::FOLDER);
    if !folder.exists() {
        return Err(format!("`{}` does not exist: run ./y.sh prepare", folder.display()));
    }
    let called = called(sources)?;
    let missing = missing(&folder, &called);
    match &missing[..] {
        [] => Ok(()),
        _ => Err(format!(
            "cg_clif has intrinsics that no program in tests/intrinsics calls: {missing:?}"
        )),
    }
}

/// The intrinsics that cg_clif has, other than these.
fn missing(folder: &Path, called: &BTreeSet<String>) -> Vec<String> {
    let known = matched::rustcs(folder).into_iter().map(|family| family.known);
    let missing = known.flat_map(|known| {
        let is_missing = |name: &String| !called.contains(name);
        let none_begins = |beginning: &String| !called.iter().any(|n| n.starts_with(beginning));
        let names = known.names.into_iter().filter(is_missing);
        let beginnings = known.beginnings.into_iter().filter(none_begins);
        names.chain(beginnings.map(|beginning| format!("{beginning}*"))).collect::<Vec<_>>()
    });
    missing.collect()
}

/// The names of the intrinsics that programs call, in macros too.
fn called(sources: &[String]) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for source in sources {
        let tokens = source.parse().map_err(|error| format!("a program: {error}"))?;
        find_calls(tokens, &mut names);
    }
    Ok(names)
}

/// Finds `intrinsics::name(..)` and `simd::name::<..>(..)`.
fn find_calls(tokens: TokenStream, names: &mut BTreeSet<String>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let is_colon = |tree: &TokenTree| matches!(tree, TokenTree::Punct(p) if p.as_char() == ':');
    let is_module = |ident: &Ident| MODULES.iter().any(|module| ident == module);
    for window in trees.windows(5) {
        let [TokenTree::Ident(module), first, second, TokenTree::Ident(name), next] = window else {
            continue;
        };
        let is_call = is_colon(next) || matches!(next, TokenTree::Group(_));
        if is_module(module) && is_colon(first) && is_colon(second) && is_call {
            names.insert(name.to_string());
        }
    }
    for tree in trees {
        if let TokenTree::Group(group) = tree {
            find_calls(group.stream(), names);
        }
    }
}

/// Compiles a program, and runs it in all ways.
fn runs(tools: Tools, compiler: Compiler, flags: &str, name: &str, source: &str) -> Result<Runs> {
    let file = format!("{name}.rs");
    let workshop = Workshop::new(tools, &[(&file, source)])?;
    let compiled = workshop.compile(compiler, &format!("{file} {flags}"))?;
    if compiled.stderr.contains(LEFT_TO_LLVM) {
        return Err(format!("LLVM compiles what Cranelift has: {}", compiled.stderr));
    }
    let run = |arguments: &[&str]| -> Result<(String, String)> {
        let mut command = Command::new(workshop.path(name));
        clean_environment(&mut command);
        let Finished { status, stdout, .. } =
            command::run_within(command.args(arguments), command::PROGRAM_LIMIT)?;
        Ok((status, stdout))
    };
    let (status, stdout) = run(&[])?;
    same("how the program ends", status.as_str(), "exit status: 0")?;
    let mut runs = vec![(status, stdout)];
    for (_, argument) in ENDS.iter().filter(|(program, _)| *program == name) {
        runs.push(run(&[argument])?);
    }
    Ok(runs)
}

fn compare(expected: &Runs, found: &Runs) -> Result<()> {
    for ((status, stdout), (other_status, other_stdout)) in expected.iter().zip(found) {
        same("how the program ends", other_status, status)?;
        let lines = other_stdout.lines().zip(stdout.lines());
        let different: Vec<String> = lines
            .filter(|(found, expected)| found != expected)
            .map(|(found, expected)| format!("`{found}`, but stock prints `{expected}`"))
            .collect();
        if !different.is_empty() {
            return Err(different.join("\n"));
        }
        same("the number of lines", other_stdout.lines().count(), stdout.lines().count())?;
    }
    same("the number of runs", found.len(), expected.len())
}
