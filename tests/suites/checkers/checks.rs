//! The list of checks: flags for the compiler, and what watches the program.

use snug_tests::checker::Checker;
use snug_tests::compiler::Generator::{self, Cranelift, Llvm};
use snug_tests::harness;

use super::programs::Listed;

/// One way to compile and run programs.
pub(crate) struct Check {
    pub(crate) name: &'static str,
    pub(crate) generator: Generator,
    pub(crate) checker: Checker,
    pub(crate) arguments: &'static [&'static str],
    /// Whether Snug fills what is dead with rubbish at every suspension: see `poisoned.rs`.
    pub(crate) poisons: bool,
    pub(crate) when: When,
}

/// When, and for which programs, a check is made.
pub(crate) enum When {
    /// For ours in every run, for rustc's with `SNUG_LONG=1`.
    Always,
    /// For ours that cannot be poisoned in every run; for the others with `SNUG_LONG=1`.
    IfNotPoisoned,
    /// In every run for these; for the others with `SNUG_LONG=1`.
    AlwaysFor(&'static [&'static str]),
    /// With `SNUG_LONG=1`.
    Long,
}

impl When {
    /// Whether a program is checked in this run.
    fn is_now(&self, listed: &Listed) -> bool {
        match self {
            _ if harness::long() => true,
            When::Always => listed.is_ours,
            When::IfNotPoisoned => listed.is_ours && !can_be_poisoned(listed),
            When::AlwaysFor(names) => names.contains(&listed.name.as_str()),
            When::Long => false,
        }
    }
}

impl Check {
    /// Whether the check is made in this run.
    pub(crate) fn is_now(&self, listed: &Listed) -> bool {
        let is_slow = self.poisons && SLOW.contains(&listed.name.as_str());
        self.when.is_now(listed) && (harness::long() || !is_slow)
    }

    /// Whether a panic ends the process.
    pub(crate) fn aborts(&self) -> bool {
        self.arguments.contains(&"-Cpanic=abort")
    }

    /// Whether a program says, with a reason, that it cannot be checked so: `//@ not-inlined: ..`.
    fn is_ruled_out(&self, listed: &Listed) -> bool {
        let inlines = self.arguments.iter().any(|argument| {
            argument.contains("inline-mir")
                || ["-Zmir-opt-level=3", "-Zmir-opt-level=4"].contains(argument)
        });
        inlines && says(listed, "not-inlined")
    }

    /// Whether a program can be checked so.
    pub(crate) fn suits(&self, listed: &Listed) -> bool {
        let expectation = listed.program.expectation;
        let has_own_output = listed.program.directives.own("own-output").next().is_some();
        // With several threads, stock too gives its diagnostics in another order each time.
        let random_order = self.arguments == ["-Zthreads=8"] && !expectation.success;
        let watches = self.checker != Checker::Nothing || self.poisons;
        let unwatched = watches && !listed.runs();
        let without_threads = self.checker == Checker::Thread && !listed.has_threads;
        // The blessed output goes on after a panic.
        let cut_off = self.aborts() && has_own_output;
        // Cargo's `-Zbuild-std` makes a `panic_abort` that is compiled for unwinding.
        let instrumented = matches!(self.checker, Checker::Thread | Checker::Memory);
        let flags = listed.program.directives.compile_flags.join(" ");
        let without_library = instrumented && flags.contains("panic=abort");
        let spoiled = self.poisons && !can_be_poisoned(listed);
        let impossible = random_order || unwatched || without_library || cut_off || spoiled;
        !impossible && !without_threads && !self.is_ruled_out(listed)
    }
}

fn says(listed: &Listed, name: &str) -> bool {
    listed.program.directives.own(name).next().is_some()
}

/// Whether a program's dead bytes can be filled with rubbish. While a coroutine is filled, another thread may look at
/// what is alive in it.
fn can_be_poisoned(listed: &Listed) -> bool {
    !listed.has_threads && !says(listed, "not-poisoned")
}

const fn flags(
    name: &'static str,
    generator: Generator,
    when: When,
    arguments: &'static [&'static str],
) -> Check {
    Check { name, generator, checker: Checker::Nothing, arguments, poisons: false, when }
}

const fn watched(
    name: &'static str,
    generator: Generator,
    checker: Checker,
    when: When,
    arguments: &'static [&'static str],
) -> Check {
    Check { name, generator, checker, arguments, poisons: false, when }
}

const fn poisoned(
    name: &'static str,
    generator: Generator,
    checker: Checker,
    when: When,
    arguments: &'static [&'static str],
) -> Check {
    Check { name, generator, checker, arguments, poisons: true, when }
}

/// Poisoned, with several hundred suspensions in one body, it takes a minute and a half.
const SLOW: &[&str] = &["many-suspensions.rs"];

/// What moves most. valgrind takes half a second to start, and everything in a program takes twenty times as long.
const FEW: &[&str] = &[
    "awaitees-panics.rs",
    "hazard-05-same-variant.rs",
    "kinds-async.rs",
    "moves.rs",
    "panics.rs",
    "parts-of-destructors.rs",
];

/// Under AddressSanitizer, a program takes three times as long to compile.
const POISONED: &[&str] = &[
    "alignments.rs",
    "coroutines-resume.rs",
    "generic-instances.rs",
    "hazard-05-same-variant.rs",
    "moves.rs",
    "moves-conditional.rs",
    "needs-parts.rs",
    "needs-pointers.rs",
    "needs-select-loops.rs",
    "panics.rs",
    "parts-of-destructors.rs",
    "trap-63818-borrowed-by-itself.rs",
];

const INLINED: &[&str] = &["-Zmir-opt-level=4", "-Zinline-mir"];

pub(crate) const CHECKS: &[Check] = &[
    // What relocation makes, through every pass of rustc's.
    // Optimised, as the suite `run` has them, inlining is on as well.
    flags("llvm inlined", Llvm, When::AlwaysFor(FEW), INLINED),
    flags("cranelift inlined", Cranelift, When::Long, INLINED),
    flags("llvm mir 0", Llvm, When::Long, &["-Zmir-opt-level=0"]),
    flags("cranelift mir 0", Cranelift, When::Long, &["-Zmir-opt-level=0"]),
    flags("llvm mir 1 inlined", Llvm, When::Long, &["-Zmir-opt-level=1", "-Zinline-mir"]),
    flags("llvm mir 2", Llvm, When::Long, &["-Zmir-opt-level=2"]),
    flags("llvm mir 3", Llvm, When::Long, &["-Zmir-opt-level=3"]),
    flags(
        "llvm inlined across crates",
        Llvm,
        When::Long,
        &[
            "-Zalways-encode-mir",
            "-Zcross-crate-inline-threshold=always",
            "-Zinline-mir",
            "-Zinline-mir-threshold=1000",
            "-Zinline-mir-hint-threshold=1000",
        ],
    ),
    flags("llvm coverage", Llvm, When::Long, &["-Cinstrument-coverage"]),
    flags("llvm debuginfo", Llvm, When::Long, &["-Cdebuginfo=2"]),
    flags("cranelift debuginfo", Cranelift, When::Long, &["-Cdebuginfo=2"]),
    flags("llvm randomized types", Llvm, When::Long, &["-Zrandomize-layout", "-Zlayout-seed=7"]),
    flags("llvm next solver", Llvm, When::Long, &["-Znext-solver=globally"]),
    flags("llvm threads", Llvm, When::Long, &["-Zthreads=8"]),
    flags("cranelift threads", Cranelift, When::Long, &["-Zthreads=8"]),
    // What the generators make of it.
    flags("llvm 1", Llvm, When::Long, &["-Copt-level=1"]),
    flags("llvm 2 debuginfo", Llvm, When::Long, &["-Copt-level=2", "-Cdebuginfo=2"]),
    flags(
        "llvm 3 inlined native",
        Llvm,
        When::Long,
        &["-Copt-level=3", "-Zmir-opt-level=4", "-Zinline-mir", "-Ctarget-cpu=native"],
    ),
    flags("llvm s", Llvm, When::Long, &["-Copt-level=s"]),
    flags("llvm z", Llvm, When::Long, &["-Copt-level=z"]),
    flags(
        "llvm 3 with assertions",
        Llvm,
        When::Long,
        &["-Copt-level=3", "-Cdebug-assertions=on", "-Coverflow-checks=on"],
    ),
    flags(
        "llvm without assertions",
        Llvm,
        When::Long,
        &["-Cdebug-assertions=off", "-Coverflow-checks=off"],
    ),
    flags("cranelift 1", Cranelift, When::Long, &["-Copt-level=1"]),
    flags("cranelift 2", Cranelift, When::Long, &["-Copt-level=2", "-Cdebuginfo=2"]),
    flags("cranelift 3", Cranelift, When::Long, &["-Copt-level=3"]),
    flags("cranelift s", Cranelift, When::Long, &["-Copt-level=s"]),
    flags(
        "cranelift without assertions",
        Cranelift,
        When::Long,
        &["-Cdebug-assertions=off", "-Coverflow-checks=off"],
    ),
    flags("llvm abort", Llvm, When::Long, &["-Cpanic=abort"]),
    flags("llvm 3 abort", Llvm, When::Long, &["-Cpanic=abort", "-Copt-level=3"]),
    flags("cranelift abort", Cranelift, When::Long, &["-Cpanic=abort"]),
    // What the programs do.
    watched("llvm address", Llvm, Checker::Address, When::IfNotPoisoned, &[]),
    poisoned("llvm poisoned", Llvm, Checker::Nothing, When::Always, &[]),
    poisoned("llvm poisoned address", Llvm, Checker::Address, When::AlwaysFor(POISONED), &[]),
    poisoned("llvm 2 poisoned", Llvm, Checker::Nothing, When::Long, &["-Copt-level=2"]),
    poisoned("llvm inlined poisoned", Llvm, Checker::Nothing, When::Long, INLINED),
    poisoned("cranelift poisoned", Cranelift, Checker::Nothing, When::Long, &[]),
    poisoned("cranelift 2 poisoned", Cranelift, Checker::Nothing, When::Long, &["-Copt-level=2"]),
    watched("llvm 2 address", Llvm, Checker::Address, When::Long, &["-Copt-level=2"]),
    watched("llvm inlined address", Llvm, Checker::Address, When::Long, INLINED),
    watched("llvm thread", Llvm, Checker::Thread, When::Long, &[]),
    watched("llvm 2 thread", Llvm, Checker::Thread, When::Long, &["-Copt-level=2"]),
    watched("llvm memory", Llvm, Checker::Memory, When::Long, &[]),
    watched("llvm 2 memory", Llvm, Checker::Memory, When::Long, &["-Copt-level=2"]),
    watched("cranelift memcheck", Cranelift, Checker::Memcheck, When::AlwaysFor(FEW), &[]),
    watched("cranelift 3 memcheck", Cranelift, Checker::Memcheck, When::Long, &["-Copt-level=3"]),
];
