//! Budgets: `[workspace.metadata.snug.budget]` in Cargo.toml has patterns of futures' names, and bytes.
//!
//! ```toml
//! [workspace.metadata.snug.budget]
//! "client::Client::fetch" = 4096
//! "server::*" = 16384
//! ```
//!
//! A pattern is a path as lists show it, without `async fn`; `*` stands for anything. All patterns that fit hold.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use regex::Regex;

use super::{Cause, Finding, Rule};
use crate::output;
use crate::report::{Future, Place, Report};

/// The budgets of a project.
pub(crate) struct Budgets {
    all: Vec<Budget>,
}

struct Budget {
    pattern: String,
    regex: Regex,
    bytes: u64,
}

impl Budgets {
    pub(crate) fn new(budgets: &BTreeMap<String, u64>) -> Result<Budgets> {
        let budget = |(pattern, bytes): (&String, &u64)| {
            let parts: Vec<String> = pattern.split('*').map(regex::escape).collect();
            let regex = Regex::new(&format!("^{}$", parts.join(".*")))
                .with_context(|| format!("the budget `{pattern}` cannot be used"))?;
            Ok(Budget { pattern: pattern.clone(), regex, bytes: *bytes })
        };
        Ok(Budgets { all: budgets.iter().map(budget).collect::<Result<_>>()? })
    }

    /// The futures that exceed a budget. A budget that fits none is an error: it guards nothing.
    pub(crate) fn findings(&self, report: &Report) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        for budget in &self.all {
            let fitting: Vec<&Future> =
                report.futures.iter().filter(|it| budget.regex.is_match(&it.body.name)).collect();
            if fitting.is_empty() {
                bail!(
                    "the budget `{}` in Cargo.toml fits no future\n\
                     help: `cargo snug sizes --top 0` lists the names; `*` stands for anything",
                    budget.pattern
                );
            }
            let too_big = fitting.into_iter().filter(|future| future.size > budget.bytes);
            findings.extend(too_big.map(|future| finding(future, budget, report)));
        }
        Ok(findings)
    }
}

fn finding(future: &Future, budget: &Budget, report: &Report) -> Finding {
    let state = future.biggest_state();
    let biggest = state.and_then(|state| state.fields.iter().max_by_key(|field| field.size));
    let cause = biggest.map(|field| Cause {
        value: output::label(field, report, false),
        size: field.size,
        before: None,
        place: state.and_then(|state| Place::parse(&state.span)),
    });
    Finding {
        rule: Rule::Budget,
        future: future.name(),
        size: Some(future.size),
        limit: Some(budget.bytes),
        place: future.place(),
        cause,
        is_worse: true,
    }
}
