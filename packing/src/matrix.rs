//! A symmetric bit matrix for conflicts that were given as pairs.
//!
//! Conflicts that follow from variants are not in it: the packer works on whole
//! variants, which is much cheaper than on their pairs. So most problems never
//! allocate it.

/// Which pairs of items conflict. At most `items * items / 8` bytes.
#[derive(Clone, Debug)]
pub(crate) struct Matrix {
    items: usize,
    words: usize,
    /// Empty until the first pair is set.
    bits: Vec<u64>,
}

impl Matrix {
    pub(crate) fn new(items: usize) -> Matrix {
        Matrix { items, words: items.div_ceil(64), bits: Vec::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bits.is_empty()
    }

    pub(crate) fn set(&mut self, a: usize, b: usize) {
        if self.bits.is_empty() {
            self.bits = vec![0; self.items * self.words];
        }
        self.bits[a * self.words + b / 64] |= 1 << (b % 64);
        self.bits[b * self.words + a / 64] |= 1 << (a % 64);
    }

    pub(crate) fn get(&self, a: usize, b: usize) -> bool {
        !self.is_empty() && self.bits[a * self.words + b / 64] >> (b % 64) & 1 == 1
    }

    /// The items that conflict with `a`, in rising order.
    pub(crate) fn row(&self, a: usize) -> impl Iterator<Item = usize> {
        let row = if self.is_empty() {
            &[][..]
        } else {
            &self.bits[a * self.words..(a + 1) * self.words]
        };
        row.iter().enumerate().flat_map(|(index, &word)| {
            std::iter::successors((word != 0).then_some(word), |w| {
                let rest = w & (w - 1);
                (rest != 0).then_some(rest)
            })
            .map(move |w| index * 64 + w.trailing_zeros() as usize)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_symmetric_and_sorted() {
        let mut matrix = Matrix::new(200);
        assert!(matrix.is_empty());
        assert_eq!(matrix.row(3).count(), 0);
        for b in [199, 0, 64, 63] {
            matrix.set(3, b);
        }
        assert_eq!(matrix.row(3).collect::<Vec<_>>(), [0, 63, 64, 199]);
        assert_eq!(matrix.row(199).collect::<Vec<_>>(), [3]);
        assert!(matrix.get(64, 3) && !matrix.get(64, 4));
    }
}
