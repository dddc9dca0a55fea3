//! Questions for servers on this machine, by hand: so there is nothing between the answers and the comparison.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::packages::{Get, Query};
use super::trials::Answer;
use y::cache::hex;

/// For one answer.
const LIMIT: Duration = Duration::from_secs(20);
/// The number of all queries.
const QUERY_ID: [u8; 2] = [0x53, 0x6e];

/// A port that nobody uses.
pub(super) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("there is no free port")?;
    Ok(listener.local_addr()?.port())
}

/// Whether someone listens there.
pub(super) fn is_open(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Asks a web server.
pub(super) fn get(port: u16, get: &Get) -> Result<Answer> {
    let to = format!("GET {} ({})", get.path, get.header);
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(LIMIT))?;
    let Get { path, header, .. } = get;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).with_context(|| format!("{to}: no answer"))?;
    Ok(Answer { to, text: without_date(&answer) })
}

/// The head without the time of day, and what the body is.
fn without_date(answer: &[u8]) -> String {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap_or(answer.len());
    let (head, body) = answer.split_at(end);
    let head = String::from_utf8_lossy(head);
    let is_kept = |line: &&str| !line.to_ascii_lowercase().starts_with("date:");
    let head: Vec<&str> = head.lines().filter(is_kept).collect();
    let sum = hex(&Sha256::digest(body));
    format!("{}\n{} bytes, sha256 {sum}", head.join("\n"), body.len())
}

/// Asks a DNS server.
pub(super) fn ask(port: u16, query: &Query) -> Result<Answer> {
    let to = format!("the query for {}", query.name);
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.set_read_timeout(Some(LIMIT))?;
    socket.send_to(&message(query.name), (Ipv4Addr::LOCALHOST, port))?;
    let mut answer = [0; 4096];
    let length = socket.recv(&mut answer).with_context(|| format!("{to}: no answer"))?;
    Ok(Answer { to, text: shown(&answer[..length]) })
}

/// A query for an address, as RFC 1035 has it.
fn message(name: &str) -> Vec<u8> {
    // Recursion is desired; one question, nothing else.
    let mut message = [&QUERY_ID[..], &[1, 0, 0, 1, 0, 0, 0, 0, 0, 0]].concat();
    for label in name.split('.') {
        message.push(u8::try_from(label.len()).expect("labels are short"));
        message.extend(label.as_bytes());
    }
    // The root; type A, class IN.
    message.extend([0, 0, 1, 0, 1]);
    message
}

/// Bytes, to read.
pub(super) fn shown(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x} ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_what_the_rfc_says() {
        let expected = b"\x53\x6e\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\x03com\0\0\x01\0\x01";
        assert_eq!(message("www.example.com"), expected);
        assert_eq!(shown(&[0, 4, 192]), "00 04 c0 ");
    }

    #[test]
    fn the_time_of_day_does_not_count_and_the_body_does() {
        let answer = |date: &str, body: &str| {
            without_date(
                format!("HTTP/1.1 200 OK\r\nDate: {date}\r\nx: y\r\n\r\n{body}").as_bytes(),
            )
        };
        assert!(answer("1", "text").starts_with("HTTP/1.1 200 OK\nx: y\n8 bytes"));
        assert_eq!(answer("1", "text"), answer("2", "text"));
        assert_ne!(answer("1", "text"), answer("1", "tex"));
        assert_ne!(answer("1", "text"), answer("1", "texT"));
    }
}
