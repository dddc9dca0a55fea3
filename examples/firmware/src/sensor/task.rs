//! Measures now and then, and collects what has been measured into reports.

use embassy_futures::select::{Either3, select3};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex as Raw;
use embassy_sync::channel::Channel;
use embassy_time::{Duration, Ticker, Timer};
use heapless::Vec;

use super::frame::Framed;
use super::{Config, Sensor};
use crate::error::Error;
use crate::log::log;
use crate::wire::Uart;
use crate::{DONE, STOP_REPORTS};

const ROUNDS: u32 = 12;

static READINGS: Channel<Raw, (u8, Result<f32, Error>), 4> = Channel::new();
pub(crate) static REPORTS: Channel<Raw, Report, 2> = Channel::new();

#[derive(Clone)]
pub(crate) struct Report {
    pub(crate) number: u16,
    pub(crate) samples: Vec<(u8, f32), 8>,
    pub(crate) failed: u32,
}

#[embassy_executor::task(pool_size = 2)]
pub(crate) async fn measure(id: u8, uart: Uart<128>) {
    let coefficients = core::array::from_fn(|at| at as f32 * 0.5 + 1.0 + f32::from(id));
    let config = Config { oversampling: 2, gain: 1, coefficients };
    let mut sensor = match Sensor::new(Framed(uart), config).await {
        Ok(sensor) => sensor,
        Err(error) => {
            log!("sensor {id}: {error:?}");
            return;
        }
    };
    for round in 0..ROUNDS {
        if round == ROUNDS / 2 {
            let config = Config { gain: 2, ..sensor.config() };
            if let Err(error) = sensor.configure(config).await {
                log!("sensor {id} is not configured: {error:?}");
            }
        }
        let value = sensor.measure().await;
        READINGS.send((id, value)).await;
        Timer::after_millis(20).await;
    }
    log!("sensor {id}: {} retries", sensor.retries());
    DONE.send("sensor").await;
}

#[embassy_executor::task]
pub(crate) async fn collect() {
    let mut ticker = Ticker::every(Duration::from_millis(70));
    let mut report = Report { number: 0, samples: Vec::new(), failed: 0 };
    loop {
        match select3(READINGS.receive(), ticker.next(), STOP_REPORTS.wait()).await {
            Either3::First((id, Ok(value))) => {
                if report.samples.push((id, value)).is_err() {
                    submit(&mut report).await;
                    let _ = report.samples.push((id, value));
                }
            }
            Either3::First((_, Err(_))) => report.failed += 1,
            Either3::Second(()) if report.samples.is_empty() => {}
            Either3::Second(()) => submit(&mut report).await,
            Either3::Third(()) => break,
        }
    }
    DONE.send("collect").await;
}

async fn submit(report: &mut Report) {
    let next = Report { number: report.number + 1, samples: Vec::new(), failed: 0 };
    REPORTS.send(core::mem::replace(report, next)).await;
}
