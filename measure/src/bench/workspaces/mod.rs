//! `y bench workspaces`: how long five projects from the registry take to build, clean and after an edit, for a
//! newcomer who has just installed `cargo snug`, compared to stock rustc and to upstream cg_clif.
//!
//! ```text
//! packages ──► sources ──► rounds ──────────────────► figures ──► table
//!                          compilers, edit │ trials
//!                                            servers
//! ```
//!
//! All of it is cargo's dev profile as it is, with two jobs, offline. After each clean build the programs are
//! tried out ([`trials`]): Snug's must answer as stock's do, or this fails. `docs/workspaces.md` says how
//! the projects were chosen.

mod compilers;
mod edit;
mod figures;
mod packages;
mod rounds;
mod servers;
mod sources;
mod table;
mod trials;

use std::path::Path;

use anyhow::{Result, bail};

use self::compilers::{Compiler, Compilers};
use self::figures::Figures;
use self::packages::{WORKSPACES, Workspace};
use self::rounds::Bench;
use self::table::Rows;
use self::trials::Difference;
use super::stock;
use crate::report::Sink;
use y::cache::{Cache, remove};
use y::config::Config;
use y::disk;
use y::prepare::Prepared;
use y::ui::Ui;

/// What one project, built by three compilers, takes on disk.
const MEGABYTES: u64 = 4000;

/// Measures, prints, and fails if Snug cannot build something, or if what it builds does something else than stock's.
pub(super) fn run(
    config: &Config,
    ui: &Ui,
    prepared: &Prepared,
    rounds: usize,
    only: Option<&str>,
    sink: &Sink,
) -> Result<()> {
    let known = WORKSPACES.map(|workspace| workspace.root.name);
    if let Some(only) = only
        && !known.contains(&only)
    {
        bail!("`{only}` is no workspace of this benchmark: take one of {}.", known.join(", "));
    }
    let cg_clif = stock::cg_clif(config, &Cache::open(&config.cache)?, ui, prepared)?;
    let compilers = Compilers::new(config, prepared, cg_clif)?;
    let wanted = |it: &&Workspace| only.is_none_or(|name| name == it.root.name);
    let mut measured = Vec::new();
    let mut troubles = Vec::new();
    for workspace in WORKSPACES.iter().filter(wanted) {
        disk::require(config, MEGABYTES, "build a project with three compilers")?;
        let name = workspace.root.name;
        let folder = config.in_root("build/workspaces").join(name);
        match measure(workspace, &compilers, &folder, ui, prepared, rounds) {
            Ok(figures) => {
                measured.push((workspace, Rows::new(&figures)));
                troubles.extend(figures.differences.into_iter().map(|it| Trouble::of(name, it)));
                remove(&folder)?;
            }
            // The others are measured all the same; the folder stays, to look at.
            Err(error) => troubles.push(Trouble { text: format!("{name}: {error:#}"), ours: true }),
        }
    }
    if !measured.is_empty() {
        println!("{}\n{}", table::table(&measured), table::summary(&measured));
        sink.write("workspaces", table::findings(&measured))?;
    }
    judge(troubles)
}

fn measure(
    workspace: &Workspace,
    compilers: &Compilers,
    folder: &Path,
    ui: &Ui,
    prepared: &Prepared,
    rounds: usize,
) -> Result<Figures> {
    ui.step(&format!("{}, download", workspace.root.name), |progress| {
        sources::make(prepared, workspace, folder, progress)
    })?;
    Bench { compilers, workspace, folder, ui }.run(rounds)
}

/// Something that did not go well.
struct Trouble {
    text: String,
    /// Upstream's troubles are worth a line; all others are an error.
    ours: bool,
}

impl Trouble {
    fn of(workspace: &str, difference: Difference) -> Trouble {
        let Difference { compiler, text } = difference;
        let text = format!("{workspace}: {}: {text}", compiler.title());
        Trouble { text, ours: compiler != Compiler::Upstream }
    }
}

fn judge(troubles: Vec<Trouble>) -> Result<()> {
    let (ours, upstreams): (Vec<_>, Vec<_>) = troubles.into_iter().partition(|it| it.ours);
    for trouble in upstreams {
        println!("differs from stock: {}", trouble.text);
    }
    if ours.is_empty() {
        return Ok(());
    }
    let ours: Vec<_> = ours.into_iter().map(|it| it.text).collect();
    bail!("Not everything could be built, or does what it should:\n{}", ours.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_of_snugs_is_an_error_and_one_of_upstreams_is_not() {
        let trouble = |compiler| Trouble::of("just", Difference { compiler, text: "other".into() });
        assert!(judge(vec![trouble(Compiler::Upstream)]).is_ok());
        let error = judge(vec![trouble(Compiler::Upstream), trouble(Compiler::Snug)]).unwrap_err();
        assert!(error.to_string().ends_with(":\njust: Snug: other"), "{error}");
    }
}
