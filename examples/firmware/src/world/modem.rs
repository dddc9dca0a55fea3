//! A modem. It does not hear the first line, and refuses every seventh.

use heapless::Vec;

use crate::modem::Line;
use crate::wire::Wire;

pub(super) struct Modem {
    line: Line,
    pub(super) lines: u32,
    /// What is not said yet: the wire is narrower.
    answer: Vec<u8, 256>,
    said: usize,
}

impl Modem {
    pub(super) const fn new() -> Self {
        Modem { line: Vec::new(), lines: 0, answer: Vec::new(), said: 0 }
    }

    pub(super) fn step(&mut self, wire: &Wire<256>) {
        if let Ok(count) = wire.back.try_write(&self.answer[self.said..]) {
            self.said += count;
        }
        let mut byte = [0];
        while wire.out.try_read(&mut byte).is_ok() {
            match byte[0] {
                b'\n' => self.handle(),
                byte => drop(self.line.push(byte)),
            }
        }
    }

    fn handle(&mut self) {
        self.lines += 1;
        self.answer.clear();
        self.said = 0;
        let mut say = |bytes: &[u8]| drop(self.answer.extend_from_slice(bytes));
        match self.line.strip_prefix(b"AT+SEND=") {
            _ if self.lines == 1 => {}
            _ if self.lines.is_multiple_of(7) => say(b"ERROR\n"),
            // The last bytes come back, the last one first.
            Some(data) => {
                data.rchunks(2).take(20).for_each(&mut say);
                say(b"\nOK\n");
            }
            None => say(b"+CGATT: 1\nOK\n"),
        }
        self.line.clear();
    }
}
