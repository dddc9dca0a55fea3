//! Firmware of a sensor node, on embassy: two sensors behind a driver of five layers, a modem that is told AT commands, a cloud
//! that wants reports, a firmware update, a small HTTP server.
//!
//! What is at the other ends of the wires (`world`) is no firmware: the clock's interrupt steps it. What is printed does not depend on
//! how long an instruction takes: nothing here takes a millisecond, and time is counted in those.

#![no_std]
#![no_main]

mod board;
mod clock;
mod cloud;
mod error;
mod flash;
mod http;
mod log;
mod modem;
mod sensor;
mod update;
mod wire;
mod world;

use embassy_executor::{Executor, Spawner};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex as Raw;
use embassy_sync::channel::Channel;
use embassy_sync::signal::Signal;
use embassy_time::Timer;
use semihosting::{println, process};
use static_cell::StaticCell;

use log::log;

/// Tasks that have ended.
static DONE: Channel<Raw, &'static str, 8> = Channel::new();
/// For tasks that go on until they are told.
static STOP_REPORTS: Signal<Raw, ()> = Signal::new();
static STOP_CLOUD: Signal<Raw, ()> = Signal::new();

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    println!("{info}");
    process::exit(1)
}

#[embassy_executor::task]
async fn supervisor(spawner: Spawner) {
    for (id, sensor) in (0u8..).zip(&wire::SENSORS) {
        spawner.spawn(sensor::task::measure(id, sensor.near()).unwrap());
    }
    spawner.spawn(sensor::task::collect().unwrap());
    spawner.spawn(cloud::report(wire::MODEM.near()).unwrap());
    spawner.spawn(update::update().unwrap());
    for (id, client) in (0u8..).zip(&wire::CLIENTS) {
        spawner.spawn(http::serve(id, client.near()).unwrap());
    }
    // Two sensors, three connections, the update.
    for _ in 0..6 {
        let name = DONE.receive().await;
        log!("{name} is done");
    }
    Timer::after_millis(200).await;
    for stop in [&STOP_REPORTS, &STOP_CLOUD] {
        stop.signal(());
        let name = DONE.receive().await;
        log!("{name} is done");
    }
    Timer::after_millis(20).await;
    world::tell();
    #[cfg(all(target_arch = "arm", feature = "stack"))]
    board::tell_stack();
    process::exit(0)
}

/// After the board has been started.
fn run() -> ! {
    static EXECUTOR: StaticCell<Executor> = StaticCell::new();
    EXECUTOR.init(Executor::new()).run(|spawner| {
        spawner.spawn(log::print().unwrap());
        spawner.spawn(supervisor(spawner).unwrap());
    })
}
