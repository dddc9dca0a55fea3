//! Follows a function's instructions from its first one: how far the stack pointer goes down, and what is called from which depth.
//!
//! Everything that a call can return from is followed; calls that never return lead to panics and are noted as such. So landing pads,
//! which only unwinding reaches, are not seen. Depths are bytes below where the stack pointer is when the function begins.

use std::collections::{BTreeSet, HashMap, HashSet};

use iced_x86::{
    Decoder, DecoderOptions, FlowControl, Instruction, InstructionInfoFactory, Mnemonic, OpAccess,
    OpKind, Register,
};

use crate::program::{Function, Program, Target};

/// The registers that are after a call what they were before.
const PRESERVED: [Register; 6] =
    [Register::RBX, Register::RBP, Register::R12, Register::R13, Register::R14, Register::R15];

/// What is known of a function's stack.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frame {
    /// How deep the function itself goes.
    pub(crate) most: u64,
    pub(crate) calls: Vec<Call>,
    /// The stack pointer moves by an amount that only the program knows.
    pub(crate) is_dynamic: bool,
}

/// A call, or a jump to another function.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) at: u64,
    /// How deep the caller is then, the return address included.
    pub(crate) depth: u64,
    pub(crate) target: Target,
    /// Whether it comes back.
    pub(crate) returns: bool,
}

/// Follows a function.
pub(crate) fn frame(program: &Program, function: &Function) -> Frame {
    let Scanned { joins, addresses, constants } = scan(function);
    let mut walk = Walk {
        program,
        function,
        joins,
        addresses,
        constants,
        seen: HashSet::new(),
        todo: vec![(function.address, State::default())],
        frame: Frame::default(),
        info: InstructionInfoFactory::new(),
    };
    while let Some((at, state)) = walk.todo.pop() {
        walk.follow(at, state);
    }
    walk.frame
}

/// What a register has in it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    Number(u64),
    /// An address in the program.
    Address(u64),
    /// What is in a table of addresses.
    InSlot(u64),
    /// An address on the stack, as far from the function's begin.
    Stack(i64),
}

/// What is known at an instruction. Places on the stack are relative to the function's begin, so they are negative.
#[derive(Clone, Debug, Default)]
struct State {
    pointer: i64,
    registers: [Option<Value>; 16],
    /// The stack pointer was compared to this: a loop that touches each page of a frame ends there.
    end_of_loop: Option<i64>,
}

impl State {
    fn get(&self, register: Register) -> Option<Value> {
        match register {
            Register::RSP => Some(Value::Stack(self.pointer)),
            _ => *self.registers.get(index(register)?)?,
        }
    }

    fn set(&mut self, register: Register, value: Option<Value>) {
        if let Some(place) = index(register).and_then(|index| self.registers.get_mut(index)) {
            *place = value;
        }
    }

    /// After a call only what callees preserve is known.
    fn after_call(&mut self) {
        for (at, place) in self.registers.iter_mut().enumerate() {
            if !PRESERVED.iter().any(|register| index(*register) == Some(at)) {
                *place = None;
            }
        }
    }

    /// Where paths join only places on the stack are the same on all of them: they are fixed when a frame is made.
    fn at_join(&mut self) {
        for place in &mut self.registers {
            *place = place.filter(|value| matches!(value, Value::Stack(_)));
        }
        self.end_of_loop = None;
    }
}

fn index(register: Register) -> Option<usize> {
    let full = register.full_register();
    full.is_gpr64().then(|| full as usize - Register::RAX as usize)
}

struct Walk<'a> {
    program: &'a Program,
    function: &'a Function,
    joins: HashSet<u64>,
    /// What the function takes the address of.
    addresses: BTreeSet<u64>,
    /// The registers that have one value in all of the function, once they have it.
    constants: HashMap<Register, Value>,
    seen: HashSet<u64>,
    todo: Vec<(u64, State)>,
    frame: Frame,
    info: InstructionInfoFactory,
}

impl Walk<'_> {
    fn end(&self) -> u64 {
        self.function.address + self.function.code.len() as u64
    }

    fn contains(&self, at: u64) -> bool {
        (self.function.address..self.end()).contains(&at)
    }

    /// The instruction at an address of the function.
    fn decode(&self, at: u64) -> Option<Instruction> {
        let offset = usize::try_from(at.checked_sub(self.function.address)?).ok()?;
        let code = self.function.code.get(offset..).filter(|code| !code.is_empty())?;
        Some(Decoder::with_ip(64, code, at, DecoderOptions::NONE).decode())
    }

    fn follow(&mut self, mut at: u64, mut state: State) {
        while self.seen.insert(at) {
            let Some(instruction) = self.decode(at) else { return };
            if self.joins.contains(&at) {
                state.at_join();
            }
            let next = instruction.next_ip();
            match instruction.flow_control() {
                FlowControl::Next => self.step(&instruction, &mut state),
                FlowControl::ConditionalBranch => {
                    self.todo.push((instruction.near_branch_target(), state.clone()));
                    if let Some(end) = state.end_of_loop.take()
                        && instruction.mnemonic() == Mnemonic::Jne
                    {
                        state.pointer = end;
                        self.note(end);
                    }
                }
                FlowControl::UnconditionalBranch => {
                    let target = instruction.near_branch_target();
                    if self.contains(target) {
                        self.todo.push((target, state));
                    } else {
                        self.call(at, &state, self.program.at(target), true, true);
                    }
                    return;
                }
                FlowControl::IndirectBranch => return self.jump(&instruction, state),
                FlowControl::Call | FlowControl::IndirectCall => {
                    let target = self.target(&instruction, &state);
                    let returns = self.returns(next);
                    self.call(at, &state, target, returns, false);
                    if !returns {
                        return;
                    }
                    state.after_call();
                }
                FlowControl::Return | FlowControl::Exception | FlowControl::Interrupt => return,
                FlowControl::XbeginXabortXend => {}
            }
            at = next;
        }
    }

    /// Whether a call comes back: after one that does not, there is a trap or nothing.
    fn returns(&self, next: u64) -> bool {
        match self.decode(next) {
            Some(next) => !matches!(next.mnemonic(), Mnemonic::Ud2 | Mnemonic::Int3),
            None => false,
        }
    }

    fn note(&mut self, place: i64) {
        self.frame.most = self.frame.most.max((-place).max(0).unsigned_abs());
    }

    fn call(&mut self, at: u64, state: &State, target: Target, returns: bool, is_jump: bool) {
        let address = if is_jump { 0 } else { 8 };
        let depth = (-state.pointer).max(0).unsigned_abs() + address;
        self.frame.most = self.frame.most.max(depth);
        self.frame.calls.push(Call { at, depth, target, returns });
    }

    fn target(&self, instruction: &Instruction, state: &State) -> Target {
        match instruction.op0_kind() {
            OpKind::NearBranch64 => self.program.at(instruction.near_branch_target()),
            OpKind::Memory if instruction.is_ip_rel_memory_operand() => {
                self.program.in_slot(instruction.ip_rel_memory_address())
            }
            OpKind::Register => match self.called(instruction.op0_register(), state) {
                Some(Value::Address(address)) => self.program.at(address),
                Some(Value::InSlot(slot)) => self.program.in_slot(slot),
                _ => Target::Pointer,
            },
            _ => Target::Pointer,
        }
    }

    /// What a register has in it that is called.
    fn called(&self, register: Register, state: &State) -> Option<Value> {
        state.get(register).or_else(|| self.constants.get(&register).copied())
    }

    /// A jump through a register or memory: to a case of a `match`, or to a function.
    fn jump(&mut self, instruction: &Instruction, state: State) {
        // Any of the function's tables: which one it is, and that it is a table at all, is known from where its entries lead.
        let tables = self.addresses.iter();
        let cases: Vec<u64> =
            tables.flat_map(|&table| self.program.jump_table(table, self.function)).collect();
        if cases.is_empty() {
            let target = self.target(instruction, &state);
            self.call(instruction.ip(), &state, target, true, true);
        }
        for case in cases {
            let mut state = state.clone();
            state.at_join();
            self.todo.push((case, state));
        }
    }

    /// What an instruction does to the stack pointer and to registers that are known.
    fn step(&mut self, instruction: &Instruction, state: &mut State) {
        let first = instruction.op0_register();
        let of_pointer = instruction.op0_kind() == OpKind::Register && first == Register::RSP;
        let immediate = instruction.try_immediate(1).ok().map(|bits| bits as i64);
        match instruction.mnemonic() {
            Mnemonic::Push => state.pointer -= 8,
            Mnemonic::Pop => {
                state.pointer += 8;
                state.set(first, None);
            }
            Mnemonic::Leave => {
                if let Some(Value::Stack(frame)) = state.get(Register::RBP) {
                    state.pointer = frame + 8;
                }
                state.set(Register::RBP, None);
            }
            Mnemonic::Cmp => {
                let sides = [first, instruction.op1_register()];
                let other = sides.into_iter().find(|side| *side != Register::RSP);
                if sides.contains(&Register::RSP)
                    && let Some(Value::Stack(end)) = other.and_then(|other| state.get(other))
                {
                    state.end_of_loop = Some(end);
                }
            }
            Mnemonic::Sub if of_pointer => match (immediate, state.get(instruction.op1_register()))
            {
                (Some(bytes), _) => state.pointer -= bytes,
                (None, Some(Value::Number(bytes))) => state.pointer -= bytes as i64,
                _ => self.frame.is_dynamic = true,
            },
            Mnemonic::Add if of_pointer => match immediate {
                Some(bytes) => state.pointer += bytes,
                None => self.frame.is_dynamic = true,
            },
            // Aligned: as far down as that can lead.
            Mnemonic::And if of_pointer => {
                state.pointer -= immediate.map_or(0, |mask| (-mask - 8).max(0));
            }
            Mnemonic::Lea | Mnemonic::Mov if of_pointer => match source(instruction, state) {
                Some(Value::Stack(place)) => state.pointer = place,
                _ => self.frame.is_dynamic = true,
            },
            Mnemonic::Sub
                if let (Some(Value::Stack(place)), Some(bytes)) = (state.get(first), immediate) =>
            {
                state.set(first, Some(Value::Stack(place - bytes)));
            }
            _ => {
                let value = source(instruction, state);
                let written: Vec<Register> = self.written(instruction);
                for register in &written {
                    state.set(*register, None);
                }
                if instruction.op0_kind() == OpKind::Register && first.is_gpr64()
                    || matches!(value, Some(Value::Number(_)))
                {
                    state.set(first, value);
                }
            }
        }
        self.note(state.pointer);
        self.note_access(instruction, state);
    }

    /// Small functions use bytes below the stack pointer.
    fn note_access(&mut self, instruction: &Instruction, state: &State) {
        let has_memory = instruction.op_kinds().any(|kind| kind == OpKind::Memory);
        let base = instruction.memory_base();
        let is_plain = instruction.memory_index() == Register::None;
        if has_memory
            && is_plain
            && instruction.mnemonic() != Mnemonic::Lea
            && matches!(base, Register::RSP | Register::RBP)
            && let Some(Value::Stack(place)) = state.get(base)
        {
            self.note(place.saturating_add(instruction.memory_displacement64() as i64));
        }
    }

    fn written(&mut self, instruction: &Instruction) -> Vec<Register> {
        written(&mut self.info, instruction)
    }
}

/// What `mov` and `lea` write.
fn source(instruction: &Instruction, state: &State) -> Option<Value> {
    let is_memory = instruction.op1_kind() == OpKind::Memory;
    let is_slot = is_memory && instruction.is_ip_rel_memory_operand();
    match instruction.mnemonic() {
        Mnemonic::Lea if is_slot => Some(Value::Address(instruction.ip_rel_memory_address())),
        Mnemonic::Lea if instruction.memory_index() == Register::None => {
            match state.get(instruction.memory_base())? {
                Value::Stack(place) => {
                    let offset = instruction.memory_displacement64() as i64;
                    Some(Value::Stack(place.wrapping_add(offset)))
                }
                _ => None,
            }
        }
        Mnemonic::Mov if is_slot => Some(Value::InSlot(instruction.ip_rel_memory_address())),
        Mnemonic::Mov if instruction.op1_kind() == OpKind::Register => {
            state.get(instruction.op1_register()).filter(|_| instruction.op1_register().is_gpr64())
        }
        Mnemonic::Mov => instruction.try_immediate(1).ok().map(Value::Number),
        _ => None,
    }
}

/// The registers that an instruction writes.
fn written(info: &mut InstructionInfoFactory, instruction: &Instruction) -> Vec<Register> {
    let used = info.info(instruction).used_registers();
    let writes = used.iter().filter(|used| {
        matches!(
            used.access(),
            OpAccess::Write | OpAccess::ReadWrite | OpAccess::CondWrite | OpAccess::ReadCondWrite
        )
    });
    writes.map(|used| used.register()).collect()
}

/// What all of a function's instructions say, wherever paths go.
struct Scanned {
    /// What branches lead to.
    joins: HashSet<u64>,
    addresses: BTreeSet<u64>,
    constants: HashMap<Register, Value>,
}

fn scan(function: &Function) -> Scanned {
    let mut joins = HashSet::new();
    let mut addresses = BTreeSet::new();
    // Of each register, what is written to it; nothing if it is not always the same.
    let mut values: HashMap<Register, Option<Value>> = HashMap::new();
    let mut info = InstructionInfoFactory::new();
    let state = State::default();
    for instruction in Decoder::with_ip(64, &function.code, function.address, DecoderOptions::NONE)
    {
        match instruction.flow_control() {
            FlowControl::ConditionalBranch | FlowControl::UnconditionalBranch => {
                joins.insert(instruction.near_branch_target());
            }
            FlowControl::Call | FlowControl::IndirectCall => continue,
            _ => {}
        }
        let value = match source(&instruction, &state) {
            value @ Some(Value::Address(_) | Value::InSlot(_)) => value,
            _ => None,
        };
        if let Some(Value::Address(address)) = value {
            addresses.insert(address);
        }
        // What callers have in them comes back at the end.
        if instruction.mnemonic() == Mnemonic::Pop {
            continue;
        }
        for register in written(&mut info, &instruction) {
            let of_register = values.entry(register.full_register()).or_insert(value);
            if *of_register != value {
                *of_register = None;
            }
        }
    }
    let preserved = PRESERVED.into_iter();
    let constants =
        preserved.filter_map(|register| Some((register, (*values.get(&register)?)?))).collect();
    Scanned { joins, addresses, constants }
}
