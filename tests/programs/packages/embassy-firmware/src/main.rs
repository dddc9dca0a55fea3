//! Tasks on embassy's executor, on a Cortex-M4F: sensors, a collector, a flash memory, a line protocol with a timeout, floats.
//!
//! What is printed does not depend on how long an instruction takes: time stands still while a task has something to do.

#![no_std]
#![no_main]

mod time;

use core::fmt::Write as _;
use core::panic::PanicInfo;

use cortex_m_semihosting::{debug, hprintln};
use embassy_executor::{Executor, Spawner};
use embassy_futures::join::join3;
use embassy_futures::select::{Either3, select3};
use embassy_futures::yield_now;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex as Raw;
use embassy_sync::channel::Channel;
use embassy_sync::mutex::Mutex;
use embassy_sync::pipe::Pipe;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Ticker, Timer, with_timeout};
use heapless::{String, Vec};
use static_cell::StaticCell;

static READINGS: Channel<Raw, (u8, f32), 2> = Channel::new();
static WIRE: Pipe<Raw, 16> = Pipe::new();
static FLASH: Mutex<Raw, [u8; 2048]> = Mutex::new([0; 2048]);
static STOP: Signal<Raw, &'static str> = Signal::new();
static DONE: Channel<Raw, &'static str, 8> = Channel::new();

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    hprintln!("{}", info);
    debug::exit(debug::EXIT_FAILURE);
    loop {}
}

#[embassy_executor::task(pool_size = 3)]
async fn sensor(id: u8, calibration: [f32; 16]) {
    let mut ticker = Ticker::every(Duration::from_millis(10 + u64::from(id)));
    for round in 0..12u8 {
        ticker.next().await;
        let raw = f32::from(id) * 100.0 + f32::from(round);
        READINGS.send((id, raw * calibration[usize::from(round)])).await;
    }
    DONE.send("sensor").await;
}

#[embassy_executor::task]
async fn collector() {
    let mut window: Vec<(u8, f32), 8> = Vec::new();
    let mut sum = 0u32;
    let mut ticker = Ticker::every(Duration::from_millis(35));
    loop {
        match select3(READINGS.receive(), ticker.next(), STOP.wait()).await {
            Either3::First(reading) => {
                if let Err(reading) = window.push(reading) {
                    sum = flush(&mut window, sum).await;
                    let _ = window.push(reading);
                }
            }
            Either3::Second(()) => sum = flush(&mut window, sum).await,
            Either3::Third(why) => {
                hprintln!("the collector stops ({}) with {:08x}", why, sum);
                break;
            }
        }
    }
    DONE.send("collector").await;
}

async fn flush(window: &mut Vec<(u8, f32), 8>, mut sum: u32) -> u32 {
    let frame: [u8; 64] =
        core::array::from_fn(|at| window.get(at / 8).map_or(0, |it| it.1.to_le_bytes()[at % 4]));
    for (id, value) in core::mem::take(window) {
        sum = sum.wrapping_add(value.to_bits() ^ u32::from(id));
        yield_now().await;
    }
    let mut flash = FLASH.lock().await;
    for (at, byte) in frame.iter().enumerate() {
        flash[at * 32] = flash[at * 32].wrapping_add(*byte);
    }
    sum
}

/// A block of flash, which is passed on by value.
struct Block {
    at: usize,
    data: [u8; 256],
}

async fn download(number: usize) -> Block {
    let mut data = [0; 256];
    for (at, chunk) in data.chunks_mut(64).enumerate() {
        Timer::after_millis(1).await;
        for (nth, byte) in chunk.iter_mut().enumerate() {
            *byte = (number * 31 + at * 7 + nth) as u8;
        }
    }
    Block { at: number * 256, data }
}

async fn program(block: Block) -> u32 {
    for (at, page) in block.data.chunks(128).enumerate() {
        Timer::after_millis(2).await;
        let mut flash = FLASH.lock().await;
        for (nth, byte) in page.iter().enumerate() {
            // Not where the collector writes.
            if nth % 32 != 0 {
                flash[block.at + at * 128 + nth] = *byte;
            }
        }
    }
    block.data.iter().fold(0, |sum, byte| sum.rotate_left(5) ^ u32::from(*byte))
}

#[embassy_executor::task]
async fn update() {
    let mut sum = 0;
    for number in 0..8 {
        let block = download(number).await;
        sum ^= program(block).await;
    }
    hprintln!("updated: {:08x}", sum);
    DONE.send("update").await;
}

#[embassy_executor::task]
async fn talkers() {
    let text = b"a line that is longer than the pipe is wide";
    let write = async {
        WIRE.write_all(text).await;
        WIRE.write_all(b"\n").await;
        text.len()
    };
    let read = async {
        let mut line: Vec<u8, 64> = Vec::new();
        loop {
            let mut bytes = [0; 7];
            let count = WIRE.read(&mut bytes).await;
            let _ = line.extend_from_slice(&bytes[..count]);
            if line.ends_with(b"\n") {
                break line;
            }
        }
    };
    let late = with_timeout(Duration::from_millis(25), async {
        Timer::after_millis(500).await;
        [1u8; 128]
    });
    let (written, line, late) = join3(write, read, late).await;
    let mut said: String<96> = String::new();
    let _ = write!(said, "{written} written, {:?}, {}", core::str::from_utf8(&line), late.is_err());
    hprintln!("{}", said);
    DONE.send("talkers").await;
}

#[embassy_executor::task]
async fn main_task(spawner: Spawner) {
    for id in 0..3u8 {
        let calibration = core::array::from_fn(|at| at as f32 * 0.37 + f32::from(id));
        spawner.spawn(sensor(id, calibration).unwrap());
    }
    spawner.spawn(collector().unwrap());
    spawner.spawn(talkers().unwrap());
    spawner.spawn(update().unwrap());
    let mut names: Vec<&str, 8> = Vec::new();
    for _ in 0..5 {
        let _ = names.push(DONE.receive().await);
    }
    names.sort_unstable();
    hprintln!("{:?} are done", names);
    STOP.signal("all is said");
    hprintln!("{} is done", DONE.receive().await);
    let flash = FLASH.lock().await;
    let sum = flash.iter().fold(1u32, |sum, byte| sum.rotate_left(3) ^ u32::from(*byte));
    hprintln!("flash {:08x}", sum);
    debug::exit(debug::EXIT_SUCCESS);
}

#[cortex_m_rt::entry]
fn entry() -> ! {
    let core = cortex_m::Peripherals::take().unwrap();
    time::start(core.SYST);
    static EXECUTOR: StaticCell<Executor> = StaticCell::new();
    EXECUTOR.init(Executor::new()).run(|spawner| spawner.spawn(main_task(spawner).unwrap()))
}
