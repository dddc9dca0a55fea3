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

use super::time;
use y::build;
use y::cache::{Cache, copy_atomically, remove};
use y::cargo::{Run, clean_command, encode_flags};
use y::config::Config;
use y::prepare::Prepared;
use y::ui::{Progress, Ui};

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
            for (candidate, taken) in [&with, &without].into_iter().zip(&mut times) {
                candidate.forget(prepared)?;
                *taken = time::of_children(|| candidate.compile(config, prepared, progress))?;
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
