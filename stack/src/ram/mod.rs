//! `cargo snug ram`: what the statics of a program take of the RAM, embassy's tasks first.
//!
//! * [`statics`] knows the sections and symbols that lie in the RAM, of an ELF program for any machine;
//! * [`pools`] knows from DWARF which of them are pools of tasks, and how many futures of which size are in there;
//! * [`memory`] reads how much RAM there is from the linker script;
//! * [`output`] prints it.

mod memory;
mod options;
mod output;
mod pools;
mod statics;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

pub use options::{Limit, Options};

use crate::{Size, dwarf};
use memory::Memory;
use pools::{Pool, Pools};
use statics::{Section, Static, Statics};

/// A program that is asked about.
#[derive(Clone, Debug)]
pub struct Program {
    /// Where it is.
    pub path: PathBuf,
    /// The same program, compiled by stock rustc, if that was asked for.
    pub stock: Option<PathBuf>,
    /// The folders where the linker looked for scripts, in its order.
    pub folders: Vec<PathBuf>,
}

/// Reads programs and says what they take, and whether all is within the limit.
///
/// # Errors
///
/// A sentence that says what is wrong with a program, a linker script or an option.
pub fn answer(options: &Options, programs: &[Program]) -> Result<(String, bool)> {
    let mut all = Vec::new();
    for program in programs {
        let answer = Answer::of(options, program)
            .with_context(|| format!("`{}`", program.path.display()))?;
        all.push(answer);
    }
    let mut is_within = true;
    for answer in &all {
        is_within &= answer.is_within(options.limit)?;
    }
    Ok((output::text(options, &all)?, is_within))
}

/// What is known of a program.
#[derive(Debug)]
pub(crate) struct Answer {
    program: PathBuf,
    /// The biggest first.
    tasks: Vec<Task>,
    /// The biggest first.
    statics: Vec<Row>,
    /// Bytes without a symbol, and between symbols.
    rest: u64,
    bytes: u64,
    sections: Vec<Section>,
    ram: Option<Ram>,
    is_hosted: bool,
    /// Bytes of the statics of stock's program.
    stock: Option<u64>,
}

/// A task's pool.
#[derive(Debug)]
struct Task {
    name: String,
    pool: Option<Pool>,
    row: Row,
}

/// A static.
#[derive(Debug)]
struct Row {
    name: String,
    bytes: u64,
    /// Of the static with the same name in stock's program.
    stock: Option<u64>,
}

/// How much RAM there is.
#[derive(Debug, PartialEq, Eq)]
struct Ram {
    bytes: u64,
    /// The regions, and the script that has them, if it comes from there.
    from: Option<(Vec<String>, PathBuf)>,
}

impl Answer {
    fn of(options: &Options, program: &Program) -> Result<Answer> {
        let data = std::fs::read(&program.path)?;
        let file = object::File::parse(&*data)?;
        let memory = match (options.ram, options.memory.as_deref()) {
            (Some(_), _) => None,
            // A workspace may have a firmware, and tools for the host.
            (None, None) if statics::is_hosted(&file) => None,
            (None, named) => memory::read(named, &program.folders)?,
        };
        let regions = memory.as_ref().map_or(&[][..], |memory| &memory.regions);
        let statics = Statics::read(&file, regions)?;
        let pools = pools::read(&dwarf::load(&file)?)?;
        if statics.bytes() == 0 {
            bail!(
                "it has no statics: nothing of it lies in RAM\n\
                 help: a firmware that lacks its linker script is an empty program: `-Tlink.x` belongs to its flags, and `cargo snug doctor` says which variables hide flags"
            );
        }
        let ram = match options.ram {
            Some(Size(bytes)) => Some(Ram { bytes, from: None }),
            None => memory.as_ref().map(|memory| ram(memory, &statics)).transpose()?,
        };
        let of_stock =
            |path: &PathBuf| Statics::read(&object::File::parse(&*std::fs::read(path)?)?, regions);
        let stock = program.stock.as_ref().map(of_stock).transpose()?;
        Ok(Answer::new(program.path.clone(), statics, &pools, stock.as_ref(), ram))
    }

    fn new(
        program: PathBuf,
        statics: Statics,
        pools: &Pools,
        stock: Option<&Statics>,
        ram: Option<Ram>,
    ) -> Answer {
        let bytes = statics.bytes();
        let with_symbols: u64 = statics.all.iter().map(|it| it.bytes).sum();
        let mut of_stock: Vec<&Static> =
            stock.map(|it| it.all.iter().collect()).unwrap_or_default();
        let (mut tasks, mut others) = (Vec::new(), Vec::new());
        for Static { name, bytes, .. } in statics.all {
            // Several statics may have one name; each of stock's is beside one of them.
            let same = of_stock.iter().position(|it| it.name == name);
            let stock = same.map(|at| of_stock.swap_remove(at).bytes);
            match pools.of_static(&name) {
                Some((name, pool)) => {
                    // A pool that is known by its functions is another one if it has another size.
                    let pool = pool.filter(|pool| pool.bytes == bytes);
                    tasks.push(Task { name: name.clone(), pool, row: Row { name, bytes, stock } });
                }
                None => others.push(Row { name, bytes, stock }),
            }
        }
        let order = |row: &Row| (std::cmp::Reverse(row.bytes), row.name.clone());
        tasks.sort_by_key(|task| order(&task.row));
        others.sort_by_key(order);
        Answer {
            program,
            tasks,
            statics: others,
            rest: bytes - with_symbols,
            bytes,
            sections: statics.sections,
            ram,
            is_hosted: statics.is_hosted,
            stock: stock.map(Statics::bytes),
        }
    }

    fn is_within(&self, limit: Option<Limit>) -> Result<bool> {
        match limit {
            None => Ok(true),
            Some(Limit::Bytes(Size(most))) => Ok(self.bytes <= most),
            Some(Limit::Percent(most)) => match &self.ram {
                Some(ram) => Ok(share(self.bytes, ram.bytes) <= most),
                None => bail!(
                    "`--limit` is a share of the RAM, and for `{}` no `memory.x` says how much RAM there is\n\
                     help: `--memory FILE` names the linker script, `--ram BYTES` says how much there is",
                    self.program.display()
                ),
            },
        }
    }
}

/// The regions where the program's sections lie.
fn ram(memory: &Memory, statics: &Statics) -> Result<Ram> {
    let is_used = |region: &&memory::Region| {
        statics.sections.iter().any(|section| region.contains(section.address))
    };
    let used: Vec<_> = memory.regions.iter().filter(is_used).collect();
    let Some(bytes) = used.iter().map(|region| region.length).reduce(u64::saturating_add) else {
        bail!(
            "its statics lie in no region of `{}`\n\
             help: `--memory FILE` names the linker script that it was linked with, `--ram BYTES` says how much RAM there is",
            memory.script.display()
        );
    };
    let names = used.iter().map(|region| region.name.clone()).collect();
    Ok(Ram { bytes, from: Some((names, memory.script.clone())) })
}

/// Hundredths.
fn share(bytes: u64, of: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a share is shown with one digit")]
    let (bytes, of) = (bytes as f64, of as f64);
    bytes * 100.0 / of
}
