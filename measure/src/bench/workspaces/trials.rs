//! Tries the finished programs out as a newcomer would: do they start, and do they answer the same?

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::compilers::{ALL, Compiler};
use super::packages::Trial;
use super::servers;

/// Programs of debug builds are slow, but not that slow.
const LIMIT: Duration = Duration::from_secs(60);

/// Something that a compiler's program does and stock's does not.
#[derive(Debug)]
pub(super) struct Difference {
    /// Whose program it is.
    pub(super) compiler: Compiler,
    /// What it is, in a sentence.
    pub(super) text: String,
}

/// Runs all trials with all compilers' programs, in `folder`.
pub(super) fn differences(
    trials: &[Trial],
    folder: &Path,
    program: impl Fn(Compiler) -> PathBuf,
) -> Result<Vec<Difference>> {
    let mut found = Vec::new();
    for trial in trials {
        let [stock, others @ ..] =
            ALL.map(|compiler| (compiler, answers(trial, &program(compiler), folder)));
        let stock = stock.1.context("stock's program does not work")?;
        check(trial, &stock)?;
        for (compiler, answers) in others {
            let text = difference(&stock, answers);
            found.extend(text.map(|text| Difference { compiler, text }));
        }
    }
    Ok(found)
}

/// What differs, in a sentence.
fn difference(stock: &[Answer], other: Result<Vec<Answer>>) -> Option<String> {
    match other {
        Err(error) => Some(format!("{error:#}")),
        Ok(other) => {
            stock.iter().zip(&other).find(|(stock, other)| stock != other).map(|(stock, other)| {
                format!("{} answers\n{}\nand stock's program\n{}", other.to, other.text, stock.text)
            })
        }
    }
}

/// What a program answers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// The question.
    pub(super) to: String,
    pub(super) text: String,
}

/// Fails unless stock's answers are what was expected.
fn check(trial: &Trial, answers: &[Answer]) -> Result<()> {
    let expected: Vec<String> = match trial {
        Trial::Run { text, .. } => vec![(*text).into()],
        Trial::Http { gets, .. } => {
            gets.iter().map(|get| format!("HTTP/1.1 {}", get.status)).collect()
        }
        Trial::Dns { queries, .. } => {
            queries.iter().map(|query| servers::shown(query.part)).collect()
        }
    };
    for (expected, answer) in expected.iter().zip(answers) {
        if !answer.text.contains(expected) {
            bail!(
                "{}: {expected:?} was expected, and stock's program answers\n{}",
                answer.to,
                answer.text
            );
        }
    }
    Ok(())
}

fn answers(trial: &Trial, program: &Path, folder: &Path) -> Result<Vec<Answer>> {
    match trial {
        Trial::Run { arguments, .. } => Ok(vec![run(program, arguments, folder)?]),
        Trial::Http { arguments, gets } => serve(program, arguments, folder, |port| {
            gets.iter().map(|get| servers::get(port, get)).collect()
        }),
        Trial::Dns { arguments, queries } => serve(program, arguments, folder, |port| {
            queries.iter().map(|query| servers::ask(port, query)).collect()
        }),
    }
}

/// Asks a server. If it does not answer, it may have said why.
fn serve(
    program: &Path,
    arguments: &[&str],
    folder: &Path,
    ask: impl FnOnce(u16) -> Result<Vec<Answer>>,
) -> Result<Vec<Answer>> {
    let server = Server::start(program, arguments, folder)?;
    ask(server.port).map_err(|error| {
        let printed = printed(folder).map(Result::unwrap_or_default).concat();
        let lines: Vec<&str> = printed.lines().filter(|line| !line.is_empty()).take(5).collect();
        error.context(format!("The server has printed:\n{}\n", lines.join("\n")))
    })
}

/// Runs a program to its end.
fn run(program: &Path, arguments: &[&str], folder: &Path) -> Result<Answer> {
    let mut child = Running(start(program, arguments, folder)?);
    let status = child.wait()?;
    let [stdout, stderr] = printed(folder);
    Ok(Answer {
        to: format!("`{}`", arguments.join(" ")),
        text: format!("{status}\n{}\n{}", stdout?, stderr?),
    })
}

/// What a program has printed in a folder.
fn printed(folder: &Path) -> [Result<String>; 2] {
    OUTPUT.map(|name| Ok(String::from_utf8_lossy(&fs::read(folder.join(name))?).into_owned()))
}

const OUTPUT: [&str; 2] = ["stdout", "stderr"];

/// Starts a program in a folder; what it prints goes into files there.
fn start(program: &Path, arguments: &[&str], folder: &Path) -> Result<Child> {
    let [stdout, stderr] = OUTPUT.map(|name| File::create(folder.join(name)));
    Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(stdout?)
        .stderr(stderr?)
        .spawn()
        .with_context(|| format!("{} could not be started", program.display()))
}

/// A child process that does not outlive this.
struct Running(Child);

impl Running {
    fn wait(&mut self) -> Result<ExitStatus> {
        let start = Instant::now();
        while start.elapsed() < LIMIT {
            if let Some(status) = self.0.try_wait()? {
                return Ok(status);
            }
            sleep(Duration::from_millis(10));
        }
        bail!("It did not end within {} seconds.", LIMIT.as_secs())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server at work.
struct Server {
    port: u16,
    _process: Running,
}

impl Server {
    fn start(program: &Path, arguments: &[&str], folder: &Path) -> Result<Server> {
        let port = servers::free_port()?;
        let arguments: Vec<String> =
            arguments.iter().map(|text| text.replace("PORT", &port.to_string())).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut process = Running(start(program, &arguments, folder)?);
        let begin = Instant::now();
        while !servers::is_open(port) {
            let ended = process.0.try_wait()?;
            if ended.is_some() || begin.elapsed() > LIMIT {
                let [stdout, stderr] = printed(folder);
                bail!("The server does not serve ({ended:?}):\n{}\n{}", stdout?, stderr?);
            }
            sleep(Duration::from_millis(50));
        }
        Ok(Server { port, _process: process })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Result<Vec<Answer>> {
        let folder = tempfile::tempdir().unwrap();
        let answer = run(Path::new("sh"), &["-c", script], folder.path())?;
        Ok(vec![Answer { to: "the script".into(), ..answer }])
    }

    #[test]
    fn output_and_status_are_compared() {
        let stock = shell("echo same").unwrap();
        let difference = |other| difference(&stock, other);
        assert_eq!(difference(shell("printf 'same\\n'")), None);
        for other in ["echo other", "echo same; exit 3", "echo same >&2", "echo same; kill -ILL $$"]
        {
            assert!(difference(shell(other)).is_some(), "{other}");
        }
        assert!(difference(Err(anyhow::anyhow!("It did not start."))).is_some());
    }

    #[test]
    fn stock_must_do_what_is_expected() {
        let trial = |text| Trial::Run { arguments: &[], text };
        let answers = shell("echo same").unwrap();
        assert!(check(&trial("same"), &answers).is_ok());
        assert!(check(&trial("other"), &answers).is_err());
    }
}
