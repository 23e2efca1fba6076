//! What is written down never holds a token, a key or a link's secret.
//!
//! A process of its own: the subscriber is one for all threads.

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

use shared_web::key::KeyPair;
use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};
use support::{Door, Mood, Service, demo_token, person, settings};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[actix_web::test]
async fn neither_tokens_nor_keys_nor_link_secrets_are_written_down() {
    let kept = Kept::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(kept.clone())
        .with_env_filter(EnvFilter::new("debug"))
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let registration = Service::start("registration");
    let key = KeyPair::generate("demo").unwrap();
    registration.know_demo("maja", &person("person:maja"));
    let mut settings = settings(&[&registration]);
    settings.demo = Some(key.public().clone());
    let door = Door::open(settings);
    let token = demo_token(&key, "maja");
    let forged = demo_token(&KeyPair::generate("demo").unwrap(), "maja");
    let secret = "linksecret4711";
    door.get_as(&token, &format!("/registration/pages/slates/{secret}"))
        .await;
    door.get_as(&forged, &format!("/registration/pages/slates/{secret}"))
        .await;
    door.get_as(
        "ak_secretkey4711",
        "/registration/v1/rounds?code=linksecret4711",
    )
    .await;
    registration.feel(Mood::Failing);
    door.get_as("ak_secretkey4712", "/registration/v1/rounds")
        .await;
    registration.stop().await;
    door.get_as(&token, &format!("/registration/pages/slates/{secret}"))
        .await;
    let written = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert!(written.contains("/registration/pages/{path"), "{written}");
    let lines = written.lines();
    let telling: Vec<&str> = lines
        .filter(|line| {
            [secret, "secretkey", token.as_str(), forged.as_str(), "eyJ"]
                .iter()
                .any(|secret| line.contains(secret))
        })
        .collect();
    assert!(telling.is_empty(), "{telling:#?}");
}
