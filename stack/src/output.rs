//! Prints what is known, for people and for programs.

use std::fmt::Write;

use anyhow::Result;

use comfy_table::{CellAlignment, Table};
use serde_json::{Value, json};

use crate::graph::{Answer, Chain, Link};
use crate::options::{Format, Options};
use crate::text::thousands;

/// So many calls through pointers are named; the rest is counted.
const NAMED: usize = 5;

pub(crate) fn text(options: &Options, answers: &[Answer]) -> Result<String> {
    match options.format {
        Format::Json => {
            let all: Vec<Value> = answers.iter().map(value).collect();
            Ok(serde_json::to_string_pretty(&json!({ "format": 1, "programs": all }))? + "\n")
        }
        Format::Text => Ok(answers.iter().map(|answer| of_program(options, answer)).collect()),
    }
}

fn shown<T>(options: &Options, all: &[T]) -> usize {
    if options.top == 0 { all.len() } else { options.top.min(all.len()) }
}

fn of_program(options: &Options, answer: &Answer) -> String {
    let mut text = format!("{}\n", answer.program.display());
    if answer.polls.is_empty() {
        text += "  no poll functions: there are no futures in it, or it has no debug information\n";
    } else {
        let mut table = Table::new();
        table.load_style(comfy_table::presets::NOTHING);
        table.set_header(["frame", "worst", "poll function", ""]);
        for poll in &answer.polls[..shown(options, &answer.polls)] {
            let place = poll.place.as_ref().map(ToString::to_string).unwrap_or_default();
            table.add_row([thousands(poll.frame), thousands(poll.worst), poll.name.clone(), place]);
        }
        for column in table.column_iter_mut().take(2) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        let _ = writeln!(text, "{}", table.trim_fmt());
        left(&mut text, options, answer.polls.len(), "poll functions");
    }
    for chain in &answer.chains[..shown(options, &answer.chains)] {
        text += &of_chain(chain, options);
    }
    left(&mut text, options, answer.chains.len(), "chains");
    text
}

fn left(text: &mut String, options: &Options, all: usize, what: &str) {
    if options.top != 0 && all > options.top {
        let _ = writeln!(text, "  and {} more {what} (--top 0 shows all)", all - options.top);
    }
}

fn of_chain(chain: &Chain, options: &Options) -> String {
    let root = chain.links.first().map_or("", |link| link.name.as_str());
    let is_over = options.limit.is_some_and(|limit| chain.bytes > limit.0);
    let mark = if is_over { ", more than the limit" } else { "" };
    let mut text = format!("\n{} bytes{mark}: {root}\n", thousands(chain.bytes));
    for link in &chain.links {
        let place = link.place.as_ref().map(|place| format!("  {place}")).unwrap_or_default();
        let _ = writeln!(text, "{:>10}  {}{place}", thousands(link.frame), link.name);
        for (name, bytes, line) in &link.variables {
            let _ =
                writeln!(text, "{:>10}    `{name}`: {} bytes, line {line}", "", thousands(*bytes));
        }
    }
    if chain.is_recursive {
        text += "  and more: functions in it call themselves again\n";
    }
    if !chain.open.is_empty() {
        let _ = writeln!(
            text,
            "  not counted: what {} calls through pointers lead to (trait objects, wakers), below",
            chain.open.len()
        );
        for open in chain.open.iter().take(NAMED) {
            let _ = writeln!(text, "    {open}");
        }
        if chain.open.len() > NAMED {
            let _ = writeln!(text, "    and {} more", chain.open.len() - NAMED);
        }
    }
    text
}

fn value(answer: &Answer) -> Value {
    let polls = answer.polls.iter().map(|poll| {
        json!({
            "name": poll.name,
            "place": poll.place.as_ref().map(ToString::to_string),
            "frame": poll.frame,
            "worst": poll.worst,
        })
    });
    let chains = answer.chains.iter().map(|chain| {
        json!({
            "bytes": chain.bytes,
            "recursive": chain.is_recursive,
            "links": chain.links.iter().map(of_link).collect::<Vec<_>>(),
            "pointers": chain.open,
            "outside": chain.outside,
        })
    });
    json!({
        "program": answer.program.display().to_string(),
        "polls": polls.collect::<Vec<_>>(),
        "chains": chains.collect::<Vec<_>>(),
    })
}

fn of_link(link: &Link) -> Value {
    let variables = link
        .variables
        .iter()
        .map(|(name, bytes, line)| json!({ "name": name, "bytes": bytes, "line": line }));
    json!({
        "name": link.name,
        "frame": link.frame,
        "place": link.place.as_ref().map(ToString::to_string),
        "variables": variables.collect::<Vec<_>>(),
    })
}
