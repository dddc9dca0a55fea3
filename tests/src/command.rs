//! Runs a process to its end, but not for ever.

use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::Result;

/// No compilation comes near this, also on a busy machine.
pub const LIMIT: Duration = Duration::from_secs(120);

/// No test program comes near this.
pub const PROGRAM_LIMIT: Duration = Duration::from_secs(20);

/// How the status of a process begins that was killed because its time was over.
const TIMED_OUT: &str = "timed out";

/// Signals that end a program which does not care for them, and that whoever starts the tests may ignore.
const FATAL: [libc::c_int; 6] =
    [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGUSR1, libc::SIGUSR2, libc::SIGTERM];

/// Lets signals end this process and all that it starts.
///
/// A signal that is ignored stays ignored in every process below, where a shell cannot even trap it, and a shell
/// without job control (that of a CI, say) ignores ctrl-C in whatever it runs in the background.
pub fn heed_signals() {
    for signal in FATAL {
        // SAFETY: the default action is no code of this process.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
}

/// A process that came to an end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Finished {
    /// How it ended: `exit status: 0`, `signal: 6 (SIGABRT)`, `timed out`...
    pub status: String,
    /// Whether that is a success.
    pub success: bool,
    /// What it wrote.
    pub stdout: String,
    /// What it wrote about what it did.
    pub stderr: String,
    /// The command line, for those who want to run it again.
    pub command: String,
}

impl Finished {
    /// The process as it is, or an error if it failed.
    pub fn expect_success(self, what: &str) -> Result<Finished> {
        if self.success { Ok(self) } else { Err(format!("{what} failed: {}", self.describe())) }
    }

    /// The process as it is, or an error if it did not fail in an orderly way.
    pub fn expect_failure(self, what: &str) -> Result<Finished> {
        // 101 is a panic: the compiler's own, not an error that it reports.
        self.expect_exit(1, what)
    }

    /// The process as it is, or an error if it ended with another status.
    pub fn expect_exit(self, status: i32, what: &str) -> Result<Finished> {
        if self.status == format!("exit status: {status}") {
            Ok(self)
        } else {
            let description = self.describe();
            Err(format!("{what} should have failed with status {status}: {description}"))
        }
    }

    /// Whether it came to its own end, in time.
    pub fn has_ended(&self) -> bool {
        !self.status.starts_with(TIMED_OUT)
    }

    /// All there is to know about it.
    pub fn describe(&self) -> String {
        format!(
            "{}\n$ {}\n--- stdout\n{}--- stderr\n{}",
            self.status, self.command, self.stdout, self.stderr
        )
    }
}

/// Runs a command with [`LIMIT`].
pub fn run(command: &mut Command) -> Result<Finished> {
    run_within(command, LIMIT)
}

/// Runs a command, and kills it with all its children when its time is over.
pub fn run_within(command: &mut Command, limit: Duration) -> Result<Finished> {
    let line = format!("{command:?}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(|error| format!("cannot run {line}: {error}"))?;
    let stdout = read_in_background(child.stdout.take());
    let stderr = read_in_background(child.stderr.take());
    let status = wait(&mut child, limit).map_err(|error| format!("cannot wait: {error}"))?;
    let text = |reader: thread::JoinHandle<String>| reader.join().unwrap_or_default();
    Ok(Finished {
        status: describe_status(status, limit),
        success: status.is_some_and(|status| status.success()),
        stdout: text(stdout),
        stderr: text(stderr),
        command: line,
    })
}

fn describe_status(status: Option<ExitStatus>, limit: Duration) -> String {
    match status {
        None => format!("{TIMED_OUT} after {} seconds", limit.as_secs()),
        // Whether there was room for a core dump says nothing about the program.
        Some(status) => match status.signal() {
            Some(signal) => format!("signal: {signal}"),
            None => status.to_string(),
        },
    }
}

fn read_in_background(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    // A program in an endless loop must not take the memory.
    const MOST: u64 = 16 << 20;
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read before an error is still worth comparing.
            let _ = pipe.by_ref().take(MOST).read_to_end(&mut bytes);
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// The status, or `None` if the time was over first.
fn wait(child: &mut Child, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let end = Instant::now() + limit;
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= end {
            kill_group(child);
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

/// A compiler's linker must go with it, or it keeps the pipes open.
fn kill_group(child: &mut Child) {
    let group = format!("-{}", child.id());
    let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
    let _ = child.kill();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_and_status_are_kept() {
        let finished = run(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"]));
        let finished = finished.unwrap();
        assert_eq!(finished.stdout, "out\n");
        assert_eq!(finished.stderr, "err\n");
        assert_eq!(finished.status, "exit status: 3");
        assert!(!finished.success);
    }

    #[test]
    fn a_signal_that_was_ignored_ends_a_process() {
        // SAFETY: to ignore a signal is no code of this process.
        unsafe { libc::signal(libc::SIGUSR2, libc::SIG_IGN) };
        let kill = || run(Command::new("sh").args(["-c", "kill -USR2 $$"])).unwrap().status;
        assert_eq!(kill(), "exit status: 0");
        heed_signals();
        assert_eq!(kill(), format!("signal: {}", libc::SIGUSR2));
    }

    #[test]
    fn a_process_and_its_children_end_in_time() {
        let start = Instant::now();
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 60 & sleep 60"]);
        let finished = run_within(&mut command, Duration::from_millis(200)).unwrap();
        assert!(finished.status.starts_with("timed out"), "{}", finished.status);
        assert!(start.elapsed() < Duration::from_secs(30));
    }
}
