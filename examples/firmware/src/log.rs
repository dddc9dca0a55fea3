//! Lines that tasks print.

use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex as Raw;
use embassy_sync::channel::Channel;
use heapless::String;
use semihosting::println;

pub(crate) type Line = String<96>;
pub(crate) static LINES: Channel<Raw, Line, 8> = Channel::new();

/// Waits until there is room for the line.
macro_rules! log {
    ($($argument:tt)*) => {{
        let mut line = $crate::log::Line::new();
        let _ = core::fmt::Write::write_fmt(&mut line, format_args!($($argument)*));
        $crate::log::LINES.send(line).await
    }};
}
pub(crate) use log;

#[embassy_executor::task]
pub(crate) async fn print() {
    let mut number = 0;
    loop {
        let line = LINES.receive().await;
        number += 1;
        println!("{number:3} {line}");
    }
}
