//! `y dist`: one file for other machines: what `y build` made in dist/, the licences, and a script that installs it.
//!
//! ```text
//! snug-VERSION-rustc-RELEASE-HOST/install.sh, bin/, lib/, share/
//! share/doc/cargo-snug/LICENSE-APACHE, LICENSE-MIT   Snug's own
//! share/doc/cargo-snug/THIRD-PARTY                   of every package that is compiled into it, as their authors give them
//! ```
//!
//! The same files give the same tarball.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use lzma_rust2::{XzOptions, XzWriter};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::build;
use crate::cache::hex;
use crate::config::Config;
use crate::install::{files, unreadable, unwritable};
use crate::prepare::Prepared;
use crate::ui::Ui;

/// Where what is for lawyers lies, below the prefix.
const DOC: &str = "share/doc/cargo-snug";
/// The script that installs what is beside it.
const SCRIPT: &str = "install.sh";

/// Packs dist/ into one file, and its sum into another.
pub fn dist(config: &Config, ui: &Ui, prepared: &Prepared) -> Result<()> {
    let third_party = third_party(config, prepared)?;
    pack(config, ui, &third_party)
}

/// The same, with the licences of all that is not Snug's.
pub fn pack(config: &Config, ui: &Ui, third_party: &str) -> Result<()> {
    let pins = &config.pins;
    let name = format!("snug-{}-rustc-{}-{}", env!("CARGO_PKG_VERSION"), pins.release, pins.host);
    let tarball = config.in_root("build").join(format!("{name}.tar.xz"));
    let notices = config.in_root("build").join("THIRD-PARTY");
    fs::write(&notices, third_party).with_context(|| unwritable(&notices))?;
    let dist = config.in_root("dist");
    let mut all: BTreeMap<PathBuf, PathBuf> =
        files(&dist)?.into_iter().map(|path| (path.clone(), dist.join(path))).collect();
    all.insert(SCRIPT.into(), config.in_root("driver/dist").join(SCRIPT));
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        all.insert(Path::new(DOC).join(licence), config.in_root(licence));
    }
    all.insert(Path::new(DOC).join("THIRD-PARTY"), notices);
    ui.step("pack", |progress| {
        let temporary = tarball.with_extension("tmp");
        let file = File::create(&temporary).with_context(|| unwritable(&temporary))?;
        let mut tar = tar::Builder::new(XzWriter::new(file, XzOptions::with_preset(6))?);
        tar.follow_symlinks(false);
        tar.mode(tar::HeaderMode::Deterministic);
        for (done, (path, from)) in all.iter().enumerate() {
            progress.at(done as u64, all.len() as u64, "files");
            tar.append_path_with_name(from, Path::new(&name).join(path))
                .with_context(|| format!("{} cannot be packed", from.display()))?;
        }
        tar.into_inner()?.finish()?.flush()?;
        fs::rename(&temporary, &tarball).with_context(|| unwritable(&tarball))
    })?;
    let content = fs::read(&tarball).with_context(|| unreadable(&tarball))?;
    let sum = format!("{}  {name}.tar.xz\n", hex(&Sha256::digest(&content)));
    let sum_file = config.in_root("build").join(format!("{name}.tar.xz.sha256"));
    fs::write(&sum_file, sum).with_context(|| unwritable(&sum_file))?;
    println!("{}\n{}", tarball.display(), sum_file.display());
    println!(
        "On the other machine: sha256sum -c {name}.tar.xz.sha256 && tar -xJf {name}.tar.xz && {name}/{SCRIPT}"
    );
    Ok(())
}

/// The packages of this repository whose dependencies are compiled into what is packed, and the features that they have
/// there.
const PACKED: [(&str, &str); 4] =
    [("", "cranelift,unwinding,llvm"), ("driver", ""), ("loader", ""), ("clippy", "")];

/// The names, licences and licence texts of all packages of others that are compiled into what is packed. (cargo lists those
/// that only compile it, too: more texts than need be.) Texts that are the same stand there once.
fn third_party(config: &Config, prepared: &Prepared) -> Result<String> {
    let mut packages: BTreeMap<String, PathBuf> = BTreeMap::new();
    for (folder, features) in PACKED {
        let output = build::cargo_command(config, prepared)?
            .args(["metadata", "--locked", "--format-version=1", "--features", features])
            .args(["--filter-platform", &config.pins.host])
            .current_dir(config.in_root(folder))
            .output()
            .context("cargo cannot be run")?;
        if !output.status.success() {
            bail!("cargo cannot list packages: {}", String::from_utf8_lossy(&output.stderr));
        }
        let listed: Value = serde_json::from_slice(&output.stdout)?;
        for package in listed["packages"].as_array().into_iter().flatten() {
            let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
            let place =
                Path::new(&text("manifest_path")).parent().unwrap_or(&config.root).to_owned();
            if !place.starts_with(&config.root) || place.starts_with(config.in_root("build")) {
                let by =
                    package["authors"].as_array().into_iter().flatten().filter_map(Value::as_str);
                // Some packages have no text of their licence in them.
                let by = by.collect::<Vec<_>>().join(", ");
                let name = format!(
                    "{} {}: {} ({by}; {})",
                    text("name"),
                    text("version"),
                    text("license"),
                    text("repository")
                );
                packages.insert(name, place);
            }
        }
    }
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, place) in &packages {
        for text in licences(place)? {
            texts.entry(text).or_default().insert(name.clone());
        }
    }
    let mut all =
        String::from("Packages of others that are compiled into Snug, and their licences.\n");
    all += "rustc's own LLVM and libraries are in the toolchain, not here.\n\n";
    packages.keys().for_each(|name| all += &format!("{name}\n"));
    for (text, names) in texts {
        let names = names.into_iter().collect::<Vec<_>>().join("\n");
        all += &format!("\n{}\n{names}\n\n{}\n", "=".repeat(80), text.trim_end());
    }
    Ok(all)
}

/// The texts in a package that say what its licence is.
fn licences(package: &Path) -> Result<Vec<String>> {
    const NAMES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE"];
    let mut texts = Vec::new();
    for entry in fs::read_dir(package).with_context(|| unreadable(package))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        if path.is_file() && NAMES.iter().any(|start| name.starts_with(start)) {
            let text = fs::read(&path).with_context(|| unreadable(&path))?;
            texts.push(String::from_utf8_lossy(&text).into_owned());
        }
    }
    Ok(texts)
}
