//! Where bugs of the compiler are to be reported: to Snug first, whose compiler it is.
//!
//! rustc says in a panic hook where. `snug-rustc` installs that hook itself and gives it Snug's place. By hand
//! (`-Zcodegen-backend`) and in clippy, the hook is there already and names a place of its own; [`install_hook`] speaks
//! before it.

use std::io::Write;
use std::panic;
use std::sync::Once;

use rustc_errors::DiagCtxt;

use crate::build_id;

/// What stands after "we would appreciate a bug report".
pub(crate) const PLACE: &str = "to Snug, where you have it from (not to the Rust project, unless stock rustc \
                                fails in the same way), with what `cargo snug --version` prints";

/// Said below the message of every internal compiler error.
pub(crate) fn tell_who_it_is(dcx: &DiagCtxt) {
    let version = build_id::version();
    dcx.handle().note(format!("this is rustc with the codegen backend Snug {version}"));
    dcx.handle().note("if stock rustc compiles the crate, the bug is Snug's: report it there");
    dcx.handle()
        .note("until then, `cargo snug --backend llvm` may compile it, or `--backend cranelift`");
}

/// From now on, every panic of the compiler first says what [`tell_who_it_is`] says.
pub(crate) fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            // One panic is not to be lost for another one: stderr may be closed.
            let _ = writeln!(
                std::io::stderr(),
                "\nnote: this compiler has the codegen backend Snug {}. We would appreciate a bug report: {PLACE}. What \
                 follows is written by a compiler that does not know of Snug.",
                build_id::version()
            );
            before(info);
        }));
    });
}
