//! Shows figures: all but frames that are small.

use super::figures::Row;
use crate::bench::floors::Floor;
use crate::report::{Findings, Table};

/// Frames below this are no concern, unless they have grown.
const SMALL: u64 = 128;

fn is_shown(row: &Row) -> bool {
    !row.measure.starts_with("frame of ") || row.stock >= SMALL || row.snug > row.stock
}

/// For `y figures`: a table for each program.
pub(super) fn findings(rows: &[Row], floors: &[Floor]) -> Findings {
    let of_one = |rows: &[Row]| Table {
        title: rows[0].title.clone(),
        columns: ["bytes of", "stock", "Snug", "ratio"].map(String::from).to_vec(),
        rows: rows.iter().filter(|row| is_shown(row)).map(columns).collect(),
    };
    Findings {
        title: "A firmware".into(),
        about: "An embassy firmware of ours (`examples/firmware`), released, with stock and with `cargo snug`: what it takes of a \
                microcontroller's memory. Where QEMU has the board, both ran and printed the same."
            .into(),
        tables: rows.chunk_by(|one, next| one.title == next.title).map(of_one).collect(),
        floors: Floor::asked(floors),
        ..Findings::default()
    }
}

fn columns(row: &Row) -> Vec<String> {
    let ratio = format!("{:.3}", row.ratio());
    vec![format!("`{}`", row.measure), row.stock.to_string(), row.snug.to_string(), ratio]
}

pub(super) fn text(title: &str, rows: &[Row]) -> String {
    let mut text = format!("{title}\n{:>9}{:>9}{:>8}\n", "stock", "Snug", "ratio");
    for row in rows {
        if is_shown(row) {
            let Row { measure, stock, snug, .. } = row;
            text += &format!("{stock:>9}{snug:>9}{:>8.3}  {measure}\n", row.ratio());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_frames_are_left_out_unless_they_grow() {
        let row = |measure: &str, stock, snug| Row {
            title: "x".into(),
            measure: measure.into(),
            stock,
            snug,
        };
        let rows = [row(".text", 10, 5), row("frame of a", 8, 8), row("frame of b", 8, 16)];
        let text = text("x", &rows);
        assert!(text.contains("       10        5   0.500  .text\n"));
        assert!(!text.contains("frame of a") && text.contains("frame of b"));
    }
}
