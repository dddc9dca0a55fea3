//! What RelocateUpvars decides about one body, and why: for `RUSTC_LOG` and for the report.
//!
//! `RUSTC_LOG=snug=info` prints every decision when it is made, through the `tracing` of rustc itself. The level is `info`:
//! release builds of rustc have `max_level_info`, which removes all lower levels.
//!
//! The report has what was *refused*. It is written at the end, so refusals are kept until then, if there is to be a report
//! ([`keep`]), and so is what keeps each local that is saved. The pass does not run for bodies that an incremental build knows already;
//! then [`kept`] runs it once more.

use std::cell::RefCell;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_abi::FieldIdx;
use rustc_data_structures::fx::FxHashMap;
use rustc_hir::def_id::LocalDefId;
use rustc_index::IndexVec;
use rustc_middle::mir::{Body, Local, Location, SourceInfo, VarDebugInfoContents};
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
    Needs,
    Finishing,
}

impl Phase {
    /// As the trace and the report name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Phase::Promotion => "promotion",
            Phase::Coalescing => "coalescing",
            Phase::Needs => "needs",
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
    /// A value, at a location.
    Value { of: Local, at: Location },
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

/// What keeps a local across a suspension.
#[derive(Clone, Debug)]
pub(crate) struct Keeper {
    /// Where the suspension is.
    pub(crate) suspension: Span,
    /// Where the local is declared.
    pub(crate) declared: SourceInfo,
    pub(crate) how: KeptBy,
    /// Where that happens.
    pub(crate) span: Span,
}

/// What a local is kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeptBy {
    /// It is used later.
    Use,
    /// It is dropped later, and not used otherwise.
    Drop,
    /// It is borrowed.
    Borrow,
}

impl KeptBy {
    /// As the report names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            KeptBy::Use => "use",
            KeptBy::Drop => "drop",
            KeptBy::Borrow => "borrow",
        }
    }
}

/// What the report has of one body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) keepers: Vec<Keeper>,
}

static IS_KEPT: AtomicBool = AtomicBool::new(false);
static KEPT: Mutex<Option<FxHashMap<LocalDefId, Kept>>> = Mutex::new(None);

/// Keeps what is refused from now on.
pub(crate) fn keep() {
    IS_KEPT.store(true, Ordering::Relaxed);
}

/// What was refused in a body of this crate, and what keeps its locals.
pub(crate) fn kept(tcx: TyCtxt<'_>, def: LocalDefId) -> Kept {
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
    /// `None` if nothing is kept.
    kept: Option<RefCell<Kept>>,
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
        Decisions { body, traced, upvars, kept: is_kept.then(RefCell::default) }
    }

    /// Whether anybody sees what is done.
    pub(crate) fn are_traced(&self) -> bool {
        self.traced.is_some()
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
        if !self.are_seen() {
            return;
        }
        let (subject, span) = self.describe(body, subject);
        if let Some(name) = &self.traced {
            info!("{name}: {}: {subject}: refused: {reason}", phase.name());
        }
        if let Some(kept) = &self.kept {
            kept.borrow_mut().refusals.push(Refusal { phase, subject, span, reason });
        }
    }

    /// Whether anybody sees what is refused.
    pub(crate) fn are_seen(&self) -> bool {
        self.traced.is_some() || self.kept.is_some()
    }

    /// Whether there is to be a report.
    pub(crate) fn are_kept(&self) -> bool {
        self.kept.is_some()
    }

    /// Keeps what keeps the locals of the body.
    pub(crate) fn keep(&self, keepers: Vec<Keeper>) {
        if let Some(kept) = &self.kept {
            kept.borrow_mut().keepers = keepers;
        }
    }

    /// Keeps all of it for the report.
    pub(crate) fn finish(self) {
        if let Some(of_body) = self.kept {
            let mut kept = KEPT.lock().unwrap();
            kept.get_or_insert_default().insert(self.body, of_body.into_inner());
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
            Subject::Value { of, at } => (local_name(body, of), body.source_info(at).span),
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
