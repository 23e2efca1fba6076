//! Where the table's cells are asked: a participant, the mentor, another participant of the
//! round, somebody of the participant's municipality, the organiser, another organiser, and
//! somebody apart; each time in a round of its own.

use super::API;
use crate::world::{Person, World, text};
use serde_json::{Value, json};
use shared_database::Database;
use shared_testing::{
    Client, Reply,
    authorisation::{self, Ask},
};
use shared_types::{ApplicationId, OrganisationId, PersonId, RoundId};

/// Somebody of each relation, and the organisations in which roles count.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) participant: Person,
    other: Person,
    staff: PersonId,
    fellow: (OrganisationId, PersonId),
    apart: (OrganisationId, PersonId),
}

/// A round with a pair of the participant and the mentor.
pub(super) struct Pair {
    pub(super) round: RoundId,
    pub(super) application: ApplicationId,
    pub(super) mentor: String,
    pub(super) id: String,
}

impl Pair {
    /// An address below the pair.
    pub(super) fn at(&self, what: &str) -> String {
        format!("pairs/{}/{what}", self.id)
    }
}

impl Scene {
    /// Sets the scene in a world with three municipalities.
    pub(super) async fn set(world: World) -> Self {
        let participant = world
            .person(world.municipalities[0].id, "Petra Participant")
            .await;
        let other = world
            .person(world.municipalities[2].id, "Oskar Other")
            .await;
        Self {
            participant,
            other,
            staff: PersonId::new(),
            fellow: (OrganisationId::new(), PersonId::new()),
            apart: (OrganisationId::new(), PersonId::new()),
            world,
        }
    }

    pub(super) fn mentor(&self) -> &Person {
        &self.world.municipalities[1].chief
    }

    pub(super) fn coordinator(&self) -> &Client {
        &self.world.coordinator
    }

    /// A round with the participant and the other one, and the mentor in its pool.
    pub(super) async fn round(&self) -> (RoundId, ApplicationId, String) {
        let round = RoundId::new();
        self.world.tell_round(round).await;
        let application = ApplicationId::new();
        let seats = [
            (application, &self.participant, 0),
            (ApplicationId::new(), &self.other, 2),
        ];
        for (application, person, municipality) in seats {
            let place = (self.world.municipalities[municipality].id, round);
            self.world
                .tell_seat(application, person.id, place, "accepted")
                .await;
        }
        let body = json!({ "personId": self.mentor().id, "capacity": 2 });
        let path = format!("rounds/{round}/mentors");
        let mentor = self.coordinator().post(&path, body).await.created().id();
        (round, application, mentor)
    }

    /// A computed run.
    pub(super) async fn run(&self, round: RoundId) -> String {
        let path = format!("rounds/{round}/matching-runs");
        self.coordinator().post_empty(&path).await.created().id()
    }

    /// A proposed pair.
    pub(super) async fn proposed(&self) -> Pair {
        let (round, application, mentor) = self.round().await;
        let run = self.run(round).await;
        let path = format!("matching-runs/{run}/publication");
        self.coordinator().post_empty(&path).await.ok();
        let pairs = self
            .coordinator()
            .get(&format!("rounds/{round}/pairs"))
            .await
            .ok();
        let own = json!(application);
        let items = pairs["items"].as_array().unwrap();
        let pair = items.iter().find(|pair| pair["applicationId"] == own);
        Pair {
            round,
            application,
            mentor,
            id: text(&pair.unwrap()["id"]),
        }
    }

    /// A pair that both have accepted.
    pub(super) async fn accepted(&self) -> Pair {
        let pair = self.proposed().await;
        for client in [&self.participant.client, &self.mentor().client] {
            let yes = json!({ "verdict": "accept" });
            client.post(&pair.at("answer"), yes).await.ok();
        }
        pair
    }

    /// An active pair.
    pub(super) async fn active(&self) -> Pair {
        let pair = self.accepted().await;
        self.coordinator()
            .post_empty(&pair.at("activation"))
            .await
            .ok();
        pair
    }

    /// Something that the participant has written in an active pair.
    pub(super) async fn written(&self, what: &str, body: Value) -> Reply {
        let pair = self.active().await;
        let client = &self.participant.client;
        client.post(&pair.at(what), body).await.created()
    }
}

impl authorisation::Scene for Scene {
    fn stranger(&self) -> Client {
        self.world.service.stranger()
    }

    fn database(&self) -> &Database {
        &self.world.service.state.database
    }

    fn who(&self, _: &Ask, relation: char) -> (PersonId, OrganisationId) {
        let apart = self.apart.0;
        match relation {
            'p' => (self.participant.id, apart),
            'm' => (self.mentor().id, apart),
            'c' => (self.other.id, apart),
            'h' => (self.staff, self.world.municipalities[0].id),
            'o' => (self.staff, self.world.organiser),
            'f' => (self.fellow.1, self.fellow.0),
            _ => (self.apart.1, apart),
        }
    }

    async fn ask(&self, row: &str) -> Option<Ask> {
        self.asked(row, |ids| API.ask(row, ids)).await
    }
}
