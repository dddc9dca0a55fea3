//! Reports: the futures of one build, each once.
//!
//! Every crate writes what it knows (`docs/report.md`). A type that several crates use is in several files; what keeps its
//! values is known to the crate of its body alone, which says so of the body, whatever the type's arguments are.

mod format;
mod place;
mod read;

pub(crate) use format::{
    Adt, Body, Field, How, KeptBy, Leaf, Niche, Niches, Of, Shape, Tail, Task, Upvar, Variant,
};
pub(crate) use place::Place;
pub(crate) use read::{is_whole, read};

use std::collections::BTreeMap;

use format::Line;

/// The futures of a build, the biggest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Report {
    pub(crate) futures: Vec<Future>,
    by_id: BTreeMap<String, usize>,
    /// The same build with stock's layouts, if there was one.
    pub(crate) stock: Option<Box<Report>>,
}

/// One future: a coroutine type.
#[derive(Clone, Debug)]
pub(crate) struct Future {
    pub(crate) id: String,
    /// The type's full path with its arguments.
    pub(crate) ty: String,
    pub(crate) body: Body,
    pub(crate) size: u64,
    pub(crate) align: u64,
    /// What no layout can go below.
    pub(crate) bound: Option<u64>,
    /// What it has under stock's layout.
    pub(crate) stock: Option<u64>,
    pub(crate) layout: String,
    pub(crate) upvars: Vec<Upvar>,
    pub(crate) variants: Vec<Variant>,
    /// Pairs of items that must not overlap though no state has both.
    pub(crate) conflicts: Vec<(usize, usize)>,
    /// The size of a pointer of the target.
    pub(crate) pointer_size: u64,
    /// Where it becomes a task.
    pub(crate) tasks: Vec<Task>,
}

impl Report {
    /// Sorts the futures, and numbers them.
    fn new(mut futures: Vec<Future>) -> Report {
        futures.sort_by(|one, other| {
            let key = |future: &Future| (std::cmp::Reverse(future.size), future.name());
            (key(one), &one.ty, &one.id).cmp(&(key(other), &other.ty, &other.id))
        });
        let by_id = futures.iter().enumerate().map(|(at, future)| (future.id.clone(), at));
        Report { by_id: by_id.collect(), futures, stock: None }
    }

    /// The same with the sizes of another build.
    pub(crate) fn with_stock(mut self, stock: Option<Report>) -> Report {
        let Some(stock) = stock else { return self };
        for future in &mut self.futures {
            future.stock = stock.get(&future.id).map(|future| future.size);
        }
        self.stock = Some(Box::new(stock));
        self
    }

    /// Whether sizes of stock's are known.
    pub(crate) fn has_stock(&self) -> bool {
        self.stock.is_some()
    }

    /// The future with an id.
    pub(crate) fn get(&self, id: &str) -> Option<&Future> {
        self.by_id.get(id).map(|&at| &self.futures[at])
    }

    /// Where it is in the list.
    pub(crate) fn position(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The sizes of all, and what they have under stock, if that is known of each.
    pub(crate) fn totals(&self) -> (u64, Option<u64>) {
        let size = self.futures.iter().map(|future| future.size).sum();
        (size, self.futures.iter().map(|future| future.stock).sum())
    }
}

impl Future {
    fn new(line: Line) -> Future {
        Future {
            id: line.id,
            ty: line.ty,
            body: line.body,
            size: line.size,
            align: line.align,
            bound: line.bound,
            stock: None,
            layout: line.layout,
            upvars: line.upvars,
            variants: line.variants,
            conflicts: line.conflicts,
            pointer_size: line.pointer_size,
            tasks: line.tasks,
        }
    }

    /// As a person writes it: `async fn client::Client::fetch`, `async block in client::run`.
    pub(crate) fn name(&self) -> String {
        let Body { kind, name, .. } = &self.body;
        if kind.ends_with(" fn") { format!("{kind} {name}") } else { format!("{kind} in {name}") }
    }

    /// Where it is written.
    pub(crate) fn place(&self) -> Option<Place> {
        Place::parse(&self.body.span)
    }

    /// The states in which values wait, and the one before the first resume.
    pub(crate) fn states(&self) -> impl Iterator<Item = &Variant> {
        self.variants.iter().filter(|variant| variant.is_suspension() || variant.is_unresumed())
    }

    /// The state whose values take most bytes; of several, the first.
    pub(crate) fn biggest_state(&self) -> Option<&Variant> {
        let mut biggest: Option<&Variant> = None;
        for state in self.states() {
            if biggest.is_none_or(|it| self.bytes_in(it) < self.bytes_in(state)) {
                biggest = Some(state);
            }
        }
        biggest
    }

    /// What is alive in a state, in bytes. Where the layout is stock's, the captures always are.
    pub(crate) fn bytes_in(&self, state: &Variant) -> u64 {
        let fields: u64 = state.fields.iter().map(|field| field.size).sum();
        let upvars: u64 = self.upvars.iter().map(|upvar| upvar.size).sum();
        if self.keeps_captures() { fields + upvars } else { fields }
    }

    /// Whether captures are alive in every state, as in stock's layout.
    pub(crate) fn keeps_captures(&self) -> bool {
        self.layout == "classic"
    }

    /// What is its own in its biggest state: without the futures inside.
    pub(crate) fn own_size(&self, report: &Report) -> u64 {
        let inside = |state: &Variant| -> u64 {
            let all = state.fields.iter().flat_map(|field| &field.inner);
            let by_value = all.filter(|inner| inner.offset.is_some());
            by_value.filter_map(|inner| report.get(&inner.id)).map(|inner| inner.size).sum()
        };
        self.size.saturating_sub(self.biggest_state().map_or(0, inside))
    }
}
