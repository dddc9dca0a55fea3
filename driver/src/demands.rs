//! What rustc's arguments ask of the backend.
//!
//! Some can only be had from LLVM: its own files, assembler, lists of what it knows. Build scripts ask for them: `autocfg`
//! finds out what the compiler can do with `--emit=llvm-ir`, and takes every failure for a no. Both
//! backends give futures one layout, so such a compilation is LLVM's.

use std::ffi::OsString;

use crate::installation::Backend;

/// What `--emit` and `--print` can only have from LLVM.
const LLVMS: [&str; 10] = [
    "asm",
    "llvm-bc",
    "llvm-ir",
    "thin-link-bitcode",
    "code-models",
    "relocation-models",
    "stack-protector-strategies",
    "target-cpus",
    "target-features",
    "tls-models",
];

/// Whether there is something that only LLVM can do.
pub fn only_llvm_can(arguments: &[OsString]) -> bool {
    let mut wanted = values(arguments, None, "--emit");
    wanted.extend(values(arguments, None, "--print"));
    wanted.iter().flat_map(|list| list.split(',')).any(|one| {
        let name = one.split_once('=').map_or(one, |(name, _)| name);
        LLVMS.contains(&name)
    })
}

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

    #[test]
    fn files_of_llvm_are_llvms() {
        let of = |text| only_llvm_can(&words(text));
        assert!(of("--emit=llvm-ir main.rs"));
        assert!(of("--emit link,asm=x.s main.rs"));
        assert!(of("--crate-type lib --emit=link --emit=llvm-bc"));
        assert!(of("--print target-cpus"));
        assert!(of("--print=target-features=file"));
        assert!(!of("--emit=link,dep-info=asm main.rs"));
        assert!(!of("--emit=metadata --print cfg asm"));
        assert!(!of("main.rs"));
    }
}
