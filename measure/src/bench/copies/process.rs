//! A process under `ptrace`: its memory, its registers, breakpoints and single steps.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use nix::libc::user_regs_struct;
use nix::sys::ptrace;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;

/// The machine instruction of a breakpoint.
const INT3: u8 = 0xcc;
/// Stack for cases that hold, pass and copy a megabyte in debug builds.
const STACK: u64 = 64 << 20;
/// The kind of the entry in `/proc/PID/auxv` that tells where a program was loaded.
const AT_ENTRY: u64 = 9;

/// A process that is traced. It is killed when `y` ends before it.
pub(super) struct Process {
    id: Pid,
    memory: File,
}

/// A place where a process stops.
pub(super) struct Breakpoint {
    address: u64,
    /// What it stands in for.
    first_byte: [u8; 1],
}

impl Process {
    /// Starts a program, which stops before its first instruction. What it prints goes to
    /// `answers`.
    pub(super) fn start(program: &Path, answers: &Path) -> Result<Process> {
        let id = spawn(program, answers)?;
        match waitpid(id, None)? {
            WaitStatus::Stopped(..) => {}
            status => bail!("{} could not be traced: {status:?}.", program.display()),
        }
        ptrace::setoptions(id, ptrace::Options::PTRACE_O_EXITKILL)?;
        let memory = File::options()
            .read(true)
            .write(true)
            .open(format!("/proc/{id}/mem"))
            .context("the memory of a traced program cannot be opened")?;
        Ok(Process { id, memory })
    }

    /// The address of the program's first instruction.
    pub(super) fn entry(&self) -> Result<u64> {
        let auxv = fs::read(format!("/proc/{}/auxv", self.id))?;
        let words: Vec<u64> = auxv
            .chunks_exact(8)
            .map(|bytes| u64::from_le_bytes(bytes.try_into().expect("8 bytes")))
            .collect();
        words
            .chunks_exact(2)
            .find(|pair| pair[0] == AT_ENTRY)
            .map(|pair| pair[1])
            .context("the kernel does not say where the program was loaded")
    }

    /// Lets the program run to its next breakpoint. Nothing if it ended well.
    pub(super) fn next_stop(&self) -> Result<Option<u64>> {
        let mut signal = None;
        loop {
            ptrace::cont(self.id, signal)?;
            match waitpid(self.id, None)? {
                WaitStatus::Stopped(_, Signal::SIGTRAP) => {
                    return Ok(Some(self.registers()?.rip - 1));
                }
                // Not ours: the program gets it.
                WaitStatus::Stopped(_, other) => signal = Some(other),
                WaitStatus::Exited(_, 0) => return Ok(None),
                status => bail!("A measured program failed: {status:?}."),
            }
        }
    }

    /// Lets the function that the program has just entered run to its end.
    pub(super) fn finish_function(&self) -> Result<()> {
        let back = self.word(self.registers()?.rsp)?;
        let breakpoint = self.set_breakpoint(back)?;
        if self.next_stop()? != Some(back) {
            bail!("A measured program did not come back from a function that it had called.");
        }
        self.clear(&breakpoint)
    }

    /// Makes the program stop at an address.
    pub(super) fn set_breakpoint(&self, address: u64) -> Result<Breakpoint> {
        let first_byte = self.bytes(address)?;
        self.memory.write_all_at(&[INT3], address)?;
        Ok(Breakpoint { address, first_byte })
    }

    /// Takes away the breakpoint at which the program has stopped. It will go on at its address.
    pub(super) fn clear(&self, breakpoint: &Breakpoint) -> Result<()> {
        self.memory.write_all_at(&breakpoint.first_byte, breakpoint.address)?;
        let mut now = self.registers()?;
        now.rip = breakpoint.address;
        Ok(ptrace::setregs(self.id, now)?)
    }

    /// The registers of the stopped program.
    pub(super) fn registers(&self) -> Result<user_regs_struct> {
        Ok(ptrace::getregs(self.id)?)
    }

    /// Executes one instruction.
    pub(super) fn step(&self) -> Result<()> {
        ptrace::step(self.id, None)?;
        match waitpid(self.id, None)? {
            WaitStatus::Stopped(_, Signal::SIGTRAP) => Ok(()),
            status => bail!("A measured program failed in a first poll: {status:?}."),
        }
    }

    /// Eight bytes of its memory, as a number.
    pub(super) fn word(&self, address: u64) -> Result<u64> {
        Ok(u64::from_le_bytes(self.bytes(address)?))
    }

    /// Its memory.
    pub(super) fn bytes<const N: usize>(&self, address: u64) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.memory
            .read_exact_at(&mut bytes, address)
            .with_context(|| format!("the memory of a traced program at {address:#x}"))?;
        Ok(bytes)
    }
}

/// Starts a program that waits for its tracer before its first instruction.
fn spawn(program: &Path, answers: &Path) -> Result<Pid> {
    let (_, hard) = getrlimit(Resource::RLIMIT_STACK)?;
    if hard < STACK {
        bail!(
            "The measured programs need a stack of {} MiB. Raise the limit (ulimit -Hs), and run \
             the command again.",
            STACK >> 20
        );
    }
    let output = File::create(answers)
        .with_context(|| format!("{} cannot be written", answers.display()))?;
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).stdout(output);
    // SAFETY: between fork and exec, only system calls are made.
    unsafe {
        command.pre_exec(move || {
            setrlimit(Resource::RLIMIT_STACK, STACK, hard)?;
            Ok(ptrace::traceme()?)
        });
    }
    let child = command.spawn().with_context(|| {
        format!(
            "{} could not be started under ptrace. This benchmark traces the programs that it \
             measures. Where that is forbidden, allow it: `sysctl kernel.yama.ptrace_scope=1`, or \
             `--cap-add=SYS_PTRACE` for a container.",
            program.display()
        )
    })?;
    Ok(Pid::from_raw(child.id().try_into()?))
}
