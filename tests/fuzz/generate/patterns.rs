//! Patterns that always match, and the variables that they declare.

use super::Generator;
use crate::fuzz::types::Type;

impl Generator<'_> {
    /// A name, perhaps a mutable one.
    pub(super) fn binding(&mut self, ty: &Type) -> String {
        let name = self.fresh("v");
        let mutable = self.choices.chance(60);
        self.scope.declare(&name, ty, mutable, self.context.loops);
        if mutable { format!("mut {name}") } else { name }
    }

    /// A pattern for a value of a type, taken apart to some depth.
    pub(super) fn pattern(&mut self, ty: &Type) -> String {
        let kind = self.choices.below(100);
        match ty {
            _ if kind >= 96 => "_".to_owned(),
            _ if kind >= 70 => self.binding(ty),
            Type::Tuple(parts) => match self.choices.below(8) {
                0 => format!("(.., {})", self.pattern(&parts[1])),
                1 => format!("({}, _)", self.pattern(&parts[0])),
                _ => format!("({}, {})", self.pattern(&parts[0]), self.pattern(&parts[1])),
            },
            Type::Pair(parts) => match self.choices.below(6) {
                0 => format!("Pair {{ x: {}, .. }}", self.pattern(&parts[0])),
                1 => format!("Pair {{ y: {}, .. }}", self.pattern(&parts[1])),
                _ => {
                    // Not in the order of the fields.
                    let y = self.pattern(&parts[1]);
                    format!("Pair {{ y: {y}, x: {} }}", self.pattern(&parts[0]))
                }
            },
            Type::Wrap(inner) => format!("Wrap({})", self.pattern(inner)),
            Type::Array(inner) => match self.choices.below(4) {
                0 => format!("[{}, ..]", self.pattern(inner)),
                1 => format!("[.., {}]", self.pattern(inner)),
                _ => format!("[{}, {}]", self.pattern(inner), self.pattern(inner)),
            },
            // Only copies come out of what has a destructor.
            Type::Guard(inner) if inner.is_copy() && kind < 40 => {
                format!("Guard {{ inner: {}, .. }}", self.binding(inner))
            }
            Type::Guard(_) if kind < 50 => {
                format!("Guard {{ number: {}, .. }}", self.binding(&Type::Named("u8")))
            }
            _ => self.binding(ty),
        }
    }
}
