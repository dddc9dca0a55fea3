//! Statements: the table of all kinds, and those that move, change and borrow.

use super::Generator;
use crate::fuzz::model::Node;
use crate::fuzz::scope::{Borrow, LonelyVariable, Place};
use crate::fuzz::types::Type;

/// Some statements, or nothing where this kind is not possible: then nothing has changed.
pub(super) type Make = fn(&mut Generator<'_>) -> Option<Vec<Node>>;

/// All kinds of statements, with how often they are tried.
const KINDS: &[(u32, Make)] = &[
    (16, |this| this.suspend().map(|node| vec![node])),
    (12, |this| this.declaration()),
    (8, |this| this.taken_apart()),
    (6, |this| this.lonely_declaration()),
    (10, |this| this.lonely_use()),
    (9, |this| this.look_or_change()),
    (9, |this| this.consume_a_place()),
    (7, |this| this.call_with_two()),
    (9, |this| this.assignment()),
    (3, |this| this.index_by_variable()),
    (6, |this| this.borrow_for_a_while()),
    (2, |this| this.raw_write()),
    (3, |this| this.moved_and_filled_again()),
    (9, |this| this.branch()),
    (6, |this| this.counted_loop()),
    (5, |this| this.leave_loop()),
    (4, |this| this.leave_function()),
    (4, |this| this.matched()),
    (3, |this| this.inner_block()),
    (12, |this| this.await_future()),
    (8, |this| this.keep_future()),
    (12, |this| this.use_future()),
    (5, |this| this.borrowing_block()),
    (4, |this| this.async_closure()),
    (3, |this| this.closure()),
    (4, |this| this.gen_block()),
    (3, |this| this.async_gen_block()),
    (4, |this| this.resumed()),
    (5, |this| this.yielded_value()),
    (4, |this| this.deferred_declaration()),
    (5, |this| this.tight_block()),
    (3, |this| this.matched_by_reference()),
    (2, |this| this.slice()),
    (2, |this| this.unboxed()),
];

impl Generator<'_> {
    /// A few statements.
    pub(super) fn statements(&mut self) -> Vec<Node> {
        let most = if self.context.depth == 0 { 16 } else { 5 };
        let count = self.choices.between(1, most);
        let mut statements = Vec::new();
        for _ in 0..count {
            self.fuel -= 1;
            if self.fuel < 0 {
                break;
            }
            let kind = self.choices.weighted(KINDS.iter().map(|kind| kind.0));
            statements.extend(KINDS[kind].1(self).into_iter().flatten());
        }
        statements
    }

    fn declaration(&mut self) -> Option<Vec<Node>> {
        let value = self.any_value();
        let ty = value.ty.clone()?;
        let name = self.binding(&ty);
        Some(vec![Node::statement(&format!("let {name} = $;"), [value.into()])])
    }

    fn taken_apart(&mut self) -> Option<Vec<Node>> {
        let value = self.any_value();
        let ty = value.ty.clone()?;
        let pattern = self.pattern(&ty);
        Some(vec![Node::statement(&format!("let {pattern} = $;"), [value.into()])])
    }

    /// A variable that is used only once, or never.
    fn lonely_declaration(&mut self) -> Option<Vec<Node>> {
        let ty =
            if self.choices.chance(50) { self.any_type() } else { self.pool.copied(self.choices) };
        let value = self.expression(&ty);
        let (name, loops) = (self.fresh("v"), self.context.loops);
        let statement = Node::statement(&format!("let {name} = $;"), [value.into()]);
        self.scope.lonely.push(LonelyVariable { name, ty, loops });
        Some(vec![statement])
    }

    fn lonely_use(&mut self) -> Option<Vec<Node>> {
        let loops = self.context.loops;
        let fits = |v: &&LonelyVariable| v.loops >= loops || v.ty.is_copy();
        let usable: Vec<_> = self.scope.lonely.iter().filter(fits).cloned().collect();
        if usable.is_empty() {
            return None;
        }
        let LonelyVariable { name, ty, .. } = self.choices.pick(&usable).clone();
        self.scope.lonely.retain(|variable| variable.name != name);
        let value = Node::expression(&ty, &name, []);
        if self.choices.chance(30) {
            let pattern = self.pattern(&ty);
            return Some(vec![Node::statement(&format!("let {pattern} = $;"), [value.into()])]);
        }
        let number = self.consumed(value);
        Some(vec![Node::statement("$;", [number.into()])])
    }

    fn look_or_change(&mut self) -> Option<Vec<Node>> {
        let change = self.choices.chance(50);
        let place = self.some_place(|place| place.mutable || !change)?;
        let text = if change { "change(&mut " } else { "look(&" };
        Some(vec![Node::statement(&format!("{text}{});", place.text), [])])
    }

    fn consume_a_place(&mut self) -> Option<Vec<Node>> {
        let place = self.some_place(|place| place.movable)?;
        self.scope.take(&place);
        if self.choices.chance(25) {
            return Some(vec![Node::statement(&format!("drop({});", place.text), [])]);
        }
        let number = self.consumed(Node::expression(&place.ty, &place.text, []));
        Some(vec![Node::statement("$;", [number.into()])])
    }

    /// The first argument waits while the second is made, which may suspend or end the function.
    fn call_with_two(&mut self) -> Option<Vec<Node>> {
        let first = self.any_value();
        let second = self.any_value();
        let suspension = self.suspension().unwrap_or_else(|| "()".to_owned());
        let text = match self.choices.below(7) {
            0 | 1 => "consume_two($, $);".to_owned(),
            2 => "consume_beside($, &$);".to_owned(),
            3 => "look(&$.merged($));".to_owned(),
            4 => format!("consume_two($, {{ {suspension}; $ }});"),
            // The temporaries live until the end of the statement.
            _ if self.context.suspending != super::Suspending::YieldMovable => {
                let name = self.fresh("q");
                format!("let {name} = (consume_beside($, &$), {suspension});")
            }
            _ => "consume_two($, $);".to_owned(),
        };
        Some(vec![Node::statement(&text, [first.into(), second.into()])])
    }

    fn assignment(&mut self) -> Option<Vec<Node>> {
        let targets: Vec<_> =
            self.scope.assignable().map(|v| (v.text.clone(), v.ty.clone())).collect();
        if targets.is_empty() {
            return None;
        }
        let (target, ty) = self.choices.pick(&targets).clone();
        if self.choices.chance(25) {
            let field = self.some_place(|place| place.mutable && !place.is_variable())?;
            let value = self.expression(&field.ty);
            // Its old value may be gone by now, with the whole of it.
            if self.places(|place| place.text == field.text).is_empty() {
                return Some(vec![Node::statement("look(&$);", [value.into()])]);
            }
            return Some(vec![Node::statement(&format!("{} = $;", field.text), [value.into()])]);
        }
        let value = self.expression(&ty);
        let text = match self.choices.below(3) {
            0 => format!("{{ let w = $; {target} = w; }}"),
            _ => format!("{target} = $;"),
        };
        self.scope.assign(&target, self.context.loops);
        Some(vec![Node::statement(&text, [value.into()])])
    }

    fn index_by_variable(&mut self) -> Option<Vec<Node>> {
        let place = self.some_place(|place| matches!(place.ty, Type::Array(_)))?;
        let text = place.text;
        let statement = match self.choices.below(3) {
            0 if place.mutable => {
                let Type::Array(inner) = &place.ty else { return None };
                let id = self.id();
                format!("{text}[index(select)] = <{inner}>::make({id});")
            }
            1 if place.mutable => format!("change(&mut {text}[index(select)]);"),
            _ => format!("look(&{text}[index(select)]);"),
        };
        Some(vec![Node::statement(&statement, [])])
    }

    /// A reference that lives across other statements.
    fn borrow_for_a_while(&mut self) -> Option<Vec<Node>> {
        let unique = self.choices.chance(50);
        let place = self.some_place(|place| place.mutable || !unique)?;
        let name = self.fresh("b");
        let (start, end, borrow) = match unique {
            true => (format!("let {name} = &mut {};", place.text), "change", Borrow::Unique),
            false => (format!("let {name} = &{};", place.text), "look", Borrow::Shared),
        };
        let mut statements = vec![Node::statement(&start, [])];
        statements.extend(self.while_borrowed(place.variable(), borrow));
        statements.push(Node::statement(&format!("{end}({name});"), []));
        Some(statements)
    }

    /// Statements in the same block that leave a variable alone, and end nothing that has it.
    pub(super) fn while_borrowed(&mut self, variable: &str, borrow: Borrow) -> Vec<Node> {
        let before = self.scope.borrow(variable, borrow);
        self.context.borrows += 1;
        self.context.depth += 1;
        let statements = self.statements();
        self.context.depth -= 1;
        self.context.borrows -= 1;
        self.scope.give_back(variable, before);
        statements
    }

    /// Writes through a pointer to where a value was moved away: its storage is still there.
    fn raw_write(&mut self) -> Option<Vec<Node>> {
        let place = self.some_place(|place| {
            place.is_variable() && place.mutable && place.movable && place.ty.is_plain()
        })?;
        let is_movable = self.context.suspending == super::Suspending::YieldMovable;
        let in_loop = self.context.loops > 0 && !place.ty.is_copy();
        if is_movable || in_loop {
            return None;
        }
        let (name, ty, text) = (self.fresh("p"), &place.ty, &place.text);
        let id = self.id();
        let mut statements = vec![Node::statement(&format!("let {name} = &raw mut {text};"), [])];
        statements.extend(self.while_borrowed(place.variable(), Borrow::Unique));
        // What it was moved to must not notice what is written to where it was.
        let moved = self.choices.chance(50).then(|| self.fresh("v"));
        statements.push(Node::statement(
            &match &moved {
                None => format!("consume({text});"),
                Some(name) => format!("let mut {name} = {text};"),
            },
            [],
        ));
        let write = format!("unsafe {{ {name}.write(<{ty}>::make({id})) }}");
        statements.push(Node::statement(&write, []));
        statements.extend(self.while_borrowed(place.variable(), Borrow::Unique));
        statements.push(Node::statement(&format!("look(unsafe {{ &*{name} }});"), []));
        statements.extend(moved.map(|name| Node::statement(&format!("look(&{name});"), [])));
        self.scope.forget(place.variable());
        Some(statements)
    }

    /// Moved away and filled again, also in a loop.
    fn moved_and_filled_again(&mut self) -> Option<Vec<Node>> {
        let place = self.some_place(|place| place.is_variable() && place.mutable)?;
        let movable = self.scope.assignable().any(|v| v.text == place.text && !v.behind_reference);
        if !movable {
            return None;
        }
        let (ty, text) = (&place.ty, &place.text);
        let consumed = self.consumed(Node::expression(ty, text, []));
        let mut statements = vec![Node::statement("$;", [consumed.into()])];
        // Nobody may leave the loop while it is empty.
        let labels = std::mem::take(&mut self.context.labels);
        let before = self.scope.borrow(text, Borrow::Unique);
        self.context.depth += 1;
        statements.extend(self.statements());
        self.context.depth -= 1;
        self.scope.give_back(text, before);
        self.context.labels = labels;
        let value = Node::make(ty, self.id());
        statements.push(Node::statement(&format!("{text} = $;"), [value.into()]));
        Some(statements)
    }

    /// One of the places that fit.
    pub(super) fn some_place(&mut self, fits: impl Fn(&Place) -> bool) -> Option<Place> {
        let places = self.places(fits);
        if places.is_empty() { None } else { Some(self.choices.pick(&places).clone()) }
    }
}
