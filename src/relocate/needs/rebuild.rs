//! Changes the storage statements of a body.

use rustc_data_structures::fx::{FxHashMap, FxIndexMap};
use rustc_index::IndexVec;
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
        self.added.sort();
        for added in self.added.chunk_by(|one, other| one.0.block == other.0.block) {
            add(&mut blocks[added[0].0.block], added);
        }
        apply_to_edges(body, self.edges);
    }
}

/// Adds statements to a block.
fn add(data: &mut BasicBlockData<'_>, added: &[(Location, Added, Local)]) {
    let mut added = added.iter().peekable();
    let before = std::mem::take(&mut data.statements);
    let terminator = data.terminator().source_info;
    data.statements.reserve(before.len() + added.len());
    let mut before = before.into_iter();
    for index in 0.. {
        let statement = before.next();
        let source_info = statement.as_ref().map_or(terminator, |statement| statement.source_info);
        let mut next = |kind| added.next_if(|it| (it.0.statement_index, it.1) == (index, kind));
        while let Some((_, _, local)) = next(Added::Live) {
            let kind = StatementKind::StorageLive(*local);
            data.statements.push(Statement::new(source_info, kind));
        }
        let is_over = statement.is_none();
        data.statements.extend(statement);
        while let Some((_, _, local)) = next(Added::Dead) {
            let kind = StatementKind::StorageDead(*local);
            data.statements.push(Statement::new(source_info, kind));
        }
        if is_over {
            break;
        }
    }
}

/// Puts statements on edges: to the beginning of a block if all that lead there agree, else into blocks of their own,
/// which edges that agree share.
fn apply_to_edges(body: &mut Body<'_>, edges: Vec<Edge>) {
    let counts: IndexVec<BasicBlock, usize> =
        body.basic_blocks.predecessors().iter().map(|all| all.len()).collect();
    let mut by_target: FxIndexMap<BasicBlock, Vec<Edge>> = FxIndexMap::default();
    for edge in edges {
        by_target.entry(edge.target).or_default().push(edge);
    }
    // What is known of the body's blocks is forgotten once, not for each target.
    let blocks = body.basic_blocks_mut();
    for (target, edges) in by_target {
        let first = &edges[0];
        let agree = edges.iter().all(|edge| (&edge.live, &edge.dead) == (&first.live, &first.dead));
        if agree && edges.len() == counts[target] {
            let data = &mut blocks[target];
            let begin = data.statements.first().map(|first| first.source_info);
            let source_info = begin.unwrap_or(data.terminator().source_info);
            data.statements.splice(0..0, statements(first, source_info));
        } else {
            split(blocks, target, edges);
        }
    }
}

/// Puts the statements of some edges to one block into blocks between.
fn split(
    blocks: &mut IndexVec<BasicBlock, BasicBlockData<'_>>,
    target: BasicBlock,
    edges: Vec<Edge>,
) {
    let mut shared: FxHashMap<(Vec<Local>, Vec<Local>), BasicBlock> = FxHashMap::default();
    let is_cleanup = blocks[target].is_cleanup;
    for edge in edges {
        if edge.live.is_empty() && edge.dead.is_empty() {
            continue;
        }
        let source_info = blocks[edge.block].terminator().source_info;
        let statements = statements(&edge, source_info);
        let Edge { block, index, live, dead, .. } = edge;
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

fn statements<'tcx>(edge: &Edge, source_info: SourceInfo) -> Vec<Statement<'tcx>> {
    let dead = edge.dead.iter().map(|local| StatementKind::StorageDead(*local));
    let live = edge.live.iter().map(|local| StatementKind::StorageLive(*local));
    dead.chain(live).map(|kind| Statement::new(source_info, kind)).collect()
}
