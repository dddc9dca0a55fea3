//! `y demo`: shows the point on a real program.

use anyhow::{Result, bail};

use crate::config::Config;
use crate::prepare::Prepared;
use crate::ui::Ui;

/// Options of `y demo`.
#[derive(Debug, clap::Args)]
pub struct Options {}

/// Runs the demo.
pub fn run(_config: &Config, _ui: &Ui, _prepared: &Prepared, _options: &Options) -> Result<()> {
    bail!("There is no demo yet.")
}
