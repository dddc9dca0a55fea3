//! Makes a program from choices. Whatever it makes compiles: [`super::scope`] keeps it to what the borrow checker
//! allows.
//!
//! * `functions` (here): signatures, parameters, recursion;
//! * [`expressions`]: values of a wanted type;
//! * [`patterns`]: patterns that take values apart;
//! * [`statements`]: what happens between two suspensions: moves, changes, borrows;
//! * [`control`]: branches, loops, early ends;
//! * [`futures`]: what is awaited, kept or thrown away; async blocks;
//! * [`closures`]: closures of both kinds, and what they capture.

mod closures;
mod control;
mod expressions;
mod futures;
mod patterns;
mod statements;

use super::choices::Choices;
use super::model::{Block, Function, Kind, Node, Parameter, Passing, Program};
use super::scope::{LonelyVariable, Place, Scope};
use super::types::Type;

/// What a program may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// An `async fn` that calls itself, boxed: rustc itself refuses that from `-Zmir-opt-level=3` on.
    pub recursion: bool,
}

/// The program that belongs to a seed.
pub fn program(seed: u64, allowed: Allowed) -> Program {
    let mut choices = Choices::new(seed);
    // Few types, so that there are places for what is wanted.
    let mut types: Vec<_> = (0..3).map(|_| Type::any(&mut choices)).collect();
    types.push(Type::copied(&mut choices));
    let mut functions = Vec::new();
    let count = choices.between(1, 4);
    for position in 0..count {
        let is_entry = position + 1 == count;
        let generator = Generator::new(&mut choices, &functions, &types, allowed);
        let function = generator.function(is_entry);
        functions.push(function);
    }
    Program { seed, functions }
}

/// How a body suspends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Suspending {
    /// `.await`.
    Await,
    /// `yield`, and no borrow may be alive.
    YieldMovable,
    /// `yield`.
    YieldImmovable,
    /// Not at all: a closure.
    Never,
}

/// Where in a program we are.
#[derive(Clone, Debug)]
struct Context {
    /// What `return` takes.
    returns: Type,
    suspending: Suspending,
    /// The loops and blocks that can be left, with their labels.
    labels: Vec<String>,
    /// In how many loops of this body.
    loops: usize,
    /// In how many blocks.
    depth: usize,
    /// How many borrows are alive.
    borrows: usize,
}

/// Makes one function.
struct Generator<'a> {
    choices: &'a mut Choices,
    functions: &'a [Function],
    types: &'a [Type],
    allowed: Allowed,
    scope: Scope,
    context: Context,
    names: usize,
    /// How much may still be added; below 0 only the simplest is.
    fuel: i32,
}

impl<'a> Generator<'a> {
    fn new(
        choices: &'a mut Choices,
        functions: &'a [Function],
        types: &'a [Type],
        allowed: Allowed,
    ) -> Self {
        let context = Context {
            returns: Type::NUMBER,
            suspending: Suspending::Await,
            labels: Vec::new(),
            loops: 0,
            depth: 0,
            borrows: 0,
        };
        let fuel = choices.between(15, 90) as i32;
        let scope = Scope::default();
        Generator { choices, functions, types, allowed, scope, context, names: 0, fuel }
    }

    fn function(mut self, is_entry: bool) -> Function {
        let kind = match self.choices.below(10) {
            0..5 => Kind::Async,
            5..8 => Kind::Block,
            8 => Kind::Movable,
            _ => Kind::Immovable,
        };
        self.context.suspending = match kind {
            Kind::Async | Kind::Block => Suspending::Await,
            Kind::Movable => Suspending::YieldMovable,
            Kind::Immovable => Suspending::YieldImmovable,
        };
        let returns = self.result_type();
        self.context.returns = returns.clone();
        let parameters: Vec<_> =
            (0..self.choices.below(5)).map(|_| self.parameter(kind, is_entry)).collect();
        let name = format!("task{}", self.functions.len());
        let mut body = Block::default();
        if kind == Kind::Async && self.allowed.recursion && self.choices.chance(12) {
            body.statements.push(self.recursion(&name, &parameters));
        }
        body.statements.extend(self.parameters_taken_apart());
        body.statements.extend(self.statements());
        body.statements.extend(self.suspend());
        body.statements.extend(self.last_looks());
        body.tail = Some(Box::new(self.expression(&returns)));
        Function { name, kind, parameters, returns, body }
    }

    /// What functions, blocks and closures give back.
    fn result_type(&mut self) -> Type {
        match self.choices.below(10) {
            0..5 => Type::NUMBER,
            5..8 => Type::Option(Box::new(self.any_type())),
            _ => self.any_type(),
        }
    }

    fn any_type(&mut self) -> Type {
        if self.choices.chance(70) {
            return self.choices.pick(self.types).clone();
        }
        Type::any(self.choices)
    }

    fn parameter(&mut self, kind: Kind, is_entry: bool) -> Parameter {
        let ty = self.any_type();
        // Only `async fn` captures the lifetimes of its parameters and takes patterns apart.
        let passing = match self.choices.below(10) {
            0 if kind == Kind::Async && !is_entry => Passing::Shared,
            1 if kind == Kind::Async && !is_entry => Passing::Unique,
            _ => Passing::Value,
        };
        let pattern = match passing {
            Passing::Value if self.choices.chance(20) => {
                let name = self.fresh("v");
                self.scope.lonely.push(LonelyVariable {
                    name: name.clone(),
                    ty: ty.clone(),
                    loops: 0,
                });
                name
            }
            Passing::Value if kind == Kind::Async => self.pattern(&ty),
            Passing::Value => self.binding(&ty),
            _ => {
                let name = self.fresh("r");
                self.scope.declare_reference(&name, &ty, passing == Passing::Unique);
                name
            }
        };
        Parameter { pattern, passing, ty }
    }

    /// The function calls itself once: everywhere else, `select` is below 8.
    fn recursion(&mut self, name: &str, parameters: &[Parameter]) -> Node {
        let mut arguments = String::new();
        for parameter in parameters {
            let reference = match parameter.passing {
                Passing::Value => "",
                Passing::Shared => "&",
                Passing::Unique => "&mut ",
            };
            let id = self.choices.below(250);
            arguments += &format!(", {reference}<{}>::make({id})", parameter.ty);
        }
        let boxed = if self.choices.chance(50) { "Box::pin" } else { "dynamic" };
        let text =
            format!("if select < 8 {{ look(&{boxed}({name}(select + 8{arguments})).await); }}");
        Node::statement(&text, [])
    }

    /// What comes first in a body often gives its captures new names.
    fn parameters_taken_apart(&mut self) -> Vec<Node> {
        let mut statements = Vec::new();
        for place in self.scope.places(0) {
            if place.movable && place.is_variable() && self.choices.chance(35) {
                self.scope.take(&place);
                let known = self.scope.variables.len();
                let pattern = self.pattern(&place.ty);
                let value = Node::expression(&place.ty, &place.text, []);
                let text = format!("let {pattern} = $;");
                statements.push(Node::statement(&text, [value.into()]));
                statements.extend(self.changes(&place, known));
            }
        }
        statements
    }

    /// Changes to a copied value and to its copies: neither may be seen in the other.
    fn changes(&mut self, whole: &Place, known: usize) -> Vec<Node> {
        let mut changed = Vec::new();
        if whole.ty.is_copy() && whole.mutable && self.choices.chance(50) {
            let is_array = matches!(whole.ty, Type::Array(_));
            changed.push(format!(
                "{}{}",
                whole.text,
                if is_array { "[index(select)]" } else { "" }
            ));
        }
        for variable in &self.scope.variables[known..] {
            if variable.mutable && self.choices.chance(30) {
                changed.push(variable.text.clone());
            }
        }
        let change = |text: String| Node::statement(&format!("change(&mut {text});"), []);
        changed.into_iter().map(change).collect()
    }

    /// A look at some of what is still there.
    fn last_looks(&mut self) -> Vec<Node> {
        let mut looks = Vec::new();
        for place in self.scope.places(self.context.loops) {
            if self.choices.chance(30) {
                looks.push(Node::statement(&format!("look(&{});", place.text), []));
            }
        }
        looks
    }

    /// A name that is new in the whole function.
    fn fresh(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    /// A number for `make`.
    fn id(&mut self) -> usize {
        self.choices.below(250)
    }

    fn can_suspend(&self) -> bool {
        match self.context.suspending {
            Suspending::Await | Suspending::YieldImmovable => true,
            Suspending::YieldMovable => self.context.borrows == 0,
            Suspending::Never => false,
        }
    }

    fn can_await(&self) -> bool {
        self.context.suspending == Suspending::Await
    }

    /// A suspension, where one is possible.
    fn suspend(&mut self) -> Option<Node> {
        let text = if self.can_await() { "wait().await;" } else { "yield 0u8;" };
        self.can_suspend().then(|| Node::statement(text, []))
    }

    /// A condition that does not depend on what the program did.
    fn condition(&mut self) -> String {
        match self.choices.below(3) {
            0 => format!("select == {}", self.choices.below(8)),
            1 => format!("select > {}", self.choices.below(7)),
            _ => format!("select & {} != 0", 1 << self.choices.below(3)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Allowed = Allowed { recursion: true };

    #[test]
    fn a_seed_names_a_program() {
        for seed in 0..50 {
            assert_eq!(program(seed, ALL), program(seed, ALL));
        }
        assert_ne!(program(1, ALL).functions, program(2, ALL).functions);
    }

    #[test]
    fn functions_call_themselves_only_where_allowed() {
        let text = |allowed| {
            let programs: Vec<_> = (0..300).map(|seed| program(seed, allowed)).collect();
            let all: Vec<_> = programs.iter().collect();
            crate::fuzz::writer::file(&all, crate::fuzz::writer::Detail::Hashes)
        };
        let recurses = |text: &str| text.contains("if select < 8 {");
        assert!(recurses(&text(ALL)));
        assert!(!recurses(&text(Allowed { recursion: false })));
    }
}
