//! The program that is measured: Rust text made from the cases.
//!
//! `main` runs every case and prints its answer: a sum over every byte that it was given, and one
//! over every byte that was dropped, in that order. Answers depend on what a case was given and
//! nothing else, so four compilers must agree on all of them, and no value can be optimised away.

use super::cases::{Case, Form, Life};

/// The text behind which the cases are put.
const SUPPORT: &str = include_str!("support.rs");
/// The name of the program's crate.
pub(super) const CRATE: &str = "copies";

/// The program for a set of cases.
pub(super) fn program(cases: &[Case]) -> String {
    let mut text = SUPPORT.to_string();
    for case in cases {
        text += &function(case);
    }
    // A function for each case: one for all would have the stack of all.
    for case in cases {
        let (name, arguments) = (case.name(), arguments(case));
        text +=
            &format!("fn run_{name}() {{\n    answer(\"{name}\", {name}({arguments}));\n}}\n\n");
    }
    text += "fn main() {\n";
    for case in cases {
        text += &format!("    run_{}();\n", case.name());
    }
    text + "}\n"
}

/// The async fn (or the function with the async block).
fn function(case: &Case) -> String {
    let name = case.name();
    let parameters = per_value(case, ", ", |index| parameter(case, index));
    let body = body(case);
    if case.form == Form::Block {
        format!(
            "fn {name}({parameters}) -> impl Future<Output = u64> {{\n    async move {{\n{body}    \
             }}\n}}\n\n"
        )
    } else {
        format!("async fn {name}({parameters}) -> u64 {{\n{body}}}\n\n")
    }
}

/// Makes the values, uses them and waits as often as they shall live, consumes them, and waits.
fn body(case: &Case) -> String {
    let mut body = "    let mut sum = 0;\n".to_string();
    body += &per_value(case, "", |index| prologue(case, index));
    for _ in 0..case.life.awaits() {
        body += &per_value(case, "", |index| one_use(case, index));
        body += "    wait().await;\n";
    }
    body += &per_value(case, "", |index| consume(case, index));
    if case.life == Life::Before {
        body += "    wait().await;\n";
    }
    body + "    sum\n"
}

/// One text for each value of a case.
fn per_value(case: &Case, between: &str, text: impl Fn(usize) -> String) -> String {
    (0..case.count).map(text).collect::<Vec<_>>().join(between)
}

fn parameter(case: &Case, index: usize) -> String {
    let (size, half) = (case.size, case.size / 2);
    match case.form {
        Form::Plain | Form::Block | Form::Forwarded => format!("x{index}: Big<{size}>"),
        Form::Droppy => format!("x{index}: Droppy<{size}>"),
        Form::Mut => format!("mut x{index}: Big<{size}>"),
        Form::Pattern => format!("(a{index}, b{index}): (Big<{half}>, Big<{half}>)"),
        Form::Passed => format!("f{index}: impl Future<Output = u64>"),
        Form::Made => format!("s{index}: usize"),
    }
}

fn arguments(case: &Case) -> String {
    let size = case.size;
    per_value(case, ", ", |index| {
        // Any number will do that differs between neighbours.
        let seed = size / 64 + 37 * index + 11 * case.count;
        match case.form {
            Form::Pattern => format!("(fill({seed}), fill({}))", seed + 1),
            Form::Passed => format!("held(fill::<Big<{size}>>({seed}))"),
            Form::Made => format!("{seed}"),
            _ => format!("fill({seed})"),
        }
    })
}

/// What comes before the first await for a value that lives across it.
fn prologue(case: &Case, index: usize) -> String {
    let size = case.size;
    match (case.form, case.life) {
        (Form::Made, Life::One | Life::Many) => {
            format!("    let f{index} = held(fill::<Big<{size}>>(s{index}));\n")
        }
        (Form::Mut, Life::Before) => one_use(case, index),
        _ => String::new(),
    }
}

/// Uses a value that lives on.
fn one_use(case: &Case, index: usize) -> String {
    let touch = |name: &str| format!("    sum = weigh(sum, &{name}{index}.0);\n");
    match case.form {
        Form::Plain | Form::Droppy | Form::Block | Form::Forwarded => touch("x"),
        Form::Mut => format!("    x{index}.0[1] ^= 0x55;\n") + &touch("x"),
        Form::Pattern => touch("a") + &touch("b"),
        Form::Passed | Form::Made => String::new(),
    }
}

/// The last use of a value.
fn consume(case: &Case, index: usize) -> String {
    let (size, life) = (case.size, case.life);
    let wait_for = |future: &str| format!("    sum = add(sum, {future}.await);\n");
    match case.form {
        Form::Plain | Form::Block | Form::Mut => format!("    sum = eat(sum, x{index});\n"),
        Form::Droppy => {
            format!("    sum = weigh(sum, &x{index}.0);\n    drop(x{index});\n")
        }
        Form::Pattern => {
            format!("    sum = eat(sum, a{index});\n    sum = eat(sum, b{index});\n")
        }
        Form::Made if life == Life::Before => {
            wait_for(&format!("held(fill::<Big<{size}>>(s{index}))"))
        }
        Form::Passed | Form::Made => wait_for(&format!("f{index}")),
        Form::Forwarded => wait_for(&format!("held(x{index})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(form: Form, life: Life, count: usize) -> String {
        function(&Case { form, life, size: 64, count })
    }

    #[test]
    fn a_parameter_that_lives_across_one_await() {
        let expected = "\
async fn plain_one_2x64(x0: Big<64>, x1: Big<64>) -> u64 {
    let mut sum = 0;
    sum = weigh(sum, &x0.0);
    sum = weigh(sum, &x1.0);
    wait().await;
    sum = eat(sum, x0);
    sum = eat(sum, x1);
    sum
}

";
        assert_eq!(text(Form::Plain, Life::One, 2), expected);
    }

    #[test]
    fn a_future_that_is_made_and_awaited_at_once() {
        let expected = "\
async fn made_before_1x64(s0: usize) -> u64 {
    let mut sum = 0;
    sum = add(sum, held(fill::<Big<64>>(s0)).await);
    wait().await;
    sum
}

";
        assert_eq!(text(Form::Made, Life::Before, 1), expected);
    }

    #[test]
    fn an_async_block_is_in_a_plain_function() {
        let text = text(Form::Block, Life::Many, 1);
        assert!(text.starts_with("fn block_many_1x64(x0: Big<64>) -> impl Future"), "{text}");
        assert_eq!(text.matches("wait().await").count(), 4, "{text}");
    }

    #[test]
    fn both_parts_of_a_pattern_are_used_and_consumed() {
        let text = text(Form::Pattern, Life::One, 1);
        assert!(text.contains("(a0, b0): (Big<32>, Big<32>)"), "{text}");
        for part in ["&a0.0", "&b0.0", "eat(sum, a0)", "eat(sum, b0)"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn main_runs_every_case_and_the_text_is_always_the_same() {
        let cases = super::super::cases::all();
        let program = program(&cases);
        for case in &cases {
            assert!(program.contains(&format!("    run_{}();\n", case.name())), "{case:?}");
        }
        assert_eq!(program, super::program(&cases));
    }
}
