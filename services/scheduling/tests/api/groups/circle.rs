//! Participants of four municipalities, as registration tells of them.

use crate::world::World;
use serde_json::{Value, json};
use shared_testing::Reply;
use shared_types::{ApplicationId, DepartmentId, OrganisationId, PersonId};

/// The participants of a world's round.
pub(super) struct Circle<'a> {
    world: &'a World,
    /// Person 00, Person 01 …: the municipality changes with every one.
    pub(super) people: Vec<PersonId>,
    seats: Vec<ApplicationId>,
    municipalities: [OrganisationId; 4],
    departments: [DepartmentId; 4],
}

impl<'a> Circle<'a> {
    /// So many people with seats.
    pub(super) async fn of(world: &'a World, people: usize) -> Self {
        let mut circle = Self {
            world,
            people: Vec::new(),
            seats: Vec::new(),
            municipalities: [(); 4].map(|()| OrganisationId::new()),
            departments: [(); 4].map(|()| DepartmentId::new()),
        };
        for (number, municipality) in circle.municipalities.iter().enumerate() {
            let fact = json!({
                "organisationId": municipality, "kind": "municipality",
                "name": format!("Kommun {number}"), "officialCode": null, "parentId": null,
                "municipalityId": municipality, "timeZone": "Europe/Stockholm", "version": 1,
            });
            world.fact("organisation.created", fact).await;
        }
        for number in 0..people {
            let (person, seat) = (PersonId::new(), ApplicationId::new());
            circle
                .know(person, &format!("Person {number:02}"), number, None)
                .await;
            circle.seat(person, seat, number, ("accepted", 3)).await;
            circle.people.push(person);
            circle.seats.push(seat);
        }
        circle
    }

    /// Tells of a person; a second telling is a newer one.
    pub(super) async fn know(
        &self,
        id: PersonId,
        name: &str,
        number: usize,
        manager: Option<PersonId>,
    ) {
        let municipality = self.municipalities[number % 4];
        let fact = json!({
            "personId": id, "organisationId": municipality, "municipalityId": municipality,
            "departmentId": self.departments[number % 4], "managerId": manager,
            "kind": "employed_manager",
            "gender": if (number / 4).is_multiple_of(2) { "woman" } else { "man" },
            "name": name, "language": "sv", "active": true,
            "version": if manager.is_some() { 2 } else { 1 },
        });
        self.world.fact("person.updated", fact).await;
    }

    async fn seat(
        &self,
        person: PersonId,
        seat: ApplicationId,
        number: usize,
        (state, version): (&str, i32),
    ) {
        let municipality = self.municipalities[number % 4];
        let fact = json!({
            "applicationId": seat, "roundId": self.world.round, "personId": person,
            "organisationId": municipality, "municipalityId": municipality,
            "organiserId": self.world.organiser, "state": "submitted", "endorsement": "endorsed",
            "seat": state, "replaces": null, "version": version,
        });
        self.world.fact("offer.accepted", fact).await;
    }

    /// Somebody new with a seat.
    pub(super) async fn join(&self, name: &str, number: usize) -> PersonId {
        let person = PersonId::new();
        self.know(person, name, number, None).await;
        self.seat(person, ApplicationId::new(), number, ("accepted", 3))
            .await;
        person
    }

    /// One of the circle gives up the seat.
    pub(super) async fn leave(&self, number: usize) {
        let (person, seat) = (self.people[number], self.seats[number]);
        self.seat(person, seat, number, ("withdrawn", 4)).await;
    }

    /// Asks for groups.
    pub(super) async fn compose(&self, mut body: Value) -> Reply {
        body["name"] = json!({ "sv": "Basgrupper" });
        let path = format!("rounds/{}/group-sets", self.world.round);
        self.world.coordinator.post(&path, body).await
    }

    /// Publishes a set.
    pub(super) async fn publish(&self, set: &str, body: Value) -> Reply {
        let path = format!("group-sets/{set}/publication");
        self.world.coordinator.post(&path, body).await
    }

    /// Moves somebody.
    pub(super) async fn relocate(&self, set: &str, person: PersonId, body: Value) -> Reply {
        let path = format!("group-sets/{set}/members/{person}");
        self.world.coordinator.change("PUT", &path, "*", body).await
    }

    /// One of the circle as the others of a group see them.
    pub(super) fn as_mate(&self, person: &str) -> Value {
        let number = self.people.iter().position(|one| one.to_string() == person);
        let number = number.unwrap();
        json!({ "name": format!("Person {number:02}"), "municipality": format!("Kommun {}", number % 4) })
    }
}
