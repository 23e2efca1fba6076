//! What happens while a round's pairs are being made. Tables are held so that two steps stand where
//! they would harm each other; with the guard broken they do.

use crate::world::{Participant, World, text};
use futures_util::future::{join, join3};
use mentorship::{pairs, runs::guard::sabotage};
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use shared_database::{Change, connect::WriteTransaction};
use shared_testing::{Reply, TestDatabase, database, databases};
use shared_types::Actor;
use std::{cell::Cell, time::Duration};
use uuid::Uuid;

/// How often it is looked whether the others stand where they should, and how long.
const LOOK_EVERY: Duration = Duration::from_millis(20);
const MOST_LOOKS: u32 = 1000;

/// The databases on which several transactions write at once.
async fn postgres() -> Vec<TestDatabase> {
    let mut databases = databases().await;
    databases.retain(TestDatabase::is_postgres);
    databases
}

/// A world whose terms stand already, so that nobody waits for whoever writes them first.
async fn world(database: TestDatabase) -> World {
    let world = World::new(database, 3).await;
    let path = format!("rounds/{}/terms", world.round);
    let terms = world.coordinator.get(&path).await.ok();
    let body = json!({
        "weights": terms["weights"], "longJourneyMinutes": 90, "answerDays": 10, "keptDays": 180,
    });
    world.coordinator.change("PUT", &path, "*", body).await.ok();
    world
}

/// How many transactions wait for another one.
async fn waiting(world: &World) -> i64 {
    let query = "SELECT COUNT(*) AS row FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    database::number(&world.service.state.database, query).await
}

/// Returns when something is so.
async fn until(holds: impl AsyncFn() -> bool) {
    for _ in 0..MOST_LOOKS {
        if holds().await {
            return;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    assert!(holds().await, "it never came about");
}

async fn execute(held: &WriteTransaction, statement: &str) {
    let connection = held.connection();
    connection.execute_unprepared(statement).await.unwrap();
}

/// A fact that forbids the pair of a scene.
#[derive(Clone, Copy, Debug)]
enum Fact {
    OfficeLost,
    Moved,
    Endorsed,
    Conflict,
    PlacesTaken,
}

impl Fact {
    const ALL: [Self; 5] = [
        Self::OfficeLost,
        Self::Moved,
        Self::Endorsed,
        Self::Conflict,
        Self::PlacesTaken,
    ];

    async fn comes(self, world: &World, (mentee, mentor): (&Participant, &str)) {
        let other = &world.municipalities[1];
        match self {
            Self::OfficeLost => world.hold(other.office, other.id, None).await,
            Self::Moved => {
                let name = json!({ "name": "Anna Andersson" });
                world.tell_person(mentee.person.id, other.id, name).await;
            }
            Self::Endorsed => {
                let endorsers = [other.chief.id];
                world.tell_endorsers(mentee.application, &endorsers).await;
            }
            Self::Conflict => {
                let path = format!("rounds/{}/conflicts", world.round);
                let body = json!({
                    "personId": mentee.person.id, "otherPersonId": other.chief.id,
                });
                mentee.person.client.post(&path, body).await.created();
            }
            Self::PlacesTaken => {
                let path = format!("mentors/{mentor}");
                let none = json!({ "capacity": 0 });
                world
                    .coordinator
                    .change("PATCH", &path, "*", none)
                    .await
                    .ok();
            }
        }
    }

    /// What is seen of it, without a sweep.
    async fn seen(self, world: &World) -> Vec<String> {
        match self {
            Self::PlacesTaken => world.alarms().await,
            _ => world.flags().await,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::OfficeLost => "eligible_office",
            Self::Moved => "other_municipality",
            Self::Endorsed => "not_the_endorser",
            Self::Conflict => "no_conflict",
            Self::PlacesTaken => "mentor_over_capacity",
        }
    }
}

/// Publishes a run that has read everything and not yet written the pair when the fact comes; says
/// what is seen then, and after a sweep.
async fn while_publishing(world: &World, fact: Fact) -> (Vec<String>, Vec<String>) {
    let mentee = world.participant(0).await;
    let mentor = world.mentor(1, 1).await;
    let run = world.run().await.id();
    let held = world.service.state.database.begin().await.unwrap();
    execute(&held, "LOCK TABLE pairs IN SHARE MODE").await;
    let came = Cell::new(false);
    let comes = async {
        until(async || waiting(world).await == 1).await;
        fact.comes(world, (&mentee, &mentor)).await;
        came.set(true);
    };
    let goes_on = async {
        until(async || came.get() || waiting(world).await == 2).await;
        held.commit().await.unwrap();
    };
    let (published, (), ()) = join3(world.publish(&run), comes, goes_on).await;
    published.ok();
    let seen = fact.seen(world).await;
    world.service.sweep().await;
    (seen, fact.seen(world).await)
}

#[actix_web::test]
async fn what_comes_to_be_known_while_a_run_is_published_is_seen_at_once() {
    for fact in Fact::ALL {
        for database in postgres().await {
            let world = world(database).await;
            let (seen, _) = while_publishing(&world, fact).await;
            assert_eq!(seen, [fact.name()], "{fact:?}");
        }
    }
}

#[actix_web::test]
async fn without_the_guard_it_is_seen_by_the_sweep_alone() {
    for fact in Fact::ALL {
        for database in postgres().await {
            let world = world(database).await;
            sabotage::break_guard(world.round);
            let (seen, swept) = while_publishing(&world, fact).await;
            assert_eq!(seen, Vec::<String>::new(), "{fact:?}");
            assert_eq!(swept, [fact.name()], "{fact:?}");
        }
    }
}

/// Publishes a run while somebody else has the round's lock and takes the mentor's only place
/// away; says what the publication was answered, and how many mentees the mentor has then.
async fn while_the_place_goes(world: &World) -> (Reply, i64) {
    world.participant(0).await;
    let mentor = world.mentor(1, 1).await;
    let run = world.run().await.id();
    let held = world.service.state.database.begin().await.unwrap();
    let is_postgres = world.service.database.is_postgres();
    if is_postgres {
        let terms = "SELECT 1 FROM mentorship_terms WHERE round_id";
        let lock = format!("{terms} = '{}' FOR UPDATE", world.round);
        execute(&held, &lock).await;
    }
    let done = Cell::new(false);
    let publishing = async {
        let reply = world.publish(&run).await;
        done.set(true);
        reply
    };
    let taking = async {
        if is_postgres {
            until(async || done.get() || waiting(world).await == 1).await;
        } else {
            // Whoever waits for SQLite's one writer can't be seen.
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        execute(&held, "UPDATE mentors SET capacity = 0").await;
        held.commit().await.unwrap();
    };
    let (reply, ()) = join(publishing, taking).await;
    let read = world
        .coordinator
        .get(&format!("mentors/{mentor}"))
        .await
        .ok();
    assert_eq!(read["capacity"], 0);
    (reply, read["menteesCount"].as_i64().unwrap())
}

#[actix_web::test]
async fn places_are_counted_under_the_lock_and_not_before_it() {
    for database in databases().await {
        let world = world(database).await;
        let (reply, mentees) = while_the_place_goes(&world).await;
        reply.refused("matching_run_outdated");
        assert_eq!(mentees, 0);
    }
}

#[actix_web::test]
async fn without_the_guard_a_place_that_is_gone_is_given() {
    for database in databases().await {
        let world = world(database).await;
        sabotage::break_guard(world.round);
        let (reply, mentees) = while_the_place_goes(&world).await;
        reply.ok();
        assert_eq!(mentees, 1);
    }
}

/// Two proposals of one mentor, and the one place of another who has come since.
async fn two_proposals(world: &World) -> ([String; 2], String) {
    for _ in 0..2 {
        world.participant(0).await;
    }
    world.mentor(1, 2).await;
    world.match_all().await;
    let pairs = world.pairs().await;
    let ids: Vec<String> = pairs.iter().map(|pair| text(&pair["id"])).collect();
    (ids.try_into().unwrap(), world.mentor(2, 1).await)
}

/// Does two things that each look for the next best and end before either writes what it found;
/// SQLite has one of them wait for the other by itself.
async fn at_once<T>(world: &World, one: impl Future<Output = T>, other: impl Future<Output = T>) {
    let held = if world.service.database.is_postgres() {
        let held = world.service.state.database.begin().await.unwrap();
        execute(&held, "LOCK TABLE matching_runs IN SHARE MODE").await;
        Some(held)
    } else {
        None
    };
    let goes_on = async {
        if let Some(held) = held {
            until(async || waiting(world).await == 2).await;
            held.commit().await.unwrap();
        }
    };
    join3(one, other, goes_on).await;
}

async fn mentees_of(world: &World, mentor: &str) -> i64 {
    let path = format!("mentors/{mentor}");
    let read = world.coordinator.get(&path).await.ok();
    read["menteesCount"].as_i64().unwrap()
}

/// The mentor says no to both at once; how many mentees the other mentor has then.
async fn two_declines(world: &World) -> i64 {
    let ([one, other], last) = two_proposals(world).await;
    let chief = &world.municipalities[1].chief.client;
    let decline = async |pair: &str| {
        let path = format!("pairs/{pair}/answer");
        let no = json!({ "verdict": "decline" });
        chief.post(&path, no).await.ok()
    };
    at_once(world, decline(&one), decline(&other)).await;
    mentees_of(world, &last).await
}

/// Both run out, each in another replica's sweep; how many mentees the other mentor has then.
async fn two_expiries(world: &World) -> i64 {
    let ([one, other], last) = two_proposals(world).await;
    world.service.set_clock("2022-06-17T08:00:00Z");
    let expire = async |pair: &str| {
        let id: Uuid = pair.parse().unwrap();
        let actor = Actor::system(world.service.clock.now());
        let work = async |change: &mut Change| pairs::steps::expire(change, id).await;
        world
            .service
            .state
            .database
            .change(actor, work)
            .await
            .unwrap();
    };
    at_once(world, expire(&one), expire(&other)).await;
    mentees_of(world, &last).await
}

#[actix_web::test]
async fn of_two_who_lose_their_mentor_at_once_one_gets_the_last_place() {
    for database in databases().await {
        assert_eq!(two_declines(&world(database).await).await, 1);
    }
    for database in databases().await {
        assert_eq!(two_expiries(&world(database).await).await, 1);
    }
}

#[actix_web::test]
async fn without_the_guard_both_get_the_last_place() {
    for database in postgres().await {
        let world = world(database).await;
        sabotage::break_guard(world.round);
        assert_eq!(two_declines(&world).await, 2);
    }
    for database in postgres().await {
        let world = world(database).await;
        sabotage::break_guard(world.round);
        assert_eq!(two_expiries(&world).await, 2);
    }
}

#[actix_web::test]
async fn two_sweeps_at_once_give_the_last_place_once() {
    for database in databases().await {
        let world = world(database).await;
        let (_, last) = two_proposals(&world).await;
        world.service.set_clock("2022-06-17T08:00:00Z");
        join(world.service.sweep(), world.service.sweep()).await;
        assert_eq!(mentees_of(&world, &last).await, 1);
        let pairs = world.pairs().await;
        let open = pairs.iter().filter(|pair| pair["state"] == "proposed");
        assert_eq!(open.count(), 1);
    }
}
