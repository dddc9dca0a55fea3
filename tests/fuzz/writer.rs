//! Writes programs as Rust: several in one file, a module each, behind the prelude.

use std::fmt::Write;

use super::model::{Block, Function, Kind, Node, Part, Passing, Program};

const PRELUDE: [&str; 4] = [
    include_str!("prelude/values.rs"),
    include_str!("prelude/uses.rs"),
    include_str!("prelude/futures.rs"),
    include_str!("prelude/scenarios.rs"),
];

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
    let mut text = PRELUDE.join("\n") + "\n// ---- generated\n\n";
    for program in programs {
        let _ = writeln!(text, "mod {} {{\n    use super::*;\n", module(program));
        for function in &program.functions {
            write_function(&mut text, function);
        }
        text.push_str("}\n\n");
    }
    text.push_str("fn main() {\n    set_hook(Box::new(|_| {}));\n");
    let full = detail == Detail::Traces;
    for program in programs {
        for function in program.functions.iter().filter(|function| function.is_entry()) {
            let mut arguments = String::new();
            for position in 0..function.parameters.len() {
                let _ = write!(arguments, ", Value::make({})", position * 50);
            }
            let (module, name) = (module(program), &function.name);
            let make = format!("|select| {module}::{name}(select{arguments})");
            let _ = writeln!(text, "    scenarios(\"{module} {name}\", {full}, {make});");
        }
    }
    text.push_str("}\n");
    text
}

fn write_function(text: &mut String, function: &Function) {
    let mut parameters = "select: u32".to_owned();
    for parameter in &function.parameters {
        let reference = match parameter.passing {
            Passing::Value => "",
            Passing::Shared => "&",
            Passing::Unique => "&mut ",
        };
        let _ = write!(parameters, ", {}: {reference}{}", parameter.pattern, parameter.ty);
    }
    let Function { name, returns, .. } = function;
    let (before, after) = match function.kind {
        Kind::Async => {
            let _ = write!(text, "    pub async fn {name}({parameters}) -> {returns} ");
            write_block(text, &function.body, 1);
            text.push_str("\n\n");
            return;
        }
        Kind::Block => ("async move ", ""),
        Kind::Movable => ("movable(#[coroutine] move |_: ()| ", ")"),
        Kind::Immovable => ("Immovable(#[coroutine] static move |_: ()| ", ")"),
    };
    let output = format!("impl Future<Output = {returns}>");
    let _ = write!(text, "    pub fn {name}({parameters}) -> {output} {{\n        {before}");
    write_block(text, &function.body, 2);
    let _ = write!(text, "{after}\n    }}\n\n");
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
