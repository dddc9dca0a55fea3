//! Numbers as people read them.

use num_format::{Locale, ToFormattedString};

/// A number with a comma after every three digits.
pub(crate) fn thousands(number: u64) -> String {
    number.to_formatted_string(&Locale::en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas() {
        assert_eq!([7, 1234, 1234567].map(thousands), ["7", "1,234", "1,234,567"]);
    }
}
