//! The statement of a problem: items and the rules that their offsets must keep.
//!
//! Nothing is decided here. Calls only record; rules that depend on several calls are
//! judged when the problem is solved, so that the order of calls cannot matter.

use crate::Error;
use crate::matrix::Matrix;

/// One value to be placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Size in bytes. Zero is allowed: such an item overlaps nothing.
    pub size: u64,
    /// Alignment in bytes, a power of two.
    pub align: u64,
}

/// Items to be placed, and what must hold of their offsets.
///
/// # Conflicts
///
/// Two items conflict if they are in one variant or were given to
/// [`add_conflict`](Problem::add_conflict). Conflicting items share no byte. The
/// exception: coincident items do not conflict by being in one variant, since they are
/// two names for one place.
#[derive(Clone, Debug)]
pub struct Problem {
    pub(crate) items: Vec<Item>,
    /// The variants one after the other, each sorted and free of repetition.
    members: Vec<u32>,
    /// Where each variant ends in `members`.
    ends: Vec<usize>,
    pub(crate) conflicts: Matrix,
    pub(crate) coincident: Vec<(u32, u32)>,
    pub(crate) pins: Vec<(u32, u64)>,
    pub(crate) low: Vec<(u32, u64)>,
    pub(crate) limit: u64,
}

impl Problem {
    /// A problem without rules: the items may all share their bytes.
    ///
    /// # Errors
    ///
    /// [`Error::BadAlign`] if an alignment is not a power of two,
    /// [`Error::TooManyItems`] if there are more than `u32::MAX` items.
    pub fn new(items: Vec<Item>) -> Result<Problem, Error> {
        if u32::try_from(items.len()).is_err() {
            return Err(Error::TooManyItems { count: items.len() });
        }
        for (item, &Item { align, .. }) in items.iter().enumerate() {
            if !align.is_power_of_two() {
                return Err(Error::BadAlign { item, align });
            }
        }
        Ok(Problem {
            members: Vec::new(),
            ends: Vec::new(),
            conflicts: Matrix::new(items.len()),
            coincident: Vec::new(),
            pins: Vec::new(),
            low: Vec::new(),
            limit: u64::MAX,
            items,
        })
    }

    /// The items, in the order in which they were given.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Says that these items are live together at one suspension point: they conflict
    /// pairwise, and count together for the [`bound`](Problem::bound). Repetitions are
    /// ignored.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchItem`] if an index is out of range; nothing is added then.
    pub fn add_variant(&mut self, items: &[usize]) -> Result<(), Error> {
        let start = self.members.len();
        for &item in items {
            match self.index(item) {
                Ok(index) => self.members.push(index),
                Err(error) => {
                    self.members.truncate(start);
                    return Err(error);
                }
            }
        }
        let variant = &mut self.members[start..];
        variant.sort_unstable();
        let mut kept = start;
        for at in start..self.members.len() {
            if at == start || self.members[at] != self.members[kept - 1] {
                self.members[kept] = self.members[at];
                kept += 1;
            }
        }
        self.members.truncate(kept);
        self.ends.push(kept);
        Ok(())
    }

    /// Says that two items conflict: they share no byte.
    ///
    /// The first such call allocates a bit for every pair of items. Prefer
    /// [`add_variant`](Problem::add_variant) where several items are live together: it
    /// is cheaper, and it counts for the bound.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchItem`] if an index is out of range, [`Error::CoincidentConflict`]
    /// if `a` is `b`. A conflict with an item that coincides otherwise is reported when
    /// the problem is solved.
    pub fn add_conflict(&mut self, a: usize, b: usize) -> Result<(), Error> {
        self.index(a)?;
        self.index(b)?;
        if a == b {
            return Err(Error::CoincidentConflict { a, b });
        }
        self.conflicts.set(a, b);
        Ok(())
    }

    /// Says that two items get the same offset, as an upvar and the slot that it is
    /// promoted to. This is transitive.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchItem`] if an index is out of range.
    pub fn coincide(&mut self, a: usize, b: usize) -> Result<(), Error> {
        let pair = (self.index(a)?, self.index(b)?);
        self.coincident.push(pair);
        Ok(())
    }

    /// Fixes the offset of an item, in bytes.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchItem`] if the index is out of range. Pins that contradict
    /// something are reported when the problem is solved.
    pub fn pin(&mut self, item: usize, offset: u64) -> Result<(), Error> {
        let pin = (self.index(item)?, offset);
        self.pins.push(pin);
        Ok(())
    }

    /// Says that the first `bytes` bytes of an item (all of it, if it has fewer) had better lie at
    /// the low end of the object, as what a coroutine holds when it is created. Of equally small
    /// packings, one is preferred in which the last such byte lies lowest; see
    /// [`low_end`](Problem::low_end).
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchItem`] if the index is out of range.
    pub fn prefer_low(&mut self, item: usize, bytes: u64) -> Result<(), Error> {
        let low = (self.index(item)?, bytes);
        self.low.push(low);
        Ok(())
    }

    /// Sets the largest size in bytes that a packing may have. Without this call it is
    /// `u64::MAX`.
    pub fn set_limit(&mut self, max_total: u64) {
        self.limit = max_total;
    }

    /// The variants, each sorted and free of repetition.
    pub(crate) fn variants(&self) -> impl Iterator<Item = &[u32]> {
        self.ends.iter().scan(0, |start, &end| {
            let variant = &self.members[*start..end];
            *start = end;
            Some(variant)
        })
    }

    fn index(&self, item: usize) -> Result<u32, Error> {
        let count = self.items.len();
        match u32::try_from(item) {
            Ok(index) if item < count => Ok(index),
            _ => Err(Error::NoSuchItem { item, count }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYTE: Item = Item { size: 1, align: 1 };

    #[test]
    fn variants_are_sets() {
        let mut problem = Problem::new(vec![BYTE; 4]).unwrap();
        problem.add_variant(&[3, 1, 3, 0, 1]).unwrap();
        problem.add_variant(&[]).unwrap();
        problem.add_variant(&[2, 2]).unwrap();
        let variants: Vec<&[u32]> = problem.variants().collect();
        assert_eq!(variants, [&[0, 1, 3][..], &[], &[2]]);
    }

    #[test]
    fn a_bad_index_adds_nothing() {
        let mut problem = Problem::new(vec![BYTE; 2]).unwrap();
        let wrong = Error::NoSuchItem { item: 2, count: 2 };
        assert_eq!(problem.add_variant(&[0, 2]), Err(wrong));
        assert_eq!(problem.add_conflict(0, 2), Err(wrong));
        assert_eq!(problem.coincide(2, 0), Err(wrong));
        assert_eq!(problem.pin(2, 0), Err(wrong));
        assert_eq!(problem.prefer_low(2, 1), Err(wrong));
        problem.add_variant(&[1]).unwrap();
        assert_eq!(problem.variants().collect::<Vec<_>>(), [&[1]]);
    }
}
