//! Writes programs as Rust: several in one file, a module each, behind the prelude.
//!
//! Or in two crates: a library with the prelude and each program's first functions, and the rest, which calls them.

use std::fmt::Write;

use super::model::{Block, Function, Kind, Node, Parameter, Part, Program};

/// What every file begins with.
const HEADER: &str = include_str!("prelude/header.rs");
const PRELUDE: [&str; 4] = [
    include_str!("prelude/values.rs"),
    include_str!("prelude/uses.rs"),
    include_str!("prelude/futures.rs"),
    include_str!("prelude/scenarios.rs"),
];
/// Behind it is what was generated.
const GENERATED: &str = "// ---- generated\n\n";

/// The name of the library that has the first functions.
pub const LIBRARY: &str = "library";

/// What the programs print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// A hash of what happens, for each value of `select`.
    Hashes,
    /// Everything that happens.
    Traces,
}

/// The name under which a program prints.
pub fn module(program: &Program) -> String {
    format!("p{}", program.seed)
}

/// A file with these programs. It is a test program for Snug's suites as well (`//@`).
pub fn file(programs: &[&Program], detail: Detail) -> String {
    let mut text = prelude();
    for program in programs {
        write_module(&mut text, program, "", &program.functions);
    }
    write_main(&mut text, programs, detail);
    text
}

/// The same in two files: the library, and what uses it.
pub fn two_files(programs: &[&Program], detail: Detail) -> (String, String) {
    let mut library = prelude();
    let mut text = format!("{HEADER}\nuse {LIBRARY}::*;\n\n{GENERATED}");
    for program in programs {
        let (first, others) = program.functions.split_at(program.functions.len().div_ceil(2));
        write_module(&mut library, program, "", first);
        let known = format!("    pub use {LIBRARY}::{}::*;\n", module(program));
        write_module(&mut text, program, &known, others);
    }
    write_main(&mut text, programs, detail);
    (library, text)
}

fn prelude() -> String {
    format!("{HEADER}\n{}\n{GENERATED}", PRELUDE.join("\n"))
}
fn write_module(text: &mut String, program: &Program, known: &str, functions: &[Function]) {
    let _ = writeln!(text, "pub mod {} {{\n    use super::*;\n{known}", module(program));
    for function in functions {
        write_function(text, function);
    }
    text.push_str("}\n\n");
}

/// Runs the scenarios of all functions.
fn write_main(text: &mut String, programs: &[&Program], detail: Detail) {
    text.push_str("fn main() {\n    set_hook(Box::new(|_| {}));\n");
    let full = detail == Detail::Traces;
    for program in programs {
        for function in program.functions.iter().filter(|function| function.is_entry()) {
            let mut arguments = String::new();
            for position in 0..function.parameters.len() {
                let _ = write!(arguments, ", Value::make({})", position * 50);
            }
            let (module, name) = (module(program), &function.name);
            let instances: Vec<_> =
                function.instances.iter().map(|instance| format!("::<{instance}>")).collect();
            let plain = [String::new()];
            for instance in if instances.is_empty() { &plain[..] } else { &instances } {
                let make = format!("|select| shown({module}::{name}{instance}(select{arguments}))");
                let name = format!("{module} {name}{instance}");
                let _ = writeln!(text, "    scenarios(\"{name}\", {full}, {make});");
            }
        }
    }
    text.push_str("}\n");
}

fn write_function(text: &mut String, function: &Function) {
    let mut parameters = "select: u32".to_owned();
    for parameter in &function.parameters {
        let reference = parameter.passing.reference();
        let _ = write!(parameters, ", {}: {reference}{}", parameter.pattern, parameter.ty);
    }
    let Function { name, returns, .. } = function;
    let generics = if function.instances.is_empty() { "" } else { "<G: Value + Clone + 'static>" };
    let (before, after) = match function.kind {
        Kind::Async => {
            let _ = write!(text, "    pub async fn {name}{generics}({parameters}) -> {returns} ");
            write_block(text, &function.body, 1);
            text.push_str("\n\n");
            return;
        }
        Kind::Method => {
            write_method(text, function, &parameters);
            return;
        }
        Kind::Block => ("async move ", ""),
        Kind::Movable => ("movable(#[coroutine] move |_: ()| ", ")"),
        Kind::Immovable => ("Immovable(#[coroutine] static move |_: ()| ", ")"),
    };
    let output = format!("impl Future<Output = {returns}>");
    let _ =
        write!(text, "    pub fn {name}{generics}({parameters}) -> {output} {{\n        {before}");
    write_block(text, &function.body, 2);
    let _ = write!(text, "{after}\n    }}\n\n");
}

/// A trait with a method, its only implementation, and a function that calls it.
fn write_method(text: &mut String, function: &Function, parameters: &str) {
    let Function { name, returns, .. } = function;
    let (mut typed, mut named, mut arguments) = (String::new(), String::new(), String::new());
    for (position, parameter) in function.parameters.iter().enumerate() {
        let Parameter { passing, ty, .. } = parameter;
        let reference = passing.reference();
        let _ = write!(typed, ", _: {reference}{ty}");
        let _ = write!(named, ", a{position}: {reference}{ty}");
        let _ = write!(arguments, ", a{position}");
    }
    let of_trait = format!("async fn run(self, select: u32{typed}) -> {returns};");
    let _ = write!(text, "    pub trait {name}_ {{\n        {of_trait}\n    }}\n\n");
    let _ = write!(text, "    impl {name}_ for Loud {{\n        ");
    let _ = write!(text, "async fn run(self, {parameters}) -> {returns} ");
    write_block(text, &function.body, 2);
    let _ = write!(text, "\n    }}\n\n    pub fn {name}(select: u32{named}) ");
    let call = format!("{name}_::run(Loud::make(90), select{arguments})");
    let _ = write!(text, "-> impl Future<Output = {returns}> {{\n        {call}\n    }}\n\n");
}

fn write_block(text: &mut String, block: &Block, depth: usize) {
    let inner = "    ".repeat(depth + 1);
    text.push_str("{\n");
    for node in block.statements.iter().chain(block.tail.as_deref()) {
        text.push_str(&inner);
        write_node(text, node, depth + 1);
        text.push('\n');
    }
    text.push_str(&"    ".repeat(depth));
    text.push('}');
}

fn write_node(text: &mut String, node: &Node, depth: usize) {
    for part in &node.parts {
        match part {
            Part::Text(piece) => text.push_str(piece),
            Part::Node(node) => write_node(text, node, depth),
            Part::Block(block) => write_block(text, block, depth),
        }
    }
}
