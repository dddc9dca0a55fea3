//! How programs are compiled: which twin, which layout, which flags.

use std::fmt;

use super::generate::Allowed;
use crate::compiler::{Compiler, Generator, Layout};

/// So many programs with consecutive seeds, from a multiple of this on, share a file and its variants.
pub const PER_FILE: u64 = 100;

/// A compiler with flags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flags {
    /// Stock or Snug.
    pub compiler: Compiler,
    /// In addition to what all get.
    pub arguments: Vec<String>,
}

/// How programs are compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Everything, or what the library has not.
    pub program: Flags,
    /// The library with each program's first functions, if there is one.
    pub library: Option<Flags>,
}

impl Flags {
    /// What the others are compared with: LLVM, unoptimised.
    fn stock() -> Flags {
        Flags { compiler: Compiler::Stock, arguments: Vec::new() }
    }
}

impl Variant {
    /// Everything in one crate.
    pub fn one_crate(compiler: Compiler, arguments: Vec<String>) -> Variant {
        Variant { program: Flags { compiler, arguments }, library: None }
    }

    /// What it is compared with: as many crates by stock rustc, unoptimised.
    pub fn stock(&self) -> Variant {
        Variant { program: Flags::stock(), library: self.library.as_ref().map(|_| Flags::stock()) }
    }

    /// The layout, if it is Snug's.
    pub fn layout(&self) -> Option<Layout> {
        match self.program.compiler {
            Compiler::Stock => None,
            Compiler::Snug(_, layout) => Some(layout),
        }
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.compiler)?;
        self.arguments.iter().try_for_each(|argument| write!(f, " {argument}"))
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.program)?;
        self.library.iter().try_for_each(|library| write!(f, ", the library with {library}"))
    }
}

/// What the programs of a file may contain, and how it is compiled: by one twin in turn, or by both.
///
/// Most of what can be wrong is what the twins have in common: more programs find more than a second look at these.
pub fn of_file(file: u64) -> (Allowed, Vec<Variant>) {
    let twins: &[Generator] = match file % 4 {
        0 => &Generator::ALL,
        2 => &[Generator::Cranelift],
        _ => &[Generator::Llvm],
    };
    // All the periods here have no common factor, so everything meets everything.
    let layout = match file % 17 {
        8 | 14 => Layout::CapturesOnly,
        11 => Layout::Classic,
        _ => Layout::Packed,
    };
    let variants: Vec<Variant> = twins.iter().map(|twin| variant(file, *twin, layout)).collect();
    // rustc inlines recursive calls from there on, and then finds that the future contains itself.
    let inlines = |argument: &String| {
        ["-Zmir-opt-level=3", "-Zmir-opt-level=4"].iter().any(|level| argument == level)
    };
    let all = variants.iter().flat_map(|variant| variant.library.iter().chain([&variant.program]));
    let recursion = !all.flat_map(|flags| &flags.arguments).any(inlines);
    (Allowed { recursion }, variants)
}

fn variant(file: u64, twin: Generator, layout: Layout) -> Variant {
    let other = match twin {
        Generator::Llvm => Generator::Cranelift,
        Generator::Cranelift => Generator::Llvm,
    };
    let (none, own, other) = (None, Some(twin), Some(other));
    let libraries = [none, own, none, none, other, none, own, none, other, none, none];
    let library = in_turn(file, &libraries).map(|twin| flags(file + 1, twin, layout));
    Variant { program: flags(file, twin, layout), library }
}

fn flags(file: u64, twin: Generator, layout: Layout) -> Flags {
    // LLVM's optimisations take as long as all the rest.
    let optimisation: &[u8] = match twin {
        Generator::Llvm => &[0, 0, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2],
        Generator::Cranelift => &[0, 1, 0, 0, 3],
    };
    let mir = [None, Some(0), Some(4), None, None, Some(3), Some(1)];
    let mut arguments = vec![format!("-Copt-level={}", in_turn(file, optimisation))];
    arguments.extend(in_turn(file, &mir).map(|level| format!("-Zmir-opt-level={level}")));
    if file.is_multiple_of(3) {
        arguments.extend(["-Zvalidate-mir", "-Zlint-mir"].map(str::to_owned));
    }
    Flags { compiler: Compiler::Snug(twin, layout), arguments }
}

fn in_turn<T: Copy>(file: u64, of: &[T]) -> T {
    of[(file % of.len() as u64) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More files than a long run has.
    fn all() -> impl Iterator<Item = (Allowed, Vec<Variant>)> {
        (0..1000).map(of_file)
    }

    fn is_of(flags: &Flags, generator: Generator) -> bool {
        matches!(flags.compiler, Compiler::Snug(own, _) if own == generator)
    }

    #[test]
    fn most_files_are_packed() {
        let packed =
            all().filter(|(_, variants)| variants[0].layout() == Some(Layout::Packed)).count();
        assert!(packed > 800, "{packed}");
    }

    #[test]
    fn every_layout_and_level_has_its_turn_in_both_twins() {
        for generator in Generator::ALL {
            let variants: Vec<_> = all().flat_map(|(_, variants)| variants).collect();
            let own = |v: &&Variant| is_of(&v.program, generator);
            let has = |test: &dyn Fn(&Variant) -> bool| variants.iter().filter(own).any(test);
            for layout in Layout::ALL {
                assert!(has(&|v| v.layout() == Some(layout)), "{generator} {layout}");
            }
            let with = |flag: String| has(&|v: &Variant| v.program.arguments.contains(&flag));
            for level in [0, 1, 3] {
                assert!(with(format!("-Copt-level={level}")), "{generator} {level}");
            }
            for level in [0, 1, 3, 4] {
                assert!(with(format!("-Zmir-opt-level={level}")), "{generator} {level}");
            }
        }
    }

    /// Already in the files that are always run.
    #[test]
    fn libraries_have_their_turn() {
        let mixed = |program, library| {
            (0..8).flat_map(|file| of_file(file).1).any(|variant| {
                is_of(&variant.program, program)
                    && variant.library.is_some_and(|own| is_of(&own, library))
            })
        };
        for program in Generator::ALL {
            for library in Generator::ALL {
                assert!(mixed(program, library), "{program} {library}");
            }
        }
    }

    #[test]
    fn crates_are_as_many_in_all_variants_of_a_file() {
        for (_, variants) in all() {
            assert!(variants.iter().all(|variant| variant.stock() == variants[0].stock()));
        }
    }

    #[test]
    fn recursion_is_not_inlined() {
        for (_, variants) in all().filter(|(allowed, _)| allowed.recursion) {
            let text: String = variants.iter().map(Variant::to_string).collect();
            assert!(!text.contains("mir-opt-level=3") && !text.contains("mir-opt-level=4"));
        }
    }
}
