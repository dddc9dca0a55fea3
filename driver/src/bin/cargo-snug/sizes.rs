//! `cargo snug sizes`: builds as `cargo check` does, and asks the report that Snug's compiler writes.
//!
//! The build has folders of its own: metadata is bigger where layouts are wanted, and neither `cargo snug check` nor
//! `cargo snug build` should have to compile anything again for it. What is asked of the report is `snug-sizes`' affair.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use snug_sizes::Project;

use crate::arguments::CommandLine;
use crate::cargo::{self, Purpose};
use crate::choice::Choice;
use crate::config::Config;
use crate::options::{Layout, Options};
use crate::workspace::{OWN_FOLDER, Place, Workspace};

/// Builds, once or twice, and answers.
pub(crate) fn run(
    options: &Options,
    asked: &snug_sizes::Options,
    config: Config,
    line: &CommandLine,
) -> Result<ExitCode> {
    let place = Place::of(line, config);
    let workspace = cargo::own_workspace(options, &place, line, "sizes")?;
    let own = workspace.target_directory.join(OWN_FOLDER);
    let build = Build { options, place: &place, workspace: &workspace, line };
    // Both twins lay out alike; one compiles for all.
    let purpose = Purpose { backend: Some(Choice::Llvm), ..Purpose::default() };

    let report = match &options.report {
        Some(report) => std::path::absolute(report)?,
        None => report_folder(&own.join("sizes/report"))?,
    };
    let plain = Purpose { folder: Some("sizes"), report: Some(&report), ..purpose };
    if let Err(failed) = build.run(&plain)? {
        return Ok(failed);
    }
    let mut stock: Option<PathBuf> = None;
    if asked.stock {
        let report = report_folder(&own.join("sizes-stock/report"))?;
        let layout = Some(Layout::Classic);
        let folder = Some("sizes-stock");
        if let Err(failed) =
            build.run(&Purpose { folder, report: Some(&report), layout, ..purpose })?
        {
            return Ok(failed);
        }
        stock = Some(report);
    }
    let settings = workspace.settings()?;
    let project = Project {
        root: workspace.workspace_root.clone(),
        crates: workspace.crates(),
        budgets: settings.budget,
        report,
        stock,
    };
    let is_well = snug_sizes::run(asked, &project)?;
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Where a report goes: to a folder with a number. Cargo knows which crates it has compiled for which folder, not what is in
/// there. So where parts of the report are gone, another number makes it compile all crates again.
fn report_folder(all: &Path) -> Result<PathBuf> {
    let entries = std::fs::read_dir(all).into_iter().flatten().flatten();
    let last =
        entries.map(|entry| entry.path()).max_by_key(|path| (path.as_os_str().len(), path.clone()));
    match last {
        Some(last) if snug_sizes::is_whole(&last) => Ok(last),
        Some(_) => {
            std::fs::remove_dir_all(all)
                .with_context(|| format!("the folder `{}` cannot be removed", all.display()))?;
            report_folder(all)
        }
        None => Ok(all.join(cargo::number_of_build().to_string())),
    }
}

/// A build.
struct Build<'a> {
    options: &'a Options,
    place: &'a Place,
    workspace: &'a Workspace,
    line: &'a CommandLine,
}

impl Build<'_> {
    /// Runs cargo; the inner error is its exit status.
    fn run(&self, purpose: &Purpose<'_>) -> Result<std::result::Result<(), ExitCode>> {
        let report = purpose.report.unwrap_or(Path::new("."));
        std::fs::create_dir_all(report)
            .with_context(|| format!("the folder `{}` cannot be made", report.display()))?;
        let workspace = Some(self.workspace);
        let mut cargo = cargo::prepared(self.options, purpose, self.place, workspace, self.line)?;
        cargo::success(cargo.status().context("cargo could not be started")?)
    }
}
