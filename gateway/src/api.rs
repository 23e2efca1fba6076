//! The gateway as a process: its ordered stack, its addresses, its start.

use crate::{
    about,
    background::Background,
    docs, document,
    door::{self, Address, BodyLimit, Notices, cors},
    edge::Edge,
    forward::{self, Forwarding, Lines},
    identity::Identity,
    limits::Limiter,
    problems,
    settings::Settings,
    tls,
};
use actix_web::{
    App, FromRequest, Handler, HttpResponse, HttpServer, Resource, Responder,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::{Next, from_fn},
    web::{self, Data},
};
use shared_types::{Problem, codes};
use shared_web::{
    Error,
    context::Core,
    contract::{self, Contract},
    finish,
    health::{self, Readiness},
    key::{KeyPair, TrustedKeys},
    page, self_test,
    served::ServedDocument,
    server::Running,
    token::{INTERNAL, Verifier},
};
use std::{io, net::TcpListener, rc::Rc, sync::Arc};
use utoipa_actix_web::AppExt as _;

/// Seconds that requests in flight get to finish when the process stops.
pub(crate) const SHUTDOWN_SECONDS: u64 = 30;

/// What the gateway knows of all parts together.
#[derive(Debug)]
pub(crate) struct Whole {
    /// The merged document.
    pub(crate) document: ServedDocument,
    /// The gateway's own.
    pub(crate) own: ServedDocument,
    /// Names of all APIs, the gateway's own among them.
    pub(crate) apis: Vec<String>,
    /// What every problem code means.
    pub(crate) codes: problems::Codes,
}

/// What all workers share.
#[derive(Clone)]
struct Shared {
    core: Data<Core>,
    whole: Data<Whole>,
    address: Data<Address>,
    limit: Data<BodyLimit>,
    notices: Data<Notices>,
    forwarding: Data<Forwarding>,
    limiter: Data<Limiter>,
    edge: Data<Edge>,
    outside: Data<cors::Outside>,
    #[cfg(feature = "trace-harness")]
    harness: Data<crate::harness::Harness>,
    readiness: Readiness,
}

/// Starts the gateway: fetches the issuers' keys and serves. `key` is the pair that the services
/// trust under the name `gateway`.
pub fn start(listener: TcpListener, settings: Settings, key: &KeyPair) -> io::Result<Running> {
    let invalid = |error| io::Error::new(io::ErrorKind::InvalidInput, error);
    settings.check().map_err(invalid)?;
    self_test::run().map_err(io::Error::other)?;
    let workers = settings.workers;
    let shared = Shared::new(&listener, settings, key)?;
    let readiness = shared.readiness.clone();
    let tls = shared.edge.tls.clone();
    let app = move || {
        let (app, _) = App::new()
            .app_data(shared.core.clone())
            .app_data(shared.whole.clone())
            .app_data(shared.address.clone())
            .app_data(shared.limit.clone())
            .app_data(shared.notices.clone())
            .app_data(shared.forwarding.clone())
            .app_data(Rc::new(Lines::default()))
            .app_data(shared.limiter.clone())
            .app_data(shared.edge.clone())
            .app_data(shared.outside.clone())
            .into_utoipa_app()
            .configure(about::operations)
            .split_for_parts();
        #[cfg(feature = "trace-harness")]
        let app = app
            .app_data(shared.harness.clone())
            .configure(crate::harness::address);
        // From the last to the first: a request is told where it goes before all else.
        app.configure(health::routes(shared.readiness.clone()))
            .configure(own_addresses)
            .default_service(web::to(not_found))
            .wrap(from_fn(contract::enforce))
            .wrap(from_fn(forward::pass))
            .wrap(from_fn(door::enter))
            .wrap(from_fn(finish::finish))
            .wrap(from_fn(arrive))
    };
    let server = match tls {
        Some(tls) => tls::serve(listener, workers, &tls, app)?,
        None => HttpServer::new(app)
            // Whoever says that nothing more comes has gone, and keeps no place.
            .h1_allow_half_closed(false)
            // As in the services: no end of an answer waits.
            .tcp_nodelay(true)
            .workers(workers)
            .shutdown_timeout(SHUTDOWN_SECONDS)
            .disable_signals()
            .listen(listener)?
            .run(),
    };
    Ok(Running::new(server, readiness))
}

impl Shared {
    fn new(listener: &TcpListener, settings: Settings, key: &KeyPair) -> io::Result<Self> {
        let background = Background::start()?;
        let document = document::merge(&settings.documents).map_err(io::Error::other)?;
        let limiter = Limiter::start(settings.edge.rates, &document, &background);
        let identity = Arc::new(Identity::start(&settings, key, &background)?);
        let forwarding = Forwarding::new(&settings, Arc::clone(&identity), background)?;
        let mut apis: Vec<String> = forwarding.services().map(str::to_owned).collect();
        apis.push(about::NAME.to_owned());
        let public_url = match &settings.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!(
                "{}://{}",
                own_scheme(&settings.edge),
                listener.local_addr()?
            ),
        };
        let outside = cors::Outside::new(&settings.edge, &public_url);
        Ok(Self {
            core: Data::new(Core {
                name: about::NAME,
                clock: settings.clock,
                // Nobody may come to the gateway with an internal token.
                verifier: Verifier::new(INTERNAL, &TrustedKeys::default(), &[]),
                contract: Contract::new("/gateway/v1", about::document()),
                public_url,
            }),
            whole: Data::new(Whole {
                document: ServedDocument::new(&document),
                own: ServedDocument::new(&about::document()),
                apis,
                codes: problems::collect(&settings.codes),
            }),
            address: Data::new(Address::new(
                settings.public_url.as_deref(),
                &settings.edge.proxies,
                own_scheme(&settings.edge),
            )),
            limiter: Data::from(limiter),
            #[cfg(feature = "trace-harness")]
            harness: Data::new(crate::harness::Harness::new(&settings.edge)?),
            edge: Data::new(settings.edge),
            outside: Data::new(outside),
            limit: Data::new(BodyLimit::read(settings.limits.body_bytes, &document)),
            notices: Data::new(Notices::read(&document)),
            forwarding: Data::new(forwarding),
            readiness: Readiness::new(move || {
                let identity = Arc::clone(&identity);
                Box::pin(async move { identity.is_ready().await })
            }),
        })
    }
}

/// How the gateway itself is spoken to.
fn own_scheme(edge: &Edge) -> &'static str {
    if edge.tls.is_some() { "https" } else { "http" }
}

/// Middleware, the outermost: takes away the client's words about itself, and finds out where the
/// request goes.
async fn arrive<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    door::cleanse(&mut request);
    forward::recognise(&request);
    next.call(request).await
}

fn own_addresses(config: &mut web::ServiceConfig) {
    config
        .service(readable("/gateway/v1/openapi.json", about::own_document))
        .service(readable("/openapi.json", about::merged_document))
        .service(readable("/docs", docs::show))
        .service(readable("/docs/{part}", docs::part))
        .service(readable("/problems", problems::list))
        .service(readable("/problems/{code}", problems::explain))
        .service(readable("/.well-known/api-catalog", about::api_catalog))
        .service(readable("/.well-known/security.txt", about::security_txt))
        .service(readable("/gateway/pages/style.css", page::stylesheet));
}

/// An address that can be read, and nothing else.
fn readable<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path)
        .route(web::get().to(handler.clone()))
        .route(web::head().to(handler))
        .default_service(web::to(only_readable))
}

async fn only_readable() -> Result<HttpResponse, Error> {
    let problem = Problem::of(&codes::METHOD_NOT_ALLOWED);
    Err(problem.value("allow", "GET, HEAD").into())
}

async fn not_found() -> Result<HttpResponse, Error> {
    Err(Problem::of(&codes::NOT_FOUND).into())
}
