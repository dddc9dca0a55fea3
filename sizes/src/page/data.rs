//! What the page knows of the futures. Names are short: a page may have ten thousand of them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::Project;
use crate::output;
use crate::report::{Field, Future, Place, Report, Variant};

/// All futures, in the order of the report.
pub(super) fn json(report: &Report, project: &Project) -> String {
    let futures: Vec<Value> = report.futures.iter().map(|it| future(it, report)).collect();
    json!({
        "root": project.root.display().to_string(),
        "hasStock": report.has_stock(),
        "futures": futures,
    })
    .to_string()
}

fn future(future: &Future, report: &Report) -> Value {
    let place = future.place();
    let tasks = future.tasks.iter().map(|task| {
        let at = Place::parse(&task.span).map_or(String::new(), |at| format!(" at {}", at.short()));
        format!("{}{at}", task.by)
    });
    json!({
        "name": future.name(),
        "type": future.ty,
        "size": future.size,
        "own": future.own_size(report),
        "bound": future.bound,
        "stock": future.stock,
        "place": place.as_ref().map(shown),
        "tasks": tasks.collect::<Vec<_>>(),
        "states": states(future, report),
        "stockStates": report.stock.as_ref().and_then(|stock| Some(states(stock.get(&future.id)?, stock))),
        "inside": inside(future, report),
    })
}

fn shown(place: &Place) -> Value {
    json!({ "text": place.short(), "file": place.file, "line": place.line() })
}

/// The states in the order of the source.
fn states(future: &Future, report: &Report) -> Vec<Value> {
    let mut states: Vec<&Variant> = future.states().collect();
    states.sort_by_key(|state| (!state.is_unresumed(), Place::parse(&state.span)));
    let state = |state: &&Variant| {
        let fields = state.fields.iter().filter(|field| field.size > 0);
        let mut fields: Vec<Value> = fields.map(|it| field(it, report)).collect();
        if future.keeps_captures() {
            fields.extend(captures(future));
        }
        let place = Place::parse(&state.span).filter(|_| !state.is_unresumed());
        json!({ "place": place.as_ref().map(shown), "fields": fields })
    };
    states.iter().map(state).collect()
}

/// What stock's layout keeps in every state.
fn captures(future: &Future) -> impl Iterator<Item = Value> {
    /// Other values have smaller numbers.
    const FIRST: usize = 1 << 20;
    let upvars = future.upvars.iter().enumerate().filter(|(_, upvar)| upvar.size > 0);
    upvars.map(|(index, upvar)| {
        let name = upvar.name.as_deref().unwrap_or("_");
        let kept = "because stock's layout keeps what is captured";
        json!([FIRST + index, upvar.offset, upvar.size, format!("captured `{name}`"), kept])
    })
}

fn field(field: &Field, report: &Report) -> Value {
    let kept = field.kept_by.as_ref().map(crate::why::reason);
    json!([field.item, field.offset, field.size, output::label(field, report, false), kept])
}

/// The futures that are inside at the biggest state, by value: their places in the list.
fn inside(future: &Future, report: &Report) -> Vec<usize> {
    let mut found = BTreeMap::new();
    for field in future.biggest_state().into_iter().flat_map(|state| &state.fields) {
        for inner in field.inner.iter().filter(|inner| inner.offset.is_some()) {
            if let Some(at) = report.position(&inner.id) {
                found.insert((field.item, inner.offset), at);
            }
        }
    }
    found.into_values().collect()
}
