//! What a tool on the command line does: lines are read, matched, counted, and written as JSON.

use std::collections::{BTreeMap, HashMap};

use regex::Regex;
use serde::{Deserialize, Serialize};

const LINES: u64 = 15_000;

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Entry {
    user: String,
    path: String,
    status: u16,
    bytes: u64,
    #[serde(default)]
    tags: Vec<String>,
}

fn lines() -> impl Iterator<Item = String> {
    (0..LINES).map(|number| {
        let status = [200, 404, 500][number as usize % 3];
        format!("10.0.{}.{} user{} \"GET /a/{}?q={number}\" {status} {}", number % 5, number % 251,
            number % 17, number % 31, number * 37 % 4096)
    })
}

fn work() -> u64 {
    let pattern = r#"^(?<host>[\d.]+) (?<user>\w+) "GET (?<path>[^?"]+)[^"]*" (?<status>\d+) (?<bytes>\d+)$"#;
    let pattern = Regex::new(pattern).expect("the pattern is right");
    let mut of_user: HashMap<String, Vec<Entry>> = HashMap::new();
    for line in lines() {
        let Some(found) = pattern.captures(&line) else { continue };
        let entry = Entry {
            user: found["user"].to_owned(),
            path: found["path"].to_owned(),
            status: found["status"].parse().unwrap_or(0),
            bytes: found["bytes"].parse().unwrap_or(0),
            tags: found["host"].split('.').map(str::to_owned).collect(),
        };
        of_user.entry(entry.user.clone()).or_default().push(entry);
    }
    let mut sorted: BTreeMap<&String, &Vec<Entry>> = of_user.iter().collect();
    sorted.retain(|_, entries| entries.iter().any(|entry| entry.status == 200));
    let text = serde_json::to_string_pretty(&sorted).expect("entries can be written");
    let read: BTreeMap<String, Vec<Entry>> = serde_json::from_str(&text).expect("and read");
    assert!(read.iter().all(|(user, entries)| of_user[user] == *entries));
    text.bytes().fold(read.len() as u64, |sum, byte| common::mix(sum, u64::from(byte)))
}

fn main() {
    let (sum, stack) = common::on_painted_stack(8, work);
    common::result("text", sum);
    common::stack(stack);
}
