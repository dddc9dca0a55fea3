//! The worst case for what every crate has: hundreds of crates with next to nothing in them.
//!
//! They are a chain, so that each sees all before it. On top are a program, a cdylib and a staticlib.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::program::Final;

/// How many.
const CRATES: usize = 200;

/// What is on top.
pub(super) const TOPS: [Final; 3] = [
    Final { title: "program", package: "program", target: &["--bins"], file: "program" },
    Final { title: "cdylib", package: "shared", target: &["--lib"], file: "libshared.so" },
    Final { title: "staticlib", package: "packed", target: &["--lib"], file: "libpacked.a" },
];

/// What is in a package: lines of its manifest, the file of its source, and the source.
type Parts = (&'static str, &'static str, &'static str);

/// What is in the packages on top.
const PARTS: [Parts; 3] = [
    ("", "src/main.rs", "fn main() {\n    println!(\"{}\", BELOW::value());\n}\n"),
    ("[lib]\ncrate-type = [\"cdylib\"]\n", "src/lib.rs", FOR_C),
    ("[lib]\ncrate-type = [\"staticlib\"]\n", "src/lib.rs", FOR_C),
];

const FOR_C: &str =
    "#[unsafe(no_mangle)]\npub extern \"C\" fn value() -> u64 {\n    BELOW::value()\n}\n";

/// A function, so that a linker needs the crate, and a coroutine.
const TINY: &str = "\
pub fn value() -> u64 {
    BELOW::value() + 1
}

pub async fn wait(value: u64) -> u64 {
    std::future::ready(value).await + 1
}
";

/// The first of the chain.
const FIRST: &str = "pub fn value() -> u64 {\n    1\n}\n";

/// Writes the workspace into a folder.
pub(super) fn write(folder: &Path) -> Result<()> {
    file(folder, "Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n")?;
    package(folder, &name(0), None, ("", "src/lib.rs", FIRST))?;
    for index in 1..CRATES {
        let below = name(index - 1);
        package(folder, &name(index), Some(&below), ("", "src/lib.rs", TINY))?;
    }
    let below = name(CRATES - 1);
    TOPS.iter()
        .zip(PARTS)
        .try_for_each(|(top, parts)| package(folder, top.package, Some(&below), parts))
}

fn name(index: usize) -> String {
    format!("tiny{index:03}")
}

fn package(workspace: &Path, name: &str, below: Option<&str>, parts: Parts) -> Result<()> {
    let (lines, path, source) = parts;
    let mut manifest =
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{lines}");
    if let Some(below) = below {
        manifest += &format!("[dependencies]\n{below} = {{ path = \"../{below}\" }}\n");
    }
    let folder = workspace.join(name);
    file(&folder, "Cargo.toml", &manifest)?;
    file(&folder, path, &source.replace("BELOW", below.unwrap_or_default()))
}

fn file(folder: &Path, path: &str, text: &str) -> Result<()> {
    let path = folder.join(path);
    let written = fs::create_dir_all(path.parent().context("it is in a folder")?)
        .and_then(|()| fs::write(&path, text));
    written.with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_leads_to_the_first_crate() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path()).unwrap();
        let below = |package: &str| {
            let manifest =
                fs::read_to_string(folder.path().join(package).join("Cargo.toml")).unwrap();
            let (_, path) = manifest.split_once("path = \"../")?;
            path.split_once('"').map(|(name, _)| name.to_string())
        };
        for top in &TOPS {
            let mut seen = 0;
            let mut package = below(top.package);
            while let Some(name) = package {
                seen += 1;
                package = below(&name);
            }
            assert_eq!(seen, CRATES);
        }
    }
}
