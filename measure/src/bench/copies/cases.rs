//! The set of async fns that is measured: every way to hand over a value, times how long it lives,
//! times its size, times how many there are.

/// Bytes of each argument, or of what each awaited future holds.
const SIZES: [usize; 5] = [64, 1 << 10, 4 << 10, 16 << 10, 64 << 10];
/// How many arguments, or awaited futures.
const COUNTS: [usize; 3] = [1, 4, 16];

/// How values come into the future.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// `x: Big`
    Plain,
    /// `x: Droppy`, a type with a destructor
    Droppy,
    /// `mut x: Big`
    Mut,
    /// `(a, b): (Half, Half)`
    Pattern,
    /// `async move { .. }` that captures `x`
    Block,
    /// `f: impl Future`, then `f.await`
    Passed,
    /// `held(fill()).await`
    Made,
    /// `x: Big`, then `held(x).await`
    Forwarded,
}

impl Form {
    pub(super) const ALL: [Form; 8] = [
        Form::Plain,
        Form::Droppy,
        Form::Mut,
        Form::Pattern,
        Form::Block,
        Form::Passed,
        Form::Made,
        Form::Forwarded,
    ];

    /// A word for the names of functions.
    pub(super) fn word(self) -> &'static str {
        match self {
            Form::Plain => "plain",
            Form::Droppy => "droppy",
            Form::Mut => "mut",
            Form::Pattern => "pattern",
            Form::Block => "block",
            Form::Passed => "passed",
            Form::Made => "made",
            Form::Forwarded => "forwarded",
        }
    }

    /// What the user reads.
    pub(super) fn title(self) -> &'static str {
        match self {
            Form::Plain => "parameter x: T",
            Form::Droppy => "the same, T: Drop",
            Form::Mut => "parameter mut x: T",
            Form::Pattern => "pattern (a, b): (A, B)",
            Form::Block => "capture of async move",
            Form::Passed => "future passed in",
            Form::Made => "future made by a call",
            Form::Forwarded => "x handed on: g(x).await",
        }
    }
}

/// How long the values live. For futures: what comes before they are awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Life {
    /// Consumed (or awaited) before the first await.
    Before,
    /// Lives across one await, then consumed (or awaited).
    One,
    /// Lives across several awaits, used between them, then consumed (or awaited).
    Many,
}

impl Life {
    pub(super) const ALL: [Life; 3] = [Life::Before, Life::One, Life::Many];

    /// A word for the names of functions.
    pub(super) fn word(self) -> &'static str {
        match self {
            Life::Before => "before",
            Life::One => "one",
            Life::Many => "many",
        }
    }

    /// What the user reads.
    pub(super) fn title(self) -> &'static str {
        match self {
            Life::Before => "before await",
            Life::One => "across one",
            Life::Many => "across many",
        }
    }

    /// Across how many awaits the values live.
    pub(super) fn awaits(self) -> usize {
        match self {
            Life::Before => 0,
            Life::One => 1,
            Life::Many => 4,
        }
    }
}

/// One async fn (or async block) of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Case {
    pub(super) form: Form,
    pub(super) life: Life,
    /// Bytes of each value.
    pub(super) size: usize,
    /// How many values.
    pub(super) count: usize,
}

impl Case {
    /// The name of its function. It says all that the case is.
    pub(super) fn name(&self) -> String {
        format!("{}_{}_{}x{}", self.form.word(), self.life.word(), self.count, self.size)
    }
}

/// The whole set, always in the same order.
pub(super) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for form in Form::ALL {
        for life in Life::ALL {
            for size in SIZES {
                cases.extend(COUNTS.map(|count| Case { form, life, size, count }));
            }
        }
    }
    cases
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_case_has_a_name_of_its_own() {
        let names: BTreeSet<String> = all().iter().map(Case::name).collect();
        assert_eq!(names.len(), Form::ALL.len() * Life::ALL.len() * SIZES.len() * COUNTS.len());
        assert!(names.contains("pattern_many_16x65536"), "{names:?}");
    }
}
