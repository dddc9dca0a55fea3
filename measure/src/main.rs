//! What `./y.sh demo`, `./y.sh bench` and `./y.sh figures` do. `y` compiles this program and hands its command line over
//! (`build_system/src/measuring.rs` says why). It has `y` as a library, which prepares and builds what is measured.
//!
//! * [`demo`] shows the point of Snug on a real program.
//! * [`bench`] measures what docs/claims.md claims, and writes what it finds as a [`report`].
//! * [`figures`] makes docs/figures.md of such reports.

mod bench;
mod demo;
mod figures;
mod numbers;
mod report;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use clap::Parser;
use y::cli::{Common, built};
use y::measuring::Measuring;
use y::program;
use y::ui::Ui;

/// The command line of `y`, with the commands that are handed over.
#[derive(Debug, Parser)]
#[command(name = "y.sh", bin_name = "./y.sh", max_term_width = 120)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Measuring<demo::Options, bench::Options, figures::Options>,
}

fn main() -> ExitCode {
    program::run(|| Cli::parse().run())
}

impl Cli {
    fn run(self) -> Result<()> {
        let ui = Ui::new();
        let start = Instant::now();
        let config = self.common.config(&ui)?;
        match self.command {
            Measuring::Demo(options) => demo::run(&config, &ui, &built(&config, &ui)?, &options)?,
            Measuring::Bench(options) => {
                options.check()?;
                bench::run(&config, &ui, &built(&config, &ui)?, &options)?;
            }
            Measuring::Figures(options) => figures::run(&config, &ui, &options)?,
        }
        ui.end(start);
        Ok(())
    }
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
