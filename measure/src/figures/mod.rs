//! `y figures`: a document with everything that benchmarks have written, and a picture for each of their plots.
//!
//! ```text
//! docs/figures/*.json ──► docs/figures.md, docs/figures/NAME-N.svg
//! ```
//!
//! The document is a function of the files: the same files make the same bytes, and [`tests`] hold what is in the repository
//! against its files.

mod document;
mod plot;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::report::Report;
use y::config::Config;
use y::ui::Ui;

/// Options of `y figures`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Files of `./y.sh bench NAME --json FILE` to take over first; each replaces the benchmark's last one
    files: Vec<PathBuf>,
}

/// Writes everything.
pub(crate) fn run(config: &Config, ui: &Ui, options: &Options) -> Result<()> {
    let docs = config.in_root("docs");
    let folder = docs.join("figures");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for file in &options.files {
        let report = Report::read(file)?;
        let text = serde_json::to_string_pretty(&report)? + "\n";
        write(&folder.join(format!("{}.json", report.benchmark)), &text)?;
    }
    let reports = reports(&folder)?;
    if reports.is_empty() {
        bail!(
            "There is nothing to draw: run `./y.sh bench NAME --json FILE`, then `./y.sh figures FILE`."
        );
    }
    for file in files_of(&folder, "svg")? {
        fs::remove_file(&file).with_context(|| format!("{} cannot be removed", file.display()))?;
    }
    for (name, text) in made(&reports)? {
        write(&docs.join(name), &text)?;
    }
    ui.note("ok", "docs/figures.md");
    Ok(())
}

/// All files that reports make, by their names in `docs/`.
fn made(reports: &[Report]) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for report in reports {
        for (index, plot) in report.findings.plots.iter().enumerate() {
            files.insert(picture(report, index), plot::svg(plot)?);
        }
    }
    files.insert("figures.md".into(), document::markdown(reports));
    Ok(files)
}

/// The name of a picture, as it is seen from `docs/`.
fn picture(report: &Report, index: usize) -> String {
    format!("figures/{}-{}.svg", report.benchmark, index + 1)
}

fn reports(folder: &Path) -> Result<Vec<Report>> {
    files_of(folder, "json")?.iter().map(|file| Report::read(file)).collect()
}

/// The files of a folder with an extension, sorted.
fn files_of(folder: &Path, extension: &str) -> Result<BTreeSet<PathBuf>> {
    let mut files = BTreeSet::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?
    {
        let file = entry?.path();
        if file.extension().is_some_and(|found| found == extension) {
            files.insert(file);
        }
    }
    Ok(files)
}

fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_what_its_files_make() {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
        let reports = reports(&docs.join("figures")).unwrap();
        let files = made(&reports).unwrap();
        for (name, text) in &files {
            let found = fs::read_to_string(docs.join(name)).unwrap_or_default();
            assert!(found == *text, "docs/{name} is not what its file makes: run ./y.sh figures");
        }
        for svg in files_of(&docs.join("figures"), "svg").unwrap() {
            let name = format!("figures/{}", svg.file_name().unwrap().to_str().unwrap());
            assert!(files.contains_key(&name), "docs/{name} is of nothing: run ./y.sh figures");
        }
    }
}
