//! What the borrow checker would say: which places hold a value that may be moved, changed or read here.
//!
//! It is stricter than the real one where that is simpler; no program that it lets through may be refused.

use super::types::Type;

/// The variables in scope.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// In the order of their declarations.
    pub variables: Vec<Variable>,
    /// Futures in variables.
    pub futures: Vec<FutureVariable>,
    /// Variables that are to be used once, somewhere.
    pub lonely: Vec<LonelyVariable>,
}

/// A variable of which nothing but its declaration has been written so far.
#[derive(Clone, Debug, PartialEq)]
pub struct LonelyVariable {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// As [`Variable::loops`].
    pub loops: usize,
}

/// A variable with a value.
#[derive(Clone, Debug)]
pub struct Variable {
    /// How it is written: `v3`, but also `(*v3)`, or `v3.0` inside a closure that captures only that.
    pub text: String,
    /// Its type.
    pub ty: Type,
    /// Whether it may be changed.
    pub mutable: bool,
    /// Behind a reference nothing can be moved out.
    pub behind_reference: bool,
    /// In how many loops it was declared: those inside cannot move it.
    pub loops: usize,
    /// What is in it.
    state: State,
    /// How it is borrowed.
    pub borrow: Borrow,
}

/// A future in a variable of its own.
#[derive(Clone, Debug)]
pub struct FutureVariable {
    /// Its name.
    pub name: String,
    /// What it gives.
    pub output: Type,
    /// Whether it is `Unpin`.
    pub unpin: bool,
    /// As [`Variable::loops`].
    pub loops: usize,
}

/// How much of a variable holds a value.
#[derive(Clone, Debug, PartialEq)]
enum State {
    Full,
    Gone,
    Parts(Vec<State>),
}

/// Whether someone has a reference to a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Borrow {
    /// Nobody.
    Free,
    /// It can be read.
    Shared,
    /// It cannot even be read.
    Unique,
}

/// A variable, or a field of it, that holds a value.
#[derive(Clone, Debug)]
pub struct Place {
    /// As it is written.
    pub text: String,
    /// Its type.
    pub ty: Type,
    /// Whether it may be changed.
    pub mutable: bool,
    /// Whether it may be moved away; or copied, if it is `Copy`.
    pub movable: bool,
    variable: String,
    path: Vec<usize>,
}

impl Place {
    /// The variable that it is, or is a part of.
    pub fn variable(&self) -> &str {
        &self.variable
    }

    /// Whether it is a whole variable.
    pub fn is_variable(&self) -> bool {
        self.path.is_empty()
    }
}

impl Scope {
    /// Declares a variable that holds a value.
    pub fn declare(&mut self, text: &str, ty: &Type, mutable: bool, loops: usize) {
        self.variables.push(Variable {
            text: text.to_owned(),
            ty: ty.clone(),
            mutable,
            behind_reference: false,
            loops,
            state: State::Full,
            borrow: Borrow::Free,
        });
    }

    /// Declares a variable that gets its value later.
    pub fn declare_empty(&mut self, text: &str, ty: &Type, loops: usize) {
        self.declare(text, ty, true, loops);
        self.forget(text);
    }

    /// Declares what a reference points to.
    pub fn declare_reference(&mut self, name: &str, ty: &Type, mutable: bool) {
        self.declare(&format!("(*{name})"), ty, mutable, 0);
        if let Some(variable) = self.variables.last_mut() {
            variable.behind_reference = true;
        }
    }

    /// All places with a value that can be read inside so many loops.
    pub fn places(&self, loops: usize) -> Vec<Place> {
        let mut places = Vec::new();
        for variable in self.variables.iter().filter(|v| v.borrow < Borrow::Unique) {
            let whole = Place {
                text: variable.text.clone(),
                ty: variable.ty.clone(),
                mutable: variable.mutable && variable.borrow == Borrow::Free,
                movable: variable.ty.is_copy()
                    || variable.borrow == Borrow::Free
                        && !variable.behind_reference
                        && variable.loops >= loops,
                variable: variable.text.clone(),
                path: Vec::new(),
            };
            add_places(&mut places, whole, &variable.state);
        }
        places
    }

    /// Notes that a place was moved from, if that is not a copy.
    pub fn take(&mut self, place: &Place) {
        if !place.ty.is_copy() {
            self.set(place, State::Gone);
        }
    }

    /// Nobody may use a variable any more.
    pub fn forget(&mut self, variable: &str) {
        if let Some(variable) = self.variable(variable) {
            variable.state = State::Gone;
        }
    }

    fn set(&mut self, place: &Place, state: State) {
        let Some(variable) = self.variable(&place.variable) else { return };
        let (mut ty, mut at) = (&variable.ty, &mut variable.state);
        for &position in &place.path {
            let fields = ty.fields();
            if *at == State::Full {
                *at = State::Parts(vec![State::Full; fields.len()]);
            }
            let State::Parts(parts) = at else { return };
            (ty, at) = (fields[position].1, &mut parts[position]);
        }
        *at = state;
    }

    /// The variables that can be assigned to, with or without a value.
    pub fn assignable(&self) -> impl Iterator<Item = &Variable> {
        // A reference may have moved away, with what it points to.
        let is_there = |v: &&Variable| !(v.behind_reference && v.state == State::Gone);
        let may_change = |v: &&Variable| v.mutable && v.borrow == Borrow::Free;
        self.variables.iter().filter(is_there).filter(may_change)
    }

    /// Notes that a variable was assigned to. What is empty before each round of a loop may be moved in it again.
    pub fn assign(&mut self, variable: &str, loops: usize) {
        if let Some(variable) = self.variable(variable) {
            if variable.state == State::Gone {
                variable.loops = variable.loops.max(loops);
            }
            variable.state = State::Full;
        }
    }

    /// Where the function ends for sure, everything may be moved, in however many loops that is.
    pub fn enter_loops(&mut self, loops: usize) {
        self.variables.iter_mut().for_each(|variable| variable.loops = loops);
        self.futures.iter_mut().for_each(|future| future.loops = loops);
        self.lonely.iter_mut().for_each(|variable| variable.loops = loops);
    }

    /// Borrows a variable; gives how it was borrowed before.
    pub fn borrow(&mut self, variable: &str, borrow: Borrow) -> Borrow {
        match self.variable(variable) {
            Some(variable) => {
                let stronger = borrow.max(variable.borrow);
                std::mem::replace(&mut variable.borrow, stronger)
            }
            None => Borrow::Free,
        }
    }

    /// Ends a borrow.
    pub fn give_back(&mut self, variable: &str, before: Borrow) {
        if let Some(variable) = self.variable(variable) {
            variable.borrow = before;
        }
    }

    fn variable(&mut self, text: &str) -> Option<&mut Variable> {
        self.variables.iter_mut().rev().find(|variable| variable.text == text)
    }

    /// Where two ways through a program come together: what both have left. Both have this scope's variables first.
    pub fn join(&mut self, other: &Scope) {
        for (variable, other) in self.variables.iter_mut().zip(&other.variables) {
            variable.state = join(&variable.state, &other.state);
            variable.loops = variable.loops.min(other.loops);
        }
        self.futures.retain(|future| other.futures.iter().any(|f| f.name == future.name));
        self.keep_lonely(other);
    }

    /// What was used somewhere else is not lonely any more.
    pub fn keep_lonely(&mut self, other: &Scope) {
        self.lonely.retain(|variable| other.lonely.contains(variable));
    }

    /// Leaves a block: what it declared is gone.
    pub fn leave(&mut self, before: &Scope) {
        self.variables.truncate(before.variables.len());
        self.futures.retain(|future| before.futures.iter().any(|f| f.name == future.name));
        self.keep_lonely(before);
    }
}

fn add_places(places: &mut Vec<Place>, place: Place, state: &State) {
    if *state == State::Gone {
        return;
    }
    for (position, (name, ty)) in place.ty.fields().into_iter().enumerate() {
        let state = match state {
            State::Parts(parts) => &parts[position],
            _ => &State::Full,
        };
        let mut path = place.path.clone();
        path.push(position);
        let field = Place {
            text: format!("{}.{name}", place.text),
            ty: ty.clone(),
            movable: place.movable || ty.is_copy(),
            path,
            ..place.clone()
        };
        add_places(places, field, state);
    }
    if *state == State::Full {
        places.push(place);
    }
}

fn join(left: &State, right: &State) -> State {
    let parts = |state: &State, length| match state {
        State::Parts(parts) => parts.clone(),
        other => vec![other.clone(); length],
    };
    match (left, right) {
        (State::Full, State::Full) => State::Full,
        (State::Gone, _) | (_, State::Gone) => State::Gone,
        (State::Parts(some), _) | (_, State::Parts(some)) => {
            let (left, right) = (parts(left, some.len()), parts(right, some.len()));
            State::Parts(left.iter().zip(&right).map(|(left, right)| join(left, right)).collect())
        }
    }
}
