//! What `y` hands over to `measure`, and what it says where that cannot be compiled.

mod common;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use common::script;
use tempfile::TempDir;

/// Makes a program that says how it was called.
const COMPILES: &str = "mkdir -p \"$CARGO_TARGET_DIR/debug\" && cd \"$CARGO_TARGET_DIR/debug\" && \
                        printf '#!/bin/sh\\necho \"$@\"\\nexit 7\\n' > snug-measure && chmod +x snug-measure";

/// A clone with a cargo that does this.
fn clone(cargo: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for name in ["versions", "rust-toolchain.toml"] {
        symlink(repository.join(name), folder.path().join(name)).unwrap();
    }
    fs::create_dir_all(folder.path().join("measure")).unwrap();
    fs::create_dir_all(folder.path().join("bin")).unwrap();
    script(&folder.path().join("bin/cargo"), cargo);
    folder
}

/// Calls `y` there, from another folder.
fn y(clone: &TempDir, arguments: &str) -> Output {
    let path = format!("{}:/usr/bin:/bin", clone.path().join("bin").display());
    Command::new(env!("CARGO_BIN_EXE_y"))
        .args(arguments.split(' '))
        .current_dir("/")
        .env("SNUG_ROOT", clone.path())
        .env("SNUG_CACHE", clone.path().join("cache"))
        .env("PATH", path)
        .output()
        .unwrap()
}

#[test]
fn the_command_line_is_handed_over_as_it_is() {
    let clone = clone(COMPILES);
    for line in [
        "--dev bench copies --each --unknown",
        "bench --help",
        "help bench",
        "--dev help figures",
        "demo -h",
        "figures --dev -- a --toolchain b",
    ] {
        let output = y(&clone, line);
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), line);
        assert_eq!(output.status.code(), Some(7));
    }
}

#[test]
fn compiling_is_shown_the_first_time() {
    let clone = clone(COMPILES);
    let says = || String::from_utf8(y(&clone, "bench --help").stderr).unwrap();
    assert!(says().contains("compile what measures (measure/)"));
    assert_eq!(says(), "");
}

#[test]
fn other_commands_compile_nothing() {
    let clone = clone("echo compiles >&2; exit 1");
    for line in ["--help", "help test", "test --help", "--dev help"] {
        let output = y(&clone, line);
        assert!(output.status.success(), "{output:?}");
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(help.contains("./y.sh"), "{help}");
    }
}

#[test]
fn what_cargo_says_is_shown_if_it_fails() {
    let output = y(&clone("echo 'error: it is broken' >&2; exit 101"), "bench copies");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("Cargo failed to compile measure/"), "{error}");
    assert!(error.contains("error: it is broken"), "{error}");
    assert_eq!(output.status.code(), Some(1));
}
