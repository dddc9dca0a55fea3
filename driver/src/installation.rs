//! The files that were installed together, and the two backends among them.
//!
//! ```text
//! bin/cargo-snug
//! lib/snug/snug-rustc               the compiler, without a backend
//! lib/snug/snug.so                  the backends
//! lib/snug/snug_llvm.so
//! lib/snug/cranelift/rustc, rustdoc what cargo starts, for one backend ..
//! lib/snug/llvm/rustc, rustdoc      .. and for the other
//! lib/snug/*/clippy-driver          the same for clippy, which has a compiler of its own ..
//! lib/snug/libsnug_clippy.so        .. that loads this first
//! lib/snug/clippy/cargo-clippy      what cargo finds as clippy
//! ```
//!
//! All of it once more in `lib/snug/ID` for each other compiler that Snug is installed for (`compilers.rs`).
//!
//! Two folders, because cargo remembers what a compiler says of itself by its path.
//!
//! A choice for one package is a variable of its own (`SNUG_BACKEND_ring=llvm`; `cargo snug` sets it), not
//! a list of packages: only that package is compiled again when the choice changes. The backend lists
//! the variable in dep-info (`src/tracking.rs`).

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::compilers::Compiler;
use crate::error::{Error, Result};
use crate::{demands, toolchain};

/// The list of files and their sums, in the format of `sha256sum`.
const SUMS: &str = "SHA256SUMS";

/// What makes clippy's compiler Snug's.
pub const CLIPPY_LIBRARY: &str = "libsnug_clippy.so";
/// The name of clippy's compiler, here and in the toolchain: many programs know it by that.
pub const CLIPPY_DRIVER: &str = "clippy-driver";
/// What cargo is to find as clippy.
const CARGO_CLIPPY: &str = "clippy/cargo-clippy";

/// One of the two backends; both give futures the same layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// Compiles fast.
    Cranelift,
    /// Optimises.
    Llvm,
}

impl Backend {
    /// Both.
    pub const ALL: [Backend; 2] = [Backend::Cranelift, Backend::Llvm];

    /// The name that users write, and that the folder of its `rustc` has.
    pub fn name(self) -> &'static str {
        match self {
            Backend::Cranelift => "cranelift",
            Backend::Llvm => "llvm",
        }
    }

    fn from_name(name: &str) -> Option<Backend> {
        Backend::ALL.into_iter().find(|backend| backend.name() == name)
    }

    fn file(self) -> &'static str {
        match self {
            Backend::Cranelift => "snug.so",
            Backend::Llvm => "snug_llvm.so",
        }
    }
}

/// The variable that chooses the backend for one package.
pub fn package_variable(package: &str) -> String {
    format!("SNUG_BACKEND_{package}")
}

/// Where everything is.
#[derive(Clone, Debug)]
pub struct Installation {
    /// `lib/snug`.
    folder: PathBuf,
}

impl Installation {
    /// What `cargo snug` takes for a compiler.
    ///
    /// # Errors
    ///
    /// When a file is missing.
    pub fn of_compiler(compiler: &Compiler) -> Result<Installation> {
        let installation = Installation { folder: compiler.folder.clone() };
        for backend in Backend::ALL {
            installation.rustc(backend)?;
            installation.rustdoc(backend)?;
            installation.clippy_driver(backend)?;
            installation.dylib(backend)?;
        }
        installation.compiler()?;
        installation.file(CLIPPY_LIBRARY)?;
        installation.file(CARGO_CLIPPY)?;
        Ok(installation)
    }

    /// Finds it from `lib/snug/BACKEND/rustc`, whose folder says which backend it is, or from
    /// `bin/snug-rustc`, for which the arguments say it: LLVM where they ask for optimisation.
    ///
    /// # Errors
    ///
    /// When the executable lies somewhere else.
    pub fn of_rustc(arguments: &[OsString]) -> Result<(Installation, Backend)> {
        let own = own_file()?;
        let twin = own.parent().unwrap_or(Path::new("/"));
        let name = twin.file_name().unwrap_or_default().to_string_lossy();
        if name == "bin" {
            let folder = toolchain::find()?.compiler.folder;
            return Ok((Installation { folder }, demands::by_optimisation(arguments)));
        }
        let backend = Backend::from_name(&name)
            .ok_or_else(|| broken(own.as_os_str(), "its folder should be `cranelift` or `llvm`"))?;
        let folder = twin.parent().unwrap_or(Path::new("/")).to_owned();
        Ok((Installation { folder }, backend))
    }

    /// The installation that an executable in `bin` belongs to.
    fn of_prefix(executable: &Path) -> Installation {
        let prefix = executable.ancestors().nth(2).unwrap_or(Path::new("/"));
        Installation { folder: prefix.join("lib/snug") }
    }

    /// Where the backends and compilers lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Compares the files of `cargo snug`, for all compilers, with `SHA256SUMS`, which is made with them.
    ///
    /// # Errors
    ///
    /// Names the first file that is not what it was.
    pub fn check_sums(&self) -> Result<()> {
        let list = Installation::of_prefix(&own_file()?).file(SUMS)?;
        let text =
            fs::read_to_string(&list).map_err(|e| broken(list.as_os_str(), &e.to_string()))?;
        for line in text.lines() {
            let (sum, name) = line.split_once("  ").unwrap_or((line, ""));
            let file = list.with_file_name(name);
            if !file.exists() {
                return Err(broken(file.as_os_str(), "it is missing"));
            }
            let content = fs::read(&file).map_err(|e| broken(file.as_os_str(), &e.to_string()))?;
            let found = Sha256::digest(content);
            if found.iter().map(|byte| format!("{byte:02x}")).collect::<String>() != sum {
                return Err(broken(file.as_os_str(), "it is not the file that was installed"));
            }
        }
        Ok(())
    }

    /// What cargo is to call as rustc.
    ///
    /// # Errors
    ///
    /// When it is missing.
    pub fn rustc(&self, backend: Backend) -> Result<PathBuf> {
        self.file(&format!("{}/rustc", backend.name()))
    }

    /// What cargo is to call as rustdoc.
    ///
    /// # Errors
    ///
    /// When it is missing.
    pub fn rustdoc(&self, backend: Backend) -> Result<PathBuf> {
        self.file(&format!("{}/rustdoc", backend.name()))
    }

    /// What cargo is to call as clippy-driver.
    ///
    /// # Errors
    ///
    /// When it is missing.
    pub fn clippy_driver(&self, backend: Backend) -> Result<PathBuf> {
        self.file(&format!("{}/{CLIPPY_DRIVER}", backend.name()))
    }

    /// The folder of what cargo is to find as `cargo-clippy`.
    ///
    /// # Errors
    ///
    /// When that is missing.
    pub fn cargo_clippys_folder(&self) -> Result<PathBuf> {
        let file = self.file(CARGO_CLIPPY)?;
        Ok(file.parent().unwrap_or(&self.folder).to_owned())
    }

    /// The dylib of a backend.
    ///
    /// # Errors
    ///
    /// When it is missing.
    pub fn dylib(&self, backend: Backend) -> Result<PathBuf> {
        self.file(backend.file())
    }

    /// The executable that is the compiler.
    ///
    /// # Errors
    ///
    /// When it is missing.
    pub fn compiler(&self) -> Result<PathBuf> {
        self.file("snug-rustc")
    }

    /// A file of the installation.
    fn file(&self, name: &str) -> Result<PathBuf> {
        let file = self.folder.join(name);
        if file.exists() { Ok(file) } else { Err(broken(file.as_os_str(), "it is missing")) }
    }
}

/// What to say of a file of Snug's that is not what it should be.
pub fn broken(file: &OsStr, reason: &str) -> Error {
    Error::new(format!("Snug's file `{}` cannot be used: {reason}", file.display()))
        .help("install Snug again (`./y.sh install`), and keep its folder together")
}

/// The backend that the package at hand has of its own.
///
/// # Errors
///
/// When it is neither of the two.
pub fn chosen_for_package() -> Result<Option<Backend>> {
    let Ok(package) = std::env::var("CARGO_PKG_NAME") else { return Ok(None) };
    let variable = package_variable(&package);
    let name = std::env::var(&variable).unwrap_or_default();
    match Backend::from_name(&name) {
        None if !name.is_empty() => Err(Error::new(format!(
            "unknown backend `{name}` in the environment variable `{variable}`: \
             use `cranelift` or `llvm`, or unset it"
        ))),
        chosen => Ok(chosen),
    }
}

/// This executable.
///
/// # Errors
///
/// When the system does not say.
pub fn own_file() -> Result<PathBuf> {
    std::env::current_exe()
        .map_err(|error| Error::new(format!("Snug cannot find its own folder: {error}")))
}
