//! `cargo snug --version`: which versions of everything this is.
//!
//! The compilers say it with `-vV`. Parsers of that answer count lines, so all that Snug adds to it is one line
//! (`print_own_version` in `src/backend.rs`), which is taken apart here.

use std::process::ExitCode;

use anyhow::Result;
use snug_driver::installation::{Backend, Installation};

use crate::cargo;
use crate::doctor::{checked, rustc};
use crate::options::Options;

/// Says it; with `--verbose`, all that the compilers say of themselves.
pub(crate) fn print(options: &Options) -> Result<ExitCode> {
    let toolchain = cargo::toolchain(options)?;
    let installation =
        Installation::of_compiler(&toolchain.compiler).map_err(anyhow::Error::msg)?;
    let mut lines: Vec<String> = Vec::new();
    for backend in Backend::ALL {
        let output = checked(rustc(&installation, &toolchain, backend)?.arg("-vV"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        for line in text.lines().filter(|line| options.is_verbose() || tells_version(line)) {
            for line in in_words(line, backend) {
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
    }
    println!("cargo-snug {}", env!("CARGO_PKG_VERSION"));
    for line in lines {
        println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}

fn tells_version(line: &str) -> bool {
    ["rustc ", "LLVM version: ", "Snug: "].iter().any(|it| line.starts_with(it))
}

/// A line of a compiler's; that of Snug's as several. Each backend is a build of its own.
fn in_words(line: &str, backend: Backend) -> Vec<String> {
    let Some(own) = line.strip_prefix("Snug: ") else { return vec![line.to_owned()] };
    let mut parts = own.split(", ");
    let mut words = Vec::new();
    words.extend(parts.next().map(|build| format!("Snug version: {build} {}", backend.name())));
    for part in parts {
        words.extend(match part.rsplit_once(' ') {
            Some(("coroutine layout", version)) => {
                Some(format!("Snug coroutine layout version: {version}"))
            }
            Some((generator, version)) => Some(format!("{generator} version: {version}")),
            // LLVM is rustc's, and rustc has said its version.
            None => None,
        });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snugs_line_is_several() {
        let words = in_words(
            "Snug: 0.1.0 (abc), coroutine layout 4, Cranelift 0.128.3",
            Backend::Cranelift,
        );
        let expected = [
            "Snug version: 0.1.0 (abc) cranelift",
            "Snug coroutine layout version: 4",
            "Cranelift version: 0.128.3",
        ];
        assert_eq!(words, expected);
        let words = in_words("Snug: 0.1.0 (abc), coroutine layout 4, LLVM", Backend::Llvm);
        assert_eq!(words, ["Snug version: 0.1.0 (abc) llvm", "Snug coroutine layout version: 4"]);
        assert_eq!(in_words("LLVM version: 22.1.2", Backend::Llvm), ["LLVM version: 22.1.2"]);
    }
}
