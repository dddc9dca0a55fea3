//! How programs are compiled: which twin, which layout, which flags.

use std::fmt;

use super::generate::Allowed;
use crate::compiler::{Compiler, Generator, Layout};

/// So many programs with consecutive seeds, from a multiple of this on, share a file and its variants.
pub const PER_FILE: u64 = 20;

/// A compiler with flags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Stock or Snug.
    pub compiler: Compiler,
    /// In addition to what all get.
    pub arguments: Vec<String>,
}

impl Variant {
    /// What the others are compared with: LLVM, unoptimised.
    pub fn stock() -> Variant {
        Variant { compiler: Compiler::Stock, arguments: Vec::new() }
    }

    /// The layout, if it is Snug's.
    pub fn layout(&self) -> Option<Layout> {
        match self.compiler {
            Compiler::Stock => None,
            Compiler::Snug(_, layout) => Some(layout),
        }
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.compiler)?;
        self.arguments.iter().try_for_each(|argument| write!(f, " {argument}"))
    }
}

/// What the programs of a file may contain, and how it is compiled: by both twins.
pub fn of_file(file: u64) -> (Allowed, [Variant; 2]) {
    // LLVM's optimisations take five times as long as all the rest.
    let llvm = levels(
        file,
        &[0, 0, 3, 0, 0, 0, 1, 0, 0, 2],
        &[None, None, Some(4), None, Some(0), Some(3), Some(1)],
    );
    let cranelift = levels(file, &[0, 1, 0, 3], &[None, Some(0), None, Some(3), None]);
    let highest = llvm.1.max(cranelift.1);
    let layout = |odd| match file % 12 {
        // One of the two stays packed.
        3 | 8 if (file % 12 == 3) == odd => Layout::CapturesOnly,
        6 | 11 if (file % 12 == 6) == odd => Layout::Classic,
        _ => Layout::Packed,
    };
    let variant = |generator, layout, (optimisation, mir): (u8, Option<u8>)| {
        let mut arguments = vec![format!("-Copt-level={optimisation}")];
        arguments.extend(mir.map(|level| format!("-Zmir-opt-level={level}")));
        if file.is_multiple_of(3) {
            arguments.extend(["-Zvalidate-mir", "-Zlint-mir"].map(str::to_owned));
        }
        Variant { compiler: Compiler::Snug(generator, layout), arguments }
    };
    // rustc inlines recursive calls from there on, and then finds that the future contains itself.
    let allowed = Allowed { recursion: highest.is_none_or(|level| level < 3) };
    let variants = [
        variant(Generator::Cranelift, layout(true), cranelift),
        variant(Generator::Llvm, layout(false), llvm),
    ];
    (allowed, variants)
}

fn levels(file: u64, optimisation: &[u8], mir: &[Option<u8>]) -> (u8, Option<u8>) {
    let at = |length: usize| (file % length as u64) as usize;
    (optimisation[at(optimisation.len())], mir[at(mir.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All files of one long period.
    fn all() -> impl Iterator<Item = (Allowed, [Variant; 2])> {
        (0..840).map(of_file)
    }

    #[test]
    fn one_twin_is_always_packed() {
        for (_, variants) in all() {
            assert!(variants.iter().any(|v| v.layout() == Some(Layout::Packed)));
        }
    }

    #[test]
    fn every_layout_and_level_has_its_turn_in_both_twins() {
        for generator in Generator::ALL {
            let variants: Vec<_> = all().flat_map(|(_, variants)| variants).collect();
            let has = |test: &dyn Fn(&Variant) -> bool| variants.iter().any(test);
            for layout in Layout::ALL {
                assert!(has(&|v| v.compiler == Compiler::Snug(generator, layout)));
            }
        }
        let text: String = all().flat_map(|(_, v)| v.map(|v| format!("{v}\n"))).collect();
        for level in 0..4 {
            assert!(text.contains(&format!("-Copt-level={level}")));
        }
        for level in [0, 1, 3, 4] {
            assert!(text.contains(&format!("-Zmir-opt-level={level}")));
        }
    }

    #[test]
    fn recursion_is_not_inlined() {
        for (_, variants) in all().filter(|(allowed, _)| allowed.recursion) {
            let text = variants.map(|v| v.to_string()).concat();
            assert!(!text.contains("mir-opt-level=3") && !text.contains("mir-opt-level=4"));
        }
    }
}
