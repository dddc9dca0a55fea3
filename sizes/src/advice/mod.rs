//! What a change of the source would save: at the future that is changed, and in all futures around it.
//!
//! For each big value of each chosen future, the changes that people make are tried on the future's packing problem
//! ([`model`]), and carried on to the futures that have it in them ([`effects`]). A promise is *exact* where
//! packing each of them as it is gives just the size that the compiler gave it: then the compiler does the same after the change.
//!
//! | change | what becomes of the value |
//! |---|---|
//! | box what is awaited, or a future in it or in a variable | a pointer, or the value with a pointer in the future's place ([`shape`]) |
//! | drop a variable before an await | it does not wait there |
//! | borrow an argument | a pointer |
//! | take a small future out of its box | the future itself; worth it where that makes nothing bigger |

mod effects;
mod model;
mod shape;

use crate::output;
use crate::report::{Field, Future, Place, Report, Variant};
use crate::selection::Selection;
use effects::Effects;
use model::Model;
use shape::Instead;

/// Values that are smaller are not looked at: what could be saved is less than what a pointer takes.
const SMALLEST: u64 = 32;
/// A boxed future that is bigger is worth its box.
const BIGGEST_UNBOXED: u64 = 512;
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
    /// Whether it is what is awaited.
    is_awaited: bool,
    /// The future in the value that is boxed, if it is not the value itself: its place in the report.
    inside: Option<usize>,
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
            Change::Box => self.what_to_box(&name, report),
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

    fn what_to_box(&self, name: &str, report: &Report) -> String {
        let value = &self.value;
        match (self.inside.map(|inside| report.futures[inside].name()), self.is_awaited) {
            (None, true) => format!("in {name}, box what it {value}: `Box::pin(..).await`"),
            (None, false) => format!("in {name}, box {value} where it is made: `Box::pin(..)`"),
            (Some(inside), true) => {
                format!("in {name}, which {value}, box {inside} in there: `Box::pin(..)`")
            }
            (Some(inside), false) => {
                format!("in {name}, box {inside} in {value} where it is made: `Box::pin(..)`")
            }
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
            let Some(changed) = candidate.apply(&model, future, report) else { continue };
            let (effects, is_exact) = match candidate.change {
                // Who calls it keeps the value then, and may or may not have done so before.
                Change::Borrow => effects.alone(at, &changed),
                Change::Box | Change::Unbox => effects.of(at, changed),
                // A flag may have to wait that says whether it was dropped: a byte.
                Change::Drop => (effects.of(at, changed).0, false),
            };
            let is_exact = is_exact && candidate.others(future).is_some();
            let saved = saved(&effects, report);
            let is_worth_it = match candidate.change {
                Change::Unbox => effects.iter().all(|effect| effect.after <= effect.before),
                Change::Box | Change::Drop | Change::Borrow => saved > 0,
            };
            if is_worth_it {
                all.push(Advice {
                    change: candidate.change,
                    future: at,
                    value: output::label(candidate.field, report, false),
                    is_awaited: candidate.field.is_awaited(),
                    inside: candidate.inside(report),
                    place: candidate.place(future),
                    effects,
                    saved,
                    is_exact,
                });
            }
        }
    }
    all.sort_by_key(|advice| std::cmp::Reverse(advice.saved));
    // One body with several type arguments is one place to change.
    let mut seen = Vec::new();
    all.retain(|advice| {
        let body = |future: usize| report.futures[future].body.id.clone();
        let inside = advice.inside.map(body);
        let key = (advice.change, body(advice.future), advice.place.clone(), inside);
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
            states.flat_map(|state| &state.fields).any(|field| field.futures().any(|it| it == id))
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
    /// The future that goes into a box, or out of one; `None` for the whole value.
    of: Option<&'a str>,
}

impl Candidate<'_> {
    /// The future's packing problem after the change.
    fn apply(&self, model: &Model, future: &Future, report: &Report) -> Option<Model> {
        let mut changed = model.clone();
        let item = self.field.item;
        let pointer = future.pointer_size;
        match (self.change, self.of) {
            (Change::Drop, _) => changed.end_where_dropped(item),
            (Change::Borrow, _) | (Change::Box, None) => changed.resize(item, pointer, pointer),
            (Change::Box, Some(of)) => {
                let boxed = |id: &str| (id == of).then_some(Instead::Box(pointer));
                let others = self.others(future).unwrap_or_default();
                for field in others.into_iter().chain([self.field]) {
                    let (size, align) = effects::changed(field, pointer, &boxed, &|_| None)?;
                    changed.resize(field.item, size, align);
                }
            }
            (Change::Unbox, of) => {
                let of = of?;
                let inside = report.get(of)?;
                let instead = Instead::Future(inside.size, inside.align);
                let unboxed = |id: &str| (id == of).then_some(instead);
                let (size, align) = effects::changed(self.field, pointer, &|_| None, &unboxed)?;
                changed.resize(item, size, align);
            }
        }
        Some(changed)
    }

    /// The other values of the future that change, too, as what is boxed goes on into them; `None` where that is not known.
    ///
    /// Awaits move a variable: in `let f = g(); ..; f.await`, both `f` and what is awaited are boxed.
    fn others<'f>(&self, future: &'f Future) -> Option<Vec<&'f Field>> {
        let Some(of) = self.of.filter(|_| self.change == Change::Box && !self.field.is_awaited())
        else {
            return Some(Vec::new());
        };
        // A future in a macro's own variable: `pin!` has a pointer to it, too, which a box is itself.
        if self.field.future().is_some() && self.declared(future).is_none() {
            return None;
        }
        let mut others = Vec::new();
        for state in &future.variants {
            for field in state.fields.iter().filter(|field| field.item != self.field.item) {
                if field.futures().any(|id| id == of) {
                    let is_it = field.is_awaited()
                        && field.ty == self.field.ty
                        && self.is_awaited_at(state, future);
                    if !is_it {
                        return None;
                    }
                    others.push(field);
                }
            }
        }
        Some(others)
    }

    /// Whether it is this variable that is awaited in a state: the use that keeps it is immediately before.
    fn is_awaited_at(&self, state: &Variant, future: &Future) -> bool {
        let Some(wait) = Place::parse(&state.span) else { return false };
        let fields = future.variants.iter().flat_map(|variant| &variant.fields);
        let mut uses = fields
            .filter(|field| field.item == self.field.item)
            .filter_map(|field| field.kept_by.as_ref())
            .filter_map(|kept| Place::parse(&kept.span));
        uses.any(|used| {
            let is_before = used.end == wait.start || used.end == (wait.start.0, wait.start.1 - 1);
            used.file == wait.file && (is_before || used == wait)
        })
    }

    /// The future in the value that is boxed, if it is not the value itself.
    fn inside(&self, report: &Report) -> Option<usize> {
        let of = self.of.filter(|of| self.change == Change::Box && self.field.future() != Some(of));
        of.and_then(|id| report.position(id))
    }

    /// Where the value's variable is declared; `None` for a macro's own.
    fn declared(&self, future: &Future) -> Option<Place> {
        let file = future.place().map(|place| place.file);
        Place::parse(&self.field.declared).filter(|place| Some(&place.file) == file.as_ref())
    }

    fn place(&self, future: &Future) -> Option<Place> {
        let await_of = || Place::parse(&self.state.span);
        match self.change {
            Change::Borrow => future.place(),
            Change::Box | Change::Unbox if !self.field.is_awaited() => {
                self.declared(future).or_else(await_of)
            }
            Change::Box | Change::Drop | Change::Unbox => await_of(),
        }
    }
}

/// The changes that could be made to a future's values.
fn candidates<'a>(report: &Report, future: &'a Future) -> Vec<Candidate<'a>> {
    let mut found: Vec<Candidate<'a>> = Vec::new();
    let suspensions = future.states().filter(|state| state.is_suspension());
    for (state, field) in suspensions.flat_map(|it| it.fields.iter().map(move |field| (it, field)))
    {
        for (change, of) in of_value(field, future, report) {
            let is_known = |it: &Candidate<'_>| {
                it.change == change && it.of == of && it.field.item == field.item
            };
            if !found.iter().any(is_known) {
                found.push(Candidate { change, field, state, of });
            }
        }
    }
    found
}

/// The changes that could be made to a value, and to which future in it.
fn of_value<'a>(
    field: &'a Field,
    future: &Future,
    report: &Report,
) -> Vec<(Change, Option<&'a str>)> {
    let mut changes = Vec::new();
    let is_big = field.size >= SMALLEST;
    // A variable that is awaited at last, and lies where it was: it is boxed where it is made.
    let is_variable_too = field.is_awaited() && is_variable(field.item, future);
    if is_big && field.is_awaited() && !is_variable_too {
        changes.push((Change::Box, None));
    }
    for of in field.futures() {
        let is_inside = field.future() != Some(of) || !field.is_awaited();
        let is_big = report.get(of).is_some_and(|it| it.size >= SMALLEST);
        if is_big && is_inside && !is_variable_too {
            changes.push((Change::Box, Some(of)));
        }
    }
    for of in field.boxed() {
        if report.get(of).is_some_and(|boxed| boxed.size <= BIGGEST_UNBOXED) {
            changes.push((Change::Unbox, Some(of)));
        }
    }
    if is_big && field.name.is_some() && !field.is_awaited() {
        if field.is_only_dropped() && can_be_dropped(field, future, report) {
            changes.push((Change::Drop, None));
        }
        // A task owns what it gets; what is a future already has its own advice.
        let is_argument = future.upvars.iter().any(|upvar| upvar.name == field.name);
        let is_function = future.body.kind == "async fn" && future.tasks.is_empty();
        if is_argument && is_function && field.inner.is_empty() {
            changes.push((Change::Borrow, None));
        }
    }
    changes
}

/// Whether a value of a future has a name in one of its states.
fn is_variable(item: usize, future: &Future) -> bool {
    let mut fields = future.variants.iter().flat_map(|variant| &variant.fields);
    fields.any(|field| field.item == item && field.name.is_some() && !field.is_awaited())
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
