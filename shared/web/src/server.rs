//! Starts and stops the HTTP server of a process.

use crate::{
    Error, context::Core, contract, finish, health, health::Readiness, page, self_test,
    served::ServedDocument,
};
use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::{Server, ServerHandle},
    middleware::from_fn,
    web,
};
use shared_types::{Problem, codes};
use std::{io, net::TcpListener, time::Duration};
use tokio::task::JoinHandle;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::{AppExt as _, service_config::ServiceConfig};

/// Seconds that requests in flight get to finish when the process stops.
const SHUTDOWN_SECONDS: u64 = 30;

/// A server that runs, and how to stop it.
pub struct Running {
    /// Resolves when the server has stopped.
    pub server: Server,
    /// Work beside the requests; it ends when the server begins to stop.
    pub background: Vec<JoinHandle<()>>,
    readiness: Readiness,
}

/// How to stop a running server from elsewhere.
#[derive(Clone)]
pub struct Stopper {
    handle: ServerHandle,
    readiness: Readiness,
}

impl Running {
    /// A server with a stack of its own, whose readiness fails when it is stopped.
    pub fn new(server: Server, readiness: Readiness) -> Self {
        Self {
            server,
            background: Vec::new(),
            readiness,
        }
    }

    /// Does work beside the requests; it ends by itself once the server begins to stop.
    pub fn keep(&mut self, work: impl Future<Output = ()> + 'static) {
        self.background.push(actix_web::rt::spawn(work));
    }

    /// Does work beside the requests, for as long as the server runs.
    pub fn keep_on(&mut self, work: impl Future<Output = ()> + 'static) {
        let stopped = self.stopped();
        self.keep(async move {
            tokio::select! {
                () = stopped => {}
                () = work => {}
            }
        });
    }

    /// Resolves when it begins to stop: background work ends then.
    pub fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        self.readiness.stopped()
    }

    /// How to stop it.
    pub fn stopper(&self) -> Stopper {
        Stopper {
            handle: self.server.handle(),
            readiness: self.readiness.clone(),
        }
    }
}

impl Stopper {
    /// Fails readiness first, waits `grace` so that nobody sends more, then lets requests in
    /// flight finish.
    pub async fn stop(&self, grace: Duration) {
        self.readiness.stop();
        tokio::time::sleep(grace).await;
        self.handle.stop(true).await;
    }
}

/// Serves an API: documented operations by `configure`, everything else a process has by
/// `extra` (pages, doors for other processes).
pub fn serve<A, E>(
    listener: TcpListener,
    workers: usize,
    core: web::Data<Core>,
    readiness: Readiness,
    configure: A,
    extra: E,
) -> io::Result<Running>
where
    A: Fn(&mut ServiceConfig<'_>) + Clone + Send + 'static,
    E: Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
{
    self_test::run().map_err(io::Error::other)?;
    let ready = readiness.clone();
    let text = web::Data::new(ServedDocument::new(core.contract.document()));
    let server = HttpServer::new(move || {
        let name = core.name;
        let (app, _) = App::new()
            .app_data(core.clone())
            .app_data(text.clone())
            .app_data(bad_path())
            // Before the API's scope, which takes every address below its own.
            .route(&format!("/{name}/v1/openapi.json"), web::get().to(document))
            .into_utoipa_app()
            .configure(configure.clone())
            .split_for_parts();
        app.configure(health::routes(readiness.clone()))
            .configure(extra.clone())
            .route(
                &format!("/{name}/pages/style.css"),
                web::get().to(page::stylesheet),
            )
            .default_service(web::to(not_found))
            .wrap(from_fn(contract::enforce))
            .wrap(from_fn(finish::finish))
    })
    .workers(workers)
    // The end of a long answer does not wait until its beginning is acknowledged, 40 ms later.
    .tcp_nodelay(true)
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(Running::new(server, ready))
}

/// The operations that `configure` declares, as a bare document.
pub fn declared(configure: impl FnOnce(&mut ServiceConfig<'_>)) -> OpenApi {
    let (_, document) = App::new()
        .into_utoipa_app()
        .configure(configure)
        .split_for_parts();
    document
}

/// What a path that doesn't fit its handler is answered: the contract has judged it before, so
/// this is the last resort.
fn bad_path() -> web::PathConfig {
    web::PathConfig::default().error_handler(|error, _| {
        Error(Problem::of(&codes::INVALID_PARAMETER).caused_by(error.to_string())).into()
    })
}

async fn not_found() -> Result<HttpResponse, Error> {
    Err(Error(Problem::of(&codes::NOT_FOUND)))
}

/// The document, for whoever reads it here.
async fn document(
    request: HttpRequest,
    core: web::Data<Core>,
    served: web::Data<ServedDocument>,
) -> HttpResponse {
    let origin =
        crate::origin::from_forwarded(request.headers()).unwrap_or_else(|| core.public_url.clone());
    served.answer(&request, &format!("{origin}/{}/v1", core.name))
}
