//! Keeps a program that diverged as a test of the suites `run` and `sizes`.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::model::Program;
use super::runner::{self, Found};
use super::shrink::Shrinker;
use super::writer::{self, Detail, LIBRARY};
use crate::Result;
use crate::toolchain::Toolchain;

/// What the suites compile a program with.
const DIRECTIVES: &str = "//@ edition: 2024\n//@ compile-flags: -Coverflow-checks=off\n";

/// Makes a program that diverges smaller, for as long as that.
pub fn minimize(tools: &Toolchain, found: &Found, limit: Duration) -> Found {
    let kind = found.divergence.kind;
    let mut last = found.divergence.clone();
    let mut diverges = |program: &Program| {
        let divergence = runner::check_one(tools, program, &found.variant);
        match divergence {
            Ok(Some(divergence)) if divergence.kind == kind => {
                last = divergence;
                true
            }
            _ => false,
        }
    };
    let shrinker = Shrinker::new(&mut diverges, Instant::now() + limit);
    let program = shrinker.shrink(found.program.clone());
    Found { program, variant: found.variant.clone(), divergence: last }
}

/// Writes a program into a folder, and its library below `auxiliary/`; their names depend on what they do alone.
pub fn write(found: &Found, folder: &Path) -> Result<PathBuf> {
    let program = Program { seed: 0, ..found.program.clone() };
    let (library, text) = match found.variant.library {
        Some(_) => {
            let (library, text) = writer::two_files(&[&program], Detail::Traces);
            (Some(library), text)
        }
        None => (None, writer::file(&[&program], Detail::Traces)),
    };
    // Not the header: the same program found twice is one test.
    let name = format!("fuzz-{:016x}", hash(&(library.clone().unwrap_or_default() + &text)));
    let mut uses = String::new();
    if let Some(library) = library {
        let file = format!("{name}-library.rs");
        uses = format!("//@ aux-crate: {LIBRARY}={file}\n");
        write_file(&folder.join("auxiliary").join(file), &(DIRECTIVES.to_owned() + &library))?;
    }
    let path = folder.join(name + ".rs");
    write_file(&path, &(origin(found) + DIRECTIVES + "//@ run-pass\n" + &uses + &text))?;
    Ok(path)
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, text));
    written.map_err(|error| format!("{}: {error}", path.display()))
}

/// Where a test program is from.
fn origin(found: &Found) -> String {
    let Found { program, variant, divergence } = found;
    let mut text = format!("//! Found by fuzzing: seed {}, `{variant}`:\n", program.seed);
    for line in divergence.to_string().lines().take(12) {
        text += format!("//!     {line}").trim_end();
        text.push('\n');
    }
    text
}

/// FNV-1a, which is the same everywhere and always.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compiler::Compiler;
    use crate::directives::Directives;
    use crate::fuzz::compare::{Divergence, Kind};
    use crate::fuzz::generate::{self, Allowed};
    use crate::fuzz::variants::Variant;

    fn found(library: bool) -> Found {
        let program = generate::program(5, Allowed { recursion: true });
        let divergence = Divergence { kind: Kind::Trace, text: "line\n\n  other".to_owned() };
        let mut variant = Variant::one_crate(Compiler::Stock, Vec::new());
        variant.library = library.then(|| variant.program.clone());
        Found { program, variant, divergence }
    }

    #[test]
    fn a_kept_program_is_a_test_program() {
        let folder = tempfile::tempdir().unwrap();
        let found = found(false);
        let path = write(&found, folder.path()).unwrap();
        let directives = Directives::read(&path, None).unwrap();
        assert_eq!(directives.edition.as_deref(), Some("2024"));
        assert!(directives.expectation.is_some_and(|expectation| expectation.success));
        assert_eq!(directives.compile_flags, ["-Coverflow-checks=off"]);
        let other_seed = Program { seed: 6, ..found.program.clone() };
        let again = Found { program: other_seed, ..found };
        assert_eq!(write(&again, folder.path()).unwrap(), path);
    }

    #[test]
    fn a_library_is_kept_beside_its_program() {
        let folder = tempfile::tempdir().unwrap();
        let path = write(&found(true), folder.path()).unwrap();
        let directives = Directives::read(&path, None).unwrap();
        let [(name, file)] = &directives.aux_crate[..] else { panic!("{directives:?}") };
        assert_eq!(name, LIBRARY);
        let library = Directives::read(&folder.path().join("auxiliary").join(file), None).unwrap();
        assert_eq!(library.edition, directives.edition);
        assert_eq!(library.compile_flags, directives.compile_flags);
    }
}
