//! Branches, matches, loops, and ways out of them.

use super::Generator;
use crate::fuzz::model::{Block, Node};
use crate::fuzz::scope::Borrow;
use crate::fuzz::types::Type;

impl Generator<'_> {
    pub(super) fn branch(&mut self) -> Option<Vec<Node>> {
        if self.is_deep() {
            return None;
        }
        let condition = self.condition();
        if self.choices.chance(40) {
            let before = self.scope.clone();
            let then = self.block(|_| None);
            self.scope.join(&before);
            return Some(vec![Node::statement(&format!("if {condition} $"), [then.into()])]);
        }
        let [then, otherwise] = self.branches(|_| None);
        let text = format!("if {condition} $ else $");
        Some(vec![Node::statement(&text, [then.into(), otherwise.into()])])
    }

    /// A value that has one of two forms.
    pub(super) fn matched(&mut self) -> Option<Vec<Node>> {
        if self.is_deep() {
            return None;
        }
        let place = self.some_place(|place| {
            place.movable && matches!(place.ty, Type::Either(_) | Type::Option(_))
        })?;
        let (left, right) = match &place.ty {
            Type::Either(parts) => (("Either::Left", &parts[0]), Some(&parts[1])),
            Type::Option(inner) => (("Some", &**inner), None),
            _ => return None,
        };
        self.scope.take(&place);
        let before = self.scope.clone();
        let (left_pattern, left_block) = self.arm(left.1);
        let after_left = std::mem::replace(&mut self.scope, before);
        let (right_pattern, right_block) = match right {
            Some(ty) => {
                let (pattern, block) = self.arm(ty);
                (format!("Either::Right({pattern})"), block)
            }
            None => ("None".to_owned(), self.block(|_| None)),
        };
        self.scope.join(&after_left);
        let text = format!(
            "match {} {{ {}({left_pattern}) => $, {right_pattern} => $ }}",
            place.text, left.0
        );
        Some(vec![Node::statement(&text, [left_block.into(), right_block.into()])])
    }

    /// The same, by reference: what the arms see is borrowed for as long as they run.
    pub(super) fn matched_by_reference(&mut self) -> Option<Vec<Node>> {
        if self.is_deep() {
            return None;
        }
        let unique = self.choices.chance(50);
        let place = self.some_place(|place| {
            (place.mutable || !unique) && matches!(place.ty, Type::Either(_) | Type::Option(_))
        })?;
        let (left, right) = match &place.ty {
            Type::Either(parts) => (("Either::Left", &parts[0]), Some(&parts[1])),
            Type::Option(inner) => (("Some", &**inner), None),
            _ => return None,
        };
        let borrow = if unique { Borrow::Unique } else { Borrow::Shared };
        let borrowed = self.scope.borrow(place.variable(), borrow);
        self.context.borrows += 1;
        let before = self.scope.clone();
        let (left_name, left_block) = self.referring_arm(left.1, unique);
        let after_left = std::mem::replace(&mut self.scope, before);
        let (right_pattern, right_block) = match right {
            Some(ty) => {
                let (name, block) = self.referring_arm(ty, unique);
                (format!("Either::Right({name})"), block)
            }
            None => ("None".to_owned(), self.block(|_| None)),
        };
        self.scope.join(&after_left);
        self.context.borrows -= 1;
        self.scope.give_back(place.variable(), borrowed);
        let reference = if unique { "&mut " } else { "&" };
        let text = format!(
            "match {reference}{} {{ {}({left_name}) => $, {right_pattern} => $ }}",
            place.text, left.0
        );
        Some(vec![Node::statement(&text, [left_block.into(), right_block.into()])])
    }

    fn referring_arm(&mut self, ty: &Type, unique: bool) -> (String, Block) {
        let before = self.scope.clone();
        let name = self.fresh("r");
        self.scope.declare_reference(&name, ty, unique);
        let mut block = self.block(|_| None);
        block.statements.push(Node::statement(&format!("look(&*{name});"), []));
        self.scope.leave(&before);
        (name, block)
    }

    fn arm(&mut self, ty: &Type) -> (String, Block) {
        let before = self.scope.clone();
        let pattern = self.pattern(ty);
        let block = self.block(|_| None);
        self.scope.leave(&before);
        (pattern, block)
    }

    pub(super) fn inner_block(&mut self) -> Option<Vec<Node>> {
        if self.is_deep() {
            return None;
        }
        let block = self.block(|_| None);
        Some(vec![Node::statement("$", [block.into()])])
    }

    /// Two rounds, in one of several forms.
    pub(super) fn counted_loop(&mut self) -> Option<Vec<Node>> {
        if self.is_deep() || self.context.loops > 1 {
            return None;
        }
        let (label, counter) = (self.fresh("'l"), self.fresh("n"));
        let form = self.choices.below(5);
        let values = (form == 3).then(|| {
            let ty = self.any_type();
            (self.expression(&ty), self.expression(&ty), ty)
        });
        let before = self.scope.clone();
        self.context.loops += 1;
        self.context.labels.push(label.clone());
        let result = match (form, values) {
            (0 | 1, _) => {
                let body = self.block(|_| None);
                vec![Node::statement(&format!("{label}: for {counter} in 0..2 $"), [body.into()])]
            }
            (2, _) => {
                let mut body = self.block(|_| None);
                let count = Node::statement(&format!("{counter} += 1;"), []);
                body.statements.insert(0, count);
                vec![
                    Node::statement(&format!("let mut {counter} = 0u8;"), []),
                    Node::statement(&format!("{label}: while {counter} < 2 $"), [body.into()]),
                ]
            }
            (_, Some(values)) => self.loop_over_values(&label, values),
            _ => self.endless_loop(&label, &counter),
        };
        self.context.labels.pop();
        self.context.loops -= 1;
        // There may have been no round at all.
        let declared: Vec<_> = self.scope.variables.drain(before.variables.len()..).collect();
        let inside = std::mem::replace(&mut self.scope, before);
        self.scope.keep_lonely(&inside);
        self.scope.variables.extend(declared);
        Some(result)
    }

    fn loop_over_values(&mut self, label: &str, values: (Node, Node, Type)) -> Vec<Node> {
        let (first, second, ty) = values;
        let (pattern, body) = self.arm(&ty);
        let text = format!("{label}: for {pattern} in [$, $] $");
        vec![Node::statement(&text, [first.into(), second.into(), body.into()])]
    }

    /// A loop that ends with a value.
    fn endless_loop(&mut self, label: &str, counter: &str) -> Vec<Node> {
        let ty = self.any_type();
        // A `break` without a value would not do.
        self.context.labels.pop();
        let before = self.scope.clone();
        self.context.depth += 1;
        let mut statements = vec![Node::statement(&format!("{counter} += 1;"), [])];
        statements.extend(self.statements());
        let value = self.expression(&ty);
        let end = format!("if {counter} == 2 {{ break {label} $ }}");
        statements.push(Node::statement(&end, [value.into()]));
        statements.extend(self.statements());
        self.context.depth -= 1;
        self.scope.leave(&before);
        self.context.labels.push(label.to_owned());
        let body = Block { statements, tail: None };
        self.context.loops -= 1;
        let name = self.binding(&ty);
        self.context.loops += 1;
        vec![
            Node::statement(&format!("let mut {counter} = 0u8;"), []),
            Node::statement(&format!("let {name} = {label}: loop $;"), [body.into()]),
        ]
    }

    pub(super) fn leave_loop(&mut self) -> Option<Vec<Node>> {
        if self.context.labels.is_empty() {
            return None;
        }
        let label = self.choices.pick(&self.context.labels).clone();
        let how = self.choices.pick(&["break", "continue"]);
        let condition = self.condition();
        let before = self.scope.clone();
        let mut block = self.block(|_| None);
        self.scope = before;
        block.statements.push(Node::statement(&format!("{how} {label};"), []));
        Some(vec![Node::statement(&format!("if {condition} $"), [block.into()])])
    }

    /// Before it ends, the function may still do what it could not in a loop.
    pub(super) fn leave_function(&mut self) -> Option<Vec<Node>> {
        let condition = self.condition();
        let before = self.scope.clone();
        let returns = self.context.returns.clone();
        let labels = std::mem::take(&mut self.context.labels);
        self.scope.enter_loops(self.context.loops);
        let mut block = self.block(|_| None);
        let value = self.expression(&returns);
        self.context.labels = labels;
        self.scope = before;
        block.statements.push(Node::statement("return $;", [value.into()]));
        Some(vec![Node::statement(&format!("if {condition} $"), [block.into()])])
    }

    /// Whether blocks would be nested too deeply.
    pub(super) fn is_deep(&self) -> bool {
        self.context.depth > 2
    }
}
