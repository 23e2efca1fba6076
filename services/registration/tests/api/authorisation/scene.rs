//! Where the table's cells are asked: a person of a municipality, the organiser that runs rounds
//! for it, another organiser with the same partner, and an organisation apart; and rounds and
//! applications in every state.

use crate::world::{Person, World, organisation, text, with};
use serde_json::{Value, json};
use shared_database::Database;
use shared_testing::{
    Client,
    authorisation::{self, Ask},
    database,
};
use shared_types::{OrganisationId, PersonId, Role};
use uuid::Uuid;

/// Somebody of each relation, and the organisations in which roles count.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) person: Person,
    /// The person's manager and colleague.
    pub(super) manager: PersonId,
    /// Somebody of the other partner, who applies for the same rounds.
    pub(super) rival: Person,
    staff: PersonId,
    fellow: (OrganisationId, PersonId),
    apart: (OrganisationId, PersonId),
}

impl Scene {
    /// Sets the scene in a world with two municipalities.
    pub(super) async fn set(world: World) -> Self {
        let [own, other] = [world.municipalities[0].id, world.municipalities[1].id];
        let manager = world.person(own, "Malin Manager").await.id;
        let person = world
            .person_with(own, "Petra Person", json!({ "managerId": manager }))
            .await;
        let fellow = organiser(&world, "Fellow").await;
        let apart = organiser(&world, "Apart").await;
        let partner = format!("organisations/{}/partners/{own}", fellow.0);
        for client in [coordinator(&world, fellow.0), world.coordinator.clone()] {
            client.change("PUT", &partner, "*", Value::Null).await.ok();
        }
        Self {
            rival: world.person(other, "Rita Rival").await,
            staff: world.person(world.organiser, "Stina Staff").await.id,
            world,
            person,
            manager,
            fellow,
            apart,
        }
    }

    /// Everybody but the person.
    pub(super) fn others(&self) -> [PersonId; 5] {
        [
            self.manager,
            self.rival.id,
            self.staff,
            self.fellow.1,
            self.apart.1,
        ]
    }

    /// The person's municipality.
    pub(super) fn own(&self) -> OrganisationId {
        self.world.municipalities[0].id
    }

    /// Its office.
    pub(super) fn office(&self) -> &str {
        &self.world.municipalities[0].office
    }

    /// Another organisation that the organiser keeps.
    pub(super) async fn kept(&self) -> OrganisationId {
        let body = organisation("Kept", "other", None);
        let made = self.world.coordinator.post("organisations", body).await;
        made.created().id().parse().unwrap()
    }

    /// Takes every role back that an earlier row gave.
    pub(super) async fn forget_roles(&self) {
        let database = &self.world.service.state().database;
        database::tamper(database, "DELETE FROM role_assignments").await;
    }

    /// A message to the person that came back, and the mark of the address.
    pub(super) async fn bounced(&self) -> (String, String) {
        use registration::mail::{Recipient, bounces, entity, store};
        use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
        let state = self.world.service.state();
        // The only one, so that it stands on the first page.
        database::tamper(&state.database, "DELETE FROM messages").await;
        let path = format!("people/{}", self.person.id);
        let known = self.world.coordinator.get(&path).await.ok();
        let email = text(&known["email"]);
        let to = Recipient {
            person: None,
            name: "Petra Person".to_owned(),
            email: email.clone(),
            language: shared_types::Language::Swedish,
        };
        let said = json!({
            "personId": self.person.id, "template": "survey_opened", "subject": "x", "text": "x",
        });
        let queue = async |change: &mut shared_database::Change| {
            let said = serde_json::from_value(said.clone()).unwrap();
            store::queue_told(change.tx(), change.actor.at, to.clone(), said).await?;
            Ok::<_, shared_types::Problem>(())
        };
        let actor = || shared_types::Actor::system(self.world.service.clock.now());
        state.database.change(actor(), queue).await.unwrap();
        self.world.service.mails().await;
        let over = "UPDATE messages SET state = 'failed'";
        database::tamper(&state.database, over).await;
        let row = entity::Entity::find()
            .order_by_desc(entity::Column::Id)
            .one(state.database.read());
        let row = row.await.unwrap().unwrap();
        let mark = async |change: &mut shared_database::Change| {
            bounces::store::mark(change, &row, "smtp_550").await?;
            Ok::<_, shared_types::Problem>(())
        };
        state.database.change(actor(), mark).await.unwrap();
        let marked = bounces::entity::Entity::find()
            .filter(bounces::entity::Column::EmailKey.eq(email.to_lowercase()))
            .one(state.database.read());
        let marked = marked.await.unwrap().unwrap();
        (row.id.to_string(), marked.id.to_string())
    }

    /// A role of the person in the organiser.
    pub(super) async fn role(&self) -> String {
        self.forget_roles().await;
        let body = json!({ "role": "evaluator", "organisationId": self.world.organiser });
        let path = format!("people/{}/roles", self.person.id);
        self.world
            .coordinator
            .post(&path, body)
            .await
            .created()
            .id()
    }

    /// A round that was taken through these steps after its draft.
    pub(super) async fn round(&self, steps: &[&str]) -> String {
        let round = self.world.draft_round(json!({})).await;
        for step in steps {
            self.world
                .step(&format!("rounds/{round}/{step}"))
                .await
                .ok();
        }
        round
    }

    /// An open round with the application of the person, handed in or a draft.
    pub(super) async fn applied(&self, members: Value) -> (String, String) {
        let round = self.world.open_round(json!({ "seats": 1 })).await;
        self.world.apply(&self.rival, &round).await;
        let body = with(json!({ "roundId": round }), members);
        let made = self.person.client.post("applications", body).await;
        let application = made.created().id();
        (round, application)
    }

    /// The same, endorsed with this rank; the rival has the second.
    pub(super) async fn endorsed(&self, rank: i32) -> (String, String) {
        let round = self.world.open_round(json!({ "seats": 1 })).await;
        let rival = self.world.apply(&self.rival, &round).await;
        let application = self.world.apply(&self.person, &round).await;
        self.world.endorse(0, &application, rank).await;
        self.world.endorse(1, &rival, 2).await;
        (round, application)
    }

    /// A proposal that waits, with the person's application.
    pub(super) async fn proposed(&self) -> (String, String) {
        let (round, application) = self.endorsed(1).await;
        (self.world.propose(&round).await.id(), application)
    }

    /// The application once the admission is announced: with an offer for rank 1, in the queue
    /// for rank 3.
    pub(super) async fn admitted(&self, rank: i32) -> (String, String) {
        let (round, application) = self.endorsed(rank).await;
        self.world.admit(&round).await;
        let expected = if rank == 1 { "offered" } else { "none" };
        assert_eq!(self.world.seat(&application).await, expected);
        (round, application)
    }

    /// The application with its seat.
    pub(super) async fn seated(&self) -> String {
        let (_, application) = self.admitted(1).await;
        let path = format!("applications/{application}/answer");
        let body = json!({ "verdict": "accept" });
        self.person.client.post(&path, body).await.ok();
        application
    }
}

impl authorisation::Scene for Scene {
    fn stranger(&self) -> Client {
        self.world.service.stranger()
    }

    fn database(&self) -> &Database {
        &self.world.service.state().database
    }

    fn who(&self, ask: &Ask, relation: char) -> (PersonId, OrganisationId) {
        match relation {
            'i' => (self.person.id, self.apart.0),
            'e' => (self.manager, ask.employer.unwrap_or(self.own())),
            'a' => (self.rival.id, self.world.municipalities[1].id),
            'o' => (self.staff, self.world.organiser),
            'f' => (self.fellow.1, self.fellow.0),
            _ => (self.apart.1, self.apart.0),
        }
    }

    async fn ask(&self, row: &str) -> Option<Ask> {
        self.request(row).await
    }
}

fn coordinator(world: &World, organiser: OrganisationId) -> Client {
    let stranger = world.service.stranger();
    stranger.system(Role::Coordinator, Some(organiser))
}

/// An organisation that nobody else keeps, with somebody who works there.
async fn organiser(world: &World, name: &str) -> (OrganisationId, PersonId) {
    let founder = coordinator(world, OrganisationId::new());
    let made = founder
        .post("organisations", organisation(name, "other", None))
        .await;
    let id: OrganisationId = made.created().id().parse().unwrap();
    let body = json!({
        "name": name, "email": format!("{}@kommun.example", Uuid::new_v4().simple()),
        "organisationId": id, "kind": "other", "gender": "undisclosed", "language": "sv",
    });
    let person = coordinator(world, id).post("people", body).await.created();
    (id, person.id().parse().unwrap())
}
