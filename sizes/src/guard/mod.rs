//! Sizes that must not be exceeded: budgets in Cargo.toml, and what `snug-sizes.json` remembers.

pub(crate) mod budget;
pub(crate) mod ratchet;

use crate::report::Place;
use crate::text::{bytes, number};

/// Which rule a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// A future exceeds its budget.
    Budget,
    /// A future has another size than before.
    Size,
    /// A future is new.
    New,
    /// A future is no more.
    Gone,
}

impl Rule {
    pub(crate) const ALL: [Rule; 4] = [Rule::Budget, Rule::Size, Rule::New, Rule::Gone];

    /// As programs read it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Rule::Budget => "budget",
            Rule::Size => "size",
            Rule::New => "new",
            Rule::Gone => "gone",
        }
    }

    pub(crate) fn description(self) -> &'static str {
        match self {
            Rule::Budget => "A future is bigger than its budget allows.",
            Rule::Size => "A future has another size than before.",
            Rule::New => "A future is new.",
            Rule::Gone => "A future is no more.",
        }
    }
}

/// The value that makes most of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cause {
    /// What it is called.
    pub(crate) value: String,
    pub(crate) size: u64,
    /// Its size before; `None` if it was not there.
    pub(crate) before: Option<u64>,
    /// The await across which it is kept.
    pub(crate) place: Option<Place>,
}

/// Something that a comparison has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) rule: Rule,
    /// The future's name.
    pub(crate) future: String,
    /// Its size; `None` if it is no more.
    pub(crate) size: Option<u64>,
    /// Its budget, or its size before.
    pub(crate) limit: Option<u64>,
    /// Where it is written.
    pub(crate) place: Option<Place>,
    pub(crate) cause: Option<Cause>,
    /// Whether that is a reason to fail.
    pub(crate) is_worse: bool,
}

impl Finding {
    /// What was found, in a sentence.
    pub(crate) fn text(&self) -> String {
        let (name, size) = (&self.future, self.size.unwrap_or_default());
        let limit = self.limit.unwrap_or_default();
        match self.rule {
            Rule::Budget => {
                format!("{name} has {}, and its budget is {}", bytes(size), number(limit))
            }
            Rule::Size if size > limit => {
                format!("{name} has grown from {} to {}", number(limit), bytes(size))
            }
            Rule::Size => format!("{name} has shrunk from {} to {}", number(limit), bytes(size)),
            Rule::New => format!("{name} is new: {}", bytes(size)),
            Rule::Gone => format!("{name} is no more: it had {}", bytes(limit)),
        }
    }

    /// Why, in lines.
    pub(crate) fn explanation(&self) -> Vec<String> {
        let Some(cause) = &self.cause else { return Vec::new() };
        let place = match &cause.place {
            Some(place) => format!(" across the await at {place}"),
            None => String::new(),
        };
        let size = bytes(cause.size);
        vec![match cause.before {
            Some(before) if self.rule != Rule::Budget => {
                format!("{} is kept{place}: {} before, {size} now", cause.value, number(before))
            }
            _ if self.rule == Rule::Budget => {
                format!("most of it: {} is kept{place}, {size}", cause.value)
            }
            _ => format!("{} is kept{place} now: {size}", cause.value),
        }]
    }
}
