//! Everything the build depends on from outside: pinned facts, places and tools.
//!
//! All of it is data in [`Config`], so that the tests run the real code on a small fake tarball, a
//! fake rustc and a fake full disk. Only [`Config::from_environment`] looks at the machine.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{env, io};

use anyhow::{Context, Result};

/// What must not vary: the one compiler that Snug works with, and its sources.
#[derive(Clone, Debug)]
pub struct Pins {
    /// Release number of rustc.
    pub release: String,
    /// Commit hash that `rustc -vV` prints.
    pub commit: String,
    /// The host triple that the recipe for `rustc-dev` was proven on.
    pub host: String,
    /// File name of the source tarball.
    pub tarball: String,
    /// Where the package archive keeps the tarball, relative to the archive's address.
    pub archive_path: String,
    /// SHA-256 of the tarball, in lower-case hex.
    pub sha256: String,
}

impl Default for Pins {
    fn default() -> Pins {
        Pins {
            release: "1.95.0".into(),
            commit: "59807616e1fa2540724bfbac14d7976d7e4a3860".into(),
            host: "x86_64-unknown-linux-gnu".into(),
            tarball: "rustc_1.95.0+dfsg1.orig.tar.xz".into(),
            archive_path: "pool/main/r/rustc".into(),
            sha256: "fee0a232c32b6f919b2166efc441a7c37884905bdcc2170163579eeed5feee6b".into(),
        }
    }
}

/// The programs that `y` runs.
#[derive(Clone, Debug)]
pub struct Tools {
    /// `rustc`, or a rustup proxy of it.
    pub rustc: PathBuf,
    /// C compiler and linker.
    pub cc: OsString,
    /// `apt-get`; `None` where apt must not be used.
    pub apt_get: Option<PathBuf>,
    /// apt's downloader.
    pub apt_helper: PathBuf,
}

/// Says how many bytes are free on the disk that holds a path.
pub type FreeSpace = fn(&Path) -> io::Result<u64>;

/// One run's view of the world.
#[derive(Clone, Debug)]
pub struct Config {
    /// The clone.
    pub root: PathBuf,
    /// The cache, shared by all clones of a user.
    pub cache: PathBuf,
    /// A tarball or an unpacked folder that the user named.
    pub sources: Option<PathBuf>,
    /// A copy of the tarball that may lie beside the clone.
    pub neighbour: PathBuf,
    /// See [`Pins`].
    pub pins: Pins,
    /// See [`Tools`].
    pub tools: Tools,
    /// See [`FreeSpace`].
    pub free_space: FreeSpace,
    /// Whether packages are compiled for someone who edits them (see [`crate::build`]).
    pub dev: bool,
}

impl Config {
    /// Reads `SNUG_CACHE`, `XDG_CACHE_HOME`, `SNUG_SOURCES`, `SNUG_APT` and `SNUG_ROOT`.
    pub fn from_environment() -> Result<Config> {
        let root = match env::var_os("SNUG_ROOT") {
            Some(root) => PathBuf::from(root),
            None => Path::new(env!("CARGO_MANIFEST_DIR"))
                .parent()
                .context("build_system/ has no parent folder")?
                .into(),
        };
        let pins = Pins::default();
        Ok(Config {
            cache: cache_folder()?,
            sources: named("SNUG_SOURCES"),
            neighbour: root.join("../shared").join(&pins.tarball),
            tools: Tools {
                rustc: "rustc".into(),
                cc: "cc".into(),
                apt_get: (env::var("SNUG_APT").as_deref() != Ok("0")).then(|| "apt-get".into()),
                apt_helper: "/usr/lib/apt/apt-helper".into(),
            },
            free_space: crate::disk::free_space,
            dev: false,
            root,
            pins,
        })
    }

    /// A file or folder of the clone.
    pub fn in_root(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }
}

fn cache_folder() -> Result<PathBuf> {
    let folder = named("SNUG_CACHE")
        .or_else(|| named("XDG_CACHE_HOME").map(|xdg| xdg.join("snug")))
        .or_else(|| named("HOME").map(|home| home.join(".cache/snug")))
        .context(
            "There is no place for the cache: set SNUG_CACHE to a folder with 5 GB to spare.",
        )?;
    Ok(std::path::absolute(folder)?)
}

/// The path in an environment variable; one that is empty counts as unset.
fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}
