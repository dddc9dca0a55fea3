//! The programs: Rust text with coroutines that are large in one way each.

/// A program of any size.
pub(super) struct Program {
    /// What the user types.
    pub(super) name: &'static str,
    /// What there are so many of.
    pub(super) counted: &'static str,
    /// The sizes that are compiled: how many of what the program is made of.
    sizes: [usize; 2],
    /// The same, with `--full`.
    full: [usize; 2],
    /// Makes everything but the support.
    items: fn(usize) -> String,
    /// What it may take: times stock's time.
    pub(super) most: Option<f64>,
    /// Whether it may grow no faster than with stock: with LLVM, so that only what Snug adds is another.
    pub(super) grows_as_stock: bool,
}

/// All of them.
///
/// Time that stock takes in the type check grows with the third power of the number of awaits in one body (500: 5 seconds; 2,000:
/// 4 minutes). So only `--full` has 2,000.
pub(super) const ALL: [Program; 5] = [
    Program {
        name: "awaits",
        counted: "awaits in one async fn",
        sizes: [250, 500],
        full: [1_000, 2_000],
        items: awaits,
        most: Some(1.1),
        grows_as_stock: false,
    },
    Program {
        name: "captures",
        counted: "captures of one async block",
        sizes: [200, 400],
        full: [200, 400],
        items: captures,
        most: Some(1.5),
        grows_as_stock: true,
    },
    Program {
        name: "nested",
        counted: "futures of depth 130",
        sizes: [10, 20],
        full: [100, 200],
        items: nested,
        most: None,
        grows_as_stock: false,
    },
    Program {
        name: "statements",
        counted: "statements in one async fn",
        sizes: [5_000, 10_000],
        full: [5_000, 10_000],
        items: statements,
        most: Some(1.1),
        grows_as_stock: false,
    },
    Program {
        name: "variables",
        counted: "variables that are borrowed and moved",
        sizes: [50, 100],
        full: [100, 200],
        items: variables,
        most: None,
        grows_as_stock: false,
    },
];

/// How deep nested futures are: more than rustc's default limit of recursion, 128.
const DEPTH: usize = 130;

/// What all programs use.
const SUPPORT: &str = "#![recursion_limit = \"512\"]
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

async fn tick(number: u64) -> u64 {
    number
}

";

impl Program {
    pub(super) fn sizes(&self, full: bool) -> [usize; 2] {
        if full { self.full } else { self.sizes }
    }

    /// The program of one size.
    pub(super) fn text(&self, size: usize) -> String {
        format!("{SUPPORT}{}", (self.items)(size))
    }
}

fn awaits(count: usize) -> String {
    let awaits: String = (0..count)
        .map(|index| format!("    sum = sum.rotate_left(1) ^ tick({index}).await;\n"))
        .collect();
    let function = format!("async fn all(mut sum: u64) -> u64 {{\n{awaits}    sum\n}}\n\n");
    function + "fn main() {\n    println!(\"{}\", run(all(1)));\n}\n"
}

/// Each captured value is consumed by a future of its own.
fn captures(count: usize) -> String {
    let values: String = (0..count)
        .map(|index| format!("    let text{index} = String::from(\"text {index}\");\n"))
        .collect();
    let uses: String = (0..count)
        .map(|index| format!("        sum += own(text{index}, [{index}; 4]).await;\n"))
        .collect();
    format!(
        "async fn own(text: String, numbers: [u64; 4]) -> u64 {{\n    text.len() as u64 + numbers[0]\n}}\n\n\
         fn main() {{\n{values}    let all = async move {{\n        let mut sum = 0;\n{uses}        sum\n    }};\n    \
         println!(\"{{}}\", run(all));\n}}\n"
    )
}

/// Each future awaits one, which awaits one, and so on.
fn nested(count: usize) -> String {
    let mut text = String::new();
    let mut calls = String::new();
    for index in 0..count {
        text += &format!("async fn nest{index}_0(number: u64) -> u64 {{\n    number\n}}\n");
        for depth in 1..DEPTH {
            let inner = depth - 1;
            text += &format!(
                "async fn nest{index}_{depth}(number: u64) -> u64 {{\n    \
                 nest{index}_{inner}(number + 1).await + {depth}\n}}\n"
            );
        }
        let outer = DEPTH - 1;
        calls += &format!("    sum += run(nest{index}_{outer}({index}));\n");
    }
    format!("{text}\nfn main() {{\n    let mut sum = 0;\n{calls}    println!(\"{{sum}}\");\n}}\n")
}

/// Each variable comes out of a result, is borrowed, and moves into a future of its own.
fn variables(count: usize) -> String {
    let body: String = (0..count)
        .map(|index| {
            format!(
                "    let text{index} = make({index})?;\n    sum += text{index}.len() as u64 + tick({index}).await;\n    \
                 sum += own(text{index}).await;\n"
            )
        })
        .collect();
    format!(
        "fn make(number: u64) -> Result<String, u64> {{\n    Ok(format!(\"text {{number}}\"))\n}}\n\n\
         async fn own(text: String) -> u64 {{\n    text.len() as u64\n}}\n\n\
         async fn all() -> Result<u64, u64> {{\n    let mut sum = 0;\n{body}    Ok(sum)\n}}\n\n\
         fn main() {{\n    println!(\"{{:?}}\", run(all()));\n}}\n"
    )
}

/// One await every thousand statements.
fn statements(count: usize) -> String {
    let mut body = String::new();
    for index in 0..count {
        body += &format!("    sum = mix(sum, {index});\n");
        if index % 1000 == 999 {
            body += "    sum = tick(sum).await;\n";
        }
    }
    format!(
        "fn mix(sum: u64, number: u64) -> u64 {{\n    sum.rotate_left(3) ^ number\n}}\n\n\
         async fn all(mut sum: u64) -> u64 {{\n{body}    sum\n}}\n\n\
         fn main() {{\n    println!(\"{{}}\", run(all(1)));\n}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn all_compile_and_say_what_they_computed() {
        let folder = tempfile::tempdir().unwrap();
        // Sums: of texts' lengths and of numbers, of numbers and depths.
        let expected = [
            ("captures", 3, "21"),
            ("nested", 2, &(2 * (129 + 129 * 130 / 2) + 1).to_string()),
            ("awaits", 3, "8"),
            ("statements", 2, "65"),
        ];
        for (name, size, expected) in expected {
            let program = ALL.iter().find(|program| program.name == name).unwrap();
            let source = folder.path().join(format!("{name}.rs"));
            std::fs::write(&source, program.text(size)).unwrap();
            let compiled = Command::new("rustc")
                .args(["--edition=2024", "-o"])
                .args([&folder.path().join(name), &source])
                .status();
            assert!(compiled.unwrap().success(), "{name}");
            let printed = Command::new(folder.path().join(name)).output().unwrap().stdout;
            assert_eq!(String::from_utf8(printed).unwrap().trim(), expected, "{name}");
        }
    }

    #[test]
    fn the_larger_is_twice_the_smaller() {
        for program in &ALL {
            for full in [false, true] {
                let [half, whole] = program.sizes(full);
                assert_eq!(whole, 2 * half, "{}", program.name);
            }
        }
    }
}
