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
mod packed;
pub(crate) mod print_sizes;

use rustc_middle::mir::CoroutineLayout;
use rustc_middle::ty::layout::{LayoutCx, LayoutError, TyAndLayout};
use rustc_middle::ty::{self, GenericArgsRef, PseudoCanonicalInput, Ty, TyCtxt};
use rustc_span::def_id::DefId;
use snug_packing::Problem;

use crate::mode::{self, Mode};
use crate::relocate::UNRESUMED;
#[cfg(feature = "faults")]
use crate::testing::layout_faults;
use crate::{queries, report};
use coroutine::Coroutine;

/// Where everything in a coroutine lies, in bytes.
pub(crate) struct Placement {
    /// One offset per saved local, and the tag's at the end.
    offsets: Vec<u64>,
    /// A multiple of the coroutine's alignment.
    size: u64,
}

/// The placement needs more bytes than an object may have.
pub(crate) struct TooBig;

impl Placement {
    /// The packing algorithm's answer to a problem.
    fn packed(problem: &Problem) -> Result<Placement, TooBig> {
        match problem.pack() {
            Ok(packing) => Ok(Placement { offsets: packing.offsets, size: packing.size }),
            Err(snug_packing::Error::TooBig { .. }) => Err(TooBig),
            Err(error) => bug!("a coroutine is a contradictory packing problem: {error}"),
        }
    }
}

type LayoutResult<'tcx> = Result<TyAndLayout<'tcx>, &'tcx LayoutError<'tcx>>;

/// The provider of `layout_of`.
pub(crate) fn layout_of<'tcx>(
    tcx: TyCtxt<'tcx>,
    query: PseudoCanonicalInput<'tcx, Ty<'tcx>>,
) -> LayoutResult<'tcx> {
    let stock = queries::stock().layout_of;
    let ty::Coroutine(def_id, args) = *query.value.kind() else { return stock(tcx, query) };
    let typing_env = query.typing_env.with_post_analysis_normalized(tcx);
    // Stock's provider sends types that are not normalized back to this query, normalized.
    if tcx.try_normalize_erasing_regions(typing_env, query.value).ok() != Some(query.value) {
        return stock(tcx, query);
    }

    let mode = mode::of_crate(tcx, def_id.krate);
    let info = tcx.coroutine_layout(def_id, args)?;
    let cx = LayoutCx::new(tcx, typing_env);
    if mode == Mode::Classic || !is_relocated_body(info, args) {
        let layout = stock(tcx, query)?;
        report::record_stock(&cx, layout, info, args);
        return Ok(layout);
    }

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
    report::record(&coroutine, layout, mode);
    Ok(layout)
}

/// Whether the coroutine of this type has been relocated.
pub(crate) fn is_relocated<'tcx>(
    tcx: TyCtxt<'tcx>,
    def_id: DefId,
    args: GenericArgsRef<'tcx>,
) -> bool {
    mode::of_crate(tcx, def_id.krate) != Mode::Classic
        && tcx.coroutine_layout(def_id, args).is_ok_and(|info| is_relocated_body(info, args))
}

/// In a crate that Snug compiled, a coroutine is relocated if it lists an Unresumed place for each
/// upvar; one that was left alone lists none.
fn is_relocated_body<'tcx>(info: &CoroutineLayout<'tcx>, args: GenericArgsRef<'tcx>) -> bool {
    info.variant_fields[UNRESUMED].len() == args.as_coroutine().upvar_tys().len()
}
