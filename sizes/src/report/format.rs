//! The lines of a report, as `src/report/` in Snug's compiler writes them.
//!
//! Keys that are not read here are left out; `docs/report.md` has all.

use serde::Deserialize;

/// The version of the format that this reads.
pub(crate) const FORMAT: u32 = 3;

/// What is read first: a line of another version has other keys.
#[derive(Debug, Deserialize)]
pub(crate) struct Versioned {
    #[serde(default)]
    pub(crate) format: u32,
}

/// One coroutine type.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Line {
    #[serde(rename = "type")]
    pub(crate) ty: String,
    pub(crate) id: String,
    pub(crate) body: Body,
    pub(crate) size: u64,
    pub(crate) align: u64,
    pub(crate) bound: Option<u64>,
    pub(crate) layout: String,
    pub(crate) upvars: Vec<Upvar>,
    pub(crate) variants: Vec<Variant>,
    pub(crate) conflicts: Vec<(usize, usize)>,
    pub(crate) pointer_size: u64,
    #[serde(default)]
    pub(crate) tasks: Vec<Task>,
}

/// Where a type comes from.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Body {
    pub(crate) id: String,
    #[serde(rename = "crate")]
    pub(crate) krate: String,
    /// `async fn`, `async block`..
    pub(crate) kind: String,
    /// The path of the function that it is, or is in.
    pub(crate) name: String,
    pub(crate) span: String,
}

/// A captured variable, or an argument of an `async fn`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Upvar {
    pub(crate) name: Option<String>,
    pub(crate) size: u64,
    #[serde(rename = "unresumed_offset")]
    pub(crate) offset: u64,
}

/// A state.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) span: String,
    pub(crate) fields: Vec<Field>,
}

impl Variant {
    /// Whether the coroutine waits in this state.
    pub(crate) fn is_suspension(&self) -> bool {
        self.name.starts_with("Suspend")
    }

    /// Whether the coroutine has not been resumed yet.
    pub(crate) fn is_unresumed(&self) -> bool {
        self.name == "Unresumed"
    }
}

/// A value that is alive in a state.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Field {
    pub(crate) name: Option<String>,
    #[serde(rename = "type")]
    pub(crate) ty: String,
    /// Fields of several states with one number are one value.
    pub(crate) item: usize,
    pub(crate) offset: u64,
    pub(crate) size: u64,
    pub(crate) align: u64,
    pub(crate) declared: String,
    #[serde(default)]
    pub(crate) kept_by: Option<KeptBy>,
    #[serde(default)]
    pub(crate) inner: Vec<Inner>,
    /// How it is laid out, where it is a future or has some in it.
    #[serde(default)]
    pub(crate) shape: Option<Shape>,
}

impl Field {
    /// The futures that are in it by value, each once.
    pub(crate) fn futures(&self) -> impl Iterator<Item = &str> {
        self.ids(|inner| inner.offset.is_some())
    }

    /// The futures that are in it in boxes, each once.
    pub(crate) fn boxed(&self) -> impl Iterator<Item = &str> {
        self.ids(|inner| inner.offset.is_none())
    }

    fn ids(&self, is_wanted: impl Fn(&Inner) -> bool) -> impl Iterator<Item = &str> {
        let mut ids: Vec<&str> = Vec::new();
        for inner in self.inner.iter().filter(|inner| is_wanted(inner)) {
            if !ids.contains(&inner.id.as_str()) {
                ids.push(&inner.id);
            }
        }
        ids.into_iter()
    }

    /// Whether it is kept only to be dropped.
    pub(crate) fn is_only_dropped(&self) -> bool {
        self.kept_by.as_ref().is_some_and(|kept| kept.how == How::Drop)
    }

    /// Whether it is the future that is awaited.
    pub(crate) fn is_awaited(&self) -> bool {
        self.name.as_deref() == Some("__awaitee")
    }

    /// The future that it is, if it is one and nothing else.
    pub(crate) fn future(&self) -> Option<&str> {
        match &self.shape {
            Some(Shape::Future(of)) => Some(&of.id),
            _ => None,
        }
    }
}

/// What keeps a value.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct KeptBy {
    pub(crate) how: How,
    pub(crate) span: String,
}

/// In which way something keeps a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum How {
    /// It uses it.
    Use,
    /// It drops it, and nothing uses it.
    Drop,
    /// It borrows it.
    Borrow,
}

/// A future inside a value.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Inner {
    pub(crate) id: String,
    /// Where in the value; `None` if it is in a box.
    pub(crate) offset: Option<u64>,
}

/// How a value is laid out, as far as futures inside it matter.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Shape {
    /// A future.
    Future(Of),
    /// A box with a future.
    Box(Of),
    /// What has no future in it.
    Value(Leaf),
    Tuple {
        fields: Vec<Shape>,
        #[serde(default)]
        tail: Option<Tail>,
    },
    Array {
        element: Box<Shape>,
        count: u64,
    },
    Struct(Adt),
    Enum(Adt),
    Union(Adt),
}

/// What is laid out as a whole.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Leaf {
    pub(crate) size: u64,
    pub(crate) align: u64,
    #[serde(default)]
    pub(crate) niche: Option<Niche>,
    #[serde(default)]
    pub(crate) uninhabited: Option<bool>,
}

/// A future, or a box of it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Of {
    pub(crate) id: String,
    #[serde(flatten)]
    pub(crate) leaf: Leaf,
}

/// A type of Rust's with named fields or variants.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Adt {
    pub(crate) variants: Vec<Vec<Shape>>,
    /// Numbers of 128 bits.
    pub(crate) discriminants: Vec<String>,
    #[serde(default)]
    pub(crate) tail: Option<Tail>,
    #[serde(default)]
    pub(crate) niches: Option<Niches>,
}

/// Whether the last field stays the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tail {
    Fixed,
}

/// Whether others may use what a type never is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Niches {
    Hidden,
}

/// Bits that a value never has.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Niche {
    pub(crate) offset: u64,
    pub(crate) size: u64,
    #[serde(default)]
    pub(crate) pointer: Option<bool>,
    /// The first and the last that it may have: numbers of 128 bits.
    pub(crate) start: String,
    pub(crate) end: String,
}

/// A place where a future becomes a task.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Task {
    /// The function that makes it one.
    pub(crate) by: String,
    pub(crate) span: String,
}

/// What is known of a body, whatever its type arguments are.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct OfBody {
    pub(crate) body: String,
    /// For each state, what keeps each of its fields.
    pub(crate) kept: Vec<Vec<Option<KeptBy>>>,
}
