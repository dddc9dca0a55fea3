//! Functions: how they make their futures, parameters, what comes first and last in their bodies.

use super::{Generator, Suspending};
use crate::fuzz::model::{Block, Function, Kind, Node, Parameter, Passing};
use crate::fuzz::scope::{LonelyVariable, Place};
use crate::fuzz::types::Type;

impl Generator<'_> {
    pub(super) fn function(mut self, is_entry: bool) -> Function {
        let kind = match self.choices.below(20) {
            0..9 => Kind::Async,
            9..14 => Kind::Block,
            14 | 15 => Kind::Method,
            16 | 17 => Kind::Movable,
            _ => Kind::Immovable,
        };
        self.context.suspending = match kind {
            Kind::Async | Kind::Block | Kind::Method => Suspending::Await,
            Kind::Movable => Suspending::YieldMovable,
            Kind::Immovable => Suspending::YieldImmovable,
        };
        let is_chain = self.can_await() && self.choices.chance(20);
        let returns = if is_chain { Type::NUMBER } else { self.result_type() };
        self.context.returns = returns.clone();
        let instances = self.instances(kind);
        let parameters: Vec<_> =
            (0..self.choices.below(5)).map(|_| self.parameter(kind, is_entry)).collect();
        let name = format!("task{}", self.functions.len());
        let taken_apart = self.parameters_taken_apart();
        let chain = if is_chain { self.chain() } else { None };
        let body = match chain {
            Some(mut body) => {
                body.statements.splice(0..0, taken_apart);
                body
            }
            None => {
                let recurses = kind == Kind::Async && instances.is_empty();
                let mut statements = Vec::new();
                if recurses && self.allowed.recursion && self.choices.chance(12) {
                    statements.push(self.recursion(&name, &parameters));
                }
                statements.extend(taken_apart);
                self.whole_body(statements, &returns)
            }
        };
        Function { name, kind, parameters, returns, body, instances }
    }

    fn whole_body(&mut self, mut statements: Vec<Node>, returns: &Type) -> Block {
        statements.extend(self.statements());
        statements.extend(self.suspend());
        statements.extend(self.last_looks());
        Block { statements, tail: Some(Box::new(self.expression(returns))) }
    }

    /// The types for a function's type parameter, if it gets one.
    fn instances(&mut self, kind: Kind) -> Vec<Type> {
        if kind == Kind::Method {
            self.scope.declare("self", &Type::Named("Loud"), false, 0);
            return Vec::new();
        }
        if !self.choices.chance(20) {
            return Vec::new();
        }
        let some = [Type::Named("Nothing"), Type::Named("Aligned"), self.any_type()];
        // Twice, so that it is used.
        self.types.extend([Type::PARAMETER, Type::PARAMETER]);
        some[self.choices.below(2)..].to_vec()
    }

    fn parameter(&mut self, kind: Kind, is_entry: bool) -> Parameter {
        let ty = self.any_type();
        // Only `async fn` captures the lifetimes of its parameters and takes patterns apart.
        let is_async = matches!(kind, Kind::Async | Kind::Method);
        let passing = match self.choices.below(10) {
            0 if is_async && !is_entry => Passing::Shared,
            1 if is_async && !is_entry => Passing::Unique,
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
            Passing::Value if is_async => self.pattern(&ty),
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
            let reference = parameter.passing.reference();
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
            if place.movable && place.is_variable() && self.choices.chance(10) {
                statements.extend(self.part_that_outlives(&place));
            } else if place.movable && place.is_variable() && self.choices.chance(35) {
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

    /// A part of a value goes to a variable that lives longer than what is left of the value.
    fn part_that_outlives(&mut self, whole: &Place) -> Vec<Node> {
        let fields = whole.ty.fields();
        if fields.is_empty() {
            return Vec::new();
        }
        let (field, ty) = *self.choices.pick(&fields);
        self.scope.take(whole);
        let (part, name) = (self.fresh("v"), self.fresh("v"));
        self.scope.declare(&part, ty, true, 0);
        let texts = [
            format!("let mut {part}: {ty};"),
            format!("let {name} = {};", whole.text),
            format!("{part} = {name}.{field};"),
        ];
        texts.iter().map(|text| Node::statement(text, [])).collect()
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
}
