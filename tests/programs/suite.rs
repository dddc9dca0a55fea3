//! Builds a program in one way, tries it out, and runs its tests.

use crate::Result;
use crate::crates::libtest::Setting;
use crate::crates::suite::Came;
use crate::crates::verdict;
use crate::harness::Tools;

use super::build;
use super::sources::Place;
use super::table::Program;
use super::trial::{self, Answer};
use super::way::Way;

/// What a program did, and how its tests came out.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its answers.
    pub answers: Vec<Answer>,
    /// Its tests.
    pub came: Came,
}

/// Builds a program in one way, tries it out, and runs its tests.
pub fn run(tools: Tools, place: &Place, program: &Program, way: Way) -> Result<Outcome> {
    place.unpack(tools, program)?;
    let file = build::program(tools, place, program, way)?;
    let answers = trial::answers(tools, place, program, &file)?;
    let mut came = Came::default();
    if program.no_tests.is_some() {
        return Ok(Outcome { answers, came });
    }
    // A trial or a build script may have written into the folder.
    place.unpack(tools, program)?;
    let built = build::tests(tools, place, program, way)?;
    let folder = place.folder(program);
    let krate = program.of_crates();
    let mut environment: Vec<(String, String)> = built
        .bins
        .iter()
        .map(|(name, file)| (format!("CARGO_BIN_EXE_{name}"), file.display().to_string()))
        .collect();
    environment.push(("CARGO_PKG_NAME".into(), program.name.clone()));
    environment.push(("CARGO_PKG_VERSION".into(), program.version.clone()));
    for (name, value) in build::surroundings(tools, place.root())? {
        environment.push((name.into(), value.display().to_string()));
    }
    let text = folder.display().to_string();
    let more = program.environment.iter();
    environment.extend(more.map(|(name, value)| (name.clone(), value.replace("{package}", &text))));
    for test in &built.programs {
        let environment = environment.clone();
        let setting = Setting { program: &test.file, folder: &folder, environment };
        came.add(&krate, &test.target, &setting)?;
    }
    came.broken = built.broken;
    Ok(Outcome { answers, came })
}

/// Whether nothing but what the table knows of goes wrong under stock.
pub fn known(program: &Program, stock: &Outcome) -> Result<()> {
    trial::expected(program, &stock.answers)?;
    match program.no_tests {
        Some(_) => Ok(()),
        None => verdict::known(&program.of_crates(), &stock.came),
    }
}

/// Whether Snug's program did what stock's did, and its tests came out the same.
pub fn same(program: &Program, stock: &Outcome, snug: &Outcome) -> Result<()> {
    trial::same(&stock.answers, &snug.answers)?;
    verdict::same(&program.of_crates(), &stock.came, &snug.came)
}
