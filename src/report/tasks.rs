//! Where futures become tasks: calls of functions like `spawn` and `block_on`, in this crate.
//!
//! Runtimes have no common interface, so the functions are known by their names, whosever they are.

use rustc_middle::mir::TerminatorKind;
use rustc_middle::ty::print::with_no_trimmed_paths;
use rustc_middle::ty::{EarlyBinder, GenericArgsRef, Instance, Ty, TyCtxt, TypingEnv};
use rustc_span::Span;
use serde_json::{Value, json};

use super::body::span;

/// The names. `_spawn_async_fn` is what `#[embassy_executor::task]` expands to.
const STARTERS: [&str; 8] = [
    "_spawn_async_fn",
    "block_on",
    "run_until",
    "spawn",
    "spawn_local",
    "spawn_local_on",
    "spawn_on",
    "spawn_pinned",
];

/// A future that becomes a task.
pub(super) struct Task<'tcx> {
    pub(super) future: Ty<'tcx>,
    /// The path of the function that makes it one.
    by: String,
    at: Span,
}

impl Task<'_> {
    pub(super) fn value(&self, tcx: TyCtxt<'_>) -> Value {
        json!({ "by": self.by, "span": span(tcx, self.at) })
    }
}

/// The tasks that a function of this crate makes.
pub(super) fn in_body<'tcx>(
    tcx: TyCtxt<'tcx>,
    instance: Instance<'tcx>,
    found: &mut Vec<Task<'tcx>>,
) {
    if !instance.def_id().is_local() {
        return;
    }
    for data in tcx.instance_mir(instance.def).basic_blocks.iter() {
        let TerminatorKind::Call { func, fn_span, .. } = &data.terminator().kind else { continue };
        let Some((callee, args)) = func.const_fn_def() else { continue };
        let name = tcx.opt_item_name(callee);
        if !name.is_some_and(|name| STARTERS.contains(&name.as_str())) {
            continue;
        }
        let args = instance.instantiate_mir_and_normalize_erasing_regions(
            tcx,
            TypingEnv::fully_monomorphized(),
            EarlyBinder::bind(args),
        );
        if let Some(future) = first_coroutine(args) {
            let by = with_no_trimmed_paths!(tcx.def_path_str(callee));
            found.push(Task { future, by, at: fn_span.source_callsite() });
        }
    }
}

/// The outermost coroutine in the arguments of a function.
fn first_coroutine<'tcx>(args: GenericArgsRef<'tcx>) -> Option<Ty<'tcx>> {
    let mut types = args.iter().flat_map(|arg| arg.walk()).filter_map(|part| part.as_type());
    types.find(|ty| ty.is_coroutine())
}
