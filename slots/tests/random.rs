//! Random functions: they are run, step by step, and it is noted who has touched each byte.

use proptest::prelude::*;
use proptest::sample::Index;
use snug_slots::{Area, Event, Flow, Item, check, plan};

/// Events and successors of each block.
type Blocks = Vec<(Vec<Event>, Vec<u32>)>;

const BLOCKS: u32 = 8;

fn event(locals: u32) -> impl Strategy<Value = Event> {
    (0..4, 0..locals).prop_map(|(kind, local)| match kind {
        0 => Event::Live(local),
        1 => Event::Dead(local),
        2 => Event::Write(local),
        _ => Event::Use(local),
    })
}

/// A function that is made at random.
#[derive(Clone, Debug)]
struct Function {
    items: Vec<Item>,
    by_value: Vec<bool>,
    blocks: Blocks,
}

fn functions() -> impl Strategy<Value = Function> {
    let item = (0_u32..5, 1_u64..6).prop_map(|(shift, parts)| {
        let align = 1 << shift;
        Item { size: align * parts, align }
    });
    prop::collection::vec((item, any::<bool>()), 2..9).prop_flat_map(|locals| {
        let (items, by_value): (Vec<Item>, Vec<bool>) = locals.into_iter().unzip();
        let events = prop::collection::vec(event(items.len() as u32), 0..6);
        let block = (events, prop::collection::vec(0..BLOCKS, 0..3));
        let blocks = prop::collection::vec(block, BLOCKS as usize);
        blocks.prop_map(move |blocks| Function {
            items: items.clone(),
            by_value: by_value.clone(),
            blocks,
        })
    })
}

impl Function {
    fn flow(&self) -> Flow {
        let mut flow = Flow::default();
        for (events, successors) in &self.blocks {
            events.iter().for_each(|&event| flow.push(event));
            flow.end_block(successors.iter().copied());
        }
        let by_value = self.by_value.iter().enumerate().filter(|(_, is_by_value)| **is_by_value);
        by_value.for_each(|(local, _)| flow.go_by_value(local as u32));
        flow
    }

    /// Runs the function along a way. Returns what is wrong.
    fn run(&self, area: &Area, ways: &[Index]) -> Option<String> {
        let mut machine = Machine::new(self, area);
        let mut block = 0;
        for way in ways {
            let (events, successors) = &self.blocks[block];
            if let Some(wrong) = events.iter().find_map(|&event| machine.step(event)) {
                return Some(wrong);
            }
            if successors.is_empty() {
                break;
            }
            block = *way.get(successors) as usize;
        }
        None
    }
}

/// A function while it runs.
struct Machine<'a> {
    function: &'a Function,
    area: &'a Area,
    /// Who has touched each byte last.
    bytes: Vec<Option<usize>>,
    /// Which locals have storage; who has no markers has it from the start.
    stored: Vec<bool>,
    /// Which locals that go by their values have one.
    filled: Vec<bool>,
}

impl<'a> Machine<'a> {
    fn new(function: &'a Function, area: &'a Area) -> Machine<'a> {
        let is_marked = |local: u32| {
            let events = function.blocks.iter().flat_map(|(events, _)| events);
            events.copied().any(|it| it == Event::Live(local) || it == Event::Dead(local))
        };
        let locals = function.items.len();
        Machine {
            function,
            area,
            bytes: vec![None; area.size as usize],
            stored: (0..locals as u32).map(|local| !is_marked(local)).collect(),
            filled: vec![false; locals],
        }
    }

    fn of(&mut self, local: usize) -> &mut [Option<usize>] {
        let start = self.area.offsets[local] as usize;
        &mut self.bytes[start..][..self.function.items[local].size as usize]
    }

    fn step(&mut self, event: Event) -> Option<String> {
        match event {
            Event::Live(local) | Event::Dead(local) => {
                self.stored[local as usize] = event == Event::Live(local);
                self.filled[local as usize] = false;
            }
            Event::Write(local) => {
                self.filled[local as usize] = true;
                self.of(local as usize).fill(Some(local as usize));
            }
            Event::Use(local) if self.function.by_value[local as usize] => {
                let local = local as usize;
                if self.filled[local] && self.of(local).iter().any(|&byte| byte != Some(local)) {
                    return Some(format!("the value of {local} is lost"));
                }
            }
            Event::Use(local) => self.of(local as usize).fill(Some(local as usize)),
        }
        // Who has storage may be written to by its address at any time, and must be alone.
        let mut owners = vec![None; self.bytes.len()];
        let by_storage = |local: &usize| !self.function.by_value[*local] && self.stored[*local];
        for local in (0..self.stored.len()).filter(by_storage).collect::<Vec<_>>() {
            self.of(local).fill(Some(local));
            let start = self.area.offsets[local] as usize;
            for owner in &mut owners[start..][..self.function.items[local].size as usize] {
                if let Some(owner) = owner.replace(local) {
                    return Some(format!("{local} and {owner} have the same bytes"));
                }
            }
        }
        None
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn nobody_loses_bytes(
        function in functions(),
        ways in prop::collection::vec(prop::collection::vec(any::<Index>(), 20), 10),
    ) {
        let flow = function.flow();
        let Some(area) = plan(&function.items, &flow) else { return Ok(()) };
        for ways in ways {
            prop_assert_eq!(function.run(&area, &ways), None);
        }
        prop_assert_eq!(check(&function.items, &flow, &area), Ok(()));
    }

    /// What goes wrong when it runs is noticed.
    #[test]
    fn the_checker_notices(
        function in functions(),
        (one, two) in any::<(Index, Index)>(),
        ways in prop::collection::vec(prop::collection::vec(any::<Index>(), 20), 10),
    ) {
        let flow = function.flow();
        let Some(mut area) = plan(&function.items, &flow) else { return Ok(()) };
        let locals = function.items.len();
        let (one, two) = (one.index(locals), two.index(locals));
        area.offsets[one] = area.offsets[two];
        let fits = area.offsets[one] + function.items[one].size <= area.size;
        let is_wrong = |ways: &Vec<Index>| function.run(&area, ways).is_some();
        if !fits || ways.iter().any(is_wrong) {
            prop_assert!(check(&function.items, &flow, &area).is_err());
        }
    }
}
