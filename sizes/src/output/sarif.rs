//! SARIF 2.1.0, for code scanning.

use serde_json::{Value, json};

use crate::guard::{Finding, Rule};

pub(super) fn findings(findings: &[Finding]) -> String {
    let rules: Vec<Value> = Rule::ALL
        .iter()
        .map(
            |rule| json!({ "id": rule.name(), "shortDescription": { "text": rule.description() } }),
        )
        .collect();
    let results: Vec<Value> = findings.iter().map(result).collect();
    let sarif = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cargo snug sizes",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            // Places count characters.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&sarif).unwrap_or_default();
    text.push('\n');
    text
}

fn result(finding: &Finding) -> Value {
    let lines: Vec<String> = [finding.text()].into_iter().chain(finding.explanation()).collect();
    let mut result = json!({
        "ruleId": finding.rule.name(),
        "level": if finding.is_worse { "error" } else { "note" },
        "message": { "text": lines.join("\n") },
        "partialFingerprints": { "future/v1": finding.future },
    });
    if let Some(place) = &finding.place {
        result["locations"] = json!([{ "physicalLocation": {
            "artifactLocation": { "uri": place.file },
            "region": { "startLine": place.start.0, "startColumn": place.start.1 },
        } }]);
    }
    result
}
