//! Lists test programs: rustc's and ours.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::Result;
use crate::program::Program;

/// All test programs below a folder, in the order of their paths. Auxiliary crates and modules
/// (`auxiliary/`, `support/`) are not programs.
pub fn programs(folder: &Path) -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    for path in files(folder)? {
        for program in Program::read(&path)? {
            if program.directives.ignored.is_none() {
                programs.push(program);
            }
        }
    }
    if programs.is_empty() {
        return Err(format!("there are no test programs in {}", folder.display()));
    }
    Ok(programs)
}

/// The name of a program's tests: its path below a root, and its revision.
pub fn name(program: &Program, root: &Path) -> String {
    let path = program.path.strip_prefix(root).unwrap_or(&program.path).display();
    match &program.revision {
        None => path.to_string(),
        Some(revision) => format!("{path}#{revision}"),
    }
}

/// All Rust sources below a folder, in the order of their paths, but for auxiliary crates and modules.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let complaint = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(complaint)? {
        let path = entry.map_err(complaint)?.path();
        if path.is_dir() {
            if !path.ends_with("auxiliary") && !path.ends_with("support") {
                found.extend(files(&path)?);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A name for the content of a program and of the auxiliary crates and modules that it names, as do these.
pub fn sources(program: &Path) -> Result<String> {
    let folders = ["auxiliary", "support"].map(|folder| program.with_file_name(folder));
    let mut others: Vec<PathBuf> = folders.iter().flat_map(|folder| listed(folder)).collect();
    let mut files = vec![(program.to_owned(), read(program)?)];
    let mut next = 0;
    while let Some((_, text)) = files.get(next) {
        let (named, rest): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|file| is_named(file, text));
        others = rest;
        for file in named {
            let text = read(&file)?;
            files.push((file, text));
        }
        next += 1;
    }
    files.sort();
    Ok(digest(files.iter().map(|(_, text)| text), 8))
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// Whether a text has the name of an auxiliary file. That of a `mod.rs` is its folder's.
fn is_named(file: &Path, text: &str) -> bool {
    let module = if file.ends_with("mod.rs") { file.parent() } else { Some(file) };
    let name = module.and_then(Path::file_stem).unwrap_or_default();
    text.contains(&*name.to_string_lossy())
}

/// A name for some contents: so many bytes in hexadecimal digits. Where one content ends and the next begins makes a difference.
pub(crate) fn digest(contents: impl IntoIterator<Item = impl AsRef<[u8]>>, bytes: usize) -> String {
    let mut hasher = Sha256::new();
    for content in contents {
        let content = content.as_ref();
        hasher.update((content.len() as u64).to_le_bytes());
        hasher.update(content);
    }
    hasher.finalize()[..bytes].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files in a folder, which may be missing.
fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_names_is_part_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let file = folder.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, text).unwrap();
        };
        write("a.rs", "//@ aux-build: named.rs\nmod support;");
        write("auxiliary/named.rs", "");
        write("support/mod.rs", "mod inner;");
        let sources = || sources(&folder.path().join("a.rs")).unwrap();
        let mut before = sources();
        let mut changes = |name, text| {
            write(name, text);
            let after = sources();
            std::mem::replace(&mut before, after.clone()) != after
        };
        assert!(changes("a.rs", "//@ aux-build: named.rs\nmod support; // edited"));
        assert!(changes("auxiliary/named.rs", "// edited"));
        assert!(changes("support/mod.rs", "mod inner; // edited"));
        assert!(changes("support/inner.rs", "// named by the module"));
        assert!(!changes("auxiliary/another.rs", "// named by nobody"));
    }
}
