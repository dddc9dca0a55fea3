//! Symbols: names that begin with `\u{1}`, kinds of `#[linkage]`.
//!
//! Both generators make the same of them, so crates of one are linked with crates of the other, and with C.

use std::collections::BTreeMap;

use snug_tests::Result;
use snug_tests::compare;
use snug_tests::compiler::Compiler;
use snug_tests::harness::Tools;
use snug_tests::workshop::{Workshop, contains_all, same};

use crate::Tests;
use crate::sides::{TWINS, as_stock, workshop};

pub(crate) const SHORT: Tests = &[
    ("names, in programs", names_in_programs),
    ("names, optimised", names_optimised),
    ("names, in libraries for C", names_for_c),
    ("names, in debug info", names_in_debug_info),
    ("linkage of all kinds", linkage),
    ("linkage, linked", linkage_linked),
    ("weak statics of other crates", weak_statics),
];

/// All pairs of compilers whose crates may be in one program, the library's first.
fn pairs() -> impl Iterator<Item = [Compiler; 2]> {
    let mixed = TWINS.into_iter().flat_map(|library| TWINS.map(|program| [library, program]));
    [[Compiler::Stock; 2]].into_iter().chain(mixed)
}

/// The C side of `names_lib.rs`, as an archive.
fn compile_c(folder: &Workshop) -> Result<()> {
    folder.tool("cc", "-c -fPIC names.c")?.expect_success("cc")?;
    folder.tool("ar", "rcs libnames_c.a names.o")?.expect_success("ar").map(drop)
}

/// A program and its library, of all pairs of compilers.
fn names(tools: Tools, flags: &str) -> Result<()> {
    let folder = workshop(tools, "symbols")?;
    compile_c(&folder)?;
    let mut printed = Vec::new();
    for [library, program] in pairs() {
        let rlib = "--crate-type=lib -lstatic=names_c names_lib.rs";
        folder.compile(library, &format!("{rlib} {flags}"))?;
        folder.compile(program, &format!("names.rs -o program.exe {flags}"))?;
        printed.push(folder.run("program.exe")?);
        let [stock, snug] = [&printed[0], &printed[printed.len() - 1]];
        if let Some(difference) = compare::text_difference(stock, snug) {
            return Err(format!("{library} for the library, {program}: {difference}"));
        }
    }
    contains_all(&printed[0], &["11223 50 1001", "Some(5) false"])
}

fn names_in_programs(tools: Tools) -> Result<()> {
    names(tools, "-Ccodegen-units=1")?;
    names(tools, "-Ccodegen-units=16 -g")
}

fn names_optimised(tools: Tools) -> Result<()> {
    // With several parts, stock's ThinLTO takes exports out whose names begin so.
    names(tools, "-Copt-level=2 -Ccodegen-units=1")
}

/// Archives and dynamic libraries: what C finds in them, and what linkers say if there is nothing to find.
fn names_for_c(tools: Tools) -> Result<()> {
    let folder = workshop(tools, "symbols")?;
    compile_c(&folder)?;
    folder.write(
        "main.c",
        "int called_from_c(void);\nint main(void) { return called_from_c() != 11223; }\n",
    )?;
    for kind in ["staticlib", "cdylib", "dylib"] {
        as_stock(|compiler| {
            let line = format!("--crate-type={kind} -o lib.{kind} -Clink-arg=names.o names_lib.rs");
            let compiled = snug_tests::command::run(&mut folder.rustc(compiler, &line))?;
            let mut result = format!("{kind}: {}\n", compiled.status);
            if !compiled.success {
                // Stock lists exports with the byte in their names, and no linker finds them.
                return Ok(result);
            }
            if kind == "staticlib" {
                let line = "main.c names.o lib.staticlib -o c.exe -lpthread -ldl -lm";
                folder.tool("cc", line)?.expect_success("cc")?;
                result += &folder.run("c.exe")?;
            }
            // Of a dynamic library, what it exports.
            let options = if kind == "staticlib" { "" } else { "-D" };
            for (name, letter) in letters(&folder, options, &format!("lib.{kind}"))? {
                // Wrappers of Cranelift's assembly are nobody's business.
                if name.contains("__inline_asm_") {
                    continue;
                }
                if ["rust_", "c_", "called_"].iter().any(|start| name.starts_with(start))
                    || name.starts_with('\u{1}')
                {
                    result += &format!("{letter} {name:?}\n");
                }
            }
            Ok(result)
        })?;
    }
    Ok(())
}

/// Names of functions and statics in DWARF are symbols, too.
fn names_in_debug_info(tools: Tools) -> Result<()> {
    let folder = workshop(tools, "symbols")?;
    as_stock(|compiler| {
        let line = "--crate-type=lib --emit=obj -g -Ccodegen-units=1 -o names.o names_lib.rs";
        folder.compile(compiler, line)?;
        let dump = folder.tool("readelf", "--debug-dump=info -W names.o")?;
        let dump = dump.expect_success("readelf")?.stdout;
        let mut names: Vec<&str> = dump
            .lines()
            .filter(|line| line.contains("DW_AT_linkage_name"))
            .filter_map(|line| line.rsplit_once(": ").map(|(_, name)| name.trim()))
            .filter(|name| name.contains("rust_"))
            .collect();
        names.sort_unstable();
        names.dedup();
        Ok(names.join("\n"))
    })
}

/// The letters that `nm` has for a file's symbols, by their names.
fn letters(folder: &Workshop, options: &str, file: &str) -> Result<BTreeMap<String, char>> {
    let nm = folder.tool("nm", &format!("{options} {file}"))?.expect_success("nm")?;
    let entry = |line: &str| {
        let mut words = line.rsplitn(3, ' ');
        let name = words.next()?;
        Some((name.to_owned(), words.next()?.chars().next()?))
    };
    let mut letters = BTreeMap::new();
    for (name, letter) in nm.stdout.lines().filter_map(entry) {
        // What an object has and asks for under two names is there twice.
        let known = letters.entry(name).or_insert(letter);
        if *known == 'U' {
            *known = letter;
        }
    }
    Ok(letters)
}

/// All but `extern_weak` of definitions, which LLVM does not survive.
const KINDS: [&str; 8] = [
    "external",
    "available_externally",
    "common",
    "internal",
    "linkonce",
    "linkonce_odr",
    "weak",
    "weak_odr",
];

/// The same letters for the items of each kind: functions, generic ones, constants, statics, imports.
fn linkage(tools: Tools) -> Result<()> {
    let folder = workshop(tools, "symbols")?;
    for kind in KINDS {
        as_stock(|compiler| {
            let flags = "--emit=obj -Ccodegen-units=1 -Cmetadata=x -o linkage.o linkage.rs";
            folder.compile(compiler, &format!("--cfg {kind} {flags}"))?;
            let mut result = format!("{kind}\n");
            for (name, letter) in letters(&folder, "", "linkage.o")? {
                let parts = ["5items", "NAMED", "CONSTANT", "named_function"];
                if parts.iter().any(|part| name.contains(part)) || name == "imported" {
                    result += &format!("{letter} {name}\n");
                }
            }
            same(kind, result.lines().count() > 6, true)?;
            Ok(result)
        })?;
    }
    Ok(())
}

/// Programs do the same, or are not linked either.
fn linkage_linked(tools: Tools) -> Result<()> {
    let folder = workshop(tools, "symbols")?;
    folder.write(
        "user.rs",
        "fn main() { println!(\"{:?} {:?}\", linkage::user(), linkage::items::generic(4u16)) }",
    )?;
    folder.write("imported.c", "int imported = 6;\n")?;
    folder.tool("cc", "-c imported.c")?.expect_success("cc")?;
    for kind in KINDS {
        for units in [1, 16] {
            as_stock(|compiler| {
                let flags = format!("--cfg {kind} -Ccodegen-units={units}");
                folder.compile(compiler, &format!("--crate-type=lib linkage.rs {flags}"))?;
                let line = "--extern linkage -Clink-arg=imported.o user.rs -o user.exe";
                let linked = snug_tests::command::run(&mut folder.rustc(compiler, line))?;
                let printed = if linked.success { folder.run("user.exe")? } else { String::new() };
                Ok(format!("{kind}: {} {printed}", linked.success))
            })?;
        }
    }
    Ok(())
}

/// A weak symbol that is not defined in an object may be missing: only imports say so.
fn weak_statics(tools: Tools) -> Result<()> {
    let library = "#![feature(linkage)]
        #[linkage = \"weak\"] #[unsafe(no_mangle)] pub static WEAK: u32 = 5;
        #[linkage = \"weak\"] pub static MANGLED: u32 = 6;";
    let program = "fn main() { println!(\"{} {}\", weak::WEAK, weak::MANGLED) }";
    let folder = Workshop::new(tools, &[("weak.rs", library), ("program.rs", program)])?;
    for [library, program] in pairs() {
        folder.compile(library, "--crate-type=lib weak.rs")?;
        folder.compile(program, "--extern weak program.rs -o program.exe")?;
        same(&format!("{library}, {program}"), folder.run("program.exe")?.as_str(), "5 6\n")?;
    }
    Ok(())
}
