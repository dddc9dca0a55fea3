//! `--advise`: what is promised is what the change brings.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use snug_tests::Result;
use snug_tests::harness::Tools;
use snug_tests::user::User;
use snug_tests::workshop::same;

use crate::project::{json, listed, user};

/// A kind of advice, the future that it is about, and how to follow it: what to replace, in a file.
pub(crate) struct Case {
    pub(crate) kind: &'static str,
    pub(crate) future: &'static str,
    /// Whether the promise must be exact.
    pub(crate) is_exact: bool,
    /// What it says, among others.
    pub(crate) says: &'static str,
    pub(crate) file: &'static str,
    pub(crate) edits: &'static [(&'static str, &'static str)],
}

const CASES: &[Case] = &[
    Case {
        kind: "box",
        is_exact: true,
        future: "async fn app::serve",
        says: "",
        file: "app/src/main.rs",
        edits: &[("client.fetch([2; 200]).await", "Box::pin(client.fetch([2; 200])).await")],
    },
    Case {
        kind: "box",
        is_exact: true,
        future: "async fn net::Client::fetch",
        says: "",
        file: "net/src/lib.rs",
        edits: &[("self.send(path).await", "Box::pin(self.send(path)).await")],
    },
    Case {
        kind: "drop",
        is_exact: false,
        future: "async fn app::held",
        says: "",
        file: "app/src/main.rs",
        edits: &[("let seen = big.look();", "let seen = big.look(); drop(big);")],
    },
    Case {
        kind: "borrow",
        is_exact: true,
        future: "async fn app::sum",
        says: "",
        file: "app/src/main.rs",
        edits: &[
            ("sum(values: [u8; 300])", "sum(values: &[u8; 300])"),
            ("sum([5; 300])", "sum(&[5; 300])"),
            ("look(&values)", "look(values)"),
        ],
    },
    Case {
        kind: "unbox",
        is_exact: true,
        future: "async fn app::serve",
        says: "",
        file: "app/src/main.rs",
        edits: &[("Box::pin(tiny()).await", "tiny().await")],
    },
];

pub(crate) fn promises(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    // `sum` is no task, so that it could borrow.
    user.workspace.edit(
        "app/src/main.rs",
        "block_on(print(\"async fn app::sum\", sum([5; 300])))",
        "block_on(async { sum([5; 300]).await })",
    )?;
    keep_promises(&user, CASES)
}

/// Follows each piece of advice in turn, and compares.
pub(crate) fn keep_promises(user: &User, cases: &[Case]) -> Result<()> {
    for case in cases {
        let before = user.workspace.read(case.file)?;
        let advice =
            json(user, &format!("--advise --top 0 --filter {}$", case.future.replace(' ', ".")))?;
        let one = find(&advice, case).ok_or_else(|| {
            format!("no `{}` for {}, {}: {advice:#}", case.kind, case.future, case.says)
        })?;
        let is_exact = one["exact"].as_bool() == Some(true);
        same(&format!("{} {}: it is exact", case.kind, case.future), is_exact, case.is_exact)?;
        let sizes_before = listed(&json(user, "--top 0")?, "size");
        for (from, to) in case.edits {
            user.workspace.edit(case.file, from, to)?;
        }
        let sizes_after = listed(&json(user, "--top 0")?, "size");
        kept(one, &sizes_before, &sizes_after)
            .map_err(|error| format!("{} {}: {error}", case.kind, case.future))?;
        user.workspace.write(case.file, &before)?;
    }
    Ok(())
}

fn find<'a>(advice: &'a Value, case: &Case) -> Option<&'a Value> {
    let all = advice["advice"].as_array()?;
    let starts = [format!("in {}, ", case.future), format!("let {} ", case.future)];
    all.iter().find(|one| {
        let text = one["text"].as_str().unwrap_or_default();
        one["kind"] == case.kind
            && text.contains(case.says)
            && starts.iter().any(|start| text.starts_with(start))
    })
}

/// How far from the promise sizes may be that are promised as `about`, in bytes.
const ABOUT: u64 = 8;

/// Each future that was to change has the size that was promised, and no other has changed, but for futures that the
/// change makes or ends.
fn kept(
    advice: &Value,
    before: &BTreeMap<String, u64>,
    after: &BTreeMap<String, u64>,
) -> Result<()> {
    let most = if advice["exact"] == true { 0 } else { ABOUT };
    let mut promised = BTreeSet::new();
    for effect in advice["effects"].as_array().into_iter().flatten() {
        let name = effect["name"].as_str().unwrap_or_default();
        same(name, effect["before"].as_u64(), before.get(name).copied())?;
        let (expected, found) = (effect["after"].as_u64(), after.get(name).copied());
        let difference = expected.unwrap_or(0).abs_diff(found.unwrap_or(0));
        if difference > most {
            return Err(format!("{name}: {expected:?} was promised, and it has {found:?}"));
        }
        promised.insert(name);
    }
    same("something was promised", promised.is_empty() && advice["kind"] != "unbox", false)?;
    for (name, size) in before {
        if let Some(now) = after.get(name).filter(|_| !promised.contains(name.as_str())) {
            same(&format!("{name}, of which nothing was promised"), now, size)?;
        }
    }
    Ok(())
}

/// What saves most comes first, and says where.
pub(crate) fn is_ranked(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    let advice = json(&user, "--advise")?;
    let saves: Vec<u64> = advice["advice"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one["saves"].as_u64())
        .collect();
    same("there is some", saves.len() >= 3, true)?;
    same("ranked", saves.is_sorted_by(|one, other| one >= other), true)?;
    let text = user.succeed("sizes -q --advise")?.stdout;
    let first = text.lines().next().unwrap_or_default();
    same(
        "the best",
        first.contains("in async fn app::serve, box what it awaits async fn net::Client::fetch"),
        true,
    )
}

/// What is not in the workspace, the user cannot change: there is advice about it if it is asked for.
pub(crate) fn is_for_the_user(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    let members = "members = [\"app\", \"net\", \"made\"]";
    let others = "members = [\"app\"]\nexclude = [\"net\", \"made\"]";
    user.workspace.edit("Cargo.toml", members, others)?;
    let about = |options: &str| -> Result<BTreeSet<String>> {
        let advice = json(&user, &format!("--advise {options}"))?;
        let futures = advice["advice"].as_array().into_iter().flatten();
        let name = |one: &Value| Some(one["effects"][0]["name"].as_str()?.to_owned());
        Ok(futures.filter_map(name).collect())
    };
    let is_of = |package: &str, names: &BTreeSet<String>| {
        let part = format!(" {package}::");
        !names.is_empty() && names.iter().all(|name| name.contains(&part))
    };
    same("of the workspace", is_of("app", &about("")?), true)?;
    same("of a dependency", is_of("net", &about("--crate net")?), true)?;
    same("by a filter", is_of("net", &about("--filter Client::fetch")?), true)
}

/// What is borrowed by what is awaited cannot be dropped before.
pub(crate) fn borrowed(tools: Tools) -> Result<()> {
    let user = user(tools)?;
    let slow = "impl Big {\n    pub async fn slow(&mut self) -> u8 { wait().await; self.0[0] }\n";
    user.workspace.edit("net/src/lib.rs", "impl Big {\n", slow)?;
    let more = "async fn lent() -> u8 {\n    let mut big = Big::new(6);\n    big.slow().await\n}\n\
                async fn ended() -> u8 {\n    let big = Big::new(7);\n    let seen = big.look();\n    \
                wait().await;\n    seen\n}\n\
                fn main() {\n    block_on(lent());\n    block_on(ended());";
    user.workspace.edit("app/src/main.rs", "fn main() {", more)?;
    let advice = json(&user, "--advise --top 0")?;
    let all = advice["advice"].as_array().into_iter().flatten();
    let texts: Vec<&str> =
        all.filter(|it| it["kind"] == "drop").filter_map(|it| it["text"].as_str()).collect();
    let about = |name: &str| texts.iter().any(|text| text.contains(name));
    same("borrowed no more", about("app::ended"), true)?;
    same("borrowed", about("app::lent"), false)
}
