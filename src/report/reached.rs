//! What the code of a program reaches, in builds that generate none.
//!
//! The packages that such a build is for look at what they use, through all crates, as if for code generation, and their report is
//! made of that. It lists what is used; a build that generates code lists also what dependencies only could use.
//!
//! rustc's own list of that comes with a partition into units and with a symbol for each item. Both need the MIR of everything, and
//! take most of the time after an edit. What an item uses, on the other hand, is a query, whose answers incremental compilation
//! keeps. So this follows these answers.
//!
//! Mirrors `collect_items_rec`, `RootCollector` and `collect_alloc` in `rustc_monomorphize/src/collector.rs`.

use crate::compat::{CollectionMode, MonoItem};
use rustc_data_structures::fx::{FxHashMap, FxIndexSet};
use rustc_data_structures::stack::ensure_sufficient_stack;
use rustc_hir::LangItem;
use rustc_hir::def::DefKind;
use rustc_hir::def_id::{DefId, LocalDefId};
use rustc_hir::limit::Limit;
use rustc_middle::mir::interpret::{AllocId, GlobalAlloc};
use rustc_middle::ty::{self, Instance, TyCtxt, TypingEnv};

/// The functions that this crate's code consists of, each as it is used.
pub(super) fn functions<'tcx>(tcx: TyCtxt<'tcx>) -> Vec<Instance<'tcx>> {
    let mut walk = Walk {
        tcx,
        seen: FxIndexSet::default(),
        depths: FxHashMap::default(),
        limit: tcx.recursion_limit(),
    };
    for root in roots(tcx) {
        walk.visit(root);
    }
    let function = |item| if let MonoItem::Fn(instance) = item { Some(instance) } else { None };
    walk.seen.into_iter().filter_map(function).collect()
}

/// Where code begins: `main`, statics, and what others can call. (Nothing else calls a library's functions.)
fn roots(tcx: TyCtxt<'_>) -> Vec<MonoItem<'_>> {
    let main = tcx.entry_fn(()).map(|(main, _)| main);
    let reachable = tcx.reachable_set(());
    let mut roots = Vec::new();
    for def in tcx.hir_crate_items(()).definitions() {
        let root = match tcx.def_kind(def) {
            DefKind::Static { nested: false, .. } if !tcx.is_foreign_item(def) => {
                Some(MonoItem::Static(def.to_def_id()))
            }
            DefKind::Fn | DefKind::AssocFn => {
                let is_root = main == Some(def.to_def_id()) || reachable.contains(&def);
                if is_root { function(tcx, def) } else { None }
            }
            DefKind::Closure => public_async_fn(tcx, def),
            _ => None,
        };
        roots.extend(root.filter(|root| root.is_instantiable(tcx)));
    }
    roots
}

/// A function without type arguments.
fn function(tcx: TyCtxt<'_>, def: LocalDefId) -> Option<MonoItem<'_>> {
    let has_body = !tcx.is_foreign_item(def) && tcx.is_mir_available(def);
    let is_root = has_body && !tcx.generics_of(def).requires_monomorphization(tcx);
    is_root.then(|| MonoItem::Fn(Instance::mono(tcx, def.to_def_id())))
}

/// The body of a `pub async fn`: users of a library poll it, though nothing in the library does.
fn public_async_fn(tcx: TyCtxt<'_>, def: LocalDefId) -> Option<MonoItem<'_>> {
    let ty::Coroutine(coroutine, args) = *tcx.type_of(def).instantiate_identity().kind() else {
        return None;
    };
    let parent = tcx.parent(coroutine);
    let is_root = tcx.def_kind(parent) == DefKind::Fn
        && tcx.asyncness(parent).is_async()
        && tcx.visibility(parent).is_public()
        && !tcx.generics_of(parent).requires_monomorphization(tcx);
    if !is_root {
        return None;
    }
    let instance = Instance::new_raw(coroutine, tcx.erase_and_anonymize_regions(args));
    let typing_env = TypingEnv::fully_monomorphized();
    tcx.try_normalize_erasing_regions(typing_env, instance).ok().map(MonoItem::Fn)
}

struct Walk<'tcx> {
    tcx: TyCtxt<'tcx>,
    seen: FxIndexSet<MonoItem<'tcx>>,
    /// How often each function is on the way from the root to where the walk is.
    depths: FxHashMap<DefId, usize>,
    limit: Limit,
}

impl<'tcx> Walk<'tcx> {
    fn visit(&mut self, item: MonoItem<'tcx>) {
        if !self.seen.insert(item) {
            return;
        }
        match item {
            MonoItem::Fn(instance) => self.visit_function(instance),
            MonoItem::Static(def) => {
                if let Ok(content) = self.tcx.eval_static_initializer(def) {
                    for pointer in content.inner().provenance().ptrs().values() {
                        self.visit_memory(pointer.alloc_id());
                    }
                }
            }
            MonoItem::GlobalAsm(_) => {}
        }
    }

    fn visit_function(&mut self, instance: Instance<'tcx>) {
        let def = instance.def_id();
        let depth = self.depths.get(&def).copied().unwrap_or(0);
        // As rustc has it: drop glue nests deeply.
        let is_drop_glue = self.tcx.is_lang_item(def, LangItem::DropInPlace);
        let counted = if is_drop_glue { depth / 4 } else { depth };
        let used = self.tcx.items_of_instance((instance, CollectionMode::UsedItems));
        let (true, Ok((used, _))) = (self.limit.value_within_limit(counted), used) else {
            self.tcx.dcx().span_fatal(
                self.tcx.def_span(def),
                format!("reached the recursion limit while instantiating `{instance}`"),
            );
        };
        self.depths.insert(def, depth + 1);
        ensure_sufficient_stack(|| {
            for item in used {
                self.visit(item.node);
            }
        });
        self.depths.insert(def, depth);
    }

    /// What constants and statics point to.
    fn visit_memory(&mut self, id: AllocId) {
        match self.tcx.global_alloc(id) {
            GlobalAlloc::Static(def) => {
                if self.tcx.should_codegen_locally(Instance::mono(self.tcx, def)) {
                    self.visit(MonoItem::Static(def));
                }
            }
            GlobalAlloc::Memory(memory) => ensure_sufficient_stack(|| {
                for pointer in memory.inner().provenance().ptrs().values() {
                    self.visit_memory(pointer.alloc_id());
                }
            }),
            GlobalAlloc::Function { instance, .. } => {
                if self.tcx.should_codegen_locally(instance) {
                    self.visit(MonoItem::Fn(instance));
                }
            }
            GlobalAlloc::VTable(ty, object) => {
                let object = object.principal();
                let object = object.map(|it| self.tcx.instantiate_bound_regions_with_erased(it));
                self.visit_memory(self.tcx.vtable_allocation((ty, object)));
            }
            GlobalAlloc::TypeId { .. } => {}
        }
    }
}
