//! A list of futures, as a table.

use comfy_table::{CellAlignment, ContentArrangement, Table};

use crate::options::Options;
use crate::report::{Future, Place, Report};
use crate::selection::Selection;
use crate::text::{bytes, counted, number};

/// For people, in a terminal.
pub(super) fn text(selection: &Selection<'_>, report: &Report, options: &Options) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    let columns = columns(report);
    table.set_header(columns.iter().map(|column| column.title));
    for future in &selection.futures {
        table.add_row(columns.iter().map(|column| (column.value)(future, options)));
    }
    for (index, column) in columns.iter().enumerate() {
        if let Some(it) = table.column_mut(index).filter(|_| column.is_number) {
            it.set_cell_alignment(CellAlignment::Right);
        }
    }
    // Long types would fill whole lines with blanks.
    let lines = table.lines().map(|line| format!("{}\n", line.trim_end()));
    lines.collect::<String>() + &footer(selection, report)
}

/// For a comment.
pub(super) fn markdown(selection: &Selection<'_>, report: &Report, options: &Options) -> String {
    let columns = columns(report);
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = row(columns.iter().map(|column| column.title.to_owned()).collect());
    let rule = |number| if number { "--:".to_owned() } else { "---".to_owned() };
    text += &row(columns.iter().map(|column| rule(column.is_number)).collect());
    for future in &selection.futures {
        // A bar would end the cell.
        let cell = |column: &Column| (column.value)(future, options).replace('|', "\\|");
        text += &row(columns.iter().map(cell).collect());
    }
    text + &footer(selection, report)
}

struct Column {
    title: &'static str,
    is_number: bool,
    value: fn(&Future, &Options) -> String,
}

fn columns(report: &Report) -> Vec<Column> {
    let column = |title, is_number, value| Column { title, is_number, value };
    let mut columns = vec![
        column("size", true, |future, _| number(future.size)),
        column("bound", true, |future, _| match future.bound {
            Some(bound) if bound != future.size => number(bound),
            _ => String::new(),
        }),
    ];
    if report.has_stock() {
        columns.push(column("stock", true, |future, _| future.stock.map_or("-".into(), number)));
    }
    columns.push(column("future", false, |future, options| match options.full {
        true => future.ty.clone(),
        false => future.name(),
    }));
    columns.push(column("where", false, |future, _| {
        future.place().map_or(String::new(), |place| place.short())
    }));
    columns.push(column("task", false, |future, _| tasks(future)));
    columns
}

/// What makes a future a task, and where, in few words.
fn tasks(future: &Future) -> String {
    let Some(first) = future.tasks.first() else { return String::new() };
    let by = first.by.rsplit("::").next().unwrap_or(&first.by);
    let place = Place::parse(&first.span).map_or(String::new(), |at| format!(" at {}", at.short()));
    match future.tasks.len() - 1 {
        0 => format!("{by}{place}"),
        more => format!("{by}{place}, and {more} more"),
    }
}

fn footer(selection: &Selection<'_>, report: &Report) -> String {
    let (size, stock) = report.totals();
    let count = counted(report.futures.len() as u64, "future");
    let mut text = format!("\n{count} in all: {}", bytes(size));
    if let Some(stock) = stock.filter(|stock| report.has_stock() && *stock > 0) {
        let ratio = size as f64 / stock as f64;
        text += &format!("; with stock's layout {} ({ratio:.2})", bytes(stock));
    }
    text += ".\n";
    let hidden = selection.fitting - selection.futures.len();
    if hidden > 0 {
        text += &format!("{} not shown: `--top 0` shows all.\n", counted(hidden as u64, "future"));
    }
    text
}
