//! The compilers that Snug is installed for. What was built for one works with that very build of rustc and no other.
//!
//! ```text
//! lib/snug/COMPILER      which compiler the files in lib/snug itself are for
//! lib/snug/ID/COMPILER   another compiler, whose files are in that folder
//! ```
//!
//! ID is the hash in the name of a compiler's `librustc_driver`: a toolchain that has the file is that build of rustc.
//! Mirrors `folder_for` in `build_system/src/build/mod.rs`, and `backend_path` in `loader/src/lib.rs`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::installation::{broken, own_file};

/// The file that says which compiler a folder is for.
const COMPILER: &str = "COMPILER";

/// A compiler that Snug is installed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiler {
    /// Where the files for it are.
    pub folder: PathBuf,
    /// The hash in the name of its `librustc_driver`.
    pub id: String,
    /// How it calls itself: version, commit and date.
    pub version: String,
}

impl Compiler {
    /// The compiler that a folder is for.
    fn of(folder: &Path) -> Option<Compiler> {
        let text = fs::read_to_string(folder.join(COMPILER)).ok()?;
        let (id, version) = text.trim_end().split_once('\n')?;
        Some(Compiler { folder: folder.to_owned(), id: id.into(), version: version.into() })
    }

    /// Its `librustc_driver`.
    pub fn driver(&self) -> String {
        format!("librustc_driver-{}.so", self.id)
    }
}

/// The compilers that this executable works with: all of them for one in `bin`, else that of its own folder.
///
/// # Errors
///
/// When no folder says what it is for.
pub fn installed() -> Result<Vec<Compiler>> {
    let own = own_file()?;
    let mut above = own.ancestors().skip(1);
    let is_in_bin = above.next().is_some_and(|folder| folder.ends_with("bin"));
    let above = above.next().unwrap_or(Path::new("/"));
    let found = if is_in_bin {
        below(&above.join("lib/snug"))
    } else {
        Compiler::of(above).into_iter().collect()
    };
    if found.is_empty() {
        let missing = if is_in_bin { above.join("lib/snug") } else { above.to_owned() };
        return Err(broken(missing.join(COMPILER).as_os_str(), "it is missing"));
    }
    Ok(found)
}

/// That of a folder itself, and those of the folders in it.
fn below(folder: &Path) -> Vec<Compiler> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    folders.sort();
    std::iter::once(folder)
        .chain(folders.iter().map(PathBuf::as_path))
        .filter_map(Compiler::of)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_and_others_lie_side_by_side() {
        let world = tempfile::tempdir().unwrap();
        let folder = world.path();
        assert_eq!(below(folder), []);
        for (name, text) in [("", "0a\n1.95.0 (c 2026)\n"), ("0b", "0b\n1.96.0 (d 2026) (built)\n")]
        {
            fs::create_dir_all(folder.join(name)).unwrap();
            fs::write(folder.join(name).join(COMPILER), text).unwrap();
        }
        fs::create_dir_all(folder.join("llvm")).unwrap();
        let compiler = |name: &str, id: &str, version: &str| Compiler {
            folder: folder.join(name),
            id: id.into(),
            version: version.into(),
        };
        let default = Compiler { folder: folder.into(), ..compiler("", "0a", "1.95.0 (c 2026)") };
        let other = compiler("0b", "0b", "1.96.0 (d 2026) (built)");
        assert_eq!(below(folder), [default, other.clone()]);
        assert_eq!(other.driver(), "librustc_driver-0b.so");
    }
}
