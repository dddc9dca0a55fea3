//! How much stack each function of a program takes: what its first instructions push and subtract.
//!
//! Both generators make a frame by pushes and one subtraction; large ones in steps of a page, with a write to each, or in a loop
//! up to an address that they compute first.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use iced_x86::{Code, Decoder, DecoderOptions, Instruction, Mnemonic, OpKind, Register};
use object::{Object, ObjectSection, ObjectSymbol, SymbolKind};

/// More instructions than this do not make a frame.
const MOST: usize = 400;

/// Bytes of the frame of each function, without the return address, by name. Where functions have one name, the largest counts.
pub(super) fn of(program: &Path) -> Result<BTreeMap<String, u64>> {
    let data =
        fs::read(program).with_context(|| format!("{} cannot be read", program.display()))?;
    let object = object::File::parse(&*data)
        .with_context(|| format!("{} is no program", program.display()))?;
    let mut frames = BTreeMap::new();
    for symbol in object.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text) {
        let Some(section) = symbol.section_index() else { continue };
        let section = object.section_by_index(section)?;
        let Some(code) = section.data_range(symbol.address(), symbol.size())? else { continue };
        let name = format!("{:#}", rustc_demangle::demangle(symbol.name().unwrap_or_default()));
        let largest = frames.entry(name).or_insert(0);
        *largest = frame(code, symbol.address()).max(*largest);
    }
    Ok(frames)
}

fn frame(code: &[u8], address: u64) -> u64 {
    let mut bytes = 0;
    for instruction in Decoder::with_ip(64, code, address, DecoderOptions::NONE).iter().take(MOST) {
        match instruction.mnemonic() {
            Mnemonic::Push => bytes += 8,
            Mnemonic::Sub if is_of_stack(&instruction) => bytes += instruction.immediate(1),
            // The end of a loop that touches each page: `lea r11, [rsp - bytes]`.
            Mnemonic::Lea
                if instruction.memory_base() == Register::RSP
                    && (instruction.memory_displacement64() as i64) < 0 =>
            {
                bytes += (instruction.memory_displacement64() as i64).unsigned_abs();
                return bytes;
            }
            Mnemonic::Call | Mnemonic::Ret | Mnemonic::Jmp => break,
            _ if instruction.is_jcc_short_or_near() => break,
            _ => {}
        }
    }
    bytes
}

fn is_of_stack(instruction: &Instruction) -> bool {
    let is_immediate = !matches!(instruction.op1_kind(), OpKind::Register | OpKind::Memory);
    instruction.op0_register() == Register::RSP
        && is_immediate
        && instruction.code() != Code::INVALID
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pushes_and_one_subtraction() {
        // push rbp; mov rbp, rsp; push rbx; sub rsp, 0x28; ret
        let code = [0x55, 0x48, 0x89, 0xe5, 0x53, 0x48, 0x83, 0xec, 0x28, 0xc3];
        assert_eq!(frame(&code, 0), 8 + 8 + 0x28);
        // What comes after a call is not of the frame.
        let code = [0x48, 0x83, 0xec, 0x18, 0xe8, 0, 0, 0, 0, 0x53];
        assert_eq!(frame(&code, 0), 0x18);
    }

    #[test]
    fn a_loop_that_touches_pages() {
        // push rbp; lea r11, [rsp - 0x10000]
        let code = [0x55, 0x4c, 0x8d, 0x9c, 0x24, 0x00, 0x00, 0xff, 0xff];
        assert_eq!(frame(&code, 0), 8 + 0x10000);
    }
}
