//! What a developer does all day: a function is added and called, or removed again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::packages::Edit;

/// Uses nothing but `core`: there are crates without std.
const FUNCTION: &str = "
#[inline(never)]
fn added_by_an_edit(values: &[u32]) -> u32 {
    values.iter().fold(7, |sum, value| sum.rotate_left(5) ^ value)
}
";
const CALL: &str = "        core::hint::black_box(added_by_an_edit(&[1, 2, 3]));\n";

/// A file in both forms.
pub(super) struct Edited {
    file: PathBuf,
    without: String,
    with: String,
}

impl Edited {
    /// Reads the file.
    pub(super) fn new(edit: &Edit, folder: &Path) -> Result<Edited> {
        let file = folder.join(edit.file);
        let without = fs::read_to_string(&file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        let with = edited(&without, edit.behind)
            .with_context(|| format!("{} cannot be edited", file.display()))?;
        Ok(Edited { file, without, with })
    }

    /// Writes one of the forms.
    pub(super) fn write(&self, with: bool) -> Result<()> {
        fs::write(&self.file, if with { &self.with } else { &self.without })
            .with_context(|| format!("{} cannot be written", self.file.display()))
    }
}

fn edited(text: &str, behind: &str) -> Result<String> {
    match text.split(behind).collect::<Vec<_>>()[..] {
        [before, after] => Ok([before, behind, CALL, after, FUNCTION].concat()),
        ref parts => bail!("It has {} times, not once: {behind}", parts.len() - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_and_a_function_are_added() {
        let text = edited("fn main() {\n    work();\n}\n", "fn main() {\n").unwrap();
        assert!(text.starts_with("fn main() {\n        core::hint::black_box("), "{text}");
        assert!(text.ends_with(&format!("    work();\n}}\n{FUNCTION}")), "{text}");
        assert!(edited("f();\nf();\n", "f();\n").is_err());
        assert!(edited("f();\n", "g();\n").is_err());
    }
}
