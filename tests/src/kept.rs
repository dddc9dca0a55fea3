//! What several suites ask for is compiled once: outcomes are kept in `build/tests/kept/`, also from one run of the
//! tests to the next.
//!
//! An outcome's name is made of everything that it depends on: the program with its directives and sources, the
//! compiler and its flags, the file of the backend, and the code of the modules that compile, run and normalise. So
//! nothing that is kept is ever out of date. What timed out is not kept, nor what could not be computed.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tempfile::{NamedTempFile, TempDir};

use crate::Result;
use crate::command::Finished;
use crate::compiler::{Compiler, Generator, LIVENESS};
use crate::corpus;
use crate::directives::{Expectation, Goal};
use crate::program::{Extra, Outcome, Program};
use crate::report::{self, Coroutine};
use crate::toolchain::{Toolchain, commit, package};

/// Whoever edits these may change what comes out.
const CODE: [&str; 7] = [
    include_str!("checker.rs"),
    include_str!("command.rs"),
    include_str!("compare.rs"),
    include_str!("compiler.rs"),
    include_str!("directives.rs"),
    include_str!("kept.rs"),
    include_str!("program.rs"),
];

/// A compilation and its report.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reported {
    /// The compilation. It has succeeded.
    pub compilation: Finished,
    /// The lines of the report.
    lines: Vec<String>,
}

impl Reported {
    /// What the report says.
    pub fn coroutines(&self) -> Result<Vec<Coroutine>> {
        report::parse(self.lines.iter().map(String::as_str))
    }
}

/// What stock rustc makes of a program if nothing more is asked of it than the program's own directives ask.
pub fn by_stock(tools: &Toolchain, program: &Program) -> Result<Outcome> {
    let is_final = |outcome: &Outcome| {
        outcome.compilation.has_ended() && outcome.run.as_ref().is_none_or(Finished::has_ended)
    };
    kept(tools, program, Compiler::Stock, &[], is_final, || {
        program.outcome(tools, Compiler::Stock, &Extra::default())
    })
}

/// What one of Snug's compilers says about the coroutines of a program that compiles, without generating code: that takes
/// half the time.
pub fn reported(tools: &Toolchain, program: &Program, compiler: Compiler) -> Result<Reported> {
    let expectation = Expectation { goal: Goal::Check, success: true };
    let program = Program { expectation, ..program.clone() };
    compiled(tools, &program, compiler, &["-Zalways-encode-mir"])
}

/// What one of Snug's compilers says when it compiles a program with some arguments, and about its coroutines.
pub fn compiled(
    tools: &Toolchain,
    program: &Program,
    compiler: Compiler,
    arguments: &[&str],
) -> Result<Reported> {
    kept(
        tools,
        program,
        compiler,
        arguments,
        |_| true,
        || {
            let folder =
                TempDir::with_prefix("snug-").map_err(|e| format!("no temporary folder: {e}"))?;
            // As if cargo had been asked for it: only such crates look at all that they use.
            let environment = &[("CARGO_PRIMARY_PACKAGE", "1")];
            let report = Some(folder.path());
            let extra = Extra { arguments, environment, report, ..Extra::default() };
            let compilation = program.outcome(tools, compiler, &extra)?.compilation;
            let compilation = compilation.expect_success(&program.path.display().to_string())?;
            Ok(Reported { compilation, lines: report::lines(folder.path())? })
        },
    )
}

/// What is kept, or what is computed now.
fn kept<T: Serialize + DeserializeOwned>(
    tools: &Toolchain,
    program: &Program,
    compiler: Compiler,
    arguments: &[&str],
    is_final: impl Fn(&T) -> bool,
    compute: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let path = place(tools, program, compiler, arguments)?;
    // What cannot be read is computed again.
    if let Some(found) = std::fs::read(&path).ok().and_then(|it| serde_json::from_slice(&it).ok()) {
        return Ok(found);
    }
    let computed = compute()?;
    if is_final(&computed) {
        write(&path, &computed).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(computed)
}

/// Other processes see nothing or all of it.
fn write(path: &Path, value: &impl Serialize) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if !folder.exists() {
        remove_older(folder);
        std::fs::create_dir_all(folder)?;
    }
    let file = NamedTempFile::new_in(folder)?;
    serde_json::to_writer(&file, value)?;
    file.persist(path)?;
    Ok(())
}

/// Removes what was kept of the same compiler when it was another build.
fn remove_older(folder: &Path) {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let family = |path: &Path| name(path).rsplit_once('-').map(|(family, _)| family.to_owned());
    let beside = folder.parent().and_then(|all| std::fs::read_dir(all).ok());
    for other in beside.into_iter().flatten().flatten().map(|entry| entry.path()) {
        if family(&other) == family(folder) {
            // Where it stays, it takes room and is never read.
            let _ = std::fs::remove_dir_all(other);
        }
    }
}

/// Where an outcome is kept: a folder per build of a compiler, a file per program and flags.
fn place(
    tools: &Toolchain,
    program: &Program,
    compiler: Compiler,
    arguments: &[&str],
) -> Result<PathBuf> {
    let (family, build) = match compiler {
        Compiler::Stock => ("stock", tools.rustc.display().to_string()),
        Compiler::Snug(Generator::Llvm, _) => ("llvm", states(&tools.llvm, "snug_llvm.so")?),
        Compiler::Snug(Generator::Cranelift, _) => {
            ("cranelift", states(&tools.cranelift, "snug.so")?)
        }
    };
    let commit = commit()?;
    let build = hash([&*commit, &*build].iter().chain(&CODE));
    let liveness = std::env::var(LIVENESS).unwrap_or_default();
    let asked = format!("{program:?} {compiler} {arguments:?} {liveness}");
    let sources = corpus::sources(&program.path)?;
    let name = hash([&*asked, &*sources].iter());
    Ok(package().join("../build/tests/kept").join(format!("{family}-{build}")).join(name + ".json"))
}

/// What tells a build of a backend from the one that was there before: rustc is given a loader, and the backend itself lies
/// in a folder beside it, or, for a compiler that is not the default one, in a folder of that.
fn states(loader: &Path, backend: &str) -> Result<String> {
    let folder = loader.with_file_name("snug");
    let others = folder.read_dir().into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = others.map(|entry| entry.path().join(backend)).collect();
    files.push(folder.join(backend));
    files.retain(|file| file.exists());
    files.sort();
    if files.is_empty() {
        return Err(format!("`{}` has no {backend}", folder.display()));
    }
    let states = std::iter::once(loader).chain(files.iter().map(PathBuf::as_path)).map(state);
    Ok(states.collect::<Result<Vec<_>>>()?.join(" "))
}

/// What tells a file from the one that was there before.
fn state(file: &Path) -> Result<String> {
    let complaint = |error: std::io::Error| format!("{}: {error}", file.display());
    let metadata = file.metadata().map_err(complaint)?;
    let modified = metadata.modified().map_err(complaint)?;
    let since = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{} {} {}", file.display(), metadata.len(), since.as_nanos()))
}

fn hash<'a>(texts: impl Iterator<Item = &'a &'a str>) -> String {
    corpus::digest(texts, 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_family_makes_room() {
        let all = tempfile::tempdir().unwrap();
        for name in ["stock-1", "llvm-1", "cranelift-1"] {
            std::fs::create_dir(all.path().join(name)).unwrap();
        }
        write(&all.path().join("llvm-2/a.json"), &1).unwrap();
        let left: Vec<bool> = ["stock-1", "llvm-1", "cranelift-1", "llvm-2/a.json"]
            .map(|name| all.path().join(name).exists())
            .into();
        assert_eq!(left, [true, false, true, true]);
    }

    #[test]
    fn another_backend_is_another_build() {
        let dist = tempfile::tempdir().unwrap();
        let loader = dist.path().join("loader.so");
        std::fs::create_dir(dist.path().join("snug")).unwrap();
        std::fs::write(&loader, "loader").unwrap();
        assert!(states(&loader, "snug.so").is_err());
        let built = |content: &str| {
            std::fs::write(dist.path().join("snug/snug.so"), content).unwrap();
            states(&loader, "snug.so").unwrap()
        };
        assert_ne!(built("one"), built("another"));
    }

    #[test]
    fn texts_have_ends() {
        assert_ne!(hash(["ab", "c"].iter()), hash(["a", "bc"].iter()));
    }
}
