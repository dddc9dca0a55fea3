//! `y bench sizes`: how near `cargo snug sizes` comes to `cargo check`, and how far it is from a build.
//!
//! All three in turn, on the program of the demo: from nothing, and after an edit of the program. Stock cargo checks and
//! builds, in the dev profile. What counts is processor time.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::floors::{self, Floor};
use super::ratio::Times;
use super::time;
use y::cache::remove;
use y::cargo::{Run, clean_command};
use y::config::Config;
use y::prepare::Prepared;
use y::ui::Ui;

/// How often everything is done.
const ROUNDS: usize = 3;
/// What a list of sizes may take, times what a check takes: of a build from nothing, and after an edit.
const MOST: [f64; 2] = [1.5, 2.0];

/// What is compared: how it is called, and the arguments of cargo.
const CALLS: [(&str, &[&str]); 3] = [
    ("cargo check", &["check"]),
    ("cargo snug sizes", &["snug", "sizes", "--top", "1"]),
    ("cargo build", &["build"]),
];
const CHECK: usize = 0;
const SIZES: usize = 1;
const BUILD: usize = 2;

/// Seconds of each, from nothing and after an edit.
type Sample = [[f64; 2]; 3];

/// Measures, prints, and fails if a floor is missed.
pub(super) fn run(config: &Config, ui: &Ui, prepared: &Prepared) -> Result<()> {
    let folder = config.in_root("build/bench-sizes");
    remove(&folder)?;
    let bench = Bench { config, prepared, folder: &folder };
    bench.copy_program()?;
    let mut samples = Vec::new();
    for round in 0..ROUNDS {
        let title = format!("check, list and build, round {} of {ROUNDS}", round + 1);
        samples.push(ui.step(&title, |progress| {
            let mut sample: Sample = Default::default();
            for index in (0..CALLS.len()).map(|index| (index + round) % CALLS.len()) {
                sample[index] = bench.measure(index, round, progress)?;
            }
            Ok(sample)
        })?);
    }
    remove(&folder)?;
    print(&samples);
    floors::check("sizes", &floors(&samples))
}

struct Bench<'a> {
    config: &'a Config,
    prepared: &'a Prepared,
    folder: &'a Path,
}

impl Bench<'_> {
    fn program(&self) -> PathBuf {
        self.folder.join("program")
    }

    fn copy_program(&self) -> Result<()> {
        let from = self.config.in_root("examples/tickets");
        copy(&from, &self.program()).with_context(|| format!("{} cannot be copied", from.display()))
    }

    /// Seconds of one call from nothing, and after an edit.
    fn measure(&self, index: usize, round: usize, progress: &y::ui::Progress) -> Result<[f64; 2]> {
        let target = self.folder.join(format!("target-{index}"));
        remove(&target)?;
        let clean = self.call(index, &target, progress)?;
        let main = self.program().join("src/main.rs");
        let text = fs::read_to_string(&main)?;
        fs::write(&main, format!("{text}\npub async fn added_{index}_{round}() {{}}\n"))?;
        let edited = self.call(index, &target, progress)?;
        fs::write(&main, text)?;
        Ok([clean, edited])
    }

    fn call(&self, index: usize, target: &Path, progress: &y::ui::Progress) -> Result<f64> {
        let (title, arguments) = CALLS[index];
        let toolchain = &self.prepared.toolchain;
        let mut command: Command = clean_command(&toolchain.cargo);
        let own = [self.config.in_root("dist/bin"), toolchain.sysroot.join("bin")];
        let old = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(own.into_iter().chain(env::split_paths(&old)))?;
        command.args(arguments).current_dir(self.program());
        command.env("PATH", path).env("CARGO_TARGET_DIR", target);
        let log = self.folder.join(format!("{index}.log"));
        let spent = time::of(|| Run { purpose: title, command, log }.with(progress))?;
        Ok(spent.processor)
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if !entry.file_type()?.is_dir() {
            fs::copy(entry.path(), to)?;
        } else if entry.file_name() != "target" {
            copy(&entry.path(), &to)?;
        }
    }
    Ok(())
}

/// One compared to the other.
fn compared(samples: &[Sample], first: usize, second: usize, phase: usize) -> Times {
    let pairs: Vec<[f64; 2]> =
        samples.iter().map(|sample| [sample[first][phase], sample[second][phase]]).collect();
    Times::of(&pairs)
}

const PHASES: [&str; 2] = ["from nothing", "after an edit"];

fn print(samples: &[Sample]) {
    println!("examples/tickets, seconds of processor time, {} rounds\n", samples.len());
    println!("{:28}{:>16}{:>16}", "", PHASES[0], PHASES[1]);
    for (index, (title, _)) in CALLS.iter().enumerate() {
        let seconds = [0, 1].map(|phase| compared(samples, index, index, phase).seconds[0]);
        println!("{title:28}{:>16.2}{:>16.2}", seconds[0], seconds[1]);
    }
    for (title, other) in
        [("sizes, compared to a check", CHECK), ("sizes, compared to a build", BUILD)]
    {
        let ratios = [0, 1].map(|phase| compared(samples, other, SIZES, phase).ratio);
        println!("{title:28}{:>16.3}{:>16.3}", ratios[0], ratios[1]);
    }
    println!();
}

fn floors(samples: &[Sample]) -> Vec<Floor> {
    let floor = |(phase, most): (usize, f64)| {
        let Times { ratio, between: [low, high], .. } = compared(samples, CHECK, SIZES, phase);
        Floor {
            title: format!(
                "cargo snug sizes, compared to a check, {}: {ratio:.3} ({low:.3} to {high:.3}), not all of it above {most}",
                PHASES[phase]
            ),
            met: low <= most,
        }
    };
    MOST.into_iter().enumerate().map(floor).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_compared_to_checks() {
        let samples: [Sample; 1] = [[[10.0, 1.0], [14.0, 2.5], [40.0, 3.0]]];
        let met: Vec<bool> = floors(&samples).iter().map(|floor| floor.met).collect();
        assert_eq!(met, [true, false]);
    }
}
