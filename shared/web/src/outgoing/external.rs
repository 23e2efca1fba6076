//! The client for addresses that somebody typed, and for open data: it stays out in the open.
//!
//! An address is judged where it is used, so that no name can lead elsewhere between the look and
//! the connection: addresses as they stand in the URL before the request, those of a name when it
//! is looked up, and the connection goes to exactly what was judged. A name of which one address
//! leads inside is refused with all of its addresses. Nothing is redirected, nothing goes through
//! a proxy, and nothing takes longer or is larger than the caller said.

use super::{Method, Networks, install_crypto};
use reqwest::{
    Client, RequestBuilder, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use std::{
    error::Error,
    fmt,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

/// How long the other side may take.
#[derive(Clone, Copy, Debug)]
struct Patience {
    /// To take the connection.
    connect: Duration,
    /// Between two parts of an answer.
    silence: Duration,
    /// In all.
    whole: Duration,
}

const USUAL: Patience = Patience {
    connect: Duration::from_secs(5),
    silence: Duration::from_secs(10),
    whole: Duration::from_secs(30),
};

/// Why there is no answer.
#[derive(Debug)]
pub enum ExternalError {
    /// The address is none, or leads where nobody may be led.
    Refused(String),
    /// The other side did not answer as it should, or not in time.
    Failed(reqwest::Error),
    /// The answer has more bytes than the caller takes.
    TooLarge,
}

impl fmt::Display for ExternalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(host) => write!(f, "{host} is not out in the open"),
            Self::Failed(error) => write!(f, "no answer: {error}"),
            Self::TooLarge => write!(f, "the answer is too large"),
        }
    }
}

impl Error for ExternalError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Failed(error) => Some(error),
            Self::Refused(_) | Self::TooLarge => None,
        }
    }
}

impl From<reqwest::Error> for ExternalError {
    fn from(error: reqwest::Error) -> Self {
        let mut source = error.source();
        while let Some(cause) = source {
            if let Some(Closed(host)) = cause.downcast_ref() {
                return Self::Refused(host.clone());
            }
            source = cause.source();
        }
        Self::Failed(error)
    }
}

/// A name that leads inside.
#[derive(Debug)]
struct Closed(String);

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not out in the open", self.0)
    }
}

impl Error for Closed {}

/// A client for addresses in the open.
#[derive(Clone, Debug)]
pub struct External {
    client: Client,
    networks: Networks,
}

/// A client that reaches what is out in the open, and `networks`.
pub fn external(networks: Networks) -> Result<External, reqwest::Error> {
    guarded(networks, Arc::new(SystemNames), USUAL)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the house's own client is built here"
)]
fn guarded(
    networks: Networks,
    names: Arc<dyn Resolve>,
    patience: Patience,
) -> Result<External, reqwest::Error> {
    install_crypto();
    let guard = Guard {
        names,
        networks: networks.clone(),
    };
    let client = Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .referer(false)
        .dns_resolver(guard)
        .connect_timeout(patience.connect)
        .read_timeout(patience.silence)
        .timeout(patience.whole)
        .pool_idle_timeout(Duration::from_secs(4))
        .build()?;
    Ok(External { client, networks })
}

impl External {
    /// Starts a request. What is no address on the web is refused, and so is one that carries a
    /// name and a password.
    pub fn request(&self, method: Method, url: &str) -> Result<Call, ExternalError> {
        let refused = || ExternalError::Refused(url.chars().take(200).collect());
        let url = Url::parse(url).map_err(|_| refused())?;
        let is_web = matches!(url.scheme(), "http" | "https");
        let is_bare = url.username().is_empty() && url.password().is_none();
        let host = url.host_str().filter(|_| is_web && is_bare);
        let host = host.ok_or_else(refused)?;
        // However it was spelt (hex, octal, one number), an address stands here in its one form.
        if let Some(address) = literal(host)
            && !self.networks.allow(address)
        {
            return Err(ExternalError::Refused(host.to_owned()));
        }
        Ok(Call(self.client.request(method, url)))
    }
}

/// The address that a host is; none for a name.
fn literal(host: &str) -> Option<IpAddr> {
    let inner = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    inner.unwrap_or(host).parse().ok()
}

/// A request that can be sent.
#[derive(Debug)]
pub struct Call(RequestBuilder);

impl Call {
    /// Adds a header.
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    /// Sets the body.
    pub fn body(self, body: Vec<u8>) -> Self {
        Self(self.0.body(body))
    }

    /// Sends it, and reads an answer of at most so many bytes, whatever its status.
    pub async fn send(self, most_bytes: usize) -> Result<Answered, ExternalError> {
        let mut response = self.0.send().await?;
        let status = response.status().as_u16();
        let told = response.content_length().unwrap_or(0);
        if usize::try_from(told).is_ok_and(|told| told > most_bytes) {
            return Err(ExternalError::TooLarge);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > most_bytes {
                return Err(ExternalError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answered { status, body })
    }

    /// Sends it, and reads the status alone: the other side may say as much as it wants, and
    /// nobody listens.
    pub async fn status(self) -> Result<u16, ExternalError> {
        Ok(self.0.send().await?.status().as_u16())
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Answered {
    /// Whether the other side did what it was asked for.
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..300)
    }
}

/// Looks names up as everything on the machine does.
struct SystemNames;

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

/// Lets through the addresses of a name if all of them may be reached.
struct Guard {
    names: Arc<dyn Resolve>,
    networks: Networks,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let networks = self.networks.clone();
        let found = self.names.resolve(name);
        Box::pin(async move {
            let found: Vec<SocketAddr> = found.await?.collect();
            if found.iter().all(|one| networks.allow(one.ip())) {
                Ok(Box::new(found.into_iter()) as Addrs)
            } else {
                Err(Closed(host).into())
            }
        })
    }
}

#[cfg(test)]
mod tests;
