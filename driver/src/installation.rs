//! The files that were installed together, and which backend compiles this crate: the one of the folder
//! that this executable lies in, unless the crate's package has a choice of its own.
//!
//! A choice for one package is a variable of its own (`SNUG_BACKEND_ring=llvm`; `cargo snug` sets it), not
//! a list of packages: only that package is compiled again when the choice changes. The backend lists
//! the variable in dep-info (`src/tracking.rs`).

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Where everything is.
pub(crate) struct Installation {
    /// `lib/snug`.
    folder: PathBuf,
    /// The backend of crates that have no choice of their own.
    default: String,
}

impl Installation {
    /// Finds it by where this executable lies.
    pub(crate) fn find() -> Result<Installation, String> {
        let own = std::env::current_exe()
            .map_err(|error| format!("error: Snug cannot find its own folder: {error}"))?;
        let twin = own.parent().unwrap_or(Path::new("/"));
        Ok(Installation {
            folder: twin.parent().unwrap_or(Path::new("/")).to_owned(),
            default: twin.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        })
    }

    /// The executable that is the compiler.
    pub(crate) fn compiler(&self) -> Result<PathBuf, String> {
        self.file("snug-rustc")
    }

    /// The backend for the crate at hand.
    pub(crate) fn backend(&self) -> Result<PathBuf, String> {
        let chosen = chosen_for_package()?;
        match chosen.as_deref().unwrap_or(&self.default) {
            "cranelift" => self.file("snug.so"),
            "llvm" => self.file("snug_llvm.so"),
            other => {
                let twin = self.folder.join(other);
                Err(broken(twin.as_os_str(), "the folder should be `cranelift` or `llvm`"))
            }
        }
    }

    fn file(&self, name: &str) -> Result<PathBuf, String> {
        let file = self.folder.join(name);
        if file.exists() { Ok(file) } else { Err(broken(file.as_os_str(), "it is missing")) }
    }
}

/// What to say of a file of Snug's that is not what it should be.
pub(crate) fn broken(file: &OsStr, reason: &str) -> String {
    format!(
        "error: Snug's file `{}` cannot be used: {reason}\n\
         help: install Snug again (`./y.sh install`), and keep its folder together",
        file.display()
    )
}

fn chosen_for_package() -> Result<Option<String>, String> {
    let Ok(package) = std::env::var("CARGO_PKG_NAME") else { return Ok(None) };
    let variable = format!("SNUG_BACKEND_{package}");
    match std::env::var(&variable).unwrap_or_default().as_str() {
        "" => Ok(None),
        name @ ("cranelift" | "llvm") => Ok(Some(name.to_owned())),
        other => Err(format!(
            "error: unknown backend `{other}` in the environment variable `{variable}`: \
             use `cranelift` or `llvm`, or unset it"
        )),
    }
}
