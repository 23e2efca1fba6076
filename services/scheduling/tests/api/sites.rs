//! Sites of hybrid sessions: chosen, counted, and looked after by their hosts.

use crate::world::{World, codes, on_each_database, seminar, with};
use futures_util::future::join_all;
use scheduling::releases::claims::sabotage;
use serde_json::{Value, json};
use shared_testing::Client;
use shared_types::PersonId;

/// A released hybrid session of a day at a venue and two learning centres, the first of which has
/// so many places and a host.
struct Hybrid {
    session: String,
    venue: String,
    centres: [String; 2],
    host: PersonId,
}

impl Hybrid {
    async fn of(world: &World, places: i32) -> Self {
        let host = PersonId::new();
        let (venue, _) = world.venue().await;
        let centres = [world.venue().await.0, world.venue().await.0];
        let body = hybrid(&venue, &centres, (places, host));
        let session = world.session(body).await;
        world.release().await;
        Self {
            session,
            venue,
            centres,
            host,
        }
    }

    fn path(&self, what: &str) -> String {
        format!("sessions/{}/{what}", self.session)
    }

    async fn choose(&self, client: &Client, body: Value) -> shared_testing::Reply {
        client.post(&self.path("site-choice"), body).await
    }

    /// Who joins from where: for each place how many, and whether the caller is among them.
    async fn chosen(&self, client: &Client) -> Vec<(i64, bool)> {
        let read = client.get(&self.path("sites")).await.ok();
        let sites = read["sites"].as_array().unwrap().iter();
        let short = |one: &Value| {
            (
                one["chosenCount"].as_i64().unwrap(),
                one["isChosen"] == true,
            )
        };
        sites.map(short).collect()
    }
}

fn hybrid(venue: &str, centres: &[String; 2], (places, host): (i32, PersonId)) -> Value {
    let members = json!({
        "form": "hybrid", "venueId": venue,
        "sites": [
            { "venueId": centres[0], "capacity": places, "hostId": host },
            { "venueId": centres[1], "capacity": 9 },
        ],
    });
    with(seminar("2022-09-01"), &members)
}

#[actix_web::test]
async fn a_participant_joins_from_a_site_that_is_not_full_until_the_session_begins() {
    on_each_database(async |world| {
        let people = [(); 2].map(|()| PersonId::new());
        for person in people {
            world.person(person, world.municipalities[0].0, None).await;
            world.seat(person, world.round).await;
        }
        let hybrid = Hybrid::of(world, 1).await;
        let [one, two] = people.map(|person| world.client(person));
        let at = |site: &str| json!({ "siteId": site });
        let centre = at(&hybrid.centres[0]);
        let made = hybrid.choose(&one, centre.clone()).await.ok();
        assert_eq!(made["sites"][1]["isChosen"], true);
        // Again changes nothing, not even where the site is full by oneself.
        hybrid.choose(&one, centre.clone()).await.ok();
        assert_eq!(world.published("session.site_chosen").await.len(), 1);
        let full = hybrid.choose(&two, centre.clone()).await;
        full.refused("session_site_full");
        let unknown = hybrid.choose(&two, at(&PersonId::new().to_string())).await;
        unknown.refused("session_site_unknown");
        hybrid.choose(&two, at(&hybrid.venue)).await.ok();
        let [first, second] = [hybrid.chosen(&one).await, hybrid.chosen(&two).await];
        assert_eq!(first, [(1, false), (1, true), (0, false)]);
        assert_eq!(second, [(1, true), (1, false), (0, false)]);
        // Nobody chooses for somebody else but the coordinator.
        let other = json!({ "siteId": hybrid.centres[1], "personId": people[0] });
        let refused = hybrid.choose(&two, other.clone()).await;
        refused.refused("forbidden");
        hybrid.choose(&world.coordinator, other).await.ok();
        assert_eq!(hybrid.chosen(&one).await[2], (1, true));
        let stranger = json!({ "siteId": hybrid.centres[1], "personId": PersonId::new() });
        let refused = hybrid.choose(&world.coordinator, stranger).await;
        refused.refused("attendance_not_participant");
        hybrid.choose(&one, json!({})).await.ok();
        hybrid.choose(&two, centre.clone()).await.ok();
        world.service.set_clock("2022-09-01T08:00:00Z");
        let late = hybrid.choose(&one, at(&hybrid.centres[1])).await;
        late.refused("session_site_choice_over");
        let moved = json!({ "siteId": hybrid.centres[1], "personId": people[0] });
        hybrid.choose(&world.coordinator, moved).await.ok();
        let nobody = world.client(PersonId::new());
        nobody.get(&hybrid.path("sites")).await.refused("not_found");
    })
    .await;
}

/// Four participants want the only place of a site at once; how many get it.
async fn race(world: &World, early: bool) -> usize {
    let mut people = Vec::new();
    for _ in 0..4 {
        people.push(world.client(world.participant(world.round).await));
    }
    let hybrid = Hybrid::of(world, 1).await;
    if early {
        sabotage::look_early(hybrid.session.parse().unwrap());
    }
    let body = json!({ "siteId": hybrid.centres[0] });
    let calls = people
        .iter()
        .map(|client| hybrid.choose(client, body.clone()));
    let replies = join_all(calls).await;
    let got = replies.iter().filter(|reply| reply.status == 200).count();
    for reply in replies.into_iter().filter(|reply| reply.status != 200) {
        reply.refused("session_site_full");
    }
    got
}

#[actix_web::test]
async fn of_many_who_want_the_last_place_of_a_site_one_gets_it() {
    on_each_database(async |world| assert_eq!(race(world, false).await, 1)).await;
}

#[actix_web::test]
async fn without_the_guard_all_who_want_the_last_place_of_a_site_get_it() {
    on_each_database(async |world| assert_eq!(race(world, true).await, 4)).await;
}

#[actix_web::test]
async fn a_host_reads_and_marks_the_own_site_alone() {
    on_each_database(async |world| {
        let (here, there) = (
            world.participant(world.round).await,
            world.participant(world.round).await,
        );
        let hybrid = Hybrid::of(world, 8).await;
        for (person, site) in [(here, &hybrid.centres[0]), (there, &hybrid.centres[1])] {
            let body = json!({ "siteId": site });
            hybrid.choose(&world.client(person), body).await.ok();
        }
        let host = world.client(hybrid.host);
        let people = |roster: &Value| -> Vec<Value> {
            let entries = roster["entries"].as_array().unwrap().iter();
            entries.map(|one| one["personId"].clone()).collect()
        };
        let roster = hybrid.path("roster");
        let own = host.get(&roster).await.ok();
        assert_eq!(people(&own.json), [json!(here)]);
        assert_eq!(own["entries"][0]["siteId"], json!(hybrid.centres[0]));
        let foreign = format!("{roster}?siteId={}", hybrid.centres[1]);
        assert!(people(&host.get(&foreign).await.ok().json).is_empty());
        assert_eq!(people(&world.get(&roster).await).len(), 2);
        assert_eq!(people(&world.get(&foreign).await), [json!(there)]);

        world.service.set_clock("2022-09-01T10:00:00Z");
        let sheet = hybrid.path("attendance");
        let mark = |person: PersonId| json!({ "personId": person, "day": 1, "status": "present" });
        let marks = |marks: Value| json!({ "marks": marks });
        let refused = host
            .post(&sheet, marks(json!([mark(here), mark(there)])))
            .await;
        let refused = refused.refused("attendance_refused");
        let expected = [(
            "/marks/1/personId".to_owned(),
            "attendance_not_own_site".to_owned(),
        )];
        assert_eq!(refused.violations(), expected);
        let mut elsewhere = mark(here);
        elsewhere["siteId"] = json!(hybrid.centres[1]);
        let refused = host.post(&sheet, marks(json!([elsewhere]))).await;
        let refused = refused.refused("attendance_refused");
        assert_eq!(refused.violations()[0].0, "/marks/0/siteId");
        let made = host.post(&sheet, marks(json!([mark(here)]))).await.ok();
        assert_eq!(made["marks"][0]["siteId"], json!(hybrid.centres[0]));
        let body = marks(json!([mark(there)]));
        let all = world.coordinator.post(&sheet, body).await.ok();
        assert_eq!(all["marks"].as_array().unwrap().len(), 4);
        assert_eq!(
            host.get(&sheet).await.ok()["marks"]
                .as_array()
                .unwrap()
                .len(),
            2
        );
        let of_site = format!("{sheet}?siteId={}", hybrid.centres[1]);
        let marked = world.get(&of_site).await["marks"].clone();
        let marked = marked.as_array().unwrap();
        assert!(marked.len() == 2 && marked.iter().all(|one| one["personId"] == json!(there)));
        for (mark, own) in [(&made["marks"][0], true), (&marked[0], false)] {
            let history = format!("attendance-marks/{}/history", mark["id"].as_str().unwrap());
            let read = host.get(&history).await;
            if own {
                read.ok();
            } else {
                read.refused("not_found");
            }
        }
        // The right is the session's: nothing else of the round is the host's.
        let schedule = format!("rounds/{}/schedule", world.round);
        host.get(&schedule).await.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn a_site_that_takes_fewer_than_have_chosen_it_is_found_until_somebody_leaves() {
    on_each_database(async |world| {
        let people = [
            world.participant(world.round).await,
            world.participant(world.round).await,
        ];
        let hybrid_session = Hybrid::of(world, 2).await;
        for person in people {
            let body = json!({ "siteId": hybrid_session.centres[0] });
            hybrid_session
                .choose(&world.client(person), body)
                .await
                .ok();
        }
        assert_eq!(world.plan().await["findings"], json!([]));
        let places = (1, hybrid_session.host);
        let body = hybrid(&hybrid_session.venue, &hybrid_session.centres, places);
        let path = format!("sessions/{}", hybrid_session.session);
        world.coordinator.change("PUT", &path, "*", body).await.ok();
        let found = world.plan().await["findings"].clone();
        assert_eq!(codes(&found), ["site_below_chosen"]);
        assert_eq!(found[0]["venueId"], json!(hybrid_session.centres[0]));
        assert_eq!(
            (&found[0]["count"], &found[0]["wanted"]),
            (&json!(1), &json!(2))
        );
        let releases = format!("rounds/{}/releases", world.round);
        let refused = world.coordinator.post(&releases, json!({})).await;
        refused.refused("plan_clashes");
        world.leave(people[0], world.round).await;
        assert_eq!(world.plan().await["findings"], json!([]));
        world
            .fact("person.erased", json!({ "personId": people[1] }))
            .await;
        let sites = hybrid_session.path("sites");
        assert_eq!(world.get(&sites).await["sites"][1]["chosenCount"], 0);
    })
    .await;
}
