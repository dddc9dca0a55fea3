//! What unwinding costs: processor time of compiling the demo's program with two builds of the
//! Cranelift backend that differ in nothing else.
//!
//! Both compile in turn, so that a machine that becomes slower becomes slower for both, and
//! processor time is counted, not the clock: that is of use on a busy machine too. Only what the
//! backend compiles is compiled again in each round; build scripts and procedural macros are not.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::build;
use crate::cache::{Cache, copy_atomically, remove};
use crate::cargo::{Run, clean_command, encode_flags};
use crate::config::Config;
use crate::prepare::Prepared;
use crate::ui::{Progress, Ui};

const ROUNDS: usize = 3;

/// Compiles in turn and prints the ratio.
pub fn run(config: &Config, ui: &Ui, prepared: &Prepared) -> Result<()> {
    let cache = Cache::open(&config.cache)?;
    let without = build::without_unwinding(config, &cache, ui, prepared)?;
    let with = Candidate::new(&cache, "with", &config.in_root("dist/lib/snug/snug.so"))?;
    let without = Candidate::new(&cache, "without", &without)?;
    for candidate in [&with, &without] {
        let step = format!("warm up, {} unwinding", candidate.name);
        ui.step(&step, |progress| candidate.compile(config, prepared, progress))?;
    }
    let mut ratios = Vec::new();
    for round in 1..=ROUNDS {
        let times = ui.step(&format!("round {round} of {ROUNDS}"), |progress| {
            let mut times = [Duration::ZERO; 2];
            for (candidate, time) in [&with, &without].into_iter().zip(&mut times) {
                candidate.forget(prepared)?;
                let before = children_time()?;
                candidate.compile(config, prepared, progress)?;
                *time = children_time()? - before;
            }
            Ok(times)
        })?;
        let [with, without] = times.map(|time| time.as_secs_f64());
        println!("with unwinding {with:.1} s, without {without:.1} s: ratio {:.3}", with / without);
        ratios.push(with / without);
    }
    ratios.sort_by(f64::total_cmp);
    println!("unwinding, processor time of a build, median ratio: {:.3}", ratios[ROUNDS / 2]);
    Ok(())
}

/// One of the two backends.
struct Candidate {
    name: &'static str,
    backend: PathBuf,
    target: PathBuf,
}

impl Candidate {
    fn new(cache: &Cache, name: &'static str, dylib: &Path) -> Result<Candidate> {
        let folder = cache.place("target", &format!("bench-{name}-unwinding"));
        fs::create_dir_all(&folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
        let backend = folder.join("snug.so");
        copy_atomically(dylib, &backend)?;
        Ok(Candidate { name, backend, target: folder.join("target") })
    }

    /// Removes what the backend has compiled.
    fn forget(&self, prepared: &Prepared) -> Result<()> {
        remove(&self.target.join(&prepared.toolchain.host))
    }

    fn compile(&self, config: &Config, prepared: &Prepared, progress: &Progress) -> Result<()> {
        let flag = format!("-Zcodegen-backend={}", self.backend.display());
        let mut command = clean_command(&prepared.toolchain.cargo);
        command
            .args(["build", "--locked", "--target", &prepared.toolchain.host])
            .current_dir(config.in_root("examples/tickets"))
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_ENCODED_RUSTFLAGS", encode_flags(&[&flag]))
            .env("RUSTC", &prepared.toolchain.rustc)
            .env("RUSTC_BOOTSTRAP", "1");
        let log = self.target.with_extension("log");
        Run { purpose: "compile the program of the demo", command, log }.with(progress)
    }
}

/// The processor time of all child processes that have ended, and of theirs.
fn children_time() -> Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").context("/proc cannot be read")?;
    // The second field, the program's name, may hold blanks; it ends with the last parenthesis.
    let fields: Vec<&str> =
        stat.rsplit_once(')').map_or(&*stat, |(_, rest)| rest).split_whitespace().collect();
    // Fields 16 and 17 of the line, counted from 1: user and system time of children.
    let ticks: u64 = fields[13].parse::<u64>()? + fields[14].parse::<u64>()?;
    let per_second = rustix::param::clock_ticks_per_second();
    Ok(Duration::from_secs_f64(ticks as f64 / per_second as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn counts_the_time_of_children() {
        let before = children_time().unwrap();
        // Some work: counting in the shell.
        let work = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
        assert!(Command::new("sh").args(["-c", work]).status().unwrap().success());
        assert!(children_time().unwrap() > before);
    }
}
