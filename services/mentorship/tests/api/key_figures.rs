//! Key figures, from a server that answers in Kolada's shape and from a file.

use crate::world::on_each_database;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, http::StatusCode, web};
use mentorship::key_figures::import::{self, Kolada, SAMPLE};
use serde_json::{Value, json};
use shared_types::OrganisationId;
use shared_web::outgoing::Networks;
use std::{net::TcpListener, time::Duration};

/// The network of the tests' servers, as an operator allows one.
fn loopback() -> Networks {
    "127.0.0.0/8".parse().unwrap()
}

/// How a server behaves.
#[derive(Clone, Copy, Debug)]
enum Manner {
    /// As it should: the values come in two pages.
    Fine,
    /// The first page leads to another server.
    LeadsTo(&'static str),
    /// Each page leads to itself.
    Circle,
    /// It refuses with a status.
    Fails(u16),
}

/// A server in Kolada's shape.
fn kolada(manner: Manner) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let base = origin.clone();
    let server = HttpServer::new(move || {
        let base = base.clone();
        let values = move |request: HttpRequest| {
            let base = base.clone();
            async move { answer(&base, manner, &request) }
        };
        App::new()
            .route("/v3/kpi/{ids}", web::get().to(async || {
                HttpResponse::Ok().json(json!({
                    "values": [{ "id": "N00945", "title": "Invånare" }], "next_url": null, "count": 1,
                }))
            }))
            .route("/v3/data/kpi/{kpi}/municipality/{codes}/year/{years}", web::get().to(values))
    });
    let server = server.workers(1).listen(listener).unwrap().run();
    actix_web::rt::spawn(server);
    origin
}

fn answer(base: &str, manner: Manner, request: &HttpRequest) -> HttpResponse {
    let years = request.match_info().get("years").unwrap_or_default();
    let second = request.query_string().contains("page=2");
    let leads_to = match manner {
        Manner::Fine => base,
        Manner::LeadsTo(elsewhere) => elsewhere,
        Manner::Circle => {
            let own = format!("{base}{}", request.path());
            return HttpResponse::Ok().json(json!({ "values": [], "next_url": own, "count": 0 }));
        }
        Manner::Fails(status) => {
            let status = StatusCode::from_u16(status).unwrap();
            return HttpResponse::build(status).body("not now");
        }
    };
    let observation = |code: &str, year: i32, value: Value| {
        json!({
            "kpi": "N00945", "municipality": code, "period": year,
            "values": [{ "gender": "T", "value": value, "count": 1, "status": "" }],
        })
    };
    assert!(years.starts_with("2021,"), "{years}");
    if second {
        return HttpResponse::Ok().json(json!({
            "values": [observation("0581", 2021, json!(90.5))], "next_url": null, "count": 1,
        }));
    }
    let next = format!("{leads_to}{}?page=2", request.path());
    HttpResponse::Ok().json(json!({
        "values": [observation("0580", 2021, json!(100)), observation("0580", 2020, Value::Null)],
        "next_url": next, "count": 2,
    }))
}

#[actix_web::test]
async fn figures_are_read_page_by_page_and_kept_with_year_and_source() {
    on_each_database(async |world| {
        let kolada = Kolada {
            url: format!("{}/v3", kolada(Manner::Fine)),
            figures: vec!["N00945".to_owned()],
            networks: loopback(),
        };
        for _ in 0..2 {
            assert_eq!(
                import::refresh(&world.service.state, &kolada)
                    .await
                    .unwrap(),
                2
            );
        }
        assert_eq!(world.service.count("key_figures").await, 2);
        let path = format!("municipalities/{}/key-figures", world.municipalities[1].id);
        let client = &world.municipalities[0].chief.client;
        let read = client.get(&path).await.ok();
        let figure = &read["items"][0];
        assert_eq!(
            (&figure["value"], &figure["year"]),
            (&json!("90.5"), &json!(2021))
        );
        assert_eq!(
            (&figure["source"], &figure["sample"]),
            (&json!("Kolada"), &json!(false))
        );
        world
            .service
            .stranger()
            .get(&path)
            .await
            .refused("unauthenticated");
        let nowhere = format!("municipalities/{}/key-figures", OrganisationId::new());
        client.get(&nowhere).await.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn a_page_that_leads_elsewhere_is_not_followed_and_what_was_read_before_stays() {
    on_each_database(async |world| {
        let state = &world.service.state;
        assert!(import::read_file(state, SAMPLE).await.unwrap() > 3);
        let before = world.service.count("key_figures").await;
        let kolada = Kolada {
            url: format!("{}/v3", kolada(Manner::LeadsTo("http://169.254.169.254"))),
            figures: vec!["N00945".to_owned()],
            networks: loopback(),
        };
        let problem = import::refresh(state, &kolada).await.unwrap_err();
        assert!(problem.cause().unwrap().contains("leads elsewhere"));
        assert_eq!(world.service.count("key_figures").await, before);
        let path = format!("municipalities/{}/key-figures", world.municipalities[0].id);
        let read = world.coordinator.get(&path).await.ok();
        assert_eq!(read["items"][0]["sample"], true);
        assert!(import::read_file(state, "{}").await.is_err());
    })
    .await;
}

#[actix_web::test]
async fn a_server_inside_is_not_asked_unless_its_network_is_allowed() {
    on_each_database(async |world| {
        let state = &world.service.state;
        let inside = kolada(Manner::Fine);
        let port = inside.rsplit(':').next().unwrap();
        for origin in [
            inside.clone(),
            format!("http://localhost:{port}"),
            format!("http://2130706433:{port}"),
            format!("http://[::ffff:127.0.0.1]:{port}"),
        ] {
            let kolada = Kolada {
                url: format!("{origin}/v3"),
                figures: vec!["N00945".to_owned()],
                networks: Networks::default(),
            };
            let problem = import::refresh(state, &kolada).await.unwrap_err();
            let cause = problem.cause().unwrap();
            assert!(cause.contains("not out in the open"), "{origin}: {cause}");
        }
        assert_eq!(world.service.count("key_figures").await, 0);
    })
    .await;
}

/// What is asked of a server.
fn asked(origin: &str) -> Kolada {
    Kolada {
        url: format!("{origin}/v3"),
        figures: vec!["N00945".to_owned()],
        networks: loopback(),
    }
}

#[actix_web::test]
async fn a_server_that_fails_or_leads_in_a_circle_or_says_nothing_ends_in_an_error() {
    // It takes the connection and is silent.
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let silent = (format!("http://{}", silent.local_addr().unwrap()), silent);
    on_each_database(async |world| {
        let state = &world.service.state;
        assert!(import::read_file(state, SAMPLE).await.unwrap() > 3);
        let before = world.service.count("key_figures").await;
        for (origin, expected) in [
            (kolada(Manner::Fails(503)), "status 503"),
            (kolada(Manner::Fails(404)), "status 404"),
            (kolada(Manner::Circle), "more pages than are followed"),
            (silent.0.clone(), ""),
        ] {
            let problem = import::refresh(state, &asked(&origin)).await.unwrap_err();
            let cause = problem.cause().unwrap();
            assert!(cause.contains(expected), "{expected}: {cause}");
            assert_eq!(problem.code().name, "unavailable");
        }
        assert_eq!(world.service.count("key_figures").await, before);
    })
    .await;
}

#[actix_web::test]
async fn figures_are_read_by_themselves_and_a_server_that_fails_stops_nothing() {
    on_each_database(async |world| {
        let state = &world.service.state;
        let failing = asked(&kolada(Manner::Fails(500)));
        let failing = actix_web::rt::spawn(import::keep_reading(state.clone(), failing));
        let fine = asked(&kolada(Manner::Fine));
        let fine = actix_web::rt::spawn(import::keep_reading(state.clone(), fine));
        for _ in 0..500 {
            if world.service.count("key_figures").await == 2 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(world.service.count("key_figures").await, 2);
        for reading in [failing, fine] {
            assert!(!reading.is_finished(), "it goes on");
            reading.abort();
        }
    })
    .await;
}
