//! Pages and inner doors: what opens them is not a role but what is presented.

use super::{API, scene::Scene};
use crate::world::{Service, World, text};
use serde_json::json;
use shared_testing::{Client, Reply, authorisation::Doors, database, databases};
use shared_types::{Caller, LinkId, OrganisationId, Role};
use shared_web::{
    key::KeyPair,
    link::LinkKey,
    token::{INTERNAL, Signer},
};

#[actix_web::test]
async fn pages_and_doors_open_for_what_the_table_says() {
    for database in databases().await {
        let scene = Scene::set(World::new(database, 2).await).await;
        assert_eq!(API.check_doors(&scene).await, 5 * API.doors().rows.len());
    }
}

impl Doors for Scene {
    type Keys = Keys;

    async fn keys(&self, row: &str) -> Keys {
        keys(self, row).await
    }

    async fn knock(&self, row: &str, keys: &Keys, presented: char) -> Reply {
        knock(self, row, keys, presented).await
    }
}

/// The ids that an address is about, and the link that opens it.
pub(super) struct Keys {
    id: String,
    link: Option<(LinkId, &'static str)>,
}

async fn keys(scene: &Scene, row: &str) -> Keys {
    let service = &scene.world.service;
    let (id, kind) = match row {
        "/registration/pages/slate/{token}" => (scene.applied(json!({})).await.0, "slate"),
        "/registration/pages/offer/{token}" => (scene.admitted(1).await.0, "offer"),
        "/registration/pages/confirm/{token}" => (unconfirmed(scene).await, "confirm"),
        "/registration/pages/nomination/{token}" => (nominated(scene).await, "nomination"),
        "/registration/pages/interest/{token}" => (interested(scene).await, "interest"),
        "/registration/pages/identity/{token}" => return claimed(scene).await,
        "/registration/pages/unsubscribe/{token}" => {
            let message = scene.bounced().await.0;
            let link = message.parse().unwrap();
            return Keys {
                id: message,
                link: Some((link, "unsubscribe")),
            };
        }
        _ => (scene.round(&["publication", "opening"]).await, ""),
    };
    let column = if service.database.is_postgres() {
        "id::text"
    } else {
        "hex(id)"
    };
    let query = format!("SELECT {column} AS row FROM links WHERE kind = '{kind}' ORDER BY id DESC");
    let found = database::texts(&service.state().database, &query).await;
    let link = found.first().map(|id| (id.parse().unwrap(), kind));
    Keys { id, link }
}

/// A round with an application that was made without an account and waits to be confirmed.
async fn unconfirmed(scene: &Scene) -> String {
    let round = scene.round(&["publication", "opening"]).await;
    let form = format!("/registration/pages/rounds/{round}/application");
    let organisation = scene.own().to_string();
    let fields = [
        ("name", "Maja Lindqvist"),
        ("title", "Chef"),
        ("organisationId", organisation.as_str()),
        ("email", "maja@kommun.example"),
        ("kind", "employed_manager"),
        ("gender", "woman"),
        ("motivation", "x"),
    ];
    let stranger = scene.world.service.stranger();
    stranger.post_form(&form, &fields).await.is(303);
    round
}

/// A round for which the person was nominated and may say no.
async fn nominated(scene: &Scene) -> String {
    let round = scene.round(&["publication", "opening"]).await;
    let body = json!({ "people": [{ "personId": scene.person.id }] });
    let path = format!("rounds/{round}/nominations");
    scene.world.coordinator.post(&path, body).await.ok();
    round
}

/// A round without dates in which somebody is interested.
async fn interested(scene: &Scene) -> String {
    let dates = json!({ "opensOn": null, "closesOn": null, "endorseBy": null });
    let round = scene.world.draft_round(dates).await;
    let step = format!("rounds/{round}/publication");
    scene.world.step(&step).await.ok();
    let body = json!({ "name": "Maja", "email": "maja@kommun.example", "language": "sv" });
    let stranger = scene.world.service.stranger();
    stranger
        .post(&format!("rounds/{round}/interests"), body)
        .await
        .ok();
    round
}

/// A first login that waits for its person's word; its link stands in a table of its own.
async fn claimed(scene: &Scene) -> Keys {
    let service = &scene.world.service;
    let login = json!({
        "kind": "token", "issuer": "https://login.example", "subject": "abc",
        "verified_email": scene.person.email,
    });
    let gateway = service.stranger().caller(gateway());
    let unknown = gateway.post("/internal/callers", login).await;
    unknown.refused("not_found");
    let column = if service.database.is_postgres() {
        "id::text"
    } else {
        "hex(id)"
    };
    let query = format!("SELECT {column} AS row FROM identity_claims");
    let found = database::texts(&service.state().database, &query).await;
    Keys {
        id: scene.person.id.to_string(),
        link: Some((found[0].parse().unwrap(), "identity")),
    }
}

async fn knock(scene: &Scene, row: &str, keys: &Keys, presented: char) -> Reply {
    let service = &scene.world.service;
    if row == "/internal/callers" {
        return resolve(scene, presented).await;
    }
    if row == "/events" {
        // Another service's key opens it, and nothing that is presented here.
        return service.stranger().post(row, json!({})).await;
    }
    if let Some(below) = row.strip_prefix("/registration/scim/v2") {
        return provision(scene, below, presented).await;
    }
    let own = LinkKey::from_secret("links of tests");
    let text = match (keys.link, presented) {
        (None, _) | (_, 'n') => String::new(),
        (Some((id, _)), 'f') => LinkKey::from_secret("another").sign("slate", id),
        (Some((id, kind)), 'w') => own.sign(if kind == "slate" { "offer" } else { "slate" }, id),
        (Some((id, "identity")), 'v') => {
            let over = "DELETE FROM identity_claims";
            database::tamper(&service.state().database, over).await;
            own.sign("identity", id)
        }
        (Some((id, kind)), 'v') => {
            let revoked = format!("UPDATE links SET revoked_at = created_at WHERE kind = '{kind}'");
            database::tamper(&service.state().database, &revoked).await;
            own.sign(kind, id)
        }
        (Some((id, kind)), _) => own.sign(kind, id),
    };
    let path = row
        .replace("{name}", "registration")
        .replace("{roundId}", &keys.id)
        .replace("{token}", &text);
    let client = with_token(service, presented);
    let page = client.get(&path).await;
    assert!(
        !text_of(&page).contains(&keys.id) || page.status == 200,
        "{row}"
    );
    page
}

/// The desk of provisioning opens for a key of HR's; a person's own token is another thing.
async fn provision(scene: &Scene, below: &str, presented: char) -> Reply {
    let service = &scene.world.service;
    let hr = [(Role::Hr, scene.own())];
    let client = match presented {
        'r' => service.stranger().system(Role::Hr, Some(scene.own())),
        'w' => service.stranger().person(scene.person.id, &hr),
        'f' => forger(service),
        _ => service.stranger(),
    };
    let id = if below.starts_with("/Users") {
        scene.person.id.to_string()
    } else {
        "role-hr".to_owned()
    };
    let user = "urn:ietf:params:scim:schemas:core:2.0:User";
    let below = below.replace("{id}", &id).replace("{name}", "User");
    let path = format!("/registration/scim/v2{}", below.replace("{urn}", user));
    let message = |name: &str| json!([format!("urn:ietf:params:scim:api:messages:2.0:{name}")]);
    if path.ends_with("/Bulk") {
        let body = json!({ "schemas": message("BulkRequest"), "Operations": [] });
        return client.post(&path, body).await;
    }
    if path.ends_with("/.search") {
        let body = json!({ "schemas": message("SearchRequest") });
        return client.post(&path, body).await;
    }
    client.get(&path).await
}

fn text_of(reply: &Reply) -> String {
    text(&reply.json["detail"])
}

/// Where a token plays no part, it changes nothing what one is presented.
fn with_token(service: &Service, presented: char) -> Client {
    match presented {
        'w' => service
            .stranger()
            .system(Role::Director, Some(OrganisationId::new())),
        'f' => forger(service),
        _ => service.stranger(),
    }
}

fn forger(service: &Service) -> Client {
    let forger = KeyPair::generate("gateway").unwrap();
    let origin = &service.instances[0].origin;
    let signer = std::sync::Arc::new(Signer::new(&forger));
    Client::new(origin, crate::world::ROOT, signer).caller(gateway())
}

fn gateway() -> Caller {
    Caller {
        subject: "gateway".to_owned(),
        ..Caller::anonymous()
    }
}

async fn resolve(scene: &Scene, presented: char) -> Reply {
    let service = &scene.world.service;
    let credential = json!({ "kind": "token", "issuer": "demo", "subject": scene.person.id });
    let client = match presented {
        'r' => service.stranger().caller(gateway()),
        'w' => scene.person.client.clone(),
        'f' => forger(service),
        'n' => service.stranger(),
        _ => {
            let over = shared_web::token::Purpose {
                audience: "akademi-events",
                ..INTERNAL
            };
            let token = Signer::new(&service.gateway)
                .sign(over, &gateway())
                .unwrap();
            let call = service
                .stranger()
                .call(shared_testing::Method::POST, "/internal/callers");
            return call.token(&token).json(&credential).send().await;
        }
    };
    client.post("/internal/callers", credential).await
}
