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

/// A name for the content of a program and of all that it may be made of.
pub fn sources(program: &Path) -> Result<String> {
    let mut files = vec![program.to_owned()];
    for folder in ["auxiliary", "support"] {
        files.extend(listed(&program.with_file_name(folder)));
    }
    files.sort();
    let read = |file: &PathBuf| {
        std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))
    };
    let contents: Vec<Vec<u8>> = files.iter().map(read).collect::<Result<_>>()?;
    Ok(digest(&contents, 8))
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
