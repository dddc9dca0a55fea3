//! What was measured.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

use super::compilers::ALL;

/// The programs, in the order of tables.
pub(super) const PROGRAMS: [&str; 5] = ["tasks", "channels", "web", "text", "compute"];

/// What one compiler took in one round: seconds of processor time.
#[derive(Clone, Debug, Default)]
pub(super) struct Sample {
    pub(super) clean: f64,
    /// After an edit of a program.
    pub(super) leaf: f64,
    /// After an edit of what all programs depend on.
    pub(super) root: f64,
    /// Runs of the programs.
    pub(super) runs: Vec<f64>,
    pub(super) answers: Vec<Answer>,
}

/// What a program prints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// Lines that all compilers' programs must print.
    pub(super) results: Vec<String>,
    /// Bytes of stack that its work takes.
    pub(super) stack: u64,
    /// How many calls 8 MiB of stack are enough for.
    pub(super) depth: Option<u64>,
}

impl Answer {
    /// Reads the lines `result NAME VALUE`, `stack BYTES` and `depth CALLS`.
    pub(super) fn parse(printed: &str) -> Result<Answer> {
        let mut answer = Answer::default();
        for line in printed.lines() {
            let number =
                |text: &str| text.parse().with_context(|| format!("`{line}` has no number"));
            match line.split_once(' ') {
                Some(("result", rest)) => answer.results.push(rest.to_owned()),
                Some(("stack", rest)) => answer.stack = number(rest)?,
                Some(("depth", rest)) => answer.depth = Some(number(rest)?),
                _ => bail!("a program prints `{line}`"),
            }
        }
        Ok(answer)
    }
}

/// Everything, by compiler.
#[derive(Debug, Default)]
pub(super) struct Figures {
    pub(super) rounds: Vec<[Sample; 4]>,
    /// Of all programs together.
    pub(super) bytes: [u64; 4],
    /// Bytes of the frame of each function of all programs, by name.
    pub(super) frames: [BTreeMap<String, u64>; 4],
}

impl Figures {
    /// Adds a round, if all programs computed the same.
    pub(super) fn add(&mut self, sample: [Sample; 4]) -> Result<()> {
        for (index, program) in PROGRAMS.into_iter().enumerate() {
            let expected = &sample[0].answers[index].results;
            for (compiler, of) in ALL.into_iter().zip(&sample) {
                let found = &of.answers[index].results;
                if found != expected {
                    bail!(
                        "`{program}` by {} computes {found:?}, stock's {expected:?}",
                        compiler.title()
                    );
                }
            }
        }
        self.rounds.push(sample);
        Ok(())
    }

    /// Pairs of what two compilers took, round by round.
    pub(super) fn pairs(
        &self,
        first: usize,
        second: usize,
        get: impl Fn(&Sample) -> f64,
    ) -> Vec<[f64; 2]> {
        let rounds = self.rounds.iter();
        rounds.map(|sample| [get(&sample[first]), get(&sample[second])]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let answer = Answer::parse("result a 7\nstack 100\nresult b 8\ndepth 9\n").unwrap();
        assert_eq!(answer.results, ["a 7", "b 8"]);
        assert_eq!((answer.stack, answer.depth), (100, Some(9)));
        assert!(Answer::parse("stack many").is_err());
        assert!(Answer::parse("hello").is_err());
    }

    #[test]
    fn another_result_is_an_error() {
        let sample = |result: &str| Sample {
            answers: vec![Answer { results: vec![result.into()], ..Answer::default() }; 5],
            ..Sample::default()
        };
        let mut figures = Figures::default();
        figures.add(["1", "1", "1", "1"].map(sample)).unwrap();
        let error = figures.add(["1", "1", "2", "1"].map(sample)).unwrap_err().to_string();
        assert!(error.contains("by Snug Cranelift computes [\"2\"]"), "{error}");
    }
}
