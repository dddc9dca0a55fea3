//! Makes a program from choices. Whatever it makes compiles: [`super::scope`] keeps it to what the borrow checker
//! allows.
//!
//! * [`functions`]: signatures, parameters, recursion;
//! * [`expressions`]: values of a wanted type;
//! * [`patterns`]: patterns that take values apart;
//! * [`statements`]: what happens between two suspensions: moves, changes, borrows;
//! * [`control`]: branches, loops, early ends;
//! * [`futures`]: what is awaited, kept or thrown away; async blocks;
//! * [`closures`]: closures of both kinds, and what they capture;
//! * [`coroutines`]: coroutines in variables;
//! * [`chains`]: values that only move on, in coroutines of their own: their sizes are tight.

mod chains;
mod closures;
mod control;
mod coroutines;
mod expressions;
mod functions;
mod futures;
mod patterns;
mod statements;

use super::choices::Choices;
use super::model::{Function, Node, Program};
use super::scope::Scope;
use super::types::{Pool, Type};
use super::variants::PER_FILE;

/// What a program may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// An `async fn` that calls itself, boxed: rustc itself refuses that from `-Zmir-opt-level=3` on.
    pub recursion: bool,
}

/// The program that belongs to a seed.
pub fn program(seed: u64, allowed: Allowed) -> Program {
    let mut choices = Choices::new(seed);
    // Few types, so that there are places for what is wanted.
    let pool = Pool::of_file(seed / PER_FILE);
    let mut types: Vec<_> = (0..3).map(|_| pool.any(&mut choices)).collect();
    types.push(pool.copied(&mut choices));
    let mut functions = Vec::new();
    let count = choices.between(1, 4);
    for position in 0..count {
        let is_entry = position + 1 == count;
        let generator = Generator::new(&mut choices, &functions, (&types, &pool), allowed);
        let function = generator.function(is_entry);
        functions.push(function);
    }
    Program { seed, functions }
}

/// How a body suspends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Suspending {
    /// `.await`.
    Await,
    /// `yield`, and no borrow may be alive.
    YieldMovable,
    /// `yield`.
    YieldImmovable,
    /// Both: `async gen`.
    AwaitAndYield,
    /// Not at all: a closure.
    Never,
}

/// Where in a program we are.
#[derive(Clone, Debug)]
struct Context {
    /// What `return` takes.
    returns: Type,
    suspending: Suspending,
    /// The loops and blocks that can be left, with their labels.
    labels: Vec<String>,
    /// In how many loops of this body.
    loops: usize,
    /// In how many blocks.
    depth: usize,
    /// How many borrows are alive.
    borrows: usize,
    /// What a coroutine yields, and what it is resumed with; `None` for those of whole functions.
    items: Option<(Type, Option<Type>)>,
    /// Whether everything that is alive in a suspension must be `Clone`.
    clonable: bool,
}

/// Makes one function.
struct Generator<'a> {
    choices: &'a mut Choices,
    functions: &'a [Function],
    types: Vec<Type>,
    pool: &'a Pool,
    allowed: Allowed,
    scope: Scope,
    context: Context,
    names: usize,
    /// How much may still be added; below 0 only the simplest is.
    fuel: i32,
}

impl<'a> Generator<'a> {
    fn new(
        choices: &'a mut Choices,
        functions: &'a [Function],
        (types, pool): (&'a [Type], &'a Pool),
        allowed: Allowed,
    ) -> Self {
        let context = Context {
            returns: Type::NUMBER,
            suspending: Suspending::Await,
            labels: Vec::new(),
            loops: 0,
            depth: 0,
            borrows: 0,
            items: None,
            clonable: false,
        };
        let fuel = choices.between(15, 90) as i32;
        let scope = Scope::default();
        Generator {
            choices,
            functions,
            types: types.to_vec(),
            pool,
            allowed,
            scope,
            context,
            names: 0,
            fuel,
        }
    }

    /// What functions, blocks and closures give back.
    fn result_type(&mut self) -> Type {
        match self.choices.below(10) {
            0..5 => Type::NUMBER,
            5..8 => Type::Option(Box::new(self.any_type())),
            _ => self.any_type(),
        }
    }

    fn any_type(&mut self) -> Type {
        if self.choices.chance(70) {
            return self.choices.pick(&self.types).clone();
        }
        self.pool.any(self.choices)
    }

    /// A name that is new in the whole function.
    fn fresh(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    /// A number for `make`.
    fn id(&mut self) -> usize {
        self.choices.below(250)
    }

    fn can_suspend(&self) -> bool {
        match self.context.suspending {
            Suspending::Await | Suspending::YieldImmovable | Suspending::AwaitAndYield => true,
            Suspending::YieldMovable => self.context.borrows == 0,
            Suspending::Never => false,
        }
    }

    fn can_await(&self) -> bool {
        matches!(self.context.suspending, Suspending::Await | Suspending::AwaitAndYield)
    }

    /// A suspension, where one is possible.
    fn suspend(&mut self) -> Option<Node> {
        let suspension = self.suspension()?;
        Some(Node::statement(&format!("{suspension};"), []))
    }

    /// An expression that suspends, and is worth nothing.
    fn suspension(&mut self) -> Option<String> {
        if !self.can_suspend() {
            return None;
        }
        let awaits = match self.context.suspending {
            Suspending::AwaitAndYield => self.choices.chance(50),
            suspending => suspending == Suspending::Await,
        };
        Some(match &self.context.items {
            _ if awaits => "wait().await".to_owned(),
            Some((items, _)) => format!("yield <{items}>::make(7)"),
            None => "yield 0u8".to_owned(),
        })
    }

    /// A condition that does not depend on what the program did.
    fn condition(&mut self) -> String {
        match self.choices.below(3) {
            0 => format!("select == {}", self.choices.below(8)),
            1 => format!("select > {}", self.choices.below(7)),
            _ => format!("select & {} != 0", 1 << self.choices.below(3)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Allowed = Allowed { recursion: true };

    #[test]
    fn a_seed_names_a_program() {
        for seed in 0..50 {
            assert_eq!(program(seed, ALL), program(seed, ALL));
        }
        assert_ne!(program(1, ALL).functions, program(2, ALL).functions);
    }

    #[test]
    fn functions_call_themselves_only_where_allowed() {
        let text = |allowed| {
            let programs: Vec<_> = (0..300).map(|seed| program(seed, allowed)).collect();
            let all: Vec<_> = programs.iter().collect();
            crate::fuzz::writer::file(&all, crate::fuzz::writer::Detail::Hashes)
        };
        let recurses = |text: &str| text.contains("if select < 8 {");
        assert!(recurses(&text(ALL)));
        assert!(!recurses(&text(Allowed { recursion: false })));
    }
}
