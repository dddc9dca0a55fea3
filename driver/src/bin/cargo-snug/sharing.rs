//! What `cargo snug doctor` says of sccache, with which teams share what was compiled (`docs/teams.md`).

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The sccache that cargo is told to use, if that is what it is told.
pub(crate) fn sccache() -> Option<OsString> {
    let wrapper = std::env::var_os("RUSTC_WRAPPER")?;
    let is_sccache = Path::new(&wrapper).file_stem() == Some(OsStr::new("sccache"));
    is_sccache.then_some(wrapper)
}

/// Whether it does what teams expect of it.
pub(crate) fn check(sccache: &OsStr) -> Result<String> {
    let version = ask(sccache, "--version")?;
    let distributed = ask(sccache, "--dist-status")?;
    if !distributed.contains("Disabled") {
        bail!(
            "it sends crates to other machines, and these compile them with stock rustc: \
             {distributed}\ntake `[dist]` out of sccache's configuration: \
             `cargo snug` shares results, not work"
        );
    }
    let hint = match std::env::var("CARGO_INCREMENTAL").as_deref() {
        Ok("0") => "",
        _ => " (with CARGO_INCREMENTAL=0 it also caches the workspace's own crates in dev builds)",
    };
    Ok(format!("{version}{hint}"))
}

fn ask(sccache: &OsStr, question: &str) -> Result<String> {
    let name = sccache.display();
    let output = Command::new(sccache)
        .arg(question)
        .output()
        .with_context(|| format!("`{name}`, which RUSTC_WRAPPER names, cannot be started"))?;
    let said = if output.status.success() { output.stdout } else { output.stderr };
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    if !output.status.success() {
        bail!("`{name} {question}` fails ({}): {said}", output.status);
    }
    Ok(said)
}
