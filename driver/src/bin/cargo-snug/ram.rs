//! `cargo snug ram`: builds programs, once or twice, and reads what their statics take.
//!
//! The builds have folders of their own, so other commands do not compile anything again for them. They are release builds unless a
//! profile is named: that is what is flashed. What is read from the programs is `snug-stack`'s affair.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use snug_stack::ram;

use crate::arguments::CommandLine;
use crate::cargo;
use crate::config::Config;
use crate::options::Options;
use crate::programs::{self, Program, print};
use crate::targets;
use crate::workspace::{OWN_FOLDER, Place, Workspace};

/// The folders below Snug's for the results of both builds.
const FOLDER: &str = "ram";
const STOCK_FOLDER: &str = "ram-stock";

/// Builds, and answers.
pub(crate) fn run(
    options: &Options,
    asked: &ram::Options,
    config: Config,
    line: &CommandLine,
) -> Result<ExitCode> {
    let place = Place::of(line, config);
    let workspace = cargo::own_workspace(options, &place, line, "ram")?;
    if asked.stock && line.has("target-dir") {
        bail!(
            "`--stock` builds into another folder, and `--target-dir` allows only one\n\
             help: `CARGO_TARGET_DIR` says in which folder both are"
        );
    }
    targets::refuse_missing(line, &place.config, &cargo::toolchain(options)?)?;
    let help = "how much RAM a library takes is known where it is linked; `--examples` builds its examples";
    let programs = match programs::built(options, FOLDER, &place, &workspace, line, help)? {
        Ok(programs) => programs,
        Err(failed) => return Ok(failed),
    };
    let mut of_stock = Vec::new();
    if asked.stock {
        let stocks = cargo::stock(options, STOCK_FOLDER, &place, &workspace, line);
        match programs::build(stocks, line)? {
            Ok(programs) => of_stock = programs,
            Err(failed) => return Ok(failed),
        }
    }
    let programs: Vec<_> =
        programs.into_iter().map(|program| asked_about(program, &of_stock, &workspace)).collect();
    let (text, is_within) = ram::answer(asked, &programs)?;
    print(&text);
    Ok(if is_within { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn asked_about(program: Program, of_stock: &[Program], workspace: &Workspace) -> ram::Program {
    let own = workspace.target_directory.join(OWN_FOLDER);
    let below = |program: &Program, folder: &str| {
        program.path.strip_prefix(own.join(folder)).ok().map(Path::to_owned)
    };
    let place = below(&program, FOLDER);
    let stock = of_stock.iter().find(|it| place.is_some() && below(it, STOCK_FOLDER) == place);
    // The linker looks for scripts where it runs, and that is the workspace's folder, then where build scripts say. Some people's flags name
    // the package's folder.
    let mut folders: Vec<PathBuf> = vec![workspace.workspace_root.clone()];
    folders.extend(program.linked);
    folders.push(program.package);
    ram::Program { path: program.path, stock: stock.map(|it| it.path.clone()), folders }
}
