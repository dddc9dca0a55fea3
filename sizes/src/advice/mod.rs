//! What a change of the source would save: at the future that is changed, and in all futures around it.
//!
//! For each big value of each chosen future, the changes that people make are tried on the future's packing problem
//! ([`model`]), and carried on to the futures that have it in them ([`effects`]). A promise is *exact* where
//! packing each of them as it is gives just the size that the compiler gave it: then the compiler does the same after the change.
//!
//! | change | what becomes of the value |
//! |---|---|
//! | box what is awaited | a pointer |
//! | drop a variable before an await | it does not wait there |
//! | borrow an argument | a pointer |
//! | take a small future out of its box | the future itself; worth it where that makes nothing bigger |

mod effects;
mod model;

use crate::output;
use crate::report::{Field, Future, Place, Report, Variant};
use crate::selection::Selection;
use effects::Effects;
use model::Model;

/// Values that are smaller are not looked at: what could be saved is less than what a pointer takes.
const SMALLEST: u64 = 32;
/// A boxed future that is bigger is worth its box.
const BIGGEST_UNBOXED: u64 = 512;
/// The size and the alignment of a pointer. (Reports do not say it; futures for smaller machines gain a little more.)
const POINTER: (u64, u64) = (8, 8);
/// So much advice is given.
const MOST: usize = 12;

/// A change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Box,
    Drop,
    Borrow,
    Unbox,
}

impl Change {
    /// As JSON has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Change::Box => "box",
            Change::Drop => "drop",
            Change::Borrow => "borrow",
            Change::Unbox => "unbox",
        }
    }
}

/// What becomes of the size of one future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Effect {
    /// Its place in the report.
    pub(crate) future: usize,
    pub(crate) before: u64,
    pub(crate) after: u64,
}

/// A change of one value in one future.
#[derive(Clone, Debug)]
pub(crate) struct Advice {
    pub(crate) change: Change,
    /// The future's place in the report.
    future: usize,
    /// What the value is called.
    pub(crate) value: String,
    /// Where to change something.
    pub(crate) place: Option<Place>,
    /// The future itself, and those around it, from the inside out.
    pub(crate) effects: Vec<Effect>,
    /// What the outermost futures of these are smaller by, together.
    pub(crate) saved: u64,
    pub(crate) is_exact: bool,
}

impl Advice {
    /// What to do, in words.
    pub(crate) fn what(&self, report: &Report) -> String {
        let name = report.futures[self.future].name();
        match self.change {
            Change::Box => {
                format!("in {name}, box what it {}: `Box::pin(..).await`", self.value)
            }
            Change::Drop => {
                format!(
                    "in {name}, {} is kept only to be dropped: drop it before this await",
                    self.value
                )
            }
            Change::Borrow => format!("let {name} borrow its argument {}", self.value),
            Change::Unbox => format!("in {name}, {} needs no box", self.value),
        }
    }
}

/// The changes that save most in the chosen futures, best first.
pub(crate) fn best(report: &Report, selection: &Selection<'_>) -> Vec<Advice> {
    let mut effects = Effects::new(report);
    let mut all = Vec::new();
    for future in &selection.futures {
        // In stock's layout, captures have no place of their own to change.
        if future.keeps_captures() {
            continue;
        }
        let Some(at) = report.position(&future.id) else { continue };
        let model = Model::of(future);
        for candidate in candidates(report, future) {
            let changed = candidate.apply(&model, report);
            let (effects, is_exact) = match candidate.change {
                // Who calls it keeps the value then, and may or may not have done so before.
                Change::Borrow => effects.alone(at, &changed),
                Change::Box | Change::Unbox => effects.of(at, changed),
                // A flag may have to wait that says whether it was dropped: a byte.
                Change::Drop => (effects.of(at, changed).0, false),
            };
            let saved = saved(&effects, report);
            let is_worth_it = match candidate.change {
                Change::Unbox => effects.iter().all(|effect| effect.after <= effect.before),
                Change::Box | Change::Drop | Change::Borrow => saved > 0,
            };
            if is_worth_it {
                let value = output::label(candidate.field, report, false);
                let place = candidate.place(future);
                let change = candidate.change;
                all.push(Advice { change, future: at, value, place, effects, saved, is_exact });
            }
        }
    }
    all.sort_by_key(|advice| std::cmp::Reverse(advice.saved));
    // One body with several type arguments is one place to change.
    let mut seen = Vec::new();
    all.retain(|advice| {
        let key =
            (advice.change, report.futures[advice.future].body.id.clone(), advice.place.clone());
        let is_new = !seen.contains(&key);
        seen.push(key);
        is_new
    });
    all.truncate(MOST);
    all
}

/// What the outermost of some futures are smaller by.
fn saved(effects: &[Effect], report: &Report) -> u64 {
    let is_inside = |effect: &Effect| {
        let id = &report.futures[effect.future].id;
        effects.iter().any(|other| {
            let states = report.futures[other.future].variants.iter();
            states.flat_map(|state| &state.fields).any(|field| field.future() == Some(id))
        })
    };
    let outermost = effects.iter().filter(|effect| !is_inside(effect));
    outermost.map(|effect| effect.before.saturating_sub(effect.after)).sum()
}

/// A change that could be made.
struct Candidate<'a> {
    change: Change,
    field: &'a Field,
    state: &'a Variant,
}

impl Candidate<'_> {
    fn apply(&self, model: &Model, report: &Report) -> Model {
        let mut changed = model.clone();
        let item = self.field.item;
        match self.change {
            Change::Box | Change::Borrow => changed.resize(item, POINTER.0, POINTER.1),
            Change::Drop => changed.end_where_dropped(item),
            Change::Unbox => {
                let boxed = self.field.inner.first().and_then(|inner| report.get(&inner.id));
                if let Some(boxed) = boxed {
                    changed.resize(item, boxed.size, boxed.align);
                }
            }
        }
        changed
    }

    fn place(&self, future: &Future) -> Option<Place> {
        match self.change {
            Change::Borrow => future.place(),
            Change::Unbox if !self.field.is_awaited() => Place::parse(&self.field.declared),
            Change::Box | Change::Drop | Change::Unbox => Place::parse(&self.state.span),
        }
    }
}

/// The changes that could be made to a future's values.
fn candidates<'a>(report: &Report, future: &'a Future) -> Vec<Candidate<'a>> {
    let mut found: Vec<Candidate<'a>> = Vec::new();
    let suspensions = future.states().filter(|state| state.is_suspension());
    for (state, field) in suspensions.flat_map(|it| it.fields.iter().map(move |field| (it, field)))
    {
        for change in [Change::Box, Change::Drop, Change::Borrow, Change::Unbox] {
            let is_known =
                found.iter().any(|it| it.change == change && it.field.item == field.item);
            if !is_known && is_candidate(change, field, future, report) {
                found.push(Candidate { change, field, state });
            }
        }
    }
    found
}

fn is_candidate(change: Change, field: &Field, future: &Future, report: &Report) -> bool {
    let is_big = field.size >= SMALLEST;
    let is_variable = field.name.is_some() && !field.is_awaited();
    match change {
        Change::Box => is_big && field.is_awaited() && field.future().is_some(),
        Change::Drop => {
            is_big
                && is_variable
                && field.is_only_dropped()
                && can_be_dropped(field, future, report)
        }
        Change::Borrow => {
            // A task owns what it gets; what is a future already has its own advice.
            let is_argument = future.upvars.iter().any(|upvar| upvar.name == field.name);
            is_big
                && is_variable
                && is_argument
                && future.body.kind == "async fn"
                && future.tasks.is_empty()
                && field.inner.is_empty()
        }
        Change::Unbox => match &field.inner[..] {
            [inner] if inner.offset.is_none() && field.size == POINTER.0 => {
                report.get(&inner.id).is_some_and(|boxed| boxed.size <= BIGGEST_UNBOXED)
            }
            _ => false,
        },
    }
}

/// Whether a variable can be dropped before the awaits at which it is kept only to be dropped: nothing that waits there borrows it, and
/// there is a line before the await. (In `select!` and the like the await is a macro's.)
fn can_be_dropped(field: &Field, future: &Future, report: &Report) -> bool {
    let file = future.place().map(|place| place.file);
    future.states().filter(|state| state.is_suspension()).all(|state| {
        let is_only_dropped = |it: &Field| it.item == field.item && it.is_only_dropped();
        if !state.fields.iter().any(is_only_dropped) {
            return true;
        }
        // What was captured was there before the variable.
        let is_captured = |it: &Field| future.upvars.iter().any(|upvar| upvar.name == it.name);
        let others = state.fields.iter().filter(|it| it.item != field.item && !is_captured(it));
        let is_here = Place::parse(&state.span).map(|place| place.file) == file;
        is_here && !others.into_iter().any(|other| may_borrow(other, report, DEPTH))
    })
}

/// Futures that are deeper in each other are taken to borrow something.
const DEPTH: usize = 8;

/// Whether a value may have references in it: a future has those that it was made with.
fn may_borrow(field: &Field, report: &Report, depth: usize) -> bool {
    let made = field.future().filter(|_| depth > 0).and_then(|id| report.get(id));
    let made = made.and_then(|future| future.states().find(|state| state.is_unresumed()));
    match made {
        Some(state) => state.fields.iter().any(|field| may_borrow(field, report, depth - 1)),
        // Closures and other coroutines may have captured anything.
        None => ["&", "'", "*", "{", "dyn "].iter().any(|part| field.ty.contains(part)),
    }
}
