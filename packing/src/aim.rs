//! What a packing is made small in, and what that allows its blocks.
//!
//! First the size of the object counts, then where the bytes end that prefer its low end. Both are
//! met by lowering caps: the next packing must end below the best one. A block's cap follows from
//! both, so every method need only know how high each block may end.
//!
//! That lowering a block never makes a packing worse holds for both aims, and is all that first fit
//! and the exact search rest on.

use crate::arith::align_up;
use crate::bound;
use crate::fit::Fitted;
use crate::plan::{Block, Plan};

/// How high the parts of a packing may end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caps {
    /// The end of every block.
    pub(crate) all: u64,
    /// The end of the bytes that prefer the low end of the object.
    pub(crate) low: u64,
}

impl Caps {
    /// How high a block may end; none if it can be nowhere.
    pub(crate) fn of(&self, block: &Block) -> Option<u64> {
        match block.low {
            0 => Some(self.all),
            low => Some(self.low.checked_sub(low)?.saturating_add(block.size).min(self.all)),
        }
    }
}

/// What is made small, and the bound that ends it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Aim {
    Size { floor: u64 },
    LowEnd { floor: u64 },
}

impl Aim {
    pub(crate) fn low_end(plan: &Plan) -> Aim {
        Aim::LowEnd { floor: bound::low_end(plan) }
    }

    /// The caps under which any packing is better than this one; none if the bound is reached.
    pub(crate) fn below(&self, plan: &Plan, caps: Caps, fitted: &Fitted) -> Option<Caps> {
        match *self {
            Aim::Size { floor } => {
                let size = align_up(fitted.end, plan.align).expect("the end is within the cap");
                let all = size.checked_sub(plan.align).filter(|&cap| cap >= floor)?;
                Some(Caps { all, ..caps })
            }
            Aim::LowEnd { floor } => {
                let low = fitted.low_end.checked_sub(1).filter(|&cap| cap >= floor)?;
                Some(Caps { low, ..caps })
            }
        }
    }
}
