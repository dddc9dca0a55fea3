//! What rustc's arguments ask of the backend, where nobody has chosen one.

use std::ffi::OsString;

use crate::installation::Backend;

/// The backend for a compilation by hand: LLVM where optimisation is asked for.
pub fn by_optimisation(arguments: &[OsString]) -> Backend {
    let is_short = |argument: &&OsString| *argument == "-O";
    let options = values(arguments, Some("-C"), "--codegen");
    let level = options.iter().rev().find_map(|option| option.strip_prefix("opt-level="));
    match level {
        Some("0") => Backend::Cranelift,
        None if !arguments.iter().any(|argument| is_short(&argument)) => Backend::Cranelift,
        _ => Backend::Llvm,
    }
}

/// The values of an option: `--emit=x`, `--emit x`, `-Cx`, `-C x`.
fn values(arguments: &[OsString], short: Option<&str>, long: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut arguments = arguments.iter().map(|argument| argument.to_string_lossy());
    while let Some(argument) = arguments.next() {
        if argument == long || short.is_some_and(|short| argument == short) {
            values.extend(arguments.next().map(|value| value.into_owned()));
            continue;
        }
        let after = argument.strip_prefix(long).and_then(|rest| rest.strip_prefix('='));
        let after = after.or_else(|| argument.strip_prefix(short?));
        values.extend(after.map(str::to_owned));
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn what_is_optimised_is_llvms() {
        let of = |text| by_optimisation(&words(text)).name();
        assert_eq!(of("main.rs"), "cranelift");
        assert_eq!(of("-C opt-level=0 main.rs"), "cranelift");
        assert_eq!(of("-O main.rs"), "llvm");
        assert_eq!(of("-Copt-level=z main.rs"), "llvm");
        assert_eq!(of("--codegen opt-level=2 main.rs"), "llvm");
        assert_eq!(of("--codegen=opt-level=2 -C debuginfo=2 main.rs"), "llvm");
        assert_eq!(of("-O -Copt-level=0 main.rs"), "cranelift");
        assert_eq!(of("--cfg opt-level=2 main.rs"), "cranelift");
    }
}
