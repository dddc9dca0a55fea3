//! What a body of MIR says of the storage of its locals.
//!
//! Markers are there in optimised builds, and in others if Snug has kept rustc's pass `RemoveStorageMarkers` from removing them;
//! without them, all locals have storage for the whole function.

use rustc_index::IndexVec;
use rustc_middle::mir::visit::{MutatingUseContext, NonMutatingUseContext, PlaceContext, Visitor};
use rustc_middle::mir::{
    Body, Local, Location, Place, ProjectionElem, Statement, StatementKind, Terminator,
    VarDebugInfoContents,
};
use rustc_middle::ty::{Instance, TyCtxt};
use snug_packing::Item;

use crate::area::can_gain;
use crate::{Area, Event, Flow, VARIABLE, check, plan};

/// A stack slot that locals share.
pub struct Shared {
    /// Its size in bytes.
    pub size: u64,
    /// Its alignment in bytes.
    pub align: u64,
    /// Who is where in it.
    pub places: Vec<Shares>,
}

/// A local in a shared stack slot.
pub struct Shares {
    /// The local.
    pub local: Local,
    /// Where in the slot it is, in bytes.
    pub offset: u64,
    /// Whether it has these bytes only as long as its value is needed, not from the begin to the end of its storage.
    pub goes_by_value: bool,
}

/// Where locals share a stack slot. The locals are to be in memory, of a size that is not 0, and neither arguments nor the place of
/// the result. None if each had better have a slot of its own. `is_looked_at` says whether debuggers look at a local for as long as
/// it has storage.
///
/// More than some thousand of them get a slot each, but for the largest: the time that this takes grows with their number's square.
pub fn share<'tcx>(
    tcx: TyCtxt<'tcx>,
    instance: Instance<'tcx>,
    body: &Body<'tcx>,
    locals: &[(Local, Item)],
    is_looked_at: impl Fn(Local) -> bool,
) -> Option<Shared> {
    if !can_gain(locals.iter().map(|(_, item)| *item)) || !is_on(tcx) {
        return None;
    }
    let mut locals = locals.to_vec();
    let most = most(body);
    if locals.len() > most {
        locals.sort_by_key(|(local, item)| (std::cmp::Reverse(item.size), *local));
        locals.truncate(most);
    }
    let mut numbers = IndexVec::from_elem(None, &body.local_decls);
    for (number, (local, _)) in locals.iter().enumerate() {
        numbers[*local] = Some(number as u32);
    }
    let (locals, items): (Vec<Local>, Vec<Item>) = locals.into_iter().unzip();
    let flow = flow(body, &numbers, &locals, is_looked_at);
    let area = plan(&items, &flow)?;
    if is_validated(tcx)
        && let Err(violation) = check(&items, &flow, &area)
    {
        let said = violation.describe(|number| name(body, locals[number as usize]));
        rustc_middle::span_bug!(
            body.span,
            "the stack of `{instance}` is shared in a wrong way: {said}"
        );
    }
    let Area { size, align, offsets } = area;
    let shares = |(number, (local, offset))| Shares {
        local,
        offset,
        goes_by_value: flow.is_by_value(number),
    };
    let places = (0..).zip(locals.into_iter().zip(offsets)).map(shares).collect();
    Some(Shared { size, align, places })
}

/// How many locals share at most: the time that it takes grows with the square of their number, and the memory with the number of
/// blocks, too.
fn most(body: &Body<'_>) -> usize {
    /// In words of 64 locals.
    const MOST: usize = 64;
    const OF_ALL_BLOCKS: usize = 4 << 20;
    (OF_ALL_BLOCKS / body.basic_blocks.len()).min(MOST) * 64
}

/// Whether locals share stack at all. The variable is read through a query, so that incremental compilation notices a change.
pub fn is_on(tcx: TyCtxt<'_>) -> bool {
    tcx.env_var_os(VARIABLE.as_ref()).is_none_or(|value| value != "off")
}

/// Whether areas are to be checked: as Snug's other checks, with `-Zvalidate-mir` or `SNUG_VALIDATE=1`.
fn is_validated(tcx: TyCtxt<'_>) -> bool {
    let value = tcx.env_var_os("SNUG_VALIDATE".as_ref());
    let is_set = value.is_some_and(|value| !value.is_empty() && value != "0");
    is_set || tcx.sess.opts.unstable_opts.validate_mir
}

/// What users call a local.
fn name(body: &Body<'_>, local: Local) -> String {
    let mut named = body.var_debug_info.iter().filter(|info| {
        matches!(info.value, VarDebugInfoContents::Place(place) if place.as_local() == Some(local))
    });
    named.next().map_or_else(|| format!("{local:?}"), |info| info.name.to_string())
}

type Numbers = IndexVec<Local, Option<u32>>;

/// What a body does with some locals.
fn flow(
    body: &Body<'_>,
    numbers: &Numbers,
    locals: &[Local],
    is_looked_at: impl Fn(Local) -> bool,
) -> Flow {
    let mut uses = Uses {
        flow: Flow::default(),
        numbers,
        has_address: locals.iter().map(|&local| is_looked_at(local)).collect(),
        read: Vec::new(),
        written: Vec::new(),
    };
    for (block, data) in body.basic_blocks.iter_enumerated() {
        uses.visit_basic_block_data(block, data);
        let successors = data.terminator().successors();
        uses.flow.end_block(successors.map(|next| next.as_u32()));
    }
    for (number, has_address) in (0..).zip(&uses.has_address) {
        if !has_address {
            uses.flow.go_by_value(number);
        }
    }
    uses.flow
}

struct Uses<'a> {
    flow: Flow,
    numbers: &'a Numbers,
    /// The locals that are borrowed, written in part or looked at by debuggers: those that need their bytes for as long as they have
    /// storage.
    has_address: Vec<bool>,
    /// What the statement that is being visited reads, or writes in part.
    read: Vec<u32>,
    /// What it writes as a whole.
    written: Vec<u32>,
}

impl Uses<'_> {
    fn note_address(&mut self, local: Local) {
        if let Some(number) = self.numbers[local] {
            self.has_address[number as usize] = true;
        }
    }

    fn note_read(&mut self, local: Local) {
        self.read.extend(self.numbers[local]);
    }

    /// Ends a statement or terminator. What it reads must be there until it has written all.
    fn end_statement(&mut self) {
        for &local in &self.read {
            self.flow.push(Event::Use(local));
        }
        for &local in &self.written {
            self.flow.push(Event::Write(local));
        }
        if !self.written.is_empty() {
            for &local in &self.read {
                self.flow.push(Event::Use(local));
            }
        }
        self.read.clear();
        self.written.clear();
    }
}

impl<'tcx> Visitor<'tcx> for Uses<'_> {
    fn visit_statement(&mut self, statement: &Statement<'tcx>, location: Location) {
        match statement.kind {
            StatementKind::StorageLive(local) => {
                self.numbers[local].into_iter().for_each(|it| self.flow.push(Event::Live(it)));
            }
            StatementKind::StorageDead(local) => {
                self.numbers[local].into_iter().for_each(|it| self.flow.push(Event::Dead(it)));
            }
            _ => {
                self.super_statement(statement, location);
                self.end_statement();
            }
        }
    }

    fn visit_terminator(&mut self, terminator: &Terminator<'tcx>, location: Location) {
        self.super_terminator(terminator, location);
        self.end_statement();
    }

    fn visit_place(&mut self, place: &Place<'tcx>, context: PlaceContext, _: Location) {
        for element in place.projection {
            if let ProjectionElem::Index(index) = element {
                self.note_read(index);
            }
        }
        let local = place.local;
        if place.is_indirect() {
            // Only the pointer is read.
            self.note_read(local);
            return;
        }
        match context {
            PlaceContext::NonUse(_) => {}
            PlaceContext::MutatingUse(MutatingUseContext::Store | MutatingUseContext::Call)
                if place.projection.is_empty() =>
            {
                self.written.extend(self.numbers[local]);
            }
            // A destructor has the address, but what it is given has no value afterwards.
            PlaceContext::MutatingUse(MutatingUseContext::Drop)
            | PlaceContext::NonMutatingUse(
                NonMutatingUseContext::Inspect
                | NonMutatingUseContext::Copy
                | NonMutatingUseContext::Move
                | NonMutatingUseContext::PlaceMention
                | NonMutatingUseContext::Projection,
            ) => self.note_read(local),
            PlaceContext::NonMutatingUse(
                NonMutatingUseContext::SharedBorrow
                | NonMutatingUseContext::FakeBorrow
                | NonMutatingUseContext::RawBorrow,
            )
            | PlaceContext::MutatingUse(
                MutatingUseContext::Store
                | MutatingUseContext::Call
                | MutatingUseContext::SetDiscriminant
                | MutatingUseContext::AsmOutput
                | MutatingUseContext::Yield
                | MutatingUseContext::Borrow
                | MutatingUseContext::RawBorrow
                | MutatingUseContext::Projection
                | MutatingUseContext::Retag,
            ) => {
                self.note_address(local);
                self.note_read(local);
            }
        }
    }

    /// All other mentions of a local, in whatever way they use it.
    fn visit_local(&mut self, local: Local, context: PlaceContext, _: Location) {
        if !matches!(context, PlaceContext::NonUse(_)) {
            self.note_address(local);
            self.note_read(local);
        }
    }
}
