//! A function, as far as the storage of its locals goes.

/// What happens to a local, which is named by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Its storage begins.
    Live(u32),
    /// Its storage ends.
    Dead(u32),
    /// It is read, borrowed, or written in part.
    Use(u32),
    /// It is written as a whole.
    Write(u32),
}

/// The basic blocks of a function. The first one is where it begins.
///
/// What one statement reads must be there until it has written all: its events are those of reading, of writing, and of reading again.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    /// The locals that have bytes for as long as they hold a value that is needed, as nobody knows their addresses. All others have
    /// them from the begin to the end of their storage.
    by_value: Vec<bool>,
    events: Vec<Event>,
    successors: Vec<u32>,
    /// Where the events and the successors of each block end.
    ends: Vec<(usize, usize)>,
}

impl Flow {
    /// Says that a local needs bytes only as long as it holds a value that is needed.
    pub fn go_by_value(&mut self, local: u32) {
        let local = local as usize;
        if self.by_value.len() <= local {
            self.by_value.resize(local + 1, false);
        }
        self.by_value[local] = true;
    }

    pub(crate) fn is_by_value(&self, local: u32) -> bool {
        self.by_value.get(local as usize).is_some_and(|&is_by_value| is_by_value)
    }

    /// Adds an event to the block that is being described.
    pub fn push(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Ends the block that is being described, and begins the next one.
    pub fn end_block(&mut self, successors: impl IntoIterator<Item = u32>) {
        self.successors.extend(successors);
        self.ends.push((self.events.len(), self.successors.len()));
    }

    pub(crate) fn blocks(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn events(&self, block: usize) -> &[Event] {
        let start = block.checked_sub(1).map_or(0, |before| self.ends[before].0);
        &self.events[start..self.ends[block].0]
    }

    pub(crate) fn all_events(&self) -> &[Event] {
        &self.events
    }

    pub(crate) fn successors(&self, block: usize) -> impl DoubleEndedIterator<Item = usize> {
        let start = block.checked_sub(1).map_or(0, |before| self.ends[before].1);
        self.successors[start..self.ends[block].1].iter().map(|&successor| successor as usize)
    }

    /// The blocks that can be reached, each after those before it, loops apart.
    pub(crate) fn order(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.blocks());
        if self.blocks() == 0 {
            return order;
        }
        let mut seen = vec![false; self.blocks()];
        seen[0] = true;
        let mut open = vec![(0, self.successors(0))];
        while let Some((block, successors)) = open.last_mut() {
            match successors.next() {
                Some(next) if !seen[next] => {
                    seen[next] = true;
                    open.push((next, self.successors(next)));
                }
                Some(_) => {}
                None => {
                    order.push(*block);
                    open.pop();
                }
            }
        }
        order.reverse();
        order
    }
}
