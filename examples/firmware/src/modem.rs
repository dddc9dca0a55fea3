//! A modem that is told AT commands, with lines of up to 512 bytes.

use embassy_time::{Duration, Timer, with_timeout};
use embedded_io_async::{Read, Write};
use heapless::Vec;

use crate::error::Error;

pub(crate) type Line = Vec<u8, 512>;

pub(crate) struct Modem<S> {
    serial: S,
    pub(crate) errors: u32,
}

impl<S: Read + Write> Modem<S> {
    pub(crate) fn new(serial: S) -> Self {
        Modem { serial, errors: 0 }
    }

    async fn line(&mut self, line: &mut Line) -> Result<(), Error> {
        line.clear();
        loop {
            let mut byte = [0];
            self.serial.read_exact(&mut byte).await.map_err(|_| Error::Length)?;
            match byte[0] {
                b'\n' => return Ok(()),
                byte => line.push(byte).map_err(|_| Error::Length)?,
            }
        }
    }

    /// Says something, and gives all that is answered up to `OK`.
    async fn command(&mut self, command: &[u8], limit: Duration) -> Result<Line, Error> {
        let talk = async {
            self.serial.write_all(command).await.map_err(|_| Error::Length)?;
            self.serial.write_all(b"\n").await.map_err(|_| Error::Length)?;
            let mut answer = Line::new();
            let mut line = Line::new();
            loop {
                self.line(&mut line).await?;
                match &line[..] {
                    b"OK" => return Ok(answer),
                    b"ERROR" => return Err(Error::Refused(0)),
                    part => answer.extend_from_slice(part).map_err(|_| Error::Length)?,
                }
            }
        };
        with_timeout(limit, talk).await.unwrap_or(Err(Error::Timeout))
    }

    pub(crate) async fn attach(&mut self) -> Result<(), Error> {
        for _ in 0..5 {
            match self.command(b"AT+CGATT?", Duration::from_millis(50)).await {
                Ok(answer) if answer.ends_with(b"1") => return Ok(()),
                Ok(_) => Timer::after_millis(5).await,
                Err(_) => self.errors += 1,
            }
        }
        Err(Error::Timeout)
    }

    /// Sends a packet and waits for the answer.
    pub(crate) async fn request(&mut self, packet: Packet) -> Result<Packet, Error> {
        let mut command = Line::new();
        let _ = command.extend_from_slice(b"AT+SEND=");
        for byte in packet.bytes() {
            let _ = command.extend_from_slice(&hex(*byte));
        }
        let answer = self.command(&command, Duration::from_millis(200)).await?;
        let mut back = Packet::new(packet.topic);
        for pair in answer.chunks(2) {
            back.push(unhex(pair));
        }
        Ok(back)
    }
}

fn hex(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 15].map(|digit| b"0123456789abcdef"[usize::from(digit)])
}

fn unhex(pair: &[u8]) -> u8 {
    let digit = |letter: &u8| char::from(*letter).to_digit(16).unwrap_or(0) as u8;
    pair.iter().fold(0, |byte, letter| byte << 4 | digit(letter))
}

#[derive(Clone)]
pub(crate) struct Packet {
    topic: u16,
    length: u16,
    data: [u8; 240],
}

impl Packet {
    pub(crate) fn new(topic: u16) -> Packet {
        Packet { topic, length: 0, data: [0; 240] }
    }

    pub(crate) fn push(&mut self, byte: u8) {
        if let Some(place) = self.data.get_mut(usize::from(self.length)) {
            *place = byte;
            self.length += 1;
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.data[..usize::from(self.length)]
    }
}
