//! Problems for tests, benches and fuzzing.
//!
//! A [`Spec`] is a problem that can be looked at and changed before it is built. Fuzzing
//! and property tests make it from bytes, so that shrinking bytes shrinks the problem.
//! The shapes are made from a seed and resemble coroutines.

use crate::{Error, Item, Problem};

/// The statement of a problem, as data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spec {
    /// The items.
    pub items: Vec<Item>,
    /// Indices of the items that are live together, for each variant.
    pub variants: Vec<Vec<usize>>,
    /// Pairs of items that conflict.
    pub conflicts: Vec<(usize, usize)>,
    /// Pairs of items that coincide.
    pub coincident: Vec<(usize, usize)>,
    /// Items with fixed offsets, in bytes.
    pub pins: Vec<(usize, u64)>,
    /// Items and how many of their bytes prefer the low end.
    pub low: Vec<(usize, u64)>,
    /// The largest allowed size in bytes.
    pub limit: Option<u64>,
}

impl Spec {
    /// Builds the problem.
    ///
    /// # Errors
    ///
    /// As the methods of [`Problem`].
    pub fn problem(&self) -> Result<Problem, Error> {
        let mut problem = Problem::new(self.items.clone())?;
        for variant in &self.variants {
            problem.add_variant(variant)?;
        }
        for &(a, b) in &self.conflicts {
            problem.add_conflict(a, b)?;
        }
        for &(a, b) in &self.coincident {
            problem.coincide(a, b)?;
        }
        for &(item, offset) in &self.pins {
            problem.pin(item, offset)?;
        }
        for &(item, bytes) in &self.low {
            problem.prefer_low(item, bytes)?;
        }
        if let Some(limit) = self.limit {
            problem.set_limit(limit);
        }
        Ok(problem)
    }

    /// A problem of at most `max_items` items from any bytes; missing bytes count as
    /// zeros. It may be contradictory. Sizes are those of Rust types (multiples of the
    /// alignment), any small ones, or close to overflow, depending on the first byte.
    pub fn from_bytes(bytes: &[u8], max_items: usize) -> Spec {
        let mut bytes = Bytes(bytes);
        let sizes = match bytes.next() % 8 {
            0..=4 => Sizes::Rust,
            5 | 6 => Sizes::Any,
            _ => Sizes::Huge,
        };
        let count = bytes.below(max_items + 1);
        let mut spec =
            Spec { items: (0..count).map(|_| bytes.item(sizes)).collect(), ..Spec::default() };
        if count == 0 {
            return spec;
        }
        for _ in 0..bytes.below(9) {
            let variant = bytes.variant(count);
            spec.variants.push(variant);
        }
        let rules = bytes.next();
        if rules & 1 != 0 {
            for _ in 0..bytes.below(8) {
                spec.conflicts.push(bytes.pair(count));
            }
            spec.conflicts.retain(|(a, b)| a != b);
        }
        if rules & 2 != 0 {
            for _ in 0..bytes.below(4) {
                spec.coincident.push(bytes.pair(count));
            }
        }
        if rules & 4 != 0 {
            for _ in 0..bytes.below(3) {
                let item = bytes.below(count);
                let granules = bytes.next() % 8;
                let offset = spec.items[item].align.saturating_mul(granules.into());
                spec.pins.push((item, offset));
            }
        }
        if rules & 8 != 0 {
            spec.limit = Some(match sizes {
                Sizes::Huge => u64::MAX - u64::from(bytes.next()),
                _ => 4 * u64::from(bytes.next()),
            });
        }
        if rules & 16 != 0 {
            for _ in 0..bytes.below(6) {
                let item = bytes.below(count);
                let part = u64::from(bytes.next() % 4);
                spec.low.push((item, spec.items[item].size / 3 * part));
            }
        }
        spec
    }

    /// The same with what a coroutine has besides: a tag in every variant, and a variant of
    /// captures, a third of the items. These prefer the low end, and so does the tag; of a few
    /// captures, only a part does, as of futures.
    pub fn captured(mut self, seed: u64) -> Spec {
        let mut random = Random(seed);
        let tag = self.items.len();
        let mut captures: Vec<usize> = (0..tag).filter(|_| random.below(3) == 0).collect();
        self.low.extend(captures.iter().map(|&item| {
            let size = self.items[item].size;
            (item, if random.below(4) == 0 { size / 2 } else { size })
        }));
        self.items.push(Item { size: 1, align: 1 });
        self.low.push((tag, 1));
        captures.push(tag);
        self.variants.iter_mut().for_each(|variant| variant.push(tag));
        self.variants.push(captures);
        self
    }

    /// Scopes nested like a tree: each item lives in a run of variants, and a run either
    /// contains another or does not meet it. Sizes are those of Rust types.
    pub fn scopes(seed: u64, items: usize, variants: usize) -> Spec {
        let mut random = Random(seed);
        let mut runs = vec![(0, variants)];
        while runs.len() < items.max(1) {
            let (start, end) = runs[random.below(runs.len())];
            let cut = start + random.below(end - start + 1);
            let inner = if random.below(2) == 0 { (start, cut) } else { (cut, end) };
            if inner.0 < inner.1 && (inner != (start, end) || random.below(4) == 0) {
                runs.push(inner);
            } else {
                runs.push((0, variants));
                let at = random.below(variants);
                *runs.last_mut().expect("just pushed") = (at, at + 1);
            }
        }
        Spec::in_runs(&mut random, &runs[..items], variants)
    }

    /// Each item lives in a run of variants, up to a tenth of all of them.
    pub fn runs(seed: u64, items: usize, variants: usize) -> Spec {
        let mut random = Random(seed);
        let mut runs = Vec::with_capacity(items);
        for _ in 0..items {
            let start = random.below(variants);
            let length = 1 + random.below((variants / 10).max(3));
            runs.push((start, variants.min(start + length)));
        }
        Spec::in_runs(&mut random, &runs, variants)
    }

    /// Each item lives in each variant with a chance of one in `one_in`.
    pub fn random(seed: u64, items: usize, variants: usize, one_in: usize) -> Spec {
        let mut random = Random(seed);
        let mut spec = Spec::in_runs(&mut random, &vec![(0, 0); items], variants);
        for variant in &mut spec.variants {
            variant.extend((0..items).filter(|_| random.below(one_in) == 0));
        }
        spec
    }

    fn in_runs(random: &mut Random, runs: &[(usize, usize)], variants: usize) -> Spec {
        let mut spec = Spec {
            items: runs.iter().map(|_| random.item()).collect(),
            variants: vec![Vec::new(); variants],
            ..Spec::default()
        };
        for (item, &(start, end)) in runs.iter().enumerate() {
            for variant in &mut spec.variants[start..end] {
                variant.push(item);
            }
        }
        spec
    }

    /// The same problem with its items renumbered: item `i` becomes `numbers[i]`.
    pub fn renumbered(&self, numbers: &[usize]) -> Spec {
        let mut spec = self.clone();
        for (item, &number) in self.items.iter().zip(numbers) {
            spec.items[number] = *item;
        }
        for item in spec.variants.iter_mut().flatten() {
            *item = numbers[*item];
        }
        for (a, b) in spec.conflicts.iter_mut().chain(&mut spec.coincident) {
            (*a, *b) = (numbers[*a], numbers[*b]);
        }
        for (item, _) in spec.pins.iter_mut().chain(&mut spec.low) {
            *item = numbers[*item];
        }
        spec
    }
}

#[derive(Clone, Copy)]
enum Sizes {
    Rust,
    Any,
    Huge,
}

/// A source of decisions that runs dry.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn next(&mut self) -> u8 {
        match self.0.split_first() {
            Some((&first, rest)) => {
                self.0 = rest;
                first
            }
            None => 0,
        }
    }

    fn below(&mut self, end: usize) -> usize {
        usize::from(self.next()) % end
    }

    fn pair(&mut self, count: usize) -> (usize, usize) {
        (self.below(count), self.below(count))
    }

    fn item(&mut self, sizes: Sizes) -> Item {
        let (kind, amount) = (self.next(), u64::from(self.next()));
        match sizes {
            Sizes::Rust => {
                let align = 1 << (kind % 5);
                let size = amount % 10 * align;
                Item { size, align }
            }
            Sizes::Any => Item { size: amount % 40, align: 1 << (kind % 6) },
            Sizes::Huge => Item {
                size: match kind % 4 {
                    0 => amount,
                    1 => 1 << (amount % 64),
                    2 => u64::MAX - amount,
                    _ => (1 << 62) - amount,
                },
                align: 1 << (kind / 4),
            },
        }
    }

    /// Either a run of items or any ones.
    fn variant(&mut self, count: usize) -> Vec<usize> {
        let kind = self.next();
        if kind.is_multiple_of(2) {
            let (a, b) = self.pair(count);
            return (a.min(b)..=a.max(b)).collect();
        }
        let length = usize::from(kind / 2) % 12;
        (0..length).map(|_| self.below(count)).collect()
    }
}

/// SplitMix64: the same numbers everywhere, forever.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// Sizes as values in coroutines have them: many words, some flags, some buffers and
    /// nested futures.
    fn item(&mut self) -> Item {
        let align = [1, 1, 2, 4, 4, 8, 8, 8, 8, 16][self.below(10)];
        let count = match self.below(10) {
            0 => 0,
            1..=6 => 1 + self.below(4),
            7 | 8 => 1 + self.below(30),
            _ => 1 + self.below(200),
        };
        let size = align * count as u64;
        Item { size, align }
    }
}
