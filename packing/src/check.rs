//! An independent judge of offsets.
//!
//! It reads the problem as stated and shares no code with the packer, so that one
//! mistake cannot hide in both. Keep it that way, and keep it obvious.

use std::fmt;

use crate::Problem;

/// A rule that given offsets break. Offsets and sizes are in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Violation {
    /// There is not one offset for each item.
    Count {
        /// How many items there are.
        items: usize,
        /// How many offsets were given.
        offsets: usize,
    },
    /// An offset is no multiple of its item's alignment.
    Misaligned {
        /// The item.
        item: usize,
        /// Its offset, in bytes.
        offset: u64,
        /// Its alignment, in bytes.
        align: u64,
    },
    /// Two conflicting items share bytes.
    Overlap {
        /// One item.
        a: usize,
        /// Its offset, in bytes.
        a_offset: u64,
        /// The other item.
        b: usize,
        /// Its offset, in bytes.
        b_offset: u64,
    },
    /// Two items that must coincide do not.
    Apart {
        /// One item.
        a: usize,
        /// Its offset, in bytes.
        a_offset: u64,
        /// The other item.
        b: usize,
        /// Its offset, in bytes.
        b_offset: u64,
    },
    /// A pinned item is elsewhere.
    Unpinned {
        /// The item.
        item: usize,
        /// Its offset, in bytes.
        offset: u64,
        /// The offset in bytes to which it is pinned.
        pin: u64,
    },
    /// The object would be larger than the limit once an item is in it and the size is
    /// rounded up to the alignment of the object.
    OverLimit {
        /// The item.
        item: usize,
        /// Its offset, in bytes.
        offset: u64,
        /// The limit.
        limit: u64,
    },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Violation::Count { items, offsets } => {
                write!(f, "there are {offsets} offsets for {items} items")
            }
            Violation::Misaligned { item, offset, align } => write!(
                f,
                "item {item} is at offset {offset}, which is no multiple of its alignment {align}"
            ),
            Violation::Overlap { a, a_offset, b, b_offset } => write!(
                f,
                "item {a} at offset {a_offset} overlaps item {b} at offset {b_offset}, \
                 but they conflict"
            ),
            Violation::Apart { a, a_offset, b, b_offset } => write!(
                f,
                "item {a} at offset {a_offset} and item {b} at offset {b_offset} must coincide"
            ),
            Violation::Unpinned { item, offset, pin } => {
                write!(f, "item {item} is at offset {offset}, but is pinned to {pin}")
            }
            Violation::OverLimit { item, offset, limit } => {
                write!(f, "item {item} at offset {offset} makes the object exceed {limit} bytes")
            }
        }
    }
}

impl std::error::Error for Violation {}

impl Problem {
    /// Says whether these offsets in bytes, one for each item, keep every rule.
    ///
    /// # Errors
    ///
    /// The first rule found broken.
    pub fn check(&self, offsets: &[u64]) -> Result<(), Violation> {
        if offsets.len() != self.items.len() {
            return Err(Violation::Count { items: self.items.len(), offsets: offsets.len() });
        }
        self.check_alignment(offsets)?;
        self.check_limit(offsets)?;
        self.check_pins(offsets)?;
        self.check_coincident(offsets)?;
        self.check_conflicts(offsets)?;
        self.check_variants(offsets)
    }

    /// Where, at these offsets, one for each item, the bytes end that prefer the low end of the
    /// object (see [`prefer_low`](Problem::prefer_low)); all in bytes. 0 if there are none.
    pub fn low_end(&self, offsets: &[u64]) -> u64 {
        let end = |&(item, bytes): &(u32, u64)| {
            let bytes = bytes.min(self.items[item as usize].size);
            if bytes == 0 { 0 } else { offsets[item as usize].saturating_add(bytes) }
        };
        self.low.iter().map(end).max().unwrap_or(0)
    }

    fn check_alignment(&self, offsets: &[u64]) -> Result<(), Violation> {
        for (item, (&offset, &crate::Item { align, .. })) in
            offsets.iter().zip(&self.items).enumerate()
        {
            if offset % align != 0 {
                return Err(Violation::Misaligned { item, offset, align });
            }
        }
        Ok(())
    }

    /// After this check, `offset + size` overflows for no item.
    fn check_limit(&self, offsets: &[u64]) -> Result<(), Violation> {
        let align = self.items.iter().map(|item| item.align).max().unwrap_or(1);
        for (item, &offset) in offsets.iter().enumerate() {
            let end = u128::from(offset) + u128::from(self.items[item].size);
            if end.next_multiple_of(u128::from(align)) > u128::from(self.limit) {
                return Err(Violation::OverLimit { item, offset, limit: self.limit });
            }
        }
        Ok(())
    }

    fn check_pins(&self, offsets: &[u64]) -> Result<(), Violation> {
        for &(item, pin) in &self.pins {
            let item = item as usize;
            let offset = offsets[item];
            if offset != pin {
                return Err(Violation::Unpinned { item, offset, pin });
            }
        }
        Ok(())
    }

    fn check_coincident(&self, offsets: &[u64]) -> Result<(), Violation> {
        for &(a, b) in &self.coincident {
            let (a, b) = (a as usize, b as usize);
            let (a_offset, b_offset) = (offsets[a], offsets[b]);
            if a_offset != b_offset {
                return Err(Violation::Apart { a, a_offset, b, b_offset });
            }
        }
        Ok(())
    }

    fn check_conflicts(&self, offsets: &[u64]) -> Result<(), Violation> {
        for a in 0..self.items.len() {
            for b in self.conflicts.row(a).filter(|&b| a < b) {
                if self.overlap(offsets, a, b) {
                    return Err(overlap(offsets, a, b));
                }
            }
        }
        Ok(())
    }

    /// Walks each variant upwards. As long as nothing overlaps, only the last item seen
    /// can reach into the next one.
    fn check_variants(&self, offsets: &[u64]) -> Result<(), Violation> {
        let places = self.places();
        let end = |item: usize| offsets[item] + self.items[item].size;
        let mut members: Vec<usize> = Vec::new();
        for variant in self.variants() {
            members.clear();
            members.extend(variant.iter().map(|&item| item as usize));
            members.retain(|&item| self.items[item].size > 0);
            members.sort_unstable_by_key(|&item| (offsets[item], item));
            let mut last: Option<usize> = None;
            for &item in &members {
                last = match last {
                    Some(before) if places[before] == places[item] => {
                        // One place: its larger item stands for it.
                        Some(std::cmp::max_by_key(before, item, |&item| end(item)))
                    }
                    Some(before) if end(before) > offsets[item] => {
                        return Err(overlap(offsets, before, item));
                    }
                    _ => Some(item),
                };
            }
        }
        Ok(())
    }

    fn overlap(&self, offsets: &[u64], a: usize, b: usize) -> bool {
        let (a_size, b_size) = (self.items[a].size, self.items[b].size);
        a_size > 0
            && b_size > 0
            && offsets[a] < offsets[b] + b_size
            && offsets[b] < offsets[a] + a_size
    }

    /// A number for each item, equal for coincident ones: the lowest among them.
    fn places(&self) -> Vec<usize> {
        let mut neighbours: Vec<Vec<usize>> = Vec::new();
        if !self.coincident.is_empty() {
            neighbours.resize(self.items.len(), Vec::new());
        }
        for &(a, b) in &self.coincident {
            neighbours[a as usize].push(b as usize);
            neighbours[b as usize].push(a as usize);
        }
        let mut places: Vec<usize> = (0..self.items.len()).collect();
        for first in 0..neighbours.len() {
            if places[first] != first {
                continue;
            }
            let mut open = vec![first];
            while let Some(item) = open.pop() {
                for &next in &neighbours[item] {
                    if places[next] == next && next != first {
                        places[next] = first;
                        open.push(next);
                    }
                }
            }
        }
        places
    }
}

fn overlap(offsets: &[u64], a: usize, b: usize) -> Violation {
    let (a, b) = (a.min(b), a.max(b));
    Violation::Overlap { a, a_offset: offsets[a], b, b_offset: offsets[b] }
}
