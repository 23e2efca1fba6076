//! What is asked of billing and budgets.

use super::{API, scene::Scene};
use crate::{
    billing::{details, priced},
    budgets::project,
    world::text,
};
use serde_json::json;
use shared_testing::authorisation::{Ask, operation};

impl Scene {
    pub(super) async fn ask_of_billing(&self, row: &str) -> Option<Ask> {
        let (own, organiser) = (self.own().to_string(), self.world.organiser.to_string());
        match operation(row) {
            "getBillingDetails" => {
                self.world.know_parties().await;
                API.ask(row, &[&own])
            }
            "setBillingDetails" => {
                let kept = self.kept().await;
                let ask = API.ask(row, &[&kept.to_string()])?;
                Some(ask.with(details("2120009002")).in_organisation(kept))
            }
            "draftInvoices" => {
                let period = json!({ "startsOn": "2022-01-01", "endsOn": "2022-01-31", "organiserId": organiser });
                Some(API.ask(row, &[])?.with(period))
            }
            "exportInvoices" => {
                let mut ask = API.ask(row, &[&organiser])?;
                ask.path.push_str("?from=2022-01-01&until=2022-01-02");
                Some(ask)
            }
            "getBillingTerms" | "setBillingTerms" | "getBudget" | "setBudget" | "exportBudget" => {
                let round = self.round(&["publication", "opening"]).await;
                let path = format!("rounds/{round}/budget");
                let put = self.world.coordinator.change("PUT", &path, "*", project());
                put.await.ok();
                let ask = API.ask(row, &[&round])?;
                Some(match row {
                    "setBillingTerms" => ask.with(json!({ "cancellation": [] })),
                    "setBudget" => ask.with(project()),
                    _ => ask,
                })
            }
            "listInvoiceBasis" => {
                let (round, participation) = self.priced().await;
                Some(API.ask(row, &[&round])?.showing(&participation))
            }
            "discardInvoice" | "issueInvoice" => {
                let invoice = self.drafted().await;
                Some(API.ask(row, &[&invoice])?.each_anew())
            }
            "listInvoices" | "getInvoice" | "getInvoicePeppol" | "listInvoiceLines"
            | "createCreditNote" => self.ask_of_invoice(row).await,
            _ => None,
        }
    }

    async fn ask_of_invoice(&self, row: &str) -> Option<Ask> {
        let invoice = self.drafted().await;
        if !row.ends_with("/draft") {
            let path = format!("invoices/{invoice}/issuing");
            self.world.step(&path).await.ok();
        }
        match operation(row) {
            "listInvoices" => {
                let filters = [
                    format!("organiserId={}", self.world.organiser),
                    format!("organisationId={}", self.own()),
                ];
                let ask = API.ask(row, &[])?.showing(&invoice);
                Some(ask.filtered(&filters.each_ref().map(String::as_str)))
            }
            "listInvoiceLines" => {
                let path = format!("invoices/{invoice}/lines");
                let lines = self.world.coordinator.get(&path).await.ok();
                Some(
                    API.ask(row, &[&invoice])?
                        .showing(&text(&lines["items"][0]["id"])),
                )
            }
            "createCreditNote" => {
                let ask = API.ask(row, &[&invoice])?.with(json!({ "reason": "x" }));
                Some(ask.each_anew())
            }
            _ => API.ask(row, &[&invoice]),
        }
    }

    /// A priced round in which the person takes part.
    async fn priced(&self) -> (String, String) {
        let round = self.world.open_round(priced()).await;
        let application = self.world.apply(&self.person, &round).await;
        self.world.endorse(0, &application, 1).await;
        self.world.admit(&round).await;
        let path = format!("applications/{application}/answer");
        let body = json!({ "verdict": "accept" });
        self.person.client.post(&path, body).await.ok();
        (round, application)
    }

    /// A draft of what the person's employer owes for it.
    async fn drafted(&self) -> String {
        self.world.know_parties().await;
        let (round, _) = self.priced().await;
        let body = json!({
            "organiserId": self.world.organiser, "roundId": round, "startsOn": "2022-01-01", "endsOn": "2022-12-31",
        });
        let made = self.world.coordinator.post("invoices", body).await.ok();
        text(&made["invoices"][0]["id"])
    }
}
