//! A compiler out of Debian's packages, without root and without installing anything.
//!
//! apt downloads the packages and checks their signatures; its lists of what there is are brought up to date in a
//! folder of their own. The packages are unpacked into the cache. Their programs are told where their libraries are
//! (`DT_RPATH`, by Debian's `patchelf`): with LD_LIBRARY_PATH instead, every program that cargo runs would see it.
//! The result is a toolchain like rustup's: `rustup toolchain link NAME FOLDER/usr` gives it a name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cache::{Cache, remove};
use crate::config::Config;
use crate::disk;
use crate::toolchain::run;
use crate::ui::Ui;
use crate::versions::{Compiler, Packages, Sources, Version};

/// What the packages and what is in them take on disk.
const MEGABYTES: u64 = 1100;
/// Raise this when something else is done with the packages.
const RECIPE: &str = "packages-1";
/// Says in a compiler's folder what it was unpacked from.
const CONTENT: &str = "packages.txt";
/// The programs that are linked with libraries of these packages.
const PROGRAMS: [&str; 5] = ["rustc", "rustdoc", "cargo", "clippy-driver", "cargo-clippy"];

/// Where a compiler is unpacked to: what would be `/usr` is in it.
pub fn place(cache: &Path, version: &Version, compiler: &Compiler) -> PathBuf {
    cache.join("toolchains").join(format!("{}-{}", version.release, compiler.name))
}

/// Whether a compiler is there, out of the packages that are asked for now.
pub fn is_there(place: &Path, packages: &Packages) -> bool {
    fs::read_to_string(place.join(CONTENT)).is_ok_and(|text| text == content(packages))
}

fn content(packages: &Packages) -> String {
    let Packages { suite, compiler, libraries } = packages;
    format!("{RECIPE}\n{suite}\n{}\n{}\n", compiler.join(" "), libraries.join(" "))
}

/// Unpacks a compiler unless it is there.
pub fn prepare(config: &Config, ui: &Ui, version: &Version, compiler: &Compiler) -> Result<()> {
    let Some(packages) = &compiler.packages else {
        bail!("rustc {} is not in packages. To have it: {}", compiler.prints, compiler.get)
    };
    let cache = Cache::open(&config.cache)?;
    let place = place(&config.cache, version, compiler);
    if is_there(&place, packages) {
        return Ok(());
    }
    remove(&place)?;
    disk::require(config, MEGABYTES, "unpack a compiler")?;
    let purpose = format!("get rustc {} from {}", version.release, packages.suite);
    ui.step(&purpose, |_| {
        cache.once(&place, |temporary| {
            unpack(config, packages, temporary)?;
            take_what_is_used(&temporary.join("usr"), &compiler.sources)?;
            Ok(fs::write(temporary.join(CONTENT), content(packages))?)
        })
    })
    .with_context(|| {
        format!(
            "rustc {} could not be had from Debian's packages; the machine's apt must know {}, and that must still \
             have this version",
            version.release, packages.suite
        )
    })
}

fn unpack(config: &Config, packages: &Packages, to: &Path) -> Result<()> {
    let downloads = to.join("downloads");
    fs::create_dir_all(&downloads)
        .with_context(|| format!("{} cannot be made", downloads.display()))?;
    let apt = Apt::new(config, &downloads)?;
    run(apt.command().args(["-qq", "update"]))?;
    let names = packages.compiler.iter().chain(&packages.libraries);
    run(apt.command().args(["-qq", "download", "patchelf"]).args(names))?;

    let tools = downloads.join("tools");
    for entry in fs::read_dir(&downloads)? {
        let package = entry?.path();
        let name = package.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".deb") {
            let to = if name.starts_with("patchelf_") { &tools } else { to };
            run(Command::new("dpkg-deb").arg("--extract").args([&*package, to]))?;
        }
    }
    let multiarch = format!("$ORIGIN/../lib/{}-linux-gnu", std::env::consts::ARCH);
    for program in PROGRAMS {
        // Not RUNPATH: the libraries' own libraries are there as well.
        let mut patchelf = Command::new(tools.join("usr/bin/patchelf"));
        run(patchelf
            .args(["--force-rpath", "--set-rpath", &multiarch])
            .arg(to.join("usr/bin").join(program)))?;
    }
    remove(&downloads)
}

/// Removes manuals, and sources of other tools: more than half of it all. Debuggers' pretty-printers go to where rustup
/// has them.
fn take_what_is_used(usr: &Path, sources: &Sources) -> Result<()> {
    remove(&usr.join("share"))?;
    let Sources::InSysroot(folder) = sources else { return Ok(()) };
    let sources = usr.join(folder).join("src");
    let printers = usr.join("lib/rustlib/etc");
    fs::create_dir_all(&printers)?;
    for entry in fs::read_dir(sources.join("etc")).into_iter().flatten() {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::rename(entry.path(), printers.join(entry.file_name()))
                .with_context(|| format!("{} cannot be moved", entry.path().display()))?;
        }
    }
    for entry in fs::read_dir(sources).into_iter().flatten() {
        let entry = entry?;
        if entry.file_name() != "version" {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

/// apt with the machine's list of archives, and everything that it writes in a folder.
struct Apt {
    program: PathBuf,
    folder: PathBuf,
}

impl Apt {
    fn new(config: &Config, folder: &Path) -> Result<Apt> {
        let program = config.tools.apt_get.clone();
        let program = program.context("apt is not used, because SNUG_APT=0 is set")?;
        fs::create_dir_all(folder.join("lists/partial"))?;
        fs::create_dir_all(folder.join("archives/partial"))?;
        Ok(Apt { program, folder: folder.to_owned() })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        let option = |name: &str, value: &Path| format!("{name}={}", value.display());
        command
            .current_dir(&self.folder)
            .arg("-o")
            .arg(option("Dir::State::lists", &self.folder.join("lists")))
            .arg("-o")
            .arg(option("Dir::Cache::archives", &self.folder.join("archives")))
            .args(["-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache="])
            // Root's apt would become a user who may not see the cache.
            .args(["-o", "APT::Sandbox::User=root", "-o", "Debug::NoLocking=1"]);
        command
    }
}
