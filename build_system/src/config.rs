//! Everything the build depends on from outside: pinned facts, places and tools.
//!
//! All of it is data in [`Config`], so that the tests run the real code on a small fake tarball, a
//! fake rustc and a fake full disk. Only [`Config::from_environment`] looks at the machine.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{env, io};

use anyhow::{Context, Result};

use crate::versions::{Compiler, Recipe, Sources, Tarball, Version, Versions};

/// What must not vary: the one compiler that this run works with, and its sources.
#[derive(Clone, Debug)]
pub struct Pins {
    /// Release number of rustc.
    pub release: String,
    /// Commit hash that `rustc -vV` prints.
    pub commit: String,
    /// What `rustc -V` prints after `rustc `.
    pub prints: String,
    /// The host triple that the recipe for `rustc-dev` was proven on.
    pub host: String,
    /// Where the sources are.
    pub sources: Sources,
    /// How `rustc-dev` is reconstructed, if it can be.
    pub recipe: Option<Recipe>,
    /// What to do to have the compiler.
    pub get: String,
    /// What is set (`--cfg`) for it.
    pub cfgs: Vec<String>,
    /// Its folder in `versions/`.
    pub folder: PathBuf,
    /// Whether it is of the version that a plain `./y.sh build` is for, whose files have the short names.
    pub is_default: bool,
}

impl Pins {
    /// What is known of a compiler.
    pub fn new(versions: &Versions, version: &Version, compiler: &Compiler, default: &str) -> Pins {
        Pins {
            release: version.release.clone(),
            commit: version.commit.clone(),
            prints: compiler.prints.clone(),
            host: "x86_64-unknown-linux-gnu".into(),
            sources: compiler.sources.clone(),
            recipe: compiler.recipe.clone(),
            get: compiler.get.clone(),
            cfgs: versions.cfgs(&version.release),
            folder: version.folder.clone(),
            is_default: version.release == default,
        }
    }

    /// The tarball of the sources, if they are in one.
    pub fn tarball(&self) -> Option<&Tarball> {
        match &self.sources {
            Sources::Tarball(tarball) => Some(tarball),
            Sources::InSysroot(_) => None,
        }
    }

    /// The backend's lock file, if cg_clif needs other crates than the default version's.
    pub fn lock_file(&self) -> Option<PathBuf> {
        Some(self.folder.join("Cargo.lock")).filter(|file| file.exists())
    }

    /// A name for files of this compiler's: that of the default version is the short one.
    pub fn named(&self, name: &str) -> String {
        if self.is_default { name.into() } else { format!("{name}-{}", self.release) }
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
    /// The folder beside the clone that may have a copy of the tarball.
    pub neighbours: PathBuf,
    /// All versions of rustc that are known.
    pub versions: Versions,
    /// See [`Pins`].
    pub pins: Pins,
    /// See [`Tools`].
    pub tools: Tools,
    /// The compiler of the default version, where `tools` has another one.
    pub default_rustc: Option<PathBuf>,
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
        let versions = Versions::read(&root)?;
        let default = versions.default_version(&root)?;
        let compiler = default.compilers.first().context("a version lists its compilers")?;
        let pins = Pins::new(&versions, default, compiler, &default.release);
        Ok(Config {
            cache: cache_folder()?,
            sources: named("SNUG_SOURCES"),
            neighbours: root.join("../shared"),
            tools: Tools {
                rustc: "rustc".into(),
                cc: "cc".into(),
                apt_get: (env::var("SNUG_APT").as_deref() != Ok("0")).then(|| "apt-get".into()),
                apt_helper: "/usr/lib/apt/apt-helper".into(),
            },
            default_rustc: None,
            free_space: crate::disk::free_space,
            dev: false,
            root,
            pins,
            versions,
        })
    }

    /// A file or folder of the clone.
    pub fn in_root(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// What `prepare` and `build` make in the clone for this compiler. What is for the default version lies in build/
    /// itself, the rest in a folder of its version.
    pub fn in_build(&self, relative: &str) -> PathBuf {
        match self.pins.is_default {
            true => self.root.join("build").join(relative),
            false => self.root.join("build").join(&self.pins.release).join(relative),
        }
    }

    /// The tarball of the sources beside the clone.
    pub fn neighbour(&self) -> Option<PathBuf> {
        Some(self.neighbours.join(&self.pins.tarball()?.file))
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
