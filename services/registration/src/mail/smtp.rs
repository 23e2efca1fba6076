//! Mails through a mail server (RFC 5321): one connection for a batch, one transaction a mail.
//!
//! Each step is taken by itself, so that it is known what was refused: an address that the server
//! does not take says something about the address, everything else about the mail or the server.
//! What a server answers may repeat an address, so only its number is kept and logged.

use super::transport::MailError;
use lettre::{
    Address,
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailParameter},
    },
};
use std::{fmt, str::FromStr, time::Duration};
use tokio::time::timeout;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest time for one mail, whatever the server is waiting for.
const WHOLE: Duration = Duration::from_secs(30);

/// How the way to the server is kept secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Secrecy {
    /// Not at all: a server on the same machine or network.
    None,
    /// By STARTTLS; a server without it is not used.
    StartTls,
    /// From the first byte.
    Tls,
}

/// A mail server: `smtps://host` for TLS from the first byte, `smtp://host?tls=required` for
/// STARTTLS, `smtp://host` for neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpServer {
    host: String,
    port: u16,
    secrecy: Secrecy,
}

impl FromStr for SmtpServer {
    type Err = &'static str;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        const SHAPE: &str =
            "an address such as smtps://host, smtp://host:587?tls=required or smtp://host:25";
        let (scheme, rest) = url.split_once("://").ok_or(SHAPE)?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        if place.contains('@') {
            return Err("name and password stand in a file of their own");
        }
        let (secrecy, usual_port) = match (scheme, query) {
            ("smtps", "") => (Secrecy::Tls, 465),
            ("smtp", "tls=required") => (Secrecy::StartTls, 587),
            ("smtp", "") => (Secrecy::None, 25),
            _ => return Err(SHAPE),
        };
        let place = place.trim_end_matches('/');
        let port_at = place
            .rfind(':')
            .filter(|colon| !place[*colon..].contains(']'));
        let (host, port) = match port_at {
            Some(colon) => {
                let port = place[colon + 1..].parse().map_err(|_| SHAPE)?;
                (&place[..colon], port)
            }
            None => (place, usual_port),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let is_host = |letter: char| letter.is_ascii_alphanumeric() || ".-:".contains(letter);
        if host.is_empty() || !host.chars().all(is_host) {
            return Err(SHAPE);
        }
        Ok(Self {
            host: host.to_owned(),
            port,
            secrecy,
        })
    }
}

/// A mail server, and with what Akademi is known there.
#[derive(Clone)]
pub struct Smtp {
    server: SmtpServer,
    credentials: Option<Credentials>,
}

impl Smtp {
    /// A server that takes mails from this machine without asking who it is.
    pub const fn open(server: SmtpServer) -> Self {
        Self {
            server,
            credentials: None,
        }
    }

    /// A server that wants a name and a password: two lines of a file. They travel over TLS only.
    pub fn with_credentials(server: SmtpServer, file: &str) -> Result<Self, &'static str> {
        let mut lines = file.lines().map(str::trim);
        let (Some(name), Some(password)) = (lines.next(), lines.next()) else {
            return Err("the file has the name on its first line and the password on its second");
        };
        if server.secrecy == Secrecy::None {
            return Err("a password is not sent without TLS: use smtps:// or ?tls=required");
        }
        Ok(Self {
            server,
            credentials: Some(Credentials::new(name.to_owned(), password.to_owned())),
        })
    }

    /// Opens a connection, greets, and says who Akademi is.
    pub async fn connect(&self, own_name: &str) -> Result<Session, MailError> {
        let opening = timeout(WHOLE, self.open_connection(own_name));
        let connection = opening.await.map_err(|_| MailError::Silent)?;
        Ok(Session(connection.map_err(|error| refused(&error))?))
    }

    async fn open_connection(&self, own_name: &str) -> Result<AsyncSmtpConnection, SmtpError> {
        let SmtpServer {
            host,
            port,
            secrecy,
        } = &self.server;
        let name = ClientId::Domain(own_name.to_owned());
        let tls = || TlsParameters::new(host.clone());
        let at_once = if *secrecy == Secrecy::Tls {
            Some(tls()?)
        } else {
            None
        };
        let place = (host.as_str(), *port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(place, Some(CONNECT), &name, at_once, None).await?;
        if *secrecy == Secrecy::StartTls {
            connection.starttls(tls()?, &name).await?;
        }
        if let Some(credentials) = &self.credentials {
            let ways = [Mechanism::Plain, Mechanism::Login];
            connection.auth(&ways, credentials).await?;
        }
        Ok(connection)
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

/// An open connection. After an error it is not used again.
pub struct Session(AsyncSmtpConnection);

impl Session {
    /// Hands a mail over. Without an answer to the last step nobody knows whether it was taken:
    /// it is handed over again then, under the same Message-ID.
    pub async fn send(
        &mut self,
        from: &Address,
        to: &Address,
        mail: &[u8],
    ) -> Result<(), MailError> {
        let sending = timeout(WHOLE, self.transact(from, to, mail));
        sending.await.map_err(|_| MailError::Silent)?
    }

    async fn transact(
        &mut self,
        from: &Address,
        to: &Address,
        mail: &[u8],
    ) -> Result<(), MailError> {
        let connection = &mut self.0;
        let mut parameters = Vec::new();
        let letters: &str = to.as_ref();
        if !letters.is_ascii() {
            if !connection
                .server_info()
                .supports_feature(Extension::SmtpUtfEight)
            {
                let why = "the mail server takes no address with such letters";
                return Err(MailError::Hopeless(why.to_owned()));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let begin = Mail::new(Some(from.clone()), parameters);
        connection
            .command(begin)
            .await
            .map_err(|error| refused(&error))?;
        let recipient = Rcpt::new(to.clone(), Vec::new());
        if let Err(error) = connection.command(recipient).await {
            return Err(match error.status() {
                Some(code) if error.is_permanent() => MailError::Bounced(code.into()),
                _ => refused(&error),
            });
        }
        connection
            .command(Data)
            .await
            .map_err(|error| refused(&error))?;
        let taken = connection.message(mail).await;
        taken.map(drop).map_err(|error| refused(&error))
    }

    /// Takes leave; the mails are handed over whatever the server answers.
    pub async fn close(mut self) {
        // Nothing depends on it.
        let _ = timeout(CONNECT, self.0.quit()).await;
    }
}

fn refused(error: &SmtpError) -> MailError {
    match error.status() {
        Some(code) if error.is_permanent() => MailError::Rejected(code.into()),
        Some(code) => MailError::Later(code.into()),
        None if error.is_tls() => MailError::Insecure,
        None => MailError::Unreachable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str) -> Result<(String, u16, Secrecy), &'static str> {
        let server: SmtpServer = url.parse()?;
        Ok((server.host, server.port, server.secrecy))
    }

    #[test]
    fn an_address_says_how_secret_the_way_is() {
        let known = |host: &str, port, secrecy| Ok((host.to_owned(), port, secrecy));
        for (url, read) in [
            ("smtp://localhost", known("localhost", 25, Secrecy::None)),
            (
                "smtp://10.0.0.1:2525/",
                known("10.0.0.1", 2525, Secrecy::None),
            ),
            (
                "smtps://mail.kommun.example",
                known("mail.kommun.example", 465, Secrecy::Tls),
            ),
            (
                "smtp://mail.kommun.example?tls=required",
                known("mail.kommun.example", 587, Secrecy::StartTls),
            ),
            (
                "smtps://[fd00::1]:4650",
                known("fd00::1", 4650, Secrecy::Tls),
            ),
            ("smtps://[fd00::1]", known("fd00::1", 465, Secrecy::Tls)),
        ] {
            assert_eq!(server(url), read, "{url}");
        }
        for url in [
            "mail.example",
            "http://mail.example",
            "smtp://",
            "smtp://host:x",
            "smtp://host:99999",
            "smtp://host?tls=perhaps",
            "smtps://host?tls=required",
            "smtp://me:word@host",
            "smtp://a b",
            "smtp://host\r\nx",
        ] {
            assert!(server(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_password_is_not_sent_in_the_open_and_not_shown() {
        let with = |url: &str, file: &str| Smtp::with_credentials(url.parse().unwrap(), file);
        assert!(with("smtp://host", "akademi\nseacrest").is_err());
        assert!(with("smtps://host", "akademi").is_err());
        let known = with("smtps://host", "akademi\nseacrest\n").unwrap();
        assert!(!format!("{known:?}").contains("seacrest"));
    }
}
