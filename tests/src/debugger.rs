//! gdb and lldb, as `rust-gdb` and `rust-lldb` start them: with the printers of the toolchain's types.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::command::{self, Finished};
use crate::compiler::clean_environment;
use crate::harness::Tools;

/// A debugger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Debugger {
    /// gdb.
    Gdb,
    /// lldb.
    Lldb,
}

impl Debugger {
    /// Both.
    pub const ALL: [Debugger; 2] = [Debugger::Gdb, Debugger::Lldb];

    /// What it is called, and its package in Debian.
    pub fn name(self) -> &'static str {
        match self {
            Debugger::Gdb => "gdb",
            Debugger::Lldb => "lldb",
        }
    }

    /// The version, as in `13.1`; nothing if it is not there.
    pub fn version(self) -> Option<String> {
        let output = Command::new(self.name()).arg("--version").output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let words = text.lines().next()?.split_whitespace();
        words.rev().find(|word| word.starts_with(|c: char| c.is_ascii_digit())).map(str::to_owned)
    }

    /// Runs a program in the debugger: stops at lines of its source, and gives commands.
    pub fn run(
        self,
        tools: Tools,
        program: &Path,
        source: &str,
        lines: &[usize],
        commands: &[String],
    ) -> Result<Finished> {
        let printers = printers(tools)?;
        let mut command = Command::new(self.name());
        clean_environment(&mut command);
        match self {
            Debugger::Gdb => {
                command.args(["-batch", "-nx", "-q"]).env("PYTHONPATH", &printers);
                let safe = format!("add-auto-load-safe-path {}", printers.display());
                let file = format!("file {}", program.display());
                let directory = format!("directory {}", printers.display());
                let set = ["set charset UTF-8", &safe, "set print pretty off", "set width 0"];
                let set = set.into_iter().chain([&directory, &file, "set language rust"]);
                command.args(set.flat_map(|text| ["-ex", text]));
                for line in lines {
                    command.arg("-ex").arg(format!("break '{source}':{line}"));
                }
                command.args(commands.iter().flat_map(|text| ["-ex", text]));
            }
            Debugger::Lldb => {
                command.args(["--batch", "--no-lldbinit"]);
                if let Some(modules) = lldb_modules() {
                    command.env("PYTHONPATH", modules);
                }
                let lookup = format!("command script import {}/lldb_lookup.py", printers.display());
                let source_commands =
                    format!("command source {}/lldb_commands", printers.display());
                command.args(["-o", &lookup, "-o", &source_commands]);
                for line in lines {
                    let stop = format!("breakpoint set --file '{source}' --line {line}");
                    command.arg("-o").arg(stop);
                }
                command.args(commands.iter().flat_map(|text| ["-o", text]));
                command.arg(program);
            }
        }
        command::run(&mut command)
    }
}

/// The folder of the toolchain that has the printers.
fn printers(tools: Tools) -> Result<PathBuf> {
    let sysroot = tools.sysroot();
    let printers = sysroot.join("lib/rustlib/etc");
    if printers.exists() {
        Ok(printers)
    } else {
        Err(format!("the toolchain has no `{}`", printers.display()))
    }
}

/// Debian's lldb looks for its modules in a folder that its package does not have.
fn lldb_modules() -> Option<PathBuf> {
    let folders = |folder: &Path, start: &str| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let of_name =
            entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(start));
        of_name.map(|entry| entry.path()).collect()
    };
    let versions = folders(Path::new("/usr/lib"), "llvm-").into_iter();
    let pythons = versions.flat_map(|version| folders(&version.join("lib"), "python3."));
    let modules = pythons.map(|python| python.join("dist-packages"));
    modules.filter(|modules| modules.join("lldb").exists()).max()
}

/// What a debugger prints, without what differs from run to run, or says nothing about the debug information: addresses,
/// numbers of processes, and how many places a line has.
pub fn normalized(output: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for line in output.lines().map(str::trim_end) {
        let is_setup =
            ["Breakpoint ", "Current executable", "(lldb) target", "[Inferior ", "Process "]
                .iter()
                .any(|start| line.starts_with(start))
                && !line.contains(", ");
        let is_place = line.starts_with("Breakpoint ") && line.contains(" at 0x");
        let is_where = line.starts_with("Breakpoint ") && line.contains(": where = ");
        if is_setup || is_place || is_where || line.starts_with("warning: ") {
            continue;
        }
        lines.push(without_numbers(line));
    }
    lines
}

fn without_numbers(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("0x") {
        let (before, number) = rest.split_at(at);
        let digits = number[2..].find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(number.len() - 2);
        text += before;
        text += if digits >= 6 { "<address>" } else { &number[..2 + digits] };
        rest = &number[2 + digits..];
        // `<symbol+8>`, which has another name in each program.
        if digits >= 6
            && rest.starts_with(" <")
            && let Some(end) = rest.find('>')
        {
            rest = &rest[end + 1..];
        }
    }
    text += rest;
    match text.strip_prefix("Process ") {
        Some(rest) => format!("Process N{}", rest.trim_start_matches(|c: char| c.is_ascii_digit())),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_run_to_run_goes() {
        let printed = "Breakpoint 1 at 0x1234: file a.rs, line 3.\nx = 0x7fffffffe03c\ny = 0x10\n\
                       v = {pointer: 0x5555555bb118 <.Ldata2b>}\n[Inferior 1 (process 7) exited normally]\n\
                       Breakpoint 2, a::main () at a.rs:3\n";
        let expected = [
            "x = <address>",
            "y = 0x10",
            "v = {pointer: <address>}",
            "Breakpoint 2, a::main () at a.rs:3",
        ];
        assert_eq!(normalized(printed), expected);
    }
}
