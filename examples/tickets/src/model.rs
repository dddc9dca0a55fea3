//! What the service speaks about: the JSON of requests and answers.

use serde::{Deserialize, Serialize};

/// How far a ticket is.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    #[default]
    Open,
    Active,
    Done,
}

impl State {
    const ALL: [State; 3] = [State::Open, State::Active, State::Done];

    /// As in JSON and in the database.
    pub fn name(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Active => "active",
            State::Done => "done",
        }
    }

    pub fn from_name(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A ticket to be made. Its key is chosen by whoever makes it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NewTicket {
    pub key: String,
    pub title: String,
    #[serde(default)]
    pub body: String,
    #[serde(default)]
    pub priority: u8,
}

/// A ticket. Every change makes its revision one higher.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Ticket {
    pub key: String,
    pub title: String,
    pub body: String,
    pub priority: u8,
    pub state: State,
    pub revision: i64,
}

/// A change of a ticket, made by someone who has seen `revision`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    pub revision: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
}

/// What someone says about a ticket.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Comment {
    pub author: String,
    pub text: String,
}

/// Which tickets to list: those after `after` in the order of keys.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Filter {
    pub state: Option<State>,
    pub after: Option<String>,
    pub limit: Option<u32>,
}

/// A part of a list; the rest comes after `next`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Page {
    pub tickets: Vec<Ticket>,
    pub next: Option<String>,
}

/// A line of an export or import: a ticket with all that belongs to it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Record {
    pub ticket: Ticket,
    #[serde(default)]
    pub comments: Vec<Comment>,
}

/// What an import has stored.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Imported {
    pub tickets: u64,
    pub comments: u64,
}

/// Where to copy all tickets from.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Source {
    pub url: String,
}

/// How much there is, and how many clients wait for changes.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Stats {
    pub tickets: i64,
    pub comments: i64,
    pub waiting: usize,
}

/// The number of changes since the server was started.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Changes {
    pub count: u64,
}

/// Why a request was refused.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Problem {
    pub error: String,
}
