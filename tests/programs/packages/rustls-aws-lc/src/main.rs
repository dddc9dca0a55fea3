//! Known answers from aws-lc-rs, and a TLS session between a client and a server of rustls.

use std::io::{Read, Write};
use std::sync::Arc;

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING};
use aws_lc_rs::signature::{ED25519, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use aws_lc_rs::{agreement, digest, hkdf, hmac, pbkdf2};
use rustls::pki_types::{PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, version};

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn digests(text: &[u8]) {
    let algorithms = [
        &digest::SHA1_FOR_LEGACY_USE_ONLY,
        &digest::SHA256,
        &digest::SHA384,
        &digest::SHA512,
        &digest::SHA3_256,
    ];
    for algorithm in algorithms {
        println!("{algorithm:?} {}", hex(digest::digest(algorithm, text)));
    }
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"key");
    println!("hmac {}", hex(hmac::sign(&key, text)));
    let mut derived = [0; 24];
    let rounds = std::num::NonZeroU32::new(100).expect("not zero");
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA512, rounds, b"salt", text, &mut derived);
    println!("pbkdf2 {}", hex(derived));
    let mut expanded = [0; 42];
    let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, b"salt").extract(text);
    let info = [&b"info"[..]];
    let material = secret.expand(&info, Length(expanded.len())).expect("it is short");
    material.fill(&mut expanded).expect("the length is the same");
    println!("hkdf {}", hex(expanded));
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn ciphers(text: &[u8]) {
    for algorithm in [&AES_128_GCM, &AES_256_GCM, &CHACHA20_POLY1305] {
        let bytes = vec![7; algorithm.key_len()];
        let key = LessSafeKey::new(UnboundKey::new(algorithm, &bytes).expect("the right length"));
        let nonce = || Nonce::assume_unique_for_key([9; 12]);
        let mut sealed = text.to_vec();
        key.seal_in_place_append_tag(nonce(), Aad::from(b"ad"), &mut sealed).expect("it seals");
        println!("{algorithm:?} {}", hex(&sealed));
        let mut opened = sealed.clone();
        assert_eq!(key.open_in_place(nonce(), Aad::from(b"ad"), &mut opened).expect("it opens"), text);
        sealed[3] ^= 1;
        println!("forged: {:?}", key.open_in_place(nonce(), Aad::from(b"ad"), &mut sealed));
    }
}

fn signatures(text: &[u8]) {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[5; 32]).expect("32 bytes");
    let signature = pair.sign(text);
    println!("ed25519 {} {}", hex(pair.public_key()), hex(signature));
    let public = UnparsedPublicKey::new(&ED25519, pair.public_key());
    println!("{:?} {:?}", public.verify(text, signature.as_ref()), public.verify(b"other", signature.as_ref()));
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
    let pkcs8 = pkcs8.expect("a key");
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref());
    let pair = pair.expect("its own key");
    let signature = pair.sign(&random, text).expect("it signs");
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key());
    println!("ecdsa {:?} {:?}", public.verify(text, signature.as_ref()), public.verify(text, &[1; 64]));
    let ours = agreement::PrivateKey::from_private_key(&agreement::X25519, &[3; 32]).expect("32 bytes");
    let theirs = agreement::PrivateKey::from_private_key(&agreement::X25519, &[4; 32]).expect("32 bytes");
    let public = agreement::UnparsedPublicKey::new(
        &agreement::X25519,
        theirs.compute_public_key().expect("it has one"),
    );
    let shared = agreement::agree(&ours, public, "no", |shared| Ok(hex(shared)));
    println!("x25519 {shared:?}");
}

fn session(version: &'static rustls::SupportedProtocolVersion) {
    let key = rcgen::KeyPair::generate().expect("a key");
    let params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    let certificate = params.self_signed(&key).expect("a certificate").der().clone();
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("the key's own form");
    let server = ServerConfig::builder_with_protocol_versions(&[version])
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .expect("they belong together");
    let mut roots = RootCertStore::empty();
    roots.add(certificate).expect("it is a certificate");
    let client = ClientConfig::builder_with_protocol_versions(&[version])
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let mut client = ClientConnection::new(Arc::new(client), name).expect("a connection");
    let mut server = ServerConnection::new(Arc::new(server)).expect("a connection");
    client.writer().write_all(b"from the client").expect("a buffer takes it");
    server.writer().write_all(b"from the server").expect("a buffer takes it");
    let (mut at_server, mut at_client) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        let mut wire = Vec::new();
        while client.wants_write() {
            client.write_tls(&mut wire).expect("a buffer takes it");
        }
        let mut rest = &wire[..];
        while !rest.is_empty() {
            server.read_tls(&mut rest).expect("a buffer has it");
            server.process_new_packets().expect("the client is right");
        }
        let _ = server.reader().read_to_end(&mut at_server);
        let mut wire = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut wire).expect("a buffer takes it");
        }
        let mut rest = &wire[..];
        while !rest.is_empty() {
            client.read_tls(&mut rest).expect("a buffer has it");
            client.process_new_packets().expect("the server is right");
        }
        let _ = client.reader().read_to_end(&mut at_client);
    }
    println!(
        "{:?} {:?} {:?} {:?}",
        client.protocol_version(),
        client.negotiated_cipher_suite().map(|suite| suite.suite()),
        String::from_utf8_lossy(&at_server),
        String::from_utf8_lossy(&at_client)
    );
}

fn main() {
    let text = b"the same text for all of them, longer than one block of any of these ciphers";
    digests(text);
    ciphers(text);
    signatures(text);
    session(&version::TLS13);
    session(&version::TLS12);
    // SAFETY: it takes nothing and gives a number.
    println!("aws-lc {}", unsafe { aws_lc_sys::awslc_api_version_num() });
}
