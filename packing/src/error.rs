//! Why a problem cannot be stated or solved.

use std::fmt;

/// What is wrong with a problem.
///
/// Items are named by their index in the vector given to
/// [`Problem::new`](crate::Problem::new).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// An item's alignment is not a power of two.
    BadAlign {
        /// The item.
        item: usize,
        /// Its alignment in bytes.
        align: u64,
    },
    /// There are more items than a 32 bit index can name.
    TooManyItems {
        /// How many items there are.
        count: usize,
    },
    /// An index names no item.
    NoSuchItem {
        /// The index.
        item: usize,
        /// How many items there are.
        count: usize,
    },
    /// Two items conflict but must start at the same offset, perhaps by way of others.
    CoincidentConflict {
        /// One item.
        a: usize,
        /// The other; the same one if an item was said to conflict with itself.
        b: usize,
    },
    /// Two items must start at the same offset but are pinned to different ones.
    PinsDiffer {
        /// One item.
        a: usize,
        /// The other; the same one if an item was pinned twice.
        b: usize,
    },
    /// An item is pinned to an offset that does not suit an alignment.
    PinMisaligned {
        /// The pinned item.
        item: usize,
        /// Where it is pinned, in bytes.
        offset: u64,
        /// The alignment in bytes of the item, or of one that coincides with it.
        align: u64,
    },
    /// Two conflicting items are pinned over each other.
    PinsOverlap {
        /// One item.
        a: usize,
        /// The other.
        b: usize,
    },
    /// No packing of at most `limit` bytes was found. If the bound is within the limit
    /// one may still exist.
    TooBig {
        /// The limit in bytes.
        limit: u64,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Error::BadAlign { item, align } => {
                write!(f, "item {item} has alignment {align}, which is no power of two")
            }
            Error::TooManyItems { count } => {
                write!(f, "{count} items are more than can be numbered")
            }
            Error::NoSuchItem { item, count } => {
                write!(f, "item {item} does not exist: there are {count} items")
            }
            Error::CoincidentConflict { a, b } => {
                write!(f, "items {a} and {b} conflict but must coincide")
            }
            Error::PinsDiffer { a, b } => {
                write!(f, "items {a} and {b} must coincide but are pinned to different offsets")
            }
            Error::PinMisaligned { item, offset, align } => write!(
                f,
                "item {item} is pinned to offset {offset}, which is no multiple of {align}"
            ),
            Error::PinsOverlap { a, b } => {
                write!(f, "items {a} and {b} conflict but are pinned over each other")
            }
            Error::TooBig { limit } => {
                write!(f, "the items do not fit into the limit of {limit} bytes")
            }
        }
    }
}

impl std::error::Error for Error {}
