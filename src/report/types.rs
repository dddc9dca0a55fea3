//! Finds every coroutine type that the crate's generated code uses, and those that become tasks.

use rustc_data_structures::fx::FxIndexSet;
use rustc_hir::def::DefKind;
use rustc_middle::ty::{
    self, EarlyBinder, Instance, InstanceKind, Ty, TyCtxt, TypeVisitableExt, TypingEnv,
};

use crate::compat::MonoItem;

use super::reached;
use super::tasks::{self, Task};

/// What a crate uses.
pub(super) struct Used<'tcx> {
    /// All coroutine types.
    pub(super) types: FxIndexSet<Ty<'tcx>>,
    pub(super) tasks: Vec<Task<'tcx>>,
}

/// Asks for the layouts of all coroutine types that the crate's functions use, and of those inside them, and lists these types.
pub(super) fn lay_out_all_coroutines<'tcx>(tcx: TyCtxt<'tcx>) -> Used<'tcx> {
    let mut found = FxIndexSet::default();
    let mut tasks = Vec::new();
    let is_made = tcx.sess.opts.output_types.should_codegen();
    for instance in if is_made { generated(tcx) } else { reached::functions(tcx) } {
        of_instance(tcx, instance, &mut found);
        // Where code is generated, the MIR of other crates is at hand. Else it would take long to read, and has little that the
        // types of functions do not have: every future is polled, or dropped, or given to a function.
        if is_made || instance.def_id().is_local() {
            in_body(tcx, instance, &mut found);
        }
        tasks::in_body(tcx, instance, &mut tasks);
    }
    // What the user has written comes first.
    tasks.sort_by_key(|task: &Task<'tcx>| !task.is_here);
    let mut next = 0;
    while let Some(&ty) = found.get_index(next) {
        next += 1;
        let _ = tcx.layout_of(TypingEnv::fully_monomorphized().as_query_input(ty));
        inside(tcx, ty, &mut found);
    }
    Used { types: found, tasks }
}

/// The functions of which code is generated, in the order of the source, so that a report is a function of the crate.
fn generated<'tcx>(tcx: TyCtxt<'tcx>) -> Vec<Instance<'tcx>> {
    let units = tcx.collect_and_partition_mono_items(()).codegen_units;
    let items = units.iter().flat_map(|unit| unit.items_in_deterministic_order(tcx));
    let function = |item| if let MonoItem::Fn(instance) = item { Some(instance) } else { None };
    items.filter_map(|(item, _)| function(item)).collect()
}

/// The coroutines that a function's type is made of, and the one whose body it is.
fn of_instance<'tcx>(
    tcx: TyCtxt<'tcx>,
    instance: Instance<'tcx>,
    found: &mut FxIndexSet<Ty<'tcx>>,
) {
    if let InstanceKind::Item(def) = instance.def {
        // The body of an async closure's future that owns what it captures is that of another definition.
        let is_synthetic = tcx.def_kind(def) == DefKind::SyntheticCoroutineBody;
        let coroutine = if is_synthetic { tcx.parent(def) } else { def };
        if tcx.is_coroutine(coroutine) {
            found.insert(Ty::new_coroutine(tcx, coroutine, instance.args));
        }
    }
    for ty in instance.args.types().filter(|ty| ty.has_coroutines()) {
        collect(ty, found);
    }
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
