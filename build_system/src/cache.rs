//! The cache: everything that is expensive to make, kept outside the clone.
//!
//! Three rules make it safe to interrupt `y` at any moment, even with `kill -9`:
//! * A finished thing has a name that depends on all that went into it. It is made in a temporary
//!   sibling and renamed, so a name that exists is finished.
//! * Only one `y` works in a cache at a time ([`Cache::open`] locks it), so any temporary that is
//!   found belongs to a run that died, and is removed.
//! * Cargo's own target folders (in `work/` and `target/`) are kept as they are: cargo resumes
//!   them.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

const TEMPORARY: &str = ".tmp-";

/// The kinds of things in the cache: one folder each.
pub const FOLDERS: [&str; 10] = [
    "downloads",
    "toolchains",
    "sources",
    "rustc-dev",
    "sysroot",
    "cg_clif",
    "artefacts",
    "work",
    "target",
    "y",
];

/// An opened, locked cache.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    _lock: File,
}

impl Cache {
    /// Makes the folder where needed, waits for any other `y` to finish, and clears up after ones
    /// that died.
    pub fn open(folder: &Path) -> Result<Cache> {
        fs::create_dir_all(folder).with_context(|| {
            format!(
                "The cache folder {} cannot be made. Set SNUG_CACHE to a folder that you can \
                 write to.",
                folder.display()
            )
        })?;
        let lock = lock(&folder.join("lock"))?;
        let cache = Cache { folder: folder.into(), _lock: lock };
        cache.remove_leftovers()?;
        Ok(cache)
    }

    /// The place of a thing, finished or not. `kind` is one of [`FOLDERS`].
    pub fn place(&self, kind: &str, name: &str) -> PathBuf {
        debug_assert!(FOLDERS.contains(&kind));
        self.folder.join(kind).join(name)
    }

    /// Makes `place` unless it is there: `make` fills a temporary, which then gets its name.
    pub fn once(&self, place: &Path, make: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        if place.exists() {
            return Ok(());
        }
        let temporary = Temporary::beside(place)?;
        make(&temporary.path)?;
        fs::rename(&temporary.path, place)
            .with_context(|| format!("{} could not be put in place", place.display()))
    }

    /// Removes everything but the lock, which others may be waiting for.
    pub fn remove_all(&self) -> Result<()> {
        FOLDERS.iter().try_for_each(|kind| remove(&self.folder.join(kind)))
    }

    fn remove_leftovers(&self) -> Result<()> {
        for kind in FOLDERS {
            let Ok(entries) = fs::read_dir(self.folder.join(kind)) else {
                continue;
            };
            for entry in entries.flatten() {
                if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
                    remove(&entry.path())?;
                }
            }
        }
        Ok(())
    }
}

/// A path beside `place` that is removed when dropped, unless it was renamed.
struct Temporary {
    path: PathBuf,
}

impl Temporary {
    fn beside(place: &Path) -> Result<Temporary> {
        let folder = place.parent().context("a place in the cache has a parent")?;
        fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
        let name = place.file_name().context("a place in the cache has a name")?.to_string_lossy();
        let path = folder.join(format!("{TEMPORARY}{}-{name}", std::process::id()));
        remove(&path)?;
        Ok(Temporary { path })
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // On failure it stays until the next run, which removes it.
        remove(&self.path).ok();
    }
}

fn lock(path: &Path) -> Result<File> {
    let file =
        File::options().create(true).truncate(false).write(true).open(path).with_context(|| {
            format!(
                "{} cannot be opened. Set SNUG_CACHE to a folder that you can write to.",
                path.display()
            )
        })?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            eprintln!("another y is running, waiting for it to finish");
            file.lock()?;
        }
        Err(TryLockError::Error(error)) => {
            return Err(error).with_context(|| format!("{} cannot be locked", path.display()));
        }
    }
    Ok(file)
}

/// Removes a file, a link or a folder; one that is not there is fine.
pub fn remove(path: &Path) -> Result<()> {
    let removed = match path.symlink_metadata() {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => return Ok(()),
    };
    removed.with_context(|| format!("{} cannot be removed", path.display()))
}

/// Replaces the file at `to` by a copy of `from` in one step: whoever reads `to` sees the old or
/// the new file.
pub fn copy_atomically(from: &Path, to: &Path) -> Result<()> {
    let temporary = Temporary::beside(to)?;
    fs::copy(from, &temporary.path)
        .with_context(|| format!("{} cannot be copied to {}", from.display(), to.display()))?;
    fs::rename(&temporary.path, to).with_context(|| format!("{} cannot be replaced", to.display()))
}

/// Makes `link` point to `target` in one step, replacing what was there.
pub fn link_atomically(target: &Path, link: &Path) -> Result<()> {
    if fs::read_link(link).is_ok_and(|old| old == target) {
        return Ok(());
    }
    let temporary = Temporary::beside(link)?;
    std::os::unix::fs::symlink(target, &temporary.path)?;
    fs::rename(&temporary.path, link)
        .with_context(|| format!("{} cannot be replaced by a link", link.display()))
}

/// A name made from content: feed it all inputs of a step.
#[derive(Default)]
pub struct Key(Sha256);

impl Key {
    /// Adds one input. The length goes in as well, so that inputs cannot run into each other.
    pub fn with(mut self, bytes: impl AsRef<[u8]>) -> Key {
        let bytes = bytes.as_ref();
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Adds the names and contents of all files in a folder, or of a file. One that is missing adds
    /// its absence.
    pub fn with_files(mut self, path: &Path) -> Result<Key> {
        for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(_) if !path.exists() => return Ok(self.with("missing")),
                Err(error) => return Err(error.into()),
            };
            if entry.file_type().is_file() {
                let content = fs::read(entry.path())
                    .with_context(|| format!("{} cannot be read", entry.path().display()))?;
                self = self
                    .with(entry.path().strip_prefix(path)?.as_os_str().as_encoded_bytes())
                    .with(content);
            }
        }
        Ok(self)
    }

    /// The finished name.
    pub fn name(self) -> String {
        hex(&self.0.finalize()[..10])
    }
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
