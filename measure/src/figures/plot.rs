//! Pictures: horizontal lines of points or bars, drawn by plotters.
//!
//! plotters writes colours into every element. Here they are stand-ins for roles, which become CSS classes afterwards:
//! what shows the picture decides by `prefers-color-scheme` whether it is light or dark.

use anyhow::{Result, ensure};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::report::{Kind, Plot, Value};

const WIDTH: u32 = 880;
/// Pixels of a row, of what is above the rows, and below.
const ROW: u32 = 30;
const HEAD: u32 = 52;
const FOOT: u32 = 28;
/// Where the axis begins and ends.
const LEFT: i32 = 250;
const RIGHT: i32 = WIDTH as i32 - 90;

/// Stand-ins, which no picture has by chance.
const TEXT: RGBColor = RGBColor(1, 2, 3);
const GRID: RGBColor = RGBColor(2, 3, 4);
const SERIES: [RGBColor; 4] =
    [RGBColor(3, 4, 5), RGBColor(4, 5, 6), RGBColor(5, 6, 7), RGBColor(6, 7, 8)];

/// Roles in light and in dark.
const STYLE: &str = "<style>svg{color-scheme:light dark;background:#fff}\
    .t{fill:#1b1f24}.g{stroke:#d0d4d9;fill:#d0d4d9}.a{stroke:#6e7781;fill:#6e7781}.b{stroke:#0b69d0;fill:#0b69d0}\
    .c{stroke:#b35900;fill:#b35900}.d{stroke:#8250df;fill:#8250df}\
    @media(prefers-color-scheme:dark){svg{background:#0d1117}.t{fill:#e6edf3}.g{stroke:#3a424c;fill:#3a424c}\
    .a{stroke:#9aa4af;fill:#9aa4af}.b{stroke:#58a6ff;fill:#58a6ff}.c{stroke:#f0a04b;fill:#f0a04b}\
    .d{stroke:#bc8cff;fill:#bc8cff}}</style>";

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// The picture of a plot.
pub(super) fn svg(plot: &Plot) -> Result<String> {
    let most = SERIES.len();
    ensure!(plot.series.len() <= most, "`{}` compares more than {most} things", plot.title);
    let mut text = String::new();
    {
        let height = HEAD + FOOT + ROW * plot.rows.len() as u32;
        let area = SVGBackend::with_string(&mut text, (WIDTH, height)).into_drawing_area();
        // The errors of plotters' backends are not `Sync`.
        draw(&area, plot)
            .map_err(|error| anyhow::anyhow!("`{}` cannot be drawn: {error}", plot.title))?;
    }
    Ok(styled(&text, &plot.title))
}

fn draw(area: &Area, plot: &Plot) -> Result<(), Box<dyn std::error::Error>> {
    let scale = Scale::of(plot);
    let bottom = HEAD as i32 + ROW as i32 * plot.rows.len() as i32;
    write(area, &plot.title, (10, 20), HPos::Left, 15)?;
    legend(area, plot)?;
    for step in scale.steps() {
        let x = scale.at(step);
        let strong = plot.kind == Kind::Ratios && step == 1.0;
        let color = if strong { SERIES[0] } else { GRID };
        area.draw(&PathElement::new([(x, HEAD as i32 - 4), (x, bottom)], color.stroke_width(1)))?;
        write(area, &number(step), (x, bottom + 14), HPos::Center, 12)?;
    }
    for (index, row) in plot.rows.iter().enumerate() {
        let top = HEAD as i32 + ROW as i32 * index as i32;
        write(area, &row.label, (LEFT - 10, top + ROW as i32 / 2), HPos::Right, 12)?;
        let count = plot.series.len().max(1) as i32;
        for (series, value) in row.values.iter().enumerate() {
            let Some(value) = value else { continue };
            let y = top + (ROW as i32 * (2 * series as i32 + 1)) / (2 * count);
            mark(area, plot.kind, &scale, y, *value, color(plot, series))?;
        }
    }
    Ok(())
}

/// Grey is for what everything is compared with: bars have it, ratios are to it.
fn color(plot: &Plot, series: usize) -> RGBColor {
    let first = usize::from(plot.kind == Kind::Ratios);
    SERIES[(series + first) % SERIES.len()]
}

fn mark(
    area: &Area,
    kind: Kind,
    scale: &Scale,
    y: i32,
    value: Value,
    color: RGBColor,
) -> Result<(), Box<dyn std::error::Error>> {
    let x = scale.at(value.value);
    let mut end = x;
    match kind {
        Kind::Bars => area.draw(&Rectangle::new([(LEFT, y - 4), (x, y + 4)], color.filled()))?,
        Kind::Ratios => area.draw(&Circle::new((x, y), 4, color.filled()))?,
    }
    if let Some([low, high]) = value.between {
        end = scale.at(high).max(x);
        area.draw(&PathElement::new([(scale.at(low), y), (end, y)], color.stroke_width(2)))?;
    }
    write(area, &number(value.value), (end + 8, y), HPos::Left, 11)?;
    Ok(())
}

fn legend(area: &Area, plot: &Plot) -> Result<(), Box<dyn std::error::Error>> {
    let mut x = 10;
    for (index, series) in plot.series.iter().enumerate() {
        area.draw(&Circle::new((x + 4, 38), 4, color(plot, index).filled()))?;
        write(area, series, (x + 14, 38), HPos::Left, 12)?;
        x += 40 + 7 * series.chars().count() as i32;
    }
    Ok(())
}

fn write(
    area: &Area,
    text: &str,
    at: (i32, i32),
    side: HPos,
    size: i32,
) -> Result<(), Box<dyn std::error::Error>> {
    let style = ("sans-serif", size).into_font().color(&TEXT).pos(Pos::new(side, VPos::Center));
    area.draw(&Text::new(text.to_owned(), at, style))?;
    Ok(())
}

/// From values to pixels.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    fn of(plot: &Plot) -> Scale {
        let values = plot.rows.iter().flat_map(|row| row.values.iter().flatten());
        let ends =
            values.flat_map(|it| [it.value].into_iter().chain(it.between.into_iter().flatten()));
        let start = match plot.kind {
            Kind::Ratios => (1.0, 1.0),
            Kind::Bars => (0.0, f64::MIN_POSITIVE),
        };
        let (low, high) =
            ends.fold(start, |(low, high), it| (f64::min(low, it), f64::max(high, it)));
        if plot.kind == Kind::Bars {
            return Scale { low, high };
        }
        let room = ((high - low) * 0.05).max(0.01);
        Scale { low: (low - room).max(0.0), high: high + room }
    }

    fn at(&self, value: f64) -> i32 {
        let part = (value - self.low) / (self.high - self.low);
        LEFT + (part * f64::from(RIGHT - LEFT)).round() as i32
    }

    /// About six round numbers in the range.
    fn steps(&self) -> Vec<f64> {
        let rough = (self.high - self.low) / 6.0;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|it| it * power).find(|it| *it >= rough);
        let step = step.unwrap_or(rough);
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step).floor() as i64;
        // Divided, where that is exact: 3 * 0.1 is not 0.3.
        (first..=last)
            .map(
                |index| {
                    if step < 1.0 {
                        index as f64 / (1.0 / step).round()
                    } else {
                        index as f64 * step
                    }
                },
            )
            .collect()
    }
}

fn number(value: f64) -> String {
    match value {
        _ if value >= 1000.0 => crate::numbers::thousands(value.round() as u64),
        _ if value == value.round() => format!("{value}"),
        _ if value >= 100.0 => format!("{value:.0}"),
        _ if value >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}").trim_end_matches('0').trim_end_matches('.').to_owned(),
    }
}

/// Replaces stand-ins by classes, and adds the style and a title.
fn styled(svg: &str, title: &str) -> String {
    let mut text = svg.to_owned();
    let roles =
        [(TEXT, "t"), (GRID, "g")].into_iter().chain(SERIES.into_iter().zip(["a", "b", "c", "d"]));
    for (RGBColor(red, green, blue), class) in roles {
        let color = format!("#{red:02X}{green:02X}{blue:02X}");
        for attribute in ["fill", "stroke"] {
            text = text.replace(&format!("{attribute}=\"{color}\""), &format!("class=\"{class}\""));
        }
    }
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    match text.find('>') {
        Some(end) => {
            format!("{}\n<title>{title}</title>\n{STYLE}{}", &text[..=end], &text[end + 1..])
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Line;

    fn plot(kind: Kind, values: &[f64]) -> Plot {
        let rows = values.iter().map(|&value| {
            let between = (kind == Kind::Ratios).then_some([value - 0.1, value + 0.1]);
            Line {
                label: format!("row {value}"),
                values: vec![Some(Value { value, between }), None],
            }
        });
        Plot {
            title: "a < b".into(),
            kind,
            series: vec!["one".into(), "two".into()],
            rows: rows.collect(),
        }
    }

    #[test]
    fn pictures_have_roles_instead_of_colours() {
        for kind in [Kind::Ratios, Kind::Bars] {
            let svg = svg(&plot(kind, &[0.5, 1.5])).unwrap();
            assert!(svg.contains("prefers-color-scheme:dark") && svg.contains("a &lt; b"), "{svg}");
            let drawn = svg.split("</style>").nth(1).unwrap();
            assert!(!drawn.contains("\"#"), "a colour is left: {drawn}");
            assert!(drawn.contains("class=\"b\"") && drawn.contains("row 1.5"), "{drawn}");
        }
    }

    #[test]
    fn ratios_have_one_in_their_range() {
        let scale = Scale::of(&plot(Kind::Ratios, &[0.5, 0.6]));
        assert!(scale.low < 0.4 && scale.high > 1.0);
        assert!(scale.steps().contains(&1.0), "{:?}", scale.steps());
        assert!(scale.at(0.5) < scale.at(1.0));
    }

    #[test]
    fn bars_begin_at_zero() {
        let scale = Scale::of(&plot(Kind::Bars, &[5.0, 12_000.0]));
        assert_eq!((scale.at(0.0), scale.at(12_000.0)), (LEFT, RIGHT));
        assert_eq!(scale.steps(), [0.0, 2000.0, 4000.0, 6000.0, 8000.0, 10_000.0, 12_000.0]);
    }

    #[test]
    fn too_many_series_are_an_error() {
        let mut plot = plot(Kind::Bars, &[1.0]);
        plot.series = vec!["x".into(); 5];
        assert!(svg(&plot).unwrap_err().to_string().contains("more than 4"));
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(
            [0.5, 0.9998, 0.8725, 1.0, 12.25, 123.4, 12345.6].map(number),
            ["0.5", "1", "0.873", "1", "12.2", "123", "12,346"]
        );
    }
}
