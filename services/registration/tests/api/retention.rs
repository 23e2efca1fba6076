//! What is kept only so long: the preview names what the sweep then ends, and nothing else.

use crate::{
    scim::Key,
    world::{World, on_each_database, round as round_of, text, with},
};
use registration::retention::purge;
use serde_json::{Value, json};
use shared_testing::{Client, database};
use shared_types::Role;
use shared_web::sweep::Steps;

const CANARY: &str = "kanariefågel";

fn operator(world: &World) -> Client {
    world.service.stranger().system(Role::Operator, None)
}

async fn due(world: &World, kind: &str) -> i64 {
    let path = format!("retention-rules/{kind}/preview");
    let preview = operator(world).get(&path).await.ok();
    let items = preview["items"].as_array().unwrap().len();
    let count = preview["dueCount"].as_i64().unwrap();
    assert_eq!(usize::try_from(count.min(100)).unwrap(), items);
    count
}

async fn purge(world: &World) {
    let mut steps = Steps::default();
    purge::purge(world.service.state(), &mut steps)
        .await
        .unwrap();
    steps.end().unwrap();
    world.service.sweep().await;
}

async fn rows(world: &World, query: &str) -> i64 {
    database::number(&world.service.state().database, query).await
}

#[actix_web::test]
async fn everything_ends_when_its_time_is_over_and_not_before() {
    on_each_database(async |world| {
        let own = &world.municipalities[0];
        let round = world
            .open_round(json!({ "startsOn": "2022-06-01", "endsOn": "2022-06-30" }))
            .await;
        let person = world.person(own.id, "Maja Lindqvist").await;
        let body = json!({ "roundId": round, "motivation": CANARY });
        let applied = person.client.post("applications", body).await.created();
        let application = applied.id();
        let gone = world.person(own.id, "Nils Nyberg").await;
        let path = format!("people/{}", gone.id);
        let inactive = json!({ "active": false });
        world
            .coordinator
            .change("PATCH", &path, "*", inactive)
            .await
            .ok();
        world.service.mails().await;
        let kinds = [
            "sent_mails",
            "application_texts",
            "unconfirmed_people",
            "former_people",
            "interests",
            "reasons",
        ];
        for kind in kinds {
            assert_eq!(due(world, kind).await, 0, "{kind}");
        }
        let written = "SELECT COUNT(*) AS row FROM messages WHERE state = 'sent'";
        let before = rows(world, written).await;
        purge(world).await;
        assert!(before > 0);
        assert_eq!(rows(world, written).await, before);
        world.service.set_clock("2023-05-01T08:00:00Z");
        assert!(due(world, "sent_mails").await > 0);
        assert_eq!(due(world, "application_texts").await, 0);
        purge(world).await;
        assert_eq!(due(world, "sent_mails").await, 0);
        assert!(
            world.service.mails().await.is_empty(),
            "their files are gone too"
        );
        // That there were mails is still told, and nothing of them can be sent again.
        let told = operator(world).get("messages?state=erased").await.ok();
        assert_eq!(told["_meta"]["totalRecords"], before);
        let id = told["items"][0]["id"].as_str().unwrap().to_owned();
        let again = format!("messages/{id}/replay");
        let again = operator(world).post_empty(&again).await;
        again.refused("message_state_forbids");
        world.service.set_clock("2024-07-02T08:00:00Z");
        assert_eq!(due(world, "application_texts").await, 1);
        assert_eq!(due(world, "former_people").await, 1);
        purge(world).await;
        for kind in kinds {
            assert_eq!(due(world, kind).await, 0, "{kind}");
        }
        let all = database::contents(&world.service.state().database).await;
        // Answers are kept for seven days of the system's clock.
        let kept = all.iter().filter(|(table, _)| *table != "idempotency");
        assert!(
            !kept
                .flat_map(|(_, rows)| rows)
                .any(|row| row.contains(CANARY))
        );
        assert!(!all.values().flatten().any(|row| row.contains("Nyberg")));
        // What has ended is marked, and whoever is still here is untouched.
        let edges = world
            .edges(&world.coordinator, &format!("applications/{application}"))
            .await;
        assert!(
            edges.iter().any(|edge| edge == "application.texts_purged"),
            "{edges:?}"
        );
        let read = world
            .coordinator
            .get(&format!("people/{}", person.id))
            .await;
        assert_eq!(read.ok()["name"], "Maja Lindqvist");
        world.service.seal().await;
    })
    .await;
}

#[actix_web::test]
async fn who_was_deleted_by_the_hr_system_or_never_was_here_is_forgotten_too() {
    on_each_database(async |world| {
        let key = Key::hr(world, world.municipalities[0].id);
        let user = |name: &str, active: bool| {
            json!({
                "userName": format!("{name}@kommun.example"), "displayName": name,
                "active": active,
            })
        };
        let left = key.user(user("Nyberg", true)).await;
        key.user(user("Aldrig", false)).await;
        let back = key.user(user("Tillbaka", false)).await;
        key.user(user("Kvar", true)).await;
        key.delete(&format!("Users/{left}")).await.is(204);
        let here = json!([{ "op": "replace", "path": "active", "value": true }]);
        key.patch(&format!("Users/{back}"), here).await.ok();
        world.service.set_clock("2024-04-10T08:00:00Z");
        assert_eq!(due(world, "former_people").await, 0);
        world.service.set_clock("2024-04-13T08:00:00Z");
        assert_eq!(due(world, "former_people").await, 2);
        purge(world).await;
        assert_eq!(due(world, "former_people").await, 0);
        let people = database::contents(&world.service.state().database).await;
        let people = people["people"].join("");
        for (name, is_kept) in [
            ("Nyberg", false),
            ("Aldrig", false),
            ("Tillbaka", true),
            ("Kvar", true),
        ] {
            assert_eq!(people.contains(name), is_kept, "{name}");
        }
    })
    .await;
}

#[actix_web::test]
async fn mails_are_forgotten_whatever_became_of_them_and_still_counted() {
    on_each_database(async |world| {
        let states = ["sent", "failed", "bounced", "withheld", "dropped"];
        let round = world.open_round(json!({})).await;
        for _ in states {
            world.applicant(0, &round).await;
        }
        world.service.mails().await;
        let database = &world.service.state().database;
        let all = "SELECT COUNT(*) AS row FROM messages";
        let before = rows(world, all).await;
        let ids = operator(world).get("messages?limit=100").await.ok();
        for (state, one) in states.iter().zip(ids["items"].as_array().unwrap()) {
            let id = one["id"].as_str().unwrap();
            let id = if world.service.database.is_postgres() {
                format!("id = '{id}'")
            } else {
                format!("hex(id) = upper(replace('{id}', '-', ''))")
            };
            let turn = format!("UPDATE messages SET state = '{state}' WHERE {id}");
            database::tamper(database, &turn).await;
        }
        assert_eq!(due(world, "sent_mails").await, 0);
        world.service.set_clock("2023-05-01T08:00:00Z");
        assert_eq!(due(world, "sent_mails").await, before);
        purge(world).await;
        let whose = "SELECT COUNT(*) AS row FROM messages WHERE recipient_email <> '' OR recipient_name <> '' OR person_id IS NOT NULL";
        assert_eq!(rows(world, whose).await, 0);
        assert_eq!(rows(world, all).await, before);
        let seen = operator(world).get("messages?state=erased&limit=100").await.ok();
        assert_eq!(seen["_meta"]["totalRecords"], before);
        assert_eq!(seen["items"][0]["domain"], "");
        let id = seen["items"][0]["id"].as_str().unwrap();
        let replay = operator(world).post_empty(&format!("messages/{id}/replay")).await;
        replay.refused("message_state_forbids");
    })
    .await;
}

#[actix_web::test]
async fn every_kind_is_due_when_its_days_are_over_and_what_is_not_over_stays() {
    on_each_database(async |world| {
        let (stranger, operator) = (world.service.stranger(), operator(world));
        let rule = json!({ "days": 400, "reason": "As our archive plan has it." });
        let path = "retention-rules/sent_mails";
        operator.change("PUT", path, "*", rule).await.ok();
        let round = world.open_round(json!({})).await;
        let municipality = world.municipalities[0].id.to_string();
        let form = format!("/registration/pages/rounds/{round}/application");
        for email in ["silent@kommun.example", "said@kommun.example"] {
            let fields = [
                ("name", "Maja Lindqvist"),
                ("title", "Förvaltningschef"),
                ("organisationId", municipality.as_str()),
                ("email", email),
                ("kind", "employed_manager"),
                ("gender", "woman"),
                ("motivation", "Jag vill lära."),
            ];
            stranger.post_form(&form, &fields).await.is(303);
        }
        let link = world.service.links_to("said@kommun.example").await.pop();
        stranger.post_form(&link.unwrap(), &[]).await.is(303);
        // Two wait for rounds; one of the two opens.
        let without_dates = json!({ "opensOn": null, "closesOn": null, "endorseBy": null });
        let mut waited_for = Vec::new();
        for email in ["told@kommun.example", "waits@kommun.example"] {
            let id = world.draft_round(without_dates.clone()).await;
            world.step(&format!("rounds/{id}/publication")).await.ok();
            let interest = json!({ "name": "Anders Dahl", "email": email, "language": "en" });
            let path = format!("rounds/{id}/interests");
            stranger.post(&path, interest).await.ok();
            waited_for.push(id);
        }
        let path = format!("rounds/{}", waited_for[0]);
        let read = world.coordinator.get(&path).await.ok();
        let dated = with(round_of(&text(&read["programmeId"])), json!({}));
        let tag = read.tag();
        world
            .coordinator
            .change("PUT", &path, &tag, dated)
            .await
            .ok();
        world.step(&format!("{path}/opening")).await.ok();
        let early = "retention-rules/interests/preview?days=1";
        assert_eq!(operator.get(early).await.ok()["dueCount"], 0);
        let reasons = rows(world, "SELECT COUNT(*) AS row FROM change_reasons").await;
        assert!(reasons > 0);
        let people = rows(world, "SELECT COUNT(*) AS row FROM people").await;
        for (kind, before, after, count) in [
            (
                "unconfirmed_people",
                "2022-05-12T07:59:59Z",
                "2022-05-12T08:30:00Z",
                1,
            ),
            (
                "interests",
                "2022-10-09T07:59:59Z",
                "2022-10-09T08:30:00Z",
                1,
            ),
            (
                "reasons",
                "2027-04-11T07:59:59Z",
                "2027-04-11T08:30:00Z",
                reasons,
            ),
        ] {
            world.service.set_clock(before);
            assert_eq!(due(world, kind).await, 0, "{kind}");
            if kind == "interests" {
                assert_eq!(operator.get(early).await.ok()["dueCount"], 1);
            }
            world.service.set_clock(after);
            assert_eq!(due(world, kind).await, count, "{kind}");
            purge(world).await;
            assert_eq!(due(world, kind).await, 0, "{kind}");
            if kind == "unconfirmed_people" {
                let left = database::contents(&world.service.state().database).await;
                let people = left["people"].join("");
                assert!(!people.contains("silent@") && people.contains("said@"));
            }
        }
        let left = database::contents(&world.service.state().database).await;
        let stays = |table: &str, word: &str| left[table].iter().any(|row| row.contains(word));
        assert!(!stays("interests", "told@") && stays("interests", "waits@"));
        assert!(!stays("change_reasons", "archive plan"));
        // Whoever is forgotten is still counted.
        assert_eq!(
            rows(world, "SELECT COUNT(*) AS row FROM people").await,
            people
        );
    })
    .await;
}

#[actix_web::test]
async fn a_rule_is_changed_with_a_reason_and_previewed_before() {
    on_each_database(async |world| {
        world.person(world.municipalities[0].id, "Maja").await;
        let operator = operator(world);
        let path = "retention-rules/reasons";
        let rule = operator.get(path).await.ok();
        assert_eq!(rule["days"], 1825);
        let body = json!({ "days": 30, "reason": "As our archive plan has it." });
        let changed = operator
            .change("PUT", path, &rule.tag(), body.clone())
            .await;
        assert_eq!(changed.ok()["days"], 30);
        let stale = operator.change("PUT", path, &rule.tag(), body).await;
        assert_eq!(stale.status, 412);
        for days in [json!(0), json!(36501), Value::Null] {
            let body = json!({ "days": days, "reason": "x" });
            let refused = operator.change("PUT", path, "*", body).await;
            refused.refused("invalid_body");
        }
        let unknown = operator.get("retention-rules/everything").await;
        assert_eq!(unknown.status, 400, "{}", unknown.text);
    })
    .await;
}
