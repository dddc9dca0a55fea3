//! Options of rustc's: each is heeded by Cranelift's code, or LLVM compiles, and users are told.
//!
//! `reports/options.toml` has the decision about each, and values to try.

use std::collections::{BTreeMap, BTreeSet};

use snug_tests::Result;
use snug_tests::command;
use snug_tests::compiler::{Compiler, Generator};
use snug_tests::harness::Tools;
use snug_tests::toolchain::package;
use snug_tests::workshop::{Workshop, same};

use crate::Tests;
use crate::sides::{TWINS, as_stock, without_notes};

pub(crate) const SHORT: Tests =
    &[("all are in the table", table), ("who compiles", who_compiles), ("attributes", attributes)];

/// `-C` or `-Z`, an option's name, who sees to it, and a value to try.
type Row = (String, String, String, Option<String>);

fn rows() -> Result<Vec<Row>> {
    let path = package().join("reports/options.toml");
    let text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let table: BTreeMap<String, BTreeMap<String, String>> =
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let row = |kind: &str, (name, entry): (String, String)| {
        let (who, value) = match entry.split_once(':') {
            Some((who, value)) => (who.to_owned(), Some(value.to_owned())),
            None => (entry, None),
        };
        (kind.to_owned(), name, who, value)
    };
    let rows = table.into_iter();
    Ok(rows.flat_map(|(kind, options)| options.into_iter().map(move |o| row(&kind, o))).collect())
}

/// What rustc lists is what the table has, and nobody else is named in it.
fn table(tools: Tools) -> Result<()> {
    let folder = Workshop::new(tools, &[])?;
    let rows = rows()?;
    for kind in ["C", "Z"] {
        let help = folder.compile(Compiler::Stock, &format!("-{kind} help"))?.stdout;
        let start = format!("-{kind} ");
        let name = |line: &str| {
            let rest = line.trim_start().strip_prefix(&start)?.trim_start();
            rest.split_once("=val").map(|(name, _)| name.to_owned())
        };
        let listed: BTreeSet<String> = help.lines().filter_map(name).collect();
        same("there are many", listed.len() > 40, true)?;
        let of_newer = format!("newer {kind}");
        let is_ours = |row: &&Row| row.0 == kind || row.0 == of_newer && listed.contains(&row.1);
        let ours = rows.iter().filter(is_ours).map(|row| row.1.clone());
        same(kind, ours.collect::<BTreeSet<String>>(), listed)?;
    }
    let known = ["rustc", "cranelift", "nothing", "llvm"];
    match rows.iter().find(|row| !known.contains(&row.2.as_str())) {
        Some(row) => Err(format!("nobody is called `{}`", row.2)),
        None => Ok(()),
    }
}

/// Compiles with each option that has a value, and looks at who did it.
fn who_compiles(tools: Tools) -> Result<()> {
    let program = "fn main() { println!(\"{}\", std::env::args().count()) }";
    let folder = Workshop::new(tools, &[("program.rs", program)])?;
    let mut complaints = Vec::new();
    for (kind, name, who, value) in rows()? {
        let Some(value) = value else { continue };
        let line = format!("--emit=obj -o object.o program.rs -{kind}{name}={value}");
        if let Err(complaint) = one_option(&folder, &line, &who) {
            complaints.push(format!("-{kind} {name}={value}: {complaint}"));
        }
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n")) }
}

fn one_option(folder: &Workshop, line: &str, who: &str) -> Result<()> {
    folder.compile(Compiler::Stock, line)?;
    // Cargo's, while it runs the tests: a program of nobody's is told of LLVM.
    let mut command = folder.rustc(TWINS[0], line);
    let snug = command::run(command.env_remove("CARGO_PKG_NAME"))?.expect_success("Snug")?;
    let (_, notes) = without_notes(&snug.stderr);
    same("told of LLVM", !notes.is_empty(), who == "llvm")?;
    let object = std::fs::read(folder.path("object.o")).map_err(|error| error.to_string())?;
    let mark: &[u8] = b"with cranelift";
    let is_cranelift = object.windows(mark.len()).any(|window| window == mark);
    same("compiled by Cranelift", is_cranelift, who != "llvm")
}

/// Attributes that Cranelift would not heed: the words of the note, and what shows that LLVM does.
const ATTRIBUTES: [(&str, &str); 6] = [
    (
        "`#[link_section]` of functions",
        "#[unsafe(link_section = \".text.mine\")] #[unsafe(no_mangle)] pub extern \"C\" fn f() -> u8 { 1 }",
    ),
    (
        "`#[align]` of functions",
        "#![feature(fn_align)] #[rustc_align(256)] #[unsafe(no_mangle)] pub extern \"C\" fn f() -> u8 { 1 }",
    ),
    (
        "`#[patchable_function_entry]`",
        "#![feature(patchable_function_entry)] #[patchable_function_entry(entry_nops = 4)]
         #[unsafe(no_mangle)] pub extern \"C\" fn f() -> u8 { 1 }",
    ),
    (
        "`#[linkage]` of this kind",
        "#![feature(linkage)] #[linkage = \"weak_odr\"] #[unsafe(no_mangle)] pub extern \"C\" fn f() -> u8 { 1 }",
    ),
    (
        "`#[linkage]` of this kind",
        "#![feature(linkage)] #[linkage = \"common\"] #[unsafe(no_mangle)] pub static mut F: u8 = 0;",
    ),
    (
        "`#[link_section]` of thread-locals",
        "#![feature(thread_local)] #[thread_local] #[unsafe(link_section = \".tdata.mine\")] #[unsafe(no_mangle)]
         pub static F: u8 = 5;",
    ),
];

/// Objects have the same sections as stock's.
fn attributes(tools: Tools) -> Result<()> {
    for (words, text) in ATTRIBUTES {
        let folder = Workshop::new(tools, &[("attributes.rs", text)])?;
        as_stock(|compiler| {
            let line = "--crate-type=lib --emit=obj -Copt-level=1 -o object.o attributes.rs";
            let messages = folder.compile(compiler, line)?.stderr;
            let is_cranelift = matches!(compiler, Compiler::Snug(Generator::Cranelift, _));
            let is_told = without_notes(&messages).1.contains(words);
            same(&format!("{words} is told"), is_told, is_cranelift)?;
            let sections = folder.tool("readelf", "-S -W object.o")?.expect_success("readelf")?;
            let nm = folder.tool("nm", "object.o")?.expect_success("nm")?;
            let lines = sections.stdout.lines().filter(|line| line.contains(" .text."));
            Ok(lines.chain(nm.stdout.lines()).map(|line| format!("{line}\n")).collect())
        })?;
    }
    Ok(())
}
