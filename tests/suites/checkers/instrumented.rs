//! A standard library that was compiled for a sanitizer.
//!
//! ThreadSanitizer and MemorySanitizer must see every access to memory. The standard library that comes
//! with rustc was not compiled for them: a channel looks like a race, and what it hands over like
//! garbage, under stock as well. So it is compiled once more, from rustc's sources, by stock rustc and
//! Cargo's `-Zbuild-std` (its dependencies come from crates.io). It stays in the target folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use snug_tests::Result;
use snug_tests::checker::Checker;
use snug_tests::command;
use snug_tests::compiler::clean_environment;
use snug_tests::harness::Tools;

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// It takes a minute on an idle core.
const LIMIT: Duration = Duration::from_secs(1200);

/// The standard libraries, once somebody has asked for them.
pub(crate) struct Instrumented {
    thread: OnceLock<Result<PathBuf>>,
    memory: OnceLock<Result<PathBuf>>,
}

impl Instrumented {
    pub(crate) const fn new() -> Instrumented {
        Instrumented { thread: OnceLock::new(), memory: OnceLock::new() }
    }

    /// What tells rustc to use the standard library that a checker needs, if it needs another.
    pub(crate) fn argument(&self, tools: Tools, checker: Checker) -> Result<Option<String>> {
        let library = match checker {
            Checker::Thread => &self.thread,
            Checker::Memory => &self.memory,
            Checker::Nothing | Checker::Address | Checker::Memcheck => return Ok(None),
        };
        let sysroot = library.get_or_init(|| build(tools, checker)).as_ref()?;
        Ok(Some(format!("--sysroot={}", sysroot.display())))
    }
}

/// Builds it, or finds that it is there; gives the folder that is a sysroot to rustc.
fn build(tools: Tools, checker: Checker) -> Result<PathBuf> {
    let [argument] = checker.arguments() else { return Err(format!("{checker:?} has no flag")) };
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("std-{checker:?}"));
    let sources = root.join("empty/src");
    let prepared = std::fs::create_dir_all(&sources)
        .and_then(|()| std::fs::write(root.join("empty/Cargo.toml"), EMPTY_CRATE))
        .and_then(|()| std::fs::write(sources.join("lib.rs"), ""));
    prepared.map_err(|error| format!("{}: {error}", root.display()))?;

    let mut cargo = Command::new(&tools.cargo);
    clean_environment(&mut cargo);
    cargo.current_dir(root.join("empty")).args(["build", "-Zbuild-std=std,panic_abort"]);
    cargo.args(["--target", TARGET]);
    cargo.env("RUSTC", &tools.rustc).env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", argument);
    cargo.env("CARGO_TARGET_DIR", root.join("target"));
    cargo.env("__CARGO_TESTS_ONLY_SRC_ROOT", tools.sources.join("library"));
    command::run_within(&mut cargo, LIMIT)?.expect_success("building the standard library")?;
    assemble(tools, &root)
}

const EMPTY_CRATE: &str = "[package]\nname = \"empty\"\nedition = \"2024\"\n\n[workspace]\n";

/// Puts the libraries and the sanitizers' runtimes where rustc looks for them.
fn assemble(tools: Tools, root: &Path) -> Result<PathBuf> {
    let below = format!("lib/rustlib/{TARGET}/lib");
    let sysroot = root.join("sysroot");
    let place = sysroot.join(&below);
    // There is none before the first time.
    let _ = std::fs::remove_dir_all(&place);
    std::fs::create_dir_all(&place).map_err(|error| format!("{}: {error}", place.display()))?;
    let stock = tools.sysroot().join(&below);
    let libraries = root.join(format!("target/{TARGET}/debug/deps"));
    for (folder, extension) in [(&libraries, "rlib"), (&stock, "a")] {
        let complaint = |error: std::io::Error| format!("{}: {error}", folder.display());
        for entry in std::fs::read_dir(folder).map_err(complaint)? {
            let path = entry.map_err(complaint)?.path();
            if path.extension().is_some_and(|found| found == extension)
                && let Some(name) = path.file_name()
            {
                std::os::unix::fs::symlink(&path, place.join(name)).map_err(complaint)?;
            }
        }
    }
    Ok(sysroot)
}
