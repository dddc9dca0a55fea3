//! Layouts of coroutine types.
//!
//! The input is the `CoroutineLayout` of the coroutine's MIR: its saved locals, which of them are
//! fields of which variant, which must not overlap, and (written by [`crate::relocate`]) which of
//! them the upvars are while the coroutine is Unresumed. The output is one offset per saved local
//! and one for the tag.
//!
//! * [`coroutine`] gathers the input for one monomorphic type;
//! * [`classic`], [`captures_only`] and [`packed`] place it, one scheme each;
//! * [`build`] turns a placement into the `LayoutData` that the rest of rustc reads.
//!
//! In every scheme a saved upvar lies, while Unresumed, where its slot is: relocating it copies
//! nothing. Mirrors `ty::Coroutine` in `rustc_ty_utils/src/layout.rs` and
//! `rustc_abi/src/layout/coroutine.rs`.

mod build;
mod captures_only;
mod classic;
pub(crate) mod coroutine;
mod created;
mod packed;
mod placement;
pub(crate) mod print_sizes;

use rustc_middle::ty::layout::{LayoutCx, LayoutError, TyAndLayout};
use rustc_middle::ty::{self, GenericArgsRef, PseudoCanonicalInput, Ty, TyCtxt};
use rustc_span::def_id::DefId;

use crate::mode::Mode;
#[cfg(feature = "faults")]
use crate::testing::layout_faults;
use crate::{dialect, guard, stock};
use coroutine::Coroutine;

type LayoutResult<'tcx> = Result<TyAndLayout<'tcx>, &'tcx LayoutError<'tcx>>;

/// The provider of `layout_of`.
pub(crate) fn layout_of<'tcx>(
    tcx: TyCtxt<'tcx>,
    query: PseudoCanonicalInput<'tcx, Ty<'tcx>>,
) -> LayoutResult<'tcx> {
    let stock = stock::providers().layout_of;
    let ty::Coroutine(def_id, args) = *query.value.kind() else { return stock(tcx, query) };
    let typing_env = query.typing_env.with_post_analysis_normalized(tcx);
    // Stock's provider sends types that are not normalized back to this query, normalized.
    if tcx.try_normalize_erasing_regions(typing_env, query.value).ok() != Some(query.value) {
        return stock(tcx, query);
    }

    let mode = guard::mode_of_crate(tcx, def_id.krate);
    let info = tcx.coroutine_layout(def_id, args)?;
    if mode == Mode::Classic || !dialect::is_relocated(info, args) {
        return stock(tcx, query);
    }

    let cx = LayoutCx::new(tcx, typing_env);
    let coroutine = Coroutine::new(cx, def_id, args, info)?;
    let too_big = |_| &*tcx.arena.alloc(LayoutError::SizeOverflow(query.value));
    let placement = match mode {
        Mode::CapturesOnly => captures_only::place(&coroutine),
        _ => packed::place(&coroutine),
    };
    let placement = placement.map_err(too_big)?;
    #[cfg_attr(not(feature = "faults"), expect(unused_mut))]
    let mut layout = build::layout(&coroutine, &placement);
    #[cfg(feature = "faults")]
    layout_faults::inject(info, &mut layout);
    let layout = TyAndLayout { ty: query.value, layout: tcx.mk_layout(layout) };
    if tcx.sess.opts.unstable_opts.print_type_sizes {
        print_sizes::record(&coroutine, layout);
    }
    Ok(layout)
}

/// Whether the coroutine of this type has been relocated, in whatever crate it is.
pub(crate) fn is_relocated<'tcx>(
    tcx: TyCtxt<'tcx>,
    def_id: DefId,
    args: GenericArgsRef<'tcx>,
) -> bool {
    guard::mode_of_crate(tcx, def_id.krate) != Mode::Classic
        && tcx.coroutine_layout(def_id, args).is_ok_and(|info| dialect::is_relocated(info, args))
}
