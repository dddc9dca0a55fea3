//! `--why NAME --svg FILE`: the byte map of one future as a picture, for an issue or a document.
//!
//! It is one SVG without a program or a font of its own, and follows the reader's choice of light and dark.

use maud::{Markup, PreEscaped, Render, html};

use crate::map::{self, Row};
use crate::report::{Future, Report};
use crate::text::{bytes, number};

const WIDTH: u64 = 960;
/// What stands left of the bytes.
const LEFT: u64 = 190;
/// The height of a row.
const LINE: u64 = 22;
/// The width of a letter, about, in tenths: what is longer than its place is cut off.
const LETTER: u64 = 62;

/// Colours: text, ground, and what is free. A value's own are in its `hsl`.
const STYLE: &str = "svg { color-scheme: light dark; background: #fff; font: 11px system-ui, sans-serif; } \
    text { fill: #1b1f24; } .free { fill: #ececec; } \
    @media (prefers-color-scheme: dark) { svg { background: #16191d; } .plain { fill: #e6e6e6; } .free { fill: #2d3239; } }";

/// The picture of a future, and below it that of stock's layout if there is one.
pub(crate) fn of(future: &Future, report: &Report) -> String {
    let stock = report.stock.as_ref().and_then(|stock| Some((stock.get(&future.id)?, stock)));
    let most = future.size.max(stock.map_or(0, |(future, _)| future.size)).max(1);
    let mut y = 0;
    let title = format!("{}: {}", future.name(), bytes(future.size));
    let mut parts = vec![part(&title, future, report, most, &mut y)];
    if let Some((stock, report)) = stock {
        let title = format!("With stock's layout: {}", bytes(stock.size));
        parts.push(part(&title, stock, report, most, &mut y));
    }
    let picture = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {WIDTH} {y}")) role="img" {
            title { "Bytes of " (title) }
            style { (PreEscaped(STYLE)) }
            @for part in &parts { (part) }
        }
    };
    picture.into_string().replace("><", ">\n<") + "\n"
}

/// A heading and a map.
fn part(title: &str, future: &Future, report: &Report, most: u64, y: &mut u64) -> Markup {
    let heading = text("plain", 4, *y + 17, title, WIDTH);
    *y += LINE + 4;
    let scale = Scale { most };
    let rows = map::rows(future, report);
    let rows: Vec<Markup> = rows
        .iter()
        .map(|row| {
            let drawn = suspension(row, future.size, scale, *y);
            *y += LINE;
            drawn
        })
        .collect();
    let end = format!("0 to {} bytes", number(future.size));
    let end = text("plain", LEFT, *y + 13, &end, WIDTH);
    *y += LINE;
    html! { g { (heading) @for row in &rows { (row) } (end) } }
}

#[derive(Clone, Copy)]
struct Scale {
    /// So many bytes are as wide as there is room.
    most: u64,
}

impl Scale {
    fn width(self, bytes: u64) -> u64 {
        bytes * (WIDTH - LEFT) / self.most
    }
}

fn suspension(row: &Row, size: u64, scale: Scale, y: u64) -> Markup {
    let place = row.place.as_ref().map_or("before it is polled".to_owned(), |at| at.short());
    // The end of a path says most.
    let room = usize::try_from((LEFT - 8) * 10 / LETTER).unwrap_or(0);
    let place = match place.char_indices().rev().nth(room - 2) {
        Some((at, _)) if place.chars().count() > room => format!("…{}", &place[at..]),
        _ => place,
    };
    html! {
        (text("plain", 4, y + 15, &place, LEFT))
        rect class="free" x=(LEFT) y=(y + 1) width=(scale.width(size)) height=(LINE - 3) {}
        @for value in &row.values {
            @let x = LEFT + scale.width(value.offset);
            @let width = (LEFT + scale.width(value.offset + value.size)).saturating_sub(x).max(1);
            g {
                title {
                    (value.label) ", " (bytes(value.size)) " at " (number(value.offset))
                    @if let Some(kept) = &value.kept { ", kept " (kept) }
                }
                rect x=(x) y=(y + 1) width=(width) height=(LINE - 3) fill=(colour(value.item)) {}
                (text("on", x + 3, y + 15, &value.label, width.saturating_sub(4)))
            }
        }
    }
}

/// A value has the same colour in all rows; neighbours differ.
fn colour(item: usize) -> String {
    // The golden angle.
    let hue = (item as u64 + 1) * 137_508 % 360_000 / 1000;
    format!("hsl({hue} 55% 72%)")
}

/// A line of text, cut off where its room ends. Nothing, if there is room for a few letters only.
fn text(class: &str, x: u64, y: u64, line: &str, room: u64) -> Markup {
    let letters = usize::try_from(room * 10 / LETTER).unwrap_or(usize::MAX);
    let is_long = line.chars().count() > letters;
    if is_long && letters < 4 {
        return PreEscaped(String::new());
    }
    let shown: String = if is_long {
        line.chars().take(letters - 1).chain(['…']).collect()
    } else {
        line.to_owned()
    };
    html! { text class=(class) x=(x) y=(y) { (shown.render()) } }
}
