//! Whether a program did the same under two compilers, and how big its coroutines were.

use std::collections::BTreeMap;
use std::fmt;

use crate::command::Finished;
use crate::compare::text_difference;
use crate::compiler::Layout;
use crate::type_sizes::{self, TypeSize};

/// What a compiler, and the program that it made, have said.
#[derive(Clone, Debug)]
pub struct Observed {
    /// The compilation, which prints sizes.
    pub compilation: Finished,
    /// The program's run, if it could be compiled.
    pub run: Option<Finished>,
}

/// What is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// While a program is made smaller, it stays the same.
    pub kind: Kind,
    /// What a person wants to know.
    pub text: String,
}

/// Kinds of divergences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only stock compiles the program.
    Compilation,
    /// The program ended in another way: it crashed.
    Status,
    /// Something else happened, or in another order.
    Trace,
    /// A coroutine is bigger than stock's.
    Size,
}

impl Observed {
    /// Whether the program was compiled and ran to its end.
    pub fn is_success(&self) -> bool {
        self.run.as_ref().is_some_and(|run| run.success)
    }

    /// The lines that a program printed.
    pub fn lines_of(&self, module: &str) -> Vec<&str> {
        let stdout = self.run.as_ref().map_or("", |run| &run.stdout);
        let own = |line: &&str| line.strip_prefix(module).is_some_and(|rest| rest.starts_with(' '));
        stdout.lines().filter(own).collect()
    }
}

/// What is different, if anything is. `layout` is Snug's; `None` is a compiler with stock's layouts.
pub fn divergence(stock: &Observed, snug: &Observed, layout: Option<Layout>) -> Option<Divergence> {
    let of_kind = |kind, text| Some(Divergence { kind, text });
    let (Some(expected), Some(run)) = (&stock.run, &snug.run) else {
        return of_kind(Kind::Compilation, snug.compilation.describe());
    };
    if run.status != expected.status {
        let text = format!("stock: {}, Snug: {}\n{}", expected.status, run.status, run.stderr);
        return of_kind(Kind::Status, text);
    }
    if let Some(difference) = text_difference(&expected.stdout, &run.stdout) {
        return of_kind(Kind::Trace, difference);
    }
    let sizes = |observed: &Observed| coroutines(&observed.compilation.stdout);
    let grown = match layout {
        Some(Layout::CapturesOnly) => None,
        Some(Layout::Packed) => wrong_size(&sizes(stock), &sizes(snug), |stock, own| own <= stock),
        Some(Layout::Classic) | None => {
            wrong_size(&sizes(stock), &sizes(snug), |stock, own| own == stock)
        }
    };
    grown.and_then(|text| of_kind(Kind::Size, text))
}

/// How many coroutines have a size in both.
pub fn compared(stock: &Observed, snug: &Observed) -> usize {
    let expected = coroutines(&stock.compilation.stdout);
    let own = coroutines(&snug.compilation.stdout);
    own.iter().filter_map(|(name, own)| Some(own.len().min(expected.get(name)?.len()))).sum()
}

/// The printed types that are coroutines.
fn coroutines(stdout: &str) -> BTreeMap<String, Vec<TypeSize>> {
    let mut types = type_sizes::parse(stdout);
    let kinds = ["{async fn body", "{async block", "{async closure body", "{coroutine", "{static"];
    types.retain(|name, _| kinds.iter().any(|kind| name.starts_with(kind)));
    types
}

/// Different coroutines may print alike, and not all are printed by each compiler: then the biggest are compared.
fn wrong_size(
    stock: &BTreeMap<String, Vec<TypeSize>>,
    snug: &BTreeMap<String, Vec<TypeSize>>,
    is_right: impl Fn(u64, u64) -> bool,
) -> Option<String> {
    let mut wrong = String::new();
    for (name, sizes) in snug {
        let Some(expected) = stock.get(name) else { continue };
        let all = expected.len() == sizes.len();
        let skip = |sizes: &[TypeSize]| if all { 0 } else { sizes.len() - 1 };
        let pairs = expected[skip(expected)..].iter().zip(&sizes[skip(sizes)..]);
        for (expected, own) in pairs.filter(|(e, own)| !is_right(e.size, own.size)) {
            wrong += &format!("`{name}`: stock {}, Snug {}\n", expected.size, own.size);
        }
    }
    (!wrong.is_empty()).then_some(wrong)
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            Kind::Compilation => "Snug does not compile it",
            Kind::Status => "it ends differently",
            Kind::Trace => "it does something else",
            Kind::Size => "coroutines have wrong sizes",
        };
        write!(f, "{what}: {}", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(status: &str, stdout: &str) -> Finished {
        Finished {
            status: status.to_owned(),
            success: status == "exit status: 0",
            stdout: stdout.to_owned(),
            stderr: String::new(),
            command: String::new(),
        }
    }

    fn observed(size: u64, status: &str, stdout: &str) -> Observed {
        let line = format!(
            "print-type-size type: `{{async fn body of a()}}`: {size} bytes, alignment: 1 bytes\n\
             print-type-size type: `Other`: {size} bytes, alignment: 1 bytes\n"
        );
        let run = Some(finished(status, stdout));
        Observed { compilation: finished("exit status: 0", &line), run }
    }

    fn kind(snug: &Observed, layout: Layout) -> Option<Kind> {
        let stock = observed(10, "exit status: 0", "p1 0 a\np1 1 b\n");
        divergence(&stock, snug, Some(layout)).map(|divergence| divergence.kind)
    }

    #[test]
    fn what_is_the_same_is_no_divergence() {
        let same = observed(10, "exit status: 0", "p1 0 a\np1 1 b\n");
        for layout in Layout::ALL {
            assert_eq!(kind(&same, layout), None);
        }
    }

    #[test]
    fn every_kind_is_noticed() {
        let mut uncompiled = observed(10, "exit status: 0", "");
        uncompiled.run = None;
        assert_eq!(kind(&uncompiled, Layout::Packed), Some(Kind::Compilation));
        let crashed = observed(10, "signal: 6", "p1 0 a\n");
        assert_eq!(kind(&crashed, Layout::Packed), Some(Kind::Status));
        let other = observed(10, "exit status: 0", "p1 0 a\np1 1 c\n");
        assert_eq!(kind(&other, Layout::Packed), Some(Kind::Trace));
        let shorter = observed(10, "exit status: 0", "p1 0 a\n");
        assert_eq!(kind(&shorter, Layout::Packed), Some(Kind::Trace));
    }

    #[test]
    fn sizes_are_compared_as_the_layout_promises() {
        let of_size = |size| observed(size, "exit status: 0", "p1 0 a\np1 1 b\n");
        assert_eq!(kind(&of_size(11), Layout::Packed), Some(Kind::Size));
        assert_eq!(kind(&of_size(9), Layout::Packed), None);
        assert_eq!(kind(&of_size(9), Layout::Classic), Some(Kind::Size));
        assert_eq!(kind(&of_size(11), Layout::CapturesOnly), None);
    }

    #[test]
    fn lines_belong_to_programs() {
        let both = observed(1, "exit status: 0", "p1 0 a\np12 0 b\np1 1 c\n");
        assert_eq!(both.lines_of("p1"), ["p1 0 a", "p1 1 c"]);
    }
}
