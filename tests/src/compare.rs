//! Compares what two compilers, or the programs they made, have said.

use std::path::Path;

use crate::Result;
use crate::command::Finished;
use crate::program::Outcome;

/// Takes out of a process's output what differs from run to run: folders, thread ids, times, and
/// which backend compiles.
pub fn normalize(finished: &mut Finished, folders: &[(&Path, &str)]) {
    for text in [&mut finished.stdout, &mut finished.stderr] {
        for (folder, name) in folders {
            *text = text.replace(&*folder.to_string_lossy(), name);
        }
        let mut lines: Vec<String> = Vec::new();
        for line in text.lines() {
            if SNUGS_NOTES.iter().any(|note| line.starts_with(note)) {
                // And the empty line before it.
                lines.pop();
            } else {
                lines.push(line_without_ids(line) + "\n");
            }
        }
        *text = lines.concat();
    }
}

/// What Snug says before an internal compiler error, also before one that stock's compiler has, too (`src/reporting.rs`), and
/// where options are left to LLVM (`src/fallback/tell.rs`).
const SNUGS_NOTES: [&str; 2] = [
    "note: this compiler has the codegen backend Snug ",
    "note: LLVM compiles this, because Cranelift cannot ",
];

/// For instance `thread 'main' (12345) panicked at` without the number.
fn line_without_ids(line: &str) -> String {
    if line.starts_with("thread '")
        && let Some((start, rest)) = line.split_once("' (")
        && let Some((id, end)) = rest.split_once(')')
        && id.bytes().all(|byte| byte.is_ascii_digit())
    {
        return format!("{start}'{end}");
    }
    if line.contains("compiler flags: ") {
        let ours = ["codegen-backend=", "mir-enable-passes=-RemoveStorageMarkers"];
        let is_ours = |flag: &&str| ours.iter().any(|ours| flag.starts_with(ours));
        let flags: Vec<&str> = line.split(" -Z ").filter(|flag| !is_ours(flag)).collect();
        return flags.join(" -Z ");
    }
    // Programs that are test harnesses themselves.
    if line.starts_with("test result: ")
        && let Some((result, _)) = line.split_once("; finished in ")
    {
        return result.to_owned();
    }
    line.to_owned()
}

/// An error that shows the first difference, if Snug's outcome is not stock's.
pub fn same_outcome(stock: &Outcome, snug: &Outcome) -> Result<()> {
    let complaint = |what: &str, difference: String| {
        Err(format!("{what}:\n{difference}\nSnug:\n{}", snug.describe()))
    };
    if let Some(difference) = difference(&stock.compilation, &snug.compilation) {
        return complaint("the compilation differs", difference);
    }
    match (&stock.run, &snug.run) {
        (Some(stock), Some(snug)) => match difference(stock, snug) {
            Some(difference) => complaint("the program behaves differently", difference),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Where two processes that should have done the same did not.
pub fn difference(stock: &Finished, snug: &Finished) -> Option<String> {
    if stock.status != snug.status {
        return Some(format!("status: stock has `{}`, Snug `{}`", stock.status, snug.status));
    }
    let stdout = text_difference(&stock.stdout, &snug.stdout).map(|text| format!("stdout: {text}"));
    let stderr =
        || text_difference(&stock.stderr, &snug.stderr).map(|text| format!("stderr: {text}"));
    stdout.or_else(stderr)
}

/// Whether blessed files are to be written (`SNUG_BLESS=1`), not compared.
pub fn blessing() -> bool {
    std::env::var_os("SNUG_BLESS").is_some_and(|value| value == "1")
}

/// Compares a text with a blessed file, which `may_bless` writes instead when blessing.
pub fn as_blessed(path: &Path, text: &str, may_bless: bool) -> Result<()> {
    if may_bless && blessing() {
        let written = std::fs::create_dir_all(path.parent().unwrap_or(path))
            .and_then(|()| std::fs::write(path, text));
        return written.map_err(|error| format!("{}: {error}", path.display()));
    }
    let blessed = std::fs::read_to_string(path).map_err(|error| {
        format!("{}: {error}: bless it with SNUG_BLESS=1 and review it", path.display())
    })?;
    match text_difference(&blessed, text) {
        None => Ok(()),
        Some(difference) => Err(format!("not as blessed in {}: {difference}", path.display())),
    }
}

/// The first differing line, with some lines before it.
pub fn text_difference(left: &str, right: &str) -> Option<String> {
    const CONTEXT: usize = 3;
    if left == right {
        return None;
    }
    let (left, right): (Vec<_>, Vec<_>) = (left.lines().collect(), right.lines().collect());
    let length = left.len().max(right.len());
    let at = (0..length).find(|&i| left.get(i) != right.get(i)).unwrap_or(length);
    let mut shown = format!("first difference in line {}\n", at + 1);
    for line in &left[at.saturating_sub(CONTEXT)..at] {
        shown += &format!("    {line}\n");
    }
    let end = "(end)";
    shown += &format!("  - {}\n", left.get(at).unwrap_or(&end));
    shown += &format!("  + {}", right.get(at).unwrap_or(&end));
    Some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_taken_out() {
        assert_eq!(line_without_ids("thread 'main' (77) panicked at"), "thread 'main' panicked at");
        assert_eq!(line_without_ids("thread 'a (b) c' panicked"), "thread 'a (b) c' panicked");
        let flags = "note: compiler flags: -Z codegen-backend=/x.so \
                     -Z mir-enable-passes=-RemoveStorageMarkers -Z ui-testing -C debuginfo=0";
        let without = "note: compiler flags: -Z ui-testing -C debuginfo=0";
        assert_eq!(line_without_ids(flags), without);
    }

    #[test]
    fn the_first_difference_is_shown() {
        assert_eq!(text_difference("a\nb\n", "a\nb\n"), None);
        let shown = text_difference("a\nb\nc\n", "a\nb\nd\ne\n").unwrap();
        assert!(shown.contains("line 3") && shown.contains("- c") && shown.contains("+ d"));
        let shown = text_difference("a\n", "a\nb\n").unwrap();
        assert!(shown.contains("- (end)") && shown.contains("+ b"), "{shown}");
    }
}
