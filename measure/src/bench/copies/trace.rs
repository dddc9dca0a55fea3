//! Runs a measured program and looks at the first poll of every case, one machine instruction at a
//! time.
//!
//! A first poll begins with the first instruction of the case's poll function and ends when that
//! function returns: neither making the future nor calling `poll` is in it. The program runs under
//! `ptrace` (no tool needs to be installed) and stops at every instruction of a first poll. So what
//! is counted is what was executed, whatever compiler wrote it:
//! * Calls of `memcpy` and `memmove` count with the length that they are given. The program tells
//!   where the dynamic linker put them. They and all other code of shared libraries run at full
//!   speed, as do the functions of the program's module `apart`, which move nothing.
//! * Inline copies: see [`super::inline`].
//! * The frame of a poll function is the distance from where its return address lies to the stack
//!   pointer when it calls something. In unoptimised code that is the same at each of its calls. (How
//!   big frames are probed before makes no difference, and the lowest stack pointer would: Cranelift
//!   probes in whole pages, beyond the frame.)
//!
//! A copy onto itself counts like any other, although glibc notices it and returns at once.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, bail};
use iced_x86::{Decoder, DecoderOptions, FlowControl, Instruction};
use nix::libc::user_regs_struct;

use super::figures::{Copied, Measured};
use super::inline::Registers;
use super::process::{Breakpoint, Process};
use super::symbols::{Function, Symbols};

/// No x86 instruction is longer.
const LONGEST_INSTRUCTION: usize = 15;

/// Runs the program and measures the first poll of each case. `each` hears of every one. What the
/// program prints goes to `answers`.
pub(super) fn trace(
    program: &Path,
    cases: &[String],
    answers: &Path,
    mut each: impl FnMut(usize),
) -> Result<Measured> {
    let symbols = fs::read(program)
        .context("it cannot be read")
        .and_then(|bytes| Symbols::read(&bytes))
        .with_context(|| format!("{} is of no use", program.display()))?;
    let mut tracer = Tracer::start(program, answers, &symbols)?;
    let mut waiting = tracer.stop_at_first_polls(cases)?;
    let mut measured = Measured::default();
    while let Some(at) = tracer.process.next_stop()? {
        let case = waiting.remove(&at).context("the program stopped where no case is polled")?;
        tracer.measure(&case, &mut measured)?;
        each(cases.len() - waiting.len());
    }
    if !waiting.is_empty() {
        let names: Vec<String> = waiting.into_values().map(|case| case.name).collect();
        bail!("{} never polled {}.", program.display(), names.join(", "));
    }
    measured.answers = fs::read_to_string(answers).context("what it printed is not text")?;
    Ok(measured)
}

/// A case whose first poll is still to come.
struct Case {
    name: String,
    /// Where it begins.
    breakpoint: Breakpoint,
}

/// A traced program, and what is known of its code.
struct Tracer<'a> {
    process: Process,
    /// Where the program was loaded.
    base: u64,
    /// The addresses of the program's own code and data.
    image: Range<u64>,
    symbols: &'a Symbols,
    /// The addresses of poll functions.
    polls: HashMap<u64, (&'a str, &'a Function)>,
    apart: HashSet<u64>,
    decoded: HashMap<u64, Instruction>,
}

/// A poll function that is running.
struct Frame<'a> {
    name: &'a str,
    code: Range<u64>,
    /// Where its return address lies.
    top: u64,
}

impl<'a> Tracer<'a> {
    fn start(program: &Path, answers: &Path, symbols: &'a Symbols) -> Result<Tracer<'a>> {
        let process = Process::start(program, answers)?;
        let base = process.entry()? - symbols.entry;
        let polls = symbols
            .polls
            .iter()
            .map(|(name, function)| (base + function.address, (&**name, function)))
            .collect();
        Ok(Tracer {
            process,
            base,
            image: base..base + symbols.end,
            symbols,
            polls,
            apart: symbols.apart.iter().map(|address| base + address).collect(),
            decoded: HashMap::new(),
        })
    }

    /// Puts a breakpoint on the poll function of each case.
    fn stop_at_first_polls(&self, cases: &[String]) -> Result<HashMap<u64, Case>> {
        let mut waiting = HashMap::new();
        for name in cases {
            let function = self
                .symbols
                .polls
                .get(name)
                .with_context(|| format!("the program has no poll function for {name}"))?;
            let address = self.base + function.address;
            let breakpoint = self.process.set_breakpoint(address)?;
            waiting.insert(address, Case { name: name.clone(), breakpoint });
        }
        Ok(waiting)
    }

    /// Measures one first poll. The program has stopped at its breakpoint.
    fn measure(&mut self, case: &Case, measured: &mut Measured) -> Result<()> {
        self.process.clear(&case.breakpoint)?;
        let mut now = self.process.registers()?;
        let copiers = self.copiers()?;
        let end = (self.process.word(now.rsp)?, now.rsp);
        let mut copied = Copied::default();
        let mut registers = Registers::new();
        let mut frames: Vec<Frame<'_>> = Vec::new();
        while !(now.rip == end.0 && now.rsp > end.1) {
            if copiers.contains(&now.rip) {
                copied.called += now.rdx;
            }
            if !self.image.contains(&now.rip) || self.apart.contains(&now.rip) {
                self.process.finish_function()?;
                registers.forget();
            } else {
                let instruction = self.instruction(now.rip)?;
                self.watch_frames(&now, &instruction, &mut frames, measured);
                copied.inline += registers.execute(&instruction);
                self.process.step()?;
            }
            now = self.process.registers()?;
        }
        measured.copied.insert(case.name.clone(), copied);
        Ok(())
    }

    /// Notices poll functions that begin, that call something, and that have returned.
    fn watch_frames(
        &self,
        now: &user_regs_struct,
        instruction: &Instruction,
        frames: &mut Vec<Frame<'a>>,
        measured: &mut Measured,
    ) {
        while frames.pop_if(|frame| frame.top < now.rsp).is_some() {}
        if let Some((name, function)) = self.polls.get(&now.rip) {
            frames.push(Frame { name, code: now.rip..now.rip + function.size, top: now.rsp });
        }
        let calls =
            matches!(instruction.flow_control(), FlowControl::Call | FlowControl::IndirectCall);
        if let Some(frame) = frames.last()
            && calls
            && frame.code.contains(&now.rip)
        {
            measured.frames.insert(frame.name.into(), frame.top - now.rsp);
        }
    }

    fn instruction(&mut self, address: u64) -> Result<Instruction> {
        if let Some(instruction) = self.decoded.get(&address) {
            return Ok(*instruction);
        }
        let bytes: [u8; LONGEST_INSTRUCTION] = self.process.bytes(address)?;
        let instruction = Decoder::with_ip(64, &bytes, address, DecoderOptions::NONE).decode();
        if instruction.is_invalid() {
            bail!("A measured program executes an unknown instruction: {bytes:02x?}.");
        }
        self.decoded.insert(address, instruction);
        Ok(instruction)
    }

    /// Where `memcpy` and `memmove` are.
    fn copiers(&self) -> Result<[u64; 2]> {
        let table = self.base + self.symbols.copiers;
        Ok([self.process.word(table)?, self.process.word(table + 8)?])
    }
}

#[cfg(test)]
mod tests {
    use super::super::cases::{Case, Form, Life};
    use super::super::source;
    use super::*;
    use std::env;
    use std::process::Command;

    /// What plain rustc's program does at the first polls of some cases.
    fn trace_with_rustc(cases: &[Case]) -> Measured {
        let folder = tempfile::tempdir().unwrap();
        let (text, program) = (folder.path().join("copies.rs"), folder.path().join("copies"));
        fs::write(&text, source::program(cases)).unwrap();
        let rustc = env::var_os("RUSTC").unwrap_or("rustc".into());
        let compiled = Command::new(rustc)
            .args(["--edition=2024", "-Awarnings", "-Csymbol-mangling-version=v0", "-o"])
            .args([&program, &text])
            .status();
        assert!(compiled.unwrap().success());
        let names: Vec<String> = cases.iter().map(Case::name).collect();
        trace(&program, &names, &folder.path().join("answers"), |_| ()).unwrap()
    }

    #[test]
    fn stock_rustc_copies_parameters_once_and_captures_never() {
        let case = |form, life, count| Case { form, life, size: 4096, count };
        let cases = [
            case(Form::Plain, Life::One, 1),
            case(Form::Plain, Life::One, 4),
            case(Form::Block, Life::Many, 4),
            case(Form::Passed, Life::Before, 1),
        ];
        let measured = trace_with_rustc(&cases);
        let copied = |case: &Case| measured.copied[&case.name()];
        assert_eq!(copied(&cases[0]).called, 4096);
        assert_eq!(copied(&cases[1]).called, 4 * 4096);
        assert_eq!(copied(&cases[2]).called, 0);
        // Small things that are written out: pointers, sums, results.
        assert!((1..500).contains(&copied(&cases[1]).inline), "{measured:?}");
        assert!(copied(&cases[3]).called > 4 * 4096, "{measured:?}");

        // Debug code holds what it moves on the stack; the awaited future's frame is seen as well.
        let frame = |name: &str| measured.frames[name];
        assert!((4096..5000).contains(&frame(&cases[0].name())), "{measured:?}");
        assert!((4 * 4096..5 * 4096).contains(&frame(&cases[1].name())), "{measured:?}");
        assert!((16..4096).contains(&frame("held::<4096>")), "{measured:?}");

        let answers: Vec<&str> = measured.answers.lines().collect();
        assert_eq!(answers.len(), cases.len());
        assert!(answers[0].starts_with("plain_one_1x4096 "), "{answers:?}");
    }
}
