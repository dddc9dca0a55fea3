//! Which compiler a run is for (`--toolchain`, `--allow-unproven`), and which there are (`y toolchains`).
//!
//! A name is a folder, a version that is known (`1.96`), or what rustup calls a toolchain. For a version, the first of
//! these is taken that is a build that Snug accepts: a toolchain of rustup's, the `rustc` in PATH, what is unpacked in
//! the cache, and packages that can be unpacked there.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};

use crate::config::{Config, Pins};
use crate::packages;
use crate::rustc_dev;
use crate::toolchain::{Says, Toolchain, run, unknown};
use crate::ui::Ui;
use crate::versions::{Compiler, Version};

/// A rustc on this machine.
struct Found {
    /// How it is named to `--toolchain`.
    name: String,
    rustc: PathBuf,
    says: Says,
}

/// Makes the configuration that of the compiler that was asked for.
pub fn choose(
    config: &mut Config,
    ui: &Ui,
    name: Option<&str>,
    allow_unproven: bool,
) -> Result<()> {
    let Some(name) = name else {
        // Whoever needs it says what is wrong with it.
        if let Ok(says) = Says::ask(&mut Command::new(&config.tools.rustc)) {
            pin(config, &says, allow_unproven).ok();
        }
        return Ok(());
    };
    let found = find(config, ui, name)?;
    pin(config, &found.says, allow_unproven)?;
    let default = std::mem::replace(&mut config.tools.rustc, found.rustc);
    config.default_rustc = (!config.pins.is_default).then_some(default);
    Ok(())
}

/// What is known of the compiler, or else of the nearest.
fn pin(config: &mut Config, says: &Says, allow_unproven: bool) -> Result<()> {
    let versions = &config.versions;
    let default = versions.default_version(&config.root)?.release.clone();
    let (commit, release) = (says.field("commit-hash"), says.field("release"));
    config.pins = match versions.of(says.prints(), commit) {
        Some((version, compiler)) => Pins::new(versions, version, compiler, &default),
        None if allow_unproven => {
            let nearest = versions.nearest(release, says.prints());
            let (version, compiler) = nearest.context("versions/ is empty")?;
            eprintln!(
                "warning: rustc {} is not known: it is tried with what is known of {}",
                says.prints(),
                compiler.prints
            );
            let pins = Pins::new(versions, version, compiler, &default);
            Pins {
                prints: says.prints().into(),
                commit: commit.into(),
                release: release.into(),
                get: "let rustup install its component rustc-dev, which has its sources and its crates".into(),
                cfgs: versions.cfgs(release),
                is_default: false,
                ..pins
            }
        }
        None => return Err(unknown(config, says)),
    };
    Ok(())
}

fn find(config: &Config, ui: &Ui, name: &str) -> Result<Found> {
    let folder = Path::new(name);
    if folder.join("bin/rustc").exists() {
        let rustc = std::path::absolute(folder.join("bin/rustc"))?;
        let says = Says::ask(&mut Command::new(&rustc))?;
        return Ok(Found { name: name.into(), rustc, says });
    }
    if let Some(version) = config.versions.named(name) {
        return of_version(config, ui, version);
    }
    of_rustup(name).map_err(|_| {
        anyhow!(
            "`{name}` is no toolchain: it is no folder with bin/rustc in it, no version that Snug knows, and rustup has \
             none of that name. The compilers that Snug knows, and how to have each:{}",
            config.versions.list()
        )
    })
}

fn of_version(config: &Config, ui: &Ui, version: &Version) -> Result<Found> {
    let accepts = |found: &Found| {
        let known = config.versions.of(found.says.prints(), found.says.field("commit-hash"));
        known.is_some_and(|(known, _)| known.release == version.release)
    };
    if let Some(found) = all(config).into_iter().find(accepts) {
        return Ok(found);
    }
    for compiler in version.compilers.iter().filter(|compiler| compiler.packages.is_some()) {
        packages::prepare(config, ui, version, compiler)?;
        if let Some(found) = unpacked(config, version, compiler).filter(accepts) {
            return Ok(found);
        }
    }
    let get = version.compilers.iter().map(|it| format!("\n  rustc {}: {}", it.prints, it.get));
    bail!(
        "rustc {} is not on this machine. To have it:{}",
        version.release,
        get.collect::<String>()
    )
}

/// All compilers of this machine, those of rustup first.
fn all(config: &Config) -> Vec<Found> {
    let list = run(Command::new("rustup").args(["toolchain", "list"])).unwrap_or_default();
    let names = list.lines().filter_map(|line| line.split_whitespace().next());
    let mut found: Vec<Found> = names.filter_map(|name| of_rustup(name).ok()).collect();
    found.extend(in_path());
    for version in &config.versions.0 {
        let compilers = version.compilers.iter();
        found.extend(compilers.filter_map(|compiler| unpacked(config, version, compiler)));
    }
    found
}

fn of_rustup(name: &str) -> Result<Found> {
    let rustc = || {
        let mut rustc = Command::new("rustc");
        rustc.env("RUSTUP_TOOLCHAIN", name).env("RUSTUP_AUTO_INSTALL", "0");
        rustc
    };
    let says = Says::ask(&mut rustc())?;
    let sysroot = run(rustc().args(["--print", "sysroot"]))?;
    Ok(Found { name: name.into(), rustc: Path::new(sysroot.trim()).join("bin/rustc"), says })
}

/// The `rustc` in PATH that is not rustup's.
fn in_path() -> Option<Found> {
    let path = std::env::var_os("PATH")?;
    let mut files = std::env::split_paths(&path).map(|folder| folder.join("rustc"));
    let rustc = files.find(|file| file.is_file() && !file.with_file_name("rustup").exists())?;
    let says = Says::ask(&mut Command::new(&rustc)).ok()?;
    let sysroot = rustc.ancestors().nth(2)?.display().to_string();
    Some(Found { name: sysroot, rustc, says })
}

fn unpacked(config: &Config, version: &Version, compiler: &Compiler) -> Option<Found> {
    let place = packages::place(&config.cache, version, compiler);
    let is_there = packages::is_there(&place, compiler.packages.as_ref()?);
    let rustc = place.join("usr/bin/rustc");
    let says = is_there.then(|| Says::ask(&mut Command::new(&rustc)).ok())??;
    Some(Found { name: version.release.clone(), rustc, says })
}

/// Says which compilers there are, and which can be had.
pub fn list(config: &Config) {
    let all = all(config);
    println!("On this machine:");
    for found in &all {
        println!("  {:40} rustc {}", found.name, found.says.prints());
        println!("  {:40} {}", "", state(config, found));
    }
    println!("Known to Snug, and not on this machine:");
    for version in &config.versions.0 {
        for compiler in &version.compilers {
            let is_it = |found: &Found| found.says.prints() == compiler.prints;
            if !all.iter().any(is_it) {
                println!("  rustc {}: {}", compiler.prints, compiler.get);
            }
        }
    }
}

/// Whether Snug works with a compiler, and where its `rustc-dev` is.
fn state(config: &Config, found: &Found) -> String {
    let mut config = config.clone();
    if pin(&mut config, &found.says, false).is_err() {
        return "not known: `--allow-unproven` tries it".into();
    }
    config.tools.rustc.clone_from(&found.rustc);
    let default = if config.pins.is_default { ", the default" } else { "" };
    match Toolchain::find(&config).and_then(|it| rustc_dev::state(&config, &it)) {
        Ok(state) => format!("known{default}; rustc-dev: {state}"),
        Err(error) => format!("cannot be used: {error:#}"),
    }
}
