//! Rows of bits.

/// A set of bits for each of some rows.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    words: usize,
    bits: Vec<u64>,
}

impl Rows {
    pub(crate) fn new(rows: usize, columns: usize) -> Rows {
        let words = columns.div_ceil(64);
        Rows { words, bits: vec![0; rows * words] }
    }

    pub(crate) fn row(&self, row: usize) -> &[u64] {
        &self.bits[row * self.words..][..self.words]
    }

    pub(crate) fn row_mut(&mut self, row: usize) -> &mut [u64] {
        &mut self.bits[row * self.words..][..self.words]
    }
}

pub(crate) fn insert(set: &mut [u64], bit: u32) {
    set[bit as usize / 64] |= 1 << (bit % 64);
}

pub(crate) fn remove(set: &mut [u64], bit: u32) {
    set[bit as usize / 64] &= !(1 << (bit % 64));
}

pub(crate) fn contains(set: &[u64], bit: u32) -> bool {
    set[bit as usize / 64] >> (bit % 64) & 1 == 1
}

/// Adds all of `other`. Returns whether there was anything new.
pub(crate) fn unite(set: &mut [u64], other: &[u64]) -> bool {
    let mut is_new = false;
    for (word, other) in set.iter_mut().zip(other) {
        is_new |= *word | other != *word;
        *word |= other;
    }
    is_new
}

/// The bits of a set, in rising order.
pub(crate) fn members(set: &[u64]) -> impl Iterator<Item = u32> {
    set.iter().enumerate().flat_map(|(index, &word)| {
        std::iter::successors((word != 0).then_some(word), |word| {
            let rest = word & (word - 1);
            (rest != 0).then_some(rest)
        })
        .map(move |word| index as u32 * 64 + word.trailing_zeros())
    })
}
