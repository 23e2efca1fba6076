//! The gateway lives, and is ready once registration has been reached.

use crate::support::{Door, Service, settings};
use reqwest::Method;
use shared_web::{key::KeyPair, outgoing};
use std::{net::TcpListener, time::Duration};

#[actix_web::test]
async fn the_gateway_is_ready_when_registration_is_reached_and_stays_so() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    assert_eq!(door.get("/health/live").await.status(), 200);
    assert_eq!(door.get("/health/ready").await.status(), 200);
    registration.stop().await;
    assert_eq!(door.get("/health/ready").await.status(), 200);
    assert_eq!(registration.calls(), 0);
}

#[actix_web::test]
async fn the_gateway_is_not_ready_before() {
    let registration = Service::start("registration");
    let mut settings = settings(&[&registration]);
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    settings.upstreams.insert("registration".into(), nobody);
    let door = Door::open(settings);
    assert_eq!(door.get("/health/live").await.status(), 200);
    assert_eq!(door.get("/health/ready").await.status(), 503);
}

#[actix_web::test]
async fn who_stops_is_not_ready_first_and_finishes_what_was_begun() {
    let registration = Service::start("registration");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let key = KeyPair::generate("gateway").unwrap();
    let running = gateway::start(listener, settings(&[&registration]), &key).unwrap();
    let stopper = running.stopper();
    let server = actix_web::rt::spawn(running.server);
    let client = outgoing::internal([&url]).unwrap();
    let get = async |path: &str| {
        let request = client.request(Method::GET, &format!("{url}{path}"));
        request.unwrap().send().await
    };
    assert_eq!(get("/health/ready").await.unwrap().status(), 200);
    let mut begun = get("/registration/v1/drip").await.unwrap();
    assert_eq!(begun.chunk().await.unwrap().unwrap(), "first ");
    let stopping = actix_web::rt::spawn(async move {
        stopper.stop(Duration::from_millis(400)).await;
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(get("/health/ready").await.unwrap().status(), 503);
    assert_eq!(get("/registration/v1/rounds").await.unwrap().status(), 200);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(get("/health/live").await.is_err(), "nobody new is let in");
    registration.kept.go_on.notify_one();
    assert_eq!(begun.chunk().await.unwrap().unwrap(), "second");
    assert!(begun.chunk().await.unwrap().is_none());
    stopping.await.unwrap();
    server.await.unwrap().unwrap();
}
