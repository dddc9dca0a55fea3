//! Which futures are shown, and in which order; and the future that a user names.

use std::cmp::Reverse;

use anyhow::{Result, anyhow, bail};
use regex::Regex;

use crate::Project;
use crate::options::{Options, Sort};
use crate::report::{Future, Place, Report};

/// Chosen futures, in order.
pub(crate) struct Selection<'a> {
    pub(crate) futures: Vec<&'a Future>,
    /// How many there would be without `--top`.
    pub(crate) fitting: usize,
}

impl<'a> Selection<'a> {
    /// Chooses as the options say.
    pub(crate) fn new(options: &Options, report: &'a Report) -> Result<Selection<'a>> {
        let filter = options.filter.as_deref().map(regex).transpose()?;
        if options.sort == Sort::Saved && !report.has_stock() {
            bail!("`--sort saved` compares with stock\nhelp: add `--stock`");
        }
        // Crates are called `a-b` in Cargo.toml and `a_b` in the compiler.
        let crates: Vec<String> = options.krate.iter().map(|name| name.replace('-', "_")).collect();
        for name in &crates {
            if !report.futures.iter().any(|future| future.body.krate == *name) {
                bail!("no future of the crate `{name}` is in what this command builds");
            }
        }
        let mut futures: Vec<&Future> = report
            .futures
            .iter()
            .filter(|future| crates.is_empty() || crates.contains(&future.body.krate))
            .filter(|future| {
                let is_match =
                    |filter: &Regex| filter.is_match(&future.name()) || filter.is_match(&future.ty);
                filter.as_ref().is_none_or(is_match)
            })
            .collect();
        if futures.is_empty() {
            bail!("no future matches `--filter {}`", options.filter.as_deref().unwrap_or_default());
        }
        // Equals stay in the order of the report.
        match options.sort {
            Sort::Size => {}
            Sort::Own => futures.sort_by_key(|future| Reverse(future.own_size(report))),
            Sort::Saved => futures.sort_by_key(|future| Reverse(saved(future))),
        }
        let fitting = futures.len();
        if options.top > 0 {
            futures.truncate(options.top);
        }
        Ok(Selection { futures, fitting })
    }

    /// Chooses among the futures that the user can change: those of the workspace, unless options name others.
    pub(crate) fn to_change(
        options: &Options,
        report: &'a Report,
        project: &Project,
    ) -> Result<Selection<'a>> {
        let has_future = |name: &&String| report.futures.iter().any(|it| it.body.krate == **name);
        let own: Vec<String> = project.crates.iter().filter(has_future).cloned().collect();
        if !options.krate.is_empty() || own.is_empty() {
            return Selection::new(options, report);
        }
        let of_own = Options { krate: own, ..options.clone() };
        // A filter may be about a dependency.
        Selection::new(&of_own, report).or_else(|_| Selection::new(options, report))
    }
}

fn regex(text: &str) -> Result<Regex> {
    Regex::new(text).map_err(|error| {
        // It draws a picture first.
        let said = error.to_string();
        let reason = said.lines().last().unwrap_or_default().trim_start_matches("error: ");
        anyhow!("`--filter {text}` is no regular expression: {reason}")
    })
}

/// What a future saves against stock's layout.
fn saved(future: &Future) -> i128 {
    future.stock.map_or(0, |stock| i128::from(stock) - i128::from(future.size))
}

/// The futures that a user names, by name or by place, the biggest first.
pub(crate) fn named<'a>(report: &'a Report, wanted: &str) -> Result<Vec<&'a Future>> {
    let found = match place(wanted) {
        Some((file, line)) => at_place(report, file, line),
        None => report.futures.iter().filter(|future| is_called(future, wanted)).collect(),
    };
    if found.is_empty() {
        let close = similar(report, wanted);
        let hint = if close.is_empty() {
            "`cargo snug sizes --top 0` lists all".to_owned()
        } else {
            format!("there is {}", close.join(", "))
        };
        bail!("no future is called `{wanted}`, or is there\nhelp: {hint}");
    }
    Ok(found)
}

/// A file and a line: `src/main.rs:42`, or with a column.
fn place(text: &str) -> Option<(&str, usize)> {
    let (before, last) = text.rsplit_once(':')?;
    let last: usize = last.parse().ok()?;
    match before.rsplit_once(':') {
        Some((file, line)) if let Ok(line) = line.parse() => Some((file, line)),
        _ => Some((before, last)),
    }
}

/// Whether a future has a name: its path, or the end of it, with or without its kind.
fn is_called(future: &Future, wanted: &str) -> bool {
    let path = &future.body.name;
    let is_end = |wanted: &str| path == wanted || path.ends_with(&format!("::{wanted}"));
    is_end(wanted)
        || future.name() == wanted
        || future.ty == wanted
        || wanted.strip_prefix(&future.body.kind).is_some_and(|rest| {
            let rest = rest.trim_start();
            is_end(rest.strip_prefix("in ").unwrap_or(rest))
        })
}

/// The futures that start in a line; else those that suspend there; else the one that the line is in.
fn at_place<'a>(report: &'a Report, file: &str, line: usize) -> Vec<&'a Future> {
    let here = |place: &Place| place.is_in(file) && place.line() == line;
    let starts = |future: &&Future| future.place().is_some_and(|place| here(&place));
    let places = |future: &Future| -> Vec<Place> {
        let states = future.states().filter(|state| state.is_suspension());
        states.filter_map(|state| Place::parse(&state.span)).collect()
    };
    let suspends = |future: &&Future| places(future).iter().any(here);
    let around = |future: &&Future| {
        let Some(start) = future.place() else { return false };
        let last = places(future).into_iter().map(|place| place.end.0).max();
        start.is_in(file) && start.line() <= line && last.is_some_and(|last| line <= last)
    };
    let all = || report.futures.iter();
    let mut found: Vec<&Future> = all().filter(starts).collect();
    if found.is_empty() {
        found = all().filter(suspends).collect();
    }
    if found.is_empty() {
        // The innermost starts last.
        let start = |future: &&Future| future.place().map_or(0, |place| place.line());
        let last = all().filter(around).map(|future| start(&future)).max();
        found = all().filter(around).filter(|future| Some(start(future)) == last).collect();
    }
    found
}

/// Some names in which the last part of what was wanted occurs.
fn similar(report: &Report, wanted: &str) -> Vec<String> {
    let last = wanted.rsplit([':', '/', ' ']).find(|part| part.len() > 2);
    let Some(last) = last.map(str::to_lowercase) else { return Vec::new() };
    let mut names = Vec::new();
    for future in &report.futures {
        let name = format!("`{}`", future.body.name);
        if name.to_lowercase().contains(&last) && !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(4);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_names_are_told_apart() {
        assert_eq!(place("src/main.rs:42"), Some(("src/main.rs", 42)));
        assert_eq!(place("src/main.rs:42:7"), Some(("src/main.rs", 42)));
        assert_eq!(place("client::Client::fetch"), None);
    }
}
