//! Compiles and runs one test program, with its auxiliary crates, as its directives ask.
//!
//! Mirrors rustc's compiletest where it matters for what compilers and programs do; all arguments
//! except the backend are the same for stock and Snug.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::Result;
use crate::checker::{Checker, Findings};
use crate::command::{self, Finished};
use crate::compare;
use crate::compiler::Compiler;
use crate::directives::{Directives, Expectation, Goal};
use crate::toolchain::Toolchain;

/// A test program in one revision.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its source file.
    pub path: PathBuf,
    /// The revision, if it has any.
    pub revision: Option<String>,
    /// What its author asks for.
    pub directives: Directives,
    /// How far it is taken, and what should come out.
    pub expectation: Expectation,
}

/// What came out of compiling and running a program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// The compilation.
    pub compilation: Finished,
    /// The program's run, where it was to run and could be compiled.
    pub run: Option<Finished>,
    /// What the checker that watched the run has found.
    pub findings: Findings,
}

/// What is asked in addition to the program's own directives.
#[derive(Clone, Debug, Default)]
pub struct Extra<'a> {
    /// Arguments of the compiler, for the program and the libraries it uses.
    pub arguments: &'a [&'a str],
    /// Arguments of the compiler if it is Snug, for the program alone.
    pub arguments_of_snug: &'a [&'a str],
    /// More of the compiler's environment.
    pub environment: &'a [(&'a str, &'a str)],
    /// The folder for `SNUG_REPORT`.
    pub report: Option<&'a Path>,
    /// What watches the program while it runs.
    pub checker: Checker,
}

impl Program {
    /// The program in a file, once per revision.
    pub fn read(path: &Path) -> Result<Vec<Program>> {
        let revisions = Directives::read(path, None)?.revisions;
        let revisions: Vec<Option<String>> = match &revisions[..] {
            [] => vec![None],
            _ => revisions.into_iter().map(Some).collect(),
        };
        revisions.into_iter().map(|revision| Self::read_revision(path, revision)).collect()
    }

    fn read_revision(path: &Path, revision: Option<String>) -> Result<Program> {
        let directives = Directives::read(path, revision.as_deref())?;
        // compiletest's default for UI tests.
        let fails = Expectation { goal: Goal::Check, success: false };
        let expectation = directives.expectation.unwrap_or(fails);
        Ok(Program { path: path.to_owned(), revision, directives, expectation })
    }

    /// The same program, taken only as far as code generation: enough to see all layouts.
    pub fn only_compiled(mut self) -> Program {
        self.expectation = Expectation { goal: Goal::Object, success: true };
        self
    }

    /// Compiles the program, and runs it if that is its goal.
    pub fn outcome(
        &self,
        tools: &Toolchain,
        compiler: Compiler,
        extra: &Extra<'_>,
    ) -> Result<Outcome> {
        let folder =
            TempDir::with_prefix("snug-").map_err(|e| format!("no temporary folder: {e}"))?;
        let job = Job { tools, compiler, extra, folder: folder.path() };
        let (mut compilation, executable) = job.compile(self)?;
        let mut run = None;
        let mut findings = Findings::default();
        if self.expectation.goal == Goal::Run && compilation.success {
            run = Some(job.run(self, &executable)?);
            findings = extra.checker.findings(folder.path())?;
        }
        let folders = [(folder.path(), "$TMP")];
        for finished in [Some(&mut compilation), run.as_mut()].into_iter().flatten() {
            compare::normalize(finished, &folders);
        }
        Ok(Outcome { compilation, run, findings })
    }

    /// Whether an outcome is what the program's author expects.
    pub fn check_expectation(&self, outcome: &Outcome) -> Result<()> {
        let Expectation { goal, success } = self.expectation;
        let last = match (goal, &outcome.run) {
            (Goal::Run, None) => Err("should have been compiled"),
            (Goal::Run, Some(run)) => Ok(run),
            _ => Ok(&outcome.compilation),
        };
        match last {
            Ok(last) if last.success == success => Ok(()),
            Ok(_) if success => Err("should have succeeded"),
            Ok(_) => Err("should have failed"),
            Err(reason) => Err(reason),
        }
        .map_err(|reason| format!("{} {reason}: {}", self.path.display(), outcome.describe()))
    }
}

impl Outcome {
    /// All there is to know about it.
    pub fn describe(&self) -> String {
        let mut text = self.compilation.describe();
        if let Some(run) = &self.run {
            text += &format!("\n{}", run.describe());
        }
        if self.findings != Findings::default() {
            text += &format!("\n{}", self.findings.describe());
        }
        text
    }
}

/// One compiler at work on one program.
struct Job<'a> {
    tools: &'a Toolchain,
    compiler: Compiler,
    extra: &'a Extra<'a>,
    folder: &'a Path,
}

impl Job<'_> {
    /// Compiles a program; says where its executable is, if it is one.
    fn compile(&self, program: &Program) -> Result<(Finished, PathBuf)> {
        let mut command = self.rustc(program)?;
        command.args(self.extra.arguments);
        if self.compiler != Compiler::Stock {
            command.args(self.extra.arguments_of_snug);
        }
        let executable = self.folder.join("program");
        match program.expectation.goal {
            Goal::Check => command.arg("--emit=metadata").arg("--out-dir").arg(self.folder),
            Goal::Object => command.arg("--emit=obj").arg("--out-dir").arg(self.folder),
            Goal::Build => command.arg("--out-dir").arg(self.folder),
            Goal::Run => command.arg("-o").arg(&executable),
        };
        Ok((command::run(&mut command)?, executable))
    }

    /// The compiler's command line without what depends on the kind of crate.
    fn rustc(&self, program: &Program) -> Result<Command> {
        let directives = &program.directives;
        let mut command = self.compiler.command(self.tools);
        command.current_dir(self.folder).arg(&program.path);
        command.args(["-Zui-testing", "-Zdeduplicate-diagnostics=no"]);
        command.args(["-Zwrite-long-types-to-disk=no", "-Cdebuginfo=0", "-Ainternal_features"]);
        command.arg("-L").arg(self.folder);
        if let Some(edition) = &directives.edition {
            command.arg(format!("--edition={edition}"));
        }
        if let Some(revision) = &program.revision {
            // As compiletest: `-` would need quotes in a cfg.
            command.arg(format!("--cfg={}", revision.replace('-', "_")));
            command.arg("--check-cfg=cfg(test,FALSE)");
            let all: Vec<_> = directives.revisions.iter().map(|r| r.replace('-', "_")).collect();
            command.arg(format!("--check-cfg=cfg({})", all.join(",")));
        }
        if directives.incremental {
            command.arg(format!("-Cincremental={}", self.folder.join("incremental").display()));
        }
        if let Some(report) = self.extra.report {
            command.env("SNUG_REPORT", report);
        }
        command.envs(directives.rustc_env.iter().map(|(name, value)| (name, value)));
        command.envs(self.extra.environment.iter().copied());
        self.add_auxiliaries(program, &mut command)?;
        command.args(&directives.compile_flags);
        Ok(command)
    }

    fn add_auxiliaries(&self, program: &Program, command: &mut Command) -> Result<()> {
        let directives = &program.directives;
        for path in &directives.aux_build {
            self.build_auxiliary(program, path, "lib")?;
        }
        for (name, path) in &directives.aux_crate {
            let artifact = self.build_auxiliary(program, path, "lib")?;
            command.arg("--extern").arg(format!("{name}={}", artifact.display()));
        }
        for path in &directives.proc_macros {
            let artifact = self.build_auxiliary(program, path, "proc-macro")?;
            let name = crate_name(&artifact).trim_start_matches("lib").to_owned();
            command.arg("--extern").arg(format!("{name}={}", artifact.display()));
        }
        Ok(())
    }

    fn build_auxiliary(&self, program: &Program, path: &str, kind: &str) -> Result<PathBuf> {
        let beside = program.path.parent().unwrap_or(Path::new("."));
        let path = beside.join("auxiliary").join(path);
        let expectation = Expectation { goal: Goal::Build, success: true };
        let directives = Directives::read(&path, program.revision.as_deref())?;
        let name = crate_name(&path);
        let auxiliary = Program { path, revision: None, directives, expectation };
        let mut command = self.rustc(&auxiliary)?;
        command.arg(format!("--crate-type={kind}")).arg("--out-dir").arg(self.folder);
        if kind == "proc-macro" {
            // The compiler loads it: what is asked of the program is not for the compiler's own process.
            command.args(["--extern", "proc_macro"]);
        } else {
            command.args(self.extra.arguments);
        }
        command::run(&mut command)?.expect_success("building an auxiliary crate")?;
        let extension = if kind == "lib" { "rlib" } else { "so" };
        Ok(self.folder.join(format!("lib{name}.{extension}")))
    }

    fn run(&self, program: &Program, executable: &Path) -> Result<Finished> {
        let mut command = self.extra.checker.command(executable);
        // Programs compiled with `--test` list their tests in the order in which they end.
        command.current_dir(self.folder).env("RUST_TEST_THREADS", "1");
        command.envs(program.directives.exec_env.iter().map(|(name, value)| (name, value)));
        command::run_within(&mut command, self.extra.checker.limit())
    }
}

/// The name that rustc gives to a crate in a file.
fn crate_name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().replace('-', "_")
}
