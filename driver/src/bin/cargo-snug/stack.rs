//! `cargo snug stack`: builds programs with debug information, and reads their machine code.
//!
//! The build has a folder of its own, so `cargo snug build` does not compile anything again for it. What is read from the programs is
//! `snug-stack`'s affair.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::arguments::CommandLine;
use crate::cargo::{self, Purpose};
use crate::config::Config;
use crate::options::Options;
use crate::workspace::Place;

/// The profile's settings without which nothing could be read: debug information for names and variables, and symbols.
const SETTINGS: [(&str, &str); 2] = [("DEBUG", "2"), ("STRIP", "none")];

/// What cargo says of something that it has built.
#[derive(Deserialize)]
struct Message {
    executable: Option<PathBuf>,
}

/// Builds, and answers.
pub(crate) fn run(
    options: &Options,
    asked: &snug_stack::Options,
    config: Config,
    line: &CommandLine,
) -> Result<ExitCode> {
    let place = Place::of(line, config);
    let Some(workspace) = cargo::workspace(options, &place, line)? else {
        bail!(
            "there is no package here that cargo can read\n\
             help: go to one, or name its Cargo.toml: `cargo snug stack --manifest-path DIR/Cargo.toml`"
        );
    };
    let purpose = Purpose { folder: Some("stack"), ..Purpose::default() };
    let mut cargo = cargo::prepared(options, &purpose, &place, Some(&workspace), line)?;
    cargo.arg("--message-format=json-render-diagnostics").stdout(Stdio::piped());
    let profile = profile(line).to_uppercase().replace('-', "_");
    for (setting, value) in SETTINGS {
        cargo.env(format!("CARGO_PROFILE_{profile}_{setting}"), value);
    }
    let mut child = cargo.spawn().context("cargo could not be started")?;
    let output = child.stdout.take().context("cargo has no output")?;
    let mut programs = Vec::new();
    for message in BufReader::new(output).lines() {
        let message: Option<Message> = serde_json::from_str(&message?).ok();
        programs.extend(message.and_then(|message| message.executable));
    }
    let status = child.wait().context("cargo could not be waited for")?;
    if !status.success() {
        return Ok(ExitCode::from(
            status.code().and_then(|code| code.try_into().ok()).unwrap_or(1),
        ));
    }
    if programs.is_empty() {
        bail!(
            "this command builds no program\n\
             help: a library has no stack of its own; `--examples` builds its examples"
        );
    }
    let (text, is_within) = snug_stack::answer(asked, &programs)?;
    print(&text);
    Ok(if is_within { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The profile of a build, as environment variables name it.
fn profile(line: &CommandLine) -> String {
    if line.has("release") {
        return "release".to_owned();
    }
    line.value("profile")
        .map_or_else(|| "dev".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Prints; a reader who has seen enough (`| head`) is no error.
fn print(text: &str) {
    use std::io::Write;
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}
