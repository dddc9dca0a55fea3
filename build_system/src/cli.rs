//! The command line: what can be asked for, and who does it.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::error::ErrorKind::DisplayHelp;
use clap::{Parser, Subcommand};

use crate::cache::{Cache, remove};
use crate::config::Config;
use crate::measuring::{self, HandedOver};
use crate::prepare::{Prepared, prepare};
use crate::ui::Ui;
use crate::{build, cargo, dist, install, port_check, run, sccache, test, toolchains};

/// Builds, tests and shows Snug, a backend for rustc that makes futures smaller.
///
/// Everything expensive is kept in a cache outside the clone ($SNUG_CACHE, else
/// $XDG_CACHE_HOME/snug, else ~/.cache/snug) and shared by all clones. Each command may be
/// interrupted at any moment and goes on where it stopped. Each command does the ones it needs
/// first: `./y.sh demo` is enough on a fresh clone.
#[derive(Debug, Parser)]
#[command(name = "y.sh", bin_name = "./y.sh", max_term_width = 120)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Options of all commands.
#[derive(Debug, clap::Args)]
pub struct Common {
    /// The sources of rustc to use: the tarball, or a folder into which it was unpacked
    /// [default: found by itself]
    #[arg(long, value_name = "PATH", env = "SNUG_SOURCES", global = true)]
    sources: Option<PathBuf>,
    /// Compile the backend for someone who edits it: faster to compile, in a target folder of this clone's own;
    /// what it compiles takes longer
    #[arg(long, env = "SNUG_DEV", global = true)]
    dev: bool,
    /// The compiler to work with: a version (such as 1.96), a name of rustup's, or a folder (`./y.sh toolchains` lists
    /// them) [default: that of rust-toolchain.toml]
    #[arg(long, value_name = "NAME", env = "SNUG_TOOLCHAIN", global = true)]
    toolchain: Option<String>,
    /// Try a compiler that is not known with what is known of the nearest one
    #[arg(long, global = true)]
    allow_unproven: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the compilers that are here, and those that can be had
    Toolchains,
    /// Show what to read before a port: how the pieces of rustc that Snug mirrors differ between two versions
    PortCheck(port_check::Options),
    /// Get what the backend is built on: rustc's sources, rustc's crates (rustc-dev), the patched
    /// cg_clif
    Prepare,
    /// Compile the backend into dist/lib (prepares first)
    Build,
    /// Put `cargo snug` where cargo finds it (builds first)
    Install(install::Options),
    /// Remove what `install` has put there
    Uninstall(install::Options),
    /// Pack `cargo snug` for another machine with the same toolchain (builds first)
    Dist,
    /// Compile and run one file under stock rustc and Snug, and show the difference (builds the twin that it needs)
    Run(run::Options),
    /// Run the tests (builds what they need first)
    Test(test::Options),
    #[command(flatten)]
    Measuring(HandedOver),
    /// Run a cargo command on the root package as `build` would (prepares first), such as: cargo
    /// clippy --features cranelift
    Cargo {
        /// What to pass to cargo
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        arguments: Vec<String>,
    },
    /// Remove build/ and dist/ from this clone
    Clean {
        /// Remove the cache as well, which all clones share
        #[arg(long)]
        cache: bool,
    },
}

/// Does what the command line asks for.
pub fn run() -> Result<()> {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    match Cli::try_parse() {
        Ok(cli) => cli.run(&arguments),
        Err(it) if it.kind() == DisplayHelp && measuring::is_helped_by_name(&arguments) => {
            measuring::hand_over(&Config::from_environment()?, &arguments)
        }
        Err(error) => error.exit(),
    }
}

impl Common {
    /// What a command works with that needs no compiler.
    fn without_compiler(&self) -> Result<Config> {
        let mut config = Config::from_environment()?;
        config.sources = self.sources.as_deref().map(std::path::absolute).transpose()?;
        config.dev = self.dev;
        Ok(config)
    }

    /// What a command works with.
    pub fn config(&self, ui: &Ui) -> Result<Config> {
        let mut config = self.without_compiler()?;
        toolchains::choose(&mut config, ui, self.toolchain.as_deref(), self.allow_unproven)?;
        Ok(config)
    }
}

impl Cli {
    fn run(self, arguments: &[OsString]) -> Result<()> {
        let ui = Ui::new();
        let start = Instant::now();
        let config = match self.command {
            Command::Toolchains
            | Command::Clean { .. }
            | Command::Uninstall(_)
            | Command::Measuring(_) => self.common.without_compiler()?,
            _ => self.common.config(&ui)?,
        };
        match self.command {
            Command::Measuring(_) => return measuring::hand_over(&config, arguments),
            Command::Toolchains => {
                toolchains::list(&config);
                return Ok(());
            }
            Command::PortCheck(options) => return port_check::run(&config, &ui, &options),
            Command::Prepare => drop(ready_to_build(&config, &ui)?),
            Command::Build => drop(built(&config, &ui)?),
            Command::Install(options) => {
                built(&config, &ui)?;
                install::install(&config, &ui, &options)?;
            }
            Command::Uninstall(options) => install::uninstall(&ui, &options)?,
            Command::Dist => {
                let prepared = built(&config, &ui)?;
                dist::dist(&config, &ui, &prepared)?;
            }
            Command::Run(options) => {
                let prepared = ready_to_build(&config, &ui)?;
                let cache = Cache::open(&config.cache)?;
                build::one_backend(&config, &cache, &ui, &prepared, options.is_llvm())?;
                install::complete(&config)?;
                drop(cache);
                run::run(&config, &prepared, &options)?;
            }
            Command::Test(options) => test::run(&config, &ui, &options)?,
            Command::Cargo { arguments } => {
                return cargo(&config, &ready_to_build(&config, &ui)?, &arguments);
            }
            Command::Clean { cache } => return clean(&config, cache),
        }
        ui.end(start);
        Ok(())
    }
}

/// Prepares. The cache is free for others again afterwards.
pub(crate) fn ready_to_build(config: &Config, ui: &Ui) -> Result<Prepared> {
    prepare(config, &Cache::open(&config.cache)?, ui)
}

/// Prepares and builds. The cache is free for others again afterwards.
pub fn built(config: &Config, ui: &Ui) -> Result<Prepared> {
    built_beside(config, ui, |_, _| Ok(()))
}

/// Prepares, and builds what users get and what only tests need: the long ones need more.
pub(crate) fn built_for_tests(config: &Config, ui: &Ui, long: bool) -> Result<Prepared> {
    built_beside(config, ui, |cache, prepared| {
        build::with_faults(config, cache, ui, prepared)?;
        if long {
            build::cranelift_with_faults(config, cache, ui, prepared)?;
            sccache::for_tests(config, cache, ui, prepared)?;
        }
        Ok(())
    })
}

fn built_beside(
    config: &Config,
    ui: &Ui,
    meanwhile: impl FnOnce(&Cache, &Prepared) -> Result<()>,
) -> Result<Prepared> {
    let prepared = ready_to_build(config, ui)?;
    if config.dev {
        build::for_editing(config, ui, &prepared)?;
    }
    let cache = Cache::open(&config.cache)?;
    build::build_beside(config, &cache, ui, &prepared, || meanwhile(&cache, &prepared))?;
    install::complete(config)?;
    Ok(prepared)
}

fn cargo(config: &Config, prepared: &Prepared, arguments: &[String]) -> Result<()> {
    let status = build::cargo_command(config, prepared)?
        .args(arguments)
        .status()
        .context("cargo could not be started")?;
    cargo::succeeded(status, "cargo")
}

fn clean(config: &Config, with_cache: bool) -> Result<()> {
    let cache = Cache::open(&config.cache)?;
    remove(&config.in_root("build"))?;
    remove(&config.in_root("dist"))?;
    if with_cache { cache.remove_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_command_line_is_one_that_clap_accepts() {
        Cli::command().debug_assert();
    }
}
