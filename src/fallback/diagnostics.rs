//! What cg_clif says of itself, in words that help users of Snug.
//!
//! An error of its is followed by what to do: whatever it is, LLVM may do better.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_errors::{
    DiagInner, ErrorGuaranteed, FatalErrorMarker, Level, MultiSpan, Style, Subdiag,
    TRACK_DIAGNOSTIC,
};

use super::tell;

type Emit<'a> = &'a mut dyn FnMut(DiagInner) -> Option<ErrorGuaranteed>;
type Track = fn(DiagInner, Emit<'_>) -> Option<ErrorGuaranteed>;

static STOCK: OnceLock<&'static Track> = OnceLock::new();

/// How many calls of cg_clif are under way. Its threads have errors, too.
static AT_WORK: AtomicUsize = AtomicUsize::new(0);

/// Sees every diagnostic of this process from now on.
pub(super) fn install() {
    STOCK.get_or_init(|| TRACK_DIAGNOSTIC.swap(&(track as Track)));
}

/// Runs something of cg_clif's. If it panics, users are told what to do; an error says it itself.
pub(super) fn watched<R>(run: impl FnOnce() -> R) -> R {
    AT_WORK.fetch_add(1, Ordering::Relaxed);
    let result = catch_unwind(AssertUnwindSafe(run));
    AT_WORK.fetch_sub(1, Ordering::Relaxed);
    result.unwrap_or_else(|payload| {
        if !payload.is::<FatalErrorMarker>() {
            eprintln!("help: {}", tell::advice());
        }
        resume_unwind(payload)
    })
}

fn track(mut diagnostic: DiagInner, emit: Emit<'_>) -> Option<ErrorGuaranteed> {
    if AT_WORK.load(Ordering::Relaxed) > 0 && diagnostic.is_error() {
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
