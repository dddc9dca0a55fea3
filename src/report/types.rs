//! Finds every coroutine type that the crate's generated code uses.

use rustc_data_structures::fx::FxIndexSet;
use rustc_middle::mir::mono::MonoItem;
use rustc_middle::ty::{self, EarlyBinder, Instance, Ty, TyCtxt, TypingEnv};

/// Asks for the layouts of all coroutine types in the crate's mono items, and of those inside them,
/// and lists these types.
pub(super) fn lay_out_all_coroutines<'tcx>(tcx: TyCtxt<'tcx>) -> FxIndexSet<Ty<'tcx>> {
    let mut found = FxIndexSet::default();
    for unit in tcx.collect_and_partition_mono_items(()).codegen_units {
        for &item in unit.items().keys() {
            if let MonoItem::Fn(instance) = item {
                in_body(tcx, instance, &mut found);
            }
        }
    }
    let mut next = 0;
    while let Some(&ty) = found.get_index(next) {
        next += 1;
        let _ = tcx.layout_of(TypingEnv::fully_monomorphized().as_query_input(ty));
        inside(tcx, ty, &mut found);
    }
    found
}

fn in_body<'tcx>(tcx: TyCtxt<'tcx>, instance: Instance<'tcx>, found: &mut FxIndexSet<Ty<'tcx>>) {
    for decl in &tcx.instance_mir(instance.def).local_decls {
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
