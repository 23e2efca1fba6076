//! Surveys as tests plan, open and answer them.

use crate::world::{Participant, World, with};
use serde_json::{Value, json};
use shared_testing::{Client, Reply, database};

/// A whole sheet of the pulse.
pub(crate) fn pulse() -> Value {
    json!({ "worthwhile": 5, "relevant": 4, "useful": 3 })
}

/// The same as a browser sends it.
pub(crate) const PULSE_FORM: [(&str, &str); 3] = [
    ("q.worthwhile", "5"),
    ("q.relevant", "4"),
    ("q.useful", "3"),
];

impl World {
    /// An instrument of the library.
    pub(crate) async fn library(&self, key: &str) -> String {
        let body = json!({ "organiserId": self.organiser, "libraryKey": key });
        let made = self.coordinator.post("instruments", body).await;
        made.created().id()
    }

    /// An instrument with these questions.
    pub(crate) async fn instrument(&self, questions: Value) -> String {
        let body = json!({
            "organiserId": self.organiser, "name": { "en": "Own" }, "questions": questions,
        });
        let made = self.evaluator.post("instruments", body).await;
        made.created().id()
    }

    /// A planned survey: a pulse of the participants, unless the members say otherwise.
    pub(crate) async fn plan(&self, members: Value) -> Reply {
        let own = members.get("instrumentId").and_then(Value::as_str);
        let instrument = match own {
            Some(id) => id.to_owned(),
            None => self.library("session_pulse").await,
        };
        let body = json!({
            "instrumentId": instrument, "name": { "en": "Pulse", "sv": "Puls" },
            "audience": "participants", "mode": "anonymous",
            "occasion": { "kind": "manual" }, "openDays": 14,
        });
        let path = format!("rounds/{}/surveys", self.round);
        self.coordinator.post(&path, with(body, members)).await
    }

    /// An open survey.
    pub(crate) async fn open(&self, members: Value) -> String {
        let survey = self.plan(members).await.created().id();
        self.step(&survey, "opening").await.ok();
        survey
    }

    /// Takes an edge of a survey.
    pub(crate) async fn step(&self, survey: &str, edge: &str) -> Reply {
        let path = format!("surveys/{survey}/{edge}");
        self.coordinator.post_empty(&path).await
    }

    /// A survey as its makers see it.
    pub(crate) async fn survey(&self, survey: &str) -> Reply {
        self.coordinator
            .get(&format!("surveys/{survey}"))
            .await
            .ok()
    }

    /// Some participants.
    pub(crate) async fn participants(&self, count: usize) -> Vec<Participant> {
        let mut all = Vec::new();
        for number in 0..count {
            let municipality = number % self.municipalities.len();
            all.push(self.participant(municipality, json!({})).await);
        }
        all
    }

    /// The values of one text of every sheet, in the order of the rows as they lie there.
    pub(crate) async fn texts_as_stored(&self, key: &str, order: &str) -> Vec<String> {
        let text = if self.service.database.is_postgres() {
            format!("answers->>'{key}'")
        } else {
            format!("json_extract(answers, '$.{key}')")
        };
        let query = format!("SELECT {text} AS row FROM sheets {order}");
        database::texts(&self.service.state.database, &query).await
    }
}

/// Answers a survey by the API.
pub(crate) async fn answer(client: &Client, survey: &str, answers: Value) -> Reply {
    let body = json!({ "instrumentVersion": 1, "answers": answers });
    client
        .post(&format!("surveys/{survey}/answers"), body)
        .await
}
