//! The tables of `y bench copies`.

use super::compilers;
use super::figures::{Row, shown, sum};
use crate::bench::floors::Floor;
use crate::numbers::thousands;
use crate::report::{Findings, Kind, Line, Plot, Table, Value};

/// Columns of one number.
const NUMBER: usize = 13;
/// Columns of one ratio.
const RATIO: usize = 7;

/// A table with its sum.
pub(super) fn table(title: &str, rows: &[Row]) -> String {
    let total = sum("total", rows);
    let width = rows.iter().chain([&total]).map(|row| row.title.chars().count()).max();
    let width = width.unwrap_or(0).max(title.chars().count());
    let [llvm, snug_llvm, cg_clif, snug] = compilers::ALL.map(|compiler| compiler.title());
    let mut text = line(title, width, [llvm, snug_llvm, "ratio", cg_clif, snug, "ratio"]);
    for row in rows.iter().chain([&total]) {
        let [a, b, c, d] = row.values.map(thousands);
        let (llvm, cranelift) = (shown(row.llvm()), shown(row.cranelift()));
        text += &line(&row.title, width, [&a, &b, &llvm, &c, &d, &cranelift]);
    }
    text
}

/// What `y figures` shows.
pub(super) fn findings(copied: &[Row], frames: &[Row], floors: &[Floor]) -> Findings {
    let tables =
        [("Bytes copied at the first poll", copied), ("Bytes of stack of poll functions", frames)];
    let total = |(title, rows): (&str, &[Row])| Line {
        label: title.into(),
        values: sum("", rows).values.map(|bytes| Value::exact(bytes as f64)).to_vec(),
    };
    Findings {
        title: "First polls in debug builds".into(),
        about: "360 async fns (1 to 16 values of 64 B to 64 KiB; parameters, patterns, captures and awaited futures; consumed before \
                the first await, living across one, across many) are compiled without optimisation by four compilers, and their first polls \
                are followed instruction by instruction."
            .into(),
        plots: vec![Plot {
            title: "Copies and stack of 360 async fns".into(),
            kind: Kind::Bars,
            series: compilers::ALL.map(|compiler| compiler.title().to_owned()).to_vec(),
            rows: tables.into_iter().map(total).collect(),
        }],
        tables: tables.into_iter().map(|(title, rows)| markdown(title, rows)).collect(),
        floors: Floor::asked(floors),
    }
}

fn markdown(title: &str, rows: &[Row]) -> Table {
    let [llvm, snug_llvm, cg_clif, snug] = compilers::ALL.map(|compiler| compiler.title());
    let columns = ["", llvm, snug_llvm, "ratio", cg_clif, snug, "ratio"];
    let total = sum("total", rows);
    let rows = rows.iter().chain([&total]).map(|row| {
        let [a, b, c, d] = row.values.map(thousands);
        vec![row.title.clone(), a, b, shown(row.llvm()), c, d, shown(row.cranelift())]
    });
    Table {
        title: title.into(),
        columns: columns.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

fn line(title: &str, width: usize, cells: [&str; 6]) -> String {
    let [a, b, first, c, d, second] = cells;
    format!(
        "{title:<width$} {a:>NUMBER$} {b:>NUMBER$} {first:>RATIO$} {c:>NUMBER$} {d:>NUMBER$} \
         {second:>RATIO$}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_rows_their_ratios_and_a_total() {
        let rows = [
            Row { title: "a".into(), values: [1000, 500, 4000, 1000] },
            Row { title: "b".into(), values: [0, 0, 4000, 0] },
        ];
        let expected = "\
bytes    stock LLVM     Snug LLVM   ratio stock cg_clif          Snug   ratio
a             1,000           500   0.500         4,000         1,000   0.250
b                 0             0       -         4,000             0   0.000
total         1,000           500   0.500         8,000         1,000   0.125
";
        assert_eq!(table("bytes", &rows), expected);
    }
}
