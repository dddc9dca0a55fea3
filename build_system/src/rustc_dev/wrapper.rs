//! The stand-ins of a reconstruction. All are `y` itself, called by another name.
//!
//! * [`RUSTC_WRAPPER`] stands between cargo and rustc. Library crates for the target get
//!   `-Zno-codegen`. `rustc_driver`, a dylib, gets a linker of its own.
//! * [`DRIVER_LINKER`] is that linker. It links nothing: it writes a copy of the official
//!   `librustc_driver` whose section `.rustc` (the metadata) is the reconstructed one. It also
//!   keeps the list of symbols that rustc wanted exported, for the proof.
//! * [`PROGRAM_LINKER`] links `rustc` itself, which nobody needs: it writes an empty file. The true linker would look for
//!   what the official driver is linked with.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use super::elf;

/// File name by which `y` is called as the rustc wrapper.
pub const RUSTC_WRAPPER: &str = "snug-rustc-wrapper";
/// File name by which `y` is called as the linker of rustc_driver.
pub const DRIVER_LINKER: &str = "snug-driver-linker";
/// File name by which `y` is called as the linker of rustc itself.
pub const PROGRAM_LINKER: &str = "snug-program-linker";
/// Folder with empty native libraries, in the work folder.
pub const EMPTY: &str = "empty";
/// The kept list of exported symbols (a linker version script), in the work folder.
pub const EXPORTS: &str = "exports.list";
/// Environment variable that names the work folder.
pub const WORK: &str = "SNUG_RECONSTRUCTION";
/// Environment variable that names the official librustc_driver.
pub const OFFICIAL_DRIVER: &str = "SNUG_OFFICIAL_DRIVER";

/// Acts as a stand-in if the program was called by the name of one.
pub fn run_if_called_as_one() -> Option<Result<()>> {
    let mut arguments = env::args_os();
    let name = PathBuf::from(arguments.next()?);
    match name.file_name()?.to_str()? {
        RUSTC_WRAPPER => Some(rustc_wrapper(arguments.collect())),
        DRIVER_LINKER => Some(driver_linker(arguments.collect())),
        PROGRAM_LINKER => Some(program_linker(arguments.collect())),
        _ => None,
    }
}

fn rustc_wrapper(arguments: Vec<OsString>) -> Result<()> {
    let work = work()?;
    let (rustc, arguments) =
        arguments.split_first().context("the rustc wrapper was called without a rustc")?;
    let mut command = Command::new(rustc);
    command.args(arguments).args(extra_flags(arguments, &work));
    Err(command.exec()).with_context(|| format!("{} could not be started", rustc.display()))
}

/// What the wrapper adds to a call of rustc.
fn extra_flags(arguments: &[OsString], work: &Path) -> Vec<OsString> {
    let after = |flag| value_after(arguments, flag);
    let mut flags = Vec::new();
    let is_library = after("--crate-type").is_some_and(|kind| kind == "lib" || kind == "dylib");
    if after("--target").is_some() && is_library {
        flags.push("-Zno-codegen".into());
        flags.push(concat("-Lnative=", &work.join(EMPTY)));
    }
    if after("--crate-name").is_some_and(|name| name == "rustc_driver") {
        flags.extend(["-Cprefer-dynamic=no".into(), "-Clinker-flavor=gcc".into()]);
        flags.push(concat("-Clinker=", &work.join(DRIVER_LINKER)));
    }
    if after("--crate-name").is_some_and(|name| name == "rustc_main") {
        flags.push("-Clinker-flavor=gcc".into());
        flags.push(concat("-Clinker=", &work.join(PROGRAM_LINKER)));
    }
    flags
}

fn driver_linker(arguments: Vec<OsString>) -> Result<()> {
    let arguments = expand_response_files(arguments)?;
    let output = output_of(&arguments)?;
    let metadata = arguments
        .iter()
        .find(|argument| argument.ends_with("rmeta.o"))
        .context("rustc gave the linker no metadata")?;
    let exports =
        arguments.iter().find_map(|argument| argument.strip_prefix("-Wl,--version-script="));
    fs::copy(
        exports.context("rustc gave the linker no list of exported symbols")?,
        work()?.join(EXPORTS),
    )?;
    let section = elf::section(&fs::read(metadata)?, ".rustc")?;
    let official =
        env::var_os(OFFICIAL_DRIVER).with_context(|| format!("{OFFICIAL_DRIVER} is not set"))?;
    let mut driver =
        fs::read(&official).with_context(|| format!("{} cannot be read", official.display()))?;
    elf::replace_section(&mut driver, ".rustc", &section)?;
    fs::write(output, driver).with_context(|| format!("{output} cannot be written"))
}

fn program_linker(arguments: Vec<OsString>) -> Result<()> {
    let arguments = expand_response_files(arguments)?;
    let output = output_of(&arguments)?;
    fs::write(output, "").with_context(|| format!("{output} cannot be written"))
}

/// The file that a linker is told to write.
fn output_of(arguments: &[String]) -> Result<&String> {
    value_after(arguments, "-o").context("rustc did not tell the linker where to write")
}

/// The argument after a flag.
fn value_after<'a, T: PartialEq<str>>(arguments: &'a [T], flag: &str) -> Option<&'a T> {
    let at = arguments.iter().position(|argument| argument == flag)?;
    arguments.get(at + 1)
}

/// Replaces each `@file` by the arguments in that file, one a line, as rustc writes them.
fn expand_response_files(arguments: Vec<OsString>) -> Result<Vec<String>> {
    let mut expanded = Vec::new();
    for argument in arguments {
        let Ok(argument) = argument.into_string() else {
            bail!("an argument of the linker is not valid UTF-8")
        };
        match argument.strip_prefix('@') {
            Some(file) => expanded.extend(fs::read_to_string(file)?.lines().map(unquote)),
            None => expanded.push(argument),
        }
    }
    Ok(expanded)
}

/// rustc puts a backslash before spaces and backslashes, and some versions use quotes.
fn unquote(line: &str) -> String {
    let mut plain = String::new();
    let mut characters = line.trim_matches('"').chars();
    while let Some(character) = characters.next() {
        plain.push(if character == '\\' { characters.next().unwrap_or('\\') } else { character });
    }
    plain
}

fn work() -> Result<PathBuf> {
    Ok(env::var_os(WORK)
        .with_context(|| format!("{WORK} is not set: only y calls this program"))?
        .into())
}

fn concat(flag: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(flag);
    argument.push(path);
    argument
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(line: &str) -> String {
        let arguments: Vec<OsString> = line.split(' ').map(Into::into).collect();
        extra_flags(&arguments, Path::new("/w")).join(" ".as_ref()).into_string().unwrap()
    }

    #[test]
    fn only_libraries_for_the_target_skip_code_generation() {
        assert_eq!(
            flags("--crate-name a --crate-type lib --target x"),
            "-Zno-codegen -Lnative=/w/empty"
        );
        assert_eq!(flags("--crate-name a --crate-type lib"), "");
        assert_eq!(flags("--crate-name a --crate-type bin --target x"), "");
        assert_eq!(flags("--crate-name a --crate-type proc-macro"), "");
    }

    #[test]
    fn the_driver_gets_the_stand_in_linker() {
        assert!(
            flags("--crate-name rustc_driver --crate-type dylib --target x")
                .ends_with("-Clinker=/w/snug-driver-linker")
        );
    }

    #[test]
    fn rustc_itself_is_not_linked() {
        assert!(
            flags("--crate-name rustc_main --crate-type bin --target x")
                .ends_with("-Clinker=/w/snug-program-linker")
        );
    }

    #[test]
    fn response_files_are_unquoted() {
        assert_eq!(unquote(r#""/a b/c""#), "/a b/c");
        assert_eq!(unquote(r"/a\ b\\c"), r"/a b\c");
    }
}
