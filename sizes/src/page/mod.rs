//! `--html`: one page with everything, which needs no network.
//!
//! The page is made of four parts: the futures as JSON ([`data`]), a style, a program in plain JavaScript, and a skeleton that
//! the program fills. Browsers that have no JavaScript see a sentence that says so.

mod data;

use maud::{DOCTYPE, PreEscaped, html};

use crate::Project;
use crate::report::Report;
use crate::text::{bytes, counted};

/// What the page looks like.
const STYLE: &str = include_str!("page.css");
/// What it does.
const PROGRAM: &str = include_str!("page.js");

/// The page.
pub(crate) fn of(report: &Report, project: &Project) -> String {
    let name = project.root.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let title = format!("Futures of {name}");
    let (size, stock) = report.totals();
    let count = counted(report.futures.len() as u64, "future");
    let mut summary = format!("{count}, {}", bytes(size));
    if let Some(stock) = stock.filter(|_| report.has_stock()) {
        summary += &format!("; with stock's layout {}", bytes(stock));
    }
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    p { (summary) "." }
                    input #search type="search" placeholder="Search names and types  ( / )"
                        aria-label="Search names and types";
                }
                main {
                    section #list-section aria-label="Futures" {
                        table {
                            thead {
                                tr {
                                    th scope="col" { button data-sort="size" { "size" } }
                                    th scope="col" { button data-sort="own" { "own" } }
                                    @if report.has_stock() {
                                        th scope="col" { button data-sort="stock" { "stock" } }
                                    }
                                    th scope="col" { button data-sort="name" { "future" } }
                                }
                            }
                        }
                        div #list tabindex="0" role="listbox" aria-label="Futures, the biggest first" {
                            div #rows {}
                        }
                    }
                    section #chosen aria-live="polite" {
                        h2 #name { "All futures" }
                        p #facts {}
                        div #map role="group" aria-label="Futures as areas; nested ones are awaited" {}
                        div #bytes {}
                    }
                }
                noscript { "This page is a program: it needs JavaScript." }
                // What ends a script may stand in no string of it.
                script #data type="application/json" { (PreEscaped(data::json(report, project).replace("</", "<\\/"))) }
                script { (PreEscaped(PROGRAM)) }
            }
        }
    };
    page.into_string()
}
