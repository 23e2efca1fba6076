//! Asks another process how it is: for health checks of containers, and for scripts.

use crate::outgoing;
use reqwest::Method;
use std::{error::Error, fmt};

/// Why nothing was answered.
#[derive(Debug)]
pub struct NoAnswer(Box<dyn Error + Send + Sync>);

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no answer")?;
        let mut next: Option<&dyn Error> = Some(self.0.as_ref());
        while let Some(error) = next {
            write!(f, ": {error}")?;
            next = error.source();
        }
        Ok(())
    }
}

impl Error for NoAnswer {}

/// The status that `url` answers to a GET.
pub async fn status(url: &str) -> Result<u16, NoAnswer> {
    let no_answer = |error| NoAnswer(error);
    let client = outgoing::internal([url]).map_err(|error| no_answer(error.into()))?;
    let request = client
        .request(Method::GET, url)
        .map_err(|error| no_answer(error.into()))?;
    let response = request.send().await;
    response
        .map(|response| response.status().as_u16())
        .map_err(|error| no_answer(error.into()))
}
