//! A request whose body is a file: read piece by piece, so that its size does not matter to
//! anybody's memory.

use crate::{Context, Error, command, contract::Operation};
use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_LENGTH, CONTENT_TYPE},
    web::Bytes,
};
use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};
use shared_types::{Claim, Problem, codes};
use std::{fmt, future::Ready, sync::Arc, time::Duration};

/// A body of which nothing comes for this long is given up.
const SILENCE: Duration = Duration::from_secs(30);

/// A file on its way in.
pub struct Upload {
    /// Everything but the file.
    pub context: Context,
    /// What the file is said to be, in lower case and without parameters.
    pub media_type: String,
    /// The encoding that it is said to be in, in lower case.
    pub charset: Option<String>,
    request: HttpRequest,
    operation: Arc<Operation>,
    payload: Payload,
    digest: Sha256,
    read: usize,
}

impl Upload {
    /// The next piece; `None` at the end.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Problem> {
        let most = self.operation.most_body_bytes;
        let too_large = || Problem::of(&codes::BODY_TOO_LARGE).value("most", most);
        let length = self.request.headers().get(CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if length.is_some_and(|length| length > most) {
            return Err(too_large());
        }
        let piece = tokio::time::timeout(SILENCE, self.payload.next())
            .await
            .map_err(|_| Problem::of(&codes::REQUEST_TIMEOUT))?;
        let piece = piece
            .transpose()
            .map_err(|error| Problem::of(&codes::INVALID_REQUEST).caused_by(error.to_string()))?;
        if let Some(piece) = &piece {
            self.read += piece.len();
            if self.read > most {
                return Err(too_large());
            }
            self.digest.update(piece);
        }
        Ok(piece)
    }

    /// The claim to the idempotency key, once the whole file was read.
    pub fn claim(&self) -> Result<Option<Claim>, Problem> {
        command::claim(&self.request, &self.context, &self.operation, || {
            // What is to be done with the file stands in the query.
            let mut digest = self.digest.clone();
            digest.update(self.request.uri().to_string());
            command::hex(&digest.finalize())
        })
    }
}

impl FromRequest for Upload {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        std::future::ready(begin(request, payload.take()).map_err(Error::from))
    }
}

fn begin(request: &HttpRequest, payload: Payload) -> Result<Upload, Problem> {
    let operation = request.extensions().get::<Arc<Operation>>().cloned();
    let operation = operation.ok_or_else(|| Problem::internal("an upload outside the document"))?;
    let header = request.headers().get(CONTENT_TYPE);
    let header = header.and_then(|value| value.to_str().ok());
    let mut parts = header.unwrap_or_default().split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        is_charset.then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    });
    Ok(Upload {
        context: Context::of(request)?,
        media_type,
        charset,
        request: request.clone(),
        operation,
        payload,
        digest: Sha256::new(),
        read: 0,
    })
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("media_type", &self.media_type)
            .field("read", &self.read)
            .finish_non_exhaustive()
    }
}
