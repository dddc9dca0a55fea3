//! What cg_clif says of itself, in words that help users of Snug.
//!
//! An error of its is followed by what to do: whatever it is, LLVM may do better.

use std::cell::Cell;
use std::sync::OnceLock;

use rustc_errors::{
    DiagInner, ErrorGuaranteed, Level, MultiSpan, Style, Subdiag, TRACK_DIAGNOSTIC,
};

use super::tell;

type Emit<'a> = &'a mut dyn FnMut(DiagInner) -> Option<ErrorGuaranteed>;
type Track = fn(DiagInner, Emit<'_>) -> Option<ErrorGuaranteed>;

static STOCK: OnceLock<&'static Track> = OnceLock::new();

thread_local! {
    /// Whether cg_clif is at work.
    static IS_WATCHED: Cell<bool> = const { Cell::new(false) };
}

/// Sees every diagnostic of this process from now on.
pub(super) fn install() {
    STOCK.get_or_init(|| TRACK_DIAGNOSTIC.swap(&(track as Track)));
}

/// Runs something of cg_clif's.
pub(super) fn watched<R>(run: impl FnOnce() -> R) -> R {
    /// Errors unwind.
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            IS_WATCHED.set(self.0);
        }
    }
    let _restore = Restore(IS_WATCHED.replace(true));
    run()
}

fn track(mut diagnostic: DiagInner, emit: Emit<'_>) -> Option<ErrorGuaranteed> {
    if IS_WATCHED.get() && diagnostic.is_error() {
        diagnostic.children.push(Subdiag {
            level: Level::Help,
            messages: vec![(tell::advice().into(), Style::NoStyle)],
            span: MultiSpan::new(),
        });
    }
    match STOCK.get() {
        Some(stock) => stock(diagnostic, emit),
        None => emit(diagnostic),
    }
}
