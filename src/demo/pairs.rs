//! The played round's mentors: the pool, the matching, a no and what follows from it, and one pair
//! that meets, writes and works on a challenge. What people say and write is invented.

use super::{
    client::{id, text},
    journey::Journey,
    nothing,
};
use crate::Fault;
use mentorship::key_figures::import::{SAMPLE, read_file};
use serde_json::{Value, json};
use shared_types::PersonId;
use shared_web::outgoing::Method;

/// What chiefs offer and participants look for, in turn.
const COMPETENCES: [&str; 6] = [
    "leading_leaders",
    "change",
    "collaboration",
    "strategy",
    "politics",
    "personal_development",
];
/// How people meet, in turn.
const FORMS: [&str; 3] = ["in_person", "digital", "telephone"];
/// How many participants wish for somebody.
const WISHING: usize = 6;
/// The meetings of the pair that is shown: when they begin, when they are over, minutes.
const MEETINGS: [(&str, &str, i32); 2] = [
    ("2022-09-15T12:00:00Z", "2022-09-15T13:30:00Z", 75),
    ("2022-11-21T13:00:00Z", "2022-11-21T14:30:00Z", 60),
];
/// Times that a mail is looked for again, some seconds each.
const LOOKS: usize = 12;
/// Runs that are computed at most.
const RUNS: u32 = 5;
/// What only the two may ever read.
pub(super) const BETWEEN_THE_TWO: &str = "Hur jag leder chefer som var mina kollegor";

/// The pair that is shown.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    /// The pair.
    pub(super) id: String,
    /// The mentor.
    pub(super) mentor: PersonId,
    /// The participant.
    pub(super) mentee: PersonId,
    /// The participation.
    pub(super) application: String,
    /// The participant's municipality.
    municipality: String,
    /// A link by which a mentor answered.
    pub(super) proposal_link: String,
}

impl Journey<'_> {
    fn round_path(&self, what: &str) -> String {
        format!("mentorship/rounds/{}/{what}", self.world.round)
    }

    async fn round_list(&self, what: &str) -> Result<Vec<Value>, Fault> {
        let path = self.round_path(&format!("{what}?limit=100"));
        self.client.list(self.world.coordinator, &path).await
    }

    /// From the pool to pairs that both have accepted.
    pub(super) async fn pairs_are_matched(
        &self,
        participants: &[PersonId],
        shown: PersonId,
    ) -> Result<Pair, Fault> {
        self.at("2022-06-09T08:00:00Z")?;
        let mentees = self.wait_for_mentees(participants.len()).await?;
        self.pool_is_filled().await?;
        self.mentees_say_what_they_look_for(&mentees).await?;
        let run = self.run_is_published().await?;
        self.at("2022-06-10T08:00:00Z")?;
        self.mentor_declines(&run).await?;
        self.at("2022-06-15T08:00:00Z")?;
        let proposal_link = self.everybody_else_accepts().await?;
        let pairs = self.round_list("pairs").await?;
        let own = pairs.iter().find(|pair| {
            text(pair, "/mentee/personId") == shown.to_string() && text(pair, "/state") != "ended"
        });
        let own = own.ok_or("the participant has no pair")?;
        Ok(Pair {
            id: text(own, "/id").to_owned(),
            mentor: id(own, "/mentor/personId")?,
            mentee: shown,
            application: text(own, "/applicationId").to_owned(),
            municipality: text(own, "/mentee/municipalityId").to_owned(),
            proposal_link,
        })
    }

    /// Waits until mentorship has heard who takes part.
    async fn wait_for_mentees(&self, count: usize) -> Result<Vec<Value>, Fault> {
        let path = self.round_path("mentees?limit=100");
        self.wait_for_facts("mentorship knows all participants", async || {
            let coordinator = self.world.coordinator;
            let page = self
                .client
                .call(Method::GET, coordinator, &path, None, None);
            let page = page.await?.body;
            let part = members(&page, "items").iter().filter(|one| {
                one.get("takingPart") == Some(&Value::Bool(true)) && one.get("name").is_some()
            });
            let part: Vec<Value> = part.cloned().collect();
            Ok((part.len() == count).then_some(part))
        })
        .await
    }

    /// The chiefs of all 26 municipalities, each with one place.
    async fn pool_is_filled(&self) -> Result<(), Fault> {
        for (number, director) in self.world.seeds.people.directors.iter().enumerate() {
            let person = self.world.person(&director.key)?;
            let about = format!("{} i kommunen. Påhittad person.", director.title);
            let body = json!({
                "personId": person, "capacity": 1,
                "profile": profile(number, Some(&about)),
            });
            let step = format!("mentor-{}", director.key);
            self.wait_for_facts("mentorship knows the chief", async || {
                let path = self.round_path("mentors");
                let coordinator = self.world.coordinator;
                let made = self
                    .client
                    .call(Method::POST, coordinator, &path, Some(&step), Some(&body))
                    .await?;
                match made.status {
                    201 => Ok(Some(())),
                    409 if text(&made.body, "/code") == "mentor_person_unknown" => Ok(None),
                    _ => Err(format!("{path}: {}", made.body).into()),
                }
            })
            .await?;
        }
        let count = self.world.seeds.people.directors.len();
        self.wait_for_facts("mentorship knows the chiefs' offices", async || {
            let pool = self.round_list("mentors").await?;
            let eligible = |one: &&Value| {
                // With a mentee already, where the demo goes on.
                one.get("eligible") == Some(&Value::Bool(true))
                    || text(one, "/refusals/0/code") == "mentor_full"
            };
            Ok((pool.iter().filter(eligible).count() == count).then_some(()))
        })
        .await?;
        self.say(format_args!(
            "The pool of mentors: the chiefs of {count} municipalities."
        ));
        Ok(())
    }

    /// Everybody says what they look for; some wish for a chief of another municipality.
    async fn mentees_say_what_they_look_for(&self, mentees: &[Value]) -> Result<(), Fault> {
        let pool = self.round_list("mentors").await?;
        for (number, mentee) in mentees.iter().enumerate() {
            let own = text(mentee, "/municipalityId");
            let elsewhere = pool
                .iter()
                .filter(|one| text(one, "/municipalityId") != own);
            let wish = elsewhere
                .skip(number)
                .map(|one| json!({ "mentorId": text(one, "/id"), "why": "Har lett en stor omorganisation." }));
            let wishes: Vec<Value> = wish.take(usize::from(number < WISHING)).collect();
            let path = format!("mentorship/mentees/{}", text(mentee, "/applicationId"));
            let body = json!({ "profile": profile(number + 1, None), "wishes": wishes });
            let person = id(mentee, "/personId")?;
            self.client.put(person, &path, &body).await?;
        }
        Ok(())
    }

    /// Computes who fits whom and proposes it. Should a fact come in between, the run is outdated
    /// and computed again.
    async fn run_is_published(&self) -> Result<Value, Fault> {
        let path = self.round_path("matching-runs");
        let coordinator = self.world.coordinator;
        let mut published = None;
        for number in 1..=RUNS {
            let step = format!("matching-{number}");
            let run = self
                .client
                .post(coordinator, &path, &step, &nothing())
                .await?;
            let path = format!("mentorship/matching-runs/{}/publication", text(&run, "/id"));
            let (step, body) = (format!("{step}-publication"), nothing());
            let reply = self
                .client
                .call(Method::POST, coordinator, &path, Some(&step), Some(&body))
                .await?;
            if reply.status == 200 {
                published = Some(reply.body);
                break;
            }
            if text(&reply.body, "/code") != "matching_run_outdated" {
                return Err(format!("{path}: {}", reply.body).into());
            }
        }
        let run = published.ok_or("the round's facts don't come to rest")?;
        let pairs = members(&run, "pairs");
        let points: i64 = pairs
            .iter()
            .filter_map(|pair| pair.get("score").and_then(Value::as_i64))
            .sum();
        self.say(format_args!(
            "The matching: {} pairs with {points} points in all, {} participants without; both sides are asked.",
            pairs.len(),
            members(&run, "unmatched").len(),
        ));
        Ok(run)
    }

    /// The first mentor of the run has no time; the next best is proposed at once.
    async fn mentor_declines(&self, run: &Value) -> Result<(), Fault> {
        let pairs = members(run, "pairs");
        let first = pairs.first().ok_or("no pairs")?;
        let (mentor, mentee) = (text(first, "/mentorId"), text(first, "/applicationId"));
        let of_mentee = |pair: &&Value| text(pair, "/applicationId") == mentee;
        let pairs = self.round_list("pairs").await?;
        let declined = pairs
            .iter()
            .filter(of_mentee)
            .find(|pair| text(pair, "/mentorId") == mentor);
        let declined = declined.ok_or("the run's first pair was not proposed")?;
        let path = format!("mentorship/pairs/{}/answer", text(declined, "/id"));
        let body = json!({ "verdict": "decline", "reason": "Har inte tid det här året." });
        let person = id(declined, "/mentor/personId")?;
        self.client
            .post(person, &path, "mentor-declines", &body)
            .await?;
        let pairs = self.round_list("pairs").await?;
        let next = pairs
            .iter()
            .filter(of_mentee)
            .find(|pair| text(pair, "/state") != "ended");
        let next = next.ok_or("nobody was proposed instead")?;
        self.say(format_args!(
            "{} of {} has no time; {} of {} is proposed to {} at once.",
            text(declined, "/mentor/name"),
            text(declined, "/mentor/municipality"),
            text(next, "/mentor/name"),
            text(next, "/mentor/municipality"),
            text(next, "/mentee/name"),
        ));
        Ok(())
    }

    /// Everybody says yes, the last mentor by the link in the mail. Returns that link.
    async fn everybody_else_accepts(&self) -> Result<String, Fault> {
        let pairs = self.round_list("pairs").await?;
        let live: Vec<&Value> = pairs
            .iter()
            .filter(|pair| text(pair, "/state") != "ended")
            .collect();
        let last = *live.last().ok_or("no pairs")?;
        let mentor: PersonId = id(last, "/mentor/personId")?;
        let mut directors = self.world.seeds.people.directors.iter();
        let director =
            directors.find(|one| self.world.person(&one.key).is_ok_and(|id| id == mentor));
        let address = self
            .world
            .email(director.ok_or("a mentor who is no chief")?);
        let link = self.mailed(&address, "proposal").await?;
        self.client.open_page(&link).await?;
        if text(last, "/mentor/answer") == "pending" {
            let yes = [("verdict".to_owned(), "accept".to_owned())];
            self.client.send_form(&link, &yes).await?;
        }
        let yes = json!({ "verdict": "accept" });
        for pair in &live {
            let pair_id = text(pair, "/id");
            let path = format!("mentorship/pairs/{pair_id}/answer");
            for side in ["mentor", "mentee"] {
                let answered = text(pair, &format!("/{side}/answer")) != "pending";
                let by_link = side == "mentor" && pair_id == text(last, "/id");
                if answered || by_link {
                    continue;
                }
                let person = id(pair, &format!("/{side}/personId"))?;
                let step = format!("pair-{pair_id}-{side}");
                self.client.post(person, &path, &step, &yes).await?;
            }
        }
        self.say(format_args!(
            "{} pairs have said yes on both sides, one mentor by the link in the mail.",
            live.len()
        ));
        Ok(link)
    }

    /// A link in a mail that another service asked for: it comes by a fact, and a fact can be late.
    pub(super) async fn mailed(&self, address: &str, kind: &str) -> Result<String, Fault> {
        let mut looked = self.link(address, kind).await;
        for _ in 0..LOOKS {
            if looked.is_ok() {
                break;
            }
            looked = self.link(address, kind).await;
        }
        looked
    }

    /// What the pair that is shown does after one of the round's sessions, by its place.
    pub(super) async fn pair_goes_on(&self, pair: &Pair, session: usize) -> Result<(), Fault> {
        match session {
            0 => {
                self.at("2022-08-29T08:00:00Z")?;
                self.wait_for_active(pair).await?;
                self.pair_sets_a_goal(pair).await?;
                self.challenge_is_written(pair).await
            }
            1 => self.pair_meets(pair, 0).await,
            3 => self.pair_meets(pair, 1).await,
            _ => Ok(()),
        }
    }

    async fn wait_for_active(&self, pair: &Pair) -> Result<(), Fault> {
        let path = format!("mentorship/pairs/{}", pair.id);
        self.wait("pairs that begin with the round", async || {
            let seen = self.coordinator_reads(&path).await?;
            Ok((text(&seen, "/state") == "active").then_some(()))
        })
        .await
    }

    async fn pair_sets_a_goal(&self, pair: &Pair) -> Result<(), Fault> {
        let goals = format!("mentorship/pairs/{}/goals", pair.id);
        let goal = json!({ "text": BETWEEN_THE_TWO, "dueOn": "2023-03-24" });
        self.client.post(pair.mentee, &goals, "goal", &goal).await?;
        let seen = self.client.list(pair.mentor, &goals).await?;
        self.say(format_args!(
            "The pairs begin with the round; one of them writes its goal ({} in all), which the two alone read.",
            seen.len()
        ));
        Ok(())
    }

    /// The challenge starts from key figures of the own municipality, which are a sample here.
    async fn challenge_is_written(&self, pair: &Pair) -> Result<(), Fault> {
        let read = read_file(self.mentorship, SAMPLE).await;
        read.map_err(|problem| problem.to_string())?;
        let path = format!(
            "mentorship/municipalities/{}/key-figures",
            pair.municipality
        );
        let figures = self.client.get(pair.mentee, &path).await?;
        let figures = members(&figures, "items");
        let mut ids: Vec<&str> = figures.iter().map(|one| text(one, "/id")).collect();
        ids.dedup();
        let piece = |text: &str, audience: &str| json!({ "text": text, "audience": audience });
        let path = format!("mentorship/challenges/{}", pair.application);
        let challenge = json!({
            "title": piece("Hemtjänst som de äldre känner igen", "round"),
            "vision": piece("Om fem år möter ingen fler än tio personer på en månad.", "round"),
            "goals": [piece("Fasta team i två områden före jul", "mentor")],
            "risks": [piece("Att jag inte släpper schemat", "private")],
            "keyFigures": ids, "horizonOn": "2027-08-31",
        });
        self.client.put(pair.mentee, &path, &challenge).await?;
        let path = format!("{path}/experiments");
        let experiment = json!({
            "track": "relations",
            "plan": piece("Fråga innan jag svarar, i varje möte i en vecka.", "round"),
            "try": piece("Gjorde det i fyra av fem möten.", "mentor"),
        });
        self.client
            .post(pair.mentee, &path, "experiment", &experiment)
            .await?;
        let path = self.round_path("board");
        let board = self.client.get(pair.mentor, &path).await?;
        let shared = members(&board, "entries").first();
        self.say(format_args!(
            "A participant writes a challenge from {} key figures of {} (a sample) and tries something; of both, the board shows {} texts that are for the round.",
            ids.len(),
            figures.first().map_or("", |one| text(one, "/municipalityCode")),
            shared.map_or(0, |one| 1 + members(one, "pieces").len() + members(one, "experiments").len()),
        ));
        Ok(())
    }

    /// A meeting is planned a week before, and held.
    async fn pair_meets(&self, pair: &Pair, number: usize) -> Result<(), Fault> {
        let (starts_at, after, minutes) = *MEETINGS.get(number).ok_or("no such meeting")?;
        let starts = starts_at.parse::<chrono::DateTime<chrono::Utc>>()?;
        self.clock.set(starts - chrono::TimeDelta::days(7));
        let path = format!("mentorship/pairs/{}/meetings", pair.id);
        let body = json!({
            "startsAt": starts_at, "lengthMinutes": 60, "topic": BETWEEN_THE_TWO, "place": "Stadsbiblioteket",
        });
        let step = format!("meeting-{number}");
        let meeting = self.client.post(pair.mentor, &path, &step, &body).await?;
        self.at(after)?;
        let path = format!("mentorship/meetings/{}", text(&meeting, "/id"));
        let seen = self.client.get(pair.mentee, &path).await?;
        if text(&seen, "/state") == "planned" {
            let path = format!("{path}/holding");
            let held = json!({ "lengthMinutes": minutes });
            let step = format!("meeting-{number}-held");
            self.client.post(pair.mentee, &path, &step, &held).await?;
        }
        self.say(format_args!(
            "A pair meets for the {} time, with an appointment in both calendars.",
            if number == 0 { "first" } else { "second" }
        ));
        Ok(())
    }

    /// Half of the round is over, and most pairs have not met.
    pub(super) async fn silence_is_noticed(&self) -> Result<(), Fault> {
        let silent = self
            .wait("the alarms of silent pairs", async || {
                let alarms = self.round_list("alarms").await?;
                let silent = alarms
                    .iter()
                    .filter(|one| text(one, "/kind") == "pair_silent");
                let silent = silent.count();
                // All but the one that has met.
                let pairs = self.round_list("pairs").await?;
                let active = pairs.iter().filter(|one| text(one, "/state") == "active");
                Ok((silent + 1 == active.count()).then_some(silent))
            })
            .await?;
        self.say(format_args!(
            "Half of the round is over; the coordinator is told of {silent} pairs that have not met."
        ));
        Ok(())
    }
}

/// What somebody says of oneself.
fn profile(number: usize, about: Option<&str>) -> Value {
    let turn = |step: usize| COMPETENCES.iter().cycle().nth(number + step).copied();
    let form = FORMS.iter().cycle().nth(number);
    let mut profile = json!({
        "competences": [turn(0), turn(1), turn(2)], "languages": ["sv"], "forms": [form],
    });
    if let (Some(about), Some(members)) = (about, profile.as_object_mut()) {
        members.insert("about".to_owned(), json!(about));
    }
    profile
}

/// A list in an answer.
pub(super) fn members<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    let list = value.get(name).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}
