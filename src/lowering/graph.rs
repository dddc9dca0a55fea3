//! A resume function as a graph whose edges lead across suspensions, from the statement that sets
//! the state to the block where the function is resumed in that state.

use rustc_abi::VariantIdx;
use rustc_index::IndexVec;
use rustc_index::bit_set::DenseBitSet;
use rustc_middle::mir::{BasicBlock, CoroutineSavedLocal, TerminatorKind, UnwindAction};

use super::body::{Entries, Event, ResumeFunction};

/// A set of fields.
pub(super) type Locals = DenseBitSet<CoroutineSavedLocal>;

/// A block of the resume function.
pub(super) struct Block {
    /// What its statements do, in order.
    pub(super) statements: Vec<Event>,
    /// What its terminator does.
    pub(super) terminator: Event,
    /// Where it goes on if the terminator does what it should.
    pub(super) successors: Vec<BasicBlock>,
    /// Where it goes on if the terminator unwinds. Nothing has been written then, but that may have
    /// begun.
    pub(super) unwind: Option<BasicBlock>,
    /// Blocks that are never run are left out by rustc's liveness.
    pub(super) is_never_run: bool,
}

/// The blocks that can be reached from Unresumed.
pub(super) struct Graph {
    pub(super) entries: Entries,
    blocks: IndexVec<BasicBlock, Option<Block>>,
    /// In reverse postorder.
    pub(super) order: Vec<BasicBlock>,
}

impl Graph {
    pub(super) fn new(resume: &ResumeFunction<'_, '_>) -> Graph {
        let entries = resume.entries();
        let mut blocks = IndexVec::from_fn_n(|_: BasicBlock| None, resume.body.basic_blocks.len());
        let mut order = Vec::new();
        // A depth-first walk without recursion: blocks, and the edges that are still to be followed.
        let mut path = Vec::new();
        let mut next = Some(entries.unresumed);
        loop {
            if let Some(block) = next.take()
                && blocks[block].is_none()
            {
                let data = Block::new(resume, block);
                path.push((block, data.edges(&entries)));
                blocks[block] = Some(data);
            }
            let Some((block, edges)) = path.last_mut() else { break };
            next = edges.pop();
            if next.is_none() {
                order.push(*block);
                path.pop();
            }
        }
        order.reverse();
        Graph { entries, blocks, order }
    }

    /// How many blocks the function has.
    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }

    /// A block that can be reached.
    pub(super) fn block(&self, block: BasicBlock) -> &Block {
        self.blocks[block].as_ref().expect("all edges lead to blocks that can be reached")
    }

    /// A block that can be reached, to be changed.
    pub(super) fn block_mut(&mut self, block: BasicBlock) -> &mut Block {
        self.blocks[block].as_mut().expect("all edges lead to blocks that can be reached")
    }
}

impl Block {
    fn new(resume: &ResumeFunction<'_, '_>, block: BasicBlock) -> Block {
        let (statements, event) = resume.events(block);
        let terminator = resume.body.basic_blocks[block].terminator();
        let unwind = match terminator.unwind() {
            Some(UnwindAction::Cleanup(block)) => Some(*block),
            _ => None,
        };
        Block {
            statements,
            terminator: event,
            successors: terminator.successors().filter(|next| Some(*next) != unwind).collect(),
            unwind,
            is_never_run: matches!(terminator.kind, TerminatorKind::Unreachable),
        }
    }

    /// All events, in order.
    pub(super) fn events_mut(&mut self) -> impl Iterator<Item = &mut Event> {
        self.statements.iter_mut().chain([&mut self.terminator])
    }

    /// Where paths lead from here.
    fn edges(&self, entries: &Entries) -> Vec<BasicBlock> {
        let suspensions = self.statements.iter().filter_map(|event| event.resumes_at(entries));
        suspensions.chain(self.unwind).chain(self.successors.iter().copied()).collect()
    }
}

impl Event {
    /// Where the function is resumed after this event, if it is a suspension.
    pub(super) fn resumes_at(&self, entries: &Entries) -> Option<BasicBlock> {
        self.suspends.and_then(|variant: VariantIdx| entries.suspended[variant])
    }

    /// What is initialized after this event, if all went well.
    pub(super) fn initialize(&self, state: &mut Locals) {
        for &local in &self.ends {
            state.remove(local);
        }
        for &local in &self.writes {
            state.insert(local);
        }
    }

    /// What is initialized if it unwound.
    pub(super) fn initialize_unwinding(&self, state: &mut Locals) {
        for &local in self.ends.iter().chain(&self.writes) {
            state.remove(local);
        }
    }
}
