//! Downloads the tarball from the machine's own package archive, without root and without a deb-src
//! line.
//!
//! The addresses of the archives come from apt's configuration, and apt's helper program downloads
//! with apt's settings (proxies, mirrors) and checks the sha256. Machines without apt, and users
//! who set `SNUG_APT=0`, go without.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::cache::{Cache, remove};
use crate::config::Config;
use crate::disk;
use crate::ui::{Progress, Ui};

/// About what the tarball takes on disk and on a progress bar.
const MEGABYTES: u64 = 89;

/// Downloads to `place`, trying one archive after the other.
pub fn download(config: &Config, cache: &Cache, ui: &Ui, place: &Path) -> Result<()> {
    let apt_get = config.tools.apt_get.as_ref().context("not tried, because SNUG_APT=0 is set")?;
    if !config.tools.apt_helper.exists() {
        bail!("this machine has no {}", config.tools.apt_helper.display());
    }
    let archives = archives(apt_get)?;
    if archives.is_empty() {
        bail!("apt knows no package archive on this machine");
    }
    disk::require(config, MEGABYTES, "download the sources of rustc")?;
    ui.step("download the sources of rustc", |progress| {
        cache.once(place, |temporary| {
            let mut failures = Vec::new();
            for archive in &archives {
                match fetch(config, archive, temporary, progress) {
                    Ok(()) => return Ok(()),
                    Err(error) => failures.push(format!("{archive}: {error:#}")),
                }
                remove(temporary)?;
            }
            bail!("{}", failures.join("; "))
        })
    })
}

/// The addresses of all archives that apt is configured for, each once, in apt's order.
fn archives(apt_get: &Path) -> Result<Vec<String>> {
    let output = Command::new(apt_get)
        .args(["indextargets", "--format", "$(REPO_URI)"])
        .output()
        .with_context(|| format!("{} cannot be started", apt_get.display()))?;
    let mut archives: Vec<String> = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let address = line.trim_end_matches('/');
        if !address.is_empty() && !archives.iter().any(|known| known == address) {
            archives.push(address.to_string());
        }
    }
    Ok(archives)
}

fn fetch(config: &Config, archive: &str, file: &Path, progress: &Progress) -> Result<()> {
    let tarball = config.pins.tarball().context("the sources are in no tarball")?;
    let mut child = Command::new(&config.tools.apt_helper)
        .args([
            "-o",
            "Acquire::Retries=1",
            "-o",
            "Acquire::http::Timeout=20",
            "-o",
            "Acquire::https::Timeout=20",
            "download-file",
        ])
        .arg(format!("{archive}/{}/{}", tarball.archive_path, tarball.file))
        .arg(file)
        .arg(format!("SHA256:{}", tarball.sha256))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} cannot be started", config.tools.apt_helper.display()))?;
    while child.try_wait()?.is_none() {
        let arrived = fs::metadata(file).map_or(0, |data| data.len());
        progress.at(arrived / disk::MB, MEGABYTES, "");
        thread::sleep(Duration::from_millis(100));
    }
    let output = child.wait_with_output()?;
    if !output.status.success() || !file.exists() {
        let said = String::from_utf8_lossy(&output.stderr);
        let reason =
            said.lines().find(|line| line.starts_with("E:")).unwrap_or("the download failed");
        bail!("{reason}");
    }
    Ok(())
}
