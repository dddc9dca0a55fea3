//! Snug on stock: it works, and stock's crates keep stock's layouts everywhere.

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::{self, Tools};
use snug_tests::workshop::same;

use crate::crates::{CRANELIFT, FORMS, Form, LLVM, answers, output, programs, sizes};

pub(crate) fn tests(tools: Tools) -> Vec<Trial> {
    let mut tests = Vec::new();
    for form in FORMS {
        for generator in Generator::ALL {
            let name = format!("mixing: {generator} on stock, {}", form.name);
            tests.push(harness::test(name, move || works(tools, generator, form)));
        }
    }
    tests.push(harness::test(
        "mixing: without captures, stock's coroutines are stock's",
        move || without_captures(tools),
    ));
    tests
}

fn works(tools: Tools, generator: Generator, form: &Form) -> Result<()> {
    let stock = output(tools, Compiler::Stock)?;
    let workshop = programs(tools)?;
    workshop.compile(Compiler::Stock, &format!("store.rs {}", form.store))?;
    let layouts = if form.name == "rlibs" { &Layout::ALL[..] } else { &[Layout::Packed] };
    for &layout in layouts {
        let snug = Compiler::Snug(generator, layout);
        workshop.compile(snug, &format!("glue.rs {}", form.glue))?;
        workshop.compile(snug, &format!("app.rs {}", form.app))?;
        let printed = workshop.run("app")?;
        same("answers", answers(&printed), answers(&stock))?;
        same("sizes", sizes(&printed, "store"), sizes(&stock, "store"))?;
        let as_stock = sizes(&printed, "glue") == sizes(&stock, "glue");
        same("glue has stock's layout", as_stock, layout == Layout::Classic)?;

        workshop.compile(Compiler::Stock, &format!("glue.rs {}", form.glue))?;
        workshop.compile(snug, &format!("app.rs {}", form.app))?;
        same("output", workshop.run("app")?, stock.clone())?;
    }
    Ok(())
}

/// They look like those that Snug has changed: neither has upvars that wait for their first resume.
fn without_captures(tools: Tools) -> Result<()> {
    let size = |output: &str| {
        let all = sizes(output, "store").into_iter().map(str::to_owned);
        all.filter(|line| line.contains("without_captures")).collect::<Vec<_>>()
    };
    let stock = size(&output(tools, Compiler::Stock)?);
    same("Snug's layout differs", size(&output(tools, LLVM)?) != stock, true)?;
    for optimised in ["-Copt-level=2", "-Zmir-opt-level=4"] {
        for snug in [LLVM, CRANELIFT] {
            let workshop = programs(tools)?;
            let rlib = format!("--crate-type=rlib {optimised}");
            workshop.compile(Compiler::Stock, &format!("store.rs {rlib}"))?;
            workshop.compile(snug, &format!("glue.rs {rlib}"))?;
            workshop.compile(snug, &format!("app.rs {optimised}"))?;
            same("size", size(&workshop.run("app")?), stock.clone())?;
        }
    }
    Ok(())
}
