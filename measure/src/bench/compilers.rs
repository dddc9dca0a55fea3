//! cargo as users call it, with stock rustc and with Snug, whatever is in the environment of `y`.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use y::cargo::clean_command;
use y::config::Config;
use y::prepare::Prepared;

/// The toolchain's cargo, and ours.
pub(super) struct Cargos {
    cargo: PathBuf,
    /// What `PATH` is set to.
    path: OsString,
}

impl Cargos {
    /// With the toolchain's programs and ours before all others.
    pub(super) fn new(config: &Config, prepared: &Prepared) -> Result<Cargos> {
        let old = env::var_os("PATH").unwrap_or_default();
        let folders = [config.in_root("dist/bin"), prepared.toolchain.sysroot.join("bin")];
        let path = env::join_paths(folders.into_iter().chain(env::split_paths(&old)))?;
        Ok(Cargos { cargo: prepared.toolchain.cargo.clone(), path })
    }

    /// `cargo`.
    pub(super) fn stock(&self) -> Command {
        let mut cargo = clean_command(&self.cargo);
        cargo.env("PATH", &self.path);
        for variable in [
            "RUSTUP_TOOLCHAIN",
            "SNUG_LAYOUT",
            "SNUG_LIVENESS",
            "SNUG_COALESCE",
            "SNUG_REPORT",
            "SNUG_SYSROOT",
        ] {
            cargo.env_remove(variable);
        }
        cargo
    }

    /// `cargo snug`, with options of ours.
    pub(super) fn snug(&self, options: &[&str]) -> Command {
        let mut cargo = self.stock();
        cargo.arg("snug").args(options);
        cargo
    }
}
