//! A round of "Ledarskap i kommuner", step by step through the public API; one line a step.

use super::{
    client::{Client, id, text},
    hr::Employer,
    load::{APPLICANTS, WITHOUT_ACCOUNT, World},
    mailbox,
    money::Billed,
    nothing,
    seeds::Person,
    sessions::Meetings,
};
use crate::{Fault, say};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use shared_types::{ApplicationId, PersonId, RoundId};
use shared_web::{Clock, outgoing::Method};
use std::{collections::HashMap, path::Path, time::Duration};

/// Times that something which happens by itself is looked for.
const TRIES: u32 = 200;
/// The same for facts on their way, a minute in all.
const FACTS_TRIES: u32 = 240;
const FACTS_PAUSE: Duration = Duration::from_millis(250);
/// Directors of these municipalities answer by the link in their mail, without an account.
const BY_LINK: [&str; 5] = ["kinda", "boxholm", "ydre", "vadstena", "odeshog"];
/// Whom their director declines.
const DECLINED: [&str; 2] = ["norrkoping", "linkoping"];
/// The municipality whose director forgets one applicant.
const FORGETFUL: &str = "motala";
/// Offers that are declined and forgotten.
const DECLINING: usize = 2;
const FORGETTING: usize = 1;
/// Offers that are answered by the link in the mail.
const ANSWERING_BY_LINK: usize = 3;

/// The journey and what it needs.
pub(super) struct Journey<'a> {
    pub(super) client: &'a Client,
    pub(super) clock: &'a Clock,
    pub(super) world: &'a World,
    pub(super) mail_dir: &'a Path,
    /// Takes the sample of key figures, as `akademi figures sample` does.
    pub(super) mentorship: &'a mentorship::State,
}

/// What the journey leads to.
#[derive(Debug)]
pub(super) struct Outcome {
    /// A link by which a director reads the slate.
    pub(super) slate_link: String,
    /// A link by which a participant read the offer.
    pub(super) offer_link: String,
    /// A participant.
    pub(super) participant: PersonId,
    /// Somebody who applied and has no seat.
    pub(super) applicant: PersonId,
    /// The participation that was handed on.
    pub(super) substitution: ApplicationId,
    /// A round that takes applications now.
    pub(super) next_round: RoundId,
    /// A link to a slate that waits for verdicts.
    pub(super) open_slate_link: String,
    /// What became of the round's sessions.
    pub(super) meetings: Meetings,
    /// What an employer's HR system did.
    pub(super) employer: Employer,
    /// What the programme for top politicians cost whom.
    pub(super) billed: Billed,
}

impl Journey<'_> {
    /// Plays it.
    pub(super) async fn play(self) -> Result<Outcome, Fault> {
        self.round_opens().await?;
        self.people_apply().await?;
        self.people_without_account_apply().await?;
        self.deadline_passes().await?;
        self.directors_answer().await?;
        let slate_link = self.link(&self.director_email("kinda")?, "slate").await?;
        self.endorsements_end().await?;
        let published = self.admission().await?;
        let offer_link = self.offers_are_answered(&published).await?;
        let forgotten = rows(&published, "admit")
            .get(DECLINING)
            .map(|row| text(row, "/applicationId").to_owned());
        self.queue_moves(&forgotten.unwrap_or_default()).await?;
        let (participant, substitution) = self.seat_is_handed_on().await?;
        let applicant = self.somebody_without_seat().await?;
        self.others_are_planned().await?;
        let billed = self.programme_is_billed().await?;
        let meetings = self.round_meets(participant).await?;
        let (next_round, open_slate_link) = self.next_round_opens(applicant).await?;
        let employer = self.employer_provisions().await?;
        Ok(Outcome {
            slate_link,
            offer_link,
            participant,
            applicant,
            substitution,
            next_round,
            open_slate_link,
            meetings,
            employer,
            billed,
        })
    }

    pub(super) async fn link(&self, address: &str, kind: &str) -> Result<String, Fault> {
        mailbox::link(self.client.url(), self.mail_dir, address, kind).await
    }

    pub(super) fn at(&self, instant: &str) -> Result<(), Fault> {
        self.clock.set(instant.parse::<DateTime<Utc>>()?);
        Ok(())
    }

    pub(super) fn say(&self, words: impl std::fmt::Display) {
        say::line(format_args!(
            "{}  {words}",
            self.clock.now().format("%Y-%m-%d")
        ));
    }

    pub(super) async fn coordinator_reads(&self, path: &str) -> Result<Value, Fault> {
        self.client.get(self.world.coordinator, path).await
    }

    pub(super) async fn all_applications(&self) -> Result<Vec<Value>, Fault> {
        let path = format!("applications?limit=100&roundId={}", self.world.round);
        self.client.list(self.world.coordinator, &path).await
    }

    /// Waits for what happens by itself.
    pub(super) async fn wait<T>(
        &self,
        what: &str,
        look: impl AsyncFn() -> Result<Option<T>, Fault>,
    ) -> Result<T, Fault> {
        for _ in 0..TRIES {
            if let Some(found) = look().await? {
                return Ok(found);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(format!("waited in vain: {what}").into())
    }

    /// Waits for facts that travel between services: those of a process that was killed while it
    /// told are sent again after half a minute.
    pub(super) async fn wait_for_facts<T>(
        &self,
        what: &str,
        look: impl AsyncFn() -> Result<Option<T>, Fault>,
    ) -> Result<T, Fault> {
        for _ in 0..FACTS_TRIES {
            if let Some(found) = look().await? {
                return Ok(found);
            }
            tokio::time::sleep(FACTS_PAUSE).await;
        }
        Err(format!("waited in vain: {what}").into())
    }

    async fn wait_for_round(&self, passed: &[&str]) -> Result<String, Fault> {
        let path = format!("rounds/{}", self.world.round);
        self.wait("the round's state", async || {
            let round = self.coordinator_reads(&path).await?;
            let state = text(&round, "/state").to_owned();
            Ok((!passed.contains(&state.as_str())).then_some(state))
        })
        .await
    }

    async fn round_opens(&self) -> Result<(), Fault> {
        self.wait_for_round(&["published"]).await?;
        self.say("The round opens by itself: 24 seats, until 26 April.");
        Ok(())
    }

    async fn people_apply(&self) -> Result<(), Fault> {
        let started = self.clock.now();
        let people = self.with_account();
        for (index, person) in (0_i32..).zip(&people) {
            self.clock.set(started + TimeDelta::hours(11) * index);
            let body = json!({ "roundId": self.world.round, "motivation": motivation(person) });
            let step = format!("application-{}", person.key);
            let applicant = self.world.person(&person.key)?;
            self.client
                .post(applicant, "applications", &step, &body)
                .await?;
        }
        self.say(format_args!(
            "{} people have applied with their accounts.",
            people.len()
        ));
        Ok(())
    }

    fn with_account(&self) -> Vec<&Person> {
        let round = self
            .world
            .seeds
            .people
            .applicants
            .iter()
            .take(APPLICANTS)
            .enumerate();
        round
            .filter(|(index, _)| !WITHOUT_ACCOUNT.contains(index))
            .map(|(_, person)| person)
            .collect()
    }

    async fn people_without_account_apply(&self) -> Result<(), Fault> {
        self.at("2022-04-26T18:00:00Z")?;
        let people = self
            .world
            .seeds
            .people
            .applicants
            .get(WITHOUT_ACCOUNT)
            .unwrap_or_default();
        let known = self.all_applications().await?;
        let form = format!(
            "{}/registration/pages/rounds/{}/application",
            self.client.url(),
            self.world.round
        );
        for person in people {
            if known
                .iter()
                .any(|one| text(one, "/personName") == person.name)
            {
                continue;
            }
            self.client.open_page(&form).await?;
            self.client.send_form(&form, &self.form_of(person)?).await?;
            let link = self.link(&self.world.email(person), "confirm").await?;
            self.client.open_page(&link).await?;
            self.client.send_form(&link, &[]).await?;
        }
        let all = self.submitted().await?;
        self.say(format_args!(
            "On the last evening {} more apply by the public form and confirm by mail: {all} applications.",
            people.len()
        ));
        if all == APPLICANTS {
            Ok(())
        } else {
            Err(format!("{all} applications instead of {APPLICANTS}").into())
        }
    }

    async fn submitted(&self) -> Result<usize, Fault> {
        let all = self.all_applications().await?;
        Ok(all
            .iter()
            .filter(|one| text(one, "/state") == "submitted" && text(one, "/replaces").is_empty())
            .count())
    }

    fn form_of(&self, person: &Person) -> Result<Vec<(String, String)>, Fault> {
        let organisation = self
            .world
            .organisations
            .get(&person.organisation)
            .ok_or("no organisation")?;
        let fields = [
            ("name", person.name.clone()),
            ("title", person.title.clone()),
            ("organisationId", organisation.to_string()),
            ("email", self.world.email(person)),
            ("kind", person.kind.clone()),
            ("gender", person.gender.clone()),
            ("motivation", motivation(person)),
        ];
        Ok(fields
            .map(|(name, value)| (name.to_owned(), value))
            .to_vec())
    }

    async fn deadline_passes(&self) -> Result<(), Fault> {
        self.at("2022-04-26T22:00:00Z")?;
        let late = self
            .world
            .seeds
            .people
            .applicants
            .get(APPLICANTS)
            .ok_or("nobody is late")?;
        let body = json!({ "roundId": self.world.round });
        let applicant = self.world.person(&late.key)?;
        let reply = self
            .client
            .call(
                Method::POST,
                applicant,
                "applications",
                Some("late"),
                Some(&body),
            )
            .await?;
        if reply.status != 409 {
            return Err(format!("a late application was answered {}", reply.status).into());
        }
        self.wait_for_round(&["open"]).await?;
        self.say(format_args!(
            "The deadline has passed; {} is told: {}",
            late.name,
            text(&reply.body, "/detail")
        ));
        Ok(())
    }

    pub(super) fn director_email(&self, municipality: &str) -> Result<String, Fault> {
        let director = self
            .world
            .seeds
            .people
            .directors
            .iter()
            .find(|one| one.organisation == municipality);
        Ok(self.world.email(director.ok_or("no director")?))
    }

    async fn directors_answer(&self) -> Result<(), Fault> {
        self.at("2022-04-28T07:00:00Z")?;
        let all = self.all_applications().await?;
        let (mut endorsed, mut declined, mut by_link) = (0, 0, 0);
        for director in &self.world.seeds.people.directors {
            let municipality = self
                .world
                .organisations
                .get(&director.organisation)
                .ok_or("no municipality")?;
            // A person who is to take over a seat comes later, and is endorsed by itself.
            let of_municipality = |one: &&Value| {
                text(one, "/municipalityId") == municipality.to_string()
                    && text(one, "/replaces").is_empty()
            };
            let mine: Vec<&Value> = all.iter().filter(of_municipality).collect();
            if mine.is_empty()
                || mine
                    .iter()
                    .all(|one| text(one, "/endorsement/state") != "awaiting")
            {
                continue;
            }
            let verdicts = verdicts(&director.organisation, &mine);
            endorsed += verdicts
                .iter()
                .filter(|one| text(one, "/verdict") == "endorse")
                .count();
            declined += verdicts
                .iter()
                .filter(|one| text(one, "/verdict") == "decline")
                .count();
            if BY_LINK.contains(&director.organisation.as_str()) {
                by_link += 1;
                self.answer_by_link(director, &verdicts).await?;
            } else {
                let path = format!("rounds/{}/slate/verdicts", self.world.round);
                let step = format!("slate-{}", director.organisation);
                let person = self.world.person(&director.key)?;
                self.client
                    .post(person, &path, &step, &json!({ "verdicts": verdicts }))
                    .await?;
            }
        }
        self.say(format_args!(
            "The directors rank and answer, {by_link} of them by the link in their mail: {endorsed} endorsed, {declined} declined."
        ));
        Ok(())
    }

    async fn answer_by_link(&self, director: &Person, verdicts: &[Value]) -> Result<(), Fault> {
        let link = self.link(&self.world.email(director), "slate").await?;
        self.client.open_page(&link).await?;
        let mut fields = vec![
            ("name".to_owned(), director.name.clone()),
            ("title".to_owned(), director.title.clone()),
        ];
        for verdict in verdicts {
            let application = text(verdict, "/applicationId");
            fields.push((
                format!("verdict-{application}"),
                text(verdict, "/verdict").to_owned(),
            ));
            if let Some(rank) = verdict.get("rank") {
                fields.push((format!("rank-{application}"), rank.to_string()));
            }
        }
        self.client.send_form(&link, &fields).await?;
        Ok(())
    }

    async fn endorsements_end(&self) -> Result<(), Fault> {
        self.at("2022-05-06T22:00:00Z")?;
        let forgotten = self
            .wait("an endorsement that expires", async || {
                let all = self.all_applications().await?;
                let awaited = all.iter().any(|one| {
                    text(one, "/endorsement/state") == "awaiting"
                        && text(one, "/replaces").is_empty()
                });
                let expired = all.iter().find(|one| {
                    text(one, "/endorsement/state") == "expired"
                        || text(one, "/endorsement/decidedBy").contains("Siri")
                });
                Ok(expired.filter(|_| !awaited).cloned())
            })
            .await?;
        let body = json!({ "verdict": "endorse", "motive": "The director was ill and has agreed by telephone." });
        let path = format!("applications/{}/endorsement", text(&forgotten, "/id"));
        self.client
            .post(self.world.coordinator, &path, "forgotten", &body)
            .await?;
        self.say(format_args!(
            "One endorsement ran out; the coordinator endorses {} in the office's place, with a motive.",
            text(&forgotten, "/personName")
        ));
        Ok(())
    }

    async fn admission(&self) -> Result<Value, Fault> {
        self.at("2022-05-09T07:00:00Z")?;
        let path = format!("rounds/{}/admission-proposals", self.world.round);
        let proposal = self
            .client
            .post(self.world.coordinator, &path, "proposal", &nothing())
            .await?;
        let admitted = rows(&proposal, "admit");
        self.say(format_args!(
            "The proposal: {} of {} get a seat, {} wait; {} women and {} men before, {} and {} after. Inputs {}….",
            admitted.len(),
            proposal.get("rows").and_then(Value::as_array).map_or(0, Vec::len),
            rows(&proposal, "waitlist").len(),
            proposal.pointer("/balanceBefore/women").unwrap_or(&Value::Null),
            proposal.pointer("/balanceBefore/men").unwrap_or(&Value::Null),
            proposal.pointer("/balanceAfter/women").unwrap_or(&Value::Null),
            proposal.pointer("/balanceAfter/men").unwrap_or(&Value::Null),
            text(&proposal, "/inputsHash").get(..12).unwrap_or_default(),
        ));
        let last = admitted.last().ok_or("nobody is admitted")?;
        self.override_row(&proposal, last).await?;
        let path = format!("admission-proposals/{}/publication", text(&proposal, "/id"));
        let published = self
            .client
            .post(self.world.coordinator, &path, "publication", &nothing())
            .await?;
        self.say("The admission is published: everybody is told at once, and the seat that the override freed goes to the queue.");
        Ok(published)
    }

    async fn override_row(&self, proposal: &Value, row: &Value) -> Result<(), Fault> {
        let now = self
            .coordinator_reads(&format!("admission-proposals/{}", text(proposal, "/id")))
            .await?;
        if text(&now, "/state") == "proposed" {
            let path = format!(
                "admission-proposals/{}/rows/{}",
                text(proposal, "/id"),
                text(row, "/applicationId")
            );
            let body = json!({ "verdict": "waitlist", "reason": "Has asked for a later seat; agreed with the municipality." });
            self.client
                .put(self.world.coordinator, &path, &body)
                .await?;
        }
        let reasons = row
            .get("reasons")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let reasons: Vec<&str> = reasons
            .iter()
            .map(|reason| text(reason, "/detail"))
            .collect();
        self.say(format_args!(
            "One row is overridden with a reason: {} of {} waits (the rules said: {}).",
            text(row, "/personName"),
            text(row, "/municipalityName"),
            reasons.join(" ")
        ));
        Ok(())
    }

    /// Of the offers that the publication made, some are declined, one is forgotten, the rest
    /// accepted, a few by the link in the mail.
    async fn offers_are_answered(&self, published: &Value) -> Result<String, Fault> {
        self.at("2022-05-11T09:00:00Z")?;
        let offered = rows(published, "admit");
        let all = self.all_applications().await?;
        let person_of: HashMap<&str, &str> = all
            .iter()
            .map(|one| (text(one, "/id"), text(one, "/personId")))
            .collect();
        let mut offer_link = String::new();
        for (index, row) in offered.iter().enumerate() {
            let application = text(row, "/applicationId");
            let person: PersonId = person_of.get(application).ok_or("no applicant")?.parse()?;
            match index {
                _ if index < DECLINING => self.answer(application, person, "decline").await?,
                _ if index < DECLINING + FORGETTING => {}
                _ if index < DECLINING + FORGETTING + ANSWERING_BY_LINK => {
                    offer_link = self.accept_by_link(application, person).await?;
                }
                _ => self.answer(application, person, "accept").await?,
            }
        }
        self.say(format_args!(
            "{} offers: {DECLINING} declined, {FORGETTING} left unanswered, the rest accepted, {ANSWERING_BY_LINK} of them by the link in the mail.",
            offered.len()
        ));
        Ok(offer_link)
    }

    async fn answer(
        &self,
        application: &str,
        person: PersonId,
        verdict: &str,
    ) -> Result<(), Fault> {
        let path = format!("applications/{application}/answer");
        let step = format!("answer-{application}");
        self.client
            .post(person, &path, &step, &json!({ "verdict": verdict }))
            .await?;
        Ok(())
    }

    async fn accept_by_link(&self, application: &str, person: PersonId) -> Result<String, Fault> {
        let known = self.coordinator_reads(&format!("people/{person}")).await?;
        let link = self.link(text(&known, "/email"), "offer").await?;
        self.client.open_page(&link).await?;
        let now = self
            .coordinator_reads(&format!("applications/{application}"))
            .await?;
        if text(&now, "/seat/state") == "offered" {
            self.client
                .send_form(&link, &[("verdict".to_owned(), "accept".to_owned())])
                .await?;
        }
        Ok(link)
    }

    async fn queue_moves(&self, forgotten: &str) -> Result<(), Fault> {
        let moved = self.accept_new_offers(forgotten).await?;
        self.say(format_args!(
            "The queue moved at once for the seats that were free: {}.",
            moved.join(", ")
        ));
        self.at("2022-05-19T22:00:00Z")?;
        let path = format!(
            "applications?limit=100&roundId={}&seat=expired",
            self.world.round
        );
        let expired = self
            .wait("an offer that expires", async || {
                let expired = self.client.list(self.world.coordinator, &path).await?;
                Ok(expired.into_iter().next())
            })
            .await?;
        let moved = self.accept_new_offers(forgotten).await?;
        self.say(format_args!(
            "{}'s offer has run out; the sweep offers the seat to the next: {}.",
            text(&expired, "/personName"),
            moved.join(", ")
        ));
        let queue = self
            .coordinator_reads(&format!("rounds/{}/queue", self.world.round))
            .await?;
        let entries = queue
            .get("entries")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let passed = entries
            .iter()
            .find(|one| !text(one, "/passOvers/0/detail").is_empty());
        let why = passed.map_or_else(String::new, |one| {
            format!(
                " {} was passed over: {}",
                text(one, "/personName"),
                text(one, "/passOvers/0/detail")
            )
        });
        self.say(format_args!("{} still wait.{why}", entries.len()));
        Ok(())
    }

    /// Accepts what is offered now except the forgotten offer, and says who was offered.
    async fn accept_new_offers(&self, forgotten: &str) -> Result<Vec<String>, Fault> {
        let path = format!(
            "applications?limit=100&roundId={}&seat=offered",
            self.world.round
        );
        let mut names = Vec::new();
        for offered in self.client.list(self.world.coordinator, &path).await? {
            let application = text(&offered, "/id");
            if application != forgotten {
                self.answer(application, id(&offered, "/personId")?, "accept")
                    .await?;
                names.push(text(&offered, "/personName").to_owned());
            }
        }
        Ok(names)
    }

    async fn seat_is_handed_on(&self) -> Result<(PersonId, ApplicationId), Fault> {
        self.at("2022-06-07T08:00:00Z")?;
        let all = self.all_applications().await?;
        let linkoping = self
            .world
            .organisations
            .get("linkoping")
            .ok_or("no Linköping")?
            .to_string();
        let has_seat = |one: &&Value| {
            text(one, "/municipalityId") == linkoping
                && matches!(text(one, "/seat/state"), "accepted" | "substituted")
                && text(one, "/replaces").is_empty()
        };
        let handed_on = all
            .iter()
            .find(|one| text(one, "/seat/state") == "substituted");
        let first = handed_on
            .or_else(|| all.iter().find(has_seat))
            .ok_or("nobody of Linköping has a seat")?;
        let substitute = self.world.seeds.people.applicants.iter().skip(APPLICANTS);
        let substitute = substitute
            .into_iter()
            .find(|one| one.organisation == "linkoping")
            .ok_or("no substitute")?;
        let body = json!({ "personId": self.world.person(&substitute.key)?, "reason": "Changes jobs in August." });
        let path = format!("applications/{}/substitution", text(first, "/id"));
        let second = self
            .client
            .post(id(first, "/personId")?, &path, "substitution", &body)
            .await?;
        let kept = self
            .coordinator_reads(&format!("applications/{}", text(first, "/id")))
            .await?;
        self.say(format_args!(
            "{} names {} for the seat and keeps it until the director has endorsed (seat: {}).",
            text(first, "/personName"),
            substitute.name,
            text(&kept, "/seat/state")
        ));
        let director = self.world.person("linkoping-director")?;
        let path = format!("applications/{}/endorsement", text(&second, "/id"));
        let changed = self
            .client
            .post(
                director,
                &path,
                "substitution-endorsed",
                &json!({ "verdict": "endorse" }),
            )
            .await?;
        self.say(format_args!(
            "The director endorses: {} has the seat ({}).",
            substitute.name,
            text(&changed, "/seat/state")
        ));
        Ok((self.world.person(&substitute.key)?, id(first, "/id")?))
    }

    /// The next round, which is invented: it takes applications now, so that there is something
    /// to try.
    async fn next_round_opens(&self, applicant: PersonId) -> Result<(RoundId, String), Fault> {
        let played = self
            .coordinator_reads(&format!("rounds/{}", self.world.round))
            .await?;
        let text_of = |words: &str| json!({ "sv": words });
        let body = json!({
            "programmeId": text(&played, "/programmeId"),
            "name": text_of("Ledarskap i kommuner, nästa omgång (påhittad)"),
            "seats": 24, "opensOn": "2023-03-01", "closesOn": "2023-09-30", "endorseBy": "2023-10-14",
            "eligibility": { "partnersOnly": true, "personKinds": ["employed_manager"] },
            "endorsement": "municipal_director",
            "admission": { "municipalityFloor": 1, "municipalityCeiling": 3, "balance": { "mode": "tie_break" } },
            "language": "sv", "timeZone": "Europe/Stockholm",
        });
        let made = self
            .client
            .post(self.world.coordinator, "rounds", "next-round", &body)
            .await?;
        let round: RoundId = id(&made, "/id")?;
        let path = format!("rounds/{round}/publication");
        self.client
            .post(
                self.world.coordinator,
                &path,
                "next-round-publication",
                &nothing(),
            )
            .await?;
        self.wait("the next round's opening", async || {
            let round = self.coordinator_reads(&format!("rounds/{round}")).await?;
            Ok((text(&round, "/state") == "open").then_some(()))
        })
        .await?;
        let body = json!({ "roundId": round, "motivation": "Jag fick ingen plats i våras och försöker igen." });
        let made = self
            .client
            .post(applicant, "applications", "next-application", &body)
            .await?;
        let municipality = text(&made, "/municipalityId");
        let all = &self.world.organisations;
        let key = all
            .iter()
            .find(|(_, id)| id.to_string() == municipality)
            .map(|(key, _)| key.as_str());
        let address = self.director_email(key.unwrap_or_default())?;
        let link = self.link(&address, "slate").await?;
        self.say("The next round is open for applications; a director has one to decide.");
        Ok((round, link))
    }

    async fn somebody_without_seat(&self) -> Result<PersonId, Fault> {
        let all = self.all_applications().await?;
        let waits = all.iter().find(|one| {
            text(one, "/admission/verdict") == "waitlisted" && text(one, "/seat/state") == "none"
        });
        id(waits.ok_or("nobody waits")?, "/personId")
    }
}

/// The rows of a proposal with a verdict.
fn rows<'a>(proposal: &'a Value, verdict: &str) -> Vec<&'a Value> {
    let rows = proposal.get("rows").and_then(Value::as_array);
    rows.into_iter()
        .flatten()
        .filter(|row| text(row, "/verdict") == verdict)
        .collect()
}

/// A director ranks in the order of application; two decline their last applicant, and one
/// forgets theirs.
fn verdicts(municipality: &str, applications: &[&Value]) -> Vec<Value> {
    let last = applications.len().saturating_sub(1);
    let all = applications.iter().enumerate();
    all.filter(|(index, _)| municipality != FORGETFUL || *index != last)
        .map(|(index, one)| {
            if DECLINED.contains(&municipality) && index == last {
                let motive = "Has just changed positions.";
                return json!({ "applicationId": text(one, "/id"), "verdict": "decline", "motive": motive });
            }
            json!({ "applicationId": text(one, "/id"), "verdict": "endorse", "rank": index + 1 })
        })
        .collect()
}

fn motivation(person: &Person) -> String {
    format!(
        "Jag är {} och vill utveckla mitt ledarskap tillsammans med andra.",
        person.title.to_lowercase()
    )
}
