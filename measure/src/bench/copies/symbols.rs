//! Where the functions of a measured program are, by their names in the source.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use object::{Object, ObjectSegment, ObjectSymbol, SymbolKind};
use rustc_demangle::demangle;

use super::source::CRATE;

/// A function, without the offset at which the program is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Function {
    pub(super) address: u64,
    pub(super) size: u64,
}

/// What the tracer must know of a program.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    /// The address at which it begins to run.
    pub(super) entry: u64,
    /// The first address behind the program.
    pub(super) end: u64,
    /// Where `SNUG_COPIERS` is.
    pub(super) copiers: u64,
    /// The poll functions of async fns and blocks, by the name that [`coroutine`] gives.
    pub(super) polls: BTreeMap<String, Function>,
    /// Functions that are not looked into.
    pub(super) apart: Vec<u64>,
}

impl Symbols {
    /// Reads the symbol table of an ELF file.
    pub(super) fn read(program: &[u8]) -> Result<Symbols> {
        let file = object::File::parse(program).context("it is not an ELF file")?;
        let ends = file.segments().map(|segment| segment.address() + segment.size());
        let mut symbols = Symbols {
            entry: file.entry(),
            end: ends.max().context("it has no segments")?,
            ..Symbols::default()
        };
        for symbol in file.symbols() {
            let name = symbol.name()?;
            let address = symbol.address();
            if name == "SNUG_COPIERS" {
                symbols.copiers = address;
            }
            if symbol.kind() != SymbolKind::Text || !symbol.is_definition() {
                continue;
            }
            let name = format!("{:#}", demangle(name));
            if let Some(name) = coroutine(&name) {
                symbols.polls.insert(name.into(), Function { address, size: symbol.size() });
            } else if is_apart(&name) {
                symbols.apart.push(address);
            }
        }
        if symbols.copiers == 0 {
            bail!("it has no symbol SNUG_COPIERS");
        }
        Ok(symbols)
    }
}

/// The name of the function that a poll function belongs to: `held::<64>` for
/// `copies::held::<64>::{closure#0}`. Types of futures are left out, which only tell what was
/// passed in: `passed` for `copies::passed::<copies::held<64>::{closure#0}>::{closure#0}`.
fn coroutine(name: &str) -> Option<&str> {
    let name = name.strip_prefix(CRATE)?.strip_prefix("::")?.strip_suffix("::{closure#0}")?;
    let (function, generics) = name.split_once("::<").unwrap_or((name, ""));
    Some(if generics.contains("closure") { function } else { name })
}

fn is_apart(name: &str) -> bool {
    name.strip_prefix(CRATE).is_some_and(|rest| rest.starts_with("::apart::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poll_functions_are_named_after_their_async_fns() {
        assert_eq!(coroutine("copies::plain_one_1x64::{closure#0}"), Some("plain_one_1x64"));
        assert_eq!(coroutine("copies::held::<64>::{closure#0}"), Some("held::<64>"));
        let passed = "copies::passed::<copies::held<64>::{closure#0}>::{closure#0}";
        assert_eq!(coroutine(passed), Some("passed"));
        assert_eq!(coroutine("copies::plain_one_1x64"), None);
        assert_eq!(coroutine("core::ptr::drop_in_place::<copies::f::{closure#0}>"), None);
    }

    #[test]
    fn only_the_module_apart_is_not_looked_into() {
        assert!(is_apart("copies::apart::weigh"));
        assert!(!is_apart("copies::eat::<64>"));
        assert!(!is_apart("<copies::apart::T>::f"));
    }
}
