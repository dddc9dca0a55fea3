//! Futures: made, awaited at once, kept in variables, combined, thrown away; async blocks.

use super::closures::{Borrowed, Capturing};
use super::{Generator, Suspending};
use crate::fuzz::model::{Function, Node, Part, Passing};
use crate::fuzz::scope::{Borrow, FutureVariable};
use crate::fuzz::types::Type;

/// An expression for a future.
pub(super) struct Made {
    node: Node,
    output: Type,
    unpin: bool,
}

impl Generator<'_> {
    /// A future that owns what it uses.
    fn future(&mut self) -> Made {
        self.fuel -= 2;
        let kind = if self.fuel < 0 { 0 } else { self.choices.below(25) };
        match kind {
            0..3 => self.made("child($)", 1, false),
            3..5 => self.made("child_of_two($, $)", 2, false),
            5..8 => self.made(&format!("hand($, {})", kind - 5), 1, true),
            8 | 9 => self.made("making(&$)", 1, false),
            10..12 => self.giving(),
            12..16 => self.async_move_block(),
            16 => self.wrapped_future("dynamic($)", true),
            17 => self.wrapped_future("IntoFuture::into_future($)", false),
            18 => self.wrapped_future("awaiting($)", false),
            19 => self.combined_futures(),
            24 => self.caught_future(),
            20 => self.future_behind_statements(),
            _ => self.called_by_value().unwrap_or_else(|| self.made("child($)", 1, false)),
        }
    }

    fn made(&mut self, text: &str, arguments: usize, unpin: bool) -> Made {
        let arguments: Vec<Part> = (0..arguments).map(|_| self.any_value().into()).collect();
        Made { node: Node::statement(text, arguments), output: Type::NUMBER, unpin }
    }

    fn giving(&mut self) -> Made {
        let value = self.any_value();
        let output = value.ty.clone().unwrap_or(Type::NUMBER);
        Made { node: Node::statement("giving($)", [value.into()]), output, unpin: false }
    }

    fn wrapped_future(&mut self, text: &str, unpin: bool) -> Made {
        let inner = self.future();
        let unpin = unpin || inner.unpin && text.starts_with("IntoFuture");
        Made { node: Node::statement(text, [inner.node.into()]), unpin, ..inner }
    }

    /// A panic in it is a value outside, and its siblings go on.
    fn caught_future(&mut self) -> Made {
        let inner = self.future();
        let output = Type::Option(Box::new(inner.output));
        let node = Node::statement("catching($)", [inner.node.into()]);
        Made { node, output, unpin: false }
    }

    fn combined_futures(&mut self) -> Made {
        let (first, second) = (self.future(), self.future());
        let outputs = Box::new([first.output, second.output]);
        let (name, output) = match self.choices.chance(50) {
            true => ("join($, $)", Type::Tuple(outputs)),
            false => ("race($, $)", Type::Either(outputs)),
        };
        let node = Node::statement(name, [first.node.into(), second.node.into()]);
        Made { node, output, unpin: false }
    }

    /// `{ ..; child(x) }`: what the statements declare ends between the future's making and its first poll.
    fn future_behind_statements(&mut self) -> Made {
        let mut made = None;
        let block = self.block(|this| {
            let inner = this.future();
            made = Some((inner.output, inner.unpin));
            Some(inner.node)
        });
        let (output, unpin) = made.unwrap_or((Type::NUMBER, false));
        Made { node: Node::statement("($)", [block.into()]), output, unpin }
    }

    fn called_by_value(&mut self) -> Option<Made> {
        let functions: Vec<&Function> = self.functions.iter().filter(|f| f.is_entry()).collect();
        if functions.is_empty() {
            return None;
        }
        let function = *self.choices.pick(&functions);
        Some(self.call_of(function))
    }

    /// A call, with references to variables where it takes them: to be awaited at once.
    fn call_of(&mut self, function: &Function) -> Made {
        let mut text = function.name.clone();
        let instance = (!function.instances.is_empty()).then(|| self.any_type());
        if let Some(instance) = &instance {
            text += &format!("::<{instance}>");
        }
        text += "(select";
        let (mut arguments, mut borrowed) = (Vec::<Part>::new(), Vec::new());
        for parameter in &function.parameters {
            let ty = match &instance {
                Some(instance) if parameter.ty == Type::PARAMETER => instance,
                _ => &parameter.ty,
            };
            let unique = parameter.passing == Passing::Unique;
            text += match parameter.passing {
                Passing::Value => ", $",
                Passing::Shared => ", &$",
                Passing::Unique => ", &mut $",
            };
            let mut argument = None;
            if parameter.passing != Passing::Value {
                let place = self.some_place(|p| p.ty == *ty && (p.mutable || !unique));
                if let Some(place) = place {
                    let borrow = if unique { Borrow::Unique } else { Borrow::Shared };
                    let before = self.scope.borrow(place.variable(), borrow);
                    borrowed.push((place.variable().to_owned(), before));
                    // No `make` instead: nothing refers to the place then.
                    argument = Some(Node::expression(ty, &place.text, []));
                }
            }
            arguments.push(argument.unwrap_or_else(|| self.argument(ty, unique)).into());
        }
        self.give_back(borrowed);
        let node = Node::statement(&(text + ")"), arguments);
        Made { node, output: function.returns.clone(), unpin: false }
    }

    fn argument(&mut self, ty: &Type, unique: bool) -> Node {
        let value = self.expression(ty);
        // Not a place: it may be one that must not be changed.
        if unique { Node::expression(ty, "identity($)", [value.into()]) } else { value }
    }

    pub(super) fn give_back(&mut self, borrowed: Borrowed) {
        for (variable, before) in borrowed.into_iter().rev() {
            self.scope.give_back(&variable, before);
        }
    }

    fn async_move_block(&mut self) -> Made {
        let output = self.result_type();
        let (body, _) = self.body(Capturing::Once, Suspending::Await, &output, None);
        Made { node: Node::statement("async move $", [body.into()]), output, unpin: false }
    }

    /// A value that was awaited, if there is a way to get one of this type.
    pub(super) fn awaited_value(&mut self, ty: &Type) -> Option<Node> {
        if !self.can_await() {
            return None;
        }
        let functions: Vec<&Function> =
            self.functions.iter().filter(|f| f.returns == *ty).collect();
        if !functions.is_empty() && self.choices.chance(60) {
            let function = *self.choices.pick(&functions);
            let made = self.call_of(function);
            return Some(Node::expression(ty, "$.await", [made.node.into()]));
        }
        if self.choices.chance(30) {
            let (body, _) = self.body(Capturing::Once, Suspending::Await, ty, None);
            return Some(Node::expression(ty, "async move $.await", [body.into()]));
        }
        let value = self.expression(ty);
        Some(Node::expression(ty, "giving($).await", [value.into()]))
    }

    /// A future that is awaited where it is made.
    pub(super) fn await_future(&mut self) -> Option<Vec<Node>> {
        if !self.can_await() {
            return None;
        }
        if self.choices.chance(25) {
            return self.await_borrowing();
        }
        let made = if self.choices.chance(30) && !self.functions.is_empty() {
            let function = self.choices.pick(self.functions);
            self.call_of(function)
        } else {
            self.future()
        };
        Some(vec![self.awaited(made.node, &made.output)])
    }

    /// Awaits, and does something with the result.
    fn awaited(&mut self, future: Node, output: &Type) -> Node {
        let future = [future.into()];
        match self.choices.below(6) {
            0 | 1 => Node::statement("$.await;", future),
            2 => Node::statement("look(&$.await);", future),
            3 => Node::statement("consume($.await);", future),
            _ => {
                let pattern = self.pattern(output);
                Node::statement(&format!("let {pattern} = $.await;"), future)
            }
        }
    }

    fn await_borrowing(&mut self) -> Option<Vec<Node>> {
        let unique = self.choices.chance(50);
        let place = self.some_place(|place| place.mutable || !unique)?;
        let text = if unique { "child_of_mut(&mut " } else { "child_of_ref(&" };
        Some(vec![Node::statement(&format!("look(&{text}{}).await);", place.text), [])])
    }

    /// A future in a variable.
    pub(super) fn keep_future(&mut self) -> Option<Vec<Node>> {
        if self.context.clonable {
            return None;
        }
        let made = self.future();
        let name = self.declare_future(made.output, made.unpin);
        Some(vec![Node::statement(&format!("let mut {name} = $;"), [made.node.into()])])
    }

    fn declare_future(&mut self, output: Type, unpin: bool) -> String {
        let name = self.fresh("f");
        let loops = self.context.loops;
        self.scope.futures.push(FutureVariable { name: name.clone(), output, unpin, loops });
        name
    }

    /// Something is done with a future that is in a variable.
    pub(super) fn use_future(&mut self) -> Option<Vec<Node>> {
        let loops = self.context.loops;
        let own = |f: &FutureVariable| f.loops >= loops;
        let usable: Vec<_> = self.scope.futures.iter().filter(|f| own(f)).cloned().collect();
        if usable.is_empty() {
            return None;
        }
        let FutureVariable { name, output, unpin, .. } = self.choices.pick(&usable).clone();
        if !self.can_await() {
            self.forget_future(&name);
            return Some(vec![Node::statement(&format!("drop({name});"), [])]);
        }
        if unpin && self.choices.chance(35) {
            let result = self.result();
            let text = format!("if Once(&mut {name}).await {{ return $; }}");
            return Some(vec![Node::statement(&text, [result.into()])]);
        }
        self.forget_future(&name);
        let future = Node::statement(&name, []);
        match self.choices.below(13) {
            0..4 => Some(vec![self.awaited(future, &output)]),
            4 => Some(vec![Node::statement(&format!("drop({name});"), [])]),
            5 => {
                let text = format!("if {} {{ look(&{name}.await); }}", self.condition());
                Some(vec![Node::statement(&text, [])])
            }
            6 => {
                let other = self.future();
                let text = self.choices.pick(&["join($, $).await;", "race($, $).await;"]);
                Some(vec![Node::statement(text, [future.into(), other.node.into()])])
            }
            7 => Some(self.future_in_something(&name)),
            8 => Some(self.future_pinned(&name)),
            kind => {
                let (text, unpin) = match kind {
                    9 => ("$", unpin),
                    10 => ("Box::pin($)", true),
                    11 => ("dynamic($)", true),
                    _ => ("IntoFuture::into_future($)", unpin),
                };
                let new = self.declare_future(output, unpin);
                let text = format!("let mut {new} = {text};");
                Some(vec![Node::statement(&text, [future.into()])])
            }
        }
    }

    fn forget_future(&mut self, name: &str) {
        self.scope.futures.retain(|future| future.name != name);
    }

    /// A future beside other values, and taken out again, or not.
    fn future_in_something(&mut self, future: &str) -> Vec<Node> {
        let beside = self.any_value();
        let name = self.fresh("s");
        let (start, end) = match self.choices.below(3) {
            0 => ("($, FUTURE)", "look(&NAME.1.await);"),
            1 => ("Pair { x: FUTURE, y: $ }", "look(&NAME.x.await);"),
            _ => (
                "[(Some(FUTURE), $)]",
                "let [(Some(f), _)] = NAME else { panic!() }; look(&f.await);",
            ),
        };
        let start = format!("let {name} = {};", start.replace("FUTURE", future));
        let mut statements = vec![Node::statement(&start, [beside.into()])];
        self.context.depth += 1;
        statements.extend(self.statements());
        self.context.depth -= 1;
        if self.choices.chance(80) {
            statements.push(Node::statement(&end.replace("NAME", &name), []));
        }
        statements
    }

    /// A future that is pinned and polled in place, and perhaps never again.
    fn future_pinned(&mut self, future: &str) -> Vec<Node> {
        let name = self.fresh("g");
        let result = self.result();
        let mut statements = vec![
            Node::statement(&format!("let mut {name} = pin!({future});"), []),
            Node::statement(
                &format!("if Once(&mut {name}).await {{ return $; }}"),
                [result.into()],
            ),
        ];
        self.context.depth += 1;
        statements.extend(self.statements());
        self.context.depth -= 1;
        if self.choices.chance(60) {
            statements.push(Node::statement(&format!("look(&{name}.await);"), []));
        }
        statements
    }

    /// An async block that captures by reference.
    pub(super) fn borrowing_block(&mut self) -> Option<Vec<Node>> {
        if !self.can_await() || self.is_deep() {
            return None;
        }
        let output = self.result_type();
        let (body, borrowed) = self.body(Capturing::Borrowing, Suspending::Await, &output, None);
        if self.choices.chance(50) {
            self.give_back(borrowed);
            let future = Node::statement("async $", [body.into()]);
            return Some(vec![self.awaited(future, &output)]);
        }
        let name = self.fresh("f");
        let mut statements =
            vec![Node::statement(&format!("let {name} = async $;"), [body.into()])];
        self.context.depth += 1;
        statements.extend(self.statements());
        self.context.depth -= 1;
        let end = self.choices.pick(&["look(&NAME.await);", "NAME.await;", "drop(NAME);"]);
        statements.push(Node::statement(&end.replace("NAME", &name), []));
        self.give_back(borrowed);
        Some(statements)
    }
}
