//! 360s as tests open, fill and read them.

use crate::world::{LINKS, Participant, World, with};
use serde_json::{Value, json};
use shared_testing::{Client, Reply, database};
use shared_web::link::LinkKey;

/// The questions of the library's 360 that are answered by steps.
pub(crate) const STEPS: [&str; 8] = [
    "direction",
    "listens",
    "decides",
    "delegates",
    "difficult",
    "whole",
    "learns",
    "calm",
];

/// A whole sheet with the same step everywhere.
pub(crate) fn sheet(step: i32) -> Value {
    let answers = STEPS.map(|key| (key.to_owned(), json!(step)));
    Value::Object(answers.into_iter().collect())
}

/// A sheet as the API takes it.
pub(crate) fn own_rating(sheet: &Value) -> Value {
    json!({ "instrumentVersion": 1, "answers": sheet })
}

/// A sheet as a browser sends it.
pub(crate) fn form(sheet: &Value) -> Vec<(String, String)> {
    let fields = sheet.as_object().unwrap().iter();
    fields
        .map(|(key, value)| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            (format!("q.{key}"), text)
        })
        .collect()
}

/// Sends a sheet by a link, without an account.
pub(crate) async fn send(client: &Client, link: &str, sheet: &Value) -> Reply {
    let form = form(sheet);
    let fields: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    client.post_form(link, &fields).await
}

impl World {
    /// A 360 for some participants, to open.
    pub(crate) async fn new_feedback(&self, participants: &[&Participant]) -> Value {
        let ids: Vec<_> = participants.iter().map(|one| one.application).collect();
        json!({
            "instrumentId": self.library("feedback_360").await, "applicationIds": ids,
            "language": "sv", "nominateUntil": "2022-06-10", "answerUntil": "2022-06-30",
        })
    }

    /// An open 360 of a participant.
    pub(crate) async fn feedback(&self, participant: &Participant) -> String {
        self.feedback_with(participant, json!({})).await
    }

    /// The same with members of one's own.
    pub(crate) async fn feedback_with(&self, participant: &Participant, members: Value) -> String {
        let body = with(self.new_feedback(&[participant]).await, members);
        let path = format!("rounds/{}/feedbacks", self.round);
        let opened = self.coordinator.post(&path, body).await.ok();
        assert_eq!(opened["openedCount"], 1);
        let list = participant
            .person
            .client
            .get(&format!("{path}?limit=100"))
            .await
            .ok();
        let items = list["items"].as_array().unwrap().iter();
        let mut open = items.filter(|one| one["state"] == "open");
        open.next().unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// The participant names a rater.
    pub(crate) async fn names(
        &self,
        participant: &Participant,
        feedback: &str,
        rater: Value,
    ) -> Reply {
        let path = format!("feedbacks/{feedback}/raters");
        participant.person.client.post(&path, rater).await
    }

    /// The participant names some strangers of a group.
    pub(crate) async fn names_some(
        &self,
        participant: &Participant,
        feedback: &str,
        (group, count): (&str, usize),
    ) {
        for number in 0..count {
            let rater = json!({
                "group": group, "name": format!("{group} {number}"),
                "email": format!("{group}{number}@kommun.example"),
            });
            self.names(participant, feedback, rater).await.created();
        }
    }

    /// Takes an edge of a 360.
    pub(crate) async fn feedback_step(&self, feedback: &str, edge: &str) -> Reply {
        let path = format!("feedbacks/{feedback}/{edge}");
        self.coordinator.post_empty(&path).await
    }

    /// The addresses and links of those who were written to and are not known, the oldest first.
    pub(crate) async fn written(&self) -> Vec<(String, String)> {
        let cast = if self.service.database.is_postgres() {
            "data::text"
        } else {
            "data"
        };
        let query = format!(
            "SELECT {cast} AS row FROM outbox WHERE kind = 'message.addressed' ORDER BY id"
        );
        let rows = database::texts(&self.service.state.database, &query).await;
        let key = LinkKey::from_secret(LINKS);
        rows.iter()
            .map(|row| {
                let said: Value = serde_json::from_str(row).unwrap();
                let link = &said["message"]["link"];
                let kind = link["kind"].as_str().unwrap();
                let id = link["linkId"].as_str().unwrap().parse().unwrap();
                (
                    said["email"].as_str().unwrap().to_owned(),
                    format!("/evaluation/pages/{kind}/{}", key.sign(kind, id)),
                )
            })
            .collect()
    }

    /// The links of strangers of a group.
    pub(crate) async fn links_of(&self, group: &str) -> Vec<String> {
        let written = self.written().await;
        let own = written.into_iter().filter(|(to, _)| to.starts_with(group));
        own.map(|(_, link)| link).collect()
    }
}

/// What a group is shown to have answered to a question.
pub(crate) fn value(report: &Reply, question: &str, group: &str) -> Option<(i64, i64, i64)> {
    let questions = report["questions"].as_array().unwrap();
    let question = questions.iter().find(|one| one["key"] == question).unwrap();
    let values = question["values"].as_array().unwrap();
    let value = values.iter().find(|one| one["group"] == group)?;
    let number = |pointer: &str| value.pointer(pointer).unwrap().as_i64().unwrap();
    Some((
        number("/count"),
        number("/mean/lowestHundredths"),
        number("/mean/highestHundredths"),
    ))
}
