//! What a test program wants of a debugger: lines to stop at, commands, and what is printed.
//!
//!     let x = 1; // #break
//!     //@ gdb-command: print x
//!     //@ gdb-check: $1 = [...]
//!
//! As rustc's compiletest has it: each `check` is a line of the output, after the line of the one before, and `[...]` in it is anything.

use std::path::Path;

use crate::Result;
use crate::debugger::Debugger;

/// What a program wants of one debugger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// Lines with `#break`, from 1.
    pub lines: Vec<usize>,
    /// The commands.
    pub commands: Vec<String>,
    /// Parts of what is printed, in order.
    pub checks: Vec<String>,
    /// Arguments for the compiler.
    pub flags: Vec<String>,
    /// Crates to be built first: names of files in `auxiliary`.
    pub auxiliary: Vec<String>,
    /// Why it is not for this debugger or machine.
    pub ignored: Option<String>,
    /// Compared with the other twin, not with stock.
    pub with_twin: bool,
}

impl Session {
    /// Reads what a source says.
    pub fn read(source: &Path, debugger: Debugger, version: &str) -> Result<Session> {
        let text = std::fs::read_to_string(source);
        let text = text.map_err(|error| format!("{}: {error}", source.display()))?;
        Ok(Session::parse(&text, debugger, version))
    }

    fn parse(text: &str, debugger: Debugger, version: &str) -> Session {
        let mut session = Session::default();
        for (index, line) in text.lines().enumerate() {
            match line.trim_start().strip_prefix("//@") {
                // A revision is for another debugger or another way to compile.
                Some(directive) if !directive.trim_start().starts_with('[') => {
                    session.add(directive.trim(), debugger, version);
                }
                Some(_) => {}
                None if line.contains("#break") => session.lines.push(index + 1),
                None => {}
            }
        }
        if session.commands.is_empty() && session.ignored.is_none() {
            session.ignored = Some(format!("has no commands for {}", debugger.name()));
        }
        session
    }

    fn add(&mut self, directive: &str, debugger: Debugger, version: &str) {
        let (name, value) = match directive.split_once(':') {
            Some((name, value)) => (name.trim(), value.trim()),
            None => (directive.split_whitespace().next().unwrap_or_default(), ""),
        };
        let of_debugger =
            name.strip_prefix(debugger.name()).and_then(|rest| rest.strip_prefix('-'));
        let first = value.split_whitespace().next().unwrap_or_default();
        match (name, of_debugger) {
            (_, Some("command")) => self.commands.push(value.to_owned()),
            (_, Some("check")) => self.checks.push(value.to_owned()),
            ("compile-flags", _) => {
                self.flags.extend(value.split_whitespace().map(str::to_owned));
            }
            ("edition", _) => self.flags.push(format!("--edition={value}")),
            ("aux-build", _) => self.auxiliary.push(value.to_owned()),
            ("twins", _) => self.with_twin = true,
            ("only-msvc" | "only-windows" | "only-cdb" | "only-macos" | "only-apple", _)
            | ("ignore-test" | "ignore-x86_64" | "ignore-linux" | "needs-llvm-zstd", _) => {
                self.ignored = Some(name.to_owned());
            }
            (_, _) if name == format!("ignore-{}", debugger.name()) => {
                self.ignored = Some(name.to_owned());
            }
            (_, _)
                if name == format!("min-{}-version", debugger.name())
                    && number(first) > number(version) =>
            {
                self.ignored = Some(format!("{name} {first}"));
            }
            (_, _) if name == format!("ignore-{}-version", debugger.name()) => {
                let (low, high) = value.split_once(" - ").unwrap_or((value, value));
                if (number(low)..=number(high)).contains(&number(version)) {
                    self.ignored = Some(directive.to_owned());
                }
            }
            _ => {}
        }
    }

    /// An error that names the first line that is expected and not there.
    pub fn check(&self, printed: &str) -> Result<()> {
        let mut checks = self.checks.iter().peekable();
        for line in printed.lines() {
            checks.next_if(|check| is_line(line.trim(), check));
        }
        match checks.next() {
            None => Ok(()),
            Some(missing) => Err(format!("`{missing}` is not printed, or too early:\n{printed}")),
        }
    }
}

/// `13.1` is 13001.
fn number(version: &str) -> u32 {
    let mut parts = version.trim().split('.').map(|part| part.parse().unwrap_or(0));
    parts.next().unwrap_or(0) * 1000 + parts.next().unwrap_or(0)
}

fn is_line(line: &str, check: &str) -> bool {
    let mut parts = check.split("[...]");
    let Some(mut rest) = parts.next().and_then(|first| line.strip_prefix(first)) else {
        return false;
    };
    let mut last_is_open = false;
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
        last_is_open = part.is_empty();
    }
    rest.is_empty() || last_is_open
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "//@ min-gdb-version: 13.0\n//@ gdb-command:run\n//@ lldb-command:run\n\
                        //@ gdb-check:[...]x = 1\n//@[other] gdb-command: no\nfn main() {\n    x(); // #break\n}\n";

    #[test]
    fn a_session_is_read() {
        let session = Session::parse(TEXT, Debugger::Gdb, "13.1");
        assert_eq!((session.lines.as_slice(), session.commands.len()), (&[7][..], 1));
        assert_eq!(session.ignored, None);
        let session = Session::parse(TEXT, Debugger::Gdb, "12.9");
        assert_eq!(session.ignored.as_deref(), Some("min-gdb-version 13.0"));
    }

    #[test]
    fn lines_are_checked_in_order() {
        let checks = ["a = [...]", "[...]b[...]c", "d"].map(str::to_owned).to_vec();
        let session = Session { checks, ..Session::default() };
        session.check("a = 1\nx\n ab 2 c\nd\n").unwrap();
        assert!(session.check("a = 1\nd\n ab 2 c\n").unwrap_err().contains("`d`"));
        assert!(session.check("ba = 1\nabc\nd\n").is_err());
        assert!(session.check("a = 1\nabcc d\nd\n").unwrap_err().contains("b[...]c"));
    }
}
