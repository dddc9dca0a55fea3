//! Running cargo: with an environment that only this tool decides, progress, and a log.
//!
//! Flags, profiles and targets that a user has set for other projects would change crate ids (see
//! `rustc_dev`) or the cache's meaning, so everything that steers cargo or rustc is taken out of
//! the environment; what says how to reach a registry stays.

use std::collections::VecDeque;
use std::env;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

use crate::ui::Progress;

/// Lines of a failed build that are shown; the log has all of them.
const SHOWN: usize = 40;

/// A command that runs `program` without any setting that steers cargo or rustc.
pub fn clean_command(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(steers_the_build) {
            command.env_remove(name);
        }
    }
    command
}

fn steers_the_build(name: &str) -> bool {
    let reaches_a_registry =
        ["CARGO_HOME", "CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR", "CARGO_SOURCE_"];
    let steers = [
        "CARGO",
        "__CARGO",
        "RUSTC",
        "RUSTDOC",
        "RUSTFLAGS",
        "RUST_CHECK",
        "RUST_LOG",
        "CFG_",
        "MAKEFLAGS",
        "LD_LIBRARY_PATH",
    ];
    steers.iter().any(|prefix| name.starts_with(prefix))
        && !reaches_a_registry.iter().any(|prefix| name.starts_with(prefix))
}

/// The value of `CARGO_ENCODED_RUSTFLAGS`, which unlike `RUSTFLAGS` allows spaces in paths.
pub fn encode_flags(flags: &[&str]) -> String {
    flags.join("\x1f")
}

/// Fails if a program did.
pub fn succeeded(status: ExitStatus, program: &str) -> Result<()> {
    if status.success() { Ok(()) } else { bail!("{program} failed ({status}): see above") }
}

/// A cargo command to run.
pub struct Run<'a> {
    /// What it is for: `compile the backend`.
    pub purpose: &'a str,
    /// The command.
    pub command: Command,
    /// Where everything that it prints is kept.
    pub log: PathBuf,
}

impl Run<'_> {
    /// Runs it. Cargo's own progress line is parsed for ours; the rest goes to the log, whose end
    /// is shown on failure.
    pub fn with(mut self, progress: &Progress) -> Result<()> {
        fs::create_dir_all(self.log.parent().context("a log lies in a folder")?)?;
        let mut log = File::create(&self.log)
            .with_context(|| format!("{} cannot be written", self.log.display()))?;
        self.command
            .env("CARGO_TERM_PROGRESS_WHEN", "always")
            .env("CARGO_TERM_PROGRESS_WIDTH", "80")
            .env("CARGO_TERM_COLOR", "never")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let program = self.command.get_program().to_string_lossy().into_owned();
        let mut child =
            self.command.spawn().with_context(|| format!("{program} could not be started"))?;
        let mut tail = VecDeque::new();
        each_line(child.stderr.take().context("stderr is piped")?, |line| {
            if let Some((done, total, what)) = progress_of(line) {
                progress.at(done, total, what);
            } else if !line.trim().is_empty() {
                writeln!(log, "{line}")?;
                tail.push_back(line.to_string());
                if tail.len() > SHOWN {
                    tail.pop_front();
                }
            }
            Ok(())
        })?;
        if child.wait()?.success() { Ok(()) } else { self.explain(tail) }
    }

    fn explain(&self, tail: VecDeque<String>) -> Result<()> {
        let text = Vec::from(tail).join("\n");
        let hint = if text.contains("No space left on device") {
            "The disk is full (No space left on device): free some space, or set SNUG_CACHE to a \
             folder on another disk."
        } else if ["failed to download", "Could not resolve", "failed to fetch", "Couldn't connect"]
            .iter()
            .any(|sign| text.contains(sign))
        {
            "The crate registry could not be reached: check the network and cargo's proxy \
             settings, then run the command again; it goes on where it stopped."
        } else {
            "If nothing above says why, run the command again: it goes on where it stopped."
        };
        bail!(
            "Cargo failed to {}. The end of its output:\n\n{text}\n\n{hint}\nAll of the output: {}",
            self.purpose,
            self.log.display()
        );
    }
}

/// Calls `see` for each piece between line ends and carriage returns, which cargo uses for its
/// progress line.
fn each_line(mut from: impl Read, mut see: impl FnMut(&str) -> Result<()>) -> Result<()> {
    let mut pending = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        let read = from.read(&mut buffer)?;
        for &byte in &buffer[..read] {
            if byte == b'\n' || byte == b'\r' {
                see(&String::from_utf8_lossy(&pending))?;
                pending.clear();
            } else {
                pending.push(byte);
            }
        }
        if read == 0 {
            return see(&String::from_utf8_lossy(&pending));
        }
    }
}

/// `    Building [====>   ] 12/345: rustc_middle` is (12, 345, "rustc_middle").
fn progress_of(line: &str) -> Option<(u64, u64, &str)> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{1b}');
    let rest = line.strip_prefix("Building [")?;
    let (_, counts) = rest.split_once(']')?;
    let (numbers, what) = counts.split_once(':').unwrap_or((counts, ""));
    let (done, total) = numbers.trim().split_once('/')?;
    Some((done.parse().ok()?, total.parse().ok()?, what.trim().trim_end_matches("\u{1b}[K")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_cargos_progress_line() {
        let line = "    Building [=====>                   ] 68/343: rustc_middle, ...";
        assert_eq!(progress_of(line), Some((68, 343, "rustc_middle, ...")));
        assert_eq!(progress_of("   Compiling rustc_middle v0.0.0"), None);
    }

    #[test]
    fn registry_settings_survive_and_flags_do_not() {
        assert!(!steers_the_build("CARGO_HOME"));
        assert!(!steers_the_build("CARGO_REGISTRIES_CRATES_IO_PROTOCOL"));
        assert!(!steers_the_build("PATH"));
        assert!(steers_the_build("RUSTFLAGS"));
        assert!(steers_the_build("CARGO_PROFILE_RELEASE_DEBUG"));
        assert!(steers_the_build("RUSTC_BOOTSTRAP"));
    }

    #[test]
    fn splits_at_line_ends_and_carriage_returns() {
        let mut seen = Vec::new();
        each_line(&b"a\rb\nc"[..], |line| {
            seen.push(line.to_string());
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, ["a", "b", "c"]);
    }
}
