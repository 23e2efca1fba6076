//! Where the table's cells are asked: a participant, another participant of the round, the
//! participant's own leader, somebody of the participant's municipality, the organiser, another
//! organiser, and somebody apart.

use super::API;
use crate::{
    answered::{Asked, likert},
    world::{Participant, Person, World},
};
use serde_json::json;
use shared_database::Database;
use shared_testing::{
    Client,
    authorisation::{self, Ask},
};
use shared_types::{InstrumentId, OrganisationId, PersonId, SurveyId};

/// Somebody of each relation, and the organisations in which roles count.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) participant: Participant,
    pub(super) other: Participant,
    pub(super) leader: Person,
    staff: PersonId,
    fellow: (OrganisationId, PersonId),
    apart: (OrganisationId, PersonId),
}

impl Scene {
    /// Sets the scene in a world with three municipalities.
    pub(super) async fn set(world: World) -> Self {
        let leader = world.person(world.municipalities[0], json!({})).await;
        let own = json!({ "managerId": leader.id });
        Self {
            participant: world.participant(0, own).await,
            other: world.participant(2, json!({})).await,
            leader,
            staff: PersonId::new(),
            fellow: (OrganisationId::new(), PersonId::new()),
            apart: (OrganisationId::new(), PersonId::new()),
            world,
        }
    }
}

impl Scene {
    /// An instrument and a closed survey with it.
    pub(super) async fn report(&self) -> (InstrumentId, SurveyId) {
        let instrument = self.world.asking(&json!([likert("relevant")])).await;
        let survey = self.world.closed(instrument, &Asked::default()).await;
        (instrument, survey)
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
            'p' => (self.participant.person.id, apart),
            'c' => (self.other.person.id, apart),
            'l' => (self.leader.id, apart),
            'h' => (self.staff, self.world.municipalities[0]),
            'o' => (self.staff, self.world.organiser),
            'f' => (self.fellow.1, self.fellow.0),
            _ => (self.apart.1, apart),
        }
    }

    async fn ask(&self, row: &str) -> Option<Ask> {
        self.asked(row, |ids| API.ask(row, ids)).await
    }
}
