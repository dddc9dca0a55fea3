//! What `y bench compile` prints.

use super::figures::Figures;
use crate::bench::ratio::Times;
use crate::numbers::thousands;

/// A row for each compiler.
pub(super) fn table(figures: &Figures, unit: &str) -> String {
    let [half, whole] = figures.sizes.map(|size| thousands(size as u64));
    let title = format!("{}: {whole} {}", figures.name, figures.counted);
    let (from, rounds) =
        (format!("to {half}"), figures.rows.first().map_or(0, |row| row.growth.rounds));
    let mut text = format!("{title}; {unit}, {rounds} rounds\n");
    text += &format!(
        "{:<16} {:>8} {:>24} {:>24} {:>24}\n",
        "", "", "to stock LLVM", from, "to the other build"
    );
    for row in &figures.rows {
        let other = row.to_other.as_ref().map(ratio).unwrap_or_default();
        let line = format!(
            "{:<16} {:>8.2} {:>24} {:>24} {other:>24}",
            row.title,
            row.to_stock.seconds[1],
            ratio(&row.to_stock),
            ratio(&row.growth)
        );
        text += &format!("{}\n", line.trim_end());
    }
    text
}

fn ratio(times: &Times) -> String {
    let [low, high] = times.between;
    format!("{:.3} ({low:.3}..{high:.3})", times.ratio)
}

#[cfg(test)]
mod tests {
    use super::super::compilers::{Compiler, Kind, Twin};
    use super::super::programs;
    use super::*;

    #[test]
    fn has_a_row_for_each_compiler() {
        let kinds = [Kind::Stock, Kind::Ours, Kind::Other].map(|kind| kind(Twin::Llvm));
        let compilers = kinds.map(|kind| Compiler::without_backend("one", kind));
        let sample = vec![[1.0, 2.0], [2.0, 3.0], [2.0, 6.0]];
        let figures = Figures::new(&programs::ALL[0], [250, 500], &compilers, &[sample]);
        let expected = "\
awaits: 500 awaits in one async fn; seconds of processor time, 1 rounds
                                     to stock LLVM                   to 250       to the other build
one                  2.00     1.000 (1.000..1.000)     2.000 (2.000..2.000)
one                  3.00     1.500 (1.500..1.500)     1.500 (1.500..1.500)     0.500 (0.500..0.500)
one                  6.00     3.000 (3.000..3.000)     3.000 (3.000..3.000)
";
        assert_eq!(table(&figures, "seconds of processor time"), expected);
    }
}
