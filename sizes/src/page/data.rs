//! What the page knows of the futures. Names are short: a page may have ten thousand of them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::Project;
use crate::map;
use crate::report::{Future, Place, Report};

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

fn states(future: &Future, report: &Report) -> Vec<Value> {
    let row = |row: map::Row| {
        let values = row
            .values
            .into_iter()
            .map(|it| json!([it.item, it.offset, it.size, it.label, it.kept]));
        json!({ "place": row.place.as_ref().map(shown), "fields": values.collect::<Vec<_>>() })
    };
    map::rows(future, report).into_iter().map(row).collect()
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
