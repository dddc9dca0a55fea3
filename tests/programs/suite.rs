//! Builds a program in one way, tries it out, and runs its tests.

use crate::Result;
use crate::crates::build::Built;
use crate::crates::libtest::Setting;
use crate::crates::suite::Came;
use crate::crates::verdict;
use crate::crates::way::Profile;
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
    let built = match program.no_tests {
        Some(_) => Built::default(),
        None => build::tests(tools, place, program, way)?,
    };
    // In the release profile, tests are not compiled with all that the program is compiled with.
    let for_tests = built.bins.get(&program.bin).filter(|_| way.profile == Profile::Dev);
    let file = match for_tests {
        Some(file) => file.clone(),
        None => build::program(tools, place, program, way)?,
    };
    let answers = trial::answers(tools, place, program, &file)?;
    let came = tests(tools, place, program, built)?;
    Ok(Outcome { answers, came })
}

/// Runs a program's tests as `cargo test` does.
fn tests(tools: Tools, place: &Place, program: &Program, built: Built) -> Result<Came> {
    let folder = place.folder(program);
    let text = folder.display().to_string();
    let mut environment: Vec<(String, String)> = vec![
        ("CARGO_PKG_NAME".into(), program.name.clone()),
        ("CARGO_PKG_VERSION".into(), program.version.clone()),
    ];
    let bins = built.bins.iter();
    environment.extend(
        bins.map(|(name, file)| (format!("CARGO_BIN_EXE_{name}"), file.display().to_string())),
    );
    let around = build::surroundings(tools, place.root())?;
    environment.extend(around.map(|(name, value)| (name.to_owned(), value.display().to_string())));
    let more = program.environment.iter();
    environment.extend(more.map(|(name, value)| (name.clone(), value.replace("{package}", &text))));
    let krate = program.of_crates();
    let mut came = Came { broken: built.broken, ..Came::default() };
    for test in &built.programs {
        let environment = environment.clone();
        let setting = Setting { program: &test.file, folder: &folder, environment };
        came.add(&krate, &test.target, &setting)?;
    }
    Ok(came)
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
