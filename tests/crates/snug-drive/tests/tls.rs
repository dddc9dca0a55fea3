//! rustls with its default provider, aws-lc-rs: clients and servers over a narrow pipe, all kinds of keys, and those that must fail.

use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair, SignatureAlgorithm};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::{
    ClientConfig, ProtocolVersion, RootCertStore, ServerConfig, SupportedCipherSuite,
    SupportedProtocolVersion, version,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// A certificate and its key.
struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    fn new(algorithm: &'static SignatureAlgorithm) -> Identity {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let names = vec!["localhost".to_owned()];
        let certificate = CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        Identity { certificate: certificate.der().clone(), key }
    }

    fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        roots
    }
}

fn provider(suite: Option<SupportedCipherSuite>) -> Arc<CryptoProvider> {
    let mut provider = aws_lc_rs::default_provider();
    if let Some(suite) = suite {
        provider.cipher_suites = vec![suite];
    }
    Arc::new(provider)
}

/// What a client and its server agreed upon.
#[derive(Debug, PartialEq)]
struct Agreed {
    version: ProtocolVersion,
    suite: SupportedCipherSuite,
    protocol: Option<Vec<u8>>,
    secret: [u8; 32],
}

/// A client sends what it likes, and the server sends it back, with its length before it.
async fn talk(server: ServerConfig, client: ClientConfig, name: &str) -> std::io::Result<Agreed> {
    let (near, far) = tokio::io::duplex(997);
    let serve = async move {
        let mut stream = TlsAcceptor::from(Arc::new(server)).accept(far).await?;
        let mut length = [0; 4];
        stream.read_exact(&mut length).await?;
        let mut text = vec![0; u32::from_be_bytes(length) as usize];
        stream.read_exact(&mut text).await?;
        stream.write_all(&text).await?;
        stream.shutdown().await?;
        let mut secret = [0; 32];
        let (_, session) = stream.get_ref();
        session.export_keying_material(&mut secret, b"snug", None).unwrap();
        std::io::Result::Ok(secret)
    };
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let ask = async move {
        let mut stream = TlsConnector::from(Arc::new(client)).connect(name, near).await?;
        let text: Vec<u8> = (0..40_000u32).map(|at| (at * at % 251) as u8).collect();
        stream.write_all(&(text.len() as u32).to_be_bytes()).await?;
        stream.write_all(&text).await?;
        stream.flush().await?;
        let mut back = Vec::new();
        stream.read_to_end(&mut back).await?;
        assert!(back == text, "{} bytes came back", back.len());
        let mut secret = [0; 32];
        let (_, session) = stream.get_ref();
        session.export_keying_material(&mut secret, b"snug", None).unwrap();
        std::io::Result::Ok(Agreed {
            version: session.protocol_version().unwrap(),
            suite: session.negotiated_cipher_suite().unwrap(),
            protocol: session.alpn_protocol().map(<[u8]>::to_vec),
            secret,
        })
    };
    let both = async { tokio::join!(serve, ask) };
    let (served, asked) = timeout(Duration::from_secs(60), both).await.expect("TLS hangs");
    let agreed = asked?;
    assert_eq!(served?, agreed.secret);
    Ok(agreed)
}

fn server(identity: &Identity) -> ServerConfig {
    let key = identity.key.clone_key();
    ServerConfig::builder_with_provider(provider(None))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![identity.certificate.clone()], key)
        .unwrap()
}

fn client(
    identity: &Identity,
    suite: Option<SupportedCipherSuite>,
    versions: &[&'static SupportedProtocolVersion],
) -> ClientConfig {
    ClientConfig::builder_with_provider(provider(suite))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(identity.roots())
        .with_no_client_auth()
}

const BOTH: [&SupportedProtocolVersion; 2] = [&version::TLS13, &version::TLS12];

#[tokio::test]
async fn all_kinds_of_keys() {
    let kinds = [
        &rcgen::PKCS_ECDSA_P256_SHA256,
        &rcgen::PKCS_ECDSA_P384_SHA384,
        &rcgen::PKCS_ED25519,
        &rcgen::PKCS_RSA_SHA256,
    ];
    for kind in kinds {
        let identity = Identity::new(kind);
        for version in BOTH {
            let client = client(&identity, None, &[version]);
            let agreed = talk(server(&identity), client, "localhost").await.unwrap();
            assert_eq!(agreed.version, version.version);
        }
    }
}

#[tokio::test]
async fn all_cipher_suites() {
    let (ecdsa, rsa) =
        (Identity::new(&rcgen::PKCS_ECDSA_P256_SHA256), Identity::new(&rcgen::PKCS_RSA_SHA256));
    for suite in aws_lc_rs::ALL_CIPHER_SUITES {
        let is_for_rsa = format!("{suite:?}").contains("_RSA_");
        let identity = if is_for_rsa { &rsa } else { &ecdsa };
        let version = match suite {
            SupportedCipherSuite::Tls12(_) => &version::TLS12,
            SupportedCipherSuite::Tls13(_) => &version::TLS13,
        };
        let client = client(identity, Some(*suite), &[version]);
        let agreed = talk(server(identity), client, "localhost").await.unwrap();
        assert_eq!(agreed.suite, *suite);
    }
}

#[tokio::test]
async fn protocols_are_negotiated() {
    let identity = Identity::new(&rcgen::PKCS_ECDSA_P256_SHA256);
    let (mut server, mut client) = (server(&identity), client(&identity, None, &BOTH));
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    client.alpn_protocols = vec![b"http/1.1".to_vec(), b"spdy".to_vec()];
    let agreed = talk(server, client, "localhost").await.unwrap();
    assert_eq!(agreed.protocol.as_deref(), Some(&b"http/1.1"[..]));
    assert_eq!(agreed.version, ProtocolVersion::TLSv1_3);
}

#[tokio::test]
async fn both_sides_have_certificates() {
    let (ours, theirs) =
        (Identity::new(&rcgen::PKCS_ECDSA_P256_SHA256), Identity::new(&rcgen::PKCS_ED25519));
    let server = || {
        let roots = Arc::new(theirs.roots());
        let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider(None)).build();
        ServerConfig::builder_with_provider(provider(None))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier.unwrap())
            .with_single_cert(vec![ours.certificate.clone()], ours.key.clone_key())
            .unwrap()
    };
    let known = ClientConfig::builder_with_provider(provider(None))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(ours.roots())
        .with_client_auth_cert(vec![theirs.certificate.clone()], theirs.key.clone_key())
        .unwrap();
    talk(server(), known, "localhost").await.unwrap();
    let unknown = client(&ours, None, &BOTH);
    assert!(talk(server(), unknown, "localhost").await.is_err());
}

#[tokio::test]
async fn who_must_not_be_trusted_is_not() {
    let (real, other) = (
        Identity::new(&rcgen::PKCS_ECDSA_P256_SHA256),
        Identity::new(&rcgen::PKCS_ECDSA_P256_SHA256),
    );
    let stranger = talk(server(&other), client(&real, None, &BOTH), "localhost").await;
    let message = stranger.unwrap_err().to_string();
    assert!(message.contains("invalid peer certificate"), "{message}");
    let elsewhere = talk(server(&real), client(&real, None, &BOTH), "example.org").await;
    let message = elsewhere.unwrap_err().to_string();
    assert!(message.contains("not valid for name"), "{message}");
}
