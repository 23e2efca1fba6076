//! Pages and inner doors: what opens them is not a role but what is presented.

use super::scene::Scene;
use crate::world::LINKS;
use serde_json::json;
use shared_testing::{Reply, authorisation::Doors};
use shared_types::{Caller, LinkId};
use shared_web::{
    link::LinkKey,
    token::{INTERNAL, Signer},
};
use uuid::Uuid;

/// What opens a page.
pub(super) enum Key {
    /// A link of this kind.
    Link(&'static str, LinkId),
    /// What stands in a public address; and what is genuine, but stands elsewhere.
    Public(String, String),
}

impl Doors for Scene {
    type Keys = Option<Key>;

    async fn keys(&self, row: &str) -> Option<Key> {
        let path = row.strip_prefix("/evaluation/pages/")?;
        let (kind, _) = path.split_once("/{")?;
        let (id, code) = self.certificate().await;
        let organiser = self.world.organiser.to_string();
        if kind == "report" {
            let path = format!("rounds/{}/report/links", self.world.round);
            let made = self.world.coordinator.post_empty(&path).await.is(201);
            let (_, token) = made["address"].as_str().unwrap().rsplit_once('/').unwrap();
            let link = LinkKey::from_secret(LINKS).verify("report", token);
            return Some(Key::Link("report", link.unwrap()));
        }
        if kind == "survey" {
            self.world.open(json!({})).await;
            let person = self.participant.person.id;
            let links = self.world.service.links_to(person).await;
            let (_, token) = links.last().unwrap().rsplit_once('/').unwrap();
            let link = LinkKey::from_secret(LINKS).verify("survey", token);
            return Some(Key::Link("survey", link.unwrap()));
        }
        if kind == "rater" {
            self.feedback().await;
            let links = self
                .world
                .service
                .links_to(self.participant.person.id)
                .await;
            let (_, token) = links.last().unwrap().rsplit_once('/').unwrap();
            let link = LinkKey::from_secret(LINKS).verify("rater", token);
            return Some(Key::Link("rater", link.unwrap()));
        }
        match kind {
            "certificate" => {
                let id: Uuid = id.parse().unwrap();
                Some(Key::Link("certificate", id.into()))
            }
            "certificates" => Some(Key::Public(code, id)),
            "issuer-keys" => Some(Key::Public("2022".to_owned(), code)),
            "issuers" => Some(Key::Public(organiser, id)),
            "status-lists" => {
                let path = format!("certificates/{id}/credential");
                let signed = self.world.coordinator.get(&path).await.ok();
                let list = list_of(&signed.text);
                Some(Key::Public(list, organiser))
            }
            _ => None,
        }
    }

    async fn knock(&self, row: &str, key: &Option<Key>, presented: char) -> Reply {
        let stranger = self.world.service.stranger();
        let path = row.replace("{name}", "evaluation");
        let token = key.as_ref().map(|key| match key {
            Key::Link(kind, link) => {
                let signed = LinkKey::from_secret(LINKS);
                match presented {
                    'r' => signed.sign(kind, *link),
                    // A link of another kind, one that belongs to nothing, one that nobody here
                    // signed.
                    'w' => signed.sign("offer", *link),
                    'v' => signed.sign(kind, LinkId::new()),
                    'f' => LinkKey::from_secret("somebody else's").sign(kind, *link),
                    _ => "none".to_owned(),
                }
            }
            Key::Public(right, elsewhere) => match presented {
                'r' => right.clone(),
                'w' => elsewhere.clone(),
                'v' => Uuid::new_v4().to_string(),
                'f' => "forged".to_owned(),
                _ => "none".to_owned(),
            },
        });
        let path = match (token, path.find("/{")) {
            (Some(token), Some(at)) => {
                let (before, after) = path.split_at(at);
                let rest = after.split_once('}').map_or("", |(_, rest)| rest);
                format!("{before}/{token}{rest}")
            }
            _ => path,
        };
        let method = if path == "/events" { "POST" } else { "GET" };
        let call = stranger.call(method.parse().unwrap(), &path);
        match presented {
            'w' if key.is_none() => {
                let minted = Signer::new(&self.world.service.gateway);
                let token = minted.sign(INTERNAL, &Caller::anonymous()).unwrap();
                call.token(&token).send().await
            }
            'f' if key.is_none() => call.token("e30.e30.e30").send().await,
            _ => call.send().await,
        }
    }
}

/// The status list that a credential names.
fn list_of(signed: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let claims = signed.split('.').nth(1).unwrap();
    let claims = URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    let list = claims["credentialStatus"]["statusListCredential"]
        .as_str()
        .unwrap();
    list.rsplit_once('/').unwrap().1.to_owned()
}
