//! The options of `cargo snug stack`.

use std::str::FromStr;

use clap::ValueEnum;

/// What is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Fail if something needs more stack than this: bytes, or `64KiB`, `1MiB`
    #[arg(long, value_name = "SIZE")]
    pub limit: Option<Size>,
    /// Show so many poll functions and chains; 0 shows all
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub top: usize,
    /// Also show the chains below functions whose name matches this regular expression
    #[arg(long, value_name = "REGEX")]
    pub root: Option<String>,
    /// Text for people, or JSON
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    pub format: Format,
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub u64);

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Size, String> {
        let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
        let factor = match &text[digits.len()..] {
            "" | "B" => 1,
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            _ => 0,
        };
        let number: Option<u64> = digits.parse().ok();
        match number.and_then(|number| number.checked_mul(factor)) {
            Some(bytes) if factor > 0 => Ok(Size(bytes)),
            _ => Err("use bytes, or a number with `KiB` or `MiB`, as in `512KiB`".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!("1MiB".parse(), Ok(Size(1 << 20)));
        assert_eq!("64KiB".parse(), Ok(Size(64 << 10)));
        assert_eq!("100".parse(), Ok(Size(100)));
        for wrong in ["", "MiB", "1MB", "-1", "1.5MiB", "99999999999999999999"] {
            assert!(wrong.parse::<Size>().is_err(), "{wrong}");
        }
    }
}
