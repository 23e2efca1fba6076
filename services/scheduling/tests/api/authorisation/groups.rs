//! What is asked of groups.

use super::{API, scene::Scene};
use serde_json::json;
use shared_testing::authorisation::{Ask, operation};

impl Scene {
    pub(super) async fn ask_of_groups(&self, row: &str) -> Option<Ask> {
        let round = self.world.round.to_string();
        let body = json!({ "name": { "sv": "Basgrupper" }, "groupsCount": 1 });
        if operation(row) == "createGroupSet" {
            return Some(API.ask(row, &[&round])?.with(body));
        }
        let sets = format!("rounds/{round}/group-sets");
        let made = self.world.coordinator.post(&sets, body).await;
        let id = made.created().id();
        match operation(row) {
            "listGroupSets" => Some(API.ask(row, &[&round])?.showing(&id).about(&round)),
            "getGroupMeetings" => API.ask(row, &[&round]),
            "getRoundGroups" => {
                let publish = format!("group-sets/{id}/publication");
                self.world.coordinator.post(&publish, json!({})).await.ok();
                let mut ask = API.ask(row, &[&round])?;
                ask.shown = Some(id);
                Some(ask)
            }
            "getGroupSet" | "getGroupSetHistory" => API.ask(row, &[&id]),
            "recomposeGroupSet" => Some(API.ask(row, &[&id])?.with(json!({ "seed": 2 }))),
            "publishGroupSet" => Some(API.ask(row, &[&id])?.with(json!({})).each_anew()),
            "discardGroupSet" => Some(API.ask(row, &[&id])?.each_anew()),
            "moveGroupMember" => {
                let person = self.person.to_string();
                let ask = API.ask(row, &[&id, &person])?.about(&id);
                Some(ask.with(json!({ "group": 1, "isLocked": true })))
            }
            _ => None,
        }
    }
}
