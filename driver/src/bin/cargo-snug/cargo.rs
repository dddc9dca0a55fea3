//! Runs cargo with Snug's `rustc`.

use std::ffi::OsString;
use std::process::{Command, ExitCode, ExitStatus};

use anyhow::{Context, Result, anyhow};
use snug_driver::installation::{Backend, Installation, package_variable};
use snug_driver::toolchain::{self, Toolchain};

use crate::options::Options;
use crate::workspace::{Settings, Workspace};
use crate::{choice, folders};

/// Runs a cargo command. The exit status is cargo's.
pub(crate) fn run(options: &Options, arguments: &[OsString]) -> Result<ExitCode> {
    let mut command = prepared(options, arguments)?;
    command.args(arguments);
    let status = command.status().context("cargo could not be started")?;
    Ok(exit_code(status))
}

/// Cargo, for the toolchain that the user means, and otherwise as the user has it.
pub(crate) fn plain_cargo(options: &Options) -> Command {
    match &options.toolchain {
        Some(toolchain) => {
            let mut cargo = Command::new("cargo");
            cargo.env("RUSTUP_TOOLCHAIN", toolchain);
            cargo
        }
        // Cargo says to its subcommands which cargo it is.
        None => Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())),
    }
}

/// The toolchain that the user means, if it is the right one.
pub(crate) fn toolchain(options: &Options) -> Result<Toolchain> {
    let found = match &options.toolchain {
        Some(name) => toolchain::of_rustup(name),
        None => toolchain::find(),
    };
    found.map_err(|message| anyhow!(message))
}

/// Cargo with everything set that makes it compile with Snug.
pub(crate) fn prepared(options: &Options, arguments: &[OsString]) -> Result<Command> {
    let installation = Installation::of_cargo_snug().map_err(|message| anyhow!(message))?;
    let toolchain = toolchain(options)?;
    let workspace = Workspace::find(plain_cargo(options), arguments)?;
    let settings = match &workspace {
        Some(workspace) => workspace.settings()?,
        None => Settings::default(),
    };
    let backend = match options.backend {
        Some(backend) => backend,
        None => {
            let root = workspace.as_ref().map(|it| it.workspace_root.join("Cargo.toml"));
            let manifest = root.unwrap_or_default();
            choice::by_profile(&choice::profile(arguments), &settings, &manifest)?
        }
    };
    let mut cargo = plain_cargo(options);
    let rustc = installation.rustc(backend).map_err(|message| anyhow!(message))?;
    let rustdoc = installation.rustdoc(backend).map_err(|message| anyhow!(message))?;
    cargo.env(toolchain::SYSROOT, &toolchain.sysroot).env("RUSTC", &rustc).env("RUSTDOC", rustdoc);
    choose_for_packages(&mut cargo, options, &settings, workspace.as_ref())?;
    if let Some(layout) = options.layout {
        cargo.env("SNUG_LAYOUT", layout.name());
    }
    if let Some(report) = &options.report {
        cargo.env("SNUG_REPORT", std::path::absolute(report)?);
    }
    if let Some(workspace) = &workspace {
        folders::keep_apart(&mut cargo, workspace, arguments);
    }
    Ok(cargo)
}

/// Tells `rustc` which packages have a backend of their own.
fn choose_for_packages(
    cargo: &mut Command,
    options: &Options,
    settings: &Settings,
    workspace: Option<&Workspace>,
) -> Result<()> {
    for (package, backend) in workspace.map(Workspace::packages).transpose()?.unwrap_or_default() {
        cargo.env(package_variable(&package), backend.name());
    }
    for package in settings.llvm.iter().chain(&options.llvm) {
        cargo.env(package_variable(package), Backend::Llvm.name());
    }
    Ok(())
}

/// A process's exit status, as a shell would give it on.
fn exit_code(status: ExitStatus) -> ExitCode {
    use std::os::unix::process::ExitStatusExt;
    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}
