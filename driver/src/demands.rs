//! What rustc's arguments ask of the backend, where nobody has chosen one.

use std::ffi::OsString;

use crate::installation::Backend;

/// The backend for a compilation by hand: LLVM where optimisation is asked for.
pub fn by_optimisation(arguments: &[OsString]) -> Backend {
    let options = codegen_options(arguments);
    let level = options.iter().rev().find_map(|option| option.strip_prefix("opt-level="));
    let is_optimised = match level {
        Some(level) => level != "0",
        None => arguments.iter().any(|argument| argument == "-O"),
    };
    if is_optimised { Backend::Llvm } else { Backend::Cranelift }
}

/// The values of `--codegen=x`, `--codegen x`, `-Cx`, `-C x`.
fn codegen_options(arguments: &[OsString]) -> Vec<String> {
    let mut options = Vec::new();
    let mut arguments = arguments.iter().map(|argument| argument.to_string_lossy());
    while let Some(argument) = arguments.next() {
        if argument == "--codegen" || argument == "-C" {
            options.extend(arguments.next().map(|value| value.into_owned()));
            continue;
        }
        let value = argument.strip_prefix("--codegen=").or_else(|| argument.strip_prefix("-C"));
        options.extend(value.map(str::to_owned));
    }
    options
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
