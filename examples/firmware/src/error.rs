//! What may go wrong on a wire.

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Error {
    Timeout,
    Checksum,
    Length,
    Refused(u8),
}
