//! Whether the process lives, and whether it can do its work.

use actix_web::{HttpResponse, web};
use futures_util::future::LocalBoxFuture;
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

type Check = dyn Fn() -> LocalBoxFuture<'static, bool> + Send + Sync;

/// Readiness of a process: its own check, and whether it is stopping.
#[derive(Clone)]
pub struct Readiness {
    check: Arc<Check>,
    stopping: Arc<AtomicBool>,
}

impl Readiness {
    /// Readiness by the service's own check (its database answers).
    pub fn new(check: impl Fn() -> LocalBoxFuture<'static, bool> + Send + Sync + 'static) -> Self {
        Self {
            check: Arc::new(check),
            stopping: Arc::default(),
        }
    }

    /// From now on not ready: requests in flight finish, new ones go elsewhere.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
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
    let able = !readiness.stopping.load(Ordering::SeqCst) && (readiness.check)().await;
    if able {
        HttpResponse::Ok().finish()
    } else {
        HttpResponse::ServiceUnavailable().finish()
    }
}
