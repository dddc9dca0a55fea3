//! An update of the firmware: blocks are downloaded while others are written, then all are read again.

use embassy_futures::join::join;
use embassy_time::Timer;

use crate::DONE;
use crate::error::Error;
use crate::flash::{Block, Nor, SECTOR, SIZE, Storage};
use crate::log::log;

struct Updater<S> {
    storage: S,
    hash: u32,
}

fn hash(start: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(start, |hash, byte| hash.rotate_left(5) ^ u32::from(*byte))
}

impl<S: Storage> Updater<S> {
    async fn write(&mut self, block: Block) -> Result<(), Error> {
        self.hash = hash(self.hash, &block.data);
        if block.at.is_multiple_of(SECTOR) {
            self.storage.erase(block.at).await?;
        }
        self.storage.program(block).await
    }

    async fn verify(&mut self) -> Result<bool, Error> {
        let mut sum = 0;
        for at in (0..SIZE).step_by(Block::SIZE) {
            let block = self.storage.read(at).await?;
            sum = hash(sum, &block.data);
        }
        Ok(sum == self.hash)
    }
}

async fn download(at: usize) -> Block {
    let mut data = [0; Block::SIZE];
    for (start, chunk) in (at..).step_by(64).zip(data.chunks_mut(64)) {
        Timer::after_millis(1).await;
        for (address, byte) in (start..).zip(chunk) {
            *byte = (address * 31 + (address >> 3) * 7) as u8;
        }
    }
    Block { at, data }
}

#[embassy_executor::task]
pub(crate) async fn update() {
    let mut updater = Updater { storage: Nor { pages: 0 }, hash: 0 };
    let mut block = download(0).await;
    for next in (Block::SIZE..SIZE).step_by(Block::SIZE) {
        let (written, next) = join(updater.write(block), download(next)).await;
        if let Err(error) = written {
            log!("update: {error:?}");
        }
        block = next;
    }
    if let Err(error) = updater.write(block).await {
        log!("update: {error:?}");
    }
    let good = updater.verify().await;
    log!("update: {good:?}, {} pages, hash {:08x}", updater.storage.pages, updater.hash);
    DONE.send("update").await;
}
