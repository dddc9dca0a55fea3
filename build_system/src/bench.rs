//! `y bench`: measures.

use anyhow::{Result, bail};

use crate::config::Config;
use crate::prepare::Prepared;
use crate::ui::Ui;

/// Options of `y bench`.
#[derive(Debug, clap::Args)]
pub struct Options {}

/// Runs the benchmarks.
pub fn run(_config: &Config, _ui: &Ui, _prepared: &Prepared, _options: &Options) -> Result<()> {
    bail!("There is no benchmark yet.")
}
