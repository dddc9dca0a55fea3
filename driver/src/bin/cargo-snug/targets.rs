//! Targets that code is compiled for (`--target`, `build.target`): whether the toolchain has a standard library for them,
//! and who compiles.
//!
//! Cargo finds out when the first crate misses `core`, and then speaks of one way only to get it. Users of Snug also ask
//! themselves which backend compiles for a microcontroller.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use snug_driver::toolchain::Toolchain;

use crate::arguments::CommandLine;
use crate::config::Config;

/// Commands that compile for the target. Others only take its name.
const COMPILE: [&str; 12] = [
    "bench", "build", "check", "clippy", "doc", "fix", "llvm-cov", "nextest", "run", "rustc",
    "rustdoc", "test",
];

/// What rustc calls the architectures that Cranelift compiles for: `is_cranelifts` in `src/fallback/session.rs`.
const CRANELIFTS: [&str; 4] = ["aarch64", "riscv64", "s390x", "x86_64"];

/// What cargo calls the machine that it runs on.
const HOST: &str = "host-tuple";

/// The targets of a command, in the order of their names.
fn of_command(line: &CommandLine, config: &Config) -> Vec<String> {
    let given = line.values("target").map(|target| target.to_string_lossy().into_owned());
    let mut targets: Vec<String> = given.collect();
    if targets.is_empty() {
        targets = config.list(&["build", "target"]);
    }
    targets.retain(|target| target != HOST);
    targets.sort();
    targets.dedup();
    targets
}

/// Whether cargo is to compile the standard library, too.
fn builds_std(line: &CommandLine, config: &Config) -> bool {
    let is_it = |option: &str| option == "build-std" || option.starts_with("build-std=");
    line.values("Z").any(|option| is_it(&option.to_string_lossy()))
        || config.has(&["unstable", "build-std"])
}

/// Says on stderr which targets of a command have no standard library. It is no error: a crate may do without `core`,
/// and whatever goes wrong, cargo says.
pub(crate) fn warn_of_missing(line: &CommandLine, config: &Config, toolchain: &Toolchain) {
    let compiles = line.command.as_deref().is_some_and(|command| COMPILE.contains(&command));
    if !compiles || builds_std(line, config) {
        return;
    }
    for target in of_command(line, config) {
        if has_std(&target, toolchain) {
            continue;
        }
        // Of a target that rustc does not know, rustc says so.
        if let Ok(arch) = architecture(&target, toolchain) {
            eprintln!("warning: {}", missing(&target, toolchain).replace('\n', "\nhelp: "));
            eprintln!("note: {}", who_compiles(&arch));
        }
    }
}

/// The same as an error, for commands that read what is built: without a standard library there will be nothing to read.
pub(crate) fn refuse_missing(
    line: &CommandLine,
    config: &Config,
    toolchain: &Toolchain,
) -> Result<()> {
    if builds_std(line, config) {
        return Ok(());
    }
    for target in of_command(line, config) {
        architecture(&target, toolchain).with_context(|| format!("the target `{target}`"))?;
        if !has_std(&target, toolchain) {
            bail!("{}", missing(&target, toolchain).replace('\n', "\nhelp: "));
        }
    }
    Ok(())
}

/// What doctor says of the targets that it is asked about, or else of those in the configuration. Nothing, if
/// there are none.
pub(crate) fn check(
    asked: &[String],
    config: &Config,
    toolchain: &Toolchain,
) -> Vec<(String, Result<String>)> {
    let targets = if asked.is_empty() { config.list(&["build", "target"]) } else { asked.to_vec() };
    let targets = targets.into_iter().filter(|target| target != HOST);
    targets.map(|target| (format!("target {target}"), check_one(&target, toolchain))).collect()
}

fn check_one(target: &str, toolchain: &Toolchain) -> Result<String> {
    let arch = architecture(target, toolchain)?;
    let who = who_compiles(&arch);
    if has_std(target, toolchain) {
        return Ok(format!("its standard library is there; {who}"));
    }
    bail!("{}\n{who}", missing(target, toolchain));
}

/// Whether the toolchain has a standard library for a target.
fn has_std(target: &str, toolchain: &Toolchain) -> bool {
    toolchain.rustlib().join(target).join("lib").is_dir()
}

/// That there is none, and on the next line what to do.
fn missing(target: &str, toolchain: &Toolchain) -> String {
    let has_sources = toolchain.rustlib().join("src/rust/library/Cargo.lock").exists();
    let get_sources = if has_sources { "" } else { "`rustup component add rust-src`, and then " };
    let build = format!(
        "{get_sources}`RUSTC_BOOTSTRAP=1 cargo snug build -Zbuild-std --target {target}` \
         (`-Zbuild-std=core,alloc` for `no_std`)"
    );
    if is_file(target) {
        return format!(
            "the target `{target}` is a file of your own, and no toolchain has a standard library for it\n\
             it has to be compiled: {build}"
        );
    }
    format!(
        "the toolchain has no standard library (not even `core`) for the target `{target}`\n\
         `rustup target add {target}` installs it, if Rust ships it; to compile it: {build}"
    )
}

fn is_file(target: &str) -> bool {
    Path::new(target).extension().is_some_and(|extension| extension == "json")
}

/// Which backend compiles for an architecture.
fn who_compiles(arch: &str) -> String {
    if CRANELIFTS.contains(&arch) {
        format!(
            "Cranelift compiles dev builds for `{arch}`, LLVM release builds, as for this machine"
        )
    } else {
        format!("LLVM compiles for `{arch}`, dev builds, too: Cranelift has nothing for it")
    }
}

/// What rustc calls the architecture of a target, or why it cannot say.
fn architecture(target: &str, toolchain: &Toolchain) -> Result<String> {
    let mut rustc = Command::new(toolchain.executable("rustc"));
    rustc.args(["--print", "cfg", "--target", target]);
    if is_file(target) {
        rustc.arg("-Zunstable-options").env("RUSTC_BOOTSTRAP", "1");
    }
    let output = rustc.output().map_err(|error| anyhow!("rustc cannot be started: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let first = said.lines().next().unwrap_or_default();
        bail!(
            "rustc does not know it: {}\n`rustc --print target-list` lists all that it knows",
            first.strip_prefix("error: ").unwrap_or(first)
        );
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let arch = said.lines().find_map(|line| line.strip_prefix("target_arch=\"")?.strip_suffix('"'));
    arch.map(str::to_owned).ok_or_else(|| anyhow!("rustc does not say what its architecture is"))
}

#[cfg(test)]
mod tests {
    use std::ffi::{OsStr, OsString};

    use super::*;

    fn line(text: &str) -> CommandLine {
        let words: Vec<OsString> = text.split(' ').map(OsString::from).collect();
        CommandLine::read(&words, |_| None)
    }

    fn config(settings: &[&str]) -> Config {
        Config::default().with_arguments(settings.iter().map(OsStr::new))
    }

    #[test]
    fn targets_are_those_of_the_command_or_of_the_configuration() {
        let configured = config(&["build.target=['b', 'host-tuple', 'a']"]);
        let of = |text| of_command(&line(text), &configured);
        assert_eq!(of("build"), ["a", "b"]);
        assert_eq!(of("build --target c --target=d --target c"), ["c", "d"]);
        assert_eq!(of("build --target host-tuple"), [""; 0]);
        assert_eq!(of_command(&line("build"), &config(&["build.target='x'"])), ["x"]);
    }

    #[test]
    fn a_standard_library_may_be_compiled() {
        let builds = |text, settings: &[&str]| builds_std(&line(text), &config(settings));
        assert!(builds("build -Zbuild-std", &[]));
        assert!(builds("build -Z build-std=core,alloc", &[]));
        assert!(builds("-Zbuild-std build", &[]));
        assert!(builds("build", &["unstable.build-std=['core']"]));
        assert!(!builds("build -Zbuild-std-features=x", &[]));
    }

    #[test]
    fn backends_are_told_apart() {
        assert!(who_compiles("x86_64").starts_with("Cranelift compiles dev builds"));
        assert!(who_compiles("arm").starts_with("LLVM compiles for `arm`, dev builds, too"));
    }
}
