//! Values that only move on. Where such a chain is all that a coroutine does, nothing hides a byte too many.

use super::Generator;
use crate::fuzz::model::{Block, Node};
use crate::fuzz::scope::Borrow;
use crate::fuzz::types::Type;

/// What makes a value of a value; `$` is the old one, `TYPE` the new one's type.
const STEPS: &[&str] = &[
    "$",
    "identity($)",
    "identity($)",
    "convert::<_, TYPE>($)",
    "with_worth($).0",
    "$.merged(<u8>::make(1))",
    "giving($).await",
    "async move { wait().await; $ }.await",
    "awaiting(giving($)).await",
    // What it comes out of is taken apart, or dies on one way only.
    "match Some($) { Some(it) => it, None => return 1 }",
    "match async move { let it = Ok::<_, u8>($)?; wait().await; Ok::<_, u8>(it) }.await { Ok(it) => it, Err(_) => return 1 }",
    "match race(giving($), wait()).await { Either::Left(it) => it, Either::Right(()) => return 1 }",
    "match if select > 4 { Ok($) } else { Err($) } { Ok(it) => { wait().await; it } Err(it) => it }",
    "{ let (it, other) = ($, <Plain<40>>::make(2)); look(&other); wait().await; look(&it); it }",
    "{ let [it] = [$]; wait().await; it }",
    "*Box::new($)",
    "loop { let it = $; if select > 9 { look(&it); } break it; }",
];

/// What ends a chain.
const ENDS: &[&str] = &[
    "child($).await",
    "hand($, 1).await",
    "awaiting(child($)).await",
    "IntoFuture::into_future(child($)).await",
    "consume($)",
    "child_of_two($, <u8>::make(1)).await",
    "{ let f = child($); wait().await; f.await }",
    "{ let f = child($); let f = awaiting(f); f.await }",
    "{ let f; f = child($); f.await }",
    "consume_two($, { wait().await; 3u64 })",
];

impl Generator<'_> {
    /// An async block of its own, in which one value is handed on from variable to variable.
    pub(super) fn tight_block(&mut self) -> Option<Vec<Node>> {
        if !self.can_await() {
            return None;
        }
        let body = self.chain()?;
        Some(vec![Node::statement("look(&async move $.await);", [body.into()])])
    }

    /// A body that is worth a number, in which one value is handed on.
    pub(super) fn chain(&mut self) -> Option<Block> {
        let mut body = Block::default();
        let (mut at, mut ty) = self.first_of_chain(&mut body)?;
        for _ in 0..self.choices.between(0, 3) {
            (at, ty) = self.next_of_chain(&mut body, &at, &ty);
        }
        let end = self.choices.pick(ENDS).replace('$', &at);
        let end = Node::expression(&Type::NUMBER, &end, []);
        if self.choices.chance(50) {
            body.tail = Some(Box::new(end));
        } else {
            let name = self.fresh("w");
            body.statements.push(Node::statement(&format!("let {name} = $;"), [end.into()]));
            body.statements.push(Node::statement("wait().await;", []));
            body.tail = Some(Box::new(Node::expression(&Type::NUMBER, &name, [])));
        }
        Some(body)
    }

    /// The first value of a chain is captured, or made there.
    fn first_of_chain(&mut self, body: &mut Block) -> Option<(String, Type)> {
        let (at, ty) = if self.choices.chance(50) {
            let (at, ty) = (self.fresh("w"), self.any_type());
            let value = Node::make(&ty, self.id());
            body.statements.push(Node::statement(&format!("let {at} = $;"), [value.into()]));
            (at, ty)
        } else {
            let is_variable = |text: &str| !text.starts_with('(');
            let place = self.some_place(|p| p.movable && is_variable(p.variable()))?;
            self.scope.take(&place);
            (place.text, place.ty)
        };
        self.perhaps_wait(body);
        Some((at, ty))
    }

    fn next_of_chain(&mut self, body: &mut Block, at: &str, ty: &Type) -> (String, Type) {
        let step = *self.choices.pick(STEPS);
        let ty = if step.contains("TYPE") { self.any_type() } else { ty.clone() };
        let value = step.replace('$', at).replace("TYPE", &ty.to_string());
        let name = self.fresh("w");
        let text = match self.choices.below(7) {
            0 => format!("let {name}; {name} = {value};"),
            1 => format!("let {name}; if select > 3 {{ {name} = {value}; }} else {{ return 1; }}"),
            2 => format!("let mut {name} = {value}; change(&mut {name});"),
            3 => format!("let {name} = {value};"),
            // A raw pointer that is used before the value moves on.
            4 => format!(
                "let {name} = {value}; {{ let raw = &raw const {name}; look(unsafe {{ &*raw }}); }}"
            ),
            _ => format!("let {name} = {value}; look(&{name});"),
        };
        body.statements.push(Node::statement(&text, []));
        self.perhaps_wait(body);
        (name, ty)
    }

    fn perhaps_wait(&mut self, body: &mut Block) {
        if self.choices.chance(60) {
            body.statements.push(Node::statement("wait().await;", []));
        }
    }

    /// A variable that gets its value later, on some ways, in loops, or never.
    pub(super) fn deferred_declaration(&mut self) -> Option<Vec<Node>> {
        let ty = self.any_type();
        let (name, loops) = (self.fresh("v"), self.context.loops);
        self.scope.declare_empty(&name, &ty, loops);
        Some(vec![Node::statement(&format!("let mut {name}: {ty};"), [])])
    }

    /// The whole value moves out of its box, which is freed later.
    pub(super) fn unboxed(&mut self) -> Option<Vec<Node>> {
        let place = self.some_place(|place| place.movable && matches!(place.ty, Type::Boxed(_)))?;
        let Type::Boxed(inner) = &place.ty else { return None };
        self.scope.take(&place);
        let value = Node::expression(inner, &format!("(*{})", place.text), []);
        if self.choices.chance(50) {
            let number = self.consumed(value);
            return Some(vec![Node::statement("$;", [number.into()])]);
        }
        let pattern = self.pattern(inner);
        Some(vec![Node::statement(&format!("let {pattern} = $;"), [value.into()])])
    }

    /// A slice of an array, for a while.
    pub(super) fn slice(&mut self) -> Option<Vec<Node>> {
        let unique = self.choices.chance(50);
        let is_array = |ty: &Type| matches!(ty, Type::Array(_));
        let place = self.some_place(|place| is_array(&place.ty) && (place.mutable || !unique))?;
        let (name, text) = (self.fresh("b"), &place.text);
        let (start, end, borrow) = match (unique, self.choices.below(2)) {
            (true, 0) => (
                format!("let {name} = &mut {text}[index(select)..];"),
                "change(&mut NAME[0]);",
                Borrow::Unique,
            ),
            (true, _) => {
                (format!("let [{name}, ..] = &mut {text};"), "change(NAME);", Borrow::Unique)
            }
            (false, 0) => (
                format!("let {name} = &{text}[..];"),
                "look(&NAME[index(select)]);",
                Borrow::Shared,
            ),
            (false, _) => (format!("let [.., {name}] = &{text};"), "look(NAME);", Borrow::Shared),
        };
        let mut statements = vec![Node::statement(&start, [])];
        statements.extend(self.while_borrowed(place.variable(), borrow));
        statements.push(Node::statement(&end.replace("NAME", &name), []));
        Some(statements)
    }
}
