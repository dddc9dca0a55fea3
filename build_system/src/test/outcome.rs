//! How a suite came out, as read in what cargo's test harness and libtest-mimic print.

/// How a suite came out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed.
    pub failed: usize,
    /// Tests that were not run: what they need is missing.
    pub ignored: usize,
    /// What each failed test said, below a line with its name.
    pub failures: Vec<String>,
}

/// Lines of what one test says of its failure that are said once more.
const REPEATED: usize = 40;

impl Outcome {
    /// Reads what was printed.
    pub fn read(output: &str) -> Outcome {
        Outcome { failures: failures(output), ..totals(output) }
    }

    /// Adds another suite's.
    pub fn add(&mut self, other: Outcome) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
        self.failures.extend(other.failures);
    }

    /// How many tests there were.
    pub fn tests(&self) -> usize {
        self.passed + self.failed + self.ignored
    }

    /// `12 passed, 0 failed`, and how many were ignored, if any.
    pub fn counts(&self) -> String {
        let ignored = match self.ignored {
            0 => String::new(),
            some => format!(", {some} ignored"),
        };
        format!("{} passed, {} failed{ignored}", self.passed, self.failed)
    }
}

/// The beginning of a text, and how much there is of it.
pub(super) fn shortened(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let left = lines.len().saturating_sub(REPEATED);
    lines.truncate(REPEATED);
    let rest = if left > 0 { format!("\n[{left} lines more: see above]") } else { String::new() };
    lines.join("\n") + &rest
}

/// Adds up the lines `test result: ok. 12 passed; 0 failed; ..`.
fn totals(output: &str) -> Outcome {
    let mut total = Outcome::default();
    for line in output.lines().filter_map(|line| line.strip_prefix("test result: ")) {
        let count = |what: &str| {
            let words: Vec<&str> = line.split([' ', ';']).collect();
            words
                .iter()
                .position(|word| *word == what)
                .and_then(|at| words.get(at - 1)?.parse::<usize>().ok())
                .unwrap_or(0)
        };
        total.passed += count("passed");
        total.failed += count("failed");
        total.ignored += count("ignored");
    }
    total
}

/// What failed tests say: it is printed below `---- name ----` or `---- name stdout ----`, up to the names of all that
/// failed.
fn failures(output: &str) -> Vec<String> {
    let is_name = |line: &str| line.starts_with("---- ") && line.ends_with(" ----");
    let mut failures: Vec<String> = Vec::new();
    let mut is_said = false;
    for line in output.lines() {
        if is_name(line) {
            failures.push(line.to_owned());
            is_said = true;
        } else if line == "failures:" || line.starts_with("test result: ") {
            is_said = false;
        } else if let (true, Some(failure)) = (is_said, failures.last_mut()) {
            failure.push('\n');
            failure.push_str(line);
        }
    }
    failures.iter().map(|failure| failure.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_what_cargo_test_prints() {
        let output = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured\n\ntest result: \
                      FAILED. 3 passed; 2 failed; 1 ignored\n";
        let expected = Outcome { passed: 15, failed: 2, ignored: 1, ..Outcome::default() };
        assert_eq!(totals(output), expected);
        assert_eq!(
            (expected.tests(), expected.counts().as_str()),
            (18, "15 passed, 2 failed, 1 ignored")
        );
    }

    #[test]
    fn repeats_what_failed_tests_say() {
        let output = "test a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\nleft: 1\n\nright: 2\n\n\n\
                      failures:\n    b\n\ntest result: FAILED. 1 passed; 1 failed\n\nrunning 1 test\n\n\
                      failures:\n\n---- c: d ----\nlong\n\nfailures:\n    c: d\n\ntest result: FAILED.\n";
        assert_eq!(
            failures(output),
            ["---- b stdout ----\nleft: 1\n\nright: 2", "---- c: d ----\nlong"]
        );
        assert!(failures("test a ... ok\n\ntest result: ok. 1 passed\n").is_empty());
    }

    #[test]
    fn long_texts_are_shortened() {
        assert_eq!(shortened("a\nb"), "a\nb");
        let long = "line\n".repeat(REPEATED + 2);
        assert!(shortened(&long).ends_with("line\n[2 lines more: see above]"));
    }
}
