//! Where the table's cells are asked: a participant of a municipality, the organiser that runs the
//! round, another organiser, and an organisation apart.

use crate::world::{World, seminar, with};
use serde_json::json;
use shared_database::Database;
use shared_testing::{
    Client,
    authorisation::{self, Ask},
};
use shared_types::{OrganisationId, PersonId};

/// Somebody of each relation, and the organisations in which roles count.
pub(super) struct Scene {
    pub(super) world: World,
    /// Has a seat in the round.
    pub(super) person: PersonId,
    /// The person's manager and colleague.
    pub(super) manager: PersonId,
    /// Somebody of the other municipality, which has nobody in the round.
    pub(super) rival: PersonId,
    /// A released session, and one that can be chosen.
    pub(super) session: String,
    pub(super) elective: String,
    pub(super) staff: PersonId,
    pub(super) fellow: (OrganisationId, PersonId),
    pub(super) apart: (OrganisationId, PersonId),
}

impl Scene {
    /// Sets the scene: a round with a released plan of one session.
    pub(super) async fn set(world: World) -> Self {
        let (person, manager) = (PersonId::new(), PersonId::new());
        let own = world.municipalities[0].0;
        world.person(manager, own, None).await;
        world.person(person, own, Some(manager)).await;
        world.seat(person, world.round).await;
        let session = world.session(seminar("2022-09-01")).await;
        let elective = json!({ "kind": "elective", "choice": "spring" });
        let elective = with(seminar("2022-09-08"), &elective);
        let elective = world.session(elective).await;
        world.release().await;
        let organisation = || (OrganisationId::new(), PersonId::new());
        Self {
            person,
            manager,
            session,
            elective,
            rival: PersonId::new(),
            staff: PersonId::new(),
            fellow: organisation(),
            apart: organisation(),
            world,
        }
    }
}

impl authorisation::Scene for Scene {
    fn stranger(&self) -> Client {
        self.world.service.stranger()
    }

    fn database(&self) -> &Database {
        &self.world.service.state.database
    }

    fn who(&self, ask: &Ask, relation: char) -> (PersonId, OrganisationId) {
        let [own, other] = self.world.municipalities.map(|one| one.0);
        match relation {
            'i' => (self.person, self.apart.0),
            'e' => (self.manager, ask.employer.unwrap_or(own)),
            'a' => (self.rival, other),
            'o' => (self.staff, self.world.organiser),
            'f' => (self.fellow.1, self.fellow.0),
            _ => (self.apart.1, self.apart.0),
        }
    }

    async fn ask(&self, row: &str) -> Option<Ask> {
        self.request(row).await
    }
}
