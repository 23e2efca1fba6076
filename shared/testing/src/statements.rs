//! The statements that databases are really asked, as the driver's log tells them.

use std::{
    fmt::{Debug, Write as _},
    sync::{Mutex, Once},
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());
static LISTENING: Once = Once::new();
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Keeps the other tests of this process away that begin with this too: the driver does not say
/// whose a statement is.
pub async fn alone() -> tokio::sync::MutexGuard<'static, ()> {
    ALONE.lock().await
}

/// Does `work` and says which statements ran meanwhile in this process, in order.
pub async fn during(work: impl Future) -> Vec<String> {
    LISTENING.call_once(|| {
        tracing::subscriber::set_global_default(Listener).unwrap();
    });
    SEEN.lock().unwrap().clear();
    work.await;
    std::mem::take(&mut *SEEN.lock().unwrap())
}

/// Hears the driver alone.
struct Listener;

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut said = Said::default();
        event.record(&mut said);
        let statement = if said.statement.trim().is_empty() {
            said.summary
        } else {
            said.statement
        };
        SEEN.lock().unwrap().push(statement.trim().to_owned());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// What one event says: short statements stand in the summary alone.
#[derive(Default)]
struct Said {
    summary: String,
    statement: String,
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.statement),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        // Writing to a String can't fail.
        let _ = write!(text, "{value:?}");
        self.record_str(field, &text);
    }
}
