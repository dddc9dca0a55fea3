//! Reports go to a cloud, through the modem. What cannot be sent waits.

use embassy_futures::select::{Either, select};
use embedded_io_async::{Read, Write};
use heapless::Vec;

use crate::error::Error;
use crate::log::log;
use crate::modem::{Modem, Packet};
use crate::sensor::task::{REPORTS, Report};
use crate::wire::Uart;
use crate::{DONE, STOP_CLOUD};

struct Cloud<S> {
    modem: Modem<S>,
    waiting: Vec<Packet, 2>,
}

impl<S: Read + Write> Cloud<S> {
    async fn connect(serial: S) -> Result<Self, Error> {
        let mut modem = Modem::new(serial);
        modem.attach().await?;
        Ok(Cloud { modem, waiting: Vec::new() })
    }

    async fn publish(&mut self, packet: Packet) -> Result<u32, Error> {
        let sum = |packet: &Packet| packet.bytes().iter().map(|byte| u32::from(*byte)).sum::<u32>();
        let sent = sum(&packet);
        match self.modem.request(packet.clone()).await {
            Ok(answer) => Ok(sent + sum(&answer)),
            Err(error) => {
                let _ = self.waiting.push(packet);
                Err(error)
            }
        }
    }

    /// Sends what waits, until something fails; says how much was sent.
    async fn flush(&mut self) -> usize {
        let mut sent = 0;
        while let Some(packet) = self.waiting.pop() {
            if self.publish(packet).await.is_err() {
                break;
            }
            sent += 1;
        }
        sent
    }
}

fn packed(report: &Report) -> Packet {
    let mut packet = Packet::new(report.number);
    for (id, value) in &report.samples {
        packet.push(*id);
        value.to_le_bytes().into_iter().for_each(|byte| packet.push(byte));
    }
    packet
}

#[embassy_executor::task]
pub(crate) async fn report(serial: Uart<256>) {
    let mut cloud = match Cloud::connect(serial).await {
        Ok(cloud) => cloud,
        Err(error) => {
            log!("cloud: {error:?}");
            return;
        }
    };
    log!("cloud: attached after {} errors", cloud.modem.errors);
    while let Either::First(report) = select(REPORTS.receive(), STOP_CLOUD.wait()).await {
        let (number, samples, failed) = (report.number, report.samples.len(), report.failed);
        match cloud.publish(packed(&report)).await {
            Ok(sum) => log!("cloud: report {number}, {samples} samples, {failed} failed: {sum}"),
            Err(error) => log!("cloud: report {number}: {error:?}"),
        }
        let sent = cloud.flush().await;
        if sent > 0 {
            log!("cloud: {sent} packets later");
        }
    }
    DONE.send("cloud").await;
}
