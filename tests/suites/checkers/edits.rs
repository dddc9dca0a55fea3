//! Incremental sessions with an edit in between: what the session keeps from the last one fits the
//! program of this one.
//!
//! A program is compiled as it is, and again after each of a few edits, always with the same cache and
//! `-Zincremental-verify-ich`, which computes what is kept once more and compares. What the program does
//! must be what it does when stock compiles the edited text from scratch. The edits are mechanical: each is
//! made to all coroutines of a program at once.

use std::path::Path;

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::{self, Shared, Tools};
use snug_tests::program::{Extra, Program};
use snug_tests::side_by_side::SideBySide;
use snug_tests::toolchain::package;
use snug_tests::workshop::Workshop;

use super::programs::Listed;

/// What is done to a program's text.
type Edit = fn(&str) -> String;

/// Each edit starts from the original.
const EDITS: [(&str, Edit); 6] = [
    ("none", str::to_owned),
    ("another saved local", |text| {
        at_starts_of_bodies(text, "let _edit = String::from(\"edit\");")
    }),
    ("another suspension", |text| at_starts_of_bodies(text, "std::future::ready(()).await;")),
    ("another body", |text| at_starts_of_bodies(text, "std::hint::black_box(7);")),
    ("other names", with_other_names),
    ("none again", str::to_owned),
];

/// How many texts there are if no edit changes anything.
const UNEDITED: usize = 2;

/// In every run; the others with `SNUG_LONG=1`.
const ALWAYS: &[&str] = &["kinds-async.rs", "moves.rs"];

/// A test per program of ours in which an edit changes something.
pub(crate) fn tests(tools: Tools, programs: &[Listed]) -> Result<Vec<Trial>> {
    let mut tests = Vec::new();
    for Listed { name, program, is_ours, .. } in programs {
        let is_now = harness::long() || ALWAYS.contains(&name.as_str());
        let stock_is_wrong = program.directives.own("own-output").next().is_some();
        if *is_ours && is_now && !stock_is_wrong && texts(program)?.len() > UNEDITED {
            let program = program.clone();
            tests.push(harness::test(format!("checkers: {name} edits"), move || {
                edit(tools, &program)
            }));
        }
    }
    Ok(tests)
}

/// The program's texts, by edit. What an edit leaves as it was is left out.
fn texts(program: &Program) -> Result<Vec<(usize, String)>> {
    let original = std::fs::read_to_string(&program.path)
        .map_err(|error| format!("{}: {error}", program.path.display()))?;
    let edited = EDITS.iter().map(|(_, edit)| edit(&original)).enumerate();
    let (first, last) = (0, EDITS.len() - 1);
    Ok(edited.filter(|(at, text)| [first, last].contains(at) || *text != original).collect())
}

fn edit(tools: Tools, program: &Program) -> Result<()> {
    let workshop = Workshop::new(tools, &[])?;
    for folder in ["support", "auxiliary"] {
        workshop.copy(&package().join("run").join(folder), folder)?;
    }
    let file = program.path.file_name().unwrap_or_default();
    let file = Path::new(file).display().to_string();
    let copy = Program { path: workshop.path(&file), ..program.clone() };
    for (at, text) in texts(program)? {
        workshop.write(&file, &text)?;
        // Each edit is compiled in a folder of its own: nobody asks for this again.
        let stock = Shared::default();
        stock.get(|| copy.outcome(tools, Compiler::Stock, &Extra::default()))?;
        for generator in Generator::ALL {
            let cache = workshop.path(&generator.to_string());
            let cache = format!("-Cincremental={}", cache.display());
            let extra = Extra {
                arguments_of_snug: &[&cache, "-Zincremental-verify-ich"],
                ..Extra::default()
            };
            let compiler = Compiler::Snug(generator, Layout::Packed);
            let sides = SideBySide { tools, compiler, extra: &extra, as_expected: true };
            sides.compare(&copy, &stock).map_err(|error| format!("{}: {error}", EDITS[at].0))?;
        }
    }
    Ok(())
}

/// Adds a statement to the bodies of async functions, blocks and closures.
fn at_starts_of_bodies(text: &str, statement: &str) -> String {
    let mut edited = String::new();
    for line in text.lines() {
        edited += line;
        edited += "\n";
        if is_start_of_body(line) {
            edited += statement;
            edited += "\n";
        }
    }
    edited
}

/// Whether the body of an async function, block or closure starts at the end of a line.
fn is_start_of_body(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default().trim();
    let Some(head) = code.strip_suffix('{') else { return false };
    let head = head.trim_end();
    // Of a closure, what is in front of its parameters.
    let parameters = head.strip_suffix('|').and_then(|rest| rest.rsplit_once('|'));
    let start = parameters.map_or(head, |(start, _)| start.trim_end());
    let is_block_or_closure = start.ends_with("async") || start.ends_with("async move");
    let is_function = head.split_whitespace().any(|word| word == "async") && head.contains(" fn ");
    is_block_or_closure || is_function
}

/// Gives the parameters of async functions other names, everywhere in the program.
fn with_other_names(text: &str) -> String {
    let mut names = Vec::new();
    for line in text.lines().filter(|line| is_start_of_body(line)) {
        let mut words = words(line).peekable();
        while let Some((word, is_name)) = words.next() {
            let is_typed = words.peek().is_some_and(|(next, _)| next.starts_with(": "));
            // `b"bytes"` and the like are no names.
            let is_prefix = ["b", "c", "r", "br", "cr", "self"].contains(&word);
            let is_variable = word.starts_with(|c: char| c.is_lowercase());
            if is_name && is_typed && is_variable && !is_prefix {
                names.push(word);
            }
        }
    }
    // Functions, modules and formats may be somebody else's.
    names.retain(|name| {
        let others = ["{}(", "{}::", "::{}", "mod {}", ":{}}", "#{}}"];
        !others.iter().any(|other| text.contains(&other.replacen("{}", name, 1)))
    });
    let renamed = words(text).map(|(word, is_name)| match word {
        _ if is_name && names.contains(&word) => format!("{word}_edited"),
        _ => word.to_owned(),
    });
    renamed.collect()
}

/// The text in pieces: names, and what is between them.
fn words(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let is_part = |c: char| c == '_' || c.is_alphanumeric();
    let pieces = text.char_indices().zip(text.chars().skip(1).map(Some).chain([None]));
    let mut start = 0;
    pieces.filter_map(move |((at, this), next)| {
        let ends = next.is_none_or(|next| is_part(next) != is_part(this));
        ends.then(|| {
            let piece = &text[start..at + this.len_utf8()];
            start = at + this.len_utf8();
            (piece, is_part(this))
        })
    })
}
