//! `y bench statics`: what large statics cost, in the program and while it is compiled, with stock and with Snug's Cranelift twin.
//!
//! Both compile in turn. Processor time is counted, that of the linker as well, and the most memory that the compiler itself had.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::floors::{self, Floor};
use super::time;
use y::cache::{Cache, remove};
use y::cargo::clean_command;
use y::config::Config;
use y::prepare::Prepared;
use y::ui::Ui;

const ROUNDS: usize = 5;
/// What Snug may take of what stock takes.
const MOST: f64 = 1.1;
/// A compiler grows for longer than this.
const PAUSE: Duration = Duration::from_millis(1);

/// Programs: what is special about their statics, whether Snug may take little more than stock, and their text.
///
/// Constants are in the program even if they are zero. LLVM knows that they are, and Cranelift has all bytes in memory.
const PROGRAMS: [(&str, bool, &str); 3] = [
    (
        "zero or not initialised, 320 MiB",
        true,
        "use std::mem::MaybeUninit;
        static mut ARENA: [u8; 256 << 20] = [0; 256 << 20];
        static mut UNINIT: MaybeUninit<[u64; 8 << 20]> = MaybeUninit::uninit();
        thread_local! { static TLS: std::cell::Cell<[u64; 1 << 17]> =
            const { std::cell::Cell::new([0; 1 << 17]) }; }
        fn main() { unsafe {
            let (arena, uninit) = (&raw mut ARENA as *mut u8, &raw mut UNINIT as *mut u64);
            *arena.add(100) = 3;
            *uninit.add(7) = 4;
            println!(\"{} {}\", *arena.add(100), TLS.with(|local| local.as_ptr().addr() > 0));
        } }",
    ),
    (
        "one byte is not zero, 64 MiB",
        true,
        "static mut ARENA: [u8; 64 << 20] = {
            let mut arena = [0; 64 << 20];
            arena[1 << 20] = 1;
            arena
        };
        fn main() { unsafe { println!(\"{}\", *(&raw mut ARENA as *mut u8).add(1 << 20)) } }",
    ),
    (
        "constants that are zero, 64 MiB",
        false,
        "static CONSTANTS: [u8; 64 << 20] = [0; 64 << 20];
        fn main() {
            let at = std::env::args().count() << 10;
            println!(\"{}\", std::hint::black_box(&CONSTANTS)[at]);
        }",
    ),
];

/// What one compilation took and made.
#[derive(Clone, Copy)]
struct Figures {
    /// Seconds of processor time.
    time: f64,
    /// Bytes of memory.
    memory: f64,
    /// Bytes of the program.
    size: f64,
}

/// Measures, prints, and fails if Snug takes more than it may.
pub(super) fn run(config: &Config, ui: &Ui, prepared: &Prepared) -> Result<()> {
    let cache = Cache::open(&config.cache)?;
    let folder = cache.place("target", "bench-statics");
    remove(&folder)?;
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let backend = config.in_root("dist/lib/librustc_codegen_snug.so");
    let sides = [None, Some(backend)];
    let mut floors = Vec::new();
    for (title, has_floors, text) in PROGRAMS {
        let source = folder.join("program.rs");
        fs::write(&source, text)
            .with_context(|| format!("{} is not writable", source.display()))?;
        let mut rounds = [Vec::new(), Vec::new()];
        ui.step(&format!("statics: {title}"), |_| {
            for _ in 0..ROUNDS {
                for (backend, figures) in sides.iter().zip(&mut rounds) {
                    figures.push(compile(prepared, &folder, backend.as_ref())?);
                }
            }
            Ok(())
        })?;
        let figures = report(title, &rounds);
        if has_floors {
            floors.extend(figures);
        }
    }
    remove(&folder)?;
    floors::check("statics", &floors)
}

/// A figure: its name with its unit, that unit in seconds or bytes, and where the figure is found.
type Column = (&'static str, f64, fn(&Figures) -> f64);

/// Prints the figures of a program, and gives what is asked of them.
fn report(title: &str, [stock, snug]: &[Vec<Figures>; 2]) -> Vec<Floor> {
    let mut floors = Vec::new();
    let columns: [Column; 3] = [
        ("processor time (ms)", 1e-3, |figures| figures.time),
        ("memory (MB)", 1e6, |figures| figures.memory),
        ("program (MB)", 1e6, |figures| figures.size),
    ];
    println!("{title}:");
    for (name, unit, column) in columns {
        let [stock, snug] = [stock, snug].map(|side| median(side.iter().map(column).collect()));
        let ratio = snug / stock;
        println!("  {name:20} stock {:8.1}  Snug {:8.1}  {ratio:.2}", stock / unit, snug / unit);
        floors.push(Floor {
            title: format!("{title}: {name}, {ratio:.2} of stock's, at most {MOST}"),
            met: ratio <= MOST,
        });
    }
    floors
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Compiles the program in a folder.
fn compile(prepared: &Prepared, folder: &Path, backend: Option<&PathBuf>) -> Result<Figures> {
    let mut command = clean_command(&prepared.toolchain.rustc);
    command
        .args(["--edition=2024", "-Ccodegen-units=1", "program.rs", "-o", "program"])
        .args(backend.map(|backend| format!("-Zcodegen-backend={}", backend.display())))
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(folder)
        .stdin(Stdio::null());
    let mut memory = 0.0;
    let time = time::of_children(|| {
        memory = peak(&mut command)?;
        Ok(())
    })?;
    let program = folder.join("program");
    let size = fs::metadata(&program).with_context(|| format!("no {}", program.display()))?.len();
    Ok(Figures { time: time.as_secs_f64(), memory, size: size as f64 })
}

/// Runs a program to its end, and gives the most memory that it had, in bytes.
///
/// The kernel counts this for each process, but shows it no longer when it has ended.
fn peak(command: &mut Command) -> Result<f64> {
    let mut child = command.spawn().context("rustc could not be started")?;
    let path = format!("/proc/{}/status", child.id());
    let mut most = 0.0;
    loop {
        // A process that has just ended has no such line.
        let status = fs::read_to_string(&path).unwrap_or_default();
        most = high_water_mark(&status).unwrap_or(0.0).max(most);
        match child.try_wait()? {
            None => thread::sleep(PAUSE),
            Some(status) if status.success() && most > 0.0 => return Ok(most),
            Some(status) => bail!("rustc ended with {status} after {most} bytes of memory"),
        }
    }
}

fn high_water_mark(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read() {
        assert_eq!(high_water_mark("Name:\tx\nVmHWM:\t   12 kB\nVmRSS:\t 3 kB\n"), Some(12288.0));
        assert_eq!(high_water_mark("Name:\tx\n"), None);
    }

    #[test]
    fn the_peak_of_a_process_is_seen() {
        // The shell keeps a line of eight million letters.
        let line = "x=$(head -c 8000000 /dev/zero | tr '\\0' a); sleep 0.1; test ${#x} = 8000000";
        assert!(peak(Command::new("sh").args(["-c", line])).unwrap() > 8e6);
    }

    #[test]
    fn the_middle_is_taken() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
    }
}
