//! Certificates: issuing, checking, credentials, ending.

use crate::world::{LINKS, Participant, World, on_each_database};
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::read::GzDecoder;
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared_testing::{Reply, database};
use shared_types::{LinkId, PersonId};
use shared_web::link::LinkKey;
use std::io::Read as _;

mod paper;
mod shape;

impl World {
    /// A participant who completed the round.
    pub(crate) async fn graduate(&self, name: &str) -> Participant {
        self.tell_organiser().await;
        let participant = self.participant(0, json!({ "name": name })).await;
        let path = format!("completions/{}/decision", participant.application);
        let body = json!({ "outcome": "completed", "reason": "By the rule." });
        self.coordinator.post(&path, body).await.ok();
        participant
    }

    /// Issues a certificate.
    pub(crate) async fn issue(&self, participant: &Participant) -> Reply {
        let path = format!("participations/{}/certificates", participant.application);
        self.coordinator.post(&path, json!({})).await
    }

    async fn page(&self, path: &str) -> Reply {
        self.service.stranger().get(path).await
    }

    async fn check(&self, code: &str) -> Reply {
        self.page(&format!("/evaluation/pages/certificates/{code}"))
            .await
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[actix_web::test]
async fn a_certificate_is_for_who_completed_the_round_and_there_is_one() {
    on_each_database(async |world| {
        world.tell_organiser().await;
        let bo = world.participant(0, json!({ "name": "Bo" })).await;
        world.issue(&bo).await.refused("completion_missing");
        let anna = world.graduate("Åsa Öberg").await;
        let made = world.issue(&anna).await.created();
        assert_eq!(
            (text(&made["name"]), text(&made["state"])),
            ("Åsa Öberg", "valid")
        );
        assert_eq!(
            (text(&made["language"]), text(&made["issuedOn"])),
            ("sv", "2022-06-01")
        );
        let url = format!(
            "https://akademi.test/evaluation/pages/certificates/{}",
            text(&made["code"])
        );
        assert_eq!(text(&made["verificationUrl"]), url);
        world.issue(&anna).await.refused("certificate_exists");
        let stands = format!("completions/{}", anna.application);
        let stands = anna.person.client.get(&stands).await.ok();
        assert_eq!(stands["certificateId"], made["id"]);
        // The participant is told, with a link and without the code.
        let told = world.service.messages().await;
        let told = told.last().unwrap();
        assert_eq!(text(&told["template"]), "certificate_issued");
        assert!(!told.to_string().contains(text(&made["code"])));
        // The others at once: nobody twice.
        let cia = world.graduate("Cia").await;
        let all = format!("rounds/{}/certificates", world.round);
        let issued = world.coordinator.post_empty(&all).await.ok();
        assert_eq!(issued["certificateIds"].as_array().unwrap().len(), 1);
        let own = cia.person.client.get("certificates").await.ok();
        assert_eq!(own["items"][0]["id"], issued["certificateIds"][0]);
        assert_eq!(own["_meta"]["totalRecords"], 1);
    })
    .await;
}

#[actix_web::test]
async fn one_certificate_is_issued_by_however_many_at_once() {
    on_each_database(async |world| {
        let anna = world.graduate("Anna").await;
        let replies = join_all((0..8).map(|_| world.issue(&anna))).await;
        let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
        assert_eq!(world.service.count("certificates").await, 1);
    })
    .await;
}

#[actix_web::test]
async fn whoever_has_the_code_reads_name_programme_round_date_and_state_and_nothing_else() {
    on_each_database(async |world| {
        let anna = world.graduate("Åsa <Öberg>").await;
        let made = world.issue(&anna).await.created();
        let code = text(&made["code"]).to_owned();
        let page = world.check(&code).await.ok();
        for shown in [
            "Åsa &lt;Öberg&gt;",
            "To lead",
            "The round of 2022",
            "June",
            "is valid",
        ] {
            assert!(page.text.contains(shown), "{shown}: {}", page.text);
        }
        let secrets = [
            anna.person.id.to_string(),
            anna.application.to_string(),
            made.id(),
            world.organiser.to_string(),
            "By the rule.".to_owned(),
        ];
        for secret in secrets {
            assert!(!page.text.contains(&secret), "{secret}");
        }
        assert_eq!(page.header("cache-control"), Some("no-store"));
        // However it is typed.
        let typed = code.to_lowercase().replace('-', "");
        world.check(&typed).await.ok();
        let asked = world
            .page(&format!("/evaluation/pages/certificates?code={typed}"))
            .await
            .is(303);
        let to = format!("/evaluation/pages/certificates/{code}");
        assert_eq!(asked.header("location"), Some(to.as_str()));
        world.page("/evaluation/pages/certificates").await.ok();
        // What nobody was given: the same answer, well formed or not.
        let unknown = world.check("0000-0000-0000-0000").await.is(404);
        let malformed = world.check("nonsense").await.is(404);
        assert_eq!(unknown.text, malformed.text);
        assert!(unknown.text.contains("No certificate has this code"));
    })
    .await;
}

#[actix_web::test]
async fn a_change_of_name_replaces_the_certificate_and_the_old_one_says_so() {
    on_each_database(async |world| {
        let anna = world.graduate("Anna Andersson").await;
        let old = world.issue(&anna).await.created();
        let claims = credential(world, &anna, &old.id()).await;
        assert!(!is_revoked(world, &claims).await);
        let renamed = json!({
            "personId": anna.person.id, "organisationId": world.municipalities[0],
            "municipalityId": world.municipalities[0], "departmentId": null, "managerId": null,
            "kind": "employed_manager", "gender": "woman", "name": "Anna Berg",
            "language": "en", "active": true,
        });
        world.service.tell("person.changed", renamed).await;
        let path = format!("certificates/{}/replacement", old.id());
        let reason = json!({ "reason": "Change of name." });
        let new = world
            .coordinator
            .post(&path, reason.clone())
            .await
            .created();
        assert_eq!(text(&new["name"]), "Anna Berg");
        assert_ne!(new["code"], old["code"]);
        let read = format!("certificates/{}", old.id());
        let ended = anna.person.client.get(&read).await.ok();
        assert_eq!(text(&ended["state"]), "replaced");
        assert_eq!(ended["replacedById"], new["id"]);
        assert_eq!(text(&ended["reason"]), "Change of name.");
        let evaluator = world.evaluator.get(&read).await.ok();
        assert!(evaluator.json.get("reason").is_none());
        let page = world.check(text(&old["code"])).await.ok();
        assert!(page.text.contains("replaced by a new one"), "{}", page.text);
        // The old name stands there, the new one and the reason do not.
        assert!(page.text.contains("Anna Andersson") && !page.text.contains("Anna Berg"));
        assert!(!page.text.contains("Change of name"));
        assert!(
            world
                .check(text(&new["code"]))
                .await
                .ok()
                .text
                .contains("is valid")
        );
        let refused = world.coordinator.post(&path, reason).await;
        let refused = refused.refused("certificate_not_valid");
        assert_eq!(refused["transitions"][0]["name"], "revocation");
        // Whoever has the old credential sees that it holds no more, and the new one holds.
        assert!(is_revoked(world, &claims).await);
        let renewed = credential(world, &anna, &new.id()).await;
        let place = |claims: &Value| claims["credentialStatus"]["statusListIndex"].clone();
        assert_ne!(place(&renewed), place(&claims));
        assert!(!is_revoked(world, &renewed).await);
        let links = world.service.links_to(anna.person.id).await;
        assert_eq!(links.len(), 2);
    })
    .await;
}

#[actix_web::test]
async fn a_credential_is_verified_by_what_is_published_and_its_revocation_by_the_list() {
    on_each_database(async |world| {
        let anna = world.graduate("Åsa Öberg").await;
        let made = world.issue(&anna).await.created();
        let path = format!("certificates/{}/credential", made.id());
        let signed = anna.person.client.get(&path).await.ok();
        assert_eq!(signed.header("content-type"), Some("application/vc+jwt"));
        let claims = verified(world, &signed.text).await;
        shape::assert_badge(&claims);
        let subject = &claims["credentialSubject"];
        assert_eq!(text(&subject["identifier"][0]["identityHash"]), "Åsa Öberg");
        assert_eq!(text(&subject["achievement"]["name"]), "Att leda");
        for secret in [anna.person.id.to_string(), "By the rule.".to_owned()] {
            assert!(!claims.to_string().contains(&secret));
        }
        // Its issuer says who it is.
        let issuer = world.page(below(text(&claims["iss"]))).await.ok();
        assert_eq!(issuer["id"], claims["issuer"]["id"]);
        assert_eq!(
            text(&issuer["name"]),
            "Centrum för kommunstrategiska studier"
        );
        assert!(!is_revoked(world, &claims).await);
        let revocation = format!("certificates/{}/revocation", made.id());
        let reason = json!({ "reason": "Issued by mistake." });
        world.coordinator.post(&revocation, reason).await.ok();
        assert!(is_revoked(world, &claims).await);
        let page = world.check(text(&made["code"])).await.ok();
        assert!(page.text.contains("was revoked") && !page.text.contains("mistake"));
    })
    .await;
}

/// The claims of a certificate's credential.
async fn credential(world: &World, whose: &Participant, certificate: &str) -> Value {
    let path = format!("certificates/{certificate}/credential");
    let signed = whose.person.client.get(&path).await.ok();
    verified(world, &signed.text).await
}

/// Whether the list that a credential names says that it is revoked.
async fn is_revoked(world: &World, claims: &Value) -> bool {
    let status = &claims["credentialStatus"];
    let list = below(text(&status["statusListCredential"]));
    let index: usize = text(&status["statusListIndex"]).parse().unwrap();
    let signed = world.page(list).await.ok();
    let claims = verified(world, &signed.text).await;
    shape::assert_status_list(&claims);
    let bits = bits(text(&claims["credentialSubject"]["encodedList"]));
    assert!(bits.len() * 8 >= 131_072);
    bits[index / 8] & (0x80 >> (index % 8)) != 0
}

/// The path of one of our addresses.
fn below(url: &str) -> &str {
    url.strip_prefix("https://akademi.test").unwrap()
}

fn part(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// The claims of a credential whose signature fits the key that stands at its `kid`.
async fn verified(world: &World, signed: &str) -> Value {
    let (text, signature) = signed.rsplit_once('.').unwrap();
    let (header, claims) = text.split_once('.').unwrap();
    let header: Value = serde_json::from_slice(&part(header)).unwrap();
    let members: Vec<&String> = header.as_object().unwrap().keys().collect();
    assert_eq!(members, ["alg", "kid", "typ"]);
    let key = world
        .page(below(header["kid"].as_str().unwrap()))
        .await
        .ok();
    let all = world.page("/.well-known/jwks.json").await.ok();
    assert_eq!(all["keys"][0], key.json);
    assert!(key.json.get("d").is_none());
    let number = |name: &str| part(key[name].as_str().unwrap());
    let components = RsaPublicKeyComponents {
        n: number("n"),
        e: number("e"),
    };
    components
        .verify(
            &RSA_PKCS1_2048_8192_SHA256,
            text.as_bytes(),
            &part(signature),
        )
        .unwrap();
    // Another text is not what was signed.
    let other = format!("{text}x");
    components
        .verify(
            &RSA_PKCS1_2048_8192_SHA256,
            other.as_bytes(),
            &part(signature),
        )
        .unwrap_err();
    serde_json::from_slice(&part(claims)).unwrap()
}

fn bits(encoded: &str) -> Vec<u8> {
    let compressed = part(encoded.strip_prefix('u').unwrap());
    let mut bits = Vec::new();
    GzDecoder::new(compressed.as_slice())
        .read_to_end(&mut bits)
        .unwrap();
    bits
}

#[actix_web::test]
async fn a_participant_without_an_account_gets_the_certificate_by_the_link_alone() {
    on_each_database(async |world| {
        let anna = world.graduate("Anna").await;
        let made = world.issue(&anna).await.created();
        let links = world.service.links_to(anna.person.id).await;
        let link = links.last().unwrap();
        let page = world.page(link).await.ok();
        assert!(page.text.contains(text(&made["code"])));
        assert!(page.text.contains(&format!("{link}/document")));
        let document = world.page(&format!("{link}/document")).await.ok();
        assert_eq!(document.header("content-type"), Some("application/pdf"));
        assert!(document.text.starts_with("%PDF-1.7"));
        let credential = world.page(&format!("{link}/credential")).await.ok();
        verified(world, &credential.text).await;
        let id: uuid::Uuid = made.id().parse().unwrap();
        let forged = LinkKey::from_secret("another secret").sign("certificate", LinkId::from(id));
        let other = LinkKey::from_secret(LINKS).sign("proposal", LinkId::from(id));
        for wrong in [forged, other, made.id()] {
            for rest in ["", "/document", "/credential"] {
                let path = format!("/evaluation/pages/certificate/{wrong}{rest}");
                assert!(
                    world
                        .page(&path)
                        .await
                        .is(404)
                        .text
                        .contains("does not work")
                );
            }
        }
    })
    .await;
}

/// A document as it comes, byte by byte.
async fn bytes(world: &World, path: &str) -> Vec<u8> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let authority = world.service.origin.strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(authority).await.unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).await.unwrap();
    let body = reply
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    reply.split_off(body + 4)
}

#[actix_web::test]
async fn whoever_scans_a_certificates_square_comes_to_the_page_that_checks_it() {
    on_each_database(async |world| {
        let anna = world.graduate("Anna").await;
        let made = world.issue(&anna).await.created();
        let links = world.service.links_to(anna.person.id).await;
        let link = links.last().unwrap();
        let document = bytes(world, &format!("{link}/document")).await;
        let address = paper::scanned(&document);
        assert_eq!(address, text(&made["verificationUrl"]));
        let page = world.page(below(&address)).await.ok();
        assert!(page.text.contains("Anna") && page.text.contains("is valid"));
    })
    .await;
}

#[actix_web::test]
async fn who_is_forgotten_has_no_certificate_any_more_and_nothing_says_whose_it_was() {
    on_each_database(async |world| {
        const CANARY: &str = "Quirinella Xylander";
        world.tell_organiser().await;
        let anna = world.participant(0, json!({ "name": CANARY })).await;
        let decision = format!("completions/{}/decision", anna.application);
        let body = json!({ "outcome": "completed", "reason": "The quirinella paper." });
        world.coordinator.post(&decision, body).await.ok();
        let made = world.issue(&anna).await.created();
        let reason = json!({ "reason": "The name is quirinella." });
        let replacement = format!("certificates/{}/replacement", made.id());
        let made = world.coordinator.post(&replacement, reason.clone()).await;
        let made = made.created();
        let signed = format!("certificates/{}/credential", made.id());
        let signed = world.coordinator.get(&signed).await.ok();
        let claims = verified(world, &signed.text).await;
        let registrar = world.staff(shared_types::Role::Registrar);
        let path = format!("participations/{}/credits", anna.application);
        let credits = json!({
            "creditsTenths": 75, "reference": "quirinella/118", "registeredOn": "2022-05-30",
        });
        let credits = registrar.post(&path, credits).await.created();
        let revocation = format!("credits/{}/revocation", credits.id());
        registrar.post(&revocation, reason).await.ok();
        let kept = "SELECT COUNT(*) AS row FROM change_reasons WHERE reason LIKE '%quirinella%'";
        let database = &world.service.state.database;
        assert_eq!(
            database::number(database, kept).await,
            3,
            "the test can fail"
        );
        let erased = json!({ "personId": anna.person.id });
        world.service.tell("person.erased", erased).await;
        world.service.sweep().await;
        world.check(text(&made["code"])).await.is(404);
        let kept = database::contents(&world.service.state.database).await;
        for (table, rows) in &kept {
            for row in rows {
                assert!(
                    !row.contains(CANARY) && !row.contains("quirinella"),
                    "{table}: {row}"
                );
            }
        }
        let list = text(&claims["credentialStatus"]["statusListCredential"]).to_owned();
        let list = world.page(below(&list)).await.ok();
        let list = verified(world, &list.text).await;
        let bits = bits(text(&list["credentialSubject"]["encodedList"]));
        assert_eq!(bits.iter().map(|byte| byte.count_ones()).sum::<u32>(), 2);
    })
    .await;
}

#[actix_web::test]
async fn what_nobody_published_is_not_there() {
    on_each_database(async |world| {
        let nothing = PersonId::new();
        for path in [
            "/evaluation/pages/issuer-keys/2021".to_owned(),
            format!("/evaluation/pages/issuers/{}", world.organiser),
            format!("/evaluation/pages/status-lists/{nothing}"),
            "/evaluation/pages/status-lists/none".to_owned(),
        ] {
            world.page(&path).await.is(404);
        }
    })
    .await;
}
