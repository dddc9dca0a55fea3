//! TLS: pieces of 2 KiB that come back.

use std::fs;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::Load;

const PIECE: usize = 2048;

fn connector(load: &Load) -> TlsConnector {
    let certificate = load.certificate.as_ref().expect("the last argument is the certificate");
    let certificate = fs::read(certificate).expect("the server has written its certificate");
    let mut roots = RootCertStore::empty();
    roots.add(certificate.into()).expect("the certificate is one");
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

pub(super) async fn echo(load: Load, connection: u64) -> u64 {
    let stream = TcpStream::connect(load.address()).await.expect("the server listens");
    stream.set_nodelay(true).expect("a connection has options");
    let name = "localhost".try_into().expect("the name is one");
    let mut stream = connector(&load).connect(name, stream).await.expect("the server speaks TLS");
    let mut sum = connection;
    let mut back = vec![0; PIECE];
    for request in 0..load.requests {
        let piece = [(connection + request) as u8; PIECE];
        stream.write_all(&piece).await.expect("the server reads");
        stream.flush().await.expect("the server reads");
        stream.read_exact(&mut back).await.expect("the server answers");
        assert_eq!(back, piece);
        sum = meter::mix(sum, u64::from(back[0]));
    }
    sum
}
