//! Programs and libraries without std: a personality function is asked for only where there are landing pads.
//!
//! Some of these are not linked by stock either, because of objects of `core`: then Snug's are not linked. So objects are
//! compared as well.

use snug_tests::Result;
use snug_tests::command::{self, Finished};
use snug_tests::compiler::Compiler;
use snug_tests::harness::Tools;
use snug_tests::workshop::Workshop;

use crate::Tests;
use crate::sides::{as_stock, workshop};

pub(crate) const SHORT: Tests = &[
    ("programs", programs),
    ("libraries for C", libraries),
    ("a personality of its own", own_personality),
];

const FLAGS: [&str; 5] = [
    "-Cpanic=abort",
    "-Cpanic=abort -Copt-level=1 -Cdebug-assertions=yes",
    "-Cpanic=abort -Copt-level=3 -g",
    "-Cpanic=abort -Copt-level=s -Cforce-unwind-tables=no",
    "-Cpanic=abort -Cforce-unwind-tables=yes -Ccodegen-units=16",
];

fn run(folder: &Workshop, file: &str) -> Result<Finished> {
    let path = folder.path(file).to_string_lossy().into_owned();
    folder.tool(&path, "")
}

/// How a program is linked and what it does.
fn linked(folder: &Workshop, compiler: Compiler, arguments: &str) -> Result<String> {
    let line = format!("{arguments} -o program.exe");
    if !command::run(&mut folder.rustc(compiler, &line))?.success {
        return Ok("not linked\n".to_owned());
    }
    let ran = run(folder, "program.exe")?;
    Ok(format!("{}\n{}\n", ran.status, ran.stdout))
}

/// Which of the symbols of unwinding an object asks for.
fn asked(folder: &Workshop, compiler: Compiler, arguments: &str) -> Result<String> {
    folder.compile(compiler, &format!("{arguments} -Ccodegen-units=1 --emit=obj -o object.o"))?;
    let nm = folder.tool("nm", "-u object.o")?.expect_success("nm")?.stdout;
    let names = nm.lines().filter_map(|line| line.split_whitespace().last());
    let names: Vec<&str> = names.filter(|name| is_unwinding(name)).collect();
    Ok(format!("{names:?}\n"))
}

fn is_unwinding(name: &str) -> bool {
    name.contains("personality") || name.starts_with("_Unwind")
}

fn programs(tools: Tools) -> Result<()> {
    let folder = workshop(tools, "no_std")?;
    for program in ["program.rs", "generics.rs"] {
        for flags in FLAGS {
            let line = format!("{program} {flags}");
            as_stock(|compiler| {
                let result = linked(&folder, compiler, &line)?;
                Ok(format!("{line}: {result}{}", asked(&folder, compiler, &line)?))
            })?;
        }
    }
    // The report itself: it has to be linked.
    match linked(&folder, Compiler::Stock, "program.rs -Cpanic=abort")?.as_str() {
        "exit status: 42\ndrop\n\n" => Ok(()),
        other => Err(format!("stock's program: {other}")),
    }
}

fn libraries(tools: Tools) -> Result<()> {
    let folder = workshop(tools, "no_std")?;
    for kind in ["staticlib", "cdylib"] {
        for flags in FLAGS {
            as_stock(|compiler| {
                let line = format!("--crate-type={kind} library.rs {flags} -o lib.{kind}");
                folder.compile(compiler, &line)?;
                let link = format!("library.c lib.{kind} -Wl,-rpath,$ORIGIN -o c.exe");
                let linked = folder.tool("cc", &link)?;
                let printed =
                    if linked.success { run(&folder, "c.exe")?.stdout } else { String::new() };
                let line = format!("--crate-type=lib library.rs {flags}");
                let asked = asked(&folder, compiler, &line)?;
                Ok(format!("{kind} {flags}: {} {printed}{asked}", linked.success))
            })?;
        }
    }
    Ok(())
}

fn own_personality(tools: Tools) -> Result<()> {
    let folder = workshop(tools, "no_std")?;
    for flags in ["", "-Copt-level=2", "-Cpanic=abort"] {
        as_stock(|compiler| linked(&folder, compiler, &format!("personality.rs {flags}")))?;
    }
    Ok(())
}
