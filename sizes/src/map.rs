//! The byte map of a future: what lies where in it at each suspension, in the order of the source.

use crate::output;
use crate::report::{Field, Future, Place, Report, Variant};

/// A suspension, or the state before the first poll.
pub(crate) struct Row {
    /// Where it waits.
    pub(crate) place: Option<Place>,
    pub(crate) values: Vec<Bytes>,
}

/// A value.
pub(crate) struct Bytes {
    /// The same value has the same number at each suspension.
    pub(crate) item: usize,
    pub(crate) offset: u64,
    pub(crate) size: u64,
    pub(crate) label: String,
    /// Why it is kept.
    pub(crate) kept: Option<String>,
}

/// The rows of a future's map.
pub(crate) fn rows(future: &Future, report: &Report) -> Vec<Row> {
    let mut states: Vec<&Variant> = future.states().collect();
    states.sort_by_key(|state| (!state.is_unresumed(), Place::parse(&state.span)));
    let row = |state: &&Variant| {
        let fields = state.fields.iter().filter(|field| field.size > 0);
        let mut values: Vec<Bytes> = fields.map(|it| value(it, report)).collect();
        if future.keeps_captures() {
            values.extend(captures(future));
        }
        let place = Place::parse(&state.span).filter(|_| !state.is_unresumed());
        Row { place, values }
    };
    states.iter().map(row).collect()
}

/// What stock's layout keeps in every state.
fn captures(future: &Future) -> impl Iterator<Item = Bytes> {
    /// Other values have smaller numbers.
    const FIRST: usize = 1 << 20;
    let upvars = future.upvars.iter().enumerate().filter(|(_, upvar)| upvar.size > 0);
    upvars.map(|(index, upvar)| Bytes {
        item: FIRST + index,
        offset: upvar.offset,
        size: upvar.size,
        label: format!("captured `{}`", upvar.name.as_deref().unwrap_or("_")),
        kept: Some("because stock's layout keeps what is captured".to_owned()),
    })
}

fn value(field: &Field, report: &Report) -> Bytes {
    Bytes {
        item: field.item,
        offset: field.offset,
        size: field.size,
        label: output::label(field, report, false),
        kept: field.kept_by.as_ref().map(crate::why::reason),
    }
}
