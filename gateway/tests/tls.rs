//! The gateway speaks TLS itself, and takes a renewed certificate without a restart.
//!
//! A process of its own, since it needs a client of its own.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests and what they share say what they expect by stopping when it is not so"
)]

#[path = "api/support/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "what all tests of the gateway share; not all of it is needed here"
)]
mod support;

use gateway::Tls;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use shared_web::key::KeyPair;
use std::{
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};
use support::{Service, settings};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

/// A certificate for `localhost` that vouches for itself.
fn make(folder: &Path, name: &str) -> Tls {
    let tls = Tls {
        certificate: folder.join(format!("{name}.pem")),
        key: folder.join(format!("{name}.secret.pem")),
    };
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ])
        .args([
            "-days",
            "30",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
        ])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(&tls.key)
        .arg("-out")
        .arg(&tls.certificate)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success());
    tls
}

/// A client that believes one certificate, and speaks these protocols.
fn client(certificate: &Path, protocols: &[&[u8]]) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_file(certificate).unwrap();
    roots.add(certificate).unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|one| one.to_vec()).collect();
    TlsConnector::from(Arc::new(config))
}

async fn ask(client: &TlsConnector, port: u16, path: &str) -> std::io::Result<String> {
    let tcp = TcpStream::connect(("127.0.0.1", port)).await?;
    let name = ServerName::try_from("localhost").unwrap();
    let mut tls = client.connect(name, tcp).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    tls.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    tls.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[actix_web::test]
async fn tls_is_spoken_by_a_certificate_that_may_be_renewed() {
    let folder = std::env::temp_dir().join(format!("akademi-tls-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir_all(&folder).unwrap();
    let (tls, next) = (make(&folder, "now"), make(&folder, "next"));
    let registration = Service::start("registration");
    let mut settings = settings(&[&registration]);
    settings.public_url = None;
    settings.edge.tls = Some(Tls {
        certificate: tls.certificate.clone(),
        key: next.key.clone(),
    });
    let listener = || TcpListener::bind("127.0.0.1:0").unwrap();
    let key = KeyPair::generate("gateway").unwrap();
    let refused = gateway::start(listener(), settings.clone(), &key);
    assert!(refused.is_err(), "a key of another certificate");

    settings.edge.tls = Some(tls.clone());
    let listener = listener();
    let port = listener.local_addr().unwrap().port();
    let running = gateway::start(listener, settings, &key).unwrap();
    let stopper = running.stopper();
    actix_web::rt::spawn(running.server);

    let now = client(&tls.certificate, &[b"http/1.1"]);
    let answer = ask(&now, port, "/health/live").await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let page = ask(&now, port, "/registration/v1/rounds").await.unwrap();
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(
        page.contains("proto=https"),
        "the service is told so: {page}"
    );
    let either = client(&tls.certificate, &[b"h2", b"http/1.1"]);
    assert!(
        ask(&either, port, "/health/live")
            .await
            .unwrap()
            .starts_with("HTTP/1.1 200")
    );
    let stranger = client(&next.certificate, &[b"http/1.1"]);
    assert!(ask(&stranger, port, "/health/live").await.is_err());

    // Who speaks plainly gets nothing, and disturbs nobody.
    let mut plain = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    plain
        .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP"));

    // Whoever resumes a session looks at no certificate, so a client of its own looks.
    let fresh = client(&tls.certificate, &[b"http/1.1"]);
    // Half a renewal changes nothing; the whole one counts without a restart.
    std::fs::copy(&next.certificate, &tls.certificate).unwrap();
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert!(ask(&now, port, "/health/live").await.is_ok());
    std::fs::copy(&next.key, &tls.key).unwrap();
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert!(ask(&fresh, port, "/health/live").await.is_err());
    assert!(
        ask(&stranger, port, "/health/live")
            .await
            .unwrap()
            .starts_with("HTTP/1.1 200")
    );
    stopper.stop(Duration::ZERO).await;
    std::fs::remove_dir_all(folder).unwrap();
}
