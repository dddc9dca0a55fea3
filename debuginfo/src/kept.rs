//! Decides which variables are kept on the stack.
//!
//! LLVM keeps all of them there if nothing is optimised, so a debugger can read each for as long as it is in scope. That costs time: a
//! value that could stay in a register is stored and loaded again. Here it is so for what the user has written, wherever it has been
//! inlined to. Variables of std and of dependencies are where their values are, as in optimised programs, and can be read for as long
//! as these are used.

use std::path::Path;

use rustc_hir::def_id::{CrateNum, LOCAL_CRATE};
use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::{Body, Local, SourceScope, VarDebugInfoContents};
use rustc_middle::ty::{Instance, TyCtxt};
use rustc_session::config::OptLevel;
use rustc_span::{FileName, RemapPathScopeComponents};

use crate::level;
use crate::types::Types;

/// What becomes of the variables of a body.
pub struct Kept {
    on_stack: DenseBitSet<Local>,
    labelled: DenseBitSet<Local>,
    scopes: DenseBitSet<SourceScope>,
}

impl Kept {
    /// Of a body that debug information says nothing of.
    pub fn nothing(body: &Body<'_>) -> Kept {
        Kept {
            on_stack: DenseBitSet::new_empty(body.local_decls.len()),
            labelled: DenseBitSet::new_empty(body.local_decls.len()),
            scopes: DenseBitSet::new_empty(body.source_scopes.len()),
        }
    }

    /// Of a body that is compiled with debug information.
    pub fn of<'tcx>(
        tcx: TyCtxt<'tcx>,
        types: &mut Types<'tcx>,
        instance: Instance<'tcx>,
        body: &Body<'tcx>,
    ) -> Kept {
        let mut kept = Kept::nothing(body);
        if !level::has_variables(tcx.sess) {
            return kept;
        }
        kept.find_scopes(tcx, types, instance, body);
        for variable in &body.var_debug_info {
            if let VarDebugInfoContents::Place(place) = variable.value {
                kept.add(place.local, variable.source_info.scope);
            }
        }
        for argument in body.args_iter() {
            kept.add(argument, body.local_decls[argument].source_info.scope);
        }
        kept.labelled.subtract(&kept.on_stack);
        kept
    }

    /// Whether a local lies on the stack for as long as its variables are in scope.
    pub fn is_on_stack(&self, local: Local) -> bool {
        self.on_stack.contains(local)
    }

    /// Whether the values of a local have to be found.
    pub fn is_labelled(&self, local: Local) -> bool {
        self.labelled.contains(local)
    }

    /// Whether the constants that variables of a scope stand for lie on the stack.
    pub fn keeps(&self, scope: SourceScope) -> bool {
        self.scopes.contains(scope)
    }

    fn add(&mut self, local: Local, scope: SourceScope) {
        match self.keeps(scope) {
            true => self.on_stack.insert(local),
            false => self.labelled.insert(local),
        };
    }

    fn find_scopes<'tcx>(
        &mut self,
        tcx: TyCtxt<'tcx>,
        types: &mut Types<'tcx>,
        instance: Instance<'tcx>,
        body: &Body<'tcx>,
    ) {
        // What is of a dependency can contain nothing of the user's.
        if tcx.sess.opts.optimize != OptLevel::No || tcx.sess.opts.lint_cap.is_some() {
            return;
        }
        let mut is_users_own = |of: CrateNum| {
            of == LOCAL_CRATE || *types.users_own.entry(of).or_insert_with(|| is_from_path(tcx, of))
        };
        for (scope, data) in body.source_scopes.iter_enumerated() {
            let inlined = data.inlined.or_else(|| {
                data.inlined_parent_scope.and_then(|parent| body.source_scopes[parent].inlined)
            });
            let function = inlined.map_or(instance, |(callee, _)| callee);
            if is_users_own(function.def_id().krate) {
                self.scopes.insert(scope);
            }
        }
    }
}

/// The folders in which std's sources and those that cargo has downloaded are, whatever is around them.
const FOLDERS: [[&str; 2]; 3] = [["rustlib", "src"], ["registry", "src"], ["git", "checkouts"]];

/// What std's sources are called without their component.
const STD: &str = "/rustc";

/// Whether another crate is the user's. Cargo caps the lints of all others, but a crate does not say so to those that use it; its
/// sources lie elsewhere.
fn is_from_path(tcx: TyCtxt<'_>, of: CrateNum) -> bool {
    let root = tcx.def_span(of.as_def_id());
    let file = tcx.sess.source_map().lookup_source_file(root.lo());
    let FileName::Real(file) = &file.name else { return true };
    let (folder, name) = file.embeddable_name(RemapPathScopeComponents::DEBUGINFO);
    is_users_own(&folder.join(name))
}

fn is_users_own(source: &Path) -> bool {
    let folders: Vec<_> = source.iter().collect();
    !source.starts_with(STD) && !folders.windows(2).any(|pair| FOLDERS.iter().any(|of| pair == of))
}
