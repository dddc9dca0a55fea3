//! Values of a wanted type: made, moved, copied, converted, put together, awaited.

use super::Generator;
use crate::fuzz::model::{Block, Node, Part};
use crate::fuzz::scope::Place;
use crate::fuzz::types::Type;

/// What can be done with a value by value, for its number; `$` is the value.
const CONSUMED: &[&str] = &[
    "consume($)",
    "consume_inlined($)",
    "$.consumed()",
    "call(|| consume($))",
    "(|x| consume(x))($)",
    "with_worth($).1",
    "consume(with_worth($).0)",
    "consume(convert::<_, Noisy<9>>($))",
    "look(&identity($))",
    "look(&$)",
    "change(&mut identity($))",
];

impl Generator<'_> {
    /// A value of a type.
    pub(super) fn expression(&mut self, ty: &Type) -> Node {
        self.fuel -= 1;
        if self.fuel < 0 {
            return self.leaf(ty);
        }
        let node = match self.choices.below(20) {
            0..4 => None,
            4 | 5 => Some(self.wrapped(ty, "identity($)")),
            6..8 => {
                let value = self.any_value();
                Some(Node::expression(ty, &format!("convert::<_, {ty}>($)"), [value.into()]))
            }
            8..11 => self.composed(ty),
            11 => {
                let body = self.block(|this| Some(this.expression(ty)));
                Some(Node::expression(ty, "($)", [body.into()]))
            }
            12 => Some(self.chosen(ty)),
            13 | 14 => self.unless_missing(ty),
            15 => {
                let other = self.expression(ty);
                let argument = self.any_value();
                Some(Node::expression(ty, "$.merged($)", [other.into(), argument.into()]))
            }
            16 => Some(self.wrapped(ty, "with_worth($).0")),
            _ => self.awaited_value(ty),
        };
        node.unwrap_or_else(|| self.leaf(ty))
    }

    /// Moved or copied from a place if there is one, or made.
    pub(super) fn leaf(&mut self, ty: &Type) -> Node {
        let places = self.places(|place| place.movable && place.ty == *ty);
        if !places.is_empty() && self.choices.chance(70) {
            return self.taken(&places);
        }
        // Without a call, which may panic.
        if let Type::Bytes(name @ ("Copied" | "Plain"), size) = ty
            && self.choices.chance(50)
        {
            let text = format!("{name}(const {{ bytes::<{size}>({}) }})", self.id());
            return Node::expression(ty, &text, []);
        }
        Node::make(ty, self.id())
    }

    /// The simplest value to end the function with.
    pub(super) fn result(&mut self) -> Node {
        let id = self.id();
        Node::make(&self.context.returns, id)
    }

    /// A value of whatever type is at hand.
    pub(super) fn any_value(&mut self) -> Node {
        let places = self.places(|place| place.movable);
        if !places.is_empty() && self.choices.chance(65) {
            return self.taken(&places);
        }
        let ty = self.any_type();
        self.expression(&ty)
    }

    /// A number that some value is good for: an expression that consumes it.
    pub(super) fn consumed(&mut self, value: Node) -> Node {
        let is_foreign = value.ty.as_ref().is_some_and(Type::is_foreign);
        let text = if is_foreign && self.choices.chance(10) {
            "consume_foreign($)"
        } else {
            self.choices.pick(CONSUMED)
        };
        // What is in a closure cannot suspend, or end its function.
        let text = if text.contains("||") && !is_place(&value) { "consume($)" } else { text };
        Node::expression(&Type::NUMBER, text, [value.into()])
    }

    /// The places that fit.
    pub(super) fn places(&self, fits: impl Fn(&Place) -> bool) -> Vec<Place> {
        self.scope.places(self.context.loops).into_iter().filter(|place| fits(place)).collect()
    }

    fn taken(&mut self, places: &[Place]) -> Node {
        let place = self.choices.pick(places);
        self.scope.take(place);
        Node::expression(&place.ty, &place.text, [])
    }

    fn wrapped(&mut self, ty: &Type, text: &str) -> Node {
        let inner = self.expression(ty);
        Node::expression(ty, text, [inner.into()])
    }

    /// From its parts; the order of evaluation is not always the fields'.
    fn composed(&mut self, ty: &Type) -> Option<Node> {
        let either;
        let (text, types) = match ty {
            Type::Tuple(parts) => ("($, $)", vec![&parts[0], &parts[1]]),
            Type::Pair(parts) => ("Pair { y: $, x: $ }", vec![&parts[1], &parts[0]]),
            Type::Wrap(inner) => ("Wrap($)", vec![&**inner]),
            Type::Array(inner) => ("[$, $]", vec![&**inner, &**inner]),
            Type::Guard(inner) => ("Guard { inner: $, number: 5 }", vec![&**inner]),
            Type::Option(inner) => ("Some($)", vec![&**inner]),
            Type::Boxed(inner) => ("Box::new($)", vec![&**inner]),
            Type::Shared(inner) => ("Rc::new($)", vec![&**inner]),
            Type::Either(parts) => {
                let side = self.choices.below(2);
                either =
                    format!("Either::<{}, {}>::{}($)", parts[0], parts[1], ["Left", "Right"][side]);
                (&*either, vec![&parts[side]])
            }
            Type::Named("u64") => {
                let value = self.any_value();
                return Some(self.consumed(value));
            }
            _ => return None,
        };
        let parts: Vec<Part> = types.into_iter().map(|ty| self.expression(ty).into()).collect();
        Some(Node::expression(ty, text, parts))
    }

    /// One of two, by `select`.
    fn chosen(&mut self, ty: &Type) -> Node {
        let condition = self.condition();
        let [left, right] = self.branches(|this| Some(this.expression(ty)));
        Node::expression(ty, &format!("(if {condition} $ else $)"), [left.into(), right.into()])
    }

    /// A value that may not be there: then the function ends, in the middle of an expression.
    fn unless_missing(&mut self, ty: &Type) -> Option<Node> {
        let (none, id) = (self.choices.below(8), self.id());
        let maybe = format!("maybe::<{ty}>(select, {none}, {id})");
        if matches!(self.context.returns, Type::Option(_)) && self.choices.chance(60) {
            return Some(Node::expression(ty, &format!("{maybe}?"), []));
        }
        let result = self.result();
        let text = match self.choices.below(2) {
            0 => format!("(match {maybe} {{ Some(x) => x, None => return $ }})"),
            _ => format!("({{ let Some(x) = {maybe} else {{ return $ }}; x }})"),
        };
        Some(Node::expression(ty, &text, [result.into()]))
    }

    /// Statements and a value, in a scope of their own.
    pub(super) fn block(&mut self, tail: impl FnOnce(&mut Self) -> Option<Node>) -> Block {
        let before = self.scope.clone();
        self.context.depth += 1;
        let statements = self.statements();
        let tail = tail(self).map(Box::new);
        self.context.depth -= 1;
        self.scope.leave(&before);
        Block { statements, tail }
    }

    /// Two blocks, of which one runs.
    pub(super) fn branches(&mut self, tail: impl Fn(&mut Self) -> Option<Node>) -> [Block; 2] {
        let before = self.scope.clone();
        let left = self.block(&tail);
        let after_left = std::mem::replace(&mut self.scope, before);
        let right = self.block(&tail);
        self.scope.join(&after_left);
        [left, right]
    }
}

fn is_place(node: &Node) -> bool {
    matches!(&node.parts[..], [Part::Text(text)] if !text.contains('('))
}
