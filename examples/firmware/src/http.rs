//! A little HTTP server: a task for each connection.

use core::fmt::Write as _;

use embassy_time::{Duration, with_timeout};
use embedded_io_async::{Read, Write};
use heapless::String;

use crate::DONE;
use crate::error::Error;
use crate::flash::{Block, FLASH};
use crate::log::log;
use crate::wire::Uart;

const IDLE: Duration = Duration::from_millis(100);

struct Request<'a> {
    method: &'a str,
    path: &'a str,
}

impl Request<'_> {
    async fn handle(self) -> Response {
        let mut response = Response { status: 200, body: String::new() };
        let body = &mut response.body;
        match (self.method, self.path) {
            ("GET", "/flash") => {
                for byte in FLASH.lock().await.iter().step_by(Block::SIZE) {
                    let _ = write!(body, "{byte:02x} ");
                }
            }
            ("GET", path) => drop(write!(body, "you asked for {path}")),
            _ => {
                response.status = 405;
                let _ = body.push_str("no");
            }
        }
        response
    }
}

struct Response {
    status: u16,
    body: String<256>,
}

struct Connection<S> {
    io: S,
    served: u32,
}

impl<S: Read + Write> Connection<S> {
    async fn head<'a>(&mut self, buffer: &'a mut [u8; 512]) -> Result<Request<'a>, Error> {
        let mut length = 0;
        while !buffer[..length].ends_with(b"\r\n\r\n") {
            match self.io.read(&mut buffer[length..]).await {
                Ok(0) | Err(_) => return Err(Error::Length),
                Ok(more) => length += more,
            }
        }
        let text = core::str::from_utf8(&buffer[..length]).map_err(|_| Error::Length)?;
        let mut words = text.split(' ');
        let mut word = || words.next().unwrap_or("");
        Ok(Request { method: word(), path: word() })
    }

    async fn send(&mut self, response: Response) -> Result<(), Error> {
        let Response { status, body } = response;
        let mut head: String<128> = String::new();
        let length = body.len();
        let _ = write!(head, "HTTP/1.1 {status} -\r\ncontent-length: {length}\r\n\r\n");
        self.io.write_all(head.as_bytes()).await.map_err(|_| Error::Length)?;
        self.io.write_all(body.as_bytes()).await.map_err(|_| Error::Length)
    }

    /// Until the client says nothing for a while; how many requests there were.
    async fn serve(mut self) -> u32 {
        loop {
            let mut buffer = [0; 512];
            let Ok(Ok(request)) = with_timeout(IDLE, self.head(&mut buffer)).await else {
                return self.served;
            };
            let response = request.handle().await;
            if self.send(response).await.is_err() {
                return self.served;
            }
            self.served += 1;
        }
    }
}

#[embassy_executor::task(pool_size = 3)]
pub(crate) async fn serve(id: u8, io: Uart<256>) {
    let served = Connection { io, served: 0 }.serve().await;
    log!("http {id}: {served} requests");
    DONE.send("http").await;
}
