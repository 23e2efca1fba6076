//! Key figures, from a server that answers in Kolada's shape and from a file.

use crate::world::on_each_database;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use mentorship::key_figures::import::{self, Kolada, SAMPLE};
use serde_json::{Value, json};
use shared_types::OrganisationId;
use shared_web::outgoing::Networks;
use std::net::TcpListener;

/// The network of the tests' servers, as an operator allows one.
fn loopback() -> Networks {
    "127.0.0.0/8".parse().unwrap()
}

/// A server in Kolada's shape: the values come in two pages.
fn kolada(leads_to: Option<&'static str>) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let base = origin.clone();
    let server = HttpServer::new(move || {
        let base = base.clone();
        let values = move |request: HttpRequest| {
            let base = base.clone();
            async move { answer(&base, leads_to, &request) }
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

fn answer(base: &str, leads_to: Option<&str>, request: &HttpRequest) -> HttpResponse {
    let years = request.match_info().get("years").unwrap_or_default();
    let second = request.query_string().contains("page=2");
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
    let next = format!("{}{}?page=2", leads_to.unwrap_or(base), request.path());
    HttpResponse::Ok().json(json!({
        "values": [observation("0580", 2021, json!(100)), observation("0580", 2020, Value::Null)],
        "next_url": next, "count": 2,
    }))
}

#[actix_web::test]
async fn figures_are_read_page_by_page_and_kept_with_year_and_source() {
    on_each_database(async |world| {
        let kolada = Kolada {
            url: format!("{}/v3", kolada(None)),
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
            url: format!("{}/v3", kolada(Some("http://169.254.169.254"))),
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
        let inside = kolada(None);
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
