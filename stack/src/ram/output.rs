//! Prints what is known, for people and for programs.

use std::fmt::Write;

use anyhow::Result;
use comfy_table::{CellAlignment, Table};
use serde_json::{Value, json};

use super::options::Options;
use super::{Answer, Ram, Row, Task, share};
use crate::Format;
use crate::text::thousands;

pub(crate) fn text(options: &Options, answers: &[Answer]) -> Result<String> {
    match options.format {
        Format::Json => {
            let all: Vec<Value> = answers.iter().map(value).collect();
            Ok(serde_json::to_string_pretty(&json!({ "format": 1, "programs": all }))? + "\n")
        }
        Format::Text => {
            let all = answers.iter().map(|answer| of_program(options, answer));
            Ok(all.collect::<Vec<_>>().join("\n"))
        }
    }
}

fn of_program(options: &Options, answer: &Answer) -> String {
    let mut text = format!("{}\n", answer.program.display());
    let of_stock = options.stock.then_some("stock");
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    let head = ["bytes"].into_iter().chain(of_stock);
    table.set_header(head.chain(["pool", "future", "static"]));
    for task in &answer.tasks {
        let (count, future) = match task.pool {
            Some(pool) => (pool.count.to_string(), thousands(pool.future)),
            None => ("?".to_owned(), "?".to_owned()),
        };
        table.add_row(cells(options, &task.row, count, future, format!("task {}", task.row.name)));
    }
    let shown = if options.top == 0 { answer.statics.len() } else { options.top };
    let shown = shown.min(answer.statics.len());
    for row in &answer.statics[..shown] {
        table.add_row(cells(options, row, String::new(), String::new(), row.name.clone()));
    }
    let others = &answer.statics[shown..];
    if !others.is_empty() {
        let name = format!("{} other statics (--top 0 shows all)", thousands(others.len() as u64));
        let bytes = others.iter().map(|row| row.bytes).sum();
        let row = Row { name: name.clone(), bytes, stock: None };
        table.add_row(cells(options, &row, String::new(), String::new(), name));
    }
    if answer.rest > 0 {
        let name = "without a symbol, or between statics".to_owned();
        let row = Row { name: name.clone(), bytes: answer.rest, stock: None };
        table.add_row(cells(options, &row, String::new(), String::new(), name));
    }
    for column in table.column_iter_mut().take(3 + usize::from(options.stock)) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let _ = writeln!(text, "{}", table.trim_fmt());
    text + &sum(options, answer)
}

fn cells(options: &Options, row: &Row, count: String, future: String, name: String) -> Vec<String> {
    let stock = options.stock.then(|| row.stock.map_or_else(String::new, thousands));
    [thousands(row.bytes)].into_iter().chain(stock).chain([count, future, name]).collect()
}

/// What all takes together.
fn sum(options: &Options, answer: &Answer) -> String {
    let mut text = format!("{} bytes of RAM are statics", thousands(answer.bytes));
    let of_tasks: u64 = answer.tasks.iter().map(|task| task.row.bytes).sum();
    if of_tasks > 0 {
        let _ = write!(text, ", {} of them tasks", thousands(of_tasks));
    }
    if let Some(stock) = answer.stock {
        let _ = write!(text, "; stock's are {}", thousands(stock));
    }
    text += ".\n";
    match &answer.ram {
        Some(ram) => {
            let percent = share(answer.bytes, ram.bytes);
            let _ = write!(text, "That is {percent:.1} % of {}", thousands(ram.bytes));
            if let Some(stock) = answer.stock {
                let _ = write!(text, " (stock: {:.1} %)", share(stock, ram.bytes));
            }
            text += &origin(ram);
            let left = ram.bytes.saturating_sub(answer.bytes);
            let _ = writeln!(text, "; {} are left for stacks and heaps.", thousands(left));
        }
        None if answer.is_hosted => {}
        None => {
            text += "How much RAM there is, no `memory.x` says: `--memory FILE` names the linker script, or `--ram BYTES` says it.\n";
        }
    }
    // A limit that cannot be judged is an error already.
    if !answer.is_within(options.limit).unwrap_or(true) {
        text += "That is more than the limit.\n";
    }
    text
}

fn origin(ram: &Ram) -> String {
    match &ram.from {
        Some((regions, script)) => format!(" ({} in {})", regions.join(", "), script.display()),
        None => String::new(),
    }
}

fn value(answer: &Answer) -> Value {
    let sections = answer.sections.iter().map(
        |section| json!({ "name": section.name, "address": section.address, "bytes": section.bytes }),
    );
    let ram = answer.ram.as_ref().map(|ram| {
        let (regions, script) = ram.from.clone().unzip();
        json!({
            "bytes": ram.bytes,
            "regions": regions,
            "script": script.map(|script| script.display().to_string()),
            "percent": share(answer.bytes, ram.bytes),
        })
    });
    json!({
        "program": answer.program.display().to_string(),
        "bytes": answer.bytes,
        "stock": answer.stock,
        "ram": ram,
        "tasks": answer.tasks.iter().map(of_task).collect::<Vec<_>>(),
        "statics": answer.statics.iter().map(of_row).collect::<Vec<_>>(),
        "rest": answer.rest,
        "sections": sections.collect::<Vec<_>>(),
    })
}

fn of_task(task: &Task) -> Value {
    json!({
        "name": task.name,
        "bytes": task.row.bytes,
        "stock": task.row.stock,
        "pool_size": task.pool.map(|pool| pool.count),
        "future": task.pool.map(|pool| pool.future),
    })
}

fn of_row(row: &Row) -> Value {
    json!({ "name": row.name, "bytes": row.bytes, "stock": row.stock })
}
