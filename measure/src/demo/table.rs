//! What the demo prints.

use super::compare::{Comparison, Future};
use super::names::short;
use super::report::Relocations;
use crate::numbers::thousands;

/// Columns of what is not a terminal.
const DEFAULT_WIDTH: usize = 120;
/// Columns that names of futures get in any case.
const MIN_NAME: usize = 20;

/// The columns of the terminal.
pub(super) fn width() -> usize {
    let size = rustix::termios::tcgetwinsize(std::io::stdout());
    match size {
        Ok(size) if size.ws_col > 0 => size.ws_col.into(),
        _ => DEFAULT_WIDTH,
    }
}

/// What the program has printed.
pub(super) fn program(output: &str) -> String {
    format!(
        "The program, with stock's layouts:  {output}\n\
         The program, with Snug's layouts:   the same\n"
    )
}

/// The futures that shrank most.
pub(super) fn shrunk(comparison: &Comparison, shown: usize, width: usize) -> String {
    let shown = shown.min(comparison.shrunk.len());
    let table = futures(&comparison.shrunk[..shown], width);
    format!("The {shown} futures that shrank most, in bytes:\n\n{table}")
}

/// A table of futures. The bound is the most bytes that live in one at any time.
pub(super) fn futures(futures: &[Future], width: usize) -> String {
    let name_width = width.saturating_sub(NUMBERS).max(MIN_NAME);
    let mut table = format!("{:>7}  {:>7}  {:>7}  future\n", "stock", "Snug", "bound");
    for future in futures {
        let bound = future.bound.map_or("?".into(), |bound| bound.to_string());
        let name = short(&future.name, name_width);
        table += &format!("{:>7}  {:>7}  {bound:>7}  {name}\n", future.stock, future.snug);
    }
    table
}

/// Columns that the numbers of a table of futures take.
const NUMBERS: usize = 3 * (7 + 2);

/// The sums, and how many futures became what.
pub(super) fn totals(title: &str, comparison: &Comparison) -> String {
    let mut text = format!(
        "{title}: {} futures, {} bytes with stock's layouts, {} with Snug's: {:.3} of stock (no layout can be below {})\n\
         {} shrank, {} kept their size, {} grew",
        comparison.count(),
        thousands(comparison.stock),
        thousands(comparison.snug),
        comparison.ratio(),
        thousands(comparison.bound),
        comparison.shrunk.len(),
        comparison.kept,
        comparison.grown.len(),
    );
    text += &captures(&comparison.relocations);
    if !comparison.unmatched.is_empty() {
        text += &format!(
            "\nnot counted, because only one of the two builds has them: {}",
            comparison.unmatched.join(", ")
        );
    }
    text
}

/// What became of captured variables.
fn captures(relocations: &Relocations) -> String {
    format!(
        "\n{} captured variables lie, from the start, where they are saved, {} of them are never moved\n\
         {} others are used where they were captured, {} are moved to the stack ({} bytes)",
        thousands(relocations.verified),
        thousands(relocations.elided),
        thousands(relocations.in_place),
        thousands(relocations.moved),
        thousands(relocations.bytes_moved),
    )
}

#[cfg(test)]
mod tests {
    use super::super::report::Report;
    use super::*;

    fn comparison() -> Comparison {
        let stock =
            Report::of(&[("{async fn body of a::b::c()}", 38160, 1), ("d", 7, 7), ("gone", 1, 1)]);
        let snug = Report::of(&[("{async fn body of a::b::c()}", 1776, 1700), ("d", 7, 7)]);
        Comparison::new(stock, snug)
    }

    #[test]
    fn prints_what_shrank() {
        let expected = "\
The 1 futures that shrank most, in bytes:

  stock     Snug    bound  future
  38160     1776     1700  async fn b::c
";
        assert_eq!(shrunk(&comparison(), 15, 80), expected);
    }

    #[test]
    fn prints_sums() {
        let expected = "\
LLVM: 2 futures, 38,167 bytes with stock's layouts, 1,783 with Snug's: 0.047 of stock (no layout can be below 1,707)
1 shrank, 1 kept their size, 0 grew
2 captured variables lie, from the start, where they are saved, 2 of them are never moved
0 others are used where they were captured, 4 are moved to the stack (1,783 bytes)
not counted, because only one of the two builds has them: gone";
        assert_eq!(totals("LLVM", &comparison()), expected);
    }

    #[test]
    fn lines_fit_the_terminal() {
        let future = Future {
            name: "{async fn body of a::".to_string() + &"very".repeat(40) + "()}",
            stock: 2,
            snug: 1,
            bound: None,
        };
        let table = futures(&[future], 60);
        assert!(table.lines().all(|line| line.chars().count() <= 60), "{table}");
        assert!(table.contains("      ?  async fn a::very"), "{table}");
    }
}
