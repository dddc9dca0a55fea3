//! Closures, async closures, and what they and async blocks capture.

use super::{Context, Generator, Suspending};
use crate::fuzz::model::{Block, Node};
use crate::fuzz::scope::{Borrow, Scope};
use crate::fuzz::types::Type;

/// What a closure or async block does with what it captures.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Capturing {
    /// `move`, and it runs once: it may move its captures on.
    Once,
    /// `move`, and it runs several times.
    Often,
    /// Without `move`: captures by reference.
    Borrowing,
}

/// The outside variables that a closure or block has borrowed, and how they were borrowed before.
pub(super) type Borrowed = Vec<(String, Borrow)>;

impl Generator<'_> {
    /// The body of a closure or async block, with some of the variables outside.
    pub(super) fn body(
        &mut self,
        capturing: Capturing,
        suspending: Suspending,
        returns: &Type,
        parameter: Option<(&Type, &mut String)>,
    ) -> (Block, Borrowed) {
        let (inner, borrowed) = self.capture(capturing);
        let outer = std::mem::replace(&mut self.scope, inner);
        let context = Context {
            returns: returns.clone(),
            suspending,
            labels: Vec::new(),
            loops: 0,
            depth: self.context.depth.max(1),
            borrows: 0,
            items: self.context.items.clone(),
            clonable: self.context.clonable,
        };
        let context = std::mem::replace(&mut self.context, context);
        if let Some((ty, pattern)) = parameter {
            *pattern = self.pattern(ty);
        }
        let returns = returns.clone();
        let mut body = self.block(|this| Some(this.expression(&returns)));
        if self.choices.chance(70) {
            body.statements.splice(0..0, self.suspend());
        }
        self.context = context;
        self.scope = outer;
        (body, borrowed)
    }

    /// Hands some variables over to a closure or block; what it borrows is not free until it is given back.
    fn capture(&mut self, capturing: Capturing) -> (Scope, Borrowed) {
        let (mut inner, mut borrowed) = (Scope::default(), Vec::new());
        for _ in 0..self.choices.between(1, 5) {
            let borrows = capturing == Capturing::Borrowing;
            let Some(place) = self.some_place(|place| borrows || place.movable) else { break };
            // One place of each variable: no two captures overlap.
            let field = format!("{}.", place.variable());
            let is_known = |text: &str| text == place.variable() || text.starts_with(&field);
            if inner.variables.iter().any(|variable| is_known(&variable.text)) {
                continue;
            }
            if borrows {
                let borrow = if place.mutable { Borrow::Unique } else { Borrow::Shared };
                let before = self.scope.borrow(place.variable(), borrow);
                borrowed.push((place.variable().to_owned(), before));
            } else if place.variable().starts_with('(') {
                // What is behind a reference would take the reference with it.
                continue;
            } else {
                self.scope.take(&place);
            }
            inner.declare(&place.text, &place.ty, place.mutable, 0);
            if let Some(variable) = inner.variables.last_mut() {
                variable.behind_reference = capturing != Capturing::Once;
            }
        }
        (inner, borrowed)
    }

    pub(super) fn async_closure(&mut self) -> Option<Vec<Node>> {
        if !self.can_await() {
            None
        } else {
            self.any_closure("async ", Suspending::Await, ".await")
        }
    }

    pub(super) fn closure(&mut self) -> Option<Vec<Node>> {
        self.any_closure("", Suspending::Never, "")
    }

    /// Calls of an async closure by someone who knows only its trait.
    fn call_as_async_fn(&mut self, name: &str, capturing: Capturing, ty: &Type) -> Vec<Node> {
        self.context.borrows += 1;
        let [first, second] = [self.expression(ty), self.expression(ty)];
        self.context.borrows -= 1;
        let once = capturing == Capturing::Once || self.choices.chance(40);
        let text = match (once, self.choices.below(3)) {
            (true, 0) => format!("look(&call_async_once({name}, consume($) as u8, $).await);"),
            (true, _) => format!("look(&call_async_once({name}, look(&$) as u8, $).await);"),
            (false, 0) => format!("look(&call_async_mut({name}, $, $).await);"),
            (false, _) => format!("look(&call_async_mut(&mut {name}, $, $).await);"),
        };
        vec![Node::statement(&text, [first.into(), second.into()])]
    }

    /// A closure with one parameter, and its calls.
    fn any_closure(
        &mut self,
        prefix: &str,
        suspending: Suspending,
        suffix: &str,
    ) -> Option<Vec<Node>> {
        if self.is_deep() {
            return None;
        }
        let is_movable = self.context.suspending == Suspending::YieldMovable;
        let capturing = match self.choices.below(3) {
            0 => Capturing::Once,
            1 if !is_movable => Capturing::Borrowing,
            _ => Capturing::Often,
        };
        let keyword = if capturing == Capturing::Borrowing { "" } else { "move " };
        let (ty, returns, mut pattern) = (self.any_type(), self.result_type(), String::new());
        let parameter = Some((&ty, &mut pattern));
        let (body, borrowed) = self.body(capturing, suspending, &returns, parameter);
        let name = self.fresh("c");
        let text = format!("let mut {name} = {prefix}{keyword}|{pattern}: {ty}| -> {returns} $;");
        let mut statements = vec![Node::statement(&text, [body.into()])];
        if suspending == Suspending::Await && self.choices.chance(40) {
            statements.extend(self.call_as_async_fn(&name, capturing, &ty));
            self.give_back(borrowed);
            return Some(statements);
        }
        let calls = if capturing == Capturing::Once { 1 } else { self.choices.between(1, 2) };
        for _ in 0..calls {
            if self.choices.chance(50) {
                self.context.depth += 1;
                statements.extend(self.statements());
                self.context.depth -= 1;
            }
            // The closure is borrowed already.
            self.context.borrows += 1;
            let argument = self.expression(&ty);
            self.context.borrows -= 1;
            let call = format!("look(&{name}($){suffix});");
            statements.push(Node::statement(&call, [argument.into()]));
        }
        self.give_back(borrowed);
        Some(statements)
    }
}
