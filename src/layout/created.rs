//! What a coroutine is made of when it is created, and where that had better lie.
//!
//! An optimiser that moves a fresh future should move what has been written into it, and nothing else.
//! LLVM does so, without any stack for the future, if two things hold:
//!
//! * What is written lies at the low end: LLVM cuts the *end* off a memcpy where nothing has been written.
//! * There is no gap right before a capture that is copied by memcpy. SROA cuts the future in pieces
//!   where something is *stored*, so the tag or a scalar in front of such a capture makes it a piece of its
//!   own. A gap in front of it becomes part of that piece, and the copy of the piece stays.
//!
//! And one more where a coroutine moves a capture into another future, which may take the same bytes: LLVM
//! writes the future's pieces in the order of their offsets. What is stored first may hit the capture
//! that is yet to be moved, which then goes through the stack.
//!
//! So what is copied comes first, then scalars, then the tag. A captured future has an end where nothing
//! is written, so it comes last, and the tag right before it.
//!
//! All of that only chooses between layouts of equal size, so none of it need be exact.

use std::cmp::Reverse;

use rustc_abi::{BackendRepr, FieldsShape, HasDataLayout, Variants};
use rustc_data_structures::fx::FxHashMap;
use rustc_middle::mir::CoroutineSavedLocal;
use rustc_middle::ty::layout::{LayoutCx, TyAndLayout};
use rustc_middle::ty::{self, Ty};

use super::coroutine::Coroutine;

/// Something that is written when a coroutine is created.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    /// Its item in the packing problem.
    pub(super) item: usize,
    size: u64,
    align: u64,
    /// Where the bytes end that are written.
    pub(super) end: u64,
    /// Whether it is stored, rather than copied by memcpy.
    is_stored: bool,
    is_tag: bool,
}

/// The captures and the tag.
pub(super) fn pieces<'tcx>(coroutine: &Coroutine<'tcx>) -> Vec<Piece> {
    let mut ends = Ends { cx: &coroutine.cx, ends: FxHashMap::default() };
    let upvars = coroutine.unresumed().iter().zip(&coroutine.upvars);
    let piece = |(local, upvar): (&CoroutineSavedLocal, &TyAndLayout<'tcx>)| Piece {
        item: local.index(),
        size: upvar.size.bytes(),
        align: upvar.align.abi.bytes(),
        end: ends.of(*upvar),
        is_stored: !matches!(upvar.backend_repr, BackendRepr::Memory { .. }),
        is_tag: false,
    };
    let mut pieces: Vec<Piece> = upvars.map(piece).filter(|piece| piece.size > 0).collect();
    let size = coroutine.tag_size().bytes();
    let align = coroutine.tag.primitive().align(coroutine.cx.data_layout()).abi.bytes();
    let item = coroutine.tag_item();
    pieces.push(Piece { item, size, align, end: size, is_stored: true, is_tag: true });
    pieces
}

/// Items and their offsets, best first: with the tag right before what has an unwritten end, and as
/// tight as can be.
pub(super) fn arrangements(mut pieces: Vec<Piece>) -> [Vec<(usize, u64)>; 2] {
    // Alignments fall, so there is hardly ever padding between pieces that have no unwritten end.
    pieces.sort_by_key(|piece| {
        let unwritten = piece.size - piece.end;
        (unwritten > 0, Reverse(piece.align), unwritten, piece.is_stored, piece.is_tag)
    });
    let mut tight = Arrangement::default();
    pieces.iter().for_each(|piece| tight.add(piece));

    let (unwritten, written): (Vec<Piece>, Vec<Piece>) =
        pieces.into_iter().partition(|piece| piece.size > piece.end);
    let mut with_tag_between = Arrangement::default();
    for piece in written.iter().filter(|piece| !piece.is_tag || unwritten.is_empty()) {
        with_tag_between.add(piece);
    }
    if let (Some(first), Some(tag)) = (unwritten.first(), written.iter().find(|p| p.is_tag)) {
        let above = (with_tag_between.end + tag.size).next_multiple_of(first.align);
        with_tag_between.end = (above - tag.size) & !(tag.align - 1);
        with_tag_between.add(tag);
        unwritten.iter().for_each(|piece| with_tag_between.add(piece));
    }
    [with_tag_between.offsets, tight.offsets]
}

/// Pieces that lie one after the other.
#[derive(Default)]
struct Arrangement {
    offsets: Vec<(usize, u64)>,
    end: u64,
}

impl Arrangement {
    /// Adds a piece at the lowest place that is left.
    fn add(&mut self, piece: &Piece) {
        let offset = self.end.next_multiple_of(piece.align);
        self.end = offset + piece.size;
        self.offsets.push((piece.item, offset));
    }
}

/// Finds out where the bytes end that are written when values of types are created. A future that
/// is captured holds little more than *its* captures: it may have been polled, but hardly ever has.
struct Ends<'a, 'tcx> {
    cx: &'a LayoutCx<'tcx>,
    /// Types that nest share parts.
    ends: FxHashMap<Ty<'tcx>, u64>,
}

impl<'tcx> Ends<'_, 'tcx> {
    fn of(&mut self, layout: TyAndLayout<'tcx>) -> u64 {
        let is_aggregate = matches!(
            layout.ty.kind(),
            ty::Adt(..)
                | ty::Tuple(..)
                | ty::Array(..)
                | ty::Closure(..)
                | ty::CoroutineClosure(..)
                | ty::Coroutine(..)
        );
        if !is_aggregate || !matches!(layout.backend_repr, BackendRepr::Memory { .. }) {
            return layout.size.bytes();
        }
        if let Some(&end) = self.ends.get(&layout.ty) {
            return end;
        }
        let end = match &layout.variants {
            Variants::Empty => layout.size.bytes(),
            Variants::Single { .. } => self.of_fields(layout),
            // The fields of a coroutine itself are those of Unresumed, and the tag.
            Variants::Multiple { .. } if layout.ty.is_coroutine() => self.of_fields(layout),
            Variants::Multiple { variants, .. } => {
                let cx = self.cx;
                let tag = layout.fields.offset(0) + layout.field(cx, 0).size;
                let of_variant = |variant| self.of_fields(layout.for_variant(cx, variant));
                variants.indices().map(of_variant).fold(tag.bytes(), u64::max)
            }
        };
        self.ends.insert(layout.ty, end);
        end
    }

    fn of_fields(&mut self, layout: TyAndLayout<'tcx>) -> u64 {
        match layout.fields {
            FieldsShape::Primitive | FieldsShape::Union(_) => layout.size.bytes(),
            FieldsShape::Array { count: 0, .. } => 0,
            FieldsShape::Array { stride, count } => {
                (stride * (count - 1)).bytes() + self.of(layout.field(self.cx, 0))
            }
            FieldsShape::Arbitrary { .. } => {
                let fields = 0..layout.fields.count();
                let end = |field| {
                    let offset = layout.fields.offset(field).bytes();
                    offset + self.of(layout.field(self.cx, field))
                };
                fields.map(end).max().unwrap_or(0)
            }
        }
    }
}
