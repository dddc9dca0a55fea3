//! `y.sh`: which toolchain it picks, and what it says where there is none.

mod common;

use std::path::Path;
use std::process::Command;

use common::script;

/// What `y.sh` says if only these programs and the system's are there.
fn y_sh(programs: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in programs {
        script(&folder.path().join(name), text);
    }
    let y_sh = Path::new(env!("CARGO_MANIFEST_DIR")).join("../y.sh");
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let output = Command::new(y_sh)
        .arg("prepare")
        .env_clear()
        .envs([("PATH", path.as_str()), ("HOME", &folder.path().to_string_lossy())])
        .output()
        .unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

const OTHER_RUSTC: &str = "echo commit-hash: ffff";
/// rustc is the right one in the toolchain `stable` only.
const RUSTC_IN_STABLE: &str = "case \"$RUSTUP_TOOLCHAIN\" in stable) echo 'commit-hash: \
                               59807616e1fa2540724bfbac14d7976d7e4a3860';; *) exit 1;; esac";

#[test]
fn without_cargo_it_says_how_to_get_rust() {
    // A machine may have a cargo of its own in /usr/bin; then there is nothing to test.
    if !Path::new("/usr/bin/cargo").exists() {
        let error = y_sh(&[]);
        assert!(error.contains("cargo was not found in PATH"), "{error}");
        assert_eq!(error.lines().count(), 1);
    }
}

#[test]
fn another_rustc_without_rustup_is_refused() {
    if !Path::new("/usr/bin/rustup").exists() {
        let error = y_sh(&[("cargo", "exit 1"), ("rustc", OTHER_RUSTC)]);
        assert!(error.contains("rustup toolchain install 1.95.0"), "{error}");
        assert_eq!(error.lines().count(), 1);
    }
}

#[test]
fn a_toolchain_that_cannot_be_fetched_is_said() {
    let rustup = "case \"$1 $2\" in 'toolchain list') echo 'nightly (default)';; *) exit 1;; esac";
    let programs = [("cargo", "exit 1"), ("rustc", OTHER_RUSTC), ("rustup", rustup)];
    let error = y_sh(&programs);
    assert!(error.contains("is not installed and could not be fetched"), "{error}");
}

#[test]
fn the_right_compiler_is_found_under_another_name() {
    let rustup = "case \"$1 $2\" in 'toolchain list') printf 'nightly (default)\\nstable\\n';; *) \
                  exit 1;; esac";
    let cargo = "echo \"cargo runs with $RUSTUP_TOOLCHAIN\" >&2; exit 1";
    let programs = [("cargo", cargo), ("rustc", RUSTC_IN_STABLE), ("rustup", rustup)];
    let error = y_sh(&programs);
    assert!(error.contains("cargo runs with stable"), "{error}");
    assert!(error.contains("the build tool did not compile"), "{error}");
}
