//! Frames on the wire: a start byte, length, number, kind, up to 64 bytes, a checksum.

use embedded_io_async::{Read, Write};

use crate::error::Error;

pub(crate) const START: u8 = 0x7e;
/// Kinds of frames.
pub(crate) const READ: u8 = 1;
pub(crate) const WRITE: u8 = 2;
pub(crate) const REFUSED: u8 = 0xff;

#[derive(Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) length: u8,
    pub(crate) number: u8,
    pub(crate) kind: u8,
    pub(crate) data: [u8; 64],
}

impl Frame {
    pub(crate) fn new(kind: u8, payload: &[u8]) -> Frame {
        let mut data = [0; 64];
        data[..payload.len()].copy_from_slice(payload);
        Frame { length: payload.len() as u8, number: 0, kind, data }
    }

    pub(crate) fn payload(&self) -> &[u8] {
        &self.data[..usize::from(self.length)]
    }

    pub(crate) fn checksum(&self) -> u8 {
        let start = self.number ^ self.kind;
        self.payload().iter().fold(start, |sum, byte| sum.rotate_left(1) ^ byte)
    }

    pub(crate) fn head(&self) -> [u8; 4] {
        [START, self.length, self.number, self.kind]
    }
}

pub(crate) trait FrameIo {
    async fn send(&mut self, frame: Frame) -> Result<(), Error>;
    async fn receive(&mut self) -> Result<Frame, Error>;
}

/// Frames on a UART.
pub(crate) struct Framed<U>(pub(crate) U);

impl<U: Read + Write> FrameIo for Framed<U> {
    async fn send(&mut self, frame: Frame) -> Result<(), Error> {
        self.0.write_all(&frame.head()).await.map_err(|_| Error::Length)?;
        self.0.write_all(frame.payload()).await.map_err(|_| Error::Length)?;
        self.0.write_all(&[frame.checksum()]).await.map_err(|_| Error::Length)
    }

    async fn receive(&mut self) -> Result<Frame, Error> {
        let mut head = [0; 4];
        while head[0] != START {
            self.0.read_exact(&mut head[..1]).await.map_err(|_| Error::Length)?;
        }
        self.0.read_exact(&mut head[1..]).await.map_err(|_| Error::Length)?;
        let mut frame = Frame { length: head[1], number: head[2], kind: head[3], data: [0; 64] };
        let length = usize::from(frame.length);
        if length > frame.data.len() {
            return Err(Error::Length);
        }
        self.0.read_exact(&mut frame.data[..length]).await.map_err(|_| Error::Length)?;
        let mut checksum = [0];
        self.0.read_exact(&mut checksum).await.map_err(|_| Error::Length)?;
        if checksum[0] == frame.checksum() { Ok(frame) } else { Err(Error::Checksum) }
    }
}
