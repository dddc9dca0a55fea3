//! What RelocateUpvars decides about one body, and why: for `RUSTC_LOG` and for the report.
//!
//! `RUSTC_LOG=snug=info` prints every decision when it is made, through the `tracing` of rustc itself. The level is `info`:
//! release builds of rustc have `max_level_info`, which removes all lower levels.
//!
//! The report has what was *refused*. It is written at the end, so refusals are kept until then, if there is to be a report
//! ([`keep`]). The pass does not run for bodies that an incremental build knows already; then [`refused`] runs it once more.

use std::cell::RefCell;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_abi::FieldIdx;
use rustc_data_structures::fx::FxHashMap;
use rustc_hir::def_id::LocalDefId;
use rustc_index::IndexVec;
use rustc_middle::mir::{Body, Local, Location, VarDebugInfoContents};
use rustc_middle::ty::TyCtxt;
use rustc_middle::ty::print::with_no_trimmed_paths;
use rustc_span::{Span, Symbol};
use tracing::{Level, enabled, info};

use crate::stock;

/// Why something is done, or not done: a sentence without its point.
pub(crate) type Reason = &'static str;

/// The part of the pass that decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Promotion,
    Coalescing,
    Finishing,
}

impl Phase {
    /// As the trace and the report name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Phase::Promotion => "promotion",
            Phase::Coalescing => "coalescing",
            Phase::Finishing => "finishing",
        }
    }
}

/// What a decision is about.
#[derive(Clone, Copy)]
pub(crate) enum Subject {
    /// The body as a whole.
    Body,
    /// A captured variable.
    Upvar(FieldIdx),
    /// A value that moves from one local to another, at a location.
    Move { from: Local, to: Local, at: Location },
}

/// Something that the pass did not do.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) phase: Phase,
    /// What it is about.
    pub(crate) subject: String,
    /// Where the source says so.
    pub(crate) span: Span,
    pub(crate) reason: Reason,
}

static IS_KEPT: AtomicBool = AtomicBool::new(false);
static KEPT: Mutex<Option<FxHashMap<LocalDefId, Vec<Refusal>>>> = Mutex::new(None);

/// Keeps what is refused from now on.
pub(crate) fn keep() {
    IS_KEPT.store(true, Ordering::Relaxed);
}

/// What was refused in a body of this crate.
pub(crate) fn refused(tcx: TyCtxt<'_>, def: LocalDefId) -> Vec<Refusal> {
    let kept = || KEPT.lock().unwrap().as_ref().and_then(|kept| kept.get(&def).cloned());
    kept().unwrap_or_else(|| {
        let _ = tcx.mir_drops_elaborated_and_const_checked(def);
        kept().unwrap_or_default()
    })
}

/// The decisions about one body.
pub(crate) struct Decisions {
    body: LocalDefId,
    /// How the trace names the body; `None` if there is no trace.
    traced: Option<String>,
    /// How the upvars are called, in capture order.
    upvars: IndexVec<FieldIdx, Symbol>,
    /// `None` if they are not kept.
    refusals: Option<RefCell<Vec<Refusal>>>,
}

impl Decisions {
    /// None yet.
    pub(crate) fn new(tcx: TyCtxt<'_>, body: LocalDefId) -> Decisions {
        let traced = enabled!(Level::INFO).then(|| with_no_trimmed_paths!(tcx.def_path_str(body)));
        let is_kept = IS_KEPT.load(Ordering::Relaxed);
        let upvars = if traced.is_some() || is_kept {
            (stock::providers().closure_saved_names_of_captured_variables)(tcx, body)
        } else {
            IndexVec::new()
        };
        Decisions { body, traced, upvars, refusals: is_kept.then(RefCell::default) }
    }

    /// Something is done.
    pub(crate) fn done(&self, phase: Phase, body: &Body<'_>, subject: Subject, reason: Reason) {
        if let Some(name) = &self.traced {
            let (subject, _) = self.describe(body, subject);
            info!("{name}: {}: {subject}: {reason}", phase.name());
        }
    }

    /// Something is not done.
    pub(crate) fn refuse(&self, phase: Phase, body: &Body<'_>, subject: Subject, reason: Reason) {
        if self.traced.is_none() && self.refusals.is_none() {
            return;
        }
        let (subject, span) = self.describe(body, subject);
        if let Some(name) = &self.traced {
            info!("{name}: {}: {subject}: refused: {reason}", phase.name());
        }
        if let Some(refusals) = &self.refusals {
            refusals.borrow_mut().push(Refusal { phase, subject, span, reason });
        }
    }

    /// Keeps what was refused for the report.
    pub(crate) fn finish(self) {
        if let Some(refusals) = self.refusals {
            let mut kept = KEPT.lock().unwrap();
            kept.get_or_insert_default().insert(self.body, refusals.into_inner());
        }
    }

    fn describe(&self, body: &Body<'_>, subject: Subject) -> (String, Span) {
        match subject {
            Subject::Body => ("the coroutine".into(), body.span),
            Subject::Upvar(field) => {
                let name = self.upvars.get(field).map_or("?", |name| name.as_str());
                (format!("captured `{name}`"), body.span)
            }
            Subject::Move { from, to, at } => {
                let [from, to] = [from, to].map(|local| local_name(body, local));
                (format!("{from} moves to {to}"), body.source_info(at).span)
            }
        }
    }
}

/// The name of a variable, or the type of a temporary.
fn local_name(body: &Body<'_>, local: Local) -> String {
    let is_named = |value: &VarDebugInfoContents<'_>| matches!(value, VarDebugInfoContents::Place(place) if place.as_local() == Some(local));
    match body.var_debug_info.iter().find(|variable| is_named(&variable.value)) {
        Some(variable) => format!("`{}`", variable.name),
        None => {
            // Trimmed paths are for diagnostics alone: rustc panics if none follows.
            with_no_trimmed_paths!(format!("a `{}`", body.local_decls[local].ty))
        }
    }
}
