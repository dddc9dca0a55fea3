//! `y bench firmware`: what `examples/firmware` takes of a microcontroller's memory, with stock's layouts and with Snug's.
//!
//! For each target and optimisation level, `cargo snug ram --stock` builds it twice, and says what statics and tasks' pools take. What the
//! programs themselves tell is read here (`elf`): code, constants, frames. Where QEMU has the board, both run: they print the same. How much
//! stack they have used, they say on standard error.

mod build;
mod elf;
mod figures;
mod table;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::floors;
use crate::report::Sink;
use anyhow::{Context, Result, bail};
use figures::{Firmware, Printed};
use y::cache::remove;
use y::config::Config;
use y::prepare::Prepared;
use y::ui::Ui;

/// A target, and how QEMU runs a program for it, if it does.
struct Board {
    target: &'static str,
    runner: Option<&'static [&'static str]>,
}

const BOARDS: [Board; 3] = [
    Board {
        target: "thumbv7em-none-eabihf",
        runner: Some(&[
            "qemu-system-arm",
            "-M",
            "mps2-an386",
            "-nographic",
            "-semihosting-config",
            "enable=on,target=native",
            // 16 ns for each instruction, so that each run is like the last one.
            "-icount",
            "shift=4",
            "-kernel",
        ]),
    },
    Board { target: "thumbv6m-none-eabi", runner: None },
    Board { target: "riscv32imac-unknown-none-elf", runner: None },
];
const LEVELS: [&str; 2] = ["z", "s"];

/// Options of `y bench firmware`.
#[derive(Debug, clap::Args)]
#[group(id = "firmware")]
pub(super) struct Options {
    /// Firmware: only this target
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
}

/// Measures, prints, and fails if a floor is missed.
pub(super) fn run(
    config: &Config,
    ui: &Ui,
    prepared: &Prepared,
    options: &Options,
    sink: &Sink,
) -> Result<()> {
    let is_wanted = |board: &&Board| options.target.as_deref().is_none_or(|it| it == board.target);
    let boards: Vec<&Board> = BOARDS.iter().filter(is_wanted).collect();
    if boards.is_empty() {
        let all = BOARDS.map(|board| board.target).join(", ");
        bail!("The firmware is not measured for that target: use one of {all}.");
    }
    let folder = config.in_root("build/bench-firmware");
    let mut rows = Vec::new();
    let mut floors = Vec::new();
    for board in boards {
        for level in LEVELS {
            let title = format!("{}, opt-level {level}", board.target);
            let firmware = ui.step(&title, |_| {
                let built = build::both(config, prepared, &folder, board.target, level)?;
                measure(board, built)
            })?;
            let of_this = firmware.rows(&title)?;
            println!("{}", table::text(&title, &of_this));
            floors.extend(firmware.floors(&title)?);
            rows.extend(of_this);
        }
    }
    remove(&folder)?;
    sink.write("firmware", table::findings(&rows, &floors))?;
    floors::check("firmware", &floors)
}

fn measure(board: &Board, built: build::Built) -> Result<Firmware> {
    let runs = |program: &PathBuf| board.runner.map(|runner| printed(runner, program)).transpose();
    let [stock, snug] = [&built.stock, &built.snug];
    let stacks = match (runs(stock)?, runs(snug)?) {
        (Some(stock), Some(snug)) => Some(figures::stacks(&stock, &snug)?),
        _ => None,
    };
    Ok(Firmware { answer: built.answer, stock: elf::read(stock)?, snug: elf::read(snug)?, stacks })
}

/// Runs the program, which ends by itself.
fn printed(runner: &[&str], program: &PathBuf) -> Result<Printed> {
    let [qemu, arguments @ ..] = runner else { bail!("a board has no runner") };
    let output = Command::new("timeout")
        .args(["120", qemu])
        .args(arguments)
        .arg(program)
        .stdin(Stdio::null())
        .output()
        .context("`timeout` could not be started")?;
    if output.status.code() == Some(127) {
        bail!("There is no `{qemu}`: apt-get install qemu-system-arm.");
    }
    let [text, errors] =
        [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    if !output.status.success() {
        let program = program.display();
        bail!("{program} failed under {qemu} ({}):\n{text}{errors}", output.status);
    }
    Ok(Printed { text, errors })
}
