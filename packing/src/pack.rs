//! Solving: which methods are tried, in which order, and when to stop.
//!
//! 1. First fit in several fixed orders.
//! 2. Exact search, if there are few blocks.
//! 3. Local improvement of the best order.
//!
//! All stop as soon as the bound is reached, which is the usual case after the first
//! order. Budgets count operations, never time. Of equal sizes the first found wins.

use crate::arith::align_up;
use crate::fit::{Fit, Fitted};
use crate::plan::Plan;
use crate::{Error, Problem, bound, improve, orders, pins, search};

/// A solution. All in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packing {
    /// The offset of each item, in the order of the items.
    pub offsets: Vec<u64>,
    /// The size of the object, a multiple of `align`. Every item ends there or below;
    /// one of size zero may start there.
    pub size: u64,
    /// The alignment of the object: the largest of any item, or 1 without items.
    pub align: u64,
}

/// At which cost of all passes so far no other one is begun; see [`Fit::work`].
const MAX_WORK: u64 = 800_000;
/// At which cost a pass no longer looks for gaps. The first pass of a huge problem is the
/// one that may get so far.
const PATIENCE: u64 = 1_200_000;
/// How many passes that is at most, for small problems.
const MAX_PASSES: u64 = 100;
/// How many nodes the exact search may visit.
const MAX_NODES: u64 = 2_000;

impl Problem {
    /// Chooses an offset for each item so that every rule holds and the object is small.
    ///
    /// See the [crate documentation](crate) for what is guaranteed.
    ///
    /// # Errors
    ///
    /// - [`Error::CoincidentConflict`] if items that must coincide were given to
    ///   [`add_conflict`](Problem::add_conflict);
    /// - [`Error::PinsDiffer`], [`Error::PinMisaligned`] or [`Error::PinsOverlap`] if
    ///   pins contradict something;
    /// - [`Error::TooBig`] if no packing within the limit was found.
    pub fn pack(&self) -> Result<Packing, Error> {
        let plan = Plan::new(self)?;
        let floor = bound::strong(&plan)?;
        pins::check(&plan)?;
        let best = Solver::new(&plan, floor).solve();
        let Fitted { offsets, end } = best.ok_or(Error::TooBig { limit: self.limit })?;
        Ok(Packing {
            offsets: plan.block_of.iter().map(|&block| offsets[block as usize]).collect(),
            size: align_up(end, plan.align).expect("the end is within the cap"),
            align: plan.align,
        })
    }
}

struct Solver<'a, 'p> {
    plan: &'a Plan<'p>,
    /// No packing is smaller.
    floor: u64,
    movable: Vec<u32>,
    fit: Fit<'a, 'p>,
    /// The highest end that is still of interest; none once the floor is reached.
    cap: Option<u64>,
    best: Option<Fitted>,
    best_order: Vec<u32>,
}

impl<'a, 'p> Solver<'a, 'p> {
    fn new(plan: &'a Plan<'p>, floor: u64) -> Solver<'a, 'p> {
        Solver {
            floor,
            movable: plan.movable(),
            fit: Fit::new(plan, PATIENCE),
            cap: Some(plan.cap),
            best: None,
            best_order: Vec::new(),
            plan,
        }
    }

    fn solve(mut self) -> Option<Fitted> {
        self.try_orders();
        self.try_stack();
        let proved = self.search();
        if !proved {
            self.improve();
        }
        self.best
    }

    fn try_orders(&mut self) {
        for key in orders::ORDERS {
            let Some(cap) = self.cap else { return };
            if self.fit.work > MAX_WORK {
                return;
            }
            let order = orders::sorted(self.plan, &self.movable, key);
            if let Ok(fitted) = self.fit.run(&order, cap) {
                self.accept(fitted);
                self.best_order = order;
            } else if self.best_order.is_empty() {
                self.best_order = order;
            }
        }
    }

    /// Makes sure that the result is at most a plain stack of all blocks by alignment:
    /// first fit in that order is.
    fn try_stack(&mut self) {
        let order = orders::sorted(self.plan, &self.movable, orders::by_align);
        let stacked = orders::stacked(self.plan, &order);
        let better = self.cap.zip(stacked).is_some_and(|(cap, end)| end <= cap);
        if better && let Ok(fitted) = self.fit.run(&order, self.plan.cap) {
            self.accept(fitted);
        }
    }

    /// Says whether the best packing is now known to be the smallest.
    fn search(&mut self) -> bool {
        let Some(cap) = self.cap else { return true };
        let outcome = search::search(self.plan, &self.movable, cap, self.floor, MAX_NODES);
        if let Some(fitted) = outcome.found {
            self.accept(fitted);
        }
        outcome.proved
    }

    fn improve(&mut self) {
        let pass = self.fit.work / orders::ORDERS.len() as u64;
        let work = self.fit.work.saturating_add(pass * MAX_PASSES).min(MAX_WORK);
        let mut order = std::mem::take(&mut self.best_order);
        while let Some(cap) = self.cap {
            match improve::improve(&mut self.fit, &mut order, cap, work) {
                Some(fitted) => self.accept(fitted),
                None => return,
            }
        }
    }

    /// Takes a packing that is within the cap, and so better than the best one.
    fn accept(&mut self, fitted: Fitted) {
        let size = align_up(fitted.end, self.plan.align).expect("the end is within the cap");
        let smaller = size.checked_sub(self.plan.align);
        self.cap = smaller.filter(|&cap| cap >= self.floor);
        self.best = Some(fitted);
    }
}
