//! Makes a program that diverges smaller, as long as it diverges in the same way.
//!
//! Every edit is tried without asking whether the result still compiles: a program that stock refuses does not
//! diverge. The big edits come first, and all are repeated until none helps.

use std::time::Instant;

use super::model::{Block, Node, Part, Program};
use super::visit::{any_node, block, expression};

/// Makes programs smaller.
pub struct Shrinker<'a> {
    diverges: &'a mut dyn FnMut(&Program) -> bool,
    end: Instant,
}

impl<'a> Shrinker<'a> {
    /// One that asks a function which programs still diverge, until a moment.
    pub fn new(diverges: &'a mut dyn FnMut(&Program) -> bool, end: Instant) -> Self {
        Shrinker { diverges, end }
    }

    /// The smallest program that was found.
    pub fn shrink(mut self, mut program: Program) -> Program {
        loop {
            let before = program.clone();
            self.remove_functions(&mut program);
            self.remove_statements(&mut program);
            self.remove_variables(&mut program);
            self.open_blocks(&mut program);
            self.simplify_expressions(&mut program);
            self.remove_parameters(&mut program);
            if program == before || self.is_over() {
                return program;
            }
        }
    }

    fn is_over(&self) -> bool {
        Instant::now() >= self.end
    }

    /// Takes an edit over if it changes anything and the program still diverges.
    fn attempt(&mut self, program: &mut Program, edit: impl FnOnce(&mut Program)) -> bool {
        if self.is_over() {
            return false;
        }
        let mut edited = program.clone();
        edit(&mut edited);
        let helps = edited != *program && (self.diverges)(&edited);
        if helps {
            *program = edited;
        }
        helps
    }

    fn remove_functions(&mut self, program: &mut Program) {
        for position in (0..program.functions.len()).rev() {
            // Without a function there would be nothing to edit.
            if program.functions.len() > 1 {
                self.attempt(program, |program| drop(program.functions.remove(position)));
            }
        }
    }

    /// Ever smaller runs of statements, in each block.
    fn remove_statements(&mut self, program: &mut Program) {
        let mut number = 0;
        while let Some(length) = block(program, number, |block| block.statements.len()) {
            let mut size = length;
            while size > 0 {
                let mut start = block_length(program, number).saturating_sub(size);
                loop {
                    self.attempt(program, |program| {
                        block(program, number, |block| remove(&mut block.statements, start, size));
                    });
                    if start == 0 {
                        break;
                    }
                    start = start.saturating_sub(size);
                }
                size /= 2;
            }
            number += 1;
        }
    }

    /// A variable with everything that is done with it.
    fn remove_variables(&mut self, program: &mut Program) {
        for function in (0..program.functions.len()).rev() {
            for name in declared(&program.functions[function].body) {
                self.attempt(program, |program| {
                    remove_mentions(&mut program.functions[function].body, &name);
                });
            }
        }
    }

    /// A statement becomes the statements that are in it.
    fn open_blocks(&mut self, program: &mut Program) {
        let mut number = 0;
        while block(program, number, |_| ()).is_some() {
            let mut position = 0;
            while position < block_length(program, number) {
                self.attempt(program, |program| {
                    block(program, number, |block| open(&mut block.statements, position));
                });
                position += 1;
            }
            number += 1;
        }
    }

    /// An expression becomes `make`, or a part of it that has the same type.
    fn simplify_expressions(&mut self, program: &mut Program) {
        let mut number = 0;
        while expression(program, number, |_| ()).is_some() {
            let made = self.attempt(program, |program| {
                expression(program, number, |node| {
                    if let (Some(ty), true) = (&node.ty, node.parts.len() > 1 || !is_made(node)) {
                        *node = Node::make(ty, 1);
                    }
                });
            });
            if !made {
                self.attempt(program, |program| {
                    expression(program, number, |node| {
                        let same = |inner: &&Node| inner.ty == node.ty;
                        let inner = inner_nodes(node).find(same).cloned();
                        if let Some(inner) = inner {
                            *node = inner;
                        }
                    });
                });
            }
            number += 1;
        }
    }

    fn remove_parameters(&mut self, program: &mut Program) {
        for function in 0..program.functions.len() {
            for parameter in (0..program.functions[function].parameters.len()).rev() {
                self.attempt(program, |program| {
                    let name = program.functions[function].name.clone();
                    program.functions[function].parameters.remove(parameter);
                    let mut number = 0;
                    while let Some(()) = any_node(program, number, |node| {
                        remove_argument(node, &name, parameter);
                    }) {
                        number += 1;
                    }
                });
            }
        }
    }
}

fn block_length(program: &mut Program, number: usize) -> usize {
    block(program, number, |block| block.statements.len()).unwrap_or(0)
}

fn remove(statements: &mut Vec<Node>, start: usize, size: usize) {
    let end = (start + size).min(statements.len());
    statements.drain(start.min(end)..end);
}

fn open(statements: &mut Vec<Node>, position: usize) {
    let mut inside = Vec::new();
    collect_statements(&statements[position], &mut inside);
    if !inside.is_empty() {
        statements.splice(position..=position, inside);
    }
}

/// The statements in a node's blocks, and in those of its expressions.
fn collect_statements(node: &Node, statements: &mut Vec<Node>) {
    for part in &node.parts {
        match part {
            Part::Text(_) => {}
            Part::Node(node) => collect_statements(node, statements),
            Part::Block(block) => {
                statements.extend(block.statements.iter().cloned());
                if let Some(tail) = &block.tail {
                    collect_statements(tail, statements);
                }
            }
        }
    }
}

fn is_made(node: &Node) -> bool {
    matches!(&node.parts[..], [Part::Text(text)] if text.ends_with("::make(1)"))
}

/// The expressions right inside an expression, also at the end of its blocks.
fn inner_nodes(node: &Node) -> impl Iterator<Item = &Node> {
    node.parts.iter().filter_map(|part| match part {
        Part::Node(node) => Some(node),
        Part::Block(block) => block.tail.as_deref(),
        Part::Text(_) => None,
    })
}

/// Calls look like `task1(select, $, &$)`, or like `task1::<u8>(select, $)`.
fn remove_argument(node: &mut Node, function: &str, parameter: usize) {
    let Some(Part::Text(text)) = node.parts.first() else { return };
    let is_call = text.strip_prefix(function).is_some_and(|rest| {
        rest.starts_with("(select") || rest.starts_with("::<") && rest.contains(">(select")
    });
    if !is_call {
        return;
    }
    // The texts and the arguments alternate.
    let at = 2 * parameter + 1;
    if at >= node.parts.len() {
        return;
    }
    node.parts.remove(at);
    let Part::Text(after) = node.parts.remove(at) else { return };
    if let Some(Part::Text(before)) = node.parts.get_mut(at - 1) {
        before.truncate(before.rfind(", ").unwrap_or(before.len()));
        before.push_str(&after);
    }
}

/// The names behind `let`.
fn declared(body: &Block) -> Vec<String> {
    let mut names = Vec::new();
    for node in &body.statements {
        if let Some(Part::Text(text)) = node.parts.first()
            && let Some(rest) = text.strip_prefix("let ")
        {
            let words = rest.split(|c: char| !c.is_alphanumeric());
            let is_name =
                |word: &&str| word.len() > 1 && word[1..].bytes().all(|byte| byte.is_ascii_digit());
            names.extend(words.filter(is_name).map(str::to_owned));
        }
        for part in &node.parts {
            if let Part::Block(block) = part {
                names.extend(declared(block));
            }
        }
    }
    names
}

fn remove_mentions(block: &mut Block, name: &str) {
    block.statements.retain(|node| !mentions(node, name));
    for node in &mut block.statements {
        for part in &mut node.parts {
            if let Part::Block(block) = part {
                remove_mentions(block, name);
            }
        }
    }
}

/// Whether a statement names a variable outside its blocks.
fn mentions(node: &Node, name: &str) -> bool {
    node.parts.iter().any(|part| match part {
        Part::Text(text) => text.split(|c: char| !c.is_alphanumeric()).any(|word| word == name),
        Part::Node(node) => mentions(node, name),
        Part::Block(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::fuzz::generate::{self, Allowed};
    use crate::fuzz::writer::{self, Detail};

    const ALLOWED: Allowed = Allowed { recursion: true };

    /// The generated part of a program's file.
    fn text(program: &Program) -> String {
        let file = writer::file(&[program], Detail::Hashes);
        file.split_once("// ---- generated").expect("the prelude ends so").1.to_owned()
    }

    fn shrink(program: &Program, mut diverges: impl FnMut(&str) -> bool) -> Program {
        let mut of_program = |program: &Program| diverges(&text(program));
        let end = Instant::now() + Duration::from_secs(60);
        Shrinker::new(&mut of_program, end).shrink(program.clone())
    }

    fn statements(program: &Program) -> usize {
        let mut count = 0;
        let mut number = 0;
        let mut program = program.clone();
        while let Some(own) = block(&mut program, number, |block| block.statements.len()) {
            count += own;
            number += 1;
        }
        count
    }

    /// Both halves of the artificial divergence are deep in some block, behind each other.
    #[test]
    fn what_is_left_is_what_diverges() {
        let diverges = |text: &str| {
            let hand = text.find("hand(");
            hand.is_some_and(|at| text[at..].contains("continue"))
        };
        let mut tried = 0;
        for seed in 0..900 {
            let program = generate::program(seed, ALLOWED);
            if !diverges(&text(&program)) {
                continue;
            }
            tried += 1;
            let small = shrink(&program, diverges);
            assert!(diverges(&text(&small)));
            let left = statements(&small);
            assert!(left <= 6, "seed {seed}: {left} statements:\n{}", text(&small));
        }
        assert!(tried > 5, "{tried}");
    }

    #[test]
    fn a_variable_goes_with_its_uses() {
        // As the borrow checker does: nothing may be used that is not declared.
        let is_declared = |text: &str, name: &str| {
            let first = text.find(name).map_or("", |at| &text[..at]);
            first.ends_with("let ") || first.ends_with("let mut ")
        };
        let program = Program {
            seed: 1,
            functions: vec![function(&[
                "let v1 = 1;",
                "let mut v2 = v1;",
                "look(&v2);",
                "rest();",
            ])],
        };
        let small = shrink(&program, |text| {
            let sound = |name| !text.contains(name) || is_declared(text, name);
            sound("v1") && sound("v2") && text.contains("rest()")
        });
        assert_eq!(small.functions[0].body.statements, function(&["rest();"]).body.statements);
    }

    #[test]
    fn parameters_go_with_their_arguments() {
        let ty = crate::fuzz::types::Type::NUMBER;
        let arguments = [1, 2].map(|id| Part::Node(Node::make(&ty, id)));
        let mut node = Node::statement("task0(select, $, &$)", arguments);
        remove_argument(&mut node, "task0", 0);
        let second = [Part::Node(Node::make(&ty, 2))];
        assert_eq!(node, Node::statement("task0(select, &$)", second));
        remove_argument(&mut node, "task0", 0);
        let text: Vec<_> = node.parts.iter().map(|part| format!("{part:?}")).collect();
        assert_eq!(text.concat(), "Text(\"task0(select)\")");
    }

    #[test]
    fn time_is_kept() {
        let program = generate::program(3, ALLOWED);
        let mut always = |_: &Program| true;
        let end = Instant::now();
        assert_eq!(Shrinker::new(&mut always, end).shrink(program.clone()), program);
    }

    fn function(statements: &[&str]) -> crate::fuzz::model::Function {
        let mut function = generate::program(3, ALLOWED).functions.remove(0);
        let statements = statements.iter().map(|text| Node::statement(text, [])).collect();
        function.parameters.clear();
        function.body = Block { statements, tail: None };
        function
    }
}
