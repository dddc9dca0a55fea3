//! Finds every coroutine type that the crate's generated code uses, and those that become tasks.

use rustc_data_structures::fx::FxIndexSet;
use rustc_middle::mir::mono::MonoItem;
use rustc_middle::ty::{self, EarlyBinder, Instance, Ty, TyCtxt, TypeVisitableExt, TypingEnv};

use super::tasks::{self, Task};

/// What a crate uses.
pub(super) struct Used<'tcx> {
    /// All coroutine types.
    pub(super) types: FxIndexSet<Ty<'tcx>>,
    pub(super) tasks: Vec<Task<'tcx>>,
}

/// Asks for the layouts of all coroutine types in the crate's mono items, and of those inside them,
/// and lists these types.
pub(super) fn lay_out_all_coroutines<'tcx>(tcx: TyCtxt<'tcx>) -> Used<'tcx> {
    let mut found = FxIndexSet::default();
    let mut tasks = Vec::new();
    for unit in tcx.collect_and_partition_mono_items(()).codegen_units {
        // In the order of the source, so that a report is a function of the crate.
        for (item, _) in unit.items_in_deterministic_order(tcx) {
            if let MonoItem::Fn(instance) = item {
                in_body(tcx, instance, &mut found);
                tasks::in_body(tcx, instance, &mut tasks);
            }
        }
    }
    let mut next = 0;
    while let Some(&ty) = found.get_index(next) {
        next += 1;
        let _ = tcx.layout_of(TypingEnv::fully_monomorphized().as_query_input(ty));
        inside(tcx, ty, &mut found);
    }
    Used { types: found, tasks }
}

fn in_body<'tcx>(tcx: TyCtxt<'tcx>, instance: Instance<'tcx>, found: &mut FxIndexSet<Ty<'tcx>>) {
    let may_have_coroutines =
        |ty: Ty<'tcx>| ty.has_coroutines() || ty.has_non_region_param() || ty.has_aliases();
    let decls = tcx.instance_mir(instance.def).local_decls.iter();
    for decl in decls.filter(|decl| may_have_coroutines(decl.ty)) {
        let ty = instance.instantiate_mir_and_normalize_erasing_regions(
            tcx,
            TypingEnv::fully_monomorphized(),
            EarlyBinder::bind(decl.ty),
        );
        collect(ty, found);
    }
}

/// The coroutines that a coroutine captures or saves.
fn inside<'tcx>(tcx: TyCtxt<'tcx>, ty: Ty<'tcx>, found: &mut FxIndexSet<Ty<'tcx>>) {
    let ty::Coroutine(def_id, args) = *ty.kind() else { return };
    for upvar in args.as_coroutine().upvar_tys() {
        collect(upvar, found);
    }
    let Ok(info) = tcx.coroutine_layout(def_id, args) else { return };
    for field in &info.field_tys {
        let field = EarlyBinder::bind(field.ty);
        let typing_env = TypingEnv::fully_monomorphized();
        collect(tcx.instantiate_and_normalize_erasing_regions(args, typing_env, field), found);
    }
}

fn collect<'tcx>(ty: Ty<'tcx>, found: &mut FxIndexSet<Ty<'tcx>>) {
    for part in ty.walk() {
        if let Some(ty) = part.as_type()
            && ty.is_coroutine()
        {
            found.insert(ty);
        }
    }
}
