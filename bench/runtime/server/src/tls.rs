//! rustls: what comes goes back, encrypted both ways. The certificate is made here and written to a file for the load.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// Bytes that are echoed at a time, at most.
const PIECE: usize = 4096;

async fn echo(stream: TcpStream, acceptor: TlsAcceptor) -> io::Result<()> {
    let mut stream = acceptor.accept(stream).await?;
    let mut buffer = vec![0; PIECE];
    loop {
        let read = stream.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..read]).await?;
        stream.flush().await?;
    }
}

/// Makes a certificate and writes it.
pub(super) fn acceptor(certificate: &Path) -> TlsAcceptor {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])
        .expect("a certificate can be made");
    fs::write(certificate, made.cert.der()).expect("the certificate can be written");
    let key =
        PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("the key was just made");
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("the certificate is for the key");
    TlsAcceptor::from(Arc::new(config))
}

pub(super) async fn serve(listener: TcpListener, acceptor: TlsAcceptor) {
    loop {
        let (stream, _) = listener.accept().await.expect("the listener listens");
        stream.set_nodelay(true).expect("a connection has options");
        let acceptor = acceptor.clone();
        tokio::spawn(async move { drop(echo(stream, acceptor).await) });
    }
}
