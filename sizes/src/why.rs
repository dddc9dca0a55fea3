//! Why a future is big: what is alive at its biggest suspension, down to the leaves, and what keeps each value.

use std::fmt::Write;

use anyhow::Result;

use crate::Project;
use crate::options::{Format, Options};
use crate::output::{self, snippet};
use crate::report::{Field, Future, How, KeptBy, Place, Report, Variant};
use crate::text::{bytes, counted, number};

/// So many values of a state are shown one by one.
const VALUES: usize = 12;
/// A tree that is deeper is cut off.
const DEPTH: usize = 64;

/// The answer to `--why` for futures of one name, the biggest first: the first is explained, the others are named.
pub(crate) fn explain(
    report: &Report,
    chosen: &[&Future],
    project: &Project,
    options: &Options,
) -> Result<String> {
    output::only(options.format, &[Format::Text], "--why")?;
    let future = chosen[0];
    let tree = Tree { report, full: options.full };
    let mut text = heading(future);
    let state = future.biggest_state();
    match state {
        Some(state) => {
            let alive = tree.alive(future, state);
            write!(text, "At its biggest, {}:\n\n", waits(state, alive.bytes))?;
            tree.write(&mut text, &alive, "", DEPTH);
            if future.size > alive.bytes + 8 {
                let rest = bytes(future.size - alive.bytes);
                write!(
                    text,
                    "\n{rest} more: its state, and what cannot overlap though it does not wait together.\n"
                )?;
            }
            text += &snippet::of_state(future, state, project);
        }
        None => text += "It holds nothing.\n",
    }
    for other in chosen.iter().skip(1).take(8) {
        let place = other.place().map_or(String::new(), |place| format!(" at {}", place.short()));
        write!(text, "\nAlso: {}, {}{place}", other.name(), bytes(other.size))?;
        if other.body.id == future.body.id {
            write!(text, ", with other type arguments: {}", output::short_type(&other.ty, false))?;
        }
    }
    if chosen.len() > 9 {
        write!(text, "\nAnd {} more of that name.", chosen.len() - 9)?;
    }
    if chosen.len() > 1 {
        text.push('\n');
    }
    Ok(text)
}

fn heading(future: &Future) -> String {
    let mut text = future.name();
    if let Some(place) = future.place() {
        text += &format!(" at {}", place.short());
    }
    text += &format!("\n{}", bytes(future.size));
    match future.bound {
        Some(bound) if bound == future.size => text += ", and no layout could be smaller",
        Some(bound) => text += &format!("; no layout could be below {}", number(bound)),
        None => {}
    }
    if let Some(stock) = future.stock {
        text += &format!("; stock's has {}", number(stock));
    }
    text += ".\n";
    for task in &future.tasks {
        let place = Place::parse(&task.span).map_or(String::new(), |place| format!(" at {place}"));
        text += &format!("It becomes a task by `{}`{place}.\n", task.by);
    }
    text.push('\n');
    text
}

fn waits(state: &Variant, alive: u64) -> String {
    match Place::parse(&state.span) {
        _ if state.is_unresumed() => {
            format!("before it is first polled, it holds {}", bytes(alive))
        }
        Some(place) => format!("it waits at {place} with {} alive", bytes(alive)),
        None => format!("it waits with {} alive", bytes(alive)),
    }
}

/// What is alive in a state, the biggest first.
struct Alive<'a> {
    bytes: u64,
    fields: Vec<&'a Field>,
    /// The captures, where they are alive in every state.
    captures: u64,
}

struct Tree<'a> {
    report: &'a Report,
    full: bool,
}

impl<'a> Tree<'a> {
    fn alive(&self, future: &'a Future, state: &'a Variant) -> Alive<'a> {
        let mut fields: Vec<&Field> = state.fields.iter().filter(|field| field.size > 0).collect();
        fields.sort_by_key(|field| std::cmp::Reverse(field.size));
        let of_fields: u64 = state.fields.iter().map(|field| field.size).sum();
        let bytes = future.bytes_in(state);
        Alive { bytes, fields, captures: bytes - of_fields }
    }

    fn write(&self, text: &mut String, alive: &Alive<'a>, indent: &str, depth: usize) {
        let width = alive.fields.first().map_or(0, |field| number(field.size).len());
        let width = width.max(number(alive.captures).len());
        let shown = &alive.fields[..alive.fields.len().min(VALUES)];
        let hidden = &alive.fields[shown.len()..];
        let lines = shown.len() + usize::from(alive.captures > 0) + usize::from(!hidden.is_empty());
        let mut left = lines;
        let mut line = |text: &mut String, size: u64, what: &str| {
            left -= 1;
            let branch = if left == 0 { "└─" } else { "├─" };
            *text += &format!("{indent}{branch} {:>width$}  {what}\n", number(size));
            format!("{indent}{}  ", if left == 0 { " " } else { "│" })
        };
        for field in shown {
            let below = line(text, field.size, &self.describe(field));
            self.write_inside(text, field, &below, depth);
        }
        if alive.captures > 0 {
            line(text, alive.captures, "what it captures: with stock's layout that stays for ever");
        }
        if !hidden.is_empty() {
            let size = hidden.iter().map(|field| field.size).sum();
            line(text, size, &counted(hidden.len() as u64, "smaller value"));
        }
    }

    /// The futures that a value is, or has in it, with what is alive in them.
    fn write_inside(&self, text: &mut String, field: &Field, indent: &str, depth: usize) {
        if depth == 0 {
            return;
        }
        for inner in &field.inner {
            let Some(future) = self.report.get(&inner.id) else { continue };
            let name = future.name();
            if inner.offset.is_none() {
                *text += &format!("{indent}in a box: {name}, {}\n", bytes(future.size));
                continue;
            }
            if field.future().is_none() {
                *text += &format!("{indent}in it: {name}, {}\n", bytes(future.size));
            }
            let Some(state) = future.biggest_state() else { continue };
            let alive = self.alive(future, state);
            *text += &format!("{indent}{}\n", waits(state, alive.bytes));
            self.write(text, &alive, indent, depth - 1);
        }
    }

    fn describe(&self, field: &Field) -> String {
        let mut text = output::label(field, self.report, self.full);
        let declared = Place::parse(&field.declared);
        if field.is_awaited() {
            return text;
        }
        if let Some(place) = declared.filter(|_| field.name.is_some()) {
            text += &format!(", declared at {place}");
        }
        if let Some(kept) = &field.kept_by {
            text += &format!(", kept {}", reason(kept));
        }
        text
    }
}

/// What keeps a value, after `kept`.
pub(crate) fn reason(kept: &KeptBy) -> String {
    let place = Place::parse(&kept.span).map_or(String::new(), |place| format!(" at {place}"));
    match kept.how {
        How::Use => format!("for its use{place}"),
        How::Drop => format!("only to be dropped{place}"),
        How::Borrow => format!("because it is borrowed{place}"),
    }
}
