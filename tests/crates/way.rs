//! How a crate's tests are compiled: by which compiler, and in which of Cargo's profiles.
//!
//! Tests are compared within a profile: without debug assertions, stock's own outcomes may be others.

use std::fmt;

use crate::compiler::Generator::{Cranelift, Llvm};
use crate::compiler::{Compiler, Layout};

/// A profile of Cargo's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// What `cargo test` uses.
    Dev,
    /// What servers run: `opt-level = 3`, and neither debug assertions nor overflow checks.
    Release,
}

/// A compiler and a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// The compiler.
    pub compiler: Compiler,
    /// The profile.
    pub profile: Profile,
}

impl Profile {
    /// Both.
    pub const ALL: [Profile; 2] = [Profile::Dev, Profile::Release];

    /// How the crates' tests are compiled in the profile, stock's way first. With Snug's default layout: the others are for
    /// comparison. Cranelift is not for what is optimised.
    pub fn ways(self) -> Vec<Way> {
        let snug = |generator| Compiler::Snug(generator, Layout::Packed);
        let compilers = match self {
            Profile::Dev => vec![Compiler::Stock, snug(Cranelift), snug(Llvm)],
            Profile::Release => vec![Compiler::Stock, snug(Llvm)],
        };
        compilers.into_iter().map(|compiler| Way { compiler, profile: self }).collect()
    }

    /// What tells Cargo to use the profile.
    pub fn flag(self) -> &'static str {
        match self {
            Profile::Dev => "",
            Profile::Release => "--release",
        }
    }
}

impl Way {
    /// The name of a folder for what is compiled in this way only.
    pub fn folder(self) -> String {
        self.to_string().replace(' ', "-")
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.profile {
            Profile::Dev => write!(f, "{}", self.compiler),
            Profile::Release => write!(f, "{} release", self.compiler),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_has_a_folder_of_its_own() {
        let ways: Vec<Way> = Profile::ALL.into_iter().flat_map(Profile::ways).collect();
        let folders: Vec<String> = ways.into_iter().map(Way::folder).collect();
        assert_eq!(
            folders,
            ["stock", "cranelift-packed", "llvm-packed", "stock-release", "llvm-packed-release"]
        );
    }
}
