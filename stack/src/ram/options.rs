//! The options of `cargo snug ram`.

use std::path::PathBuf;
use std::str::FromStr;

use crate::{Format, Size};

/// What is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Build a second time with stock rustc, and show its bytes beside Snug's
    #[arg(long)]
    pub stock: bool,
    /// Fail if statics take more than this: bytes, `64KiB`, or a share of the RAM, `75%`
    #[arg(long, value_name = "SIZE|PERCENT")]
    pub limit: Option<Limit>,
    /// The linker script that says how much RAM there is [default: the `memory.x` that the linker finds]
    #[arg(long, value_name = "FILE", conflicts_with = "ram")]
    pub memory: Option<PathBuf>,
    /// So much RAM there is, whatever a linker script says: bytes, or `256KiB`
    #[arg(long, value_name = "SIZE")]
    pub ram: Option<Size>,
    /// Show so many statics that are no tasks; 0 shows all
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub top: usize,
    /// Text for people, or JSON
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    pub format: Format,
}

/// The most that statics may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// Bytes.
    Bytes(Size),
    /// Hundredths of the RAM.
    Percent(f64),
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Limit, String> {
        let Some(number) = text.strip_suffix('%') else {
            return text.parse().map(Limit::Bytes).map_err(|_| WRONG.to_owned());
        };
        match number.trim().parse() {
            Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(Limit::Percent(percent)),
            _ => Err(WRONG.to_owned()),
        }
    }
}

const WRONG: &str = "use bytes, a number with `KiB` or `MiB`, or a share of the RAM, as in `75%`";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_bytes_or_shares() {
        assert_eq!("64KiB".parse(), Ok(Limit::Bytes(Size(64 << 10))));
        assert_eq!("100".parse(), Ok(Limit::Bytes(Size(100))));
        assert_eq!("12.5%".parse(), Ok(Limit::Percent(12.5)));
        for wrong in ["", "%", "-1%", "101%", "NaN%", "half", "64KB"] {
            assert!(wrong.parse::<Limit>().is_err(), "{wrong}");
        }
    }
}
