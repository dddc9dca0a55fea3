//! Coroutines in variables: `gen` and `async gen` blocks, and plain ones, movable and immovable, which are resumed
//! with arguments, and cloned.

use super::closures::{Borrowed, Capturing};
use super::{Generator, Suspending};
use crate::fuzz::model::{Block, Node};
use crate::fuzz::scope::Scope;
use crate::fuzz::types::Type;

impl Generator<'_> {
    /// A `gen` block, of which some items are taken.
    pub(super) fn gen_block(&mut self) -> Option<Vec<Node>> {
        let items = self.any_type();
        let (body, _) = self.yielding_body(Suspending::YieldMovable, &items, &Type::UNIT, None)?;
        let name = self.fresh("g");
        let start = Node::statement(&format!("let mut {name} = gen move $;"), [body.into()]);
        let mut statements = vec![start];
        for _ in 0..self.choices.below(3) {
            statements.push(Node::statement(&format!("look(&{name}.next());"), []));
            statements.extend(self.in_between());
        }
        let end =
            self.choices.pick(&["for x in NAME { look(&x); }", "drop(NAME);", "NAME.next();"]);
        statements.push(Node::statement(&end.replace("NAME", &name), []));
        Some(statements)
    }

    /// An `async gen` block, which is awaited item by item.
    pub(super) fn async_gen_block(&mut self) -> Option<Vec<Node>> {
        if !self.can_await() {
            return None;
        }
        let items = self.any_type();
        let (body, _) = self.yielding_body(Suspending::AwaitAndYield, &items, &Type::UNIT, None)?;
        let name = self.fresh("g");
        let start =
            Node::statement(&format!("let mut {name} = pin!(async gen move $);"), [body.into()]);
        let mut statements = vec![start];
        for _ in 0..self.choices.between(1, 3) {
            statements.push(Node::statement(&format!("look(&next_of(&mut {name}).await);"), []));
            statements.extend(self.in_between());
        }
        if self.choices.chance(30) {
            let text = format!("while let Some(x) = next_of(&mut {name}).await {{ consume(x); }}");
            statements.push(Node::statement(&text, []));
        }
        Some(statements)
    }

    /// A coroutine that gets an argument at each resume, and perhaps a clone of it.
    pub(super) fn resumed(&mut self) -> Option<Vec<Node>> {
        let (items, returns, argument) = (self.any_type(), self.result_type(), self.any_type());
        let is_movable = self.choices.chance(60) || !self.can_await();
        let suspending =
            if is_movable { Suspending::YieldMovable } else { Suspending::YieldImmovable };
        let mut pattern = String::new();
        let parameter = Some((&argument, &mut pattern));
        // Stock clones captures also where they have been moved away: not after the first resume.
        let is_cloned = is_movable && self.choices.chance(50);
        let clonable_before = std::mem::replace(&mut self.context.clonable, is_cloned);
        let made = self.yielding_body(suspending, &items, &returns, parameter);
        self.context.clonable = clonable_before;
        let (body, _) = made?;
        let name = self.fresh("g");
        let (before, after) = if is_movable {
            ("#[coroutine] move", "")
        } else {
            ("pin!(#[coroutine] static move", ")")
        };
        let text = format!("let mut {name} = {before} |{pattern}: {argument}| $ {after};");
        let mut statements = vec![Node::statement(&text, [body.into()])];
        let pinned = if is_movable { "Pin::new(&mut NAME)" } else { "NAME.as_mut()" };
        if is_cloned {
            let clone = self.fresh("g");
            statements.push(Node::statement(&format!("let mut {clone} = {name}.clone();"), []));
            let value = self.expression(&argument);
            let text = format!("resumed({}, $);", pinned.replace("NAME", &clone));
            statements.push(Node::statement(&text, [value.into()]));
        }
        // Only up to its end may a coroutine be resumed.
        let label = self.fresh("'r");
        let mut at_breaks: Option<Scope> = None;
        for _ in 0..self.choices.between(1, 3) {
            let value = self.expression(&argument);
            let resume = pinned.replace("NAME", &name);
            let text = format!("if !resumed({resume}, $) {{ break {label}; }}");
            statements.push(Node::statement(&text, [value.into()]));
            match &mut at_breaks {
                Some(scope) => scope.join(&self.scope),
                None => at_breaks = Some(self.scope.clone()),
            }
            statements.extend(self.in_between());
        }
        // What comes after a break has not been moved, nor filled, if it is taken.
        if let Some(scope) = at_breaks {
            self.scope.join(&scope);
        }
        let statements = Block { statements, tail: None };
        Some(vec![Node::statement(&format!("{label}: $"), [statements.into()])])
    }

    /// A value leaves in a suspension, and an argument may come back.
    pub(super) fn yielded_value(&mut self) -> Option<Vec<Node>> {
        let (items, argument) = self.context.items.clone()?;
        if !self.can_suspend() || self.context.suspending == Suspending::Await {
            return None;
        }
        let value = self.expression(&items);
        let text = match argument {
            Some(argument) => format!("let {} = yield $;", self.pattern(&argument)),
            None => "yield $;".to_owned(),
        };
        Some(vec![Node::statement(&text, [value.into()])])
    }

    fn in_between(&mut self) -> Vec<Node> {
        if self.choices.chance(50) { self.suspend().into_iter().collect() } else { Vec::new() }
    }

    /// The body of a coroutine with items of a type.
    fn yielding_body(
        &mut self,
        suspending: Suspending,
        items: &Type,
        returns: &Type,
        parameter: Option<(&Type, &mut String)>,
    ) -> Option<(Block, Borrowed)> {
        // What is resumed in a movable coroutine is not borrowed across its suspensions.
        if self.is_deep() || self.context.suspending == Suspending::YieldMovable {
            return None;
        }
        let resumed_with = parameter.as_ref().map(|(ty, _)| (*ty).clone());
        let before = self.context.items.replace((items.clone(), resumed_with));
        let (mut body, borrowed) = self.body(Capturing::Once, suspending, returns, parameter);
        self.context.items = before;
        // The type of the items must be known.
        let first = Node::statement(&format!("yield <{items}>::make(9);"), []);
        body.statements.insert(0, first);
        Some((body, borrowed))
    }
}
