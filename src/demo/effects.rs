//! What the played round led to: surveys that are answered before, between and after, who completes
//! it, certificates, and reports. What people answer is invented.

use super::{
    client::text,
    journey::Journey,
    nothing,
    sessions::{number, sessions},
};
use crate::Fault;
use serde_json::{Map, Value, json};
use shared_types::PersonId;
use shared_web::outgoing::Method;

/// What the report shows of it.
#[derive(Debug)]
pub(super) struct Effects {
    /// The board's report of the round.
    pub(super) board_link: String,
    /// A director's report.
    pub(super) director_link: String,
    /// Where a participant answers a survey that is open.
    pub(super) survey_link: String,
    /// Where the same person turns such mails off.
    pub(super) unsubscribe_link: String,
    /// Where anybody can check one certificate.
    pub(super) verification_link: String,
    /// Participants who completed the round.
    pub(super) completed: usize,
}

/// The round's surveys, by what they are for.
#[derive(Debug)]
pub(super) struct Surveys {
    before: String,
    network_before: String,
    pulses: Vec<(String, String)>,
    pub(super) after: String,
    pub(super) network_after: String,
    end: String,
    follow_up: String,
}

/// Days on which a pulse is open after a session.
const PULSE_DAYS: i32 = 5;

/// The share of half days that completes the round.
const ATTENDANCE: (i32, i32) = (9, 10);
/// How many fulfil it.
pub(super) const COMPLETING: usize = 22;

impl Journey<'_> {
    pub(super) fn evaluator(&self) -> Result<PersonId, Fault> {
        let found = self.world.staff.get("evaluator");
        Ok(*found.ok_or("the organiser has no evaluator")?)
    }

    pub(super) async fn evaluation_posts(
        &self,
        path: &str,
        step: &str,
        body: &Value,
    ) -> Result<Value, Fault> {
        let path = format!("evaluation/{path}");
        self.client.post(self.evaluator()?, &path, step, body).await
    }

    /// Instruments of the library, and a survey for each occasion of the plan.
    pub(super) async fn surveys_are_planned(&self, plan: &Value) -> Result<Surveys, Fault> {
        self.wait_for_evaluation().await?;
        let instrument = async |key: &str| {
            let body = json!({ "organiserId": self.world.organiser, "libraryKey": key });
            let made = self.evaluation_posts("instruments", key, &body).await?;
            Ok::<_, Fault>(text(&made, "/id").to_owned())
        };
        let pulse = instrument("session_pulse").await?;
        let own = instrument("self_assessment").await?;
        let network = instrument("network").await?;
        let end = instrument("end_of_programme").await?;
        let on = |day: &str| (json!({ "kind": "manual" }), Some(day.to_owned()));
        let before = json!({ "part": "before" });
        let before = self
            .survey(
                ("before", &own, "anonymous", 10),
                ["Självskattning före", "Self-assessment before"],
                on("2022-08-15"),
                before,
            )
            .await?;
        let network_before = self
            .survey(
                ("network-before", &network, "confidential", 10),
                ["Nätverket före", "The network before"],
                on("2022-08-15"),
                json!({}),
            )
            .await?;
        let mut pulses = Vec::new();
        for session in sessions(plan) {
            let starts_on = text(session, "/content/days/0/date");
            let occasion = json!({ "kind": "session_held", "sessionId": text(session, "/id") });
            let made = self
                .survey(
                    (
                        &format!("pulse-{starts_on}"),
                        &pulse,
                        "anonymous",
                        PULSE_DAYS,
                    ),
                    ["Puls efter träffen", "Pulse after the session"],
                    (occasion, None),
                    json!({}),
                )
                .await?;
            pulses.push((starts_on.to_owned(), made));
        }
        let paired = json!({ "part": "after", "pairedWithId": before });
        let after = self
            .survey(
                ("after", &own, "anonymous", 10),
                ["Självskattning efter", "Self-assessment after"],
                on("2023-03-24"),
                paired,
            )
            .await?;
        let network_after = self
            .survey(
                ("network-after", &network, "confidential", 10),
                ["Nätverket efter", "The network after"],
                on("2023-03-24"),
                json!({}),
            )
            .await?;
        let end = self
            .survey(
                ("end", &end, "anonymous", 10),
                ["Utbildningens slut", "The end of the programme"],
                on("2023-03-24"),
                json!({}),
            )
            .await?;
        let follow_up = instrument("follow_up_participant").await?;
        let follow_up = self
            .survey(
                ("follow-up", &follow_up, "anonymous", 90),
                ["Uppföljning", "Follow-up"],
                on("2023-04-05"),
                json!({}),
            )
            .await?;
        self.say(format_args!(
            "{} surveys are planned: before and after, the network, the end, a follow-up, and a pulse after each session.",
            6 + pulses.len()
        ));
        Ok(Surveys {
            before,
            network_before,
            pulses,
            after,
            network_after,
            end,
            follow_up,
        })
    }

    async fn wait_for_evaluation(&self) -> Result<(), Fault> {
        let path = format!("evaluation/rounds/{}/surveys", self.world.round);
        self.wait_for_facts("evaluation knows the round", async || {
            let reply = self
                .client
                .call(Method::GET, self.evaluator()?, &path, None, None)
                .await?;
            Ok((reply.status == 200).then_some(()))
        })
        .await
    }

    async fn survey(
        &self,
        (step, instrument, promise, days): (&str, &str, &str, i32),
        [swedish, english]: [&str; 2],
        (occasion, opens_on): (Value, Option<String>),
        more: Value,
    ) -> Result<String, Fault> {
        let mut body = json!({
            "instrumentId": instrument, "name": { "sv": swedish, "en": english },
            "audience": "participants", "mode": promise, "occasion": occasion, "openDays": days,
        });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
            body.extend(opens_on.map(|day| ("opensOn".to_owned(), json!(day))));
        }
        let path = format!("rounds/{}/surveys", self.world.round);
        let step = format!("survey-{step}");
        let made = self.evaluation_posts(&path, &step, &body).await?;
        Ok(text(&made, "/id").to_owned())
    }

    /// Waits until a survey is in a state that the clock brings about.
    async fn wait_for_survey(&self, survey: &str, states: &[&str]) -> Result<Value, Fault> {
        let path = format!("evaluation/surveys/{survey}");
        self.wait_for_facts("a survey's state", async || {
            let seen = self.client.get(self.evaluator()?, &path).await?;
            Ok(states.contains(&text(&seen, "/state")).then_some(seen))
        })
        .await
    }

    /// Everybody but some answers a survey, other ones each time.
    async fn is_answered(
        &self,
        survey: &str,
        participants: &[PersonId],
        (silent, from, growth): (usize, usize, usize),
    ) -> Result<(), Fault> {
        let seen = self.wait_for_survey(survey, &["open", "closed"]).await?;
        if text(&seen, "/state") == "closed" {
            return Ok(());
        }
        let path = format!("evaluation/surveys/{survey}");
        self.wait_for_facts("everybody is asked", async || {
            let seen = self.client.get(self.evaluator()?, &path).await?;
            let asked = usize::try_from(number(&seen, "/askedCount"));
            Ok(asked
                .is_ok_and(|asked| asked >= participants.len())
                .then_some(()))
        })
        .await?;
        let all = participants.len();
        let answers_it = |who: usize| (who + all - from) % all >= silent;
        for (who, person) in participants.iter().enumerate() {
            if !answers_it(who) {
                continue;
            }
            let path = format!("evaluation/surveys/{survey}/questionnaire");
            let form = self.client.get(*person, &path).await?;
            let mut body = json!({
                "instrumentVersion": form.get("instrumentVersion"),
                "answers": answers(&form, who, growth),
            });
            if form.get("takesPhrase") == Some(&Value::Bool(true))
                && let Some(body) = body.as_object_mut()
            {
                body.insert(
                    "phrase".to_owned(),
                    json!(format!("the {who}th green boat")),
                );
            }
            let path = format!("evaluation/surveys/{survey}/answers");
            let reply = self
                .client
                .call(Method::POST, *person, &path, None, Some(&body))
                .await?;
            // A demo that goes on asks those again who have answered.
            let answered = text(&reply.body, "/code") == "survey_answered";
            if reply.status >= 300 && !answered {
                return Err(format!("{path}: {}", reply.body).into());
            }
        }
        Ok(())
    }

    /// Before the first session.
    pub(super) async fn before_is_answered(
        &self,
        surveys: &Surveys,
        participants: &[PersonId],
    ) -> Result<(), Fault> {
        self.at("2022-08-16T08:00:00Z")?;
        self.is_answered(&surveys.before, participants, (0, 0, 0))
            .await?;
        self.is_answered(&surveys.network_before, participants, (0, 0, 2))
            .await?;
        self.say("Before the round: how people see themselves, and whom they know.");
        Ok(())
    }

    /// After a session.
    pub(super) async fn pulse_is_answered(
        &self,
        surveys: &Surveys,
        starts_on: &str,
        participants: &[PersonId],
    ) -> Result<(), Fault> {
        let mut pulses = surveys.pulses.iter();
        let Some(place) = pulses.position(|(day, _)| day == starts_on) else {
            return Ok(());
        };
        let Some((_, survey)) = surveys.pulses.get(place) else {
            return Ok(());
        };
        self.is_answered(survey, participants, (2, 2 * place, 1))
            .await
    }

    /// At the end.
    pub(super) async fn end_is_answered(
        &self,
        surveys: &Surveys,
        participants: &[PersonId],
    ) -> Result<(), Fault> {
        self.at("2023-03-27T08:00:00Z")?;
        self.is_answered(&surveys.after, participants, (0, 5, 1))
            .await?;
        self.is_answered(&surveys.network_after, participants, (0, 0, 6))
            .await?;
        self.is_answered(&surveys.end, participants, (2, 9, 1))
            .await?;
        self.at("2023-04-05T08:00:00Z")?;
        for survey in [&surveys.after, &surveys.network_after, &surveys.end] {
            self.wait_for_survey(survey, &["closed"]).await?;
        }
        let end = self
            .client
            .get(
                self.evaluator()?,
                &format!("evaluation/surveys/{}", surveys.end),
            )
            .await?;
        self.say(format_args!(
            "The surveys of the end are closed: {} of {} have answered, and nobody can tell who said what.",
            number(&end, "/answeredCount"),
            number(&end, "/askedCount"),
        ));
        Ok(())
    }
}

impl Journey<'_> {
    /// Who completes the round by its rule, and what they can show.
    pub(super) async fn round_is_completed(
        &self,
        surveys: &Surveys,
        shown: PersonId,
    ) -> Result<Effects, Fault> {
        let round = self.world.round;
        let coordinator = self.world.coordinator;
        let path = format!("evaluation/rounds/{round}/completion-rules");
        let rule = json!({ "attendanceShare": { "numerator": ATTENDANCE.0, "denominator": ATTENDANCE.1 }, "surveyShare": { "numerator": 1, "denominator": 2 } });
        self.client
            .post(coordinator, &path, "completion-rule", &rule)
            .await?;
        self.wait_for_attendance().await?;
        let path = format!("evaluation/rounds/{round}/completion-decisions");
        self.client
            .post(coordinator, &path, "completion", &nothing())
            .await?;
        let path = format!("evaluation/rounds/{round}/completions?limit=100");
        let all = self.client.list(coordinator, &path).await?;
        let is_completed = |one: &&Value| text(one, "/decision/outcome") == "completed";
        let completed = all.iter().filter(is_completed).count();
        let missing = all.iter().find(|one| !is_completed(one));
        let gap = missing.map_or("", |one| text(one, "/gaps/0/detail"));
        self.say(format_args!(
            "{completed} of {} complete the round. What one of the others is told: {gap}",
            all.len()
        ));
        let path = format!("evaluation/rounds/{round}/certificates");
        self.client
            .post(coordinator, &path, "certificates", &nothing())
            .await?;
        let issued = self
            .client
            .list(coordinator, &format!("{path}?limit=100"))
            .await?;
        let first = issued.first().ok_or("no certificate was issued")?;
        let verification_link = text(first, "/verificationUrl").to_owned();
        self.client.open_page(&verification_link).await?;
        self.say(format_args!(
            "{} certificates are issued; anybody can check one at its address.",
            issued.len()
        ));
        self.wait_for_completed_seats(completed).await?;
        let director = self.world.person("linkoping-director")?;
        let own = self
            .coordinator_reads(&format!("people/{director}"))
            .await?;
        let municipality = text(&own, "/organisationId");
        let report = format!("evaluation/rounds/{round}/report/links");
        let board_link = self.report_link(self.evaluator()?, &report).await?;
        let report = format!("evaluation/municipalities/{municipality}/report/links");
        let director_link = self.report_link(director, &report).await?;
        for link in [&board_link, &director_link] {
            self.client.open_page(link).await?;
        }
        self.say("The board and a director have their reports, as pages to read and to print.");
        self.wait_for_survey(&surveys.follow_up, &["open"]).await?;
        let asked = self.coordinator_reads(&format!("people/{shown}")).await?;
        // The mail about it may still be on its way; those of closed surveys lie there already.
        let survey_link = self
            .wait("the mail of the open survey", async || {
                let link = self.link(text(&asked, "/email"), "survey").await?;
                let page = self.client.open_page(&link).await?;
                Ok(page.contains("<form").then_some(link))
            })
            .await?;
        let unsubscribe_link = self.link(text(&asked, "/email"), "unsubscribe").await?;
        Ok(Effects {
            board_link,
            director_link,
            survey_link,
            unsubscribe_link,
            verification_link,
            completed,
        })
    }

    /// An address is told once, so that each demo makes its own.
    pub(super) async fn report_link(&self, person: PersonId, path: &str) -> Result<String, Fault> {
        let body = nothing();
        let made = self
            .client
            .call(Method::POST, person, path, None, Some(&body))
            .await?;
        match text(&made.body, "/address") {
            "" => Err(format!("{path}: {}", made.body).into()),
            address => Ok(address.to_owned()),
        }
    }

    /// Waits until evaluation has heard of everybody's last half day.
    async fn wait_for_attendance(&self) -> Result<(), Fault> {
        let path = format!(
            "evaluation/rounds/{}/completions?limit=100",
            self.world.round
        );
        self.wait_for_facts("evaluation knows everybody's attendance", async || {
            let all = self.client.list(self.world.coordinator, &path).await?;
            let fulfil = all
                .iter()
                .filter(|one| text(one, "/standing") == "fulfilled");
            Ok((fulfil.count() >= COMPLETING).then_some(()))
        })
        .await
    }

    async fn wait_for_completed_seats(&self, completed: usize) -> Result<(), Fault> {
        self.wait_for_facts("registration knows who completed the round", async || {
            let all = self.all_applications().await?;
            let seats = all
                .iter()
                .filter(|one| text(one, "/seat/state") == "completed");
            Ok((seats.count() == completed).then_some(()))
        })
        .await
    }
}

/// Answers to each question that is asked of this person, other ones for each person.
fn answers(form: &Value, who: usize, growth: usize) -> Value {
    let questions = form.get("questions").and_then(Value::as_array);
    let peers: Vec<&str> = form
        .get("peers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|peer| text(peer, "/applicationId"))
        .collect();
    let mut answers = Map::new();
    for (place, question) in questions.into_iter().flatten().enumerate() {
        if is_asked(question, &answers)
            && let Some(answer) = answer(question, who + 3 * place, growth, &peers)
        {
            answers.insert(text(question, "/key").to_owned(), answer);
        }
    }
    Value::Object(answers)
}

fn is_asked(question: &Value, answers: &Map<String, Value>) -> bool {
    let Some(condition) = question.get("shownIf") else {
        return true;
    };
    let given = answers.get(text(condition, "/questionKey"));
    let wanted = condition.get("answers").and_then(Value::as_array);
    wanted.into_iter().flatten().any(|one| Some(one) == given)
}

fn answer(question: &Value, seed: usize, growth: usize, peers: &[&str]) -> Option<Value> {
    let keys: Vec<&str> = question
        .get("options")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|option| text(option, "/key"))
        .collect();
    // From the middle upwards: 2 to 4 at first, more with growth.
    let between = |lowest: i64, highest: i64| {
        let step = i64::try_from(seed % 3 + growth).unwrap_or(0);
        json!(highest.min(lowest + 1 + step * (highest - lowest) / 5))
    };
    match text(question, "/kind") {
        "likert" => Some(between(1, number(question, "/points"))),
        "scale" => Some(between(
            number(question, "/lowest"),
            number(question, "/highest"),
        )),
        "single" => keys.first().map(|key| json!(key)),
        "multiple" => Some(json!(keys.iter().take(1 + seed % 2).collect::<Vec<_>>())),
        "text" => seed
            .is_multiple_of(3)
            .then(|| json!("Mer tid i grupperna.")),
        "network_tie" => {
            let known = peers.iter().cycle().skip(seed).take(growth).copied();
            let known: Vec<&str> = known.collect();
            Some(Value::Object(
                keys.iter()
                    .map(|key| ((*key).to_owned(), json!(known)))
                    .collect(),
            ))
        }
        _ => None,
    }
}
