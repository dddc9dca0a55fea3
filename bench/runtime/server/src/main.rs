//! `server KIND`: a server of `./y.sh bench runtime`, on a runtime with one thread: the other processor is the load's.
//!
//! It prints `port N`. Then each line of standard input is a label, and what the server has used until then is printed ([`meter`]).
//! It ends when its standard input does.

mod http;
mod http2;
mod rpc;
mod tls;

use std::env;
use std::io::stdin;

use meter::{Counting, Meter};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    let meter = Meter::new();
    meter::many_files();
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [kind, certificate @ ..] = &*arguments else {
        panic!("usage: server http|http2|rpc|tls [CERTIFICATE]")
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be made").block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a port");
        let port = listener.local_addr().expect("the listener has an address").port();
        match (&**kind, certificate) {
            ("http", []) => drop(tokio::spawn(http::serve(listener))),
            ("http2", []) => drop(tokio::spawn(http2::serve(listener))),
            ("rpc", []) => drop(tokio::spawn(rpc::serve(listener))),
            ("tls", [certificate]) => {
                // The load reads the certificate as soon as it knows the port.
                let acceptor = tls::acceptor(certificate.as_ref());
                drop(tokio::spawn(tls::serve(listener, acceptor)));
            }
            _ => panic!("usage: server http|http2|rpc|tls [CERTIFICATE]"),
        }
        meter::say(&format!("port {port}"));
        let mut labels = labels();
        while let Some(label) = labels.recv().await {
            meter.mark(&label);
        }
    });
}

/// The lines of standard input.
fn labels() -> mpsc::Receiver<String> {
    let (send, labels) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in stdin().lines() {
            let line = line.expect("standard input is text");
            if send.blocking_send(line).is_err() {
                return;
            }
        }
    });
    labels
}
