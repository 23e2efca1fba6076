//! What a programme costs whom: the programme for top politicians, whose prices are announced, is
//! billed to two municipalities, and one of their politicians withdraws. The politicians, the
//! numbers of the registers and the cancellation terms are invented.

use super::{
    client::{id, text},
    journey::Journey,
    nothing,
    sessions::number,
};
use crate::{Fault, say};
use serde_json::{Value, json};
use shared_types::{OrganisationId, PersonId, RoundId};

/// The round that is billed.
const ROUND: &str = "toppolitiker-2020";
/// Who sends how many, the numbers that stand on invoices, and the names of those who come.
const BUYERS: [(&str, &str, &[&str]); 2] = [
    (
        "norrkoping",
        "2120009002",
        &["Gunvor Hedlund", "Rolf Åkerman"],
    ),
    ("motala", "2120009010", &["Siv Palmgren"]),
];
const SELLER: &str = "2120009028";

/// What was billed.
#[derive(Debug)]
pub(super) struct Billed {
    /// Who coordinates the programme.
    pub(super) coordinator: PersonId,
    /// Two invoices and a credit note, as far as they are shown.
    pub(super) documents: Vec<Value>,
}

impl Journey<'_> {
    /// Two municipalities send politicians, are billed together for theirs, and one gets half of
    /// it back for somebody who withdraws in time.
    pub(super) async fn programme_is_billed(&self) -> Result<Billed, Fault> {
        let (coordinator, organiser, round) = self.world.run(ROUND)?;
        self.parties_are_known(coordinator, organiser).await?;
        let terms = json!({ "cancellation": [{ "until": "2022-12-31", "sharePermille": 500 }] });
        let path = format!("rounds/{round}/billing-terms");
        self.client.put(coordinator, &path, &terms).await?;
        self.project_has_a_budget().await?;
        let mut withdrawing = None;
        for (key, _, names) in BUYERS {
            let taking_part = self
                .politicians_come(coordinator, round, (key, names))
                .await?;
            withdrawing = withdrawing.or(taking_part.into_iter().next_back());
        }
        let (person, application) = withdrawing.ok_or("nobody takes part")?;
        let period = json!({
            "organiserId": organiser, "roundId": round, "startsOn": "2020-01-01", "endsOn": "2020-12-31",
        });
        let drafts = self
            .client
            .post(coordinator, "invoices", "draft-invoices", &period)
            .await?;
        let mut documents = Vec::new();
        let drafted = drafts.get("invoices").and_then(Value::as_array);
        for draft in drafted.into_iter().flatten() {
            let invoice = text(draft, "/id");
            let path = format!("invoices/{invoice}/issuing");
            let step = format!("issue-{invoice}");
            let issued = self
                .client
                .post(coordinator, &path, &step, &nothing())
                .await?;
            documents.push(issued);
        }
        let path = format!("applications/{application}/withdrawal");
        let step = "withdraw-politician";
        self.client.post(person, &path, step, &nothing()).await?;
        documents.push(self.credited(coordinator, round, &application).await?);
        Ok(Billed {
            coordinator,
            documents: self.printed(&documents),
        })
    }

    async fn parties_are_known(
        &self,
        coordinator: PersonId,
        organiser: OrganisationId,
    ) -> Result<(), Fault> {
        let seller = json!({
            "organisationNumber": SELLER, "vatNumber": format!("SE{SELLER}01"),
            "address": { "street": "Hornsgatan 20", "postalCode": "118 82", "town": "Stockholm", "country": "SE" },
            "account": { "kind": "bankgiro", "number": "50501055" }, "email": "faktura@skl.example",
        });
        let path = format!("organisations/{organiser}/billing-details");
        self.client.put(coordinator, &path, &seller).await?;
        for (key, number, _) in BUYERS {
            let buyer = self.buyer(key)?;
            let details = json!({
                "organisationNumber": number, "buyerReference": "Kommunledningen",
                "address": { "street": "Rådhuset", "postalCode": "600 00", "town": key, "country": "SE" },
            });
            let path = format!("organisations/{buyer}/billing-details");
            self.client
                .put(self.world.coordinator, &path, &details)
                .await?;
        }
        Ok(())
    }

    fn buyer(&self, key: &str) -> Result<OrganisationId, Fault> {
        let found = self.world.organisations.get(key).copied();
        found.ok_or_else(|| format!("no organisation {key}").into())
    }

    /// Seats are held for a municipality, and its politicians named and asked; they accept.
    async fn politicians_come(
        &self,
        coordinator: PersonId,
        round: RoundId,
        (key, names): (&str, &[&str]),
    ) -> Result<Vec<(PersonId, String)>, Fault> {
        let buyer = self.buyer(key)?;
        let hold = json!({
            "organisationId": buyer, "seats": names.len(), "lapsesOn": "2023-12-31", "reason": "Agreed by telephone.",
        });
        let path = format!("rounds/{round}/holds");
        let hold = self
            .client
            .post(coordinator, &path, &format!("hold-{key}"), &hold)
            .await?;
        let mut people = Vec::new();
        for name in names {
            let address = name.to_lowercase().replace(' ', ".").replace('å', "a");
            let person = json!({
                "name": name, "email": format!("{address}@{key}.example"), "organisationId": buyer,
                "kind": "elected", "title": "Kommunalråd", "gender": "undisclosed", "language": "sv",
            });
            // Whoever keeps the municipality's data adds them.
            let (keeper, step) = (self.world.coordinator, format!("politician-{address}"));
            let made = self.client.post(keeper, "people", &step, &person).await?;
            people.push(json!({ "personId": made.get("id") }));
        }
        let body = json!({ "people": people, "holdId": hold.get("id") });
        let path = format!("rounds/{round}/nominations");
        let entered = self
            .client
            .post(coordinator, &path, &format!("politicians-{key}"), &body)
            .await?;
        let mut accepted = Vec::new();
        let nominations = entered.get("nominations").and_then(Value::as_array);
        for one in nominations.into_iter().flatten() {
            let (person, application) = (id(one, "/personId")?, text(one, "/applicationId"));
            let path = format!("applications/{application}/answer");
            let step = format!("accept-{application}");
            let body = json!({ "verdict": "accept" });
            self.client.post(person, &path, &step, &body).await?;
            accepted.push((person, application.to_owned()));
        }
        Ok(accepted)
    }

    /// What the basis says is billed beyond what is owed becomes a credit note.
    async fn credited(
        &self,
        coordinator: PersonId,
        round: RoundId,
        application: &str,
    ) -> Result<Value, Fault> {
        let path = format!("rounds/{round}/invoice-basis?limit=100");
        let all = self.client.list(coordinator, &path).await?;
        let own = all.iter().find(|one| text(one, "/id") == application);
        let due = own.and_then(|one| one.get("creditsDue")?.as_array());
        let due = due.map_or(&[] as &[Value], Vec::as_slice);
        let Some(first) = due.first() else {
            // A demo that goes on has made it before.
            let notes = "invoices?kind=credit_note";
            let notes = self.client.list(coordinator, notes).await?;
            let note = notes.into_iter().next();
            return note.ok_or_else(|| "a withdrawal without a credit".into());
        };
        let lines: Vec<Value> = due
            .iter()
            .map(|one| json!({ "lineId": one.get("lineId"), "amountMinor": number(one, "/amount/amountMinor") }))
            .collect();
        let body = json!({ "reason": "Avbokad i tid, enligt villkoren.", "lines": lines });
        let path = format!("invoices/{}/credit-notes", text(first, "/invoiceId"));
        self.client
            .post(coordinator, &path, "credit-politician", &body)
            .await
    }

    fn printed(&self, documents: &[Value]) -> Vec<Value> {
        let mut billed = Vec::new();
        for one in documents {
            let kroner = |member: &str| number(one, &format!("/{member}/amountMinor")) / 100;
            let what = match text(one, "/kind") {
                "credit_note" => "Credit note",
                _ => "Invoice",
            };
            self.say(format_args!(
                "{what} {} to {}: {} SEK and {} SEK VAT, {} SEK in all.",
                text(one, "/number"),
                text(one, "/buyer/name"),
                kroner("net"),
                kroner("vat"),
                kroner("gross"),
            ));
            billed.push(json!({
                "id": one.get("id"), "kind": one.get("kind"), "number": one.get("number"),
                "buyer": one.pointer("/buyer/name"), "net": one.get("net"), "vat": one.get("vat"),
                "gross": one.get("gross"), "organiserId": one.get("organiserId"),
            }));
        }
        billed
    }

    /// The project of the Jönköping document; how its total is divided is ours.
    async fn project_has_a_budget(&self) -> Result<(), Fault> {
        let (coordinator, _, round) = self.world.run("hallbart-ledarskap-2008")?;
        let cost = |kind: &str, name: &str, planned: i64| json!({ "kind": kind, "name": name, "plannedMinor": planned });
        let budget = json!({
            "currency": "SEK", "participants": 24,
            "costAParticipant": { "leastMinor": 1_300_000, "mostMinor": 1_500_000 },
            "funding": [{ "kind": "grant", "name": "Europeiska socialfonden", "amountMinor": 77_586_900 }],
            "costs": [
                cost("development", "Utveckling", 43_986_900),
                cost("delivery", "Kurslitteratur och föreläsare", 21_600_000),
                cost("delivery", "Distansteknik och lokaler", 12_000_000),
            ],
        });
        let path = format!("rounds/{round}/budget");
        let stated = self.client.put(coordinator, &path, &budget).await?;
        say::line(format_args!(
            "            The project in Jönköping is to cost {} SEK, {} SEK a participant.",
            number(&stated, "/result/total/plannedMinor") / 100,
            number(&stated, "/result/aParticipant/plannedMinor") / 100,
        ));
        Ok(())
    }
}
