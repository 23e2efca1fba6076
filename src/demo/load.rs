//! Loads the five programmes with their organisers, municipalities and invented people.

use super::{
    client::{Client, id},
    nothing,
    seeds::{Person, Seeds},
};
use crate::{Fault, say};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use registration::{
    State,
    init::{self, NewOrganiser},
    retention::store,
};
use serde_json::{Value, json};
use shared_database::Change;
use shared_types::{
    Actor, OrganisationId, PersonId, Problem, RoundId, registration::privacy::RetentionKind,
};
use std::collections::HashMap;

/// The round that is played.
const ROUND: &str = "ledarskap-i-kommuner-2022";
/// Days for which the demo keeps its mails.
const MAILS_KEPT_DAYS: i32 = 1095;
/// Calls that are under way at once.
const AT_ONCE: usize = 4;
/// Organisers, and how the codes of the municipalities begin that are their partners.
const PARTNERS: [(&str, &str); 2] = [("cks", "SE-05"), ("jonkoping", "SE-06")];
/// The staff of the organiser that is played: role, name.
const STAFF: [(&str, &str); 4] = [
    ("evaluator", "Elsa Nordin"),
    ("facilitator", "Folke Rydén"),
    ("registrar", "Ragnhild Sund"),
    ("auditor", "Algot Viken"),
];
/// The applicants who have no account and use the public form.
pub(super) const WITHOUT_ACCOUNT: std::ops::Range<usize> = 50..60;
/// Applicants of the round; who comes after them may be named as a substitute.
pub(super) const APPLICANTS: usize = 60;

/// What was loaded.
#[derive(Debug)]
pub(super) struct World {
    pub(super) seeds: Seeds,
    pub(super) organisations: HashMap<String, OrganisationId>,
    pub(super) people: HashMap<String, PersonId>,
    pub(super) staff: HashMap<String, PersonId>,
    pub(super) coordinator: PersonId,
    pub(super) organisers: HashMap<String, (OrganisationId, PersonId)>,
    pub(super) organiser: OrganisationId,
    pub(super) rounds: HashMap<String, RoundId>,
    pub(super) round: RoundId,
}

impl World {
    /// The address of a person of the data.
    pub(super) fn email(&self, person: &Person) -> String {
        let organisation = self
            .seeds
            .organisations
            .iter()
            .find(|one| one.key == person.organisation);
        person.email(organisation.map_or("", |one| &one.slug))
    }

    /// Who keeps Linköping's people.
    pub(super) fn hr(&self) -> Result<PersonId, Fault> {
        let hr = self.staff.get("hr");
        Ok(*hr.ok_or("Linköping has no HR")?)
    }

    /// A round with its organiser, and who coordinates it.
    pub(super) fn run(&self, key: &str) -> Result<(PersonId, OrganisationId, RoundId), Fault> {
        let missing = || format!("no round {key}");
        let seed = self.seeds.rounds.iter().find(|one| one.key == key);
        let programme = seed.map(|seed| seed.programme.as_str());
        let programmes = &self.seeds.programmes;
        let programme = programmes
            .iter()
            .find(|one| Some(one.key.as_str()) == programme);
        let organiser = programme.and_then(|one| self.organisers.get(&one.organiser));
        let (organiser, coordinator) = *organiser.ok_or_else(missing)?;
        let round = *self.rounds.get(key).ok_or_else(missing)?;
        Ok((coordinator, organiser, round))
    }

    /// The id of a person of the data.
    pub(super) fn person(&self, key: &str) -> Result<PersonId, Fault> {
        self.people
            .get(key)
            .copied()
            .ok_or_else(|| format!("no person {key}").into())
    }
}

/// Keeps mails for longer than the journey lasts: a demo that goes on reads them again, and what it
/// is told late bears the day on which its clock begins anew.
async fn mails_are_kept(state: &State) -> Result<(), Fault> {
    let actor = Actor::system(state.core.clock.now());
    let kept = state.database.change(actor, async |change: &mut Change| {
        let rule = store::find(change.tx(), RetentionKind::SentMails).await?;
        if rule.days < MAILS_KEPT_DAYS {
            store::set(change, rule, MAILS_KEPT_DAYS).await?;
        }
        Ok::<_, Problem>(())
    });
    Ok(kept.await.map_err(|problem| problem.to_string())?)
}

/// Loads everything; what is there already is found again.
pub(super) async fn load(state: &State, client: &Client) -> Result<World, Fault> {
    mails_are_kept(state).await?;
    let seeds = Seeds::read()?;
    let organisers = organisers(state, &seeds).await?;
    let (organiser, coordinator) = *organisers.get("cks").ok_or("no organiser")?;
    let mut loader = Loader {
        client,
        seeds: &seeds,
        organiser,
        coordinator,
        organisers,
        organisations: HashMap::new(),
    };
    loader.organisations().await?;
    let departments = loader.departments().await?;
    let people = loader.people(&departments).await?;
    loader.offices(&people).await?;
    let staff = loader.staff(organiser, &people).await?;
    loader.partners().await?;
    let rounds = loader.programmes().await?;
    let (organisations, organisers) = (loader.organisations, loader.organisers);
    say::line(format_args!(
        "Loaded {} organisations, {} people, {} programmes and {} rounds.",
        organisations.len(),
        people.len(),
        seeds.programmes.len(),
        rounds.len()
    ));
    let round = *rounds.get(ROUND).ok_or("no round to play")?;
    Ok(World {
        seeds,
        organisations,
        people,
        staff,
        coordinator,
        organisers,
        organiser,
        rounds,
        round,
    })
}

/// Makes each organiser with its first coordinator, as `akademi init` does.
async fn organisers(
    state: &State,
    seeds: &Seeds,
) -> Result<HashMap<String, (OrganisationId, PersonId)>, Fault> {
    let mut made = HashMap::new();
    let keys = ["cks"].into_iter().chain(
        seeds
            .programmes
            .iter()
            .map(|programme| programme.organiser.as_str()),
    );
    for key in keys {
        if made.contains_key(key) {
            continue;
        }
        let seed = seeds
            .organisations
            .iter()
            .find(|one| one.key == key)
            .ok_or("an organiser is missing")?;
        let email = format!("samordnare@{}.example", seed.slug);
        let known = init::coordinator(state, &email)
            .await
            .map_err(|problem| problem.to_string())?;
        let pair = if let Some(pair) = known {
            pair
        } else {
            let organiser = NewOrganiser {
                organisation: serde_json::from_value(seed.body.clone())?,
                coordinator_name: "Siri Samordnare".to_owned(),
                coordinator_email: email,
            };
            let installed = init::install(state, organiser)
                .await
                .map_err(|problem| problem.to_string())?;
            (installed.organisation_id, installed.person_id)
        };
        made.insert(key.to_owned(), pair);
    }
    Ok(made)
}

struct Loader<'a> {
    client: &'a Client,
    seeds: &'a Seeds,
    organiser: OrganisationId,
    coordinator: PersonId,
    organisers: HashMap<String, (OrganisationId, PersonId)>,
    organisations: HashMap<String, OrganisationId>,
}

impl Loader<'_> {
    fn organisation(&self, key: &str) -> Result<OrganisationId, Fault> {
        self.organisations
            .get(key)
            .copied()
            .ok_or_else(|| format!("no organisation {key}").into())
    }

    /// The organiser whose partner an organisation becomes, and which keeps it until then; an
    /// organiser keeps itself.
    fn keeper(&self, key: &str) -> (OrganisationId, PersonId) {
        let seed = self.seeds.organisations.iter().find(|one| one.key == key);
        let place = seed.and_then(|seed| seed.parent.as_deref()).unwrap_or(key);
        let code = self.seeds.organisations.iter().find(|one| one.key == place);
        let code = code.map_or("", |one| super::client::text(&one.body, "/officialCode"));
        let organiser = PARTNERS
            .iter()
            .find(|(_, start)| code.len() == 7 && code.starts_with(start))
            .map_or("cks", |(organiser, _)| *organiser);
        let organisers = [key, place, organiser].map(|key| self.organisers.get(key));
        let found = organisers.into_iter().flatten().next();
        found.copied().unwrap_or((self.organiser, self.coordinator))
    }

    /// Adds something to an organisation in the name of whoever keeps it.
    async fn post(&self, key: &str, path: &str, step: &str, body: &Value) -> Result<Value, Fault> {
        let (_, coordinator) = self.keeper(key);
        self.client.post(coordinator, path, step, body).await
    }

    /// One after the other: a parent stands before what belongs to it.
    async fn organisations(&mut self) -> Result<(), Fault> {
        for (key, (id, _)) in &self.organisers {
            self.organisations.insert(key.clone(), *id);
        }
        for seed in &self.seeds.organisations {
            if self.organisations.contains_key(&seed.key) {
                continue;
            }
            let mut body = seed.body.clone();
            if let Some(parent) = &seed.parent {
                set(&mut body, "parentId", json!(self.organisation(parent)?));
            }
            let made = self
                .post(
                    &seed.key,
                    "organisations",
                    &format!("organisation-{}", seed.key),
                    &body,
                )
                .await?;
            self.organisations
                .insert(seed.key.clone(), id(&made, "/id")?);
        }
        Ok(())
    }

    async fn departments(&self) -> Result<HashMap<(String, String), String>, Fault> {
        let all = self.seeds.organisations.iter().flat_map(|seed| {
            seed.departments
                .iter()
                .map(move |name| (seed.key.clone(), name.clone()))
        });
        let made = stream::iter(all).map(async |(key, name)| {
            let path = format!("organisations/{}/departments", self.organisation(&key)?);
            let step = format!("department-{key}-{}", slug(&name));
            let made = self
                .post(&key, &path, &step, &json!({ "name": name }))
                .await?;
            Ok::<_, Fault>(((key, name), super::client::text(&made, "/id").to_owned()))
        });
        made.buffer_unordered(AT_ONCE).try_collect().await
    }

    async fn people(
        &self,
        departments: &HashMap<(String, String), String>,
    ) -> Result<HashMap<String, PersonId>, Fault> {
        let people = &self.seeds.people;
        let without = people.applicants.get(WITHOUT_ACCOUNT).unwrap_or_default();
        let known = people.directors.iter().chain(&people.deputies).chain(
            people
                .applicants
                .iter()
                .filter(|one| !without.iter().any(|other| other.key == one.key)),
        );
        let made = stream::iter(known).map(async |person| {
            let organisation = self
                .seeds
                .organisations
                .iter()
                .find(|one| one.key == person.organisation);
            let slug = organisation.map_or("", |one| &one.slug);
            let department =
                departments.get(&(person.organisation.clone(), person.department.clone()));
            let mut body = json!({
                "name": person.name, "email": person.email(slug), "title": person.title,
                "organisationId": self.organisation(&person.organisation)?, "kind": person.kind,
                "gender": person.gender, "language": "sv",
            });
            if let Some(department) = department {
                set(&mut body, "departmentId", json!(department));
            }
            let made = self
                .post(
                    &person.organisation,
                    "people",
                    &format!("person-{}", person.key),
                    &body,
                )
                .await?;
            Ok::<_, Fault>((person.key.clone(), id(&made, "/id")?))
        });
        made.buffer_unordered(AT_ONCE).try_collect().await
    }

    async fn offices(&self, people: &HashMap<String, PersonId>) -> Result<(), Fault> {
        let directors = self
            .seeds
            .people
            .directors
            .iter()
            .map(|person| (person, "municipal_director"));
        let deputies = self
            .seeds
            .people
            .deputies
            .iter()
            .map(|person| (person, "deputy_director"));
        let made = stream::iter(directors.chain(deputies)).map(async |(person, kind)| {
            let holder = people
                .get(&person.key)
                .ok_or("an office without its holder")?;
            let body = json!({
                "organisationId": self.organisation(&person.organisation)?, "kind": kind,
                "title": { "sv": person.title }, "holderId": holder,
            });
            self.post(
                &person.organisation,
                "offices",
                &format!("office-{}", person.key),
                &body,
            )
            .await?;
            Ok::<_, Fault>(())
        });
        made.buffer_unordered(AT_ONCE).try_collect().await
    }

    /// The organiser's own staff, and somebody who keeps Linköping's people.
    async fn staff(
        &self,
        organiser: OrganisationId,
        people: &HashMap<String, PersonId>,
    ) -> Result<HashMap<String, PersonId>, Fault> {
        let mut staff = HashMap::new();
        for (role, name) in STAFF {
            let body = json!({
                "name": name, "email": format!("{role}@cks.example"), "organisationId": organiser,
                "kind": "other", "language": "sv",
            });
            let made = self
                .post("cks", "people", &format!("staff-{role}"), &body)
                .await?;
            let person: PersonId = id(&made, "/id")?;
            let body = json!({ "role": role, "organisationId": organiser });
            self.post(
                "cks",
                &format!("people/{person}/roles"),
                &format!("staff-{role}-role"),
                &body,
            )
            .await?;
            staff.insert(role.to_owned(), person);
        }
        let (linkoping, coordinator) = *self
            .organisers
            .get("linkoping")
            .ok_or("Linköping is no organiser")?;
        let hr = *people
            .get("linkoping-deputy")
            .ok_or("Linköping has no deputy")?;
        let body = json!({ "role": "hr", "organisationId": linkoping });
        self.client
            .post(
                coordinator,
                &format!("people/{hr}/roles"),
                "staff-hr-role",
                &body,
            )
            .await?;
        staff.insert("hr".to_owned(), hr);
        Ok(staff)
    }

    /// Östergötland's municipalities are partners of CKS, Jönköping county's of its academy.
    async fn partners(&self) -> Result<(), Fault> {
        for (organiser, codes) in PARTNERS {
            let (organiser, coordinator) = *self
                .organisers
                .get(organiser)
                .ok_or("an organiser is missing")?;
            for seed in &self.seeds.organisations {
                let code = super::client::text(&seed.body, "/officialCode");
                if code.len() == 7 && code.starts_with(codes) {
                    let path = format!(
                        "organisations/{organiser}/partners/{}",
                        self.organisation(&seed.key)?
                    );
                    self.client.put(coordinator, &path, &nothing()).await?;
                    let (_, keeper) = self.keeper(&seed.key);
                    if keeper != coordinator {
                        self.client.put(keeper, &path, &nothing()).await?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn programmes(&self) -> Result<HashMap<String, RoundId>, Fault> {
        let mut programmes = HashMap::new();
        for seed in &self.seeds.programmes {
            let (organiser, coordinator) = *self
                .organisers
                .get(&seed.organiser)
                .ok_or("an organiser is missing")?;
            let mut body = seed.body.clone();
            set(&mut body, "organiserId", json!(organiser));
            let step = format!("programme-{}", seed.key);
            let made = self
                .client
                .post(coordinator, "programmes", &step, &body)
                .await?;
            let path = format!(
                "programmes/{}/publication",
                super::client::text(&made, "/id")
            );
            self.client
                .post(
                    coordinator,
                    &path,
                    &format!("{step}-publication"),
                    &nothing(),
                )
                .await?;
            programmes.insert(
                seed.key.clone(),
                (super::client::text(&made, "/id").to_owned(), coordinator),
            );
        }
        let mut rounds = HashMap::new();
        for seed in &self.seeds.rounds {
            let (programme, coordinator) = programmes
                .get(&seed.programme)
                .ok_or("a programme is missing")?;
            let mut body = seed.body.clone();
            set(&mut body, "programmeId", json!(programme));
            let step = format!("round-{}", seed.key);
            let made = self
                .client
                .post(*coordinator, "rounds", &step, &body)
                .await?;
            let round: RoundId = id(&made, "/id")?;
            if seed.publish {
                let path = format!("rounds/{round}/publication");
                self.client
                    .post(
                        *coordinator,
                        &path,
                        &format!("{step}-publication"),
                        &nothing(),
                    )
                    .await?;
            }
            rounds.insert(seed.key.clone(), round);
        }
        Ok(rounds)
    }
}

/// Sets a member of a body.
fn set(body: &mut Value, name: &str, value: Value) {
    if let Some(members) = body.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}

fn slug(name: &str) -> String {
    name.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte)
            } else {
                '-'
            }
        })
        .collect()
}
