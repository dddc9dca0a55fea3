//! JSON for programs: `docs/sizes.schema.json`.

use serde_json::{Value, json};

use crate::advice::Advice;
use crate::guard::Finding;
use crate::report::{Future, Place, Report};
use crate::selection::Selection;

/// The version of this format.
const FORMAT: u32 = 1;

pub(super) fn list(selection: &Selection<'_>, report: &Report) -> String {
    let (size, stock) = report.totals();
    let futures: Vec<Value> = selection.futures.iter().map(|it| future(it)).collect();
    text(json!({
        "format": FORMAT,
        "futures": futures,
        "total": {
            "futures": report.futures.len(),
            "size": size,
            "stock": stock.filter(|_| report.has_stock()),
        },
    }))
}

pub(super) fn findings(findings: &[Finding]) -> String {
    let findings: Vec<Value> = findings.iter().map(finding).collect();
    text(json!({ "format": FORMAT, "findings": findings }))
}

pub(super) fn advice(advice: &[Advice], report: &Report) -> String {
    let one = |advice: &Advice| {
        let effects = advice.effects.iter().map(|effect| {
            let future = &report.futures[effect.future];
            json!({ "id": future.id, "name": future.name(), "before": effect.before, "after": effect.after })
        });
        json!({
            "kind": advice.change.name(),
            "text": advice.what(report),
            "saves": advice.saved,
            "exact": advice.is_exact,
            "place": place(advice.place.as_ref()),
            "value": advice.value,
            "effects": effects.collect::<Vec<_>>(),
        })
    };
    let advice: Vec<Value> = advice.iter().map(one).collect();
    text(json!({ "format": FORMAT, "advice": advice }))
}

fn future(future: &Future) -> Value {
    let tasks = future.tasks.iter();
    json!({
        "id": future.id,
        "name": future.name(),
        "type": future.ty,
        "crate": future.body.krate,
        "size": future.size,
        "bound": future.bound,
        "stock": future.stock,
        "place": place(future.place().as_ref()),
        "tasks": tasks
            .map(|task| json!({ "by": task.by, "place": place(Place::parse(&task.span).as_ref()) }))
            .collect::<Vec<_>>(),
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "rule": finding.rule.name(),
        "future": finding.future,
        "size": finding.size,
        "limit": finding.limit,
        "worse": finding.is_worse,
        "text": finding.text(),
        "place": place(finding.place.as_ref()),
        "cause": finding.cause.as_ref().map(|cause| json!({
            "value": cause.value,
            "size": cause.size,
            "before": cause.before,
            "place": place(cause.place.as_ref()),
        })),
    })
}

fn place(place: Option<&Place>) -> Value {
    place.map_or(
        Value::Null,
        |place| json!({ "file": place.file, "line": place.start.0, "column": place.start.1 }),
    )
}

fn text(value: Value) -> String {
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}
