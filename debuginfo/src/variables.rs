//! Says where variables are.
//!
//! Mirrors `rustc_codegen_ssa/src/mir/debuginfo.rs`. A variable is a local, or what a chain of fields and pointers leads to from one
//! (captures, what a coroutine has saved), or several parts of it are in several such places.

use std::ops::Range;

use gimli::write::UnitEntryId;
use rustc_abi::{BackendRepr, FieldsShape, Size};
use rustc_data_structures::fx::FxHashMap;
use rustc_index::IndexVec;
use rustc_middle::bug;
use rustc_middle::mir::{
    Body, ConstOperand, Local, LocalKind, PlaceElem, ProjectionElem, SourceInfo, SourceScope,
    VarDebugInfo, VarDebugInfoContents,
};
use rustc_middle::ty::layout::{LayoutCx, TyAndLayout};
use rustc_middle::ty::{Instance, Ty};
use rustc_span::{Span, Symbol};

use crate::entry::Entry;
use crate::scopes::Scopes;
use crate::types::Describer;

/// Where the bytes of a local are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// Nowhere that a debugger could look.
    Nowhere,
    /// It has no bytes.
    Empty,
    /// In a stack slot of Cranelift's.
    Slot(u32),
    /// Where an address in a stack slot leads.
    Behind(u32),
    /// In a value of Cranelift's with this label, which is in different places at different times.
    Value(u32),
    /// In two values: the two scalars that the local is made of.
    Pair(u32, u32),
}

/// The variables of a function, whose stack slots have no offsets yet.
pub struct Variables {
    pub(crate) variables: Vec<Variable>,
}

pub(crate) struct Variable {
    pub(crate) entry: UnitEntryId,
    pub(crate) parts: Vec<Part>,
}

/// Where a part of a variable is, or all of it.
#[derive(Clone)]
pub(crate) struct Part {
    pub(crate) home: Home,
    /// The bytes of the two scalars of a pair.
    pub(crate) scalars: [Range<Size>; 2],
    /// In bytes, from where the home is.
    pub(crate) offset: Size,
    /// For each pointer on the way: how far behind its target it goes on.
    pub(crate) pointers: Vec<Size>,
    /// Which bytes of the variable it is; all, if it says nothing.
    pub(crate) bytes: Option<Range<Size>>,
}

impl Part {
    /// All of a variable that is somewhere.
    fn whole(home: Home, layout: TyAndLayout<'_>, layouts: &LayoutCx<'_>) -> Part {
        let scalars = match layout.backend_repr {
            BackendRepr::ScalarPair(first, second) => {
                let end = first.size(layouts);
                let start = end.align_to(second.align(layouts).abi);
                [Size::ZERO..end, start..start + second.size(layouts)]
            }
            _ => [Size::ZERO..Size::ZERO, Size::ZERO..Size::ZERO],
        };
        Part { home, scalars, offset: Size::ZERO, pointers: Vec::new(), bytes: None }
    }

    /// What a projection leads to, of `size`. Of a pair of values it is one of the two, or all.
    fn project(mut self, offset: Size, pointers: Vec<Size>, size: Size) -> Part {
        let [first, second] = &self.scalars;
        self.home = match self.home {
            Home::Pair(one, _) if offset == first.start && !pointers.is_empty() => Home::Value(one),
            Home::Pair(one, _) if offset == first.start && size == first.end => Home::Value(one),
            Home::Pair(_, two) if offset == second.start => Home::Value(two),
            Home::Pair(..) | Home::Value(_) if offset != Size::ZERO => Home::Nowhere,
            home => home,
        };
        if !matches!(self.home, Home::Value(_)) {
            self.offset = offset;
        }
        self.pointers = pointers;
        self
    }
}

/// A variable that gets an entry.
struct Plan<'tcx> {
    name: Option<Symbol>,
    argument: Option<u16>,
    info: SourceInfo,
    of: Ty<'tcx>,
    parts: Vec<Part>,
}

/// Several parts are of one variable if these are the same.
type Key = (Symbol, SourceScope, Span, Option<u16>);

impl<'tcx> Describer<'_, 'tcx> {
    /// Describes the variables of a function, given where each local is, and where a constant that a variable stands for.
    pub fn variables(
        &mut self,
        instance: Instance<'tcx>,
        body: &Body<'tcx>,
        scopes: &Scopes,
        homes: &IndexVec<Local, Home>,
        constants: &[Home],
    ) -> Variables {
        let mut plans = self.plans(instance, body, homes, constants);
        plans.extend(self.arguments_without_names(instance, body, homes));
        // Debuggers show arguments in the order of their entries.
        plans.sort_by_key(|plan| plan.argument.unwrap_or(u16::MAX));
        let variables = plans.into_iter().map(|plan| {
            let of = self.type_of(plan.of);
            let place = self.unit.place(self.tcx, body.span, plan.info.span);
            let tag = match plan.argument {
                Some(_) => gimli::DW_TAG_formal_parameter,
                None => gimli::DW_TAG_variable,
            };
            let name = plan.name.map(|name| name.to_string()).unwrap_or_default();
            let entry = Entry::new(self.unit, scopes.entry(plan.info.scope), tag)
                .name(&name)
                .declared(place)
                .of_type(of)
                .id();
            Variable { entry, parts: plan.parts }
        });
        Variables { variables: variables.collect() }
    }

    fn plans(
        &self,
        instance: Instance<'tcx>,
        body: &Body<'tcx>,
        homes: &IndexVec<Local, Home>,
        constants: &[Home],
    ) -> Vec<Plan<'tcx>> {
        let mut plans: Vec<Plan<'tcx>> = Vec::new();
        let mut known: FxHashMap<Key, usize> = FxHashMap::default();
        let mut constants = constants.iter();
        for variable in &body.var_debug_info {
            let (of, bytes) = self.of_variable(instance, body, variable);
            let mut part = match variable.value {
                VarDebugInfoContents::Place(place) => {
                    let local = self.of_local(instance, body, place.local);
                    self.part(homes[place.local], local, place.projection)
                }
                VarDebugInfoContents::Const(_) => {
                    let home = *constants.next().expect("every constant has a home");
                    Part::whole(home, self.layout(of), &self.layouts())
                }
            };
            let Some(bytes) = bytes else { continue };
            let whole = Size::ZERO..self.layout(of).size;
            part.bytes = (bytes != whole).then_some(bytes);
            let argument = argument(variable);
            let info = variable.source_info;
            let key = (variable.name, info.scope, info.span, argument);
            match known.get(&key) {
                Some(&plan) => plans[plan].parts.push(part),
                None => {
                    known.insert(key, plans.len());
                    let name = Some(variable.name);
                    plans.push(Plan { name, argument, info, of, parts: vec![part] });
                }
            }
        }
        plans
    }

    /// The type of a variable, and which of its bytes are meant; none if the part that is meant has none.
    fn of_variable(
        &self,
        instance: Instance<'tcx>,
        body: &Body<'tcx>,
        variable: &VarDebugInfo<'tcx>,
    ) -> (Ty<'tcx>, Option<Range<Size>>) {
        let Some(composite) = &variable.composite else {
            let of = match variable.value {
                VarDebugInfoContents::Place(place) => place.ty(body, self.tcx).ty,
                VarDebugInfoContents::Const(constant) => constant.ty(),
            };
            let of = self.monomorphic(instance, of);
            return (of, Some(Size::ZERO..self.layout(of).size));
        };
        let of = self.monomorphic(instance, composite.ty);
        let (offset, pointers, part) = self.follow(self.layout(of), &composite.projection);
        assert!(pointers.is_empty(), "a part of a variable is behind a pointer");
        let is_there = part.size != Size::ZERO;
        (of, is_there.then(|| offset..offset + part.size))
    }

    /// The arguments that have no name, as in `fn f(_: u8)`: debuggers show them in backtraces.
    fn arguments_without_names(
        &self,
        instance: Instance<'tcx>,
        body: &Body<'tcx>,
        homes: &IndexVec<Local, Home>,
    ) -> Vec<Plan<'tcx>> {
        let of_local = |local: Local| {
            body.var_debug_info.iter().filter_map(move |variable| match variable.value {
                VarDebugInfoContents::Place(place) if place.local == local => Some(place),
                _ => None,
            })
        };
        let mut plans = Vec::new();
        for local in body.args_iter() {
            debug_assert_eq!(body.local_kind(local), LocalKind::Arg);
            let has_name = of_local(local).any(|place| place.projection.is_empty());
            // The environment of a closure is hidden.
            let is_environment =
                local.as_usize() == 1 && of_local(local).any(|place| !place.projection.is_empty());
            if has_name || is_environment {
                continue;
            }
            let declaration = &body.local_decls[local];
            let of = self.monomorphic(instance, declaration.ty);
            let layout = self.layout(of);
            if layout.is_unsized() {
                continue;
            }
            let part = Part::whole(homes[local], layout, &self.layouts());
            plans.push(Plan {
                name: None,
                argument: Some(u16::try_from(local.as_usize()).unwrap_or(u16::MAX)),
                info: declaration.source_info,
                of,
                parts: vec![part],
            });
        }
        plans
    }

    fn part(&self, home: Home, local: TyAndLayout<'tcx>, projection: &[PlaceElem<'tcx>]) -> Part {
        let (offset, pointers, to) = self.follow(local, projection);
        Part::whole(home, local, &self.layouts()).project(offset, pointers, to.size)
    }

    /// Where a projection leads: an offset, and one more behind each pointer.
    fn follow(
        &self,
        from: TyAndLayout<'tcx>,
        projection: &[PlaceElem<'tcx>],
    ) -> (Size, Vec<Size>, TyAndLayout<'tcx>) {
        let layouts = self.layouts();
        let mut direct = Size::ZERO;
        let mut pointers: Vec<Size> = Vec::new();
        let mut layout = from;
        for element in projection {
            let offset = match *element {
                ProjectionElem::Deref => {
                    let to = layout.ty.builtin_deref(true);
                    layout =
                        self.layout(to.unwrap_or_else(|| bug!("`{}` leads nowhere", layout.ty)));
                    pointers.push(Size::ZERO);
                    continue;
                }
                ProjectionElem::Downcast(_, variant) => {
                    layout = layout.for_variant(&layouts, variant);
                    continue;
                }
                ProjectionElem::Field(field, _) => {
                    let offset = layout.fields.offset(field.index());
                    layout = layout.field(&layouts, field.index());
                    offset
                }
                ProjectionElem::ConstantIndex { offset, min_length: _, from_end: false } => {
                    let FieldsShape::Array { stride, .. } = layout.fields else {
                        bug!("an element of `{}`", layout.ty)
                    };
                    layout = layout.field(&layouts, 0);
                    stride * offset
                }
                ProjectionElem::ConstantIndex { from_end: true, .. }
                | ProjectionElem::Index(_)
                | ProjectionElem::Subslice { .. }
                | ProjectionElem::OpaqueCast(_)
                | ProjectionElem::UnwrapUnsafeBinder(_) => {
                    // `PlaceElem::can_use_in_debuginfo` says so.
                    bug!("a variable at `{projection:?}`")
                }
            };
            *pointers.last_mut().unwrap_or(&mut direct) += offset;
        }
        (direct, pointers, layout)
    }

    fn of_local(
        &self,
        instance: Instance<'tcx>,
        body: &Body<'tcx>,
        local: Local,
    ) -> TyAndLayout<'tcx> {
        self.layout(self.monomorphic(instance, body.local_decls[local].ty))
    }
}

/// The constants that variables stand for, and where these are declared, in the order in which [`Describer::variables`] wants
/// their homes.
pub fn constants<'a, 'tcx>(
    body: &'a Body<'tcx>,
) -> impl Iterator<Item = (&'a ConstOperand<'tcx>, SourceInfo)> {
    body.var_debug_info.iter().filter_map(|variable| match &variable.value {
        VarDebugInfoContents::Const(constant) => Some((constant, variable.source_info)),
        VarDebugInfoContents::Place(_) => None,
    })
}

/// The locals that variables are in, or are reached from.
pub fn locals<'a>(body: &'a Body<'_>) -> impl Iterator<Item = Local> + 'a {
    let named = body.var_debug_info.iter().filter_map(|variable| match variable.value {
        VarDebugInfoContents::Place(place) => Some(place.local),
        VarDebugInfoContents::Const(_) => None,
    });
    named.chain(body.args_iter())
}

fn argument(variable: &VarDebugInfo<'_>) -> Option<u16> {
    match variable.value {
        VarDebugInfoContents::Place(place)
            if variable.composite.is_none() && place.projection.is_empty() =>
        {
            variable.argument_index
        }
        _ => None,
    }
}
