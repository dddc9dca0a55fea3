//! Does with a finished program what its users do, and keeps what it answers: its output, its status, the files that it makes.
//!
//! Each trial runs in the same folder, made anew, so nothing of it can differ but what the program does. What differs
//! from run to run (ports) has a name in the answers instead.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Result;
use crate::command;
use crate::compiler::clean_environment;
use crate::harness::Tools;

use super::build::surroundings;
use super::sources::{Place, sha256, shell};
use super::table::{self, Program, Started, Trial};
use super::web;

/// Programs of debug builds on a busy machine are slow, but not that slow.
const LIMIT: Duration = Duration::from_secs(180);

/// What a program answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The question.
    pub to: String,
    /// The answer.
    pub text: String,
}

/// Does all that the table says with a program.
pub fn answers(tools: Tools, place: &Place, program: &Program, file: &Path) -> Result<Vec<Answer>> {
    let mut answers = Vec::new();
    for trial in &program.trials {
        answers.extend(Setting::new(tools, place, program, trial, file)?.answers()?);
    }
    Ok(answers)
}

/// Fails unless stock's answers are what was expected.
pub fn expected(program: &Program, answers: &[Answer]) -> Result<()> {
    let expected = program.trials.iter().flat_map(|trial| {
        let count = trial.get.len().max(1);
        std::iter::repeat_n(&trial.expect, count)
    });
    for (expected, answer) in expected.zip(answers) {
        if !answer.text.contains(expected) {
            let Answer { to, text } = answer;
            return Err(format!("{to}: {expected:?} was expected of stock's program, not\n{text}"));
        }
    }
    Ok(())
}

/// Fails unless another program answered what stock's did.
pub fn same(stock: &[Answer], snug: &[Answer]) -> Result<()> {
    if stock.len() != snug.len() {
        return Err(format!("{} answers under stock, {} under Snug", stock.len(), snug.len()));
    }
    match stock.iter().zip(snug).find(|(stock, snug)| stock != snug) {
        None => Ok(()),
        Some((stock, snug)) => Err(format!(
            "{}: stock's program answers\n{}\nand Snug's\n{}",
            snug.to, stock.text, snug.text
        )),
    }
}

/// Where and with what a trial happens.
struct Setting<'a> {
    tools: Tools,
    place: &'a Place,
    program: &'a Program,
    trial: &'a Trial,
    /// What stands for what in commands.
    names: [(&'static str, String); 5],
    port: u16,
}

impl<'a> Setting<'a> {
    fn new(
        tools: Tools,
        place: &'a Place,
        program: &'a Program,
        trial: &'a Trial,
        file: &Path,
    ) -> Result<Setting<'a>> {
        let port = web::free_port()?;
        let web = web::serve()?;
        let names = [
            ("{program}", file.display().to_string()),
            ("{folder}", place.root().join("trial").display().to_string()),
            ("{web}", format!("127.0.0.1:{web}")),
            ("{web-port}", web.to_string()),
            ("{port}", port.to_string()),
        ];
        Ok(Setting { tools, place, program, trial, names, port })
    }

    fn folder(&self) -> PathBuf {
        self.place.root().join("trial")
    }

    fn answers(&self) -> Result<Vec<Answer>> {
        self.make_folder()?;
        let mut running = Vec::new();
        for (number, started) in self.trial.start.iter().enumerate() {
            running.push(self.start(number, started)?);
        }
        let answers = self.ask();
        if !self.trial.end.is_empty() {
            let end = command::run_within(&mut self.command(&self.trial.end)?, LIMIT)?;
            end.expect_success("what ends the trial")?;
        }
        // What was started may have said why there is no answer.
        answers.map_err(|error| format!("{error}\n{}", self.said(running.len())))
    }

    fn ask(&self) -> Result<Vec<Answer>> {
        if self.trial.run.is_empty() {
            let get = |path: &String| {
                let text = self.shown(&web::get(self.port, path)?);
                Ok(Answer { to: format!("GET {path}"), text })
            };
            return self.trial.get.iter().map(get).collect();
        }
        let mut command = self.command(&self.trial.run)?;
        let finished = match &self.program.runner {
            Some(runner) => self.under(runner, &mut command)?,
            None => command::run_within(&mut command, LIMIT)?,
        };
        let said = format!("{}\n{}\n{}", finished.status, finished.stdout, finished.stderr);
        let made = match &self.trial.makes {
            Some(made) => files(&self.folder().join(made))?,
            None => String::new(),
        };
        let to = format!("`{}`", self.trial.run.join(" "));
        Ok(vec![Answer { to, text: self.shown(&said) + &made }])
    }

    /// Runs a program for another target.
    fn under(&self, runner: &str, command: &mut Command) -> Result<command::Finished> {
        let words: Vec<&str> = runner.split_whitespace().collect();
        let mut under = Command::new(words[0]);
        under.args(&words[1..]).arg(command.get_program()).current_dir(self.folder());
        command::run_within(&mut under, LIMIT)
    }

    /// Makes the folder anew. The files' times are always the same.
    fn make_folder(&self) -> Result<()> {
        shell(Command::new("rm").arg("-rf").arg(self.folder()))?;
        shell(Command::new("cp").arg("-pR").arg(table::folder().join("inputs")).arg(self.folder()))
    }

    /// A command, which sees nothing of the user's but the system.
    fn command(&self, words: &[String]) -> Result<Command> {
        let words: Vec<String> = words.iter().map(|word| self.filled(word)).collect();
        let mut command = Command::new(&words[0]);
        clean_environment(&mut command);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if ["CARGO", "XDG_", "GIT_"].iter().any(|start| name.starts_with(start))
                && name != "CARGO_HOME"
            {
                command.env_remove(name);
            }
        }
        let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
        let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
        command
            .args(&words[1..])
            .current_dir(self.folder())
            .env("HOME", self.folder())
            .envs(home.map(|home| ("CARGO_HOME", home)))
            .env("CARGO_NET_OFFLINE", "true")
            .env("TERM", "dumb")
            .envs(surroundings(self.tools, self.place.root())?)
            .envs(self.trial.environment.iter().map(|(name, value)| (name, self.filled(value))));
        Ok(command)
    }

    fn log(&self, number: usize) -> PathBuf {
        self.place.root().join(format!("trial-{number}.log"))
    }

    /// Starts what runs on, and waits until it listens.
    fn start(&self, number: usize, started: &Started) -> Result<Running> {
        let text = self.filled(&started.listens);
        let port: u16 = text.parse().map_err(|_| format!("`{text}` is no port"))?;
        if web::is_open(port) {
            return Err(format!("port {port} is in use by something else"));
        }
        let path = self.log(number);
        let log = File::create(&path).and_then(|log| Ok((log.try_clone()?, log)));
        let (stdout, stderr) = log.map_err(|error| format!("{}: {error}", path.display()))?;
        let mut command = self.command(&started.run)?;
        command.stdin(Stdio::null()).stdout(stdout).stderr(stderr).process_group(0);
        let child = command.spawn().map_err(|error| format!("cannot run {command:?}: {error}"))?;
        let mut running = Running(child);
        let begin = Instant::now();
        while !web::is_open(port) {
            let ended = running.0.try_wait().map_err(|error| error.to_string())?;
            if ended.is_some() || begin.elapsed() > LIMIT {
                let said = self.said(number + 1);
                return Err(format!("{command:?} does not listen ({ended:?})\n{said}"));
            }
            sleep(Duration::from_millis(20));
        }
        Ok(running)
    }

    /// What the programs in the background have printed.
    fn said(&self, count: usize) -> String {
        let logs = (0..count).filter_map(|number| std::fs::read(self.log(number)).ok());
        logs.map(|log| String::from_utf8_lossy(&log).into_owned()).collect()
    }

    /// A word of the table with what its names stand for.
    fn filled(&self, word: &str) -> String {
        self.names.iter().fold(word.to_owned(), |word, (name, value)| word.replace(name, value))
    }

    /// What of an answer counts, with names for what differs from run to run.
    fn shown(&self, text: &str) -> String {
        let text = self.names.iter().fold(text.to_owned(), |text, (name, value)| {
            // A port's digits may be part of something else.
            match name.ends_with("port}") {
                true => text.replace(&format!(":{value}"), &format!(":{name}")),
                false => text.replace(value, name),
            }
        });
        let has = |line: &str, parts: &[String]| parts.iter().any(|part| line.contains(part));
        let counts = |line: &&str| {
            let is_wanted = self.trial.only.is_empty() || has(line, &self.trial.only);
            is_wanted && !has(line, &self.trial.varies)
        };
        text.lines().filter(counts).map(|line| format!("{line}\n")).collect()
    }
}

/// A process in the background that does not outlive this.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Its children go with it. It may have ended.
        let group = format!("-{}", self.0.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}

/// The files in a folder and in those below, with the sums of what is in them.
fn files(folder: &Path) -> Result<String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    let problem = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).map_err(|error| problem(&next, error))? {
            let path = entry.map_err(|error| problem(&next, error))?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let content = std::fs::read(&path).map_err(|error| problem(&path, error))?;
            let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
            found.insert(name, sha256(&content));
        }
    }
    Ok(found.iter().map(|(name, sum)| format!("{sum} {name}\n")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Vec<Answer> {
        vec![Answer { to: "the question".into(), text: text.into() }]
    }

    #[test]
    fn answers_are_compared() {
        assert_eq!(same(&answer("a"), &answer("a")), Ok(()));
        assert!(same(&answer("a"), &answer("b")).unwrap_err().contains("the question"));
        assert!(same(&answer("a"), &[]).is_err());
    }

    #[test]
    fn stock_must_do_what_is_expected() {
        let program: Program = toml::from_str(
            "name = 'a'\nversion = '1.0.0'\nbin = 'a'\ntrial = [{ run = ['a'], expect = 'yes' }]",
        )
        .unwrap();
        assert_eq!(expected(&program, &answer("oh yes")), Ok(()));
        assert!(expected(&program, &answer("oh no")).unwrap_err().contains("\"yes\""));
    }

    #[test]
    fn files_are_listed_with_sums() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("b")).unwrap();
        std::fs::write(folder.path().join("b/c"), "text").unwrap();
        std::fs::write(folder.path().join("a"), "").unwrap();
        let text = files(folder.path()).unwrap();
        let names: Vec<&str> = text.lines().map(|line| line.split(' ').nth(1).unwrap()).collect();
        assert_eq!(names, ["a", "b/c"]);
        std::fs::write(folder.path().join("b/c"), "other").unwrap();
        assert_ne!(files(folder.path()).unwrap(), text);
    }
}
