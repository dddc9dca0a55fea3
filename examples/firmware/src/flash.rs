//! The flash memory, of which a part is free for an update.

use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex as Raw;
use embassy_sync::mutex::Mutex;
use embassy_time::Timer;

use crate::error::Error;

pub(crate) const SIZE: usize = 4096;
pub(crate) const SECTOR: usize = 1024;
const PAGE: usize = 128;

pub(crate) static FLASH: Mutex<Raw, [u8; SIZE]> = Mutex::new([0; SIZE]);

/// So much is read and written.
pub(crate) struct Block {
    pub(crate) at: usize,
    pub(crate) data: [u8; Block::SIZE],
}

impl Block {
    pub(crate) const SIZE: usize = 512;
}

pub(crate) trait Storage {
    async fn erase(&mut self, at: usize) -> Result<(), Error>;
    async fn program(&mut self, block: Block) -> Result<(), Error>;
    async fn read(&mut self, at: usize) -> Result<Block, Error>;
}

/// It is busy for a while after each command.
pub(crate) struct Nor {
    pub(crate) pages: u32,
}

impl Storage for Nor {
    async fn erase(&mut self, at: usize) -> Result<(), Error> {
        Timer::after_millis(4).await;
        FLASH.lock().await.get_mut(at..at + SECTOR).ok_or(Error::Length)?.fill(0xff);
        Ok(())
    }

    async fn program(&mut self, block: Block) -> Result<(), Error> {
        for (at, page) in (block.at..).step_by(PAGE).zip(block.data.chunks(PAGE)) {
            Timer::after_millis(1).await;
            let mut flash = FLASH.lock().await;
            flash.get_mut(at..at + PAGE).ok_or(Error::Length)?.copy_from_slice(page);
            self.pages += 1;
        }
        Ok(())
    }

    async fn read(&mut self, at: usize) -> Result<Block, Error> {
        let mut block = Block { at, data: [0; Block::SIZE] };
        Timer::after_millis(1).await;
        let flash = FLASH.lock().await;
        let bytes = flash.get(at..at + Block::SIZE).ok_or(Error::Length)?;
        block.data.copy_from_slice(bytes);
        Ok(block)
    }
}
