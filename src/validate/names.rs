//! The names that debug info gives to places, in both bodies.

use rustc_data_structures::fx::FxHashMap;
use rustc_middle::mir::{Body, Local, Place, ProjectionElem, VarDebugInfo, VarDebugInfoContents};
use rustc_middle::ty::TyCtxt;
use rustc_span::Symbol;

use super::place::{Split, are_aligned, overlap, split};
use super::relation::OLD;
use super::side::Point;
use super::violation::{Result, Violation};

/// A variable, and where debug info says it is.
pub(super) struct Variable<'tcx> {
    pub(super) name: Symbol,
    pub(super) bases: [Place<'tcx>; 2],
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

    /// A variable that debug info finds elsewhere than in the places that are used for it, if there is one.
    pub(super) fn elsewhere(&self, bases: [Place<'tcx>; 2]) -> Option<&Variable<'tcx>> {
        self.of_local.get(&bases[OLD].local)?.iter().find(|variable| {
            overlap(variable.bases[OLD], bases[OLD]) && !are_aligned(variable.bases, bases)
        })
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
