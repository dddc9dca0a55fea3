//! The names that debug info gives to places, in both bodies.

use rustc_data_structures::fx::FxHashMap;
use rustc_middle::mir::{Body, Local, Place, ProjectionElem, VarDebugInfo, VarDebugInfoContents};
use rustc_middle::ty::TyCtxt;
use rustc_span::Symbol;

use super::place::{Split, are_aligned, overlap, split};
use super::relation::{NEW, OLD};
use super::side::Point;
use super::violation::{Result, Violation};
use super::walk::Walk;

/// A variable, and where debug info says it is.
struct Variable<'tcx> {
    name: Symbol,
    bases: [Place<'tcx>; 2],
}

/// The variables of both bodies, by the local of the old one.
#[derive(Default)]
pub(super) struct Variables<'tcx> {
    of_local: FxHashMap<Local, Vec<Variable<'tcx>>>,
}

impl<'tcx> Variables<'tcx> {
    /// The variables, if both bodies have the same.
    pub(super) fn find(
        tcx: TyCtxt<'tcx>,
        old: &Body<'tcx>,
        new: &Body<'tcx>,
    ) -> Result<Variables<'tcx>> {
        let violation = |message| {
            let start = Point::start_of(rustc_middle::mir::START_BLOCK);
            Violation { message, points: [start; 2], span: new.span }
        };
        let mut variables = Variables::default();
        if old.var_debug_info.len() != new.var_debug_info.len() {
            return Err(violation("debug info has another number of variables".to_owned()));
        }
        for (old_info, new_info) in old.var_debug_info.iter().zip(&new.var_debug_info) {
            let name = old_info.name;
            if !is_same(old_info, new_info) {
                return Err(violation(format!(
                    "the variable `{name}` is another one in debug info"
                )));
            }
            if let (VarDebugInfoContents::Place(of_old), VarDebugInfoContents::Place(of_new)) =
                (&old_info.value, &new_info.value)
            {
                let [of_old, of_new] = [split(tcx, old, *of_old), split(tcx, new, *of_new)];
                if !is_same_rest(of_old, of_new) {
                    let message = format!("the variable `{name}` is another part in debug info");
                    return Err(violation(message));
                }
                let bases = [of_old.base, of_new.base];
                variables
                    .of_local
                    .entry(of_old.base.local)
                    .or_default()
                    .push(Variable { name, bases });
            }
        }
        Ok(variables)
    }
}

fn is_same<'tcx>(old: &VarDebugInfo<'tcx>, new: &VarDebugInfo<'tcx>) -> bool {
    let is_same_value = match (&old.value, &new.value) {
        (VarDebugInfoContents::Place(_), VarDebugInfoContents::Place(_)) => true,
        (VarDebugInfoContents::Const(old), VarDebugInfoContents::Const(new)) => {
            old.const_ == new.const_
        }
        _ => false,
    };
    is_same_value
        && old.name == new.name
        && old.source_info == new.source_info
        && old.argument_index == new.argument_index
}

fn is_same_rest<'tcx>(old: Split<'tcx>, new: Split<'tcx>) -> bool {
    old.rest.len() == new.rest.len()
        && old.rest.iter().zip(new.rest).all(|(old, new)| match (old, new) {
            (ProjectionElem::Field(old, _), ProjectionElem::Field(new, _)) => old == new,
            _ => old == new,
        })
}

impl<'tcx> Walk<'_, 'tcx> {
    /// Where a variable is used, debug info finds it.
    pub(super) fn variables_fit(&self, points: [Point; 2], bases: [Place<'tcx>; 2]) -> Result<()> {
        let variables = self.variables.of_local.get(&bases[OLD].local);
        for variable in variables.into_iter().flatten() {
            let fits =
                !overlap(variable.bases[OLD], bases[OLD]) || are_aligned(variable.bases, bases);
            if !fits {
                let message = format!(
                    "debug info finds `{}` in {}, but it is used in {}",
                    variable.name,
                    self.describe(NEW, variable.bases[NEW]),
                    self.describe(NEW, bases[NEW]),
                );
                return Err(self.violation(points, message));
            }
        }
        Ok(())
    }
}
