//! One participant's 360: leader and mentor by name, four peers, and three of the staff who have no
//! account. What people answer is invented.

use super::{client::text, journey::Journey, nothing, pairs::Pair, sessions::number};
use crate::Fault;
use serde_json::{Map, Value, json};
use shared_types::PersonId;

/// What the report shows of it.
#[derive(Debug)]
pub(super) struct Circle {
    /// The participant's 360.
    pub(super) feedback: String,
    /// Its report.
    pub(super) report_link: String,
    /// Where a rater of another participant answers or says no.
    pub(super) rater_link: String,
}

/// Last days.
const NOMINATE_UNTIL: &str = "2023-04-07";
const ANSWER_UNTIL: &str = "2023-07-10";
/// Peers, who take part themselves.
const PEERS: usize = 4;
/// Staff, by name and address.
const STAFF: [(&str, &str); 3] = [
    ("Siv Skog", "siv.skog@linkoping.example"),
    ("Sten Strand", "sten.strand@linkoping.example"),
    ("Stina Sund", "stina.sund@linkoping.example"),
];
/// Who is asked by another participant, and has not answered yet.
const ASKED: (&str, &str) = ("Karin Kulle", "karin.kulle@linkoping.example");

impl Journey<'_> {
    /// From naming to the report, on one day.
    pub(super) async fn circle_is_asked(
        &self,
        pair: &Pair,
        participants: &[PersonId],
    ) -> Result<Circle, Fault> {
        let others: Vec<PersonId> = participants
            .iter()
            .filter(|person| **person != pair.mentee)
            .copied()
            .collect();
        let next = *others.first().ok_or("nobody else takes part")?;
        self.circles_are_opened(pair, next).await?;
        let feedback = self.own_circle(pair.mentee).await?;
        let second = self.own_circle(next).await?;
        let leader = self.world.person("linkoping-director")?;
        let mut named = vec![
            json!({ "group": "leader", "personId": leader }),
            json!({ "group": "mentor" }),
        ];
        let peers = others.iter().rev().take(PEERS);
        named.extend(peers.map(|peer| json!({ "group": "peers", "personId": peer })));
        named.extend(
            STAFF.map(|(name, email)| json!({ "group": "staff", "name": name, "email": email })),
        );
        self.raters_are_named((pair.mentee, &feedback), &named)
            .await?;
        let asked = json!({ "group": "peers", "name": ASKED.0, "email": ASKED.1 });
        self.raters_are_named((next, &second), &[asked]).await?;
        let path = format!("evaluation/feedbacks/{feedback}");
        let seen = self.client.get(pair.mentee, &path).await?;
        if text(&seen, "/state") == "open" {
            let peers: Vec<PersonId> = others.iter().rev().take(PEERS).copied().collect();
            let known = [pair.mentee, leader, pair.mentor].into_iter().chain(peers);
            self.circle_answers(&feedback, known).await?;
            let path = format!("{path}/closing");
            let step = format!("closing-{feedback}");
            self.client
                .post(self.world.coordinator, &path, &step, &nothing())
                .await?;
        }
        let link = format!("evaluation/feedbacks/{feedback}/report/links");
        let report_link = self.report_link(pair.mentee, &link).await?;
        self.client.open_page(&report_link).await?;
        let report = self
            .client
            .get(pair.mentee, &format!("{path}/report"))
            .await?;
        let answered = report.get("groups").and_then(Value::as_array);
        let answered = answered.into_iter().flatten();
        let answered: i64 = answered.map(|one| number(one, "/answeredCount")).sum();
        self.say(format_args!(
            "One participant's 360: {answered} sheets, the own among them; only {} reads the report.",
            text(&report, "/participantName"),
        ));
        let rater_link = self.mailed(ASKED.1, "rater").await?;
        Ok(Circle {
            feedback,
            report_link,
            rater_link,
        })
    }

    async fn circles_are_opened(&self, pair: &Pair, next: PersonId) -> Result<(), Fault> {
        let body = json!({ "organiserId": self.world.organiser, "libraryKey": "feedback_360" });
        let path = "evaluation/instruments";
        let coordinator = self.world.coordinator;
        let instrument = self
            .client
            .post(coordinator, path, "feedback-360", &body)
            .await?;
        let all = self.all_applications().await?;
        let next = next.to_string();
        let mut others = all.iter().filter(|one| {
            let has_seat = ["accepted", "completed"].contains(&text(one, "/seat/state"));
            has_seat && text(one, "/personId") == next
        });
        let next = others.next().ok_or("the next one has no seat")?;
        let body = json!({
            "instrumentId": text(&instrument, "/id"), "language": "sv",
            "applicationIds": [pair.application, text(next, "/id")],
            "nominateUntil": NOMINATE_UNTIL, "answerUntil": ANSWER_UNTIL,
        });
        let path = format!("evaluation/rounds/{}/feedbacks", self.world.round);
        self.client
            .post(coordinator, &path, "feedbacks", &body)
            .await?;
        Ok(())
    }

    /// A participant's own 360.
    async fn own_circle(&self, person: PersonId) -> Result<String, Fault> {
        let path = format!("evaluation/rounds/{}/feedbacks", self.world.round);
        let own = self.client.list(person, &path).await?;
        let first = own.first().ok_or("there is no 360")?;
        Ok(text(first, "/id").to_owned())
    }

    async fn raters_are_named(
        &self,
        (person, feedback): (PersonId, &str),
        raters: &[Value],
    ) -> Result<(), Fault> {
        let path = format!("evaluation/feedbacks/{feedback}");
        for (number, rater) in raters.iter().enumerate() {
            let step = format!("rater-{feedback}-{number}");
            self.client
                .post(person, &format!("{path}/raters"), &step, rater)
                .await?;
        }
        let step = format!("confirmation-{feedback}");
        let path = format!("{path}/confirmation");
        self.client
            .post(self.world.coordinator, &path, &step, &nothing())
            .await?;
        Ok(())
    }

    /// Who has an account answers with it, staff by the links in their mails.
    async fn circle_answers(
        &self,
        feedback: &str,
        known: impl Iterator<Item = PersonId>,
    ) -> Result<(), Fault> {
        let path = format!("evaluation/feedbacks/{feedback}");
        let mut steps = Vec::new();
        for (who, person) in known.enumerate() {
            let form = self
                .client
                .get(person, &format!("{path}/questionnaire"))
                .await?;
            let answers = answers(&form, who);
            steps = answers.keys().cloned().collect();
            let body = json!({
                "instrumentVersion": form.get("instrumentVersion"), "answers": answers,
            });
            let reply = self
                .client
                .call(
                    shared_web::outgoing::Method::POST,
                    person,
                    &format!("{path}/answers"),
                    None,
                    Some(&body),
                )
                .await?;
            // A demo that goes on asks those again who have answered.
            if reply.status >= 300 && text(&reply.body, "/code") != "survey_answered" {
                return Err(format!("{path}: {}", reply.body).into());
            }
        }
        for (who, (_, address)) in STAFF.iter().enumerate() {
            let link = self.mailed(address, "rater").await?;
            let page = self.client.open_page(&link).await?;
            if !page.contains("<form") {
                continue;
            }
            let field =
                |key: &String| (format!("q.{key}"), (3 + (who + key.len()) % 3).to_string());
            let fields: Vec<(String, String)> = steps.iter().map(field).collect();
            self.client.send_form(&link, &fields).await?;
        }
        Ok(())
    }
}

/// Answers to the questions with steps, other ones for each person.
fn answers(form: &Value, who: usize) -> Map<String, Value> {
    let questions = form.get("questions").and_then(Value::as_array);
    let questions = questions.into_iter().flatten();
    let steps = questions.filter(|question| text(question, "/kind") == "likert");
    steps
        .enumerate()
        .map(|(place, question)| {
            let step = 2 + (who + 2 * place) % 3;
            (text(question, "/key").to_owned(), json!(step))
        })
        .collect()
}
