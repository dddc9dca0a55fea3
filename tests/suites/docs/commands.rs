//! The commands that pages show, tried without doing what they do: `--help` at their end makes a program read all that
//! stands before it, complain of what it does not know, and do nothing else.

use std::path::Path;
use std::process::Command;

use snug_tests::Result;
use snug_tests::command;
use snug_tests::harness::Tools;
use snug_tests::toolchain::package;
use snug_tests::workshop::Workshop;

use crate::page::Page;

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Program {
    Y,
    CargoSnug,
}

/// All commands of a page.
pub(crate) fn check(tools: Tools, page: &Page) -> Result<()> {
    let lines = page.blocks.iter().flat_map(|block| block.lines().map(|line| (line, true)));
    let spans = page.code.iter().map(|code| (code.as_str(), false));
    let workspace =
        Workshop::new(tools, &[("Cargo.toml", MANIFEST), ("src/main.rs", "fn main() {}")])?;
    let mut wrong = Vec::new();
    for (line, is_line) in lines.chain(spans) {
        if let Some((program, words)) = read(line, is_line) {
            let tried = try_out(tools, &workspace.path("."), program, &words);
            wrong.extend(tried.err().map(|error| format!("`{line}`: {error}")));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("{}:\n{}", page.name, wrong.join("\n"))) }
}

const MANIFEST: &str =
    "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";

/// The program that a text calls, and its arguments. A line of a block may begin with variables or a prompt, and end
/// with an explanation, another command, or a redirection.
fn read(text: &str, is_line: bool) -> Option<(Program, Vec<String>)> {
    let text = text.trim().trim_start_matches("$ ").trim_start_matches("- run: ");
    let (mut rest, mut in_front) = (text, true);
    while in_front {
        let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
        in_front = word.contains('=') && word.chars().next().is_some_and(char::is_uppercase);
        if in_front {
            rest = after.trim_start();
        }
    }
    let (program, rest) = match (rest.strip_prefix("./y.sh"), rest.strip_prefix("cargo snug")) {
        (Some(rest), _) => (Program::Y, rest),
        (_, Some(rest)) => (Program::CargoSnug, rest),
        (None, None) => return None,
    };
    if !rest.is_empty() && !rest.starts_with(' ') {
        return None;
    }
    let mut words = words(rest, is_line);
    // `[--release]` may be there or not, and of `a|b` one is.
    for word in &mut words {
        let one = word.trim_matches(['[', ']']).split('|').next().unwrap_or_default().to_owned();
        *word = one.trim_end_matches("\\").to_owned();
    }
    words.retain(|word| !word.is_empty() && !word.contains(".."));
    Some((program, words))
}

/// The words of a command, as a shell reads them.
fn words(text: &str, is_line: bool) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut spaces = 0;
    for c in text.chars() {
        spaces = if c == ' ' { spaces + 1 } else { 0 };
        match (c, quote) {
            (c, Some(end)) if c == end => quote = None,
            (c, Some(_)) => word.get_or_insert_default().push(c),
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            ('#' | ';' | '>' | '&', None) if word.is_none() || c == ';' => break,
            (' ', None) => {
                words.extend(word.take());
                // An explanation.
                if is_line && spaces > 1 {
                    return words;
                }
            }
            (c, None) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

fn try_out(tools: Tools, folder: &Path, program: Program, words: &[String]) -> Result<()> {
    let mut command = match program {
        Program::Y => {
            names_a_suite(words)?;
            let mut y = Command::new(package().join("../build/y/debug/y"));
            // What `cargo` gets is cargo's.
            let own =
                words.iter().position(|word| word == "cargo").map_or(words.len(), |at| at + 1);
            y.args(&words[..own]);
            y
        }
        Program::CargoSnug => {
            has_options(tools, folder, words)?;
            cargo_snug(tools, words)?
        }
    };
    // Somebody else's command, which need not be there.
    if words.iter().any(|word| word == "hack") {
        return Ok(());
    }
    let tried = command::run(command.arg("--help").current_dir(folder))?;
    let said = tried.stderr.lines().take(4).collect::<Vec<_>>().join("\n");
    if tried.success { Ok(()) } else { Err(said) }
}

fn cargo_snug(tools: Tools, words: &[String]) -> Result<Command> {
    let mut snug = Command::new(tools.cargo_snug());
    let toolchain = tools.rustc.parent().unwrap_or(Path::new("/"));
    let folders = [toolchain, Path::new("/usr/bin"), Path::new("/bin")];
    snug.env("PATH", std::env::join_paths(folders).map_err(|error| error.to_string())?);
    snug.arg("snug").args(words).env("CARGO", &tools.cargo).env("PAGER", "cat");
    Ok(snug)
}

/// Commands that take cargo's options as well as their own say what these are before anybody complains: so each
/// option has to be in one of the helps.
fn has_options(tools: Tools, folder: &Path, words: &[String]) -> Result<()> {
    let own = words.iter().find(|word| ["sizes", "stack", "ram"].contains(&word.as_str()));
    let Some(own) = own else { return Ok(()) };
    let mut known = String::new();
    for asked in [&[own.as_str(), "--help"][..], &["--help"], &["build", "--help"]] {
        let words: Vec<String> = asked.iter().map(|word| word.to_string()).collect();
        let mut command = cargo_snug(tools, &words)?;
        known += &command::run(command.current_dir(folder))?.expect_success("help")?.stdout;
    }
    let names = known.split(|c: char| !(c.is_alphanumeric() || c == '-'));
    let names: Vec<&str> = names.filter(|name| name.starts_with("--")).collect();
    let mut options = words.iter().filter(|word| word.starts_with("--"));
    let name = |option: &str| option.split('=').next().unwrap_or_default().to_owned();
    match options.find(|option| !names.contains(&name(option).as_str())) {
        None => Ok(()),
        Some(unknown) => Err(format!("there is no option `{unknown}`")),
    }
}

/// A filter `SUITE: ..` needs such a suite.
fn names_a_suite(words: &[String]) -> Result<()> {
    let filter =
        words.iter().skip_while(|word| *word != "test").skip(1).find(|word| !word.starts_with('-'));
    let Some((suite, _)) = filter.and_then(|filter| filter.split_once(": ")) else { return Ok(()) };
    let suites = package().join("suites");
    let file = suites.join(format!("{suite}.rs"));
    // Some suites have parts with names of their own.
    let is_part = ["released", "checkers", "crate driver", "crate packing"].contains(&suite);
    if file.exists() || suites.join(suite).is_dir() || is_part {
        return Ok(());
    }
    Err(format!("there is no suite `{suite}`"))
}

/// This module's own tests.
pub(crate) fn are_read() -> Result<()> {
    let read = |text: &str, is_line| {
        read(text, is_line).map(|(program, words)| format!("{program:?} {}", words.join("+")))
    };
    let cases = [
        ("SNUG_BLESS=1 ./y.sh --dev test mir      # again", true, Some("Y --dev+test+mir")),
        ("./y.sh test \"run: a.rs\"  # x", true, Some("Y test+run: a.rs")),
        ("$ cargo snug sizes --diff main    or another", true, Some("CargoSnug sizes+--diff+main")),
        ("cargo snug build --locked; rm -r target", true, Some("CargoSnug build+--locked")),
        ("cargo snug stack [--release]", false, Some("CargoSnug stack+--release")),
        ("cargo snug completions bash >> ~/.bashrc", true, Some("CargoSnug completions+bash")),
        ("./y.sh run a.rs --twin cranelift|llvm", false, Some("Y run+a.rs+--twin+cranelift")),
        ("cargo build", true, None),
        ("./y.shx", true, None),
    ];
    for (text, is_line, expected) in cases {
        snug_tests::workshop::same(text, read(text, is_line).as_deref(), expected)?;
    }
    Ok(())
}
