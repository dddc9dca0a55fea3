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

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// Puts the statements of some edges to one block into blocks between, which edges share as far as their last statements are the
/// same.
///
/// Many edges lead to the drops where a body is dropped or unwinds, one from each suspension and call; what has moved away grows
/// from one to the next. So statements that many edges need come last: then there are about as many as there are edges and locals,
/// and not as many as both multiplied, of which each would cost rustc's dataflow a look at all locals.
fn split(
    blocks: &mut IndexVec<BasicBlock, BasicBlockData<'_>>,
    target: BasicBlock,
    edges: Vec<Edge>,
) {
    let chains = Chains::of(&edges);
    let is_cleanup = blocks[target].is_cleanup;
    let mut made: FxHashMap<Node, BasicBlock> = FxHashMap::default();
    for (edge, &first) in edges.iter().zip(&chains.entries) {
        let Some(first) = first else { continue };
        let source_info = blocks[edge.block].terminator().source_info;
        // From the end, so that each block knows where it leads.
        let mut next = target;
        for chain in chains.blocks(first).into_iter().rev() {
            next = *made.entry(chain[0]).or_insert_with(|| {
                let statements = chain
                    .iter()
                    .map(|node| Statement::new(source_info, chains.nodes[*node].item.statement()));
                let goto = Terminator { source_info, kind: TerminatorKind::Goto { target: next } };
                blocks.push(BasicBlockData::new_stmts(statements.collect(), Some(goto), is_cleanup))
            });
        }
        let mut at = 0;
        blocks[edge.block].terminator_mut().successors_mut(|successor| {
            if at == edge.index {
                *successor = next;
            }
            at += 1;
        });
    }
}

/// A storage statement on an edge. No edge has both for one local, so their order does not matter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Item {
    local: Local,
    added: Added,
}

impl Item {
    fn statement<'tcx>(self) -> StatementKind<'tcx> {
        match self.added {
            Added::Live => StatementKind::StorageLive(self.local),
            Added::Dead => StatementKind::StorageDead(self.local),
        }
    }
}

/// An index of [`Chains::nodes`].
type Node = usize;

/// Statements, each followed by another or by the end, as a tree: what is at the end is shared.
#[derive(Default)]
struct Chains {
    nodes: Vec<Link>,
    /// Where each edge comes in; `None` if it needs nothing.
    entries: Vec<Option<Node>>,
}

struct Link {
    item: Item,
    next: Option<Node>,
    /// How many edges and statements lead to it.
    used: usize,
}

impl Chains {
    fn of(edges: &[Edge]) -> Chains {
        let mut counts: FxHashMap<Item, usize> = FxHashMap::default();
        for item in edges.iter().flat_map(Edge::items) {
            *counts.entry(item).or_default() += 1;
        }
        let mut chains = Chains::default();
        let mut known: FxHashMap<(Item, Option<Node>), Node> = FxHashMap::default();
        for edge in edges {
            let mut items: Vec<Item> = edge.items().collect();
            items.sort_by_key(|item| (std::cmp::Reverse(counts[item]), *item));
            let mut first = None;
            for item in items {
                first = Some(*known.entry((item, first)).or_insert_with(|| {
                    if let Some(next) = first {
                        chains.nodes[next].used += 1;
                    }
                    chains.nodes.push(Link { item, next: first, used: 0 });
                    chains.nodes.len() - 1
                }));
            }
            if let Some(first) = first {
                chains.nodes[first].used += 1;
            }
            chains.entries.push(first);
        }
        chains
    }

    /// The statements from one on, block by block: a block ends in front of what others lead to, too.
    fn blocks(&self, first: Node) -> Vec<Vec<Node>> {
        let mut blocks = vec![vec![first]];
        let mut next = self.nodes[first].next;
        while let Some(node) = next {
            match blocks.last_mut() {
                Some(block) if self.nodes[node].used == 1 => block.push(node),
                _ => blocks.push(vec![node]),
            }
            next = self.nodes[node].next;
        }
        blocks
    }
}

impl Edge {
    fn items(&self) -> impl Iterator<Item = Item> {
        let item = |added| move |&local| Item { local, added };
        let dead = self.dead.iter().map(item(Added::Dead));
        dead.chain(self.live.iter().map(item(Added::Live)))
    }
}

fn statements<'tcx>(edge: &Edge, source_info: SourceInfo) -> Vec<Statement<'tcx>> {
    edge.items().map(|item| Statement::new(source_info, item.statement())).collect()
}
