//! Keeps a program that diverged as a test of the suites `run` and `sizes`.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::model::Program;
use super::runner::{self, Found};
use super::shrink::Shrinker;
use super::variants::Variant;
use super::writer::{self, Detail};
use crate::Result;
use crate::toolchain::Toolchain;

/// Makes a program that diverges smaller, for as long as that.
pub fn minimize(tools: &Toolchain, stock: &Variant, found: &Found, limit: Duration) -> Found {
    let kind = found.divergence.kind;
    let mut last = found.divergence.clone();
    let mut diverges = |program: &Program| {
        let divergence = runner::check_one(tools, stock, program, &found.variant);
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

/// Writes a program into a folder; its name depends on what it does alone.
pub fn write(found: &Found, folder: &Path) -> Result<PathBuf> {
    let text = text(found);
    // Not the header: the same program found twice is one test.
    let body = writer::file(&[&renumbered(found)], Detail::Traces);
    let path = folder.join(format!("fuzz-{:016x}.rs", hash(&body)));
    std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}

/// A test program that says where it is from.
fn text(found: &Found) -> String {
    let Found { program, variant, divergence } = found;
    let mut text = format!("//! Found by fuzzing: seed {}, `{variant}`:\n", program.seed);
    for line in divergence.to_string().lines().take(12) {
        text += format!("//!     {line}").trim_end();
        text.push('\n');
    }
    text += "//@ edition: 2024\n//@ run-pass\n//@ compile-flags: -Coverflow-checks=off\n";
    text + &writer::file(&[&renumbered(found)], Detail::Traces)
}

fn renumbered(found: &Found) -> Program {
    Program { seed: 0, ..found.program.clone() }
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
    use crate::directives::Directives;
    use crate::fuzz::compare::{Divergence, Kind};
    use crate::fuzz::generate::{self, Allowed};

    #[test]
    fn a_kept_program_is_a_test_program() {
        let folder = tempfile::tempdir().unwrap();
        let program = generate::program(5, Allowed { recursion: true });
        let divergence = Divergence { kind: Kind::Trace, text: "line\n\n  other".to_owned() };
        let found = Found { program, variant: Variant::stock(), divergence };
        let path = write(&found, folder.path()).unwrap();
        let directives = Directives::read(&path, None).unwrap();
        assert_eq!(directives.edition.as_deref(), Some("2024"));
        assert!(directives.expectation.is_some_and(|expectation| expectation.success));
        assert_eq!(directives.compile_flags, ["-Coverflow-checks=off"]);
        let other_seed = Program { seed: 6, ..found.program.clone() };
        let again = Found { program: other_seed, ..found };
        assert_eq!(write(&again, folder.path()).unwrap(), path);
    }
}
