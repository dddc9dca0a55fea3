//! Changes the storage statements of a body.

use rustc_data_structures::fx::FxHashMap;
use rustc_middle::mir::{
    BasicBlock, BasicBlockData, Body, Local, Location, SourceInfo, Statement, StatementKind,
    Terminator, TerminatorKind,
};

/// What is to change.
#[derive(Default)]
pub(super) struct Edits {
    /// `StorageLive`s that go.
    pub(super) removed: Vec<Location>,
    /// `StorageDead`s that come after, and `StorageLive`s that come before a location.
    added: Vec<(Location, Added, Local)>,
    /// All edges, with what comes to them.
    pub(super) edges: Vec<Edge>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Added {
    Live,
    Dead,
}

/// An edge from the end of a block to the beginning of another.
pub(super) struct Edge {
    pub(super) block: BasicBlock,
    /// Which of its terminator's successors it leads to.
    pub(super) index: usize,
    pub(super) target: BasicBlock,
    /// The locals whose storage begins, and ends, on it.
    pub(super) live: Vec<Local>,
    pub(super) dead: Vec<Local>,
}

impl Edits {
    pub(super) fn live_before(&mut self, location: Location, local: Local) {
        self.added.push((location, Added::Live, local));
    }

    pub(super) fn dead_after(&mut self, location: Location, local: Local) {
        self.added.push((location, Added::Dead, local));
    }

    pub(super) fn apply(mut self, body: &mut Body<'_>) {
        let blocks = body.basic_blocks_mut();
        for location in &self.removed {
            blocks[location.block].statements[location.statement_index].make_nop(true);
        }
        // From the back, so that locations stay true.
        self.added.sort();
        for (location, added, local) in self.added.into_iter().rev() {
            let data = &mut blocks[location.block];
            let index = location.statement_index;
            let (at, kind) = match added {
                Added::Live => (index, StatementKind::StorageLive(local)),
                Added::Dead => (index + 1, StatementKind::StorageDead(local)),
            };
            let source_info = match data.statements.get(index) {
                Some(statement) => statement.source_info,
                None => data.terminator().source_info,
            };
            data.statements.insert(at, Statement::new(source_info, kind));
        }
        apply_to_edges(body, self.edges);
    }
}

/// Puts statements on edges: to the beginning of a block if all that lead there agree, else into blocks of their own,
/// which edges that agree share.
fn apply_to_edges(body: &mut Body<'_>, edges: Vec<Edge>) {
    let mut by_target: FxHashMap<BasicBlock, Vec<Edge>> = FxHashMap::default();
    let mut targets = Vec::new();
    for edge in edges {
        let of_target = by_target.entry(edge.target).or_default();
        if of_target.is_empty() {
            targets.push(edge.target);
        }
        of_target.push(edge);
    }
    for target in targets {
        let edges = by_target.remove(&target).expect("each target is there once");
        let predecessors = body.basic_blocks.predecessors()[target].len();
        let first = &edges[0];
        let agree = edges.iter().all(|edge| (&edge.live, &edge.dead) == (&first.live, &first.dead));
        if agree && edges.len() == predecessors {
            let source_info = source_info(body, target);
            let statements = statements(first, source_info);
            body.basic_blocks_mut()[target].statements.splice(0..0, statements);
            continue;
        }
        let mut shared: FxHashMap<(Vec<Local>, Vec<Local>), BasicBlock> = FxHashMap::default();
        for edge in edges {
            if edge.live.is_empty() && edge.dead.is_empty() {
                continue;
            }
            let source_info = body.basic_blocks[edge.block].terminator().source_info;
            let is_cleanup = body.basic_blocks[target].is_cleanup;
            let statements = statements(&edge, source_info);
            let Edge { block, index, live, dead, .. } = edge;
            let blocks = body.basic_blocks_mut();
            let between = *shared.entry((live, dead)).or_insert_with(|| {
                let goto = Terminator { source_info, kind: TerminatorKind::Goto { target } };
                blocks.push(BasicBlockData::new_stmts(statements, Some(goto), is_cleanup))
            });
            let mut at = 0;
            blocks[block].terminator_mut().successors_mut(|successor| {
                if at == index {
                    *successor = between;
                }
                at += 1;
            });
        }
    }
}

fn source_info(body: &Body<'_>, block: BasicBlock) -> SourceInfo {
    let data = &body.basic_blocks[block];
    data.statements.first().map_or(data.terminator().source_info, |first| first.source_info)
}

fn statements<'tcx>(edge: &Edge, source_info: SourceInfo) -> Vec<Statement<'tcx>> {
    let dead = edge.dead.iter().map(|local| StatementKind::StorageDead(*local));
    let live = edge.live.iter().map(|local| StatementKind::StorageLive(*local));
    dead.chain(live).map(|kind| Statement::new(source_info, kind)).collect()
}
