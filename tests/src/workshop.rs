//! A temporary folder with source files in it, for tests that call compilers several times.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::Result;
use crate::command::{self, Finished};
use crate::compiler::{Compiler, clean_environment};
use crate::harness::Tools;
use crate::toolchain::Toolchain;

/// The folder; it goes with the value.
pub struct Workshop {
    tools: Tools,
    folder: TempDir,
}

impl Workshop {
    /// A folder with these files: paths and contents.
    pub fn new(tools: Tools, files: &[(&str, &str)]) -> Result<Workshop> {
        let folder =
            TempDir::with_prefix("snug-").map_err(|e| format!("no temporary folder: {e}"))?;
        let workshop = Workshop { tools, folder };
        for (path, text) in files {
            workshop.write(path, text)?;
        }
        Ok(workshop)
    }

    /// A path in the folder.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file.
    pub fn write(&self, path: &str, text: &str) -> Result<()> {
        let path = self.path(path);
        let written = std::fs::create_dir_all(path.parent().unwrap_or(Path::new("/")))
            .and_then(|()| std::fs::write(&path, text));
        written.map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Copies a file, or what is in a folder, over what is there. Times and links stay what they are.
    pub fn copy(&self, from: &Path, to: &str) -> Result<()> {
        let to = self.path(to);
        let mut command = Command::new("cp");
        command.arg("-a");
        if from.is_dir() {
            std::fs::create_dir_all(&to).map_err(|error| format!("{}: {error}", to.display()))?;
            command.arg(from.join("."));
        } else {
            command.arg(from);
        }
        command::run(command.arg(to))?.expect_success("cp").map(drop)
    }

    /// Replaces the one place where a file has this text.
    pub fn edit(&self, path: &str, from: &str, to: &str) -> Result<()> {
        let text = self.read(path)?;
        same(&format!("places with `{from}` in {path}"), text.matches(from).count(), 1)?;
        self.write(path, &text.replace(from, to))
    }

    /// Reads a file.
    pub fn read(&self, path: &str) -> Result<String> {
        let path = self.path(path);
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// The files in a folder, as paths from the workshop's own.
    pub fn files(&self, folder: &str) -> Result<Vec<String>> {
        let complaint = |error: std::io::Error| format!("{folder}: {error}");
        let entries = std::fs::read_dir(self.path(folder)).map_err(complaint)?;
        let names = entries.map(|entry| {
            let name = entry.map_err(complaint)?.file_name();
            Ok(format!("{folder}/{}", name.to_string_lossy()))
        });
        names.collect()
    }

    /// A compiler that works in the folder, with the arguments in a line of text.
    pub fn rustc(&self, compiler: Compiler, arguments: &str) -> Command {
        self.rustc_of(self.tools, compiler, arguments)
    }

    /// The same with a compiler of another toolchain.
    pub fn rustc_of(&self, tools: &Toolchain, compiler: Compiler, arguments: &str) -> Command {
        let mut command = compiler.command(tools);
        command.current_dir(self.folder.path()).args(["--edition=2024", "-L."]);
        command.args(arguments.split_whitespace());
        command
    }

    /// Compiles, and expects success.
    pub fn compile(&self, compiler: Compiler, arguments: &str) -> Result<Finished> {
        let finished = command::run(&mut self.rustc(compiler, arguments))?;
        finished.expect_success(&format!("`rustc {arguments}` ({compiler})"))
    }

    /// Compiles, and expects an error.
    pub fn refuse(&self, compiler: Compiler, arguments: &str) -> Result<Finished> {
        let finished = command::run(&mut self.rustc(compiler, arguments))?;
        finished.expect_failure(&format!("`rustc {arguments}` ({compiler})"))
    }

    /// A program that is not ours and works in the folder, with the arguments in a line of text.
    pub fn tool(&self, program: &str, arguments: &str) -> Result<Finished> {
        let mut command = Command::new(program);
        clean_environment(&mut command);
        command.current_dir(self.folder.path()).args(arguments.split_whitespace());
        command::run(&mut command)
    }

    /// Runs a program in the folder, expects success and gives what it prints.
    pub fn run(&self, program: &str) -> Result<String> {
        let mut command = Command::new(self.path(program));
        clean_environment(&mut command);
        command.current_dir(self.folder.path());
        let finished = command::run_within(&mut command, command::PROGRAM_LIMIT)?;
        Ok(finished.expect_success(program)?.stdout)
    }
}

/// An error if a text does not contain all of these.
pub fn contains_all(text: &str, parts: &[&str]) -> Result<()> {
    match parts.iter().find(|part| !text.contains(**part)) {
        None => Ok(()),
        Some(missing) => Err(format!("`{missing}` is missing in:\n{text}")),
    }
}

/// An error if two values differ.
pub fn same<T: PartialEq + std::fmt::Debug>(what: &str, left: T, right: T) -> Result<()> {
    if left == right { Ok(()) } else { Err(format!("{what}: {left:?} is not {right:?}")) }
}
