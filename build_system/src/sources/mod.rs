//! The sources of rustc: where they come from, in which order the places are tried, and that they are the right ones.
//!
//! 1. what the user names (`--sources` or `SNUG_SOURCES`): a tarball, or a folder into which it was
//!    unpacked;
//! 2. what the cache has, unpacked or as a tarball;
//! 3. the package archive of this machine's own apt configuration (see [`apt`]);
//! 4. a copy beside the clone, in `../shared`.
//!
//! Some compilers come with their sources in a folder of their own (`versions/*/version.toml` says so): that takes the
//! place of 2 to 4.
//!
//! A named source that is wrong is an error, never passed over. Of the others, whichever works
//! first is taken; if none does, the error lists all of them and what was wrong with each.

pub mod apt;
pub mod folder;
pub mod unpack;

use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result, bail};

use crate::cache::{Cache, Key, remove};
use crate::config::Config;
use crate::disk;
use crate::toolchain::Toolchain;
use crate::ui::Ui;
use crate::versions::{Sources, Tarball};

/// Raise this when what is unpacked changes.
const RECIPE: &str = "sources-1";
/// What the unpacked sources need on disk.
const MEGABYTES: u64 = 700;

/// Finds the sources; the result is a folder in the cache.
pub fn prepare(config: &Config, cache: &Cache, ui: &Ui, toolchain: &Toolchain) -> Result<PathBuf> {
    if let Some(named) = &config.sources {
        return from_named(config, cache, ui, named);
    }
    let tarball = match &config.pins.sources {
        Sources::Tarball(tarball) => tarball,
        Sources::InSysroot(folder) => {
            let folder = toolchain.sysroot.join(folder);
            return from_named(config, cache, ui, &folder).with_context(|| {
                format!("To have rustc {}: {}", toolchain.version, config.pins.get)
            });
        }
    };
    let place = cache.place("sources", &Key::default().with(RECIPE).with(&tarball.sha256).name());
    if place.exists() {
        ui.skipped("rustc sources");
        return Ok(place);
    }
    let downloaded = cache.place("downloads", &tarball.file);
    let mut failures = Vec::new();
    for source in [Source::Downloaded, Source::Apt, Source::Neighbour] {
        match source.unpack(config, cache, ui, &downloaded, &place) {
            Ok(()) => return Ok(place),
            Err(error) if disk::is_full(&error) => return Err(error),
            Err(error) => failures.push((source.describe(config, &downloaded), error)),
        }
    }
    Err(none_worked(config, tarball, &failures))
}

enum Source {
    Downloaded,
    Apt,
    Neighbour,
}

impl Source {
    fn describe(&self, config: &Config, downloaded: &Path) -> String {
        match self {
            Source::Downloaded => format!("an earlier download ({})", downloaded.display()),
            Source::Apt => "the package archive, through apt".into(),
            Source::Neighbour => {
                format!(
                    "a copy beside the clone ({})",
                    config.neighbour().unwrap_or_default().display()
                )
            }
        }
    }

    fn unpack(
        &self,
        config: &Config,
        cache: &Cache,
        ui: &Ui,
        downloaded: &Path,
        place: &Path,
    ) -> Result<()> {
        match self {
            Source::Downloaded => unpack_download(config, cache, ui, downloaded, place),
            Source::Apt => {
                apt::download(config, cache, ui, downloaded)?;
                unpack_download(config, cache, ui, downloaded, place)
            }
            Source::Neighbour => {
                let neighbour = config.neighbour().context("the sources are in no tarball")?;
                unpack_tarball(config, cache, ui, &neighbour, place)
            }
        }
    }
}

/// Unpacks what was downloaded. If that fails the download is bad, and would be bad for ever: it is
/// removed.
fn unpack_download(
    config: &Config,
    cache: &Cache,
    ui: &Ui,
    downloaded: &Path,
    place: &Path,
) -> Result<()> {
    let unpacked = unpack_tarball(config, cache, ui, downloaded, place);
    if unpacked.as_ref().is_err_and(|error| !disk::is_full(error)) {
        remove(downloaded)?;
    }
    unpacked
}

fn unpack_tarball(
    config: &Config,
    cache: &Cache,
    ui: &Ui,
    tarball: &Path,
    place: &Path,
) -> Result<()> {
    if !tarball.exists() {
        bail!("there is no such file");
    }
    disk::require(config, MEGABYTES, "unpack the sources of rustc")?;
    ui.step("unpack the sources of rustc", |progress| {
        cache.once(place, |temporary| unpack::unpack(tarball, &config.pins, temporary, progress))
    })
}

fn from_named(config: &Config, cache: &Cache, ui: &Ui, named: &Path) -> Result<PathBuf> {
    let unusable = || format!("The sources in {} cannot be used.", named.display());
    let named = named
        .canonicalize()
        .with_context(|| format!("the sources in {} are not there", named.display()))?;
    let key = Key::default().with(RECIPE);
    let key = match config.pins.tarball() {
        Some(tarball) if !named.is_dir() => key.with(&tarball.sha256),
        _ => folder::key(&named, key)?,
    };
    let place = cache.place("sources", &key.name());
    if place.exists() {
        ui.skipped("rustc sources");
    } else if named.is_dir() {
        disk::require(config, MEGABYTES, "copy the sources of rustc")?;
        ui.step("copy the sources of rustc", |_| {
            cache.once(&place, |temporary| folder::copy(&named, &config.pins, temporary))
        })
        .with_context(unusable)?;
    } else {
        unpack_tarball(config, cache, ui, &named, &place).with_context(unusable)?;
    }
    Ok(place)
}

fn none_worked(config: &Config, tarball: &Tarball, failures: &[(String, Error)]) -> Error {
    let tried: String =
        failures.iter().map(|(place, error)| format!("\n  - {place}: {error:#}")).collect();
    anyhow::anyhow!(
        "The sources of rustc {} were not found. Tried:{tried}\nGet the file {} (sha256 {}) from \
         any mirror of Debian's package archive and name it: ./y.sh --sources FILE prepare",
        config.pins.release,
        tarball.file,
        tarball.sha256,
    )
}
