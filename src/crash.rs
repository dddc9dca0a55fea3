//! What the compiler says when a signal ends it. Nearly always its stack was too small for the crate, and an
//! environment variable makes it larger: the message says which one.
//!
//! Mirrors `signal_handler.rs` in `rustc_driver_impl`, which only rustc's own main function can
//! install. Like that one, it relies on the stacks for signals that std gives to each thread.

use std::ffi::c_int;
use std::fmt::{self, Write};
use std::ptr;
use std::sync::atomic::AtomicPtr;

use rustc_interface::util::{DEFAULT_STACK_SIZE, STACK_SIZE};

/// The signals that a mistake in the compiler leads to.
const SIGNALS: [(c_int, &str); 3] =
    [(libc::SIGILL, "SIGILL"), (libc::SIGBUS, "SIGBUS"), (libc::SIGSEGV, "SIGSEGV")];
/// How many calls are looked at: with so many, something recurses.
const MAX_FRAMES: usize = 256;
/// How many of them are shown: more of a recursion says nothing more.
const SHOWN_FRAMES: usize = 32;

/// The calls: the stack for signals is small.
static FRAMES: [AtomicPtr<libc::c_void>; MAX_FRAMES] =
    [const { AtomicPtr::new(ptr::null_mut()) }; MAX_FRAMES];

unsafe extern "C" {
    fn backtrace(frames: *mut *mut libc::c_void, size: c_int) -> c_int;
    fn backtrace_symbols_fd(frames: *const *mut libc::c_void, size: c_int, file: c_int);
}

/// Writes without memory of its own, and without locks: the compiler may have been anywhere.
struct Stderr;

impl Write for Stderr {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // SAFETY: the pointer and the length are those of a string.
        let written = unsafe { libc::write(libc::STDERR_FILENO, text.as_ptr().cast(), text.len()) };
        if written < 0 { Err(fmt::Error) } else { Ok(()) }
    }
}

/// Says more, from now on, than the system does.
pub(crate) fn explain_signals() {
    for (signal, _) in SIGNALS {
        // SAFETY: all zeroes is a value of this type, and the handler has the type that a handler has.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = explain as extern "C" fn(c_int) as libc::sighandler_t;
            // Once explained, the signal comes again, and ends the process as it would have.
            action.sa_flags = libc::SA_NODEFER | libc::SA_RESETHAND | libc::SA_ONSTACK;
            libc::sigaction(signal, &action, ptr::null_mut());
        }
    }
}

extern "C" fn explain(signal: c_int) {
    let name = SIGNALS.iter().find(|(number, _)| *number == signal).map_or("a signal", |it| it.1);
    let _ = writeln!(Stderr, "error: rustc interrupted by {name}, printing backtrace\n");
    let frames: *mut *mut libc::c_void = FRAMES.as_ptr().cast_mut().cast();
    // SAFETY: there is room for as many frames as are asked for, and no more are shown than there are.
    let depth = unsafe {
        let depth = backtrace(frames, MAX_FRAMES as c_int);
        backtrace_symbols_fd(frames, depth.min(SHOWN_FRAMES as c_int), libc::STDERR_FILENO);
        depth as usize
    };
    let _ = writeln!(Stderr);
    let _ = tell_what_to_do(signal == libc::SIGSEGV, depth);
}

fn tell_what_to_do(may_be_overflow: bool, depth: usize) -> fmt::Result {
    if may_be_overflow && depth == MAX_FRAMES {
        writeln!(Stderr, "note: rustc unexpectedly overflowed its stack! this is a bug")?;
    }
    writeln!(
        Stderr,
        "note: if stock rustc compiles the crate, the bug is Snug's: report it there"
    )?;
    if may_be_overflow {
        let size = STACK_SIZE.get().copied().unwrap_or(DEFAULT_STACK_SIZE) * 2;
        writeln!(
            Stderr,
            "help: you can increase rustc's stack size by setting RUST_MIN_STACK={size}"
        )?;
    }
    Ok(())
}
