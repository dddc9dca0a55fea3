//! Local improvement of an order.
//!
//! First fit is run against caps just below the best packing. The block that does not fit
//! comes earlier in the next try. So blocks that are hard to place work their way to the
//! front, which no fixed key foresees.

use crate::aim::Caps;
use crate::fit::{Fit, Fitted};

/// Tries orders derived from `order` until one keeps to the caps, or the passes of
/// `fit` have cost more than `work`.
pub(crate) fn improve(fit: &mut Fit, order: &mut [u32], caps: Caps, work: u64) -> Option<Fitted> {
    while fit.work < work {
        match fit.run(order, caps) {
            Ok(fitted) => return Some(fitted),
            // Nothing but pins is in its way, so no order helps.
            Err(0) => return None,
            Err(position) => order[position / 2..=position].rotate_right(1),
        }
    }
    None
}
