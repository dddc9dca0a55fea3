//! Requests and answers: numbers, time limits, and saying it again.

use embassy_time::{Duration, Timer, with_timeout};

use super::frame::{Frame, FrameIo, REFUSED};
use crate::error::Error;

pub(super) struct Link<F> {
    io: F,
    number: u8,
    pub(super) retries: u32,
}

impl<F: FrameIo> Link<F> {
    pub(super) fn new(io: F) -> Self {
        Link { io, number: 0, retries: 0 }
    }

    pub(super) async fn request(&mut self, mut frame: Frame) -> Result<Frame, Error> {
        self.number = self.number.wrapping_add(1);
        frame.number = self.number;
        let mut last = Error::Timeout;
        for attempt in 0..3 {
            let limit = Duration::from_millis(40 << attempt);
            match with_timeout(limit, self.exchange(frame)).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(Error::Refused(code))) => return Err(Error::Refused(code)),
                Ok(Err(error)) => last = error,
                Err(_) => last = Error::Timeout,
            }
            self.retries += 1;
            Timer::after_millis(2).await;
        }
        Err(last)
    }

    async fn exchange(&mut self, frame: Frame) -> Result<Frame, Error> {
        let number = frame.number;
        self.io.send(frame).await?;
        loop {
            let answer = self.io.receive().await?;
            if answer.number != number {
                continue;
            }
            if answer.kind == REFUSED {
                return Err(Error::Refused(answer.data[0]));
            }
            return Ok(answer);
        }
    }
}
