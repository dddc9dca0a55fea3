//! The cargo call whose inputs give the official crate ids. What differs between compilers is in
//! `versions/*/version.toml`.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{vendored, wrapper};
use crate::cache::remove;
use crate::cargo::{Run, clean_command, encode_flags};
use crate::toolchain::Toolchain;
use crate::ui::Progress;
use crate::versions;

/// What a reconstruction works with.
pub struct Recipe<'a> {
    /// The official compiler.
    pub toolchain: &'a Toolchain,
    /// How it was built.
    pub inputs: &'a versions::Recipe,
    /// Its unpacked sources.
    pub sources: &'a Path,
    /// A folder that survives an interrupt, so that cargo can resume.
    pub work: &'a Path,
}

impl Recipe<'_> {
    /// Runs cargo over the compiler's crates.
    pub fn run(&self, progress: &Progress) -> Result<()> {
        self.lay_out()?;
        let mut command = self.command();
        if let Some(patches) = &self.inputs.patched_crates {
            command.arg("--config").arg(vendored::prepare(self, patches, progress)?);
            // `cargo vendor` has completed the lock file.
            self.restore_lock_file()?;
        }
        Run {
            purpose: "compile the front ends of rustc's crates",
            command,
            log: self.work.join("cargo.log"),
        }
        .with(progress)
    }

    /// The list of symbols that the reconstructed driver would export, left behind by the linker
    /// stand-in.
    pub fn exports(&self) -> PathBuf {
        self.work.join(wrapper::EXPORTS)
    }

    /// Puts hard links to the results into the folder `to`: metadata of the crates, proc macros,
    /// the driver.
    pub fn collect(&self, to: &Path) -> Result<()> {
        fs::create_dir_all(to)?;
        let target = self.work.join("target");
        let for_target = target.join(&self.toolchain.host).join("release/deps");
        link_files(&for_target, to, |name| {
            name.ends_with(".rmeta")
                || name.starts_with("librustc_driver-") && name.ends_with(".so")
        })?;
        link_files(&target.join("release/deps"), to, |name| name.ends_with(".so"))
    }

    /// Makes what the cargo call refers to.
    fn lay_out(&self) -> Result<()> {
        let empty = self.work.join(wrapper::EMPTY);
        fs::create_dir_all(&empty)?;
        // rustc_llvm wants to link this; there is nothing in it, because the code is in the
        // official driver.
        fs::write(empty.join("libllvm-wrapper.a"), b"!<arch>\n")?;
        // Overrides the build script of jemalloc, which would compile it.
        fs::write(
            self.work.join("no-jemalloc.toml"),
            format!("[target.{}.jemalloc]\nrustc-link-lib = []\n", self.toolchain.host),
        )?;
        let program = std::env::current_exe().context("y does not know where it is")?;
        for name in [wrapper::RUSTC_WRAPPER, wrapper::DRIVER_LINKER, wrapper::PROGRAM_LINKER] {
            let link = self.work.join(name);
            remove(&link)?;
            symlink(&program, link)?;
        }
        self.restore_lock_file()
    }

    /// Cargo edits it.
    fn restore_lock_file(&self) -> Result<()> {
        let lock = self.sources.join("Cargo.lock");
        fs::copy(self.sources.join("Cargo.lock.pristine"), lock)
            .context("Cargo.lock of the sources cannot be restored")?;
        Ok(())
    }

    /// The toolchain's cargo with the toolchain's rustc, in the sources.
    pub fn cargo(&self) -> Command {
        let mut command = clean_command(&self.toolchain.cargo);
        command
            .current_dir(self.sources)
            .env("RUSTC", &self.toolchain.rustc)
            .env("RUSTC_BOOTSTRAP", "1");
        command
    }

    fn command(&self) -> Command {
        let Recipe { toolchain, inputs, sources, work } = self;
        let version = &toolchain.version;
        let flags: Vec<&str> = inputs.flags.iter().map(String::as_str).collect();
        let mut command = self.cargo();
        command
            .args([
                "build",
                "--release",
                "--features",
                &inputs.features,
                "-p",
                "rustc-main",
                "--target",
                &toolchain.host,
            ])
            .arg("--config")
            .arg(work.join("no-jemalloc.toml"))
            .arg("--target-dir")
            .arg(work.join("target"))
            .arg("--manifest-path")
            .arg(sources.join("compiler/rustc/Cargo.toml"))
            .envs(&inputs.environment)
            .env("CARGO_ENCODED_RUSTFLAGS", encode_flags(&flags))
            .env("RUSTC_WRAPPER", work.join(wrapper::RUSTC_WRAPPER))
            .env(wrapper::WORK, work)
            .env(wrapper::OFFICIAL_DRIVER, &toolchain.driver)
            // The channel, as rustc's own build mixes it into `-Cmetadata`.
            .env("__CARGO_DEFAULT_LIB_METADATA", format!("stable{}", release(version)))
            // rustc_llvm's build script: do not look for LLVM.
            .env("RUST_CHECK", "1")
            // What the compiler's crates read with `env!`.
            .env("CFG_RELEASE", release(version))
            .env("CFG_RELEASE_CHANNEL", "stable")
            .env("CFG_VERSION", version)
            .env("CFG_VER_HASH", &toolchain.commit)
            .env("CFG_VER_DATE", &toolchain.commit_date)
            .env("CFG_COMPILER_HOST_TRIPLE", &toolchain.host)
            .env("CFG_COMPILER_BUILD_TRIPLE", &toolchain.host)
            .env("RUSTC_INSTALL_BINDIR", "bin")
            .env("REAL_LIBRARY_PATH_VAR", "LD_LIBRARY_PATH");
        command
    }
}

/// `1.95.0 (59807616e 2026-04-14)` is release `1.95.0`.
fn release(version: &str) -> &str {
    version.split_whitespace().next().unwrap_or_default()
}

fn link_files(from: &Path, to: &Path, wanted: impl Fn(&str) -> bool) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let entry = entry?;
        if wanted(&entry.file_name().to_string_lossy()) {
            fs::hard_link(entry.path(), to.join(entry.file_name()))
                .with_context(|| format!("{} cannot be kept", entry.path().display()))?;
        }
    }
    Ok(())
}
