//! The types of values in generated programs; `prelude/values.rs` defines them.

use std::fmt;

use super::choices::Choices;

/// How many types a file has.
const POOL: usize = 24;
/// How many more that are copied.
const POOL_OF_COPIED: usize = 5;

/// A type that implements the prelude's `Value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `u8`, `u64`, `Loud`, `Nothing`, `Aligned`.
    Named(&'static str),
    /// `Copied<N>`, `Plain<N>`, `Noisy<N>`.
    Bytes(&'static str, usize),
    /// `(X, Y)`.
    Tuple(Box<[Type; 2]>),
    /// `Pair<X, Y>`, a struct with the fields `x` and `y`.
    Pair(Box<[Type; 2]>),
    /// `Wrap<X>`.
    Wrap(Box<Type>),
    /// `[X; 2]`.
    Array(Box<Type>),
    /// `Guard<X>`: it has a destructor, so nothing moves out of it.
    Guard(Box<Type>),
    /// `Option<X>`.
    Option(Box<Type>),
    /// `Box<X>`: the whole can be moved out of it.
    Boxed(Box<Type>),
    /// `Rc<X>`.
    Shared(Box<Type>),
    /// `Either<X, Y>`.
    Either(Box<[Type; 2]>),
}

/// The types that the programs of one file share: what is generic is compiled once for each of them.
pub struct Pool {
    types: Vec<Type>,
    copied: Vec<Type>,
}

impl Pool {
    /// The types of a file.
    pub fn of_file(file: u64) -> Pool {
        let mut choices = Choices::new(!file);
        let types = (0..POOL).map(|_| Type::nested(&mut choices, 0)).collect();
        let copied = (0..POOL_OF_COPIED).map(|_| Type::copied(&mut choices)).collect();
        Pool { types, copied }
    }

    /// Some type.
    pub fn any(&self, choices: &mut Choices) -> Type {
        choices.pick(&self.types).clone()
    }

    /// A type that is copied, and not small.
    pub fn copied(&self, choices: &mut Choices) -> Type {
        choices.pick(&self.copied).clone()
    }
}

impl Type {
    /// `u64`, what futures of the prelude give.
    pub const NUMBER: Type = Type::Named("u64");
    /// A function's type parameter.
    pub const PARAMETER: Type = Type::Named("G");
    /// What blocks give that only yield.
    pub const UNIT: Type = Type::Named("()");

    fn copied(choices: &mut Choices) -> Type {
        let leaf = Type::Bytes("Copied", *choices.pick(&[16, 24, 48, 100]));
        match choices.below(4) {
            0 => Type::Array(Box::new(leaf)),
            1 => Type::Tuple(Box::new([leaf.clone(), leaf])),
            _ => leaf,
        }
    }

    fn nested(choices: &mut Choices, depth: usize) -> Type {
        let kind = if depth < 3 { choices.below(100) } else { 99 };
        let mut inner = || Type::nested(choices, depth + 1);
        match kind {
            0..14 => Type::Tuple(Box::new([inner(), inner()])),
            14..24 => Type::Pair(Box::new([inner(), inner()])),
            24..29 => Type::Wrap(Box::new(inner())),
            29..38 => Type::Array(Box::new(Type::leaf(choices))),
            38..45 => Type::Guard(Box::new(Type::leaf(choices))),
            45..49 => Type::Option(Box::new(inner())),
            49..53 => Type::Either(Box::new([inner(), inner()])),
            53..57 => Type::Boxed(Box::new(inner())),
            57..59 => Type::Shared(Box::new(inner())),
            _ => Type::leaf(choices),
        }
    }

    fn leaf(choices: &mut Choices) -> Type {
        match choices.below(20) {
            0..5 => Type::Named("Loud"),
            5..8 => Type::Bytes("Noisy", *choices.pick(&[1, 7, 24, 64])),
            8..11 => Type::Bytes("Plain", *choices.pick(&[1, 9, 17, 64, 100])),
            11..15 => Type::Bytes("Copied", *choices.pick(&[1, 5, 16, 48, 100])),
            15 => Type::Named("u8"),
            16 | 17 => Type::NUMBER,
            18 => Type::Named("Aligned"),
            _ => Type::Named("Nothing"),
        }
    }

    /// Whether values are copied where others move.
    pub fn is_copy(&self) -> bool {
        match self {
            Type::Named(name) => matches!(*name, "u8" | "u64" | "Aligned" | "()"),
            Type::Bytes(name, _) => *name == "Copied",
            Type::Tuple(parts) => parts.iter().all(Type::is_copy),
            Type::Array(inner) | Type::Option(inner) => inner.is_copy(),
            Type::Pair(_)
            | Type::Wrap(_)
            | Type::Guard(_)
            | Type::Boxed(_)
            | Type::Shared(_)
            | Type::Either(_) => false,
        }
    }

    /// Whether dropping a value does nothing.
    pub fn is_plain(&self) -> bool {
        self.is_copy() || matches!(self, Type::Bytes("Plain", _))
    }

    /// Whether a value may go through an `extern "C"` call: Cranelift does not align arguments.
    pub fn is_foreign(&self) -> bool {
        matches!(self, Type::Bytes(..) | Type::Named("u8" | "u64" | "Loud"))
    }

    /// The fields that can be moved out one by one.
    pub fn fields(&self) -> Vec<(&'static str, &Type)> {
        match self {
            Type::Tuple(parts) => vec![("0", &parts[0]), ("1", &parts[1])],
            Type::Pair(parts) => vec![("x", &parts[0]), ("y", &parts[1])],
            Type::Wrap(inner) => vec![("0", inner)],
            _ => Vec::new(),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Named(name) => f.write_str(name),
            Type::Bytes(name, size) => write!(f, "{name}<{size}>"),
            Type::Tuple(parts) => write!(f, "({}, {})", parts[0], parts[1]),
            Type::Pair(parts) => write!(f, "Pair<{}, {}>", parts[0], parts[1]),
            Type::Wrap(inner) => write!(f, "Wrap<{inner}>"),
            Type::Array(inner) => write!(f, "[{inner}; 2]"),
            Type::Guard(inner) => write!(f, "Guard<{inner}>"),
            Type::Option(inner) => write!(f, "Option<{inner}>"),
            Type::Boxed(inner) => write!(f, "Box<{inner}>"),
            Type::Shared(inner) => write!(f, "Rc<{inner}>"),
            Type::Either(parts) => write!(f, "Either<{}, {}>", parts[0], parts[1]),
        }
    }
}
