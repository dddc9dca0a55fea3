//! The smallest packing, by trying every order. For tests.
//!
//! First fit in the order of the offsets of a best packing gives a best packing, so it
//! is enough to try all orders of the groups of coincident items. It works on pairs of
//! items and shares nothing with the packer, and it is as slow as it is simple: eight
//! groups are a practical limit.

use crate::generate::Spec;

/// The size in bytes of the smallest packing, ignoring the limit. `None` if pins
/// contradict something, if a conflict is between coincident items, or if all packings
/// overflow.
pub fn smallest(spec: &Spec) -> Option<u64> {
    lowest(spec).map(|(size, _)| size)
}

/// The same, and the lowest of the low ends of packings of that size.
pub fn lowest(spec: &Spec) -> Option<(u64, u64)> {
    let exact = Exact::new(spec)?;
    let mut search = Search { offsets: vec![None; spec.items.len()], best: None, exact: &exact };
    for &(item, offset) in &spec.pins {
        let group = exact.groups.iter().find(|group| group.contains(&item))?;
        let there = search.offsets[item];
        if there.is_some_and(|there| there != offset) {
            return None;
        }
        if there.is_none() {
            if !exact.is_free(&search.offsets, group, offset) {
                return None;
            }
            group.iter().for_each(|&member| search.offsets[member] = Some(offset));
        }
    }
    search.visit();
    let (size, low_end) = search.best?;
    Some((u64::try_from(size).ok()?, u64::try_from(low_end).ok()?))
}

struct Exact<'a> {
    spec: &'a Spec,
    groups: Vec<Vec<usize>>,
    conflict: Vec<Vec<bool>>,
    align: u128,
}

impl<'a> Exact<'a> {
    fn new(spec: &'a Spec) -> Option<Exact<'a>> {
        let mut groups: Vec<Vec<usize>> = (0..spec.items.len()).map(|item| vec![item]).collect();
        let find = |groups: &[Vec<usize>], item| groups.iter().position(|g| g.contains(&item));
        for &(a, b) in &spec.coincident {
            let (a, b) = (find(&groups, a)?, find(&groups, b)?);
            if a != b {
                let members = std::mem::take(&mut groups[a.max(b)]);
                groups[a.min(b)].extend(members);
            }
        }
        groups.retain(|group| !group.is_empty());
        let together = |a, b| find(&groups, a) == find(&groups, b);
        let mut conflict = vec![vec![false; spec.items.len()]; spec.items.len()];
        for &(a, b) in &spec.conflicts {
            if together(a, b) {
                return None;
            }
            conflict[a][b] = true;
            conflict[b][a] = true;
        }
        for variant in &spec.variants {
            for &a in variant {
                for &b in variant {
                    conflict[a][b] |= !together(a, b);
                }
            }
        }
        let aligns = spec.items.iter().map(|item| u128::from(item.align));
        let align = aligns.max().unwrap_or(1);
        Some(Exact { spec, groups, conflict, align })
    }

    fn end(&self, item: usize, offset: u64) -> u128 {
        u128::from(offset) + u128::from(self.spec.items[item].size)
    }

    fn overlap(&self, a: (usize, u64), b: (usize, u64)) -> bool {
        let has_bytes = |item: usize| self.spec.items[item].size > 0;
        has_bytes(a.0)
            && has_bytes(b.0)
            && u128::from(a.1) < self.end(b.0, b.1)
            && u128::from(b.1) < self.end(a.0, a.1)
    }

    fn low_end(&self, offsets: &[Option<u64>]) -> u128 {
        let end = |&(item, bytes): &(usize, u64)| {
            let bytes = bytes.min(self.spec.items[item].size);
            offsets[item].filter(|_| bytes > 0).map(|at| u128::from(at) + u128::from(bytes))
        };
        self.spec.low.iter().filter_map(end).max().unwrap_or(0)
    }

    fn is_free(&self, offsets: &[Option<u64>], group: &[usize], offset: u64) -> bool {
        group.iter().all(|&item| {
            let beside = |other: usize| {
                let Some(there) = offsets[other] else {
                    return true;
                };
                !self.conflict[item][other] || !self.overlap((item, offset), (other, there))
            };
            offset.is_multiple_of(self.spec.items[item].align) && (0..offsets.len()).all(beside)
        })
    }

    /// The lowest place is at the start or right behind something that conflicts.
    fn lowest(&self, offsets: &[Option<u64>], group: &[usize]) -> Option<u64> {
        let align = group.iter().map(|&item| self.spec.items[item].align).max()?;
        let mut places = vec![0];
        for (other, offset) in offsets.iter().enumerate() {
            let conflicts = group.iter().any(|&item| self.conflict[item][other]);
            if let (Some(offset), true) = (*offset, conflicts) {
                let place = self.end(other, offset).next_multiple_of(align.into());
                places.extend(u64::try_from(place));
            }
        }
        places.sort_unstable();
        places.into_iter().find(|&place| self.is_free(offsets, group, place))
    }
}

struct Search<'a> {
    exact: &'a Exact<'a>,
    offsets: Vec<Option<u64>>,
    /// The size and the low end.
    best: Option<(u128, u128)>,
}

impl Search<'_> {
    fn visit(&mut self) {
        let placed = self.offsets.iter().enumerate();
        let ends = placed.filter_map(|(item, offset)| Some(self.exact.end(item, (*offset)?)));
        let size = ends.max().unwrap_or(0).next_multiple_of(self.exact.align);
        let reached = (size, self.exact.low_end(&self.offsets));
        if self.best.is_some_and(|best| best <= reached) {
            return;
        }
        let mut complete = true;
        for group in &self.exact.groups {
            if self.offsets[group[0]].is_some() {
                continue;
            }
            complete = false;
            if let Some(offset) = self.exact.lowest(&self.offsets, group) {
                group.iter().for_each(|&item| self.offsets[item] = Some(offset));
                self.visit();
                group.iter().for_each(|&item| self.offsets[item] = None);
            }
        }
        if complete {
            self.best = Some(reached);
        }
    }
}
