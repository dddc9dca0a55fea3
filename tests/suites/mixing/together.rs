//! Snug on Snug, one layout: it works, whatever twin compiled which crate to what.

use libtest_mimic::Trial;
use snug_tests::Result;
use snug_tests::compiler::{Compiler, Generator, Layout};
use snug_tests::harness::{self, Tools};
use snug_tests::workshop::same;

use crate::crates::{FORMS, Form, answers, output, programs, sizes};

pub(crate) fn tests(tools: Tools) -> Vec<Trial> {
    let mut tests =
        vec![harness::test("mixing: what stays the same, and what does not", move || {
            layouts_differ(tools)
        })];
    for form in FORMS {
        // The default layout stands for the others, where they would be told apart nowhere.
        let all = ["rlibs", "two dylibs"].contains(&form.name);
        let layouts = if all { &Layout::ALL[..] } else { &[Layout::Packed] };
        for &layout in layouts {
            let name = format!("mixing: Snug on Snug, {}, {layout}", form.name);
            tests.push(harness::test(name, move || works(tools, form, layout)));
        }
    }
    tests
}

/// Without this, no other test here would show anything.
fn layouts_differ(tools: Tools) -> Result<()> {
    let stock = output(tools, Compiler::Stock)?;
    for generator in Generator::ALL {
        let of = |layout| output(tools, Compiler::Snug(generator, layout));
        same("classic", &of(Layout::Classic)?, &stock)?;
        let (captures, packed) = (of(Layout::CapturesOnly)?, of(Layout::Packed)?);
        same("answers of captures-only", answers(&captures), answers(&stock))?;
        same("answers of packed", answers(&packed), answers(&stock))?;
        for name in ["store", "glue"] {
            let all = [&stock, &captures, &packed].map(|output| sizes(output, name));
            same("number of sizes", all[0].len() > 5, true)?;
            let differ = all[0] != all[1] && all[1] != all[2] && all[0] != all[2];
            same(&format!("the layouts differ in {name}"), differ, true)?;
        }
    }
    Ok(())
}

/// The twins lay out alike: each may go on with what the other began.
fn works(tools: Tools, form: &Form, layout: Layout) -> Result<()> {
    let expected = output(tools, Compiler::Snug(Generator::Llvm, layout))?;
    let twins = || Generator::ALL.map(|generator| Compiler::Snug(generator, layout));
    for store in twins() {
        let workshop = programs(tools)?;
        workshop.compile(store, &format!("store.rs {}", form.store))?;
        for glue in twins() {
            workshop.compile(glue, &format!("glue.rs {}", form.glue))?;
            // The mixed thirds of the default layout stand for those of the others.
            let apps = twins();
            let apps = apps.iter().filter(|app| layout == Layout::Packed || **app != glue);
            for app in apps {
                workshop.compile(*app, &format!("app.rs {}", form.app))?;
                same("output", workshop.run("app")?, expected.clone())?;
            }
        }
    }
    Ok(())
}
