//! The other side for programs that ask or answer over HTTP, all on this machine and by hand: so there is nothing between the
//! answers and the comparison.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use crate::Result;

use super::sources::sha256;

/// For one answer.
const LIMIT: Duration = Duration::from_secs(30);
/// Of a request's body, and how many connections there may be: more comes from nobody.
const MOST: u64 = 1 << 20;

/// Starts a server that answers each request with its first line and its body. It lives as long as the tests do.
pub fn serve() -> Result<u16> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| error.to_string())?;
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    thread::spawn(move || {
        for stream in listener.incoming().filter_map(std::result::Result::ok) {
            // Whoever goes away in the middle will have noticed that itself.
            thread::spawn(move || drop(answer_all(&stream)));
        }
    });
    Ok(port)
}

fn answer_all(stream: &TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(LIMIT))?;
    let mut reader = BufReader::new(stream);
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        let (mut length, mut is_last) = (0, false);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0).min(MOST);
            }
            is_last |= line == "connection: close";
            if line.is_empty() {
                break;
            }
        }
        let mut body = Vec::new();
        reader.by_ref().take(length).read_to_end(&mut body)?;
        let answer = [first.trim_end().as_bytes(), b"\n", &body, b"\n"].concat();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n",
            answer.len()
        );
        // In one piece, or the other side's acknowledgements make it slow.
        let mut stream = stream;
        stream.write_all(&[head.as_bytes(), &answer].concat())?;
        if is_last {
            return Ok(());
        }
    }
}

/// A port that nobody uses.
pub fn free_port() -> Result<u16> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| error.to_string())?;
    Ok(listener.local_addr().map_err(|error| error.to_string())?.port())
}

/// Whether someone listens there.
pub fn is_open(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Asks a server for a path: the head of the answer without the time of day, and the body, or what it is.
pub fn get(port: u16, path: &str) -> Result<String> {
    let ask = || -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(LIMIT))?;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    };
    let answer = ask().map_err(|error| format!("GET {path}: {error}"))?;
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap_or(answer.len());
    let (head, body) = answer.split_at(end);
    let head = String::from_utf8_lossy(head);
    let is_kept = |line: &&str| !line.to_ascii_lowercase().starts_with("date:");
    let head: Vec<&str> = head.lines().filter(is_kept).collect();
    let body = match std::str::from_utf8(body) {
        Ok(text) => text.trim_start().to_owned(),
        Err(_) => format!("{} bytes, sha256 {}", body.len(), sha256(body)),
    };
    Ok(format!("{}\n\n{body}", head.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_answers() {
        let port = serve().unwrap();
        assert!(is_open(port) && !is_open(free_port().unwrap()));
        let answer = get(port, "/a?b=c").unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\nContent-Type"), "{answer}");
        assert!(answer.ends_with("\n\nGET /a?b=c HTTP/1.1\n\n"), "{answer}");
    }
}
