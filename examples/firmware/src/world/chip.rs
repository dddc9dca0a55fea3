//! A chip with registers. It loses some requests.

use crate::sensor::CHIP;
use crate::sensor::frame::{Frame, READ, REFUSED, START, WRITE};
use crate::sensor::register;
use crate::wire::Wire;

const HEAD: usize = 4;

pub(super) struct Chip {
    seed: u8,
    registers: [u8; 64],
    request: [u8; HEAD + 64 + 1],
    received: usize,
    requests: u32,
    /// What is said at the next step.
    answer: Option<Frame>,
}

impl Chip {
    pub(super) const fn new(seed: u8) -> Self {
        let mut registers = [0; 64];
        registers[register::ID as usize] = CHIP;
        let request = [0; HEAD + 64 + 1];
        Chip { seed, registers, request, received: 0, requests: 0, answer: None }
    }

    pub(super) fn step(&mut self, wire: &Wire<128>) {
        if let Some(answer) = self.answer.take() {
            for part in [&answer.head()[..], answer.payload(), &[answer.checksum()]] {
                let _ = wire.back.try_write(part);
            }
        }
        let mut byte = [0];
        while wire.out.try_read(&mut byte).is_ok() {
            self.receive(byte[0]);
        }
    }

    fn receive(&mut self, byte: u8) {
        if self.received == 0 && byte != START {
            return;
        }
        self.request[self.received] = byte;
        self.received += 1;
        let length = usize::from(self.request[1]).min(64);
        if self.received < HEAD || self.received < HEAD + length + 1 {
            return;
        }
        self.received = 0;
        let mut request = Frame::new(self.request[3], &self.request[HEAD..HEAD + length]);
        request.number = self.request[2];
        if request.checksum() == self.request[HEAD + length] {
            self.requests += 1;
            let lost = self.requests % 11 == u32::from(self.seed);
            let number = request.number;
            self.answer = Some(Frame { number, ..self.handle(&request) }).filter(|_| !lost);
        }
    }

    fn handle(&mut self, request: &Frame) -> Frame {
        match (request.kind, request.payload()) {
            (READ, [at, length]) => {
                let (at, length) = (usize::from(*at), usize::from(*length));
                Frame::new(READ, &self.registers[at..at + length])
            }
            (WRITE, [at, value @ ..]) => {
                let start = usize::from(*at);
                self.registers[start..start + value.len()].copy_from_slice(value);
                if *at == register::TRIGGER {
                    self.sample();
                }
                Frame::new(WRITE, &[])
            }
            _ => Frame::new(REFUSED, &[1]),
        }
    }

    fn sample(&mut self) {
        let start = usize::from(register::SAMPLES);
        for (at, register) in (0u8..).zip(&mut self.registers[start..start + 16]) {
            let value = (self.requests as u8).wrapping_mul(7).wrapping_add(at ^ self.seed);
            *register = value & 0x3f;
        }
    }
}
