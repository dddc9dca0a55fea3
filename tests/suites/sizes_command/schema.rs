//! `--format json` is what docs/sizes.schema.json says, and the schema refuses what is not.

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::toolchain::package;
use snug_tests::workshop::same;

use crate::guard::grow;
use crate::project::user;

/// All kinds of answers, with and without stock.
pub(crate) fn holds(tools: Tools) -> Result<()> {
    let schema = schema()?;
    let user = user(tools)?;
    let valid = |options: &str, list: &str| -> Result<()> {
        let said = user.snug(&format!("sizes -q --format json {options}"))?.stdout;
        let answer: Value =
            serde_json::from_str(&said).map_err(|error| format!("{options}: {error}: {said}"))?;
        if let Err(error) = schema.validate(&answer) {
            return Err(format!("{options}: {error} at {}", error.instance_path()));
        }
        let count = answer[list].as_array().map_or(0, Vec::len);
        same(&format!("{options}: some {list}"), count > 0, true)?;
        spoiled(&schema, &answer, list).map_err(|error| format!("{options}: {error}"))
    };
    valid("--top 0", "futures")?;
    valid("--stock --top 0", "futures")?;
    valid("--advise --top 0", "advice")?;
    user.succeed("sizes -q --bless")?;
    grow(&user)?;
    user.workspace.edit("app/src/main.rs", "async fn sum(", "async fn total(")?;
    user.workspace.edit("app/src/main.rs", "sum([5; 300])", "total([5; 300])")?;
    valid("--check", "findings")?;
    valid("--diff snug-sizes.json", "findings")
}

fn schema() -> Result<Validator> {
    let path = package().join("../docs/sizes.schema.json");
    let text = std::fs::read_to_string(&path);
    let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
    let schema = serde_json::from_str(&text).map_err(|error| format!("the schema: {error}"))?;
    jsonschema::validator_for(&schema).map_err(|error| format!("the schema: {error}"))
}

/// Any change of what an answer is made of makes it another one than the schema says.
fn spoiled(schema: &Validator, answer: &Value, list: &str) -> Result<()> {
    let refused = |what: String, spoiled: &Value| {
        same(&format!("spoiled, {what}: valid"), schema.is_valid(spoiled), false)
    };
    let whole = answer.as_object().ok_or("it is no object")?;
    for (what, spoiled) in changes(whole) {
        refused(what, &Value::Object(spoiled))?;
    }
    let first = answer[list][0].as_object().ok_or("nothing is listed")?;
    for (what, spoiled) in changes(first) {
        let mut answer = answer.clone();
        answer[list][0] = Value::Object(spoiled);
        refused(format!("{list}: {what}"), &answer)?;
    }
    Ok(())
}

/// An object without each of its keys, with another kind of value for each, and with one more.
fn changes(object: &Map<String, Value>) -> Vec<(String, Map<String, Value>)> {
    let with = |key: &str, value: Option<Value>| {
        let mut changed = object.clone();
        match value {
            Some(value) => drop(changed.insert(key.to_owned(), value)),
            None => drop(changed.remove(key)),
        }
        changed
    };
    let mut changes = vec![("one key more".to_owned(), with("more", Some(json!(1))))];
    for key in object.keys() {
        changes.push((format!("without `{key}`"), with(key, None)));
        changes.push((format!("`{key}` is true in a list"), with(key, Some(json!([true])))));
    }
    changes
}
