//! Tasks on embassy's executor. Time is what the last task says it is, so every run is the same.

use embassy_executor::{Executor, Spawner};
use embassy_futures::join::join3;
use embassy_futures::select::{Either3, select3};
use embassy_futures::yield_now;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex as Raw;
use embassy_sync::channel::Channel;
use embassy_sync::mutex::Mutex;
use embassy_sync::pipe::Pipe;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Instant, MockDriver, Ticker, Timer, with_timeout};
use heapless::Vec;

static READINGS: Channel<Raw, (u8, u32), 2> = Channel::new();
static WIRE: Pipe<Raw, 16> = Pipe::new();
static FLASH: Mutex<Raw, [u8; 256]> = Mutex::new([0; 256]);
static STOP: Signal<Raw, &'static str> = Signal::new();
static DONE: Channel<Raw, &'static str, 4> = Channel::new();

#[embassy_executor::task(pool_size = 3)]
async fn sensor(id: u8, calibration: [u32; 16]) {
    let mut ticker = Ticker::every(Duration::from_millis(10 + u64::from(id)));
    for round in 0..12 {
        ticker.next().await;
        let raw = u32::from(id) * 100 + round;
        READINGS.send((id, raw + calibration[round as usize])).await;
    }
    DONE.send("sensor").await;
}

#[embassy_executor::task]
async fn collector() {
    let mut window: Vec<(u8, u32), 8> = Vec::new();
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
            Either3::Second(()) => {
                println!("{} ms: {} readings wait", Instant::now().as_millis(), window.len());
                sum = flush(&mut window, sum).await;
            }
            Either3::Third(why) => {
                println!("the collector stops ({why}) with {sum:08x}");
                break;
            }
        }
    }
    DONE.send("collector").await;
}

async fn flush(window: &mut Vec<(u8, u32), 8>, mut sum: u32) -> u32 {
    let frame: [u8; 64] = core::array::from_fn(|at| window.get(at / 8).map_or(0, |it| it.1 as u8));
    for (id, value) in core::mem::take(window) {
        sum = sum.rotate_left(5) ^ value ^ u32::from(id);
        yield_now().await;
    }
    let mut flash = FLASH.lock().await;
    for (at, byte) in frame.iter().enumerate() {
        flash[at * 4] ^= byte;
    }
    sum
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
    println!("{written} written, {:?}, {:?}", core::str::from_utf8(&line), late.map(|it| it[0]));
    DONE.send("talkers").await;
}

#[embassy_executor::task]
async fn main_task(spawner: Spawner) {
    for id in 0..3 {
        let calibration = core::array::from_fn(|at| at as u32 * 3 + u32::from(id));
        spawner.spawn(sensor(id, calibration).unwrap());
    }
    spawner.spawn(collector().unwrap());
    spawner.spawn(talkers().unwrap());
    for _ in 0..4 {
        println!("{} is done", DONE.receive().await);
    }
    STOP.signal("all is said");
    println!("{} is done", DONE.receive().await);
    let flash = FLASH.lock().await;
    println!("flash {:08x}", flash.iter().fold(1u32, |sum, byte| sum.rotate_left(3) ^ u32::from(*byte)));
    std::process::exit(0);
}

/// A millisecond passes whenever everybody else had a turn.
#[embassy_executor::task]
async fn clock() {
    loop {
        for _ in 0..20 {
            yield_now().await;
        }
        MockDriver::get().advance(Duration::from_millis(1));
    }
}

fn main() {
    let executor = Box::leak(Box::new(Executor::new()));
    executor.run(|spawner| {
        spawner.spawn(main_task(spawner).unwrap());
        spawner.spawn(clock().unwrap());
    })
}
