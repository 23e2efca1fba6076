//! What the demo's mentors and participants left, asked of the API through the gateway.

use crate::{meetings::read, program::Api};
use serde_json::{Value, json};
use std::collections::BTreeSet;

struct Asked<'a> {
    api: &'a Api,
    summary: &'a Value,
}

/// Asks for everything that mentorship played.
pub(crate) async fn are_as_played(api: &Api, summary: &Value) {
    let asked = Asked { api, summary };
    asked.everybody_has_a_mentor_from_elsewhere().await;
    asked.a_no_led_to_somebody_else().await;
    asked.the_coordinator_sees_dates_alone().await;
    asked.the_two_read_what_they_wrote().await;
    asked.the_challenge_is_read_piece_by_piece().await;
    asked.silence_is_told().await;
}

impl Asked<'_> {
    fn token(&self, role: &str) -> &str {
        self.summary["tokens"][role].as_str().unwrap()
    }

    fn text(&self, member: &str) -> &str {
        self.summary[member].as_str().unwrap()
    }

    async fn read(&self, role: &str, path: &str) -> Value {
        read(
            self.api,
            self.token(role),
            &format!("/mentorship/v1/{path}"),
        )
        .await
    }

    async fn status(&self, role: &str, path: &str) -> u16 {
        let path = format!("/mentorship/v1/{path}");
        self.api.get(Some(self.token(role)), &path).await.0
    }

    async fn pairs(&self) -> Vec<Value> {
        let path = format!("rounds/{}/pairs?limit=100", self.text("round"));
        let list = self.read("coordinator", &path).await;
        list["items"].as_array().unwrap().clone()
    }

    async fn everybody_has_a_mentor_from_elsewhere(&self) {
        let pairs = self.pairs().await;
        let live: Vec<&Value> = pairs
            .iter()
            .filter(|one| one["state"] == "active")
            .collect();
        let distinct = |member: &str| {
            let ids = live.iter().map(|one| one[member].as_str().unwrap());
            ids.collect::<BTreeSet<_>>().len()
        };
        assert_eq!((live.len(), distinct("applicationId")), (24, 24));
        assert_eq!(distinct("mentorId"), 24, "each has one place");
        for pair in &live {
            assert_ne!(
                pair["mentor"]["municipalityId"],
                pair["mentee"]["municipalityId"]
            );
            assert_eq!(pair["flags"], json!([]));
            assert!(!pair["fit"].as_array().unwrap().is_empty(), "{pair}");
        }
        let pool = format!("rounds/{}/mentors?limit=100", self.text("round"));
        let pool = self.read("coordinator", &pool).await;
        assert_eq!(pool["_meta"]["totalRecords"], 26);
    }

    async fn a_no_led_to_somebody_else(&self) {
        let pairs = self.pairs().await;
        let ended: Vec<&Value> = pairs.iter().filter(|one| one["state"] == "ended").collect();
        assert_eq!(ended.len(), 1);
        assert_eq!(ended[0]["ending"], "declined_by_mentor");
        let same = |one: &&Value| one["applicationId"] == ended[0]["applicationId"];
        let next = pairs
            .iter()
            .filter(same)
            .find(|one| one["state"] == "active");
        assert_ne!(next.unwrap()["mentorId"], ended[0]["mentorId"]);
        // The reason is the coordinators' alone.
        let path = format!("pairs/{}/history", ended[0]["id"].as_str().unwrap());
        let history = self.read("coordinator", &path).await;
        assert!(history.to_string().contains("Har inte tid"));
        let runs = format!("rounds/{}/matching-runs", self.text("round"));
        let runs = self.read("coordinator", &runs).await;
        let causes: Vec<&Value> = runs["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| &one["cause"])
            .collect();
        assert_eq!(causes, ["coordinator", "next_best"]);
    }

    async fn the_coordinator_sees_dates_alone(&self) {
        let pair = self.text("pair");
        let seen = self
            .read("coordinator", &format!("pairs/{pair}/meetings"))
            .await;
        let meetings = seen["items"].as_array().unwrap();
        let held: Vec<_> = meetings
            .iter()
            .map(|one| (&one["state"], &one["startsAt"], &one["lengthMinutes"]))
            .collect();
        let (is_held, first, second) = (
            json!("held"),
            json!("2022-09-15T12:00:00Z"),
            json!("2022-11-21T13:00:00Z"),
        );
        assert_eq!(
            held,
            [
                (&is_held, &first, &json!(75)),
                (&is_held, &second, &json!(60))
            ]
        );
        for meeting in meetings {
            assert_eq!(
                (&meeting["topic"], &meeting["place"]),
                (&Value::Null, &Value::Null)
            );
        }
        for what in ["agreement", "goals", "notes", "messages", "export"] {
            let path = format!("pairs/{pair}/{what}");
            assert_eq!(self.status("coordinator", &path).await, 403, "{what}");
            for role in ["hr", "auditor", "applicant"] {
                assert_eq!(self.status(role, &path).await, 404, "{role} {what}");
            }
        }
    }

    async fn the_two_read_what_they_wrote(&self) {
        let pair = self.text("pair");
        for role in ["mentor", "mentee"] {
            let goals = self.read(role, &format!("pairs/{pair}/goals")).await;
            assert_eq!(
                goals["items"][0]["text"],
                "Hur jag leder chefer som var mina kollegor"
            );
            let meetings = self.read(role, &format!("pairs/{pair}/meetings")).await;
            assert_eq!(meetings["items"][1]["place"], "Stadsbiblioteket");
        }
        let goal = self.read("mentor", &format!("pairs/{pair}/goals")).await;
        let goal = goal["items"][0]["id"].as_str().unwrap();
        assert_eq!(
            self.status("coordinator", &format!("pair-goals/{goal}"))
                .await,
            404
        );
    }

    async fn the_challenge_is_read_piece_by_piece(&self) {
        let path = format!("challenges/{}", self.text("participation"));
        let own = self.read("mentee", &path).await;
        assert_eq!(own["keyFigures"].as_array().unwrap().len(), 3);
        assert_eq!(own["risks"][0]["text"], "Att jag inte släpper schemat");
        let to_mentor = self.read("mentor", &path).await;
        assert_eq!(
            (
                to_mentor["goals"].as_array().unwrap().len(),
                &to_mentor["risks"]
            ),
            (1, &json!([]))
        );
        let to_round = self.read("coordinator", &path).await;
        assert_eq!(
            (&to_round["goals"], &to_round["risks"]),
            (&json!([]), &json!([]))
        );
        let board = format!("rounds/{}/board", self.text("round"));
        let board = self.read("participant", &board).await;
        assert_eq!(board["entries"].as_array().unwrap().len(), 1);
        assert_eq!(board["entries"][0]["experiments"][0]["track"], "relations");
        assert!(!board.to_string().contains("fyra av fem"));
        let tried = self.read("mentor", &format!("{path}/experiments")).await;
        assert_eq!(tried["items"][0]["step"], "try");
        let pair = self
            .read("mentee", &format!("pairs/{}", self.text("pair")))
            .await;
        let figures = pair["mentee"]["municipalityId"].as_str().unwrap();
        let figures = format!("municipalities/{figures}/key-figures");
        let figures = self.read("applicant", &figures).await;
        assert_eq!(figures["items"][0]["sample"], true);
    }

    async fn silence_is_told(&self) {
        let path = format!("rounds/{}/alarms?limit=100", self.text("round"));
        let alarms = self.read("coordinator", &path).await;
        let alarms = alarms["items"].as_array().unwrap();
        assert_eq!(alarms.len(), 23);
        let pair = self.summary["pair"].clone();
        for alarm in alarms {
            assert_eq!(alarm["kind"], "pair_silent");
            assert_ne!(alarm["pairId"], pair);
        }
        assert_eq!(self.status("mentor", &path).await, 403);
    }
}
