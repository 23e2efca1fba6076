//! Key figures, read by the program from a file, and from a server that answers in Kolada's shape.

use super::stage::{Api, Running, Stage, said};
use crate::program::until;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use mentorship::key_figures::import::Kolada;
use serde_json::{Value, json};
use std::{
    fs,
    net::TcpListener,
    sync::{Arc, Mutex},
};

/// Which figures are asked for.
const FIGURES: [&str; 2] = ["N00945", "N00914"];

/// A server in Kolada's shape, and the addresses that it was asked for.
struct Server {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (base, noted) = (origin.clone(), asked.clone());
        let server = HttpServer::new(move || {
            let (base, noted) = (base.clone(), noted.clone());
            let answers = move |request: HttpRequest| {
                noted.lock().unwrap().push(request.uri().to_string());
                let answer = answer(&base, &request);
                async move { HttpResponse::Ok().json(answer) }
            };
            App::new()
                .route("/v3/kpi/{kpi}", web::get().to(answers.clone()))
                .route(
                    "/v3/data/kpi/{kpi}/municipality/{codes}/year/{years}",
                    web::get().to(answers),
                )
        });
        let server = server.workers(1).disable_signals().listen(listener);
        actix_web::rt::spawn(server.unwrap().run());
        Self {
            url: format!("{origin}/v3"),
            asked,
        }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// Titles in one page, values in as many as there are figures.
fn answer(base: &str, request: &HttpRequest) -> Value {
    let part = |name: &str| request.match_info().get(name).unwrap_or_default();
    let page = |values: Vec<Value>, next: Option<String>| json!({ "count": values.len(), "values": values, "next_url": next, "previous_url": null });
    let figures: Vec<&str> = part("kpi").split(',').collect();
    if part("codes").is_empty() {
        let title = |id: &&str| {
            json!({
                "id": id, "title": format!("Figure {id}"), "description": "", "is_divided_by_gender": 0,
                "municipality_type": "K", "auspice": "X", "operating_area": "Befolkning",
            })
        };
        return page(figures.iter().map(title).collect(), None);
    }
    let number = request.query_string().strip_prefix("page=").unwrap_or("0");
    let number: usize = number.parse().unwrap();
    let year = part("years").split(',').next().unwrap();
    let year: i32 = year.parse().unwrap();
    let values = part("codes").split(',').map(|code| {
        json!({
            "kpi": figures[number], "municipality": code, "period": year,
            "values": [
                { "gender": "T", "value": 17.25, "count": 1, "status": "", "isdeleted": false },
                { "gender": "K", "value": null, "count": 1, "status": "Missing", "isdeleted": false },
            ],
        })
    });
    let next = (number + 1 < figures.len())
        .then(|| format!("{base}{}?page={}", request.path(), number + 1));
    page(values.collect(), next)
}

/// A file of the same shape.
fn file(value: f64, sample: bool) -> Value {
    json!({
        "source": "Kommunens egen fil", "sample": sample,
        "kpis": [{ "id": "U21468", "title": "Personal" }],
        "values": [{
            "kpi": "U21468", "municipality": "0512", "period": 2024,
            "values": [{ "gender": "T", "value": value }],
        }],
    })
}

/// The figures of the municipality that was installed: id, year, value, source, whether a sample.
async fn shown(
    api: &Api,
    key: &str,
    municipality: &str,
) -> Vec<(String, i64, String, String, bool)> {
    let path = format!("/mentorship/v1/municipalities/{municipality}/key-figures");
    let reply = api.get(key, &path).await;
    let items = reply.json["items"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    items
        .map(|one| {
            let (id, value, source) = (text(&one["id"]), text(&one["value"]), text(&one["source"]));
            let year = one["year"].as_i64().unwrap();
            (id, year, value, source, one["sample"].as_bool().unwrap())
        })
        .collect()
}

#[actix_web::test]
async fn key_figures_are_read_from_a_file_and_from_a_server_in_kolada_s_shape() {
    for stage in Stage::all().await {
        let init = ["init", "--organiser", "Ydre kommun", "--code", "SE-0512"];
        let mut init = stage.command(&init, Some("registration"));
        init.args(["--coordinator", "eva@ydre.example"]);
        let (installed, fine) = said(init).await;
        assert!(fine, "{installed}");
        let key = installed
            .split_whitespace()
            .find(|word| word.starts_with("ak_"));
        let key = key.unwrap();
        let read = async |file: &str, text: &str| {
            let path = stage.at(file);
            fs::write(&path, text).unwrap();
            let path = path.to_str().unwrap();
            said(stage.command(&["figures", "read", path], Some("mentorship"))).await
        };

        // Before anything has run, beside what runs, and over what was there.
        let (told, fine) = read("figures.json", &file(17.5, false).to_string()).await;
        assert!(fine && told.contains("1 key figures"), "{told}");
        let all = stage.all_in_one(|_| {}).await;
        let api = Api::new(&all.url());
        let known = api.get(key, "/registration/v1/organisations").await.ok();
        let municipality = known.json["items"][0]["id"].as_str().unwrap().to_owned();
        let figure = |value: &str, sample| {
            let (id, source) = ("U21468".to_owned(), "Kommunens egen fil".to_owned());
            (id, 2024, value.to_owned(), source, sample)
        };
        until("the municipality is known", async || {
            shown(&api, key, &municipality).await == [figure("17.5", false)]
        })
        .await;
        let (told, fine) = read("figures.json", &file(18.25, true).to_string()).await;
        assert!(fine, "{told}");
        let kept = [figure("18.25", true)];
        assert_eq!(shown(&api, key, &municipality).await, kept);
        for (wrong, why) in [
            ("", "EOF"),
            ("{}", "missing field"),
            (
                r#"{"source": "A", "kpis": [], "values": [{"kpi": 1}]}"#,
                "invalid type",
            ),
            (
                r#"{"source": "A", "kpis": [], "values": [], "count": 1}"#,
                "unknown field",
            ),
        ] {
            let (told, fine) = read("wrong.json", wrong).await;
            assert!(!fine && told.contains(why), "{wrong}: {told}");
        }
        let nowhere = ["figures", "read", "/nowhere/figures.json"];
        let (told, fine) = said(stage.command(&nowhere, Some("mentorship"))).await;
        assert!(!fine && told.contains("No such file"), "{told}");
        assert_eq!(shown(&api, key, &municipality).await, kept);
        let sample = stage.command(&["figures", "sample"], Some("mentorship"));
        let (told, fine) = said(sample).await;
        assert!(fine && told.contains("key figures"), "{told}");
        all.stop().await;

        from_a_server(&stage, key, &municipality).await;
    }
}

/// The service asks by itself, as soon as it runs: the program where all is in the data folder.
async fn from_a_server(stage: &Stage, key: &str, municipality: &str) {
    let server = Server::start();
    let is_read = async |url: &str| {
        let api = Api::new(url);
        until("the figures are read", async || {
            let shown = shown(&api, key, municipality).await;
            let read = shown.iter().filter(|one| one.3 == "Kolada");
            read.count() == FIGURES.len()
        })
        .await;
        shown(&api, key, municipality).await
    };
    let shown = if stage.is_sqlite() {
        let (figures, url) = (FIGURES.join(","), server.url.as_str());
        let serve = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--kolada-url",
            url,
            "--key-figures",
            &figures,
            "--outgoing-networks",
            "127.0.0.0/8",
        ];
        let mut running = Running::start(stage, stage.command(&serve, None));
        let said = running.until("answers at").await;
        let url = said
            .split_whitespace()
            .find(|word| word.starts_with("http"));
        let shown = is_read(url.unwrap().trim_end_matches([',', '.'])).await;
        running.terminate();
        shown
    } else {
        let all = stage.all_in_one(|options| {
            options.kolada = Some(Kolada {
                url: server.url.clone(),
                figures: FIGURES.map(str::to_owned).to_vec(),
                networks: "127.0.0.0/8".parse().unwrap(),
            });
        });
        let all = all.await;
        let shown = is_read(&all.url()).await;
        all.stop().await;
        shown
    };
    for (_, year, value, ..) in shown.iter().filter(|one| one.3 == "Kolada") {
        assert!(*year > 2024 && value == "17.25", "{shown:?}");
    }
    // What came from the file stays, beside it.
    assert!(
        shown.iter().any(|one| one.3 == "Kommunens egen fil"),
        "{shown:?}"
    );
    let asked = server.asked();
    let ids = FIGURES.join(",");
    assert_eq!(asked[0], format!("/v3/kpi/{ids}"));
    let values = format!("/v3/data/kpi/{ids}/municipality/0512/year/");
    assert!(asked[1].starts_with(&values), "{asked:?}");
    assert_eq!(
        asked[1].rsplit('/').next().unwrap().split(',').count(),
        5,
        "years"
    );
    assert!(
        asked[2].starts_with(&values) && asked[2].ends_with("?page=1"),
        "{asked:?}"
    );
}
