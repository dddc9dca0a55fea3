//! Disk space: asked for before a big step, and recognised when it ran out in the middle of one.

use std::io;
use std::path::Path;

use anyhow::{Result, bail};

use crate::config::Config;

/// Bytes in a megabyte, as this tool counts them.
pub const MB: u64 = 1_000_000;

/// Bytes that an ordinary user may still write to the disk that holds `path`.
pub fn free_space(path: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(path)?;
    Ok(disk.f_bavail * disk.f_frsize)
}

/// Fails unless `megabytes` are free in the cache. What cannot be measured is not an error.
pub fn require(config: &Config, megabytes: u64, purpose: &str) -> Result<()> {
    let Ok(free) = (config.free_space)(&config.cache) else {
        return Ok(());
    };
    if free < megabytes * MB {
        bail!(
            "There is too little disk space to {purpose}: {} MB are free in {}, {megabytes} MB \
             are needed. Free some, or set SNUG_CACHE to a folder on another disk.",
            free / MB,
            config.cache.display()
        );
    }
    Ok(())
}

/// Whether an error, or the text of a failed program, means that the disk is full.
pub fn is_full(error: &anyhow::Error) -> bool {
    let io_says_so = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|io| {
            matches!(io.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
        })
    };
    error
        .chain()
        .any(|cause| io_says_so(cause) || cause.to_string().contains("No space left on device"))
}
