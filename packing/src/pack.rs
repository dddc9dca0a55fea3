//! Solving: which methods are tried, in which order, and when to stop.
//!
//! 1. First fit in several fixed orders.
//! 2. Exact search, if there are few blocks.
//! 3. Local improvement of the best order.
//!
//! All stop as soon as the bound is reached, which is the usual case after the first
//! order. Budgets count operations, never time. Of equally good packings the first found wins.
//!
//! That is for the size. Only then, with the size as a cap, the same is done for where the bytes
//! end that prefer the low end of the object: so they never cost a byte.

use crate::aim::{Aim, Caps};
use crate::arith::align_up;
use crate::fit::{Fit, Fitted};
use crate::plan::Plan;
use crate::{Error, Problem, bound, improve, orders, pins, search};

/// A solution. All in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packing {
    /// The offset of each item in bytes, in the order of the items.
    pub offsets: Vec<u64>,
    /// The size of the object in bytes, a multiple of `align`. Every item ends there or below;
    /// one of size zero may start there.
    pub size: u64,
    /// The alignment of the object in bytes: the largest of any item, or 1 without items.
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
        let caps = Caps { all: plan.cap, low: u64::MAX };
        let smallest = Solver::new(&plan, Aim::Size { floor }, caps).solve();
        let smallest = smallest.ok_or(Error::TooBig { limit: self.limit })?;
        // At times, the search for a lower end comes upon a smaller object.
        let lowest = lowest(&plan, size(&plan, &smallest), smallest);
        Ok(packing(&plan, &lowest))
    }

    /// Chooses an offset for each item so that every rule holds, in one pass: large items first, each at the lowest place. It
    /// is for many problems that matter little each; [`Problem::pack`] finds smaller objects. The sum of the items' sizes is no
    /// guarantee here.
    ///
    /// # Errors
    ///
    /// As for [`Problem::pack`].
    pub fn pack_once(&self) -> Result<Packing, Error> {
        let plan = Plan::new(self)?;
        pins::check(&plan)?;
        let too_big = Error::TooBig { limit: self.limit };
        let order = orders::sorted(&plan, &plan.movable(), orders::ORDERS[0]);
        let caps = Caps { all: plan.cap, low: u64::MAX };
        let fitted = Fit::new(&plan, PATIENCE).run(&order, caps).map_err(|_| too_big)?;
        Ok(packing(&plan, &fitted))
    }
}

/// The object in which all blocks lie so.
fn packing(plan: &Plan, fitted: &Fitted) -> Packing {
    let offset = |&block: &u32| fitted.offsets[block as usize];
    Packing {
        offsets: plan.block_of.iter().map(offset).collect(),
        size: size(plan, fitted),
        align: plan.align,
    }
}

fn size(plan: &Plan, fitted: &Fitted) -> u64 {
    align_up(fitted.end, plan.align).expect("the end is within the cap")
}

/// Of the packings of this size, one in which what prefers the low end ends lower than in the
/// given one, or else that one.
fn lowest(plan: &Plan, size: u64, fitted: Fitted) -> Fitted {
    if fitted.low_end == 0 {
        return fitted;
    }
    let aim = Aim::low_end(plan);
    let caps = Caps { all: size.min(plan.cap), low: u64::MAX };
    match aim.below(plan, caps, &fitted) {
        Some(caps) => Solver::new(plan, aim, caps).solve().unwrap_or(fitted),
        None => fitted,
    }
}

struct Solver<'a, 'p> {
    plan: &'a Plan<'p>,
    aim: Aim,
    movable: Vec<u32>,
    fit: Fit<'a, 'p>,
    /// What is still of interest; none once the bound of the aim is reached.
    caps: Option<Caps>,
    best: Option<Fitted>,
    best_order: Vec<u32>,
    /// How many orders have been tried.
    passes: u64,
}

impl<'a, 'p> Solver<'a, 'p> {
    fn new(plan: &'a Plan<'p>, aim: Aim, caps: Caps) -> Solver<'a, 'p> {
        Solver {
            aim,
            movable: plan.movable(),
            fit: Fit::new(plan, PATIENCE),
            caps: Some(caps),
            best: None,
            best_order: Vec::new(),
            passes: 0,
            plan,
        }
    }

    fn solve(mut self) -> Option<Fitted> {
        match self.aim {
            Aim::Size { .. } => {
                self.try_orders(&[]);
                self.try_stack();
            }
            Aim::LowEnd { .. } => {
                for first in orders::low_first(self.plan, &self.movable) {
                    self.try_orders(&first);
                }
            }
        }
        let proved = self.search();
        if !proved {
            self.improve();
        }
        self.best
    }

    /// Tries the orders, or those in which the blocks that prefer the low end come first, as given.
    fn try_orders(&mut self, first: &[u32]) {
        let mut others = self.movable.clone();
        others.retain(|&block| first.is_empty() || self.plan.blocks[block as usize].low == 0);
        for key in orders::ORDERS {
            let Some(caps) = self.caps else { return };
            if self.fit.work > MAX_WORK {
                return;
            }
            let order = [first, &orders::sorted(self.plan, &others, key)].concat();
            self.passes += 1;
            if let Ok(fitted) = self.fit.run(&order, caps) {
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
        let better = self.caps.zip(stacked).is_some_and(|(caps, end)| end <= caps.all);
        let any = Caps { all: self.plan.cap, low: u64::MAX };
        if better && let Ok(fitted) = self.fit.run(&order, any) {
            self.accept(fitted);
        }
    }

    /// Says whether the best packing is now known to be the best of all.
    fn search(&mut self) -> bool {
        let Some(caps) = self.caps else { return true };
        let outcome = search::search(self.plan, &self.movable, self.aim, caps, MAX_NODES);
        if let Some(fitted) = outcome.found {
            self.accept(fitted);
        }
        outcome.proved
    }

    fn improve(&mut self) {
        let pass = self.fit.work / self.passes.max(1);
        let work = self.fit.work.saturating_add(pass * MAX_PASSES).min(MAX_WORK);
        let mut order = std::mem::take(&mut self.best_order);
        while let Some(caps) = self.caps {
            match improve::improve(&mut self.fit, &mut order, caps, work) {
                Some(fitted) => self.accept(fitted),
                None => return,
            }
        }
    }

    /// Takes a packing that is within the caps, and so better than the best one.
    fn accept(&mut self, fitted: Fitted) {
        if let Some(caps) = self.caps {
            self.caps = self.aim.below(self.plan, caps, &fitted);
        }
        self.best = Some(fitted);
    }
}
