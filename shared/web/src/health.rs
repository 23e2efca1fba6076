//! Whether the process lives, and whether it can do its work.

use actix_web::{HttpResponse, web};
use futures_util::future::LocalBoxFuture;
use std::{fmt, sync::Arc};
use tokio::sync::watch;

type Check = dyn Fn() -> LocalBoxFuture<'static, bool> + Send + Sync;

/// Readiness of a process: its own check, and whether it is stopping.
#[derive(Clone)]
pub struct Readiness {
    check: Arc<Check>,
    stopping: Arc<watch::Sender<bool>>,
}

impl Readiness {
    /// Readiness by the service's own check (its database answers).
    pub fn new(check: impl Fn() -> LocalBoxFuture<'static, bool> + Send + Sync + 'static) -> Self {
        Self {
            check: Arc::new(check),
            stopping: Arc::new(watch::Sender::new(false)),
        }
    }

    /// From now on not ready: requests in flight finish, new ones go elsewhere.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Resolves when the process begins to stop: background work ends then.
    pub fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stopping = self.stopping.subscribe();
        async move {
            // Should the process have gone already, there is nothing to wait for either.
            let _ = stopping.wait_for(|stopping| *stopping).await;
        }
    }
}

impl fmt::Debug for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readiness")
            .field("stopping", &self.stopping)
            .finish_non_exhaustive()
    }
}

/// Mounts `/health/live` and `/health/ready`.
pub fn routes(readiness: Readiness) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        config
            .app_data(web::Data::new(readiness))
            .route("/health/live", web::get().to(HttpResponse::Ok))
            .route("/health/ready", web::get().to(ready));
    }
}

async fn ready(readiness: web::Data<Readiness>) -> HttpResponse {
    let stopping = *readiness.stopping.borrow();
    let able = !stopping && (readiness.check)().await;
    if able {
        HttpResponse::Ok().finish()
    } else {
        HttpResponse::ServiceUnavailable().finish()
    }
}
