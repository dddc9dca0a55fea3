//! A sensor and its driver: UART, frames, link, registers, and what its user calls.

pub(crate) mod frame;
mod link;
mod registers;
pub(crate) mod task;

use embassy_time::Timer;

use crate::error::Error;
use frame::FrameIo;
use registers::Registers;

/// What the chip's first register says.
pub(crate) const CHIP: u8 = 0x42;
/// Where its registers are.
pub(crate) mod register {
    pub(crate) const ID: u8 = 0;
    pub(crate) const MODE: u8 = 1;
    pub(crate) const TRIGGER: u8 = 2;
    pub(crate) const COEFFICIENTS: u8 = 16;
    pub(crate) const SAMPLES: u8 = 0x20;
}

#[derive(Clone, Copy)]
pub(crate) struct Config {
    pub(crate) oversampling: u8,
    pub(crate) gain: u8,
    pub(crate) coefficients: [f32; 8],
}

pub(crate) struct Sensor<F> {
    registers: Registers<F>,
    config: Config,
}

impl<F: FrameIo> Sensor<F> {
    pub(crate) async fn new(io: F, config: Config) -> Result<Self, Error> {
        let mut registers = Registers::new(io);
        let [id] = registers.read(register::ID).await?;
        if id != CHIP {
            return Err(Error::Refused(id));
        }
        let mut sensor = Sensor { registers, config };
        sensor.configure(config).await?;
        Ok(sensor)
    }

    pub(crate) fn config(&self) -> Config {
        self.config
    }

    /// How often something had to be said again.
    pub(crate) fn retries(&self) -> u32 {
        self.registers.retries()
    }

    pub(crate) async fn configure(&mut self, config: Config) -> Result<(), Error> {
        self.registers.write(register::MODE, &[config.oversampling, config.gain]).await?;
        for (at, pair) in (0..).step_by(8).zip(config.coefficients.chunks(2)) {
            let mut bytes = [0; 8];
            for (bytes, coefficient) in bytes.chunks_mut(4).zip(pair) {
                bytes.copy_from_slice(&coefficient.to_le_bytes());
            }
            self.registers.write(register::COEFFICIENTS + at, &bytes).await?;
        }
        self.config = config;
        Ok(())
    }

    pub(crate) async fn measure(&mut self) -> Result<f32, Error> {
        self.registers.write(register::TRIGGER, &[1]).await?;
        Timer::after_millis(3).await;
        let raw: [u8; 16] = self.registers.read(register::SAMPLES).await?;
        let samples = raw.chunks(2).map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])));
        let sum: f32 = samples.zip(self.config.coefficients).map(|(sample, by)| sample * by).sum();
        Ok(sum / f32::from(1u16 << self.config.oversampling))
    }
}
