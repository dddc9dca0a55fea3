//! What debuggers see: of coroutines' states, of programs of ours, and of rustc's own tests.

mod kept;
mod rustc;
mod sessions;
mod states;
mod verified;

use std::process::ExitCode;

use snug_tests::harness;

fn main() -> ExitCode {
    harness::main(|tools| {
        let mut tests = states::tests(tools);
        tests.extend(kept::tests(tools));
        tests.extend(sessions::tests(tools)?);
        tests.extend(verified::tests(tools)?);
        tests.extend(rustc::tests(tools)?);
        Ok(tests)
    })
}
