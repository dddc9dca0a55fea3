//! Numbers and words as people read them.

use num_format::{Locale, ToFormattedString};

/// A number with a comma after every three digits.
pub(crate) fn number(number: u64) -> String {
    number.to_formatted_string(&Locale::en)
}

/// `1 byte`, `2,000 bytes`.
pub(crate) fn bytes(count: u64) -> String {
    counted(count, "byte")
}

/// A number of things: `1 future`, `2 futures`.
pub(crate) fn counted(count: u64, what: &str) -> String {
    format!("{} {what}{}", number(count), if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        let all = [0, 12, 999, 1000, 123_456, 1_234_567].map(number);
        assert_eq!(all, ["0", "12", "999", "1,000", "123,456", "1,234,567"]);
        assert_eq!([bytes(1), bytes(2000)], ["1 byte", "2,000 bytes"]);
    }
}
