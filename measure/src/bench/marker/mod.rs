//! `y bench marker`: what it costs that crates are marked, in bytes and processor time.
//!
//! One build of Snug, the one for the tests, compiles everything twice: as always, and told to do without markers
//! (`SNUG_MARKER=off`: it writes none and looks for none). Nothing else differs. Both are the LLVM twin in
//! cargo's dev profile; the guard is the same code in both twins. The layout is `classic`: in the others a
//! crate's marker is how its coroutines are laid out at all. The marker is one letter shorter in `packed`.
//!
//! Two programs are compiled: that of the demo, and the worst case for a price per crate ([`tiny`]). What is
//! finished must be the same in every byte. Times are taken in turn ([`rounds`]): compiling everything (of the
//! worst case), compiling a last crate and linking it, and linking alone (`-Zlink-only`).

mod program;
mod rounds;
mod sizes;
mod table;
mod tiny;

use std::path::Path;

use anyhow::Result;

use self::program::{Final, Program, SIDES, Workshop};
use self::rounds::alternate;
use self::sizes::Sizes;
use super::floors::{self, Floor};
use super::ratio::Times;
use y::cache::{Cache, remove};
use y::config::Config;
use y::prepare::Prepared;
use y::ui::Ui;
use y::{build, disk};

/// What both builds of one program take on disk.
const MEGABYTES: u64 = 1200;
/// How often what is on top is linked.
const LINKS: usize = 201;

/// A program, and what is asked of its figures.
struct Subject {
    program: Program,
    /// How often everything is compiled, after the first time, which is for the sizes.
    builds: usize,
    /// How often the crate on top is compiled.
    compilations: usize,
    /// Whether rlibs, too, may be only a little larger.
    is_real: bool,
}

/// Measures, prints, and fails if markers cost more than they may.
pub(super) fn run(config: &Config, ui: &Ui, prepared: &Prepared) -> Result<()> {
    let cache = Cache::open(&config.cache)?;
    build::with_faults(config, &cache, ui, prepared)?;
    let generated = config.in_root("build/marker");
    remove(&generated)?;
    tiny::write(&generated)?;
    let mut floors = Vec::new();
    for subject in subjects(config, &generated) {
        disk::require(config, MEGABYTES, "compile a program with and without markers")?;
        let folder = cache.place("target", "bench-marker");
        remove(&folder)?;
        let workshop = Workshop { config, prepared, program: &subject.program, folder };
        measure(&workshop, &subject, ui, &mut floors)?;
        remove(&workshop.folder)?;
    }
    floors::check("marker", &floors)
}

fn subjects(config: &Config, generated: &Path) -> [Subject; 2] {
    const TICKETS: [Final; 1] =
        [Final { title: "program", package: "tickets", target: &["--bins"], file: "tickets" }];
    let tickets = Program {
        title: "examples/tickets",
        source: config.in_root("examples/tickets"),
        lock: "--locked",
        finals: &TICKETS,
    };
    let tiny = Program {
        title: "tiny crates",
        source: generated.into(),
        lock: "--offline",
        finals: &tiny::TOPS,
    };
    [
        Subject { program: tickets, builds: 0, compilations: 15, is_real: true },
        Subject { program: tiny, builds: 9, compilations: 51, is_real: false },
    ]
}

fn measure(
    workshop: &Workshop<'_>,
    subject: &Subject,
    ui: &Ui,
    floors: &mut Vec<Floor>,
) -> Result<()> {
    let program = workshop.program;
    for side in SIDES {
        ui.step(&format!("compile {}, {}", program.title, side.title()), |progress| {
            workshop.compile(side, progress)
        })?;
    }
    let (parts, finished) = sizes(workshop)?;
    let times = times(workshop, subject, ui)?;
    floors.extend(finished.iter().map(|sizes| table::untouched(program.title, sizes)));
    if subject.is_real {
        floors.extend(parts.iter().map(|sizes| table::little_larger(program.title, sizes)));
    }
    floors.extend(
        times.iter().map(|(title, times)| table::little_slower(program.title, title, times)),
    );
    println!("\n{}", table::sizes(program.title, &[parts, finished].concat()));
    println!("{}", table::times(program.title, &times));
    Ok(())
}

/// What crates leave for others, and what is finished.
fn sizes(workshop: &Workshop<'_>) -> Result<(Vec<Sizes>, Vec<Sizes>)> {
    let folders = SIDES.map(|side| workshop.finished(side));
    let [without, with] = folders.each_ref().map(|folder| folder.join("deps"));
    let crates = [
        Sizes::of_all("rlibs", "rlib", [&without, &with])?,
        Sizes::of_all("metadata files", "rmeta", [&without, &with])?,
    ];
    let finished = workshop.program.finals.iter().map(|made| {
        let [without, with] = folders.each_ref().map(|folder| folder.join(made.file));
        Sizes::of_file(made.title, [&without, &with])
    });
    Ok((crates.into(), finished.collect::<Result<_>>()?))
}

fn times(workshop: &Workshop<'_>, subject: &Subject, ui: &Ui) -> Result<Vec<(String, Times)>> {
    let (program, top) = (workshop.program, &workshop.program.finals[0]);
    let Subject { builds, compilations, .. } = *subject;
    let mut all = Vec::new();
    if builds > 0 {
        let times = ui
            .step(&format!("compile {}, {builds} rounds", program.title), |progress| {
                alternate(builds, |_, side| workshop.compile(side, progress))
            })?;
        all.push(("compile everything".into(), times));
    }
    let step = format!("compile and link {}, {compilations} rounds", top.file);
    let times = ui.step(&step, |progress| {
        alternate(compilations, |_, side| workshop.compile_final(side, top, progress))
    })?;
    all.push((format!("compile the {}'s crate and link it", top.title), times));
    for side in SIDES {
        ui.step(&format!("prepare links, {}", side.title()), |progress| {
            workshop.stop_before_link(side, progress)
        })?;
    }
    for made in program.finals {
        let times = ui.step(&format!("link {}, {LINKS} rounds", made.file), |progress| {
            alternate(LINKS, |round, side| {
                progress.at(round as u64, LINKS as u64, "");
                workshop.link(side, made)
            })
        })?;
        all.push((format!("link the {}", made.title), times));
    }
    Ok(all)
}
