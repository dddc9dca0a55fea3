//! First fit: blocks take the lowest free place, one after the other.
//!
//! Only the order of the blocks is a choice. That loses nothing: take any packing, and
//! let first fit place its blocks in the order of their offsets; then each ends up at
//! its offset there or below. So the packer searches orders, and needs no other placement
//! rule such as best fit.

use crate::aim::Caps;
use crate::arith::align_up;
use crate::plan::{Part, Plan};
use crate::spans::{Span, Spans, Wanted};

/// A finished pass.
#[derive(Clone, Debug)]
pub(crate) struct Fitted {
    /// The offset of each block in bytes.
    pub(crate) offsets: Vec<u64>,
    /// Where the last block ends.
    pub(crate) end: u64,
    /// Where the bytes end that prefer the low end of the object.
    pub(crate) low_end: u64,
}

impl Fitted {
    /// The ends of the blocks must not overflow.
    pub(crate) fn new(plan: &Plan, offsets: Vec<u64>) -> Fitted {
        let placed = || plan.blocks.iter().zip(&offsets);
        let low = placed().filter(|(block, _)| block.low > 0);
        Fitted {
            end: placed().map(|(block, at)| at + block.size).max().unwrap_or(0),
            low_end: low.map(|(block, at)| at + block.low).max().unwrap_or(0),
            offsets,
        }
    }
}

/// The state of a pass, kept to save its allocations for the next one.
pub(crate) struct Fit<'a, 'p> {
    plan: &'a Plan<'p>,
    /// What is taken in each clique.
    taken: Vec<Spans>,
    /// Below which offset each clique is full. It is known from `taken`, but much faster to
    /// look at.
    full: Vec<u64>,
    /// The placed items that have conflicts outside their cliques, by offset.
    placed: Vec<(Span, u32)>,
    /// Whether each item is in `placed`, and where it lies; empty without such conflicts.
    spans: Vec<Option<Span>>,
    offsets: Vec<u64>,
    /// The cost of all passes so far, in looks at occupied bytes. It depends only on what
    /// was placed, so limiting it keeps the result a function of the problem.
    pub(crate) work: u64,
    /// Once the work has reached this, gaps are no longer looked for: blocks go on top of
    /// what they conflict with. That is only for huge problems.
    patience: u64,
}

impl<'a, 'p> Fit<'a, 'p> {
    pub(crate) fn new(plan: &'a Plan<'p>, patience: u64) -> Fit<'a, 'p> {
        let pairs = !plan.problem.conflicts.is_empty();
        Fit {
            plan,
            taken: vec![Spans::default(); plan.cliques.len()],
            full: vec![0; plan.cliques.len()],
            placed: Vec::new(),
            spans: vec![None; if pairs { plan.problem.items.len() } else { 0 }],
            offsets: vec![0; plan.blocks.len()],
            work: 0,
            patience,
        }
    }

    /// Places the pinned blocks, then those of `order`. If one cannot end at its cap or
    /// below, gives its position in `order`.
    pub(crate) fn run(&mut self, order: &[u32], caps: Caps) -> Result<Fitted, usize> {
        self.taken.iter_mut().for_each(Spans::clear);
        self.full.fill(0);
        self.placed.clear();
        self.spans.fill(None);
        self.offsets.fill(0);
        for (block, pin) in self.plan.pinned() {
            self.put(block, pin);
        }
        for (position, &block) in order.iter().enumerate() {
            let block = block as usize;
            let cap = caps.of(&self.plan.blocks[block]).ok_or(position)?;
            let offset = self.lowest(block, cap).ok_or(position)?;
            self.put(block, offset);
        }
        Ok(Fitted::new(self.plan, self.offsets.clone()))
    }

    /// The lowest place for a block. Its cliques, and the other conflicts of its parts,
    /// push it upwards in turn until all have agreed in a row.
    fn lowest(&mut self, block: usize, cap: u64) -> Option<u64> {
        let plan = self.plan;
        let align = plan.blocks[block].align;
        let parts = plan.parts(block);
        let judges: usize = parts.iter().map(|part| plan.uses(part).len() + 1).sum();
        let mut at = align_up(self.full_below(block), align)?;
        let mut agreeing = 0;
        while self.work < self.patience {
            for part in parts {
                let size = part.size;
                let wanted = Wanted { size, align, cap };
                self.work += 1 + plan.uses(part).len() as u64;
                for &clique in plan.uses(part) {
                    let next = self.taken[clique as usize].place(&wanted, at)?;
                    agreeing = if next == at { agreeing + 1 } else { 1 };
                    at = next;
                    if agreeing == judges {
                        return Some(at);
                    }
                }
                let next = self.place_beside(part, &wanted, at)?;
                agreeing = if next == at { agreeing + 1 } else { 1 };
                at = next;
                if agreeing == judges {
                    return Some(at);
                }
            }
        }
        self.on_top(block, cap)
    }

    /// An offset below which there is no place for a block.
    fn full_below(&self, block: usize) -> u64 {
        let parts = self.plan.parts(block).iter();
        let uses = parts.flat_map(|part| self.plan.uses(part));
        uses.map(|&clique| self.full[clique as usize]).max().unwrap_or(0)
    }

    /// The lowest place above everything that a block conflicts with.
    fn on_top(&mut self, block: usize, cap: u64) -> Option<u64> {
        let plan = self.plan;
        let mut top = 0;
        for part in plan.parts(block) {
            let cliques = plan.uses(part).iter();
            let tops = cliques.map(|&clique| self.taken[clique as usize].top());
            top = top.max(tops.max().unwrap_or(0));
            let others = plan.problem.conflicts.row(part.item as usize);
            let ends = others.filter_map(|other| Some(self.spans[other]?.end));
            top = top.max(ends.max().unwrap_or(0));
            self.work += 1 + plan.uses(part).len() as u64;
        }
        let at = align_up(top, plan.blocks[block].align)?;
        let end = at.checked_add(plan.blocks[block].size)?;
        (end <= cap).then_some(at)
    }

    /// The lowest place for an item, as to its conflicts outside its cliques.
    fn place_beside(&mut self, part: &Part, wanted: &Wanted, at: u64) -> Option<u64> {
        let conflicts = &self.plan.problem.conflicts;
        if part.degree == 0 {
            return wanted.place(at, std::iter::empty());
        }
        self.work += self.placed.len().min(part.degree * 8) as u64;
        if is_dense(part, self.placed.len()) {
            let item = part.item as usize;
            let beside = |&&(_, other): &&(Span, u32)| conflicts.get(item, other as usize);
            let spans = self.placed.iter().filter(beside).map(|&(span, _)| span);
            return wanted.place(at, spans);
        }
        let neighbours = conflicts.row(part.item as usize);
        let mut spans: Vec<Span> = neighbours.filter_map(|other| self.spans[other]).collect();
        spans.sort_unstable_by_key(|span| span.start);
        wanted.place(at, spans.into_iter())
    }

    fn put(&mut self, block: usize, offset: u64) {
        self.offsets[block] = offset;
        let plan = self.plan;
        for part in plan.parts(block) {
            let (start, end) = (offset, offset + part.size);
            let span = Span { start, end };
            for &clique in plan.uses(part) {
                let clique = clique as usize;
                self.taken[clique].add(span);
                if start <= self.full[clique] {
                    self.full[clique] = self.taken[clique].full();
                }
            }
            if part.degree > 0 {
                let at = self.placed.partition_point(|(span, _)| span.start < start);
                self.placed.insert(at, (span, part.item));
                self.spans[part.item as usize] = Some(span);
            }
        }
    }
}

/// Whether it is cheaper to test all placed items for a conflict than to collect and sort
/// those that conflict.
fn is_dense(part: &Part, placed: usize) -> bool {
    part.degree * 8 > placed
}
