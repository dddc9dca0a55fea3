//! How a program is built: by stock cargo or by `cargo snug`, and in which profile.
//!
//! Whoever calls `cargo snug` without options gets Cranelift in the dev profile and LLVM in the release profile.

use std::fmt;

use crate::compiler::Generator::{Cranelift, Llvm};
use crate::compiler::{Compiler, Layout};
use crate::crates::way::{Profile, Way as CratesWay};

/// A command and a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// `cargo snug` instead of stock cargo.
    pub with_snug: bool,
    /// The profile.
    pub profile: Profile,
}

impl Way {
    /// All ways, in the order of tables.
    pub fn all() -> [Way; 4] {
        let of = |profile| [false, true].map(|with_snug| Way { with_snug, profile });
        let [[a, b], [c, d]] = Profile::ALL.map(of);
        [a, b, c, d]
    }

    /// Stock's way in the same profile.
    pub fn by_stock(self) -> Way {
        Way { with_snug: false, ..self }
    }

    /// The compiler that is at work there.
    pub fn of_crates(self) -> CratesWay {
        let generator = match self.profile {
            Profile::Dev => Cranelift,
            Profile::Release => Llvm,
        };
        let compiler = match self.with_snug {
            false => Compiler::Stock,
            true => Compiler::Snug(generator, Layout::Packed),
        };
        CratesWay { compiler, profile: self.profile }
    }

    /// The name of a folder for what stock or Snug has compiled.
    pub fn folder(self) -> &'static str {
        if self.with_snug { "snug" } else { "stock" }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let profile = match self.profile {
            Profile::Dev => "dev",
            Profile::Release => "release",
        };
        write!(f, "{profile} {}", self.folder())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_has_a_name() {
        let names = Way::all().map(|way| way.to_string());
        assert_eq!(names, ["dev stock", "dev snug", "release stock", "release snug"]);
        let compilers = Way::all().map(|way| way.of_crates().to_string());
        assert_eq!(
            compilers,
            ["stock", "cranelift packed", "stock release", "llvm packed release"]
        );
    }
}
