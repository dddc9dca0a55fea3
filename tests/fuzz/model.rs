//! What a generated program is: a tree that is just deep enough to be made smaller.
//!
//! The generator knows what the text between two parts means; shrinking and writing need to know only where
//! statements, blocks and expressions begin and end, and of what type an expression is.

use super::types::Type;

/// A program: async functions. Its scenarios run each that takes no references.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// What it came from.
    pub seed: u64,
    /// Each calls only those before it, or itself.
    pub functions: Vec<Function>,
}

/// A function that makes a future.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// `task3`.
    pub name: String,
    /// How the future is made.
    pub kind: Kind,
    /// Behind `select: u32`.
    pub parameters: Vec<Parameter>,
    /// What the future gives.
    pub returns: Type,
    /// What it does.
    pub body: Block,
    /// What scenarios put in the place of its type parameter [`Type::PARAMETER`]; empty if it has none.
    pub instances: Vec<Type>,
}

/// How a function makes its future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `async fn`.
    Async,
    /// `fn` with an `async move` block.
    Block,
    /// `fn` with a coroutine that may be moved between resumes.
    Movable,
    /// `fn` with a coroutine that may not.
    Immovable,
    /// An `async fn` of a trait, and a `fn` that calls it.
    Method,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// A name, or any other pattern that always matches.
    pub pattern: String,
    /// How it is passed.
    pub passing: Passing,
    /// Without the reference.
    pub ty: Type,
}

/// How a parameter is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// `T`.
    Value,
    /// `&T`.
    Shared,
    /// `&mut T`.
    Unique,
}

/// Statements, and what the block is worth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// Each with its semicolon, where it needs one.
    pub statements: Vec<Node>,
    /// Nothing: `()`.
    pub tail: Option<Box<Node>>,
}

/// A statement or an expression: text with expressions and blocks in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// An expression of this type could be `make` instead; `None` for statements and futures.
    pub ty: Option<Type>,
    /// In the order in which they are written.
    pub parts: Vec<Part>,
}

/// A part of a statement or expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Rust.
    Text(String),
    /// An expression.
    Node(Node),
    /// With its braces.
    Block(Block),
}

impl Passing {
    /// What stands in front of the type.
    pub fn reference(self) -> &'static str {
        match self {
            Passing::Value => "",
            Passing::Shared => "&",
            Passing::Unique => "&mut ",
        }
    }
}

impl Function {
    /// Whether scenarios run it.
    pub fn is_entry(&self) -> bool {
        self.parameters.iter().all(|parameter| parameter.passing == Passing::Value)
    }
}

impl Node {
    /// A statement: each `$` in the text is one of the parts.
    pub fn statement(text: &str, parts: impl IntoIterator<Item = Part>) -> Node {
        let mut result = Vec::new();
        let mut pieces = text.split('$');
        result.extend(pieces.next().map(|piece| Part::Text(piece.to_owned())));
        let mut parts = parts.into_iter();
        for piece in pieces {
            result.push(parts.next().expect("a part for each `$`"));
            result.push(Part::Text(piece.to_owned()));
        }
        assert!(parts.next().is_none(), "a `$` for each part of `{text}`");
        Node { ty: None, parts: result }
    }

    /// An expression.
    pub fn expression(ty: &Type, text: &str, parts: impl IntoIterator<Item = Part>) -> Node {
        Node { ty: Some(ty.clone()), ..Node::statement(text, parts) }
    }

    /// The simplest expression of a type.
    pub fn make(ty: &Type, id: usize) -> Node {
        Node::expression(ty, &format!("<{ty}>::make({id})"), [])
    }
}

impl From<Node> for Part {
    fn from(node: Node) -> Part {
        Part::Node(node)
    }
}

impl From<Block> for Part {
    fn from(block: Block) -> Part {
        Part::Block(block)
    }
}
