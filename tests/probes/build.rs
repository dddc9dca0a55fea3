//! Asks the compiler in all the ways that build scripts do. What they find out becomes variables, which
//! `suites/stable/probes.rs` compares.

use std::process::Command;

fn found(name: &str, what: impl std::fmt::Debug) {
    println!("cargo::rustc-env=FOUND_{name}={what:?}");
}

fn main() {
    let old = rustc_version_0_1::version_meta();
    found("RUSTC_VERSION_0_1", (old.semver, old.host, old.commit_hash, old.short_version_string));
    let old = rustc_version_0_2::version_meta().unwrap();
    found("RUSTC_VERSION_0_2", (old.semver, old.host, old.commit_hash, old.short_version_string));
    found("RUSTC_VERSION_0_3", rustc_version_0_3::version_meta().unwrap());
    found("RUSTC_VERSION_0_4", rustc_version::version_meta().unwrap());
    found("VERSION_CHECK_0_1", version_check_0_1::is_min_version("1.95.0").unwrap());
    found("VERSION_CHECK_0_9", version_check::triple().unwrap());
    let old = autocfg_0_1::new();
    found("AUTOCFG_0_1", (old.probe_rustc_version(1, 95), old.probe_type("i128")));
    let new = autocfg::new();
    found("AUTOCFG_1", (new.probe_rustc_version(1, 95), new.probe_rustc_version(1, 96)));

    // As scripts that read it themselves: the last line, each line, how many there are.
    let rustc = std::env::var_os("RUSTC").unwrap();
    for (name, arguments) in
        [("VV", &["-vV"][..]), ("LONG", &["--version", "--verbose"]), ("V", &["-V"])]
    {
        let said = Command::new(&rustc).args(arguments).output().unwrap().stdout;
        found(name, String::from_utf8(said).unwrap());
    }
}
