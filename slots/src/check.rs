//! An independent judge of areas.
//!
//! It walks from where the storage of a local begins along all ways to where it ends, and looks whether anything on them touches the
//! same bytes. It shares no code with the decision, so that one mistake cannot hide in both. Keep it that way, and keep it obvious: it
//! runs in tests and on demand, so it may take its time.

use std::fmt;

use snug_packing::Item;

use crate::{Area, Event, Flow};

/// What is wrong with an area. Locals are named by their numbers, offsets and sizes are in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// There is not one offset for each local.
    Count {
        /// How many locals there are.
        locals: usize,
        /// How many offsets there are.
        offsets: usize,
    },
    /// A local ends after the area does.
    Outside {
        /// The local.
        local: u32,
        /// Where it ends.
        end: u64,
        /// The size of the area.
        size: u64,
    },
    /// An offset is no multiple of its local's alignment.
    Misaligned {
        /// The local.
        local: u32,
        /// Its offset.
        offset: u64,
        /// Its alignment.
        align: u64,
    },
    /// A local needs a higher alignment than the area has.
    Unaligned {
        /// The local.
        local: u32,
        /// Its alignment.
        align: u64,
        /// The area's.
        area: u64,
    },
    /// The storage of a local begins while another one has the same bytes.
    Begins {
        /// The local whose storage begins.
        local: u32,
        /// The one that has the bytes.
        owner: u32,
        /// In which block that happens.
        block: u32,
    },
    /// A local is used while another one has the same bytes.
    Used {
        /// The local that is used.
        local: u32,
        /// The one that has the bytes.
        owner: u32,
        /// In which block that happens.
        block: u32,
    },
    /// A local is used where it has no storage, and shares its bytes.
    NotStored {
        /// The local.
        local: u32,
        /// One that shares its bytes.
        other: u32,
        /// In which block that happens.
        block: u32,
    },
    /// A local is used after another one has had the same bytes.
    Lost {
        /// The local.
        local: u32,
        /// The other one.
        other: u32,
        /// In which block it is used.
        block: u32,
    },
    /// A local without markers shares its bytes.
    AlwaysStored {
        /// The local.
        local: u32,
        /// One that shares its bytes.
        other: u32,
    },
}

impl Violation {
    /// Says it in a sentence, with names for the locals.
    pub fn describe(&self, name: impl Fn(u32) -> String) -> String {
        let name = |&local: &u32| format!("`{}`", name(local));
        match self {
            Violation::Count { locals, offsets } => {
                format!("there are {offsets} offsets for {locals} locals")
            }
            Violation::Outside { local, end, size } => format!(
                "{} ends at byte {end} of the shared stack slot, which has only {size}",
                name(local)
            ),
            Violation::Misaligned { local, offset, align } => format!(
                "{} has alignment {align}, but lies at offset {offset} of the shared stack slot",
                name(local)
            ),
            Violation::Unaligned { local, align, area } => format!(
                "{} has alignment {align}, but the shared stack slot only {area}",
                name(local)
            ),
            Violation::Begins { local, owner, block } => format!(
                "the storage of {} begins in bb{block} while {} has the same bytes",
                name(local),
                name(owner)
            ),
            Violation::Used { local, owner, block } => format!(
                "{} is used in bb{block} while {} has the same bytes",
                name(local),
                name(owner)
            ),
            Violation::NotStored { local, other, block } => format!(
                "{} is used in bb{block} where it has no storage, but shares bytes with {}",
                name(local),
                name(other)
            ),
            Violation::Lost { local, other, block } => format!(
                "{} is used in bb{block} after {} has had the same bytes",
                name(local),
                name(other)
            ),
            Violation::AlwaysStored { local, other } => format!(
                "{} has no storage markers, but shares bytes with {}",
                name(local),
                name(other)
            ),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(|local| local.to_string()))
    }
}

/// Says whether an area is right for locals. `flow` has where they begin, end and are used.
///
/// # Errors
///
/// The first rule found broken.
pub fn check(items: &[Item], flow: &Flow, area: &Area) -> Result<(), Violation> {
    let mut checker = Checker { items, flow, area, is_reachable: vec![true; flow.blocks()] };
    checker.check_places()?;
    let mut is_reachable = vec![false; flow.blocks()];
    checker.walk_blocks(vec![(0, 0)], |block, _| {
        is_reachable[block] = true;
        Ok(Next::On)
    })?;
    checker.is_reachable = is_reachable;
    let has_marker = |local: u32| {
        let is_marker =
            |event: &Event| matches!(*event, Event::Live(it) | Event::Dead(it) if it == local);
        flow.all_events().iter().any(is_marker)
    };
    for local in 0..items.len() as u32 {
        let sharers = checker.sharers(local);
        let Some(&other) = sharers.first() else {
            continue;
        };
        if flow.is_by_value(local) {
            checker.check_value(local, &sharers)?;
            continue;
        }
        if !has_marker(local) {
            return Err(Violation::AlwaysStored { local, other });
        }
        checker.check_stored(local, &sharers)?;
        checker.check_not_stored(local, other)?;
    }
    Ok(())
}

struct Checker<'a> {
    items: &'a [Item],
    flow: &'a Flow,
    area: &'a Area,
    is_reachable: Vec<bool>,
}

/// What a walk does after an event.
enum Next {
    On,
    Stop,
}

impl Checker<'_> {
    fn check_places(&self) -> Result<(), Violation> {
        let (locals, offsets) = (self.items.len(), self.area.offsets.len());
        if locals != offsets {
            return Err(Violation::Count { locals, offsets });
        }
        for (local, (item, &offset)) in self.items.iter().zip(&self.area.offsets).enumerate() {
            let (local, align, size) = (local as u32, item.align, self.area.size);
            let end = offset.saturating_add(item.size);
            if end > size {
                return Err(Violation::Outside { local, end, size });
            }
            if align > self.area.align {
                return Err(Violation::Unaligned { local, align, area: self.area.align });
            }
            if offset % align != 0 {
                return Err(Violation::Misaligned { local, offset, align });
            }
        }
        Ok(())
    }

    /// The others that have a byte in common with a local.
    fn sharers(&self, local: u32) -> Vec<u32> {
        let bytes = |local: u32| {
            let start = self.area.offsets[local as usize];
            start..start + self.items[local as usize].size
        };
        let own = bytes(local);
        let overlaps = |&other: &u32| {
            let other = bytes(other);
            !own.is_empty() && !other.is_empty() && own.start < other.end && other.start < own.end
        };
        (0..self.items.len() as u32).filter(|other| *other != local).filter(overlaps).collect()
    }

    /// After a local has been written or used, nobody else may touch its bytes before it is used the next time, unless it is
    /// written as a whole before.
    fn check_value(&self, local: u32, sharers: &[u32]) -> Result<(), Violation> {
        let mut open: Vec<(usize, usize, Option<u32>)> = Vec::new();
        for event in [Event::Write(local), Event::Use(local)] {
            let places = self.places_of(event).into_iter();
            open.extend(places.map(|(block, from)| (block, from, None)));
        }
        let mut seen = vec![[false; 2]; self.flow.blocks()];
        'places: while let Some((block, from, mut taken)) = open.pop() {
            for &event in &self.flow.events(block)[from..] {
                match event {
                    Event::Use(it) if it == local => {
                        if let Some(other) = taken {
                            return Err(Violation::Lost { local, other, block: block as u32 });
                        }
                    }
                    Event::Write(it) | Event::Live(it) | Event::Dead(it) if it == local => {
                        continue 'places;
                    }
                    Event::Use(it) | Event::Write(it) if sharers.contains(&it) => taken = Some(it),
                    // Its address may be known, and be used from now on.
                    Event::Live(it) if sharers.contains(&it) && !self.flow.is_by_value(it) => {
                        taken = Some(it);
                    }
                    Event::Live(_) | Event::Dead(_) | Event::Use(_) | Event::Write(_) => {}
                }
            }
            for next in self.flow.successors(block) {
                if !std::mem::replace(&mut seen[next][usize::from(taken.is_some())], true) {
                    open.push((next, 0, taken));
                }
            }
        }
        Ok(())
    }

    /// From where the storage of a local begins to where it ends, nobody else may begin or be used in its bytes.
    fn check_stored(&self, owner: u32, sharers: &[u32]) -> Result<(), Violation> {
        let begins = self.places_of(Event::Live(owner));
        self.walk(begins, |event, block| match event {
            Event::Dead(local) if local == owner => Ok(Next::Stop),
            Event::Live(local) if sharers.contains(&local) && !self.flow.is_by_value(local) => {
                Err(Violation::Begins { local, owner, block })
            }
            Event::Use(local) | Event::Write(local) if sharers.contains(&local) => {
                Err(Violation::Used { local, owner, block })
            }
            Event::Live(_) | Event::Dead(_) | Event::Use(_) | Event::Write(_) => Ok(Next::On),
        })
    }

    /// From the function's begin, and from where the storage of a local ends, to where it begins, it may not be used.
    fn check_not_stored(&self, local: u32, other: u32) -> Result<(), Violation> {
        let mut ends = self.places_of(Event::Dead(local));
        ends.push((0, 0));
        self.walk(ends, |event, block| match event {
            Event::Live(it) if it == local => Ok(Next::Stop),
            Event::Use(it) | Event::Write(it)
                if it == local && !self.is_stored_on_another_way(local, block) =>
            {
                Err(Violation::NotStored { local, other, block })
            }
            Event::Live(_) | Event::Dead(_) | Event::Use(_) | Event::Write(_) => Ok(Next::On),
        })
    }

    /// Whether a block can be reached with a local stored. Which of two ways has been taken is often known by a flag, which is not
    /// looked at here; that others take its bytes meanwhile is [`Self::check_stored`]'s.
    fn is_stored_on_another_way(&self, local: u32, block: u32) -> bool {
        let mut is_reached = false;
        let begins = self.places_of(Event::Live(local));
        let walked: Result<(), Violation> = self.walk(begins, |event, at| {
            is_reached |=
                at == block && (event == Event::Use(local) || event == Event::Write(local));
            Ok(if event == Event::Dead(local) { Next::Stop } else { Next::On })
        });
        walked.is_ok() && is_reached
    }

    /// The places after each such event that can be reached: block, and number of the next event.
    fn places_of(&self, wanted: Event) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        for block in (0..self.flow.blocks()).filter(|&block| self.is_reachable[block]) {
            let events = self.flow.events(block).iter().enumerate();
            places.extend(events.filter(|(_, it)| **it == wanted).map(|(at, _)| (block, at + 1)));
        }
        places
    }

    /// Shows all events that may come after some places.
    fn walk(
        &self,
        places: Vec<(usize, usize)>,
        mut see: impl FnMut(Event, u32) -> Result<Next, Violation>,
    ) -> Result<(), Violation> {
        self.walk_blocks(places, |block, from| {
            for &event in &self.flow.events(block)[from..] {
                if let Next::Stop = see(event, block as u32)? {
                    return Ok(Next::Stop);
                }
            }
            Ok(Next::On)
        })
    }

    /// Shows what may come after some places: blocks, and from which event on. A block's begin comes once.
    fn walk_blocks(
        &self,
        places: Vec<(usize, usize)>,
        mut see: impl FnMut(usize, usize) -> Result<Next, Violation>,
    ) -> Result<(), Violation> {
        let mut open = places;
        let mut seen = vec![false; self.flow.blocks()];
        while let Some((block, from)) = open.pop() {
            if let Next::Stop = see(block, from)? {
                continue;
            }
            for next in self.flow.successors(block) {
                if !std::mem::replace(&mut seen[next], true) {
                    open.push((next, 0));
                }
            }
        }
        Ok(())
    }
}
