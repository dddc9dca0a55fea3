//! Numbers as people read them.

use num_format::{Locale, ToFormattedString};

/// A number with a comma after every three digits.
pub(crate) fn thousands(number: u64) -> String {
    number.to_formatted_string(&Locale::en)
}
