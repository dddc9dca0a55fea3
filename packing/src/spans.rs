//! Occupied bytes, and the lowest free place beside them.

use crate::arith::align_up;

/// A range of bytes that are taken, from the first to after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u64,
    pub(crate) end: u64,
}

/// Something looking for a place; in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) size: u64,
    pub(crate) align: u64,
    /// It must end here or before.
    pub(crate) cap: u64,
}

impl Wanted {
    /// The lowest aligned place from `at` (which is aligned) upwards that overlaps none
    /// of `spans`, which are sorted by their start.
    pub(crate) fn place(&self, at: u64, spans: impl Iterator<Item = Span>) -> Option<u64> {
        let mut at = at;
        let mut end = at.checked_add(self.size)?;
        for span in spans {
            if span.start >= end {
                break;
            }
            if span.end > at {
                at = align_up(span.end, self.align)?;
                end = at.checked_add(self.size)?;
            }
        }
        (end <= self.cap).then_some(at)
    }
}

/// A set of bytes as maximal ranges. Invariant: sorted, none empty, none touching.
///
/// First fit leaves few holes, so there are few ranges even with many items.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spans(Vec<Span>);

impl Spans {
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// See [`Wanted::place`].
    pub(crate) fn place(&self, wanted: &Wanted, at: u64) -> Option<u64> {
        let first = self.0.partition_point(|span| span.end <= at);
        wanted.place(at, self.0[first..].iter().copied())
    }

    /// Below which offset everything is taken.
    pub(crate) fn full(&self) -> u64 {
        match self.0.first() {
            Some(&Span { start: 0, end }) => end,
            _ => 0,
        }
    }

    /// Above which offset everything is free.
    pub(crate) fn top(&self) -> u64 {
        self.0.last().map_or(0, |span| span.end)
    }

    /// Adds the bytes of a range that is not empty.
    pub(crate) fn add(&mut self, added: Span) {
        match self.0.last_mut() {
            Some(last) if added.start < last.start => self.add_below(added),
            Some(last) if added.start <= last.end => last.end = last.end.max(added.end),
            _ => self.0.push(added),
        }
    }

    fn add_below(&mut self, added: Span) {
        let first = self.0.partition_point(|span| span.end < added.start);
        let touching = self.0[first..].partition_point(|span| span.start <= added.end);
        if touching == 0 {
            self.0.insert(first, added);
            return;
        }
        let last = self.0[first + touching - 1];
        let span = &mut self.0[first];
        span.start = span.start.min(added.start);
        span.end = last.end.max(added.end);
        self.0.drain(first + 1..first + touching);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(ranges: &[(u64, u64)]) -> Spans {
        let mut spans = Spans::default();
        for &(start, end) in ranges {
            spans.add(Span { start, end });
        }
        spans
    }

    #[test]
    fn touching_ranges_become_one() {
        let set = spans(&[(4, 6), (0, 2), (10, 12), (2, 4), (5, 11)]);
        assert_eq!(set.0, [Span { start: 0, end: 12 }]);
        let set = spans(&[(8, 9), (0, 1), (4, 5)]);
        assert_eq!(set.0.len(), 3);
    }

    #[test]
    fn the_lowest_aligned_gap_is_found() {
        let set = spans(&[(0, 3), (8, 9), (11, 12), (20, 24)]);
        let place = |size, align, at, cap| set.place(&Wanted { size, align, cap }, at);
        assert_eq!(place(4, 4, 0, 100), Some(4));
        assert_eq!(place(5, 1, 0, 100), Some(3));
        assert_eq!(place(8, 4, 0, 100), Some(12));
        assert_eq!(place(9, 4, 0, 100), Some(24));
        assert_eq!(place(9, 4, 0, 32), None);
        assert_eq!(place(u64::MAX, 1, 0, u64::MAX), None);
        assert_eq!(place(1, 1, 9, 100), Some(9));
    }
}
