//! Wires, as embedded-io's traits see them. The far end of each is in `world`.

use core::convert::Infallible;

use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex as Raw;
use embassy_sync::pipe::Pipe;
use embedded_io_async::{ErrorType, Read, Write};

/// Two directions, with room for so many bytes in each.
pub(crate) struct Wire<const N: usize> {
    pub(crate) out: Pipe<Raw, N>,
    pub(crate) back: Pipe<Raw, N>,
}

pub(crate) static SENSORS: [Wire<128>; 2] = [const { Wire::new() }; 2];
pub(crate) static MODEM: Wire<256> = Wire::new();
pub(crate) static CLIENTS: [Wire<256>; 3] = [const { Wire::new() }; 3];

impl<const N: usize> Wire<N> {
    const fn new() -> Self {
        Wire { out: Pipe::new(), back: Pipe::new() }
    }

    /// The firmware's end.
    pub(crate) fn near(&'static self) -> Uart<N> {
        Uart { wire: self }
    }
}

/// The firmware's end of a wire.
pub(crate) struct Uart<const N: usize> {
    wire: &'static Wire<N>,
}

impl<const N: usize> ErrorType for Uart<N> {
    type Error = Infallible;
}

impl<const N: usize> Read for Uart<N> {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        Ok(self.wire.back.read(buffer).await)
    }
}

impl<const N: usize> Write for Uart<N> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        Ok(self.wire.out.write(bytes).await)
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
