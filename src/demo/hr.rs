//! Linköping's HR system: a thousand employees by SCIM, two of whom apply for the municipality's
//! own programme, one of whom leaves; and one who asks to be forgotten. Employees and round are
//! invented.

use super::{
    client::{id, text},
    journey::Journey,
    nothing,
};
use crate::{Fault, say};
use serde_json::{Value, json};
use shared_types::{ApplicationId, ErasureId, EventId, PersonId, RoundId};
use shared_web::outgoing::Method;
use std::{
    ops::Range,
    time::{Duration, Instant},
};

/// Employees that the HR system keeps here.
const EMPLOYEES: usize = 1000;
/// Employees of one request.
const AT_ONCE: usize = 200;
/// How long somebody who has left may still be answered.
const MOST_SECONDS: u64 = 5;
/// Who has a seat and leaves, who waits for it, and who asks to be forgotten: the number of an
/// employee.
const LEAVING: usize = 41;
const WAITING: usize = 42;
const FORGOTTEN: usize = 43;
/// Services that keep something of a person.
const KEEPERS: usize = 4;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const MESSAGE: &str = "urn:ietf:params:scim:api:messages:2.0";

const GIVEN: [&str; 25] = [
    "Agnes", "Albin", "Astrid", "Axel", "Britta", "Cajsa", "Carl", "Disa", "Edvin", "Elsa",
    "Folke", "Gerda", "Gustav", "Hilda", "Ivar", "Karin", "Lova", "Malte", "Märta", "Nore", "Olle",
    "Runa", "Sigge", "Tyra", "Vilgot",
];
const FAMILY: [&str; 40] = [
    "Ahlin",
    "Alström",
    "Bergdal",
    "Björkén",
    "Boström",
    "Brolin",
    "Dahlvik",
    "Edlund",
    "Ekmark",
    "Englén",
    "Falkdal",
    "Fjällström",
    "Forslin",
    "Granvik",
    "Hagdahl",
    "Hedin",
    "Holmdal",
    "Höglin",
    "Isling",
    "Kjellén",
    "Kvist",
    "Lagerdal",
    "Lindmark",
    "Ljungvik",
    "Lövdahl",
    "Malmdal",
    "Nordvik",
    "Norling",
    "Oxén",
    "Palmdal",
    "Rosdal",
    "Rydmark",
    "Sandvik",
    "Sjödal",
    "Skogén",
    "Strandvik",
    "Sundmark",
    "Tallén",
    "Vikdal",
    "Åkerén",
];
const DEPARTMENTS: [&str; 6] = [
    "Kommunledningsförvaltningen",
    "Social- och omsorgsförvaltningen",
    "Utbildningsförvaltningen",
    "Kultur- och fritidsförvaltningen",
    "Miljö- och samhällsbyggnadsförvaltningen",
    "Leanlink",
];

/// What became of it.
#[derive(Debug)]
pub(super) struct Employer {
    /// The key with which the HR system calls.
    pub(super) key: String,
    /// The organiser's key, to try things out.
    pub(super) key_to_try: String,
    /// How many users there are.
    pub(super) users: u64,
    /// Who has left.
    pub(super) left: PersonId,
    /// How long it took until nobody answered them any more; nothing where that was before the
    /// demo was started again.
    pub(super) gone_after: Option<Duration>,
    /// The round that they had a seat in.
    pub(super) round: RoundId,
    /// Their application.
    pub(super) application: ApplicationId,
    /// The application of who got the seat.
    pub(super) next: ApplicationId,
    /// The erasure of who asked for it.
    pub(super) erasure: ErasureId,
    /// Services that have forgotten them.
    pub(super) forgotten_by: usize,
}

impl Employer {
    /// Whether everything came as it is promised.
    pub(super) fn is_right(&self) -> bool {
        let in_time = |after: Duration| after <= Duration::from_secs(MOST_SECONDS);
        self.users > EMPLOYEES as u64
            && self.gone_after.is_none_or(in_time)
            && self.forgotten_by == KEEPERS
    }
}

/// A department's first employee is the head of it, and the others'.
fn employee(number: usize) -> Value {
    let (given, family) = (GIVEN.get(number % 25), FAMILY.get(number / 25 % 40));
    let (given, family) = (given.unwrap_or(&"Agnes"), family.unwrap_or(&"Ahlin"));
    let heads = DEPARTMENTS.len();
    let department = DEPARTMENTS.get(number % heads);
    let is_head = number < heads;
    let mut extension =
        json!({ "employeeNumber": (10_000 + number).to_string(), "department": department });
    if let (false, Some(members)) = (is_head, extension.as_object_mut()) {
        let manager = json!({ "value": format!("LK-{}", number % heads) });
        members.insert("manager".to_owned(), manager);
    }
    json!({
        "schemas": [USER, ENTERPRISE],
        "userName": format!("lk{number:04}@linkoping.example"),
        "externalId": format!("LK-{number}"),
        "name": { "givenName": given, "familyName": family },
        "displayName": format!("{given} {family}"),
        "title": if is_head { "Förvaltningschef" } else { "Enhetschef" },
        "userType": "employed_manager",
        "preferredLanguage": "sv-SE",
        "active": true,
        "emails": [{ "value": format!("lk{number:04}@linkoping.example"), "type": "work", "primary": true }],
        ENTERPRISE: extension,
    })
}

impl Journey<'_> {
    /// Plays it.
    pub(super) async fn employer_provisions(&self) -> Result<Employer, Fault> {
        let key = self.key_of_hr().await?;
        let users = self.employees_come(&key).await?;
        let (left, waiting) = (
            self.user(&key, LEAVING).await?,
            self.user(&key, WAITING).await?,
        );
        let people: [PersonId; 2] = [id(&left, "/id")?, id(&waiting, "/id")?];
        let round = self.round_of_linkoping().await?;
        let is_there = left.get("active") == Some(&Value::Bool(true));
        let [application, next] = self.two_apply(round, people, is_there).await?;
        let gone_after = if is_there {
            Some(self.one_leaves(&key, people[0]).await?)
        } else {
            None
        };
        self.queue_takes_the_seat(application, next).await?;
        let (erasure, forgotten_by) = self.one_is_forgotten(&key).await?;
        Ok(Employer {
            key,
            key_to_try: self.key_to_try().await?,
            users,
            left: people[0],
            gone_after,
            round,
            application,
            next,
            erasure,
            forgotten_by,
        })
    }

    async fn provisions(
        &self,
        key: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Fault> {
        let reply = self.client.provision(key, method, path, body).await?;
        if (200..300).contains(&reply.status) {
            return Ok(reply.body);
        }
        Err(format!("{path}: {} {}", reply.status, reply.body).into())
    }

    /// HR makes the key.
    async fn key_of_hr(&self) -> Result<String, Fault> {
        let hr = self.world.hr()?;
        let body = json!({
            "name": "Personalsystemet", "role": "hr",
            "organisationId": self.world.organisations.get("linkoping"),
            "scopes": ["scim:read", "scim:write"],
        });
        self.key(hr, "hr-key", &body).await
    }

    /// A key of the organiser, which has few people: for whoever wants to try things out.
    async fn key_to_try(&self) -> Result<String, Fault> {
        let body = json!({
            "name": "Prov", "role": "coordinator", "organisationId": self.world.organiser,
            "scopes": ["scim:read", "scim:write"],
        });
        self.key(self.world.coordinator, "hr-key-to-try", &body)
            .await
    }

    /// A new key; a demo that goes on gives it a new secret, since none is kept.
    async fn key(&self, person: PersonId, step: &str, body: &Value) -> Result<String, Fault> {
        let made = self.client.post(person, "api-keys", step, body).await?;
        if let Some(secret) = made.get("secret").and_then(Value::as_str) {
            return Ok(secret.to_owned());
        }
        let path = format!("api-keys/{}/rotation", text(&made, "/id"));
        let body = json!({ "overlapHours": 0 });
        // Each start's own: the answer to an earlier one has no secret any more.
        let once = format!("{step}-{}", EventId::new());
        let reply = self
            .client
            .call(Method::POST, person, &path, Some(&once), Some(&body))
            .await?;
        match reply.body.get("secret").and_then(Value::as_str) {
            Some(secret) => Ok(secret.to_owned()),
            None => Err(format!("{path}: {} {}", reply.status, reply.body).into()),
        }
    }

    async fn employees_come(&self, key: &str) -> Result<u64, Fault> {
        let last = format!("Users?filter=externalId%20eq%20%22LK-{}%22", EMPLOYEES - 1);
        let known = self.provisions(key, Method::GET, &last, None).await?;
        let began = Instant::now();
        if known.get("totalResults") == Some(&json!(0)) {
            for first in (0..EMPLOYEES).step_by(AT_ONCE) {
                self.some_come(key, first..first + AT_ONCE).await?;
            }
        }
        let all = self
            .provisions(key, Method::GET, "Users?count=0", None)
            .await?;
        let users = all
            .get("totalResults")
            .and_then(Value::as_u64)
            .unwrap_or_default();
        self.say(format_args!(
            "Linköping's HR system provisions {EMPLOYEES} employees in {:.1} s by SCIM: {users} users.",
            began.elapsed().as_secs_f64()
        ));
        Ok(users)
    }

    async fn some_come(&self, key: &str, numbers: Range<usize>) -> Result<(), Fault> {
        let operations: Vec<Value> = numbers
            .map(|number| {
                let (name, data) = (number.to_string(), employee(number));
                json!({ "method": "POST", "path": "/Users", "bulkId": name, "data": data })
            })
            .collect();
        let body =
            json!({ "schemas": [format!("{MESSAGE}:BulkRequest")], "Operations": operations });
        let answer = self
            .provisions(key, Method::POST, "Bulk", Some(&body))
            .await?;
        let all = answer.get("Operations").and_then(Value::as_array);
        // Who is there already came before a demo that was stopped on the way.
        let is_well = |one: &&Value| ["201", "409"].contains(&text(one, "/status"));
        match all.into_iter().flatten().find(|one| !is_well(one)) {
            Some(refused) => Err(format!("an employee was refused: {refused}").into()),
            None => Ok(()),
        }
    }

    async fn user(&self, key: &str, number: usize) -> Result<Value, Fault> {
        let path = format!("Users?filter=externalId%20eq%20%22LK-{number}%22");
        let found = self.provisions(key, Method::GET, &path, None).await?;
        let user = found.pointer("/Resources/0").cloned();
        user.ok_or_else(|| format!("no employee {number}").into())
    }

    /// A round with one seat, of Linköping's own programme.
    async fn round_of_linkoping(&self) -> Result<RoundId, Fault> {
        let (coordinator, _, list) = self.world.run("linkoping-alla-chefer-intresse")?;
        let list = self
            .client
            .get(coordinator, &format!("rounds/{list}"))
            .await?;
        let body = json!({
            "programmeId": text(&list, "/programmeId"),
            "name": { "sv": "Alla chefer: en plats kvar (påhittad)" },
            "seats": 1, "opensOn": "2023-03-01", "closesOn": "2024-03-31",
            "eligibility": { "partnersOnly": true, "personKinds": ["employed_manager"] },
            "endorsement": "not_required",
            "language": "sv", "timeZone": "Europe/Stockholm",
        });
        let made = self
            .client
            .post(coordinator, "rounds", "hr-round", &body)
            .await?;
        let round: RoundId = id(&made, "/id")?;
        let path = format!("rounds/{round}/publication");
        self.client
            .post(coordinator, &path, "hr-round-publication", &nothing())
            .await?;
        let path = format!("rounds/{round}");
        self.wait("the opening of Linköping's round", async || {
            let round = self.client.get(coordinator, &path).await?;
            Ok((text(&round, "/state") != "published").then_some(()))
        })
        .await?;
        Ok(round)
    }

    /// Two apply; the first gets the seat and takes it, the second waits.
    async fn two_apply(
        &self,
        round: RoundId,
        people: [PersonId; 2],
        is_there: bool,
    ) -> Result<[ApplicationId; 2], Fault> {
        let (coordinator, _, _) = self.world.run("linkoping-alla-chefer-intresse")?;
        if is_there {
            for (place, person) in people.iter().enumerate() {
                let body = json!({ "roundId": round });
                let step = format!("hr-application-{place}");
                self.client
                    .post(*person, "applications", &step, &body)
                    .await?;
            }
            let steps = [
                ("closing", "hr-closing"),
                ("admission-proposals", "hr-proposal"),
            ];
            let mut proposal = Value::Null;
            for (path, step) in steps {
                let path = format!("rounds/{round}/{path}");
                proposal = self
                    .client
                    .post(coordinator, &path, step, &nothing())
                    .await?;
            }
            let path = format!("admission-proposals/{}/publication", text(&proposal, "/id"));
            self.client
                .post(coordinator, &path, "hr-publication", &nothing())
                .await?;
        }
        let path = format!("applications?limit=100&roundId={round}");
        let all = self.client.list(coordinator, &path).await?;
        let of = |person: PersonId| {
            let mut all = all.iter();
            let found = all.find(|one| text(one, "/personId") == person.to_string());
            id::<ApplicationId>(found.ok_or("an application is missing")?, "/id")
        };
        let [first, second] = [of(people[0])?, of(people[1])?];
        if is_there {
            let path = format!("applications/{first}/answer");
            let body = json!({ "verdict": "accept" });
            self.client
                .post(people[0], &path, "hr-answer", &body)
                .await?;
        }
        Ok([first, second])
    }

    /// HR says that somebody has left; nobody answers them any more.
    async fn one_leaves(&self, key: &str, person: PersonId) -> Result<Duration, Fault> {
        let me = async || {
            let reply = self
                .client
                .call(Method::GET, person, "me", None, None)
                .await?;
            Ok::<_, Fault>(reply.status)
        };
        // The gateway knows the person now, as it knows whoever works here.
        if me().await? != 200 {
            return Err("an employee is no caller".into());
        }
        let body = json!({
            "schemas": [format!("{MESSAGE}:PatchOp")],
            "Operations": [{ "op": "Replace", "path": "active", "value": "False" }],
        });
        self.provisions(key, Method::PATCH, &format!("Users/{person}"), Some(&body))
            .await?;
        let began = Instant::now();
        while me().await? != 401 {
            if began.elapsed() > Duration::from_secs(4 * MOST_SECONDS) {
                return Err("somebody who has left is still answered".into());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let after = began.elapsed();
        self.say(format_args!(
            "One of them leaves: HR says so, and after {:.1} s nobody answers them any more.",
            after.as_secs_f64()
        ));
        Ok(after)
    }

    /// The coordinator sees whose participation it concerns, and gives the seat up; the queue
    /// takes it at once.
    async fn queue_takes_the_seat(
        &self,
        left: ApplicationId,
        next: ApplicationId,
    ) -> Result<(), Fault> {
        let (coordinator, _, _) = self.world.run("linkoping-alla-chefer-intresse")?;
        let path = format!("applications/{left}");
        let seen = self.client.get(coordinator, &path).await?;
        if seen.get("personActive") != Some(&Value::Bool(false)) {
            return Err("the participation of who has left is not flagged".into());
        }
        let body = json!({ "reason": "Har slutat, enligt personalsystemet." });
        let step = "hr-withdrawal";
        self.client
            .post(coordinator, &format!("{path}/withdrawal"), step, &body)
            .await?;
        let path = format!("applications/{next}");
        let offered = self.client.get(coordinator, &path).await?;
        if text(&offered, "/seat/state") != "offered" {
            return Err(format!("the queue has not moved: {offered}").into());
        }
        self.say(format_args!(
            "The seat was flagged; the coordinator gives it up, and the queue offers it to {}.",
            text(&offered, "/personName")
        ));
        Ok(())
    }

    /// One who is interested in the next round asks to be forgotten; the last service to have done
    /// so ends it.
    async fn one_is_forgotten(&self, key: &str) -> Result<(ErasureId, usize), Fault> {
        let hr = self.world.hr()?;
        let known = self.client.list(hr, "erasures?limit=100").await?;
        let erasure = match known.into_iter().next() {
            Some(erasure) => erasure,
            None => self.ask_to_forget(key, hr).await?,
        };
        let id: ErasureId = id(&erasure, "/id")?;
        let erased = self
            .wait_for_facts("the end of an erasure", async || {
                let erasure = self.client.get(hr, &format!("erasures/{id}")).await?;
                Ok((text(&erasure, "/state") == "erased").then_some(erasure))
            })
            .await?;
        let services = erased.get("services").and_then(Value::as_array);
        let said = |one: &&Value| !text(one, "/acknowledgedAt").is_empty();
        let count = services.into_iter().flatten().filter(said).count();
        self.say(format_args!(
            "One who was interested in the next round asks to be forgotten: {count} services have done so."
        ));
        Ok((id, count))
    }

    async fn ask_to_forget(&self, key: &str, hr: PersonId) -> Result<Value, Fault> {
        let user = self.user(key, FORGOTTEN).await?;
        let person: PersonId = id(&user, "/id")?;
        let (_, _, list) = self.world.run("linkoping-alla-chefer-intresse")?;
        let interest = json!({
            "name": text(&user, "/displayName"), "email": text(&user, "/userName"), "language": "sv",
        });
        let path = format!("rounds/{list}/interests");
        self.client
            .post(person, &path, "hr-interest", &interest)
            .await?;
        let body = json!({ "personId": person, "reason": "Begärd av personen själv, muntligen." });
        self.client.post(hr, "erasures", "hr-erasure", &body).await
    }
}

/// Prints whether what is promised to employers held.
pub(super) fn print(employer: &Employer) -> bool {
    let held = employer.is_right();
    let mark = if held { "holds " } else { "BROKEN" };
    let after = employer.gone_after.map_or_else(
        || "before this start".to_owned(),
        |after| format!("after {:.1} s", after.as_secs_f64()),
    );
    say::line(format_args!(
        "{mark}  who leaves is no caller any more within {MOST_SECONDS} s: {after}; who asks for it is forgotten by {} of {KEEPERS} services",
        employer.forgotten_by
    ));
    held
}

/// What scripts go on from.
pub(super) fn summary(employer: &Employer) -> Value {
    json!({
        "key": employer.key,
        "keyToTry": employer.key_to_try,
        "users": employer.users,
        "left": employer.left,
        "goneAfterMillis": employer.gone_after.map(|after| u64::try_from(after.as_millis()).unwrap_or(u64::MAX)),
        "round": employer.round,
        "application": employer.application,
        "next": employer.next,
        "erasure": employer.erasure,
    })
}
