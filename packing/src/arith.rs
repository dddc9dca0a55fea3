//! Checked arithmetic on offsets.
//!
//! Sizes come from user types and may be close to `u64::MAX`, so nothing here wraps.

/// The lowest multiple in bytes of `align` (a power of two) that is at least `offset`.
pub(crate) fn align_up(offset: u64, align: u64) -> Option<u64> {
    Some(offset.checked_add(align - 1)? & !(align - 1))
}

/// The highest multiple in bytes of `align` (a power of two) that is at most `offset`.
pub(crate) fn align_down(offset: u64, align: u64) -> u64 {
    offset & !(align - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_both_ways() {
        assert_eq!(align_up(0, 8), Some(0));
        assert_eq!(align_up(9, 8), Some(16));
        assert_eq!(align_up(u64::MAX, 1), Some(u64::MAX));
        assert_eq!(align_up(u64::MAX, 2), None);
        assert_eq!(align_down(15, 8), 8);
        assert_eq!(align_down(u64::MAX, 1 << 63), 1 << 63);
    }
}
