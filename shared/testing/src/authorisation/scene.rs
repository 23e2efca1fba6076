//! Where the table's cells are asked.

use super::{Api, Ask, Doors};
use crate::{
    Client, Reply, databases,
    service::{Given, Service},
};
use serde_json::json;
use shared_database::Database;
use shared_types::{OrganisationId, PersonId};
use shared_web::start;

/// A service with somebody in each relation of the table.
pub trait Scene {
    /// Nobody whom the service knows.
    fn stranger(&self) -> Client;

    /// The service's database.
    fn database(&self) -> &Database;

    /// Who stands in a relation to what is asked about, and the organisation in which the
    /// person's role counts.
    fn who(&self, ask: &Ask, relation: char) -> (PersonId, OrganisationId);

    /// What is asked for a row, as [`Api::ask`] makes it; what it is about is made first. Nothing
    /// where nobody has said what to ask.
    fn ask(&self, row: &str) -> impl Future<Output = Option<Ask>>;
}

/// A service that owns nothing yet.
#[derive(Debug)]
struct Plain<'a, S> {
    api: Api<'a>,
    service: Service<S>,
    database: Database,
}

impl Api<'_> {
    /// Compares the tables of the service called `name` with what there is, and asks every cell
    /// on each database: of a service that owns nothing yet, so that everybody is a stranger to
    /// it, no operation has an id or a body, and what is routed beside the operations is read
    /// without presenting anything. One that owns something sets a [`Scene`] of its own.
    pub async fn check_plain<S>(
        self,
        name: &'static str,
        start: impl AsyncFn(Given) -> Result<start::Service<S>, start::StartError>,
    ) {
        self.assert_complete();
        for database in databases().await {
            let other = Database::connect(&database.url, "test").await.unwrap();
            let scene = Plain {
                api: self,
                service: Service::start(name, database, &start).await,
                database: other,
            };
            assert!(self.check(&scene).await >= 10);
            assert!(self.check_doors(&scene).await >= 4);
        }
    }
}

impl<S> Scene for Plain<'_, S> {
    fn stranger(&self) -> Client {
        self.service.stranger()
    }

    fn database(&self) -> &Database {
        &self.database
    }

    fn who(&self, _: &Ask, _: char) -> (PersonId, OrganisationId) {
        (PersonId::new(), OrganisationId::new())
    }

    async fn ask(&self, row: &str) -> Option<Ask> {
        self.api.ask(row, &[])
    }
}

impl<S> Doors for Plain<'_, S> {
    type Keys = ();

    async fn keys(&self, _: &str) {}

    async fn knock(&self, row: &str, (): &(), _: char) -> Reply {
        let path = row.replace("{name}", self.service.name());
        if path == "/events" {
            return self.stranger().post(&path, json!({})).await;
        }
        self.stranger().get(&path).await
    }
}
