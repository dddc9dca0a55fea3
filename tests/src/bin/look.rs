//! The program behind `./y.sh run`, which checks what it is given: `look FILE TWIN LAYOUT DUMPS FLAGS..`, where
//! DUMPS is a folder for the dumps of the pass, or empty.

use std::path::PathBuf;
use std::process::ExitCode;

use snug_tests::Result;
use snug_tests::command;
use snug_tests::compiler::{Generator, Layout};
use snug_tests::look::{self, Question};
use snug_tests::toolchain::Toolchain;

fn main() -> ExitCode {
    command::heed_signals();
    let answer = question().and_then(|question| look::answer(&Toolchain::find()?, &question));
    match answer {
        Ok(answer) => {
            print!("{}", answer.text);
            if answer.agree { ExitCode::SUCCESS } else { ExitCode::from(1) }
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn question() -> Result<Question> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("look: FILE TWIN LAYOUT DUMPS FLAGS.. is expected");
    let (file, twin, layout, dumps) = (next()?, next()?, next()?, next()?);
    let generator = Generator::ALL.into_iter().find(|it| it.to_string() == twin);
    let layout = Layout::ALL.into_iter().find(|it| it.to_string() == layout);
    Ok(Question {
        file: PathBuf::from(file),
        generator: generator.ok_or("the twin is `cranelift` or `llvm`")?,
        layout: layout.ok_or("the layout is `packed`, `captures-only` or `classic`")?,
        dumps: (!dumps.is_empty()).then(|| PathBuf::from(dumps)),
        flags: arguments.collect(),
    })
}
