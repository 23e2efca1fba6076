//! Interviews about the played round: consent, notes, quotes, and the themes that came up. What
//! people say is invented.

use super::{client::text, journey::Journey};
use crate::Fault;
use serde_json::{Value, json};
use shared_types::PersonId;
use std::collections::HashMap;

/// What the report shows of them.
#[derive(Debug)]
pub(super) struct Interviews {
    /// All of them.
    pub(super) ids: Vec<String>,
    /// The theme that many spoke of.
    pub(super) theme: String,
    /// A theme that few spoke of.
    pub(super) seldom: String,
    /// How many are shown to have spoken of the first.
    pub(super) people_count: i64,
}

/// The day, once the sessions are over.
const DAY: &str = "2023-03-27";
const AT: &str = "2023-03-27T08:00:00Z";
/// Kind, and which of the participants.
const PLANNED: [(&str, std::ops::Range<usize>); 3] =
    [("individual", 0..1), ("group", 1..11), ("group", 11..22)];
/// Who refuses, by place among the participants.
const REFUSING: usize = 21;
/// So many speak of the network, and so few of time.
pub(super) const SPEAKING: usize = 12;
const FEW: usize = 2;
/// What evaluators alone read.
const NOTES: &str = "Samtalet handlade om grannkommunerna och om tiden mellan internaten.";
/// What may be quoted.
const QUOTE: &str = "Nu ringer jag grannkommunen i stället för att gissa.";

impl Journey<'_> {
    /// Three interviews, with whoever agrees.
    pub(super) async fn people_are_interviewed(
        &self,
        participants: &[PersonId],
    ) -> Result<Interviews, Fault> {
        self.at(AT)?;
        let theme = self
            .theme(
                "network",
                [
                    "Nätverk över kommungränser",
                    "A network across municipalities",
                ],
            )
            .await?;
        let seldom = self
            .theme("time", ["Mer tid i grupperna", "More time in the groups"])
            .await?;
        let applications = self.applications_of(participants).await?;
        let mut ids = Vec::new();
        for (number, (kind, places)) in PLANNED.iter().enumerate() {
            let all = participants.iter().enumerate();
            let asked: Vec<(usize, PersonId, &String)> = all
                .filter(|(place, _)| places.contains(place))
                .filter_map(|(place, person)| Some((place, *person, applications.get(person)?)))
                .collect();
            let with: Vec<&String> = asked.iter().map(|(.., application)| *application).collect();
            let interview = self.interview(number, kind, &with).await?;
            let path = format!("evaluation/interviews/{interview}");
            if text(&self.client.get(self.evaluator()?, &path).await?, "/state") == "planned" {
                let mut codings = Vec::new();
                for (place, person, application) in asked {
                    let step = format!("consent-{number}-{place}");
                    let consent = format!("{path}/consent");
                    let given = json!({ "given": place != REFUSING });
                    self.client.post(person, &consent, &step, &given).await?;
                    codings.extend(coded(place, [&theme, &seldom], application));
                }
                self.is_written(&path, number, &codings).await?;
            }
            ids.push(interview);
        }
        self.say(format_args!(
            "{} interviews are held; of {} people one does not agree and is not written of. Notes stay the evaluators'; \"{QUOTE}\" may be quoted.",
            ids.len(),
            PLANNED.last().map_or(0, |(_, places)| places.end),
        ));
        Ok(Interviews {
            ids,
            theme,
            seldom,
            people_count: 0,
        })
    }

    /// The participations of some people.
    async fn applications_of(
        &self,
        participants: &[PersonId],
    ) -> Result<HashMap<PersonId, String>, Fault> {
        let all = self.all_applications().await?;
        let has_seat = |one: &&Value| ["accepted", "completed"].contains(&text(one, "/seat/state"));
        let known: HashMap<PersonId, String> = all
            .iter()
            .filter(has_seat)
            .filter_map(|one| {
                let person = text(one, "/personId").parse().ok()?;
                Some((person, text(one, "/id").to_owned()))
            })
            .collect();
        if participants.iter().all(|one| known.contains_key(one)) {
            Ok(known)
        } else {
            Err("a participant has no seat".into())
        }
    }

    async fn theme(&self, step: &str, [swedish, english]: [&str; 2]) -> Result<String, Fault> {
        let path = format!("rounds/{}/themes", self.world.round);
        let body = json!({ "name": { "sv": swedish, "en": english } });
        let step = format!("theme-{step}");
        let made = self.evaluation_posts(&path, &step, &body).await?;
        Ok(text(&made, "/id").to_owned())
    }

    async fn interview(
        &self,
        number: usize,
        kind: &str,
        with: &[&String],
    ) -> Result<String, Fault> {
        let path = format!("rounds/{}/interviews", self.world.round);
        let body = json!({
            "kind": kind, "applicationIds": with, "plannedOn": DAY,
            "guideQuestions": [
                { "sv": "Vad gör du annorlunda nu?", "en": "What do you do otherwise now?" },
                { "sv": "Vem frågar du om råd?", "en": "Whom do you ask for advice?" },
            ],
        });
        let step = format!("interview-{number}");
        let made = self.evaluation_posts(&path, &step, &body).await?;
        Ok(text(&made, "/id").to_owned())
    }

    /// Notes, the places that belong to themes, and that it was held.
    async fn is_written(&self, path: &str, number: usize, codings: &[Value]) -> Result<(), Fault> {
        let evaluator = self.evaluator()?;
        let notes = json!({ "text": NOTES });
        self.client
            .put(evaluator, &format!("{path}/notes"), &notes)
            .await?;
        let codings = json!({ "codings": codings });
        self.client
            .put(evaluator, &format!("{path}/codings"), &codings)
            .await?;
        let step = format!("holding-{number}");
        let held = json!({ "heldOn": DAY });
        self.client
            .post(evaluator, &format!("{path}/holding"), &step, &held)
            .await?;
        Ok(())
    }

    /// Waits until the themes are counted: once, a week after the last interview.
    pub(super) async fn themes_are_counted(
        &self,
        interviews: &mut Interviews,
    ) -> Result<(), Fault> {
        let path = format!("evaluation/themes/{}", interviews.theme);
        let count = self
            .wait_for_facts("the themes are counted", async || {
                let theme = self.client.get(self.evaluator()?, &path).await?;
                Ok(theme.get("peopleCount").and_then(Value::as_i64))
            })
            .await?;
        interviews.people_count = count;
        let path = format!("evaluation/themes/{}", interviews.seldom);
        let few = self.client.get(self.evaluator()?, &path).await?;
        self.say(format_args!(
            "The interviews' themes are counted: {count} spoke of the network across municipalities; how many spoke of \"{}\" is not shown ({}).",
            text(&few, "/name/en"),
            few.get("peopleCount").map_or("too few", |_| "BROKEN"),
        ));
        Ok(())
    }
}

/// What somebody said, as far as it belongs to a theme.
fn coded(place: usize, [theme, seldom]: [&str; 2], application: &str) -> Vec<Value> {
    let mut said = Vec::new();
    if place < SPEAKING {
        said.push(json!({ "themeId": theme, "applicationId": application, "quote": QUOTE }));
    }
    if (SPEAKING..SPEAKING + FEW).contains(&place) {
        said.push(json!({ "themeId": seldom, "applicationId": application }));
    }
    said
}
