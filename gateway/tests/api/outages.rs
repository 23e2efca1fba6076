//! Trouble stays where it is: one service that is down, silent or broken is told of at its own
//! addresses, and the others go on.

use crate::support::{Door, Service, door::problem, settings};
use gateway::Settings;
use reqwest::Method;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// Settings in which `mentorship` is a bare socket.
fn with_mentorship(registration: &Service, address: &str) -> Settings {
    let mut settings = settings(&[registration]);
    settings
        .upstreams
        .insert("mentorship".into(), format!("http://{address}"));
    settings
}

#[actix_web::test]
async fn a_service_that_is_down_is_unavailable_at_its_addresses_alone() {
    let registration = Service::start("registration");
    let scheduling = Service::start("scheduling");
    let door = Door::open(settings(&[&registration, &scheduling]));
    assert_eq!(door.get("/scheduling/v1/sessions").await.status(), 200);
    scheduling.stop().await;
    for method in [Method::GET, Method::POST] {
        let response = door.request(method, "/scheduling/v1/sessions").body("{}");
        let response = response.send().await.unwrap();
        assert_eq!(response.headers()["retry-after"], "2");
        problem(response, 503, "unavailable").await;
    }
    assert_eq!(door.get("/registration/v1/rounds").await.status(), 200);
}

#[actix_web::test]
async fn a_service_that_hangs_times_out_and_holds_up_nobody_else() {
    let registration = Service::start("registration");
    let scheduling = Service::start("scheduling");
    let mut settings = settings(&[&registration, &scheduling]);
    settings.limits.answer = Duration::from_millis(1500);
    let door = Door::open(settings);
    let hanging = (0..20).map(|_| door.get("/scheduling/v1/silent"));
    let others = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let started = Instant::now();
        for _ in 0..50 {
            assert_eq!(door.get("/registration/v1/rounds").await.status(), 200);
        }
        started.elapsed()
    };
    let (hung, took) =
        futures_util::future::join(futures_util::future::join_all(hanging), others).await;
    assert!(took < Duration::from_secs(1), "{took:?}");
    for response in hung {
        problem(response, 504, "gateway_timeout").await;
    }
}

#[actix_web::test]
async fn a_service_that_closes_before_its_answer_is_a_bad_gateway_and_a_body_is_sent_once() {
    let registration = Service::start("registration");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    actix_web::rt::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            read_head(&mut stream).await;
        }
    });
    let door = Door::open(with_mentorship(&registration, &address));
    let post = door
        .request(Method::POST, "/mentorship/v1/pairs")
        .body("{}");
    problem(post.send().await.unwrap(), 502, "bad_gateway").await;
    assert_eq!(requests.load(Ordering::SeqCst), 1, "a body is sent once");
    let empty = door.request(Method::POST, "/mentorship/v1/pairs");
    problem(empty.send().await.unwrap(), 502, "bad_gateway").await;
    assert_eq!(
        requests.load(Ordering::SeqCst),
        2,
        "so is what may change something"
    );
    problem(door.get("/mentorship/v1/pairs").await, 502, "bad_gateway").await;
    assert_eq!(
        requests.load(Ordering::SeqCst),
        4,
        "a GET is tried once more, and no more"
    );
}

#[actix_web::test]
async fn a_get_whose_answer_has_begun_is_not_asked_again() {
    for begun in ["H", "HTTP/1.1 20", "HTTP/1.1 103 Early Hints\r\n\r\n"] {
        let registration = Service::start("registration");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        actix_web::rt::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                read_head(&mut stream).await;
                stream.write_all(begun.as_bytes()).await.unwrap();
            }
        });
        let door = Door::open(with_mentorship(&registration, &address));
        problem(door.get("/mentorship/v1/pairs").await, 502, "bad_gateway").await;
        assert_eq!(requests.load(Ordering::SeqCst), 1, "{begun:?}");
    }
}

#[actix_web::test]
async fn a_get_on_a_connection_that_closes_under_it_is_answered_all_the_same() {
    let registration = Service::start("registration");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    actix_web::rt::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            actix_web::rt::spawn(async move {
                read_head(&mut stream).await;
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
                stream.write_all(answer).await.unwrap();
                // The next request on this connection is read and never answered.
                read_head(&mut stream).await;
            });
        }
    });
    let door = Door::open(with_mentorship(&registration, &address));
    for _ in 0..3 {
        let response = door.get("/mentorship/v1/pairs").await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.text().await.unwrap(), "ok");
    }
}

#[actix_web::test]
async fn an_answer_that_breaks_off_breaks_off_for_the_caller_too() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let response = door.get("/registration/v1/broken").await;
    assert_eq!(response.status(), 200);
    assert!(
        response.bytes().await.is_err(),
        "half an answer must not look whole"
    );
}

#[actix_web::test]
async fn an_answer_that_is_none_is_a_bad_gateway() {
    let registration = Service::start("registration");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    actix_web::rt::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            read_head(&mut stream).await;
            stream.write_all(b"SSH-2.0-nonsense\r\n\r\n").await.unwrap();
        }
    });
    let door = Door::open(with_mentorship(&registration, &address));
    problem(door.get("/mentorship/v1/pairs").await, 502, "bad_gateway").await;
}

async fn read_head(stream: &mut TcpStream) {
    let mut head = Vec::new();
    let mut byte = [0_u8; 1];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte).await {
            Ok(1) => head.extend_from_slice(&byte),
            _ => return,
        }
    }
}
