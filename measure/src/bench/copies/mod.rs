//! `y bench copies`: how many bytes the first poll of an async fn copies, and how much stack its
//! poll function takes, in debug builds of four compilers: stock rustc with LLVM and with cg_clif,
//! and both twins of Snug.
//!
//! ```text
//! cases ──► source ──► compilers (four) ──► trace ──► figures ──► table
//!                                           process
//!                                           inline
//! ```
//!
//! A set of async fns is generated ([`cases`], [`source`]): values of 64 B to 64 KiB, 1 to 16 of
//! them, in several forms, that are consumed before the first await or live across one or more.
//! [`trace`] follows the first poll of each, instruction by instruction, and counts what was
//! executed: the lengths given to `memcpy` and `memmove`, plus copies that were written out as loads
//! and stores ([`inline`]). So it does not matter how a compiler writes a copy, and no tool is needed
//! that could be missing. What the figures do not hold: copies while the future is made (its
//! arguments go in), later polls, and what a value's own producer and consumer do with it (the
//! program's module `apart`).
//!
//! All four programs must print the same, so none of them has lost a value on the way. The floors
//! are in [`figures`]; one that is missed is an error.

mod cases;
mod compilers;
mod figures;
mod inline;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod process;
mod source;
mod symbols;
mod table;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod trace;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::bench::{floors, stock};
use crate::report::Sink;
use cases::Case;
use figures::{Detail, Measured};
use y::cache::Cache;
use y::config::Config;
use y::prepare::Prepared;
use y::ui::Ui;

/// Measures, prints, and fails if a floor is missed.
pub fn run(config: &Config, ui: &Ui, prepared: &Prepared, each: bool, sink: &Sink) -> Result<()> {
    let stock_cg_clif = stock::cg_clif(config, &Cache::open(&config.cache)?, ui, prepared)?;
    let folder = config.in_root("build/copies");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let cases = cases::all();
    let source = folder.join("copies.rs");
    fs::write(&source, source::program(&cases))
        .with_context(|| format!("{} cannot be written", source.display()))?;
    let mut measured = [const { None }; 4];
    for (compiler, measured) in compilers::ALL.into_iter().zip(&mut measured) {
        let title = compiler.title();
        let program = ui.step(&format!("compile {} async fns: {title}", cases.len()), |_| {
            compiler.compile(config, prepared, &stock_cg_clif, &source, &folder)
        })?;
        *measured = Some(ui.step(&format!("follow their first polls: {title}"), |progress| {
            follow(&program, &cases, &mut |done| progress.at(done as u64, cases.len() as u64, ""))
        })?);
    }
    let measured = measured.map(|one| one.expect("every compiler was measured"));
    same_answers(&measured)?;
    report(&measured, &cases, if each { Detail::Each } else { Detail::Families }, sink)
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn follow(program: &Path, cases: &[Case], each: &mut dyn FnMut(usize)) -> Result<Measured> {
    let names: Vec<String> = cases.iter().map(Case::name).collect();
    trace::trace(program, &names, &program.with_extension("txt"), each)
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn follow(_: &Path, _: &[Case], _: &mut dyn FnMut(usize)) -> Result<Measured> {
    bail!(
        "`bench copies` follows programs by ptrace and knows x86-64 only: run it on Linux, x86-64."
    )
}

/// Fails if two compilers disagree about what the program does.
fn same_answers(measured: &[Measured; 4]) -> Result<()> {
    for (compiler, one) in compilers::ALL.iter().zip(measured) {
        let pairs = measured[0].answers.lines().zip(one.answers.lines());
        if let Some((first, other)) = pairs.into_iter().find(|(first, other)| first != other) {
            bail!(
                "The programs of two compilers do not agree, so one of them is wrong.\n{}: \
                 {first}\n{}: {other}",
                compilers::ALL[0].title(),
                compiler.title()
            );
        }
        if one.answers.lines().count() != one.copied.len() {
            bail!("The program of {} did not print an answer for every case.", compiler.title());
        }
    }
    Ok(())
}

fn report(measured: &[Measured; 4], cases: &[Case], detail: Detail, sink: &Sink) -> Result<()> {
    let copied = figures::copied(measured, cases, detail);
    println!("{}", table::table("bytes copied at the first poll", &copied));
    println!(
        "{}",
        table::table("stack of poll functions", &figures::frames(measured, cases, detail))
    );
    let frames = figures::frames(measured, cases, Detail::Each);
    let larger = figures::larger(&frames);
    if !larger.is_empty() {
        let larger: Vec<_> = larger.into_iter().cloned().collect();
        println!("{}", table::table("larger than stock cg_clif's", &larger));
    }
    let floors = figures::floors(&copied, &frames);
    let poll_frames = figures::frames(measured, cases, Detail::Families);
    sink.write(
        "copies",
        table::findings(&figures::copied(measured, cases, Detail::Families), &poll_frames, &floors),
    )?;
    floors::check("copies", &floors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(answers: [&str; 4]) -> [Measured; 4] {
        answers.map(|answers| {
            let copied = answers.lines().map(|line| (line.into(), figures::Copied::default()));
            Measured { copied: copied.collect(), answers: answers.into(), ..Measured::default() }
        })
    }

    #[test]
    fn different_answers_are_an_error() {
        assert!(same_answers(&measured(["a 1\n"; 4])).is_ok());
        let error = same_answers(&measured(["a 1\n", "a 1\n", "a 2\n", "a 1\n"])).unwrap_err();
        assert!(error.to_string().contains("stock cg_clif: a 2"), "{error}");
    }

    #[test]
    fn a_missing_answer_is_an_error() {
        let mut short = measured(["a 1\nb 1\n"; 4]);
        short[3].answers.truncate(4);
        assert!(same_answers(&short).unwrap_err().to_string().contains("Snug"));
    }
}
