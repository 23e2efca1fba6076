//! TLS at the door, for those without a proxy that ends it: HTTP/1.1 as without, by a certificate
//! whose files are read again when they change.

use crate::{api::SHUTDOWN_SECONDS, edge::Tls};
use actix_http::{HttpService, Request, Response};
use actix_server::Server;
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt as _, fn_service, map_config,
};
use actix_web::{body::MessageBody, dev::AppConfig, rt::net::TcpStream};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use std::{
    fmt, io,
    net::TcpListener,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};
use tokio_rustls::TlsAcceptor;

/// How long a client may take to agree on a key.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// How long a client may take for the head of a request, and for its goodbye.
const HEAD: Duration = Duration::from_secs(5);
const GOODBYE: Duration = Duration::from_secs(1);
/// How often the files are looked at, when somebody comes.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Serves `app` over TLS.
pub(crate) fn serve<F, I, S, B>(
    listener: TcpListener,
    workers: usize,
    tls: &Tls,
    app: F,
) -> io::Result<Server>
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Error: Into<actix_web::Error> + 'static,
    S::InitError: fmt::Debug,
    S::Response: Into<Response<B>> + 'static,
    <S::Service as Service<Request>>::Future: 'static,
    S::Service: 'static,
    B: MessageBody + 'static,
{
    let acceptor = TlsAcceptor::from(Arc::new(config(tls)?));
    let address = listener.local_addr()?;
    let server = Server::build()
        .workers(workers)
        .shutdown_timeout(SHUTDOWN_SECONDS)
        .disable_signals();
    let stopping = server.graceful_shutdown_signal();
    let server = server.listen("gateway-tls", listener, move || {
        let stopping = stopping.clone();
        let app = app().into_factory();
        let app = app.map_err(|error| error.into().error_response());
        let http = HttpService::build()
            .client_request_timeout(HEAD)
            .client_disconnect_timeout(GOODBYE)
            // Whoever says that nothing more comes has gone, and keeps no place.
            .h1_allow_half_closed(false)
            // Connections that nobody uses are closed then, as without TLS.
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .secure()
            .local_addr(address)
            .h1(map_config(app, |()| AppConfig::default()))
            .map_err(|error| io::Error::other(error.to_string()));
        let acceptor = acceptor.clone();
        let greet = fn_service(move |tcp: TcpStream| {
            let acceptor = acceptor.clone();
            async move {
                let peer = tcp.peer_addr().ok();
                tcp.set_nodelay(true)?;
                let agreed = tokio::time::timeout(HANDSHAKE, acceptor.accept(tcp)).await;
                Ok::<_, io::Error>((agreed??, peer))
            }
        });
        greet.and_then(http)
    })?;
    Ok(server.run())
}

fn config(tls: &Tls) -> io::Result<ServerConfig> {
    let certificate = Certificate::load(tls)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(certificate));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// The certificate in use, and the files that it came from.
struct Certificate {
    tls: Tls,
    kept: Mutex<Kept>,
}

struct Kept {
    key: Arc<CertifiedKey>,
    /// When the files were written that it is made of, or that could not be used.
    written: [Option<SystemTime>; 2],
    looked: Instant,
}

impl Certificate {
    fn load(tls: &Tls) -> io::Result<Self> {
        let kept = Kept {
            written: written(tls),
            key: read(tls)?,
            looked: Instant::now(),
        };
        Ok(Self {
            tls: tls.clone(),
            kept: Mutex::new(kept),
        })
    }

    /// The certificate of now. New files that can't be used change nothing: a renewal that writes
    /// one file after the other is looked at again.
    fn current(&self) -> Arc<CertifiedKey> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.looked.elapsed() >= LOOK_EVERY {
            kept.looked = Instant::now();
            let written = written(&self.tls);
            if written != kept.written {
                match read(&self.tls) {
                    Ok(key) => {
                        tracing::info!("the certificate was renewed");
                        kept.key = key;
                        kept.written = written;
                    }
                    Err(error) => tracing::warn!(%error, "a new certificate can't be used"),
                }
            }
        }
        Arc::clone(&kept.key)
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

fn written(tls: &Tls) -> [Option<SystemTime>; 2] {
    let of = |file: &Path| {
        std::fs::metadata(file)
            .and_then(|file| file.modified())
            .ok()
    };
    [of(&tls.certificate), of(&tls.key)]
}

fn read(tls: &Tls) -> io::Result<Arc<CertifiedKey>> {
    let of = |file: &Path, error: &dyn fmt::Display| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{}: {error}", file.display()),
        )
    };
    let chain = CertificateDer::pem_file_iter(&tls.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| of(&tls.certificate, &error))?;
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(|error| of(&tls.key, &error))?;
    // Refuses a key that is another certificate's.
    let key = CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider());
    key.map(Arc::new).map_err(|error| of(&tls.key, &error))
}
