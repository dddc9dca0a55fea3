//! Registers, by their addresses.

use super::frame::{Frame, FrameIo, READ, WRITE};
use super::link::Link;
use crate::error::Error;

pub(super) struct Registers<F> {
    link: Link<F>,
}

impl<F: FrameIo> Registers<F> {
    pub(super) fn new(io: F) -> Self {
        Registers { link: Link::new(io) }
    }

    pub(super) fn retries(&self) -> u32 {
        self.link.retries
    }

    pub(super) async fn read<const N: usize>(&mut self, register: u8) -> Result<[u8; N], Error> {
        let answer = self.link.request(Frame::new(READ, &[register, N as u8])).await?;
        answer.payload().try_into().map_err(|_| Error::Length)
    }

    pub(super) async fn write(&mut self, register: u8, value: &[u8]) -> Result<(), Error> {
        let mut data = [0; 33];
        data[0] = register;
        data[1..=value.len()].copy_from_slice(value);
        self.link.request(Frame::new(WRITE, &data[..=value.len()])).await.map(drop)
    }
}
