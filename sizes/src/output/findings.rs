//! What a comparison has found, for people.

use crate::guard::Finding;
use crate::report::Report;
use crate::text::{bytes, counted};

pub(super) fn text(findings: &[Finding], report: &Report) -> String {
    let mut text = String::new();
    for finding in findings {
        text += if finding.is_worse { "error: " } else { "note: " };
        text += &finding.text();
        if let Some(place) = &finding.place {
            text += &format!("\n  --> {place}");
        }
        for line in finding.explanation() {
            text += &format!("\n  {line}");
        }
        text += "\n\n";
    }
    let worse = findings.iter().filter(|finding| finding.is_worse).count();
    let (size, _) = report.totals();
    let count = counted(report.futures.len() as u64, "future");
    text += &match worse {
        0 => format!("{count}, {}: nothing is too big.\n", bytes(size)),
        _ => format!("{count}, {}: {} too big.\n", bytes(size), verb(worse)),
    };
    text
}

fn verb(count: usize) -> String {
    if count == 1 { "one is".to_owned() } else { format!("{count} are") }
}

/// For a comment that is replaced with each commit.
pub(super) fn markdown(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "No future has another size.\n".to_owned();
    }
    let mut text = String::from("| | future | before | now | why |\n|---|---|--:|--:|---|\n");
    for finding in findings {
        let sign = if finding.is_worse { "🔴" } else { "🟢" };
        let number = |size: Option<u64>| size.map_or("-".to_owned(), crate::text::number);
        let why = finding.explanation().join("; ");
        let cells = [
            sign.to_owned(),
            format!("`{}`", finding.future),
            number(finding.limit),
            number(finding.size),
            why,
        ];
        text += &format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
    }
    text
}
