//! Figures of a process for Prometheus: what every part counts of its requests, and the address
//! at which they are read.
//!
//! Labels are route patterns, methods, classes of status and problem codes: few, and never an id.
//! Nothing is counted where nobody reads: without [`start`] each call ends at once.

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::Server,
    http::{Method, StatusCode},
    web::{self, Data},
};
use metrics::{
    Counter, Gauge, Histogram, counter, describe_counter, describe_gauge, describe_histogram,
    gauge, histogram,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::{
    cell::RefCell,
    collections::HashMap,
    io,
    net::TcpListener,
    rc::Rc,
    sync::OnceLock,
    time::{Duration, Instant},
};

/// Upper bounds of the histogram of durations, in seconds.
const BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 20.0,
];
/// How often what was measured is put into the histograms, read or not.
const UPKEEP: Duration = Duration::from_secs(5);
/// The media type of what is read (Prometheus text format 0.0.4).
const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
/// Classes of status.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

static FIGURES: OnceLock<PrometheusHandle> = OnceLock::new();

/// Counts from now on, for all parts of this process, and serves the figures at `/metrics` of an
/// address of their own, where no API is.
pub fn start(listener: TcpListener) -> io::Result<Server> {
    let figures = install()?;
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::new(figures.clone()))
            .route("/metrics", web::get().to(show))
    })
    .workers(1)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(server)
}

/// Whether somebody reads.
pub fn is_on() -> bool {
    FIGURES.get().is_some()
}

fn install() -> io::Result<PrometheusHandle> {
    if let Some(figures) = FIGURES.get() {
        return Ok(figures.clone());
    }
    let figures = PrometheusBuilder::new()
        .set_buckets(&BUCKETS)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(io::Error::other)?;
    describe_counter!("http_requests_total", "Requests that were answered.");
    describe_histogram!(
        "http_request_duration_seconds",
        "Time until an answer's head was ready."
    );
    describe_gauge!(
        "http_requests_in_flight",
        "Requests that are being answered."
    );
    describe_counter!(
        "http_problems_total",
        "Answers that were a problem, by its code."
    );
    let kept = figures.clone();
    actix_web::rt::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            kept.run_upkeep();
        }
    });
    Ok(FIGURES.get_or_init(|| figures).clone())
}

async fn show(figures: Data<PrometheusHandle>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(CONTENT_TYPE)
        .insert_header(("cache-control", "no-store"))
        .insert_header(("x-content-type-options", "nosniff"))
        .body(figures.render())
}

/// The figures of one route and method; looked up once a thread, since every look-up by labels
/// costs more than the counting.
struct Figures {
    in_flight: Gauge,
    seconds: Histogram,
    answered: [Counter; CLASSES.len()],
}

impl Figures {
    fn of(part: &'static str, route: &str, method: &'static str) -> Self {
        let labels = [
            ("part", part.to_owned()),
            ("route", route.to_owned()),
            ("method", method.to_owned()),
        ];
        Self {
            in_flight: gauge!("http_requests_in_flight", "part" => part),
            seconds: histogram!("http_request_duration_seconds", &labels),
            answered: CLASSES.map(|class| {
                let [part, route, method] = labels.clone();
                let labels = [part, route, method, ("status", class.to_owned())];
                counter!("http_requests_total", &labels)
            }),
        }
    }
}

/// Figures of one route by part and method.
type OfRoute = Vec<((&'static str, &'static str), Rc<Figures>)>;

thread_local! {
    static KNOWN: RefCell<HashMap<String, OfRoute>> = RefCell::default();
    static PROBLEMS: RefCell<HashMap<&'static str, Counter>> = RefCell::default();
}

fn figures(part: &'static str, route: &str, method: &'static str) -> Rc<Figures> {
    KNOWN.with_borrow_mut(|known| {
        if let Some(of_route) = known.get(route)
            && let Some((_, found)) = of_route.iter().find(|(key, _)| *key == (part, method))
        {
            return Rc::clone(found);
        }
        let made = Rc::new(Figures::of(part, route, method));
        let of_route = known.entry(route.to_owned()).or_default();
        of_route.push(((part, method), Rc::clone(&made)));
        made
    })
}

/// A request that is being measured; one that is dropped on its way is in flight no more.
pub(crate) struct Request(Option<Rc<Figures>>);

impl Request {
    /// A request has come.
    pub(crate) fn begin(part: &'static str, route: &str, method: &Method) -> Self {
        if FIGURES.get().is_none() {
            return Self(None);
        }
        let figures = figures(part, route, known_method(method));
        figures.in_flight.increment(1.0);
        Self(Some(figures))
    }

    /// It has been answered.
    pub(crate) fn end(self, status: StatusCode, started: Instant) {
        let Some(figures) = &self.0 else { return };
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(answered) = figures.answered.get(class) {
            answered.increment(1);
        }
        figures.seconds.record(started.elapsed().as_secs_f64());
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        if let Some(figures) = &self.0 {
            figures.in_flight.decrement(1.0);
        }
    }
}

/// Something happened that only one part knows of: how often, by the part.
pub fn count(name: &'static str, part: &'static str) {
    counter!(name, "part" => part).increment(1);
}

/// A problem is answered.
pub(crate) fn refused(code: &'static str) {
    if FIGURES.get().is_none() {
        return;
    }
    PROBLEMS.with_borrow_mut(|problems| {
        let problem = problems
            .entry(code)
            .or_insert_with(|| counter!("http_problems_total", "code" => code));
        problem.increment(1);
    });
}

/// What a client calls its method can be anything; a label may not.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
