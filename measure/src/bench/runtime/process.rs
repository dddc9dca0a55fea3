//! One run of a program: what it prints, and what it has used between two marks.
//!
//! ```text
//! alone:   warm-up, `begin`, work, (`steady`,) `end`                             printed by the program itself
//! served:  load to warm up, `begin`, load, `end`                                 asked for by its standard input
//! idle:    one connection, `begin`, 2,000 connections, `steady`, closed, `end`
//! ```

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::programs::{Compiler, Programs};

/// What a row does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Work {
    /// A program that needs nobody else.
    Alone { program: &'static str, arguments: &'static [&'static str] },
    /// A server that is asked by a load in a process of its own.
    Served { server: &'static str, load: &'static str, connections: u32, requests: u32 },
    /// A server with connections that nothing is sent on any more.
    Idle { connections: u32 },
}

/// What is counted besides times and memory. Counting takes time, so runs that count are not timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    Nothing,
    Allocations,
    /// What the processor counts.
    Counters,
}

/// What a run has used.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Usage {
    /// What the program computed.
    pub(super) results: Vec<String>,
    /// Of each mark.
    pub(super) marks: BTreeMap<String, BTreeMap<String, f64>>,
    /// Why the processor counted nothing.
    pub(super) uncounted: Option<String>,
}

impl Usage {
    /// Seconds of processor time of the work.
    pub(super) fn processor(&self) -> f64 {
        self.between("processor").unwrap_or(f64::NAN) / 1e9
    }

    /// How much a figure grew during the work.
    pub(super) fn between(&self, key: &str) -> Option<f64> {
        Some(self.at("end", key)? - self.at("begin", key)?)
    }

    /// A figure while the work holds all that it needs.
    pub(super) fn steady(&self, key: &str) -> Option<f64> {
        self.at("steady", key).or_else(|| self.at("end", key))
    }

    /// A figure at a mark.
    pub(super) fn at(&self, label: &str, key: &str) -> Option<f64> {
        self.marks.get(label)?.get(key).copied()
    }

    /// For tests: labels, with nanoseconds of processor time and bytes of memory.
    #[cfg(test)]
    pub(super) fn made(marks: &[(&str, f64, f64)]) -> Usage {
        let mark = |&(label, processor, memory): &(&str, f64, f64)| {
            let figures = [("processor", processor), ("rss", memory), ("peak", memory)];
            (label.to_owned(), figures.map(|(key, value)| (key.to_owned(), value)).into())
        };
        Usage { marks: marks.iter().map(mark).collect(), ..Usage::default() }
    }

    /// Reads a line. Returns the label of a mark.
    fn read(&mut self, line: &str) -> Result<Option<String>> {
        if let Some(result) = line.strip_prefix("result ") {
            self.results.push(result.to_owned());
            return Ok(None);
        }
        let mut words = line.split(' ');
        let (Some("usage"), Some(label)) = (words.next(), words.next()) else {
            bail!("a program prints `{line}`");
        };
        let mut figures = BTreeMap::new();
        while let (Some(key), Some(value)) = (words.next(), words.next()) {
            if key == "uncounted" {
                self.uncounted = Some(value.replace('-', " "));
                continue;
            }
            let value = value.parse().with_context(|| format!("`{line}` has no number"))?;
            figures.insert(key.to_owned(), value);
        }
        self.marks.insert(label.to_owned(), figures);
        Ok(Some(label.to_owned()))
    }
}

/// Runs the work of a row once.
pub(super) fn run(
    programs: &Programs,
    compiler: Compiler,
    work: Work,
    count: Count,
) -> Result<Usage> {
    match work {
        Work::Alone { program, arguments } => {
            let mut command = Command::new(programs.program(compiler, program)?);
            command.args(arguments);
            alone(command, count)
        }
        Work::Served { server, load, connections, requests } => {
            let mut server = Server::start(programs, compiler, server, count)?;
            let requests = requests / connections;
            server.asked(programs, load, connections, requests / 10)?;
            server.mark("begin")?;
            let results = server.asked(programs, load, connections, requests)?;
            server.mark("end")?;
            server.usage.results = results;
            server.end()
        }
        Work::Idle { connections } => {
            let mut server = Server::start(programs, compiler, "http", count)?;
            server.asked(programs, "json", 1, 10)?;
            server.mark("begin")?;
            let mut load = Piped::start(server.load(programs, "idle", connections, 1)?)?;
            ensure!(load.line()? == "ready", "the load does not say that it is ready");
            // The last answers are on their way.
            sleep(Duration::from_millis(300));
            server.mark("steady")?;
            let results = load.end()?;
            server.mark("end")?;
            server.usage.results = results;
            server.end()
        }
    }
}

fn alone(mut command: Command, count: Count) -> Result<Usage> {
    counting(&mut command, count);
    let mut usage = Usage::default();
    for line in Piped::start(command)?.end()? {
        usage.read(&line)?;
    }
    ensure!(usage.at("end", "processor").is_some(), "a program does not say what it has used");
    Ok(usage)
}

fn counting(command: &mut Command, count: Count) {
    match count {
        Count::Nothing => command.env_remove("METER"),
        Count::Allocations => command.env("METER", "allocations"),
        Count::Counters => command.env("METER", "counters"),
    };
}

/// A server, and what it has said.
struct Server {
    process: Piped,
    port: String,
    /// The file with a server's certificate, if it has one.
    certificate: Option<String>,
    usage: Usage,
}

impl Server {
    fn start(programs: &Programs, compiler: Compiler, kind: &str, count: Count) -> Result<Server> {
        let mut command = Command::new(programs.program(compiler, "server")?);
        command.arg(kind);
        let certificate = programs.folder().join("certificate.der").display().to_string();
        let certificate = (kind == "tls").then_some(certificate);
        command.args(&certificate);
        counting(&mut command, count);
        let mut process = Piped::start(command)?;
        let line = process.line()?;
        let port = line
            .strip_prefix("port ")
            .with_context(|| format!("a server prints `{line}`"))?
            .to_owned();
        Ok(Server { process, port, certificate, usage: Usage::default() })
    }

    /// A load for this server.
    fn load(
        &self,
        programs: &Programs,
        kind: &str,
        connections: u32,
        requests: u32,
    ) -> Result<Command> {
        let mut command = programs.load()?;
        command.args([kind, &self.port, &connections.to_string(), &requests.to_string()]);
        command.args(&self.certificate);
        counting(&mut command, Count::Nothing);
        Ok(command)
    }

    /// Lets a load ask. Returns what it was answered.
    fn asked(
        &self,
        programs: &Programs,
        kind: &str,
        connections: u32,
        requests: u32,
    ) -> Result<Vec<String>> {
        Piped::start(self.load(programs, kind, connections, requests)?)?.end()
    }

    /// Asks the server what it has used.
    fn mark(&mut self, label: &str) -> Result<()> {
        self.process.say(label)?;
        let line = self.process.line()?;
        let found = self.usage.read(&line)?;
        ensure!(
            found.as_deref() == Some(label),
            "a server prints `{line}` when it is asked for {label}"
        );
        Ok(())
    }

    fn end(self) -> Result<Usage> {
        let Server { process, mut usage, .. } = self;
        let rest = process.end()?;
        ensure!(rest.is_empty(), "a server prints `{}` at its end", rest.join("; "));
        usage.results.sort();
        Ok(usage)
    }
}

/// A process that we talk to. It ends when this is dropped.
struct Piped {
    child: Child,
    name: String,
    input: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Piped {
    fn start(mut command: Command) -> Result<Piped> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command.spawn().with_context(|| format!("{name} cannot be started"))?;
        let input = child.stdin.take();
        let output = child.stdout.take().context("standard output is piped")?;
        Ok(Piped { child, name, input, lines: BufReader::new(output).lines() })
    }

    fn say(&mut self, line: &str) -> Result<()> {
        let input = self.input.as_mut().context("standard input is piped")?;
        writeln!(input, "{line}").with_context(|| format!("{} does not listen", self.name))
    }

    fn line(&mut self) -> Result<String> {
        let line = self.lines.next().with_context(|| format!("{} ended too early", self.name))?;
        line.with_context(|| format!("{} cannot be read", self.name))
    }

    /// Closes its input, waits for its end, and returns what else it prints.
    fn end(mut self) -> Result<Vec<String>> {
        drop(self.input.take());
        let rest: Result<Vec<String>, _> = self.lines.by_ref().collect();
        let status = self.child.wait()?;
        ensure!(status.success(), "{} failed: {status}", self.name);
        rest.with_context(|| format!("{} cannot be read", self.name))
    }
}

impl Drop for Piped {
    fn drop(&mut self) {
        // It may have ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(lines: &[&str]) -> Usage {
        let mut usage = Usage::default();
        for line in lines {
            usage.read(line).unwrap();
        }
        usage
    }

    #[test]
    fn lines_are_read() {
        let usage = usage(&[
            "usage begin processor 1000000000 rss 100",
            "usage steady processor 2000000000 rss 900",
            "usage end processor 3000000000 rss 300",
            "result spawn 7",
        ]);
        assert_eq!(usage.processor(), 2.0);
        assert_eq!((usage.steady("rss"), usage.between("rss")), (Some(900.0), Some(200.0)));
        assert_eq!((usage.at("begin", "heap"), usage.between("heap")), (None, None));
        assert_eq!(usage.results, ["spawn 7"]);
        assert!(Usage::default().read("hello").is_err());
        assert!(Usage::default().read("usage end rss many").is_err());
    }

    #[test]
    fn why_nothing_was_counted_is_kept() {
        let usage =
            usage(&["usage end processor 1 uncounted No-such-file-or-directory-(os-error-2)"]);
        assert_eq!(usage.uncounted.as_deref(), Some("No such file or directory (os error 2)"));
        assert_eq!(usage.steady("instructions"), None);
    }

    #[test]
    fn a_process_that_fails_is_an_error() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo usage end processor 1; exit 3"]);
        let error = alone(command, Count::Nothing).unwrap_err().to_string();
        assert!(error.contains("failed"), "{error}");
        let mut command = Command::new("sh");
        command.args(["-c", "echo result x 1"]);
        let error = alone(command, Count::Nothing).unwrap_err().to_string();
        assert!(error.contains("does not say what it has used"), "{error}");
    }
}
