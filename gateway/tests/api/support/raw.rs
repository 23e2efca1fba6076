//! Sockets without a client library between, for what no library would send.

use std::time::Duration;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// How long the other side may take to begin.
const PATIENCE: Duration = Duration::from_secs(5);
/// Silence after which no more is expected.
const SILENCE: Duration = Duration::from_millis(150);

/// Sends bytes and gives what comes back until the other side closes or falls silent.
pub(crate) async fn exchange(authority: &str, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(authority).await.unwrap();
    stream.write_all(request).await.unwrap();
    read(&mut stream).await
}

/// What comes until the other side closes or falls silent.
pub(crate) async fn read(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut part = [0_u8; 8192];
    let mut patience = PATIENCE;
    while let Ok(Ok(length)) = timeout(patience, stream.read(&mut part)).await {
        if length == 0 {
            break;
        }
        read.extend_from_slice(&part[..length]);
        patience = SILENCE;
    }
    String::from_utf8_lossy(&read).into_owned()
}

/// The status of an answer.
pub(crate) fn status(answer: &str) -> u16 {
    let status = answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    status.unwrap_or_else(|| panic!("no status in {answer:?}"))
}
