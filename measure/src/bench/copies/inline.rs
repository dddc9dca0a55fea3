//! Copies that a compiler wrote out as loads and stores: how many bytes each executed instruction
//! copies from memory to memory.
//!
//! A register remembers how many bytes of unchanged memory it holds: a load sets that, a move
//! between registers hands it on, any other write ends it. A store of such a register copies so many
//! bytes. `movs` copies by itself. `push` and `pop` save and restore registers and copy nothing. A
//! value that was computed is no copy, and neither is a constant that is stored.
//!
//! Limits: registers that a function spills and loads again count when it stores them once more,
//! since the machine does copy them; so do constants that are copied from read-only memory. That is
//! some dozen bytes per value, in every compiler alike.

use std::collections::HashMap;

use iced_x86::{Code, Instruction, InstructionInfoFactory, Mnemonic, OpAccess, OpKind, Register};

/// What the registers hold.
pub(super) struct Registers {
    /// Bytes that came from memory, by full register. One that is not here holds none.
    loaded: HashMap<Register, u64>,
    facts: InstructionInfoFactory,
}

impl Registers {
    /// Registers that hold nothing from memory.
    pub(super) fn new() -> Registers {
        Registers { loaded: HashMap::new(), facts: InstructionInfoFactory::new() }
    }

    /// Executes one instruction. Returns how many bytes it copies.
    pub(super) fn execute(&mut self, instruction: &Instruction) -> u64 {
        if is_string_move(instruction.code()) {
            return instruction.memory_size().size() as u64;
        }
        if !hands_on_unchanged(instruction.mnemonic()) || instruction.op_count() != 2 {
            self.forget_what_is_written(instruction);
            return 0;
        }
        let in_memory = instruction.memory_size().size() as u64;
        match (instruction.op0_kind(), instruction.op1_kind()) {
            (OpKind::Register, OpKind::Memory) => {
                self.remember(instruction.op0_register(), in_memory);
                0
            }
            (OpKind::Register, OpKind::Register) => {
                let from = instruction.op1_register();
                let known = self.loaded(from).min(from.size() as u64);
                self.remember(instruction.op0_register(), known);
                0
            }
            (OpKind::Memory, OpKind::Register) => {
                self.loaded(instruction.op1_register()).min(in_memory)
            }
            _ => {
                self.forget_what_is_written(instruction);
                0
            }
        }
    }

    /// A function ran that was not followed.
    pub(super) fn forget(&mut self) {
        self.loaded.clear();
    }

    fn loaded(&self, register: Register) -> u64 {
        self.loaded.get(&register.full_register()).copied().unwrap_or(0)
    }

    fn remember(&mut self, register: Register, bytes: u64) {
        self.loaded.insert(register.full_register(), bytes);
    }

    fn forget_what_is_written(&mut self, instruction: &Instruction) {
        for used in self.facts.info(instruction).used_registers() {
            let written = matches!(
                used.access(),
                OpAccess::Write
                    | OpAccess::CondWrite
                    | OpAccess::ReadWrite
                    | OpAccess::ReadCondWrite
            );
            if written {
                self.loaded.remove(&used.register().full_register());
            }
        }
    }
}

/// Moves whose destination holds the source's bytes, unchanged.
fn hands_on_unchanged(mnemonic: Mnemonic) -> bool {
    use Mnemonic::*;
    matches!(
        mnemonic,
        Mov | Movzx
            | Movd
            | Movq
            | Movss
            | Movsd
            | Movups
            | Movaps
            | Movupd
            | Movapd
            | Movdqu
            | Movdqa
            | Vmovd
            | Vmovq
            | Vmovss
            | Vmovsd
            | Vmovups
            | Vmovaps
            | Vmovupd
            | Vmovapd
            | Vmovdqu
            | Vmovdqa
    )
}

/// `movs`, with or without `rep`: stepping stops after each repetition.
fn is_string_move(code: Code) -> bool {
    matches!(
        code,
        Code::Movsb_m8_m8 | Code::Movsw_m16_m16 | Code::Movsd_m32_m32 | Code::Movsq_m64_m64
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use iced_x86::{Decoder, DecoderOptions};

    /// Bytes that a piece of machine code copies.
    fn copied(code: &[u8]) -> u64 {
        let mut registers = Registers::new();
        Decoder::new(64, code, DecoderOptions::NONE)
            .iter()
            .map(|instruction| {
                assert!(!instruction.is_invalid(), "{code:x?}");
                registers.execute(&instruction)
            })
            .sum()
    }

    #[test]
    fn a_load_and_a_store_copy_once_per_store() {
        // mov rax, [rsi]; mov [rdi], rax; mov [rdi + 8], rax
        assert_eq!(copied(&[0x48, 0x8b, 0x06, 0x48, 0x89, 0x07, 0x48, 0x89, 0x47, 0x08]), 16);
        // movups xmm0, [rsi]; movups [rdi], xmm0
        assert_eq!(copied(&[0x0f, 0x10, 0x06, 0x0f, 0x11, 0x07]), 16);
        // vmovdqu ymm0, [rsi]; vmovdqu [rdi], ymm0
        assert_eq!(copied(&[0xc5, 0xfe, 0x6f, 0x06, 0xc5, 0xfe, 0x7f, 0x07]), 32);
    }

    #[test]
    fn no_more_than_was_loaded_and_no_more_than_is_stored() {
        // movzx eax, byte [rsi]; mov [rdi], rax
        assert_eq!(copied(&[0x0f, 0xb6, 0x06, 0x48, 0x89, 0x07]), 1);
        // mov rax, [rsi]; mov [rdi], ax
        assert_eq!(copied(&[0x48, 0x8b, 0x06, 0x66, 0x89, 0x07]), 2);
    }

    #[test]
    fn a_value_stays_known_from_register_to_register() {
        // mov rax, [rsi]; mov rcx, rax; mov [rdi], rcx
        assert_eq!(copied(&[0x48, 0x8b, 0x06, 0x48, 0x89, 0xc1, 0x48, 0x89, 0x0f]), 8);
    }

    #[test]
    fn what_is_computed_or_constant_is_no_copy() {
        // mov rax, [rsi]; add rax, 1; mov [rdi], rax
        assert_eq!(copied(&[0x48, 0x8b, 0x06, 0x48, 0x83, 0xc0, 0x01, 0x48, 0x89, 0x07]), 0);
        // mov rax, [rsi]; xor eax, eax; mov [rdi], rax
        assert_eq!(copied(&[0x48, 0x8b, 0x06, 0x31, 0xc0, 0x48, 0x89, 0x07]), 0);
        // mov rax, [rsi]; mov eax, 5; mov [rdi], rax; mov dword [rdi], 7
        assert_eq!(
            copied(&[0x48, 0x8b, 0x06, 0xb8, 5, 0, 0, 0, 0x48, 0x89, 0x07, 0xc7, 0x07, 7, 0, 0, 0]),
            0
        );
    }

    #[test]
    fn saving_and_restoring_a_register_is_no_copy() {
        // pop rbx; push rbx; pop rbx; mov [rdi], rbx
        assert_eq!(copied(&[0x5b, 0x53, 0x5b, 0x48, 0x89, 0x1f]), 0);
    }

    #[test]
    fn string_moves_copy_per_repetition() {
        // rep movsb (one step of it); movsq
        assert_eq!(copied(&[0xf3, 0xa4, 0x48, 0xa5]), 9);
        // movsd xmm0, [rsi] shares its mnemonic with the string move and copies nothing yet.
        assert_eq!(copied(&[0xf2, 0x0f, 0x10, 0x06]), 0);
    }
}
