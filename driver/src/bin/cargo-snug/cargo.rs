//! Runs cargo with Snug's `rustc`.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use snug_driver::installation::{Backend, Installation, package_variable};
use snug_driver::toolchain::{self, Toolchain};
use snug_driver::{clippy, error};

use crate::arguments::CommandLine;
use crate::choice::{Choice, Profiles};
use crate::config::{self, Config};
use crate::directions::Directions;
use crate::options::{Layout, Options};
use crate::targets;
use crate::workspace::{Manifest, Place, Settings, Workspace};

/// Becomes cargo: its output, its exit status, and its way with signals.
pub(crate) fn run(options: &Options, config: Config, line: &CommandLine) -> Result<ExitCode> {
    let place = Place::of(line, config);
    let workspace = workspace(options, &place, line)?;
    let mut cargo = prepared(options, &Purpose::default(), &place, workspace.as_ref(), line)?;
    Err(cargo.exec()).context("cargo could not be started")
}

/// What is special about a call of cargo.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Purpose<'a> {
    /// The backend, whatever the profile says.
    pub(crate) backend: Option<Choice>,
    /// The layout, whatever the user says.
    pub(crate) layout: Option<Layout>,
    /// The folder below Snug's for results, which nothing else uses.
    pub(crate) folder: Option<&'a str>,
    /// The report's folder, if it is not where the user says.
    pub(crate) report: Option<&'a Path>,
}

/// What cargo says of the workspace that a command is about; `None` if it is about none.
pub(crate) fn workspace(
    options: &Options,
    place: &Place,
    line: &CommandLine,
) -> Result<Option<Workspace>> {
    match &place.manifest {
        Manifest::None => Ok(None),
        manifest => Workspace::find(plain_cargo(options), manifest, line),
    }
}

/// The workspace that one of Snug's own commands is about.
pub(crate) fn own_workspace(
    options: &Options,
    place: &Place,
    line: &CommandLine,
    command: &str,
) -> Result<Workspace> {
    match workspace(options, place, line)? {
        Some(workspace) => Ok(workspace),
        None => bail!(
            "there is no package here that cargo can read\n\
             help: go to one, or name its Cargo.toml: `cargo snug {command} --manifest-path DIR/Cargo.toml`"
        ),
    }
}

/// What a call of cargo's comes to for a command that needs its results: the inner error is the exit status to end with.
pub(crate) fn success(status: ExitStatus) -> Result<std::result::Result<(), ExitCode>> {
    match status.code() {
        Some(0) => Ok(Ok(())),
        Some(code) => Ok(Err(ExitCode::from(u8::try_from(code).unwrap_or(1)))),
        None => bail!("cargo was ended by a signal"),
    }
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
pub(crate) fn toolchain(options: &Options) -> error::Result<Toolchain> {
    match &options.toolchain {
        Some(name) => toolchain::of_rustup(name),
        None => toolchain::find(),
    }
}

/// Cargo with everything set that makes it compile with Snug.
pub(crate) fn prepared(
    options: &Options,
    purpose: &Purpose<'_>,
    place: &Place,
    workspace: Option<&Workspace>,
    line: &CommandLine,
) -> Result<Command> {
    let toolchain = toolchain(options)?;
    let installation = Installation::of_compiler(&toolchain.compiler)?;
    targets::warn_of_missing(line, &place.config, &toolchain);
    let settings = workspace.map(Workspace::settings).transpose()?.unwrap_or_default();
    let choice = match purpose.backend.or(options.backend) {
        Some(choice) => choice,
        None => {
            let root = workspace.map(|workspace| workspace.workspace_root.as_path());
            Profiles::new(&settings, &place.config, root).backend(line)?
        }
    };
    let mut cargo = plain_cargo(options);
    cargo.env(toolchain::SYSROOT, &toolchain.sysroot);
    choose_for_packages(&mut cargo, options, choice, &settings, workspace)?;
    if let Some(layout) = purpose.layout.or(options.layout) {
        cargo.env("SNUG_LAYOUT", layout.name());
    }
    if let Some(coalesce) = options.coalesce {
        cargo.env("SNUG_COALESCE", coalesce.name());
    }
    if let Some(liveness) = options.liveness {
        cargo.env("SNUG_LIVENESS", liveness.name());
    }
    if let Some(inline) = options.inline {
        cargo.env("SNUG_INLINE", inline.name());
    }
    if let Some(report) = purpose.report.or(options.report.as_deref()) {
        cargo.env("SNUG_REPORT", std::path::absolute(report)?);
        cargo.env("SNUG_REPORT_BUILD", number_of_build().to_string());
    }
    let mut directions = Directions::default();
    let rustc = installation.rustc(choice.of_others())?;
    let rustdoc = installation.rustdoc(choice.of_others())?;
    directions.compilers(&rustc, &rustdoc);
    place.own_folders(workspace, purpose.folder, &mut directions);
    directions.give(&mut cargo, line);
    if line.command.as_deref() == Some("clippy") {
        let folder = installation.cargo_clippys_folder()?;
        clippy::find_ours(&mut cargo, folder, config::home());
    }
    Ok(cargo)
}

/// Cargo that compiles with stock's rustc, as if there were no Snug, into a folder of its own.
pub(crate) fn stock(
    options: &Options,
    folder: &str,
    place: &Place,
    workspace: &Workspace,
    line: &CommandLine,
) -> Command {
    let mut cargo = plain_cargo(options);
    let mut directions = Directions::default();
    place.own_folders(Some(workspace), Some(folder), &mut directions);
    directions.give(&mut cargo, line);
    cargo
}

/// A number that no other build has, and that later builds exceed: `src/report/manifest.rs` tells builds apart by it.
pub(crate) fn number_of_build() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos()
}

/// Tells `rustc` which packages have a backend of their own.
fn choose_for_packages(
    cargo: &mut Command,
    options: &Options,
    choice: Choice,
    settings: &Settings,
    workspace: Option<&Workspace>,
) -> Result<()> {
    if choice.of_workspace() != choice.of_others() {
        for package in workspace.into_iter().flat_map(Workspace::names) {
            cargo.env(package_variable(package), choice.of_workspace().name());
        }
    }
    for (package, backend) in workspace.map(Workspace::packages).transpose()?.unwrap_or_default() {
        cargo.env(package_variable(&package), backend.name());
    }
    for package in settings.llvm.iter().chain(&options.llvm) {
        cargo.env(package_variable(package), Backend::Llvm.name());
    }
    Ok(())
}
