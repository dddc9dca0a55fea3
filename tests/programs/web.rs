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

/// Asks a server for a path: the head of the answer without the time of day, its lines in order, and the body, or what it is.
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
    let mut head: Vec<&str> = head.lines().filter(is_kept).collect();
    // Servers that have their headers in a hash map send them in another order each time.
    if let Some(headers) = head.get_mut(1..) {
        headers.sort_unstable();
    }
    let body = body.get(4..).unwrap_or_default();
    let is_chunked =
        head.iter().any(|line| line.eq_ignore_ascii_case("transfer-encoding: chunked"));
    let joined = if is_chunked {
        joined(body).ok_or(format!("GET {path}: broken chunks"))?
    } else {
        body.to_vec()
    };
    let body = match std::str::from_utf8(&joined) {
        Ok(text) => text.to_owned(),
        Err(_) => format!("{} bytes, sha256 {}", joined.len(), sha256(&joined)),
    };
    Ok(format!("{}\n\n{body}", head.join("\n")))
}

/// A body without the sizes of its chunks: where one ends depends on time.
fn joined(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::new();
    loop {
        let end = body.windows(2).position(|bytes| bytes == b"\r\n")?;
        let size = std::str::from_utf8(&body[..end]).ok()?.split(';').next()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        if size == 0 {
            return Some(joined);
        }
        joined.extend_from_slice(body.get(end + 2..end + 2 + size)?);
        body = body.get(end + 2 + size + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_answers() {
        let port = serve().unwrap();
        assert!(is_open(port) && !is_open(free_port().unwrap()));
        let answer = get(port, "/a?b=c").unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\nContent-Length"), "{answer}");
        assert!(answer.ends_with("\n\nGET /a?b=c HTTP/1.1\n\n"), "{answer}");
    }

    #[test]
    fn chunks_are_joined() {
        let whole = Some(b"one two".to_vec());
        assert_eq!(joined(b"7\r\none two\r\n0\r\n\r\n"), whole);
        assert_eq!(joined(b"4;x=y\r\none \r\n3\r\ntwo\r\n0\r\n\r\n"), whole);
        assert_eq!(joined(b"9\r\none two\r\n"), None);
    }
}
