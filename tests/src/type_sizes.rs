//! Reads what `-Zprint-type-sizes` prints.

use std::collections::BTreeMap;

const PREFIX: &str = "print-type-size type: `";

/// The size and alignment of one type, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeSize {
    /// In bytes.
    pub size: u64,
    /// In bytes.
    pub align: u64,
}

/// The printed types by their printed names. Different types may print alike: then there are
/// several sizes, in ascending order.
pub fn parse(stdout: &str) -> BTreeMap<String, Vec<TypeSize>> {
    let mut types: BTreeMap<String, Vec<TypeSize>> = BTreeMap::new();
    for (name, size) in stdout.lines().filter_map(line) {
        types.entry(name.to_owned()).or_default().push(size);
    }
    for sizes in types.values_mut() {
        sizes.sort_by_key(|size| size.size);
    }
    types
}

/// The output in an order of its own: rustc sorts by size and name, and leaves types that are equal in
/// both in the order of a hash table.
pub fn in_order(stdout: &str) -> String {
    let mut types: Vec<String> = Vec::new();
    for line in stdout.lines() {
        match types.last_mut() {
            Some(ty) if !line.starts_with(PREFIX) => *ty += line,
            _ => types.push(line.to_owned()),
        }
        if let Some(ty) = types.last_mut() {
            ty.push('\n');
        }
    }
    types.sort();
    types.concat()
}

fn line(line: &str) -> Option<(&str, TypeSize)> {
    let (name, rest) = line.strip_prefix(PREFIX)?.rsplit_once("`: ")?;
    let (size, rest) = rest.split_once(" bytes, alignment: ")?;
    let align = rest.strip_suffix(" bytes")?;
    Some((name, TypeSize { size: size.parse().ok()?, align: align.parse().ok()? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        let text = "print-type-size type: `{async block@a.rs:1:2}`: 12 bytes, alignment: 4 bytes\n\
                    print-type-size     discriminant: 1 bytes\n\
                    print-type-size type: `a::B<'_>`: 1 bytes, alignment: 1 bytes\n";
        let types = parse(text);
        assert_eq!(types["{async block@a.rs:1:2}"], [TypeSize { size: 12, align: 4 }]);
        assert_eq!(types["a::B<'_>"], [TypeSize { size: 1, align: 1 }]);
    }

    #[test]
    fn types_keep_their_lines() {
        let other = format!("{PREFIX}a`: 1 bytes, alignment: 1 bytes\n");
        let with_line = format!("{PREFIX}b`: 1 bytes, alignment: 1 bytes\nprint-type-size  x\n");
        let ordered = in_order(&format!("{with_line}{other}"));
        assert_eq!(ordered, format!("{other}{with_line}"));
    }
}
