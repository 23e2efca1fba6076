//! Kinds of signed links: their keys are derived from the kind alone, so a word that two services
//! used would open one's pages with the other's links. And what is really mailed, shown and handed
//! out: each thing opens its own place, and is a forgery in every other's.

use crate::program::{Api, Place};
use serde_json::{Value, json};
use shared_testing::mail;
use shared_types::{Caller, LinkId};
use shared_web::{
    key::KeyPair,
    link::LinkKey,
    outgoing::Method,
    token::{EVENTS, INTERNAL, Purpose, Signer},
};
use std::{collections::BTreeMap, fs, path::Path, time::Duration};

/// The service and kind of every address that a signed link opens, from the tables of doors, which
/// each service's own tests hold against its sources.
fn kinds() -> BTreeMap<String, Vec<String>> {
    let services = Path::new(env!("CARGO_MANIFEST_DIR")).join("services");
    let mut kinds: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for service in fs::read_dir(services).unwrap() {
        let table = service.unwrap().path().join("authorisation.md");
        for line in fs::read_to_string(table).unwrap().lines() {
            let address = line.split_whitespace().next().unwrap_or_default();
            let parts: Vec<&str> = address.split('/').collect();
            if let ["", service, "pages", kind, "{token}", ..] = parts[..] {
                let services = kinds.entry(kind.to_owned()).or_default();
                if !services.iter().any(|one| one == service) {
                    services.push(service.to_owned());
                }
            }
        }
    }
    kinds
}

#[test]
fn no_two_services_use_the_same_kind_of_link() {
    let kinds = kinds();
    for known in ["slate", "invitation", "proposal"] {
        assert!(kinds.contains_key(known), "{known}: {kinds:?}");
    }
    for (kind, services) in kinds {
        assert_eq!(services.len(), 1, "{kind} is used by {services:?}");
    }
}

/// A place of the table of doors that something secret opens.
struct Door {
    address: String,
    kind: String,
}

impl Door {
    /// Every one of all services: a new one is tried too, or fails for want of a key.
    fn all() -> Vec<Self> {
        let services = Path::new(env!("CARGO_MANIFEST_DIR")).join("services");
        let tables = fs::read_dir(services).unwrap().map(|service| {
            let table = service.unwrap().path().join("authorisation.md");
            fs::read_to_string(table).unwrap()
        });
        let rows = tables.collect::<String>();
        let addresses = rows.lines().filter_map(|row| row.split_whitespace().next());
        let doors = addresses.filter_map(|address| {
            let (before, _) = ["{token}", "{secret}", "{code}"]
                .iter()
                .find_map(|key| address.split_once(*key))?;
            let kind = before.trim_end_matches('/').rsplit('/').next()?;
            address.contains("/pages/").then(|| Self {
                address: address.to_owned(),
                kind: kind.to_owned(),
            })
        });
        doors.collect()
    }

    fn with(&self, key: &str) -> String {
        // Head counts are a table or an object.
        let ending = if self.kind == "head-counts" {
            ".json"
        } else {
            ""
        };
        let key = format!("{key}{ending}");
        let names = ["{token}", "{secret}", "{code}"];
        names
            .iter()
            .fold(self.address.clone(), |path, name| path.replace(name, &key))
    }
}

/// What opens a place: a link, a code, a secret address; or who bears it.
struct Key {
    /// The kind of its place; of a bearer's, no page's.
    kind: String,
    text: String,
    /// Whether whoever presents it is somebody.
    is_bearers: bool,
    /// Who signs it anew each time, since it lives for seconds, and for what.
    signed: Option<(Signer, Purpose)>,
}

impl Key {
    fn text(&self) -> String {
        let signed = self.signed.as_ref();
        signed.map_or_else(
            || self.text.clone(),
            |(signer, purpose)| signer.sign(*purpose, &Caller::anonymous()).unwrap(),
        )
    }
}

fn key(kind: &str, text: impl Into<String>) -> Key {
    Key {
        kind: kind.to_owned(),
        text: text.into(),
        is_bearers: false,
        signed: None,
    }
}

/// Addresses that want to know who calls, in every part.
const KNOWN_ONLY: [&str; 7] = [
    "/registration/v1/me",
    // For everybody, but not for whoever presents a forgery.
    "/registration/v1/rounds",
    "/registration/scim/v2/Users",
    "/scheduling/v1/invitations",
    "/mentorship/v1/pairs",
    "/evaluation/v1/certificates",
    "/gateway/v1/archive",
];

/// Stops if anything that the demo has mailed, shown or handed out opens another's place.
pub(crate) async fn open_nothing_else(place: &Place, api: &Api, summary: &Value) {
    let doors = Door::all();
    assert!(doors.len() >= 16, "the tables lost their doors");
    let keys = keys(place, api, summary, &doors).await;
    let mut tried = 0;
    for door in &doors {
        // What no key is looks as what is another's does.
        let forged = door.with(&LinkKey::from_secret("forged").sign(&door.kind, LinkId::new()));
        let read = api.status(Method::GET, None, &forged).await;
        let sent = api.status(Method::POST, None, &forged).await;
        let is_refused = |status: u16| (400..=499).contains(&status);
        assert!(is_refused(read) && is_refused(sent), "{}", door.address);
        for key in keys.iter().filter(|key| key.kind != door.kind) {
            let path = door.with(&key.text());
            let both = (
                api.status(Method::GET, None, &path).await,
                api.status(Method::POST, None, &path).await,
            );
            assert_eq!(both, (read, sent), "{} at {}", key.kind, door.address);
            tried += 1;
        }
        let own = keys.iter().find(|key| key.kind == door.kind);
        let own = own.unwrap_or_else(|| panic!("nothing opens {}: make it", door.address));
        // Nobody has a login of another provider here.
        if door.kind != "identity" {
            let opened = api.status(Method::GET, None, &door.with(&own.text())).await;
            assert_eq!(opened, 200, "{}", door.address);
        }
    }
    for key in keys.iter().filter(|key| !key.is_bearers) {
        for path in KNOWN_ONLY {
            let (status, _) = api.get(Some(&key.text()), path).await;
            assert_eq!(status, 401, "{} as a token at {path}", key.kind);
            tried += 1;
        }
    }
    assert!(tried > 350, "{tried}");
}

/// One of each: what the demo left, and what it did not need.
async fn keys(place: &Place, api: &Api, summary: &Value, doors: &[Door]) -> Vec<Key> {
    let made = make(api, summary).await;
    let folder = place.folder.join("mail");
    let mut links = BTreeMap::new();
    // Mails are written within seconds.
    for _ in 0..100 {
        links = mailed(&folder);
        if ["nomination", "interest"]
            .iter()
            .all(|kind| links.contains_key(*kind))
        {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut keys = made;
    for (kind, texts) in links {
        let Some(door) = doors.iter().find(|door| door.kind == kind) else {
            continue;
        };
        // The oldest are of people who were forgotten since.
        for text in texts.into_iter().rev() {
            if api.status(Method::GET, None, &door.with(&text)).await == 200 {
                keys.push(key(&kind, text));
                break;
            }
        }
    }
    let certificate = keys.iter().find(|key| key.kind == "certificate").unwrap();
    let page = api
        .text(&format!(
            "/evaluation/pages/certificate/{}",
            certificate.text
        ))
        .await;
    let (_, code) = page.split_once("/evaluation/pages/certificates/").unwrap();
    keys.push(key("certificates", code.split('"').next().unwrap()));
    let signing = LinkKey::load_or_generate(&place.folder.join("keys").join("link")).unwrap();
    keys.push(key("identity", signing.sign("identity", LinkId::new())));
    // Genuine, but not for the outside: by the gateway's own key, and by a service's.
    for (process, purpose) in [("gateway", INTERNAL), ("registration", EVENTS)] {
        let path = place.folder.join("keys").join(process);
        let pair = KeyPair::load_or_generate(process, &path).unwrap();
        keys.push(Key {
            signed: Some((Signer::new(&pair), purpose)),
            ..key(purpose.audience, "")
        });
    }
    keys
}

/// What the demo did not need, and what it handed out.
async fn make(api: &Api, summary: &Value) -> Vec<Key> {
    let token = |role: &str| summary["tokens"][role].as_str().unwrap();
    let coordinator = token("coordinator");
    let made = async |token: &str, path: String, body: Value| {
        let (status, made) = api.post(token, &path, &body).await;
        assert!(status < 300, "{path}: {made}");
        made
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let waiting = text(&summary["rounds"]["linkoping-alla-chefer-intresse"]);
    let interest = json!({ "name": "Nils", "email": "nils@kommun.example", "language": "sv" });
    made(
        coordinator,
        format!("/registration/v1/rounds/{waiting}/interests"),
        interest,
    )
    .await;
    let open = text(&summary["openRound"]);
    let named = json!({ "people": [{ "personId": summary["people"]["ydre-deputy"] }] });
    made(
        coordinator,
        format!("/registration/v1/rounds/{open}/nominations"),
        named,
    )
    .await;
    let (_, venues) = api
        .get(Some(coordinator), "/scheduling/v1/venues?limit=1")
        .await;
    let booking = json!({
        "roundId": summary["round"], "venueId": venues["items"][0]["id"],
        "startsOn": "2023-06-01", "endsOn": "2023-06-02", "heldUntil": "2023-05-01", "nights": [],
        "meals": [{ "date": "2023-06-01", "meal": "lunch", "heads": 2 }],
    });
    let booking = made(coordinator, "/scheduling/v1/bookings".into(), booking).await;
    let link = format!("/scheduling/v1/bookings/{}/link", text(&booking["id"]));
    let counts = text(&made(coordinator, link, json!({})).await["address"]);
    let calendar = json!({ "name": "Test" });
    let calendar = made(
        token("participant"),
        "/scheduling/v1/calendar-links".into(),
        calendar,
    )
    .await;
    let calendar = text(&calendar["address"]);
    let last = |address: &str, ending: &str| {
        let name = address.rsplit('/').next().unwrap();
        name.strip_suffix(ending).unwrap().to_owned()
    };
    let bearers = [text(&summary["hr"]["key"]), token("director").to_owned()];
    let bearers = bearers.map(|text| Key {
        is_bearers: true,
        ..key("bearer", text)
    });
    let others = [
        key("head-counts", last(&counts, ".json")),
        key("calendars", last(&calendar, ".ics")),
    ];
    others.into_iter().chain(bearers).collect()
}

/// The links in all mails, by kind, the newest last.
fn mailed(folder: &Path) -> BTreeMap<String, Vec<String>> {
    let mut links: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mail in mail::read(folder) {
        // Soft breaks of quoted-printable stand within links.
        let text = mail.whole.replace("=\n", "");
        for part in text.split("/pages/").skip(1) {
            let Some((kind, rest)) = part.split_once('/') else {
                continue;
            };
            let is_key = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
            let end = rest.find(|letter| !is_key(letter)).unwrap_or(rest.len());
            if end == LINK_CHARACTERS {
                links
                    .entry(kind.to_owned())
                    .or_default()
                    .push(rest[..end].to_owned());
            }
        }
    }
    links
}

/// Characters of a signed link.
const LINK_CHARACTERS: usize = 43;
