//! Where futures become tasks: calls of functions like `spawn` and `block_on`.
//!
//! Runtimes have no common interface, so the functions are known by their names, whosever they are; and they must be given a
//! future. What is given may be a combinator (`timeout(.., f())`, `f().instrument(span)`, `join(f(), g())`): the
//! tasks are the outermost coroutines in it. If it is a `dyn Future`, they are looked for in what it was made of.
//!
//! Calls in other crates count, too: a server spawns what its users write. What a runtime's own functions give to each other does not.

use crate::compat::{CollectionMode, MonoItem};
use rustc_data_structures::fx::FxHashSet;
use rustc_hir::LangItem;
use rustc_hir::def_id::DefId;
use rustc_middle::mir::{Body, Local, Operand, Place, Rvalue, StatementKind, TerminatorKind};
use rustc_middle::ty::print::with_no_trimmed_paths;
use rustc_middle::ty::{
    self, EarlyBinder, GenericArgsRef, Instance, Ty, TyCtxt, TypeFoldable, TypingEnv,
};
use rustc_span::Span;
use serde_json::{Value, json};

use super::body::span;

/// How the names begin. `_spawn_async_fn` is what `#[embassy_executor::task]` expands to.
const STARTERS: [&str; 5] =
    ["_spawn_async_fn", "block_on", "future_to_promise", "run_until", "spawn"];

/// A future that becomes a task.
pub(super) struct Task<'tcx> {
    pub(super) future: Ty<'tcx>,
    /// The path of the function that makes it one.
    by: String,
    at: Span,
    /// Whether this crate makes it one.
    pub(super) is_here: bool,
}

impl Task<'_> {
    pub(super) fn value(&self, tcx: TyCtxt<'_>) -> Value {
        json!({ "by": self.by, "span": span(tcx, self.at) })
    }
}

/// The tasks that a function makes.
pub(super) fn in_body<'tcx>(
    tcx: TyCtxt<'tcx>,
    instance: Instance<'tcx>,
    found: &mut Vec<Task<'tcx>>,
) {
    // The MIR of other crates takes long to read.
    if instance.def_id().is_local() || calls_starter(tcx, instance) {
        let body = tcx.instance_mir(instance.def);
        Search { tcx, instance, body, found }.all();
    }
}

fn is_starter(tcx: TyCtxt<'_>, function: DefId) -> bool {
    let is_start = |name: &str| STARTERS.iter().any(|start| name.starts_with(start));
    tcx.opt_item_name(function).is_some_and(|name| is_start(name.as_str()))
}

/// Whether a function calls one of another crate's.
fn calls_starter<'tcx>(tcx: TyCtxt<'tcx>, instance: Instance<'tcx>) -> bool {
    let caller = instance.def_id();
    let is_one = |item: MonoItem<'tcx>| match item {
        MonoItem::Fn(callee) => {
            let callee = callee.def_id();
            callee.krate != caller.krate && is_starter(tcx, callee)
        }
        MonoItem::Static(_) | MonoItem::GlobalAsm(_) => false,
    };
    let used = tcx.items_of_instance((instance, CollectionMode::UsedItems));
    used.is_ok_and(|(used, _)| used.iter().any(|item| is_one(item.node)))
}

struct Search<'a, 'tcx> {
    tcx: TyCtxt<'tcx>,
    instance: Instance<'tcx>,
    body: &'tcx Body<'tcx>,
    found: &'a mut Vec<Task<'tcx>>,
}

impl<'tcx> Search<'_, 'tcx> {
    fn all(&mut self) {
        for data in self.body.basic_blocks.iter() {
            if let TerminatorKind::Call { func, args, fn_span, .. } = &data.terminator().kind
                && let Some((callee, generics)) = func.const_fn_def()
            {
                let scope = &self.body.source_scopes[data.terminator().source_info.scope];
                // The call may be in a function that was inlined here.
                let caller = match scope.inlined {
                    Some((inlined, _)) => inlined.def_id(),
                    None => self.instance.def_id(),
                };
                let given: Vec<&Operand<'tcx>> = args.iter().map(|it| &it.node).collect();
                self.call(caller, callee, generics, &given, *fn_span);
            }
        }
        for scope in &self.body.source_scopes {
            if let Some((inlined, at)) = scope.inlined {
                let caller = self.instance.def_id();
                self.call(caller, inlined.def_id(), inlined.args, &[], at);
            }
        }
    }

    fn call(
        &mut self,
        caller: DefId,
        callee: DefId,
        generics: GenericArgsRef<'tcx>,
        given: &[&Operand<'tcx>],
        at: Span,
    ) {
        let is_own_affair = !caller.is_local() && caller.krate == callee.krate;
        if is_own_affair || !is_starter(self.tcx, callee) {
            return;
        }
        let mut futures = Vec::new();
        for ty in self.instantiated(generics).types().filter(|ty| self.is_future(*ty)) {
            outermost(ty, &mut futures);
        }
        if futures.is_empty() {
            let given = given.iter().filter(|operand| self.is_future(self.type_of(operand)));
            futures = given.flat_map(|operand| self.made_of(operand)).collect();
        }
        // A `spawn` that gives what it was given to another `spawn`: its callers make the task.
        let own: FxHashSet<Ty<'tcx>> = self.instance.args.types().flat_map(all_outermost).collect();
        futures.retain(|future| !own.contains(future) || !is_starter(self.tcx, caller));
        for future in futures {
            let by = with_no_trimmed_paths!(self.tcx.def_path_str(callee));
            let is_here = caller.is_local();
            self.found.push(Task { future, by, at: at.source_callsite(), is_here });
        }
    }

    fn instantiated<T: TypeFoldable<TyCtxt<'tcx>>>(&self, value: T) -> T {
        self.instance.instantiate_mir_and_normalize_erasing_regions(
            self.tcx,
            TypingEnv::fully_monomorphized(),
            EarlyBinder::bind(value),
        )
    }

    fn type_of(&self, operand: &Operand<'tcx>) -> Ty<'tcx> {
        self.instantiated(operand.ty(self.body, self.tcx))
    }

    fn is_future(&self, ty: Ty<'tcx>) -> bool {
        let Some(poll) = self.tcx.lang_items().get(LangItem::FuturePoll) else { return false };
        let args = self.tcx.mk_args(&[ty.into()]);
        let typing_env = TypingEnv::fully_monomorphized();
        Instance::try_resolve(self.tcx, typing_env, poll, args).is_ok_and(|found| found.is_some())
    }

    /// The coroutines in what a value was made of: `Box::pin(f())`, `f().boxed()`, `pin!(f())`.
    fn made_of(&self, operand: &Operand<'tcx>) -> Vec<Ty<'tcx>> {
        let mut locals: Vec<Local> = operand.place().map(|it| it.local).into_iter().collect();
        let mut seen = FxHashSet::default();
        while let Some(local) = locals.pop() {
            if !seen.insert(local) {
                continue;
            }
            let mut places: Vec<Place<'tcx>> = vec![local.into()];
            for data in self.body.basic_blocks.iter() {
                for statement in &data.statements {
                    if let StatementKind::Assign(assign) = &statement.kind
                        && assign.0.local == local
                    {
                        places.extend(places_of(&assign.1));
                    }
                }
                if let TerminatorKind::Call { args, destination, .. } = &data.terminator().kind
                    && destination.local == local
                {
                    places.extend(args.iter().filter_map(|it| it.node.place()));
                }
            }
            let mut found = Vec::new();
            for place in places {
                outermost(self.instantiated(place.ty(self.body, self.tcx).ty), &mut found);
                locals.push(place.local);
            }
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }
}

/// What a value is made of.
fn places_of<'tcx>(value: &Rvalue<'tcx>) -> Vec<Place<'tcx>> {
    match value {
        Rvalue::Use(operand) | Rvalue::Cast(_, operand, _) => operand.place().into_iter().collect(),
        Rvalue::Ref(_, _, place) | Rvalue::RawPtr(_, place) | Rvalue::CopyForDeref(place) => {
            vec![*place]
        }
        Rvalue::Aggregate(_, operands) => operands.iter().filter_map(Operand::place).collect(),
        _ => Vec::new(),
    }
}

fn all_outermost(ty: Ty<'_>) -> Vec<Ty<'_>> {
    let mut found = Vec::new();
    outermost(ty, &mut found);
    found
}

/// The coroutines in a type that are in no other coroutine.
fn outermost<'tcx>(ty: Ty<'tcx>, found: &mut Vec<Ty<'tcx>>) {
    match ty.kind() {
        ty::Coroutine(..) if !found.contains(&ty) => found.push(ty),
        ty::Adt(_, args) => args.types().for_each(|ty| outermost(ty, found)),
        ty::Tuple(types) => types.iter().for_each(|ty| outermost(ty, found)),
        ty::Array(ty, _) | ty::Slice(ty) | ty::Ref(_, ty, _) | ty::RawPtr(ty, _) => {
            outermost(*ty, found);
        }
        ty::Closure(_, args) => {
            args.as_closure().upvar_tys().iter().for_each(|ty| outermost(ty, found));
        }
        _ => {}
    }
}
