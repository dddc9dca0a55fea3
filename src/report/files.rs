//! How the files of a report are written.

use std::path::Path;

/// Readers never see half a file: it is written beside and renamed.
pub(super) fn write_whole(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    std::fs::write(&temporary, content)?;
    std::fs::rename(temporary, path)
}
