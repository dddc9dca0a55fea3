//! What statements borrow.

use rustc_middle::mir::{BorrowKind, Place, Rvalue};

/// The local, or the part of one, that an rvalue takes the address of. A borrow through a pointer is none of the
/// pointer, and fake borrows exist for borrowck alone.
pub(crate) fn borrowed_place<'tcx>(rvalue: &Rvalue<'tcx>) -> Option<Place<'tcx>> {
    let place = match rvalue {
        Rvalue::Ref(_, BorrowKind::Shared | BorrowKind::Mut { .. }, place)
        | Rvalue::RawPtr(_, place) => *place,
        Rvalue::Ref(_, BorrowKind::Fake(_), _)
        | Rvalue::Use(_)
        | Rvalue::Repeat(..)
        | Rvalue::ThreadLocalRef(_)
        | Rvalue::Cast(..)
        | Rvalue::BinaryOp(..)
        | Rvalue::UnaryOp(..)
        | Rvalue::Discriminant(_)
        | Rvalue::Aggregate(..)
        | Rvalue::CopyForDeref(_)
        | Rvalue::WrapUnsafeBinder(..) => return None,
    };
    (!place.is_indirect()).then_some(place)
}
