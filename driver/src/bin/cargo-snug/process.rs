//! Runs a process as if this one had become it.
//!
//! Stock cargo becomes the program that it runs, so whoever waits for cargo, or sends it a signal, has to do with the program.
//! `cargo snug` has to come back after cargo, so it stays, and takes care that nobody notices:
//!
//! * What a terminal sends (ctrl-C) reaches all of a job's processes. This one ignores it: a server may take its
//!   time to end, and the shell must wait for it.
//! * What a process sends to this one is passed on.
//! * If this one is killed, so is the other.
//! * It ends as the other has ended, by a signal too.

use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitCode, ExitStatus};
use std::sync::atomic::{AtomicI32, Ordering::SeqCst};

use libc::{c_int, c_void, siginfo_t};

/// Signals that ask a process to end, or mean what it wants them to mean.
const PASSED_ON: [c_int; 6] =
    [libc::SIGINT, libc::SIGQUIT, libc::SIGTERM, libc::SIGHUP, libc::SIGUSR1, libc::SIGUSR2];

/// The other process, as long as it is there.
static OTHER: AtomicI32 = AtomicI32::new(0);
/// A signal that came before it was there.
static EARLY: AtomicI32 = AtomicI32::new(0);

/// Runs a process to its end.
pub(crate) fn run(command: &mut Command) -> io::Result<ExitStatus> {
    for signal in PASSED_ON {
        listen(signal)?;
    }
    let this = std::process::id();
    // SAFETY: both are system calls, and neither needs memory.
    unsafe { command.pre_exec(move || end_with(this)) };
    let mut other = command.spawn()?;
    let number = other.id().cast_signed();
    OTHER.store(number, SeqCst);
    match EARLY.swap(0, SeqCst) {
        0 => {}
        signal => pass_on(signal, number),
    }
    let status = other.wait();
    OTHER.store(0, SeqCst);
    status
}

/// Ends this process as the other has ended; what can be told by an exit status is returned.
pub(crate) fn end_as(status: ExitStatus) -> ExitCode {
    if let Some(signal) = status.signal() {
        // SAFETY: these are system calls. Memory is dumped once, by the process that has something in it.
        unsafe {
            libc::prctl(libc::PR_SET_DUMPABLE, 0);
            libc::signal(signal, libc::SIG_DFL);
            libc::raise(signal);
        }
    }
    // A signal that does not end a process: as a shell says it.
    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}

/// Has signals passed on, unless they are ignored: `nohup` means both processes.
fn listen(signal: c_int) -> io::Result<()> {
    // SAFETY: the structures are valid, zeros too, and the handler does what handlers may.
    unsafe {
        let mut before: libc::sigaction = std::mem::zeroed();
        let mut action: libc::sigaction = std::mem::zeroed();
        check(libc::sigaction(signal, std::ptr::null(), &raw mut before))?;
        if before.sa_sigaction == libc::SIG_IGN {
            return Ok(());
        }
        action.sa_sigaction = on_signal as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART;
        check(libc::sigaction(signal, &raw const action, std::ptr::null_mut()))
    }
}

extern "C" fn on_signal(signal: c_int, info: *mut siginfo_t, _: *mut c_void) {
    // SAFETY: the kernel gives a valid structure.
    let is_terminals = unsafe { (*info).si_code } == libc::SI_KERNEL;
    match OTHER.load(SeqCst) {
        0 => EARLY.store(signal, SeqCst),
        other if !is_terminals => pass_on(signal, other),
        _ => {}
    }
}

fn pass_on(signal: c_int, other: c_int) {
    // SAFETY: a system call. Nobody has waited for the process, so its number is still its own.
    unsafe { libc::kill(other, signal) };
}

/// In the other process: lets it end when this one does.
fn end_with(this: u32) -> io::Result<()> {
    // SAFETY: system calls.
    unsafe {
        check(libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL))?;
        if libc::getppid() != this.cast_signed() {
            return Err(io::ErrorKind::Interrupted.into());
        }
    }
    Ok(())
}

fn check(result: c_int) -> io::Result<()> {
    if result == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
