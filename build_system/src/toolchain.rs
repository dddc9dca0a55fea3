//! The toolchain: is it the compiler that this run is for, and is there a linker?

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::config::Config;

/// A rustc, as installed.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// What `rustc --print sysroot` prints.
    pub sysroot: PathBuf,
    /// The real rustc, not rustup's proxy.
    pub rustc: PathBuf,
    /// Its cargo.
    pub cargo: PathBuf,
    /// `librustc_driver-*.so`.
    pub driver: PathBuf,
    /// What `rustc -V` prints after the name, such as `1.95.0 (59807616e 2026-04-14)`.
    pub version: String,
    /// As in `rustc -vV`.
    pub commit: String,
    /// As in `rustc -vV`.
    pub commit_date: String,
    /// As in `rustc -vV`.
    pub host: String,
}

/// What `rustc -vV` prints.
#[derive(Clone, Debug, Default)]
pub struct Says(String);

impl Says {
    /// Asks a rustc, which may be a proxy of rustup's.
    pub fn ask(command: &mut Command) -> Result<Says> {
        Ok(Says(run(command.arg("-vV"))?))
    }

    /// What it prints of itself in the first line.
    pub fn prints(&self) -> &str {
        self.0.lines().next().and_then(|line| line.strip_prefix("rustc ")).unwrap_or("unknown")
    }

    /// A field of the other lines.
    pub fn field(&self, name: &str) -> &str {
        let mut lines = self.0.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or("unknown")
    }
}

impl Toolchain {
    /// Finds the toolchain and makes sure that it is the pinned one.
    pub fn find(config: &Config) -> Result<Toolchain> {
        let pins = &config.pins;
        let says = ask(config, &["-vV"]).map(Says)?;
        let advice = format!("To have it: {}", pins.get);
        if says.field("commit-hash") != pins.commit || says.prints() != pins.prints {
            return Err(unknown(config, &says));
        }
        if says.field("host") != pins.host {
            let host = says.field("host");
            bail!("Snug works on {} so far, but this rustc is for {host}.", pins.host);
        }
        let sysroot = PathBuf::from(ask(config, &["--print", "sysroot"])?.trim());
        Ok(Toolchain {
            rustc: program(&sysroot, "rustc", &advice)?,
            cargo: program(&sysroot, "cargo", &advice)?,
            driver: driver(&sysroot, &advice)?,
            version: says.prints().into(),
            commit: says.field("commit-hash").into(),
            commit_date: says.field("commit-date").into(),
            host: says.field("host").into(),
            sysroot,
        })
    }

    /// What tells this build of rustc from all others: the hash in the name of its `librustc_driver`.
    pub fn id(&self) -> String {
        let name = self.driver.file_stem().unwrap_or_default().to_string_lossy();
        name.trim_start_matches(DRIVER).into()
    }

    /// Where a sysroot keeps the libraries of the host.
    pub fn libraries(&self, sysroot: &Path) -> PathBuf {
        sysroot.join("lib/rustlib").join(&self.host).join("lib")
    }
}

/// Fails unless the C compiler can make a program, as rustc needs it for linking.
pub fn check_linker(config: &Config) -> Result<()> {
    let cc = config.tools.cc.to_string_lossy();
    let advice = "Install a C toolchain, for instance the package `gcc` together with `libc6-dev`.";
    let folder = config.cache.join(format!("work/.tmp-{}-linker", std::process::id()));
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let source = folder.join("check.c");
    fs::write(&source, "int main(void) { return 0; }\n")?;
    let output =
        Command::new(&config.tools.cc).arg(&source).arg("-o").arg(folder.join("check")).output();
    fs::remove_dir_all(&folder).ok();
    match output {
        Err(error) => {
            bail!("The C compiler and linker `{cc}` cannot be started ({error}). {advice}")
        }
        Ok(output) if !output.status.success() => {
            bail!(
                "The C compiler and linker `{cc}` cannot make a trivial program:\n{}\n{advice}",
                String::from_utf8_lossy(&output.stderr)
            )
        }
        Ok(_) => Ok(()),
    }
}

/// The error for a compiler that is not the one that is wanted, or that nobody knows.
pub fn unknown(config: &Config, says: &Says) -> anyhow::Error {
    anyhow::anyhow!(
        "Snug needs rustc {}, and this rustc is {} (commit {}).\nThe compilers that it knows, and how to have each:{}\n\
         `--toolchain NAME` chooses one; with `--allow-unproven`, another is tried with what is known of the nearest.",
        config.pins.prints,
        says.prints(),
        says.field("commit-hash"),
        config.versions.list(),
    )
}

fn ask(config: &Config, arguments: &[&str]) -> Result<String> {
    let mut rustc = Command::new(&config.tools.rustc);
    run(rustc.args(arguments).current_dir(&config.root))
        .with_context(|| format!("To have rustc {}: {}", config.pins.prints, config.pins.get))
}

/// What a program prints.
pub fn run(command: &mut Command) -> Result<String> {
    let name = Path::new(command.get_program()).display().to_string();
    let output = command.output().with_context(|| format!("`{name}` cannot be started"))?;
    if !output.status.success() {
        let arguments: Vec<_> = command.get_args().map(|it| it.to_string_lossy()).collect();
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{name} {}` failed: {}", arguments.join(" "), said.trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn program(sysroot: &Path, name: &str, advice: &str) -> Result<PathBuf> {
    let program = sysroot.join("bin").join(name);
    if !program.exists() {
        bail!("The toolchain has no {}. {advice}", program.display());
    }
    Ok(program)
}

/// What the name of `librustc_driver` begins with; a hash of the build follows.
const DRIVER: &str = "librustc_driver-";

/// In `lib`, or where a distribution has the libraries of one architecture.
fn driver(sysroot: &Path, advice: &str) -> Result<PathBuf> {
    let multiarch = format!("lib/{}-linux-gnu", std::env::consts::ARCH);
    let folders = [sysroot.join("lib"), sysroot.join(multiarch)];
    let files = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    let found = files.map(|entry| entry.path()).find(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(DRIVER) && name.ends_with(".so")
    });
    found.with_context(|| {
        let place = sysroot.join("lib");
        format!("The toolchain has no librustc_driver-*.so in {}. {advice}", place.display())
    })
}
