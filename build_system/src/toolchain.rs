//! The installed toolchain: is it the one compiler that Snug works with, and is there a linker?

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::config::Config;

/// The official rustc 1.95.0, as installed.
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

impl Toolchain {
    /// Finds the toolchain and makes sure that it is the pinned one.
    pub fn find(config: &Config) -> Result<Toolchain> {
        let version = ask(config, &["-vV"])?;
        let field = |name: &str| field(&version, name);
        let pins = &config.pins;
        let advice = format!("Run: rustup toolchain install {}", pins.release);
        if field("commit-hash") != pins.commit {
            bail!(
                "Snug needs the official rustc {} (commit {}), but this rustc is {} (commit {}). \
                 {advice}",
                pins.release,
                pins.commit,
                field("release"),
                field("commit-hash"),
            );
        }
        if field("host") != pins.host {
            bail!("Snug works on {} so far, but this rustc is for {}.", pins.host, field("host"));
        }
        let sysroot = PathBuf::from(ask(config, &["--print", "sysroot"])?.trim());
        Ok(Toolchain {
            rustc: program(&sysroot, "rustc", &advice)?,
            cargo: program(&sysroot, "cargo", &advice)?,
            driver: driver(&sysroot, &advice)?,
            version: version
                .lines()
                .next()
                .and_then(|line| line.strip_prefix("rustc "))
                .unwrap_or(&pins.release)
                .into(),
            commit: field("commit-hash").into(),
            commit_date: field("commit-date").into(),
            host: field("host").into(),
            sysroot,
        })
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

fn ask(config: &Config, arguments: &[&str]) -> Result<String> {
    let rustc = config.tools.rustc.display();
    let release = &config.pins.release;
    let output = Command::new(&config.tools.rustc)
        .args(arguments)
        .current_dir(&config.root)
        .output()
        .with_context(|| {
            format!(
                "`{rustc}` cannot be started. Install Rust {release} with rustup: rustup \
                 toolchain install {release}"
            )
        })?;
    if !output.status.success() {
        bail!(
            "`{rustc} {}` failed:\n{}\nInstall Rust {release} with rustup: rustup toolchain \
             install {release}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn field<'a>(version: &'a str, name: &str) -> &'a str {
    version
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        .unwrap_or("unknown")
}

fn program(sysroot: &Path, name: &str, advice: &str) -> Result<PathBuf> {
    let program = sysroot.join("bin").join(name);
    if !program.exists() {
        bail!("The toolchain has no {}. {advice}", program.display());
    }
    Ok(program)
}

fn driver(sysroot: &Path, advice: &str) -> Result<PathBuf> {
    let folder = sysroot.join("lib");
    let found = fs::read_dir(&folder)
        .with_context(|| format!("{} cannot be read. {advice}", folder.display()))?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("librustc_driver-") && name.ends_with(".so")
        });
    found.with_context(|| {
        format!("The toolchain has no librustc_driver-*.so in {}. {advice}", folder.display())
    })
}
