//! Reads how large the frames of functions are, which LLVM writes into object files if it is asked to
//! (`-Zemit-stack-sizes`).

use std::collections::BTreeMap;
use std::path::Path;

use object::{Object, ObjectSection, ObjectSymbol, RelocationTarget};

use crate::Result;
use crate::code;

/// The frame of each function in an object file, in bytes, without the return address. Where functions have one
/// name, the largest counts.
pub fn read(file: &Path) -> Result<BTreeMap<String, u64>> {
    let complain = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let data = std::fs::read(file).map_err(|error| complain(&error))?;
    let object = object::File::parse(&*data).map_err(|error| complain(&error))?;
    let mut sizes = BTreeMap::new();
    for section in object.sections().filter(|section| section.name() == Ok(".stack_sizes")) {
        let bytes = section.data().map_err(|error| complain(&error))?;
        for (offset, relocation) in section.relocations() {
            let RelocationTarget::Symbol(symbol) = relocation.target() else { continue };
            let symbol = object.symbol_by_index(symbol).map_err(|error| complain(&error))?;
            // Each function has a section of its own, `.text.SYMBOL`.
            let of = symbol.section_index().and_then(|index| object.section_by_index(index).ok());
            let Some(of) = of else { continue };
            let name = of.name().ok().and_then(|name| name.rsplit('.').next()).unwrap_or_default();
            let address = usize::try_from(offset).unwrap_or(usize::MAX);
            let size = bytes.get(address.saturating_add(8)..).and_then(uleb128);
            let size = size.ok_or_else(|| complain(&"a stack size is missing"))?;
            let name = code::name(name).unwrap_or_else(|| name.to_owned());
            let largest = sizes.entry(name).or_insert(0);
            *largest = size.max(*largest);
        }
    }
    Ok(sizes)
}

/// A number in LEB128.
fn uleb128(bytes: &[u8]) -> Option<u64> {
    let mut number = 0;
    for (index, byte) in bytes.iter().enumerate().take(9) {
        number |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_one_and_two_bytes() {
        assert_eq!(uleb128(&[0x18, 0xff]), Some(24));
        assert_eq!(uleb128(&[0x98, 0x04]), Some(536));
        assert_eq!(uleb128(&[0x98]), None);
    }
}
