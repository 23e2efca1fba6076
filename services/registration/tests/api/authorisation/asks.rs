//! What is asked of each operation: about which thing, with which body.

use super::{API, scene::Scene};
use crate::world::{organisation, programme, round, text, with};
use serde_json::json;
use shared_testing::{
    authorisation::{Ask, UNIQUE, operation},
    database, imports,
};
use shared_types::Role;

impl Scene {
    /// What is asked for a row.
    pub(super) async fn request(&self, row: &str) -> Option<Ask> {
        match row.split_once('/').unwrap_or((row, "")) {
            (
                "getApiInfo"
                | "getRegistrationArchive"
                | "getMe"
                | "listRetentionRules"
                | "listProcessingActivities"
                | "listEvents"
                | "listEventTypes"
                | "listDeletions"
                | "listAuditRecords",
                _,
            ) => API.ask(row, &[]),
            (one, _) if one.contains("Retention") => {
                let ask = API.ask(row, &["interests"])?;
                Some(if row == "replaceRetentionRule" {
                    ask.with(json!({ "days": 180, "reason": "x" }))
                } else {
                    ask
                })
            }
            (one, _) if one.contains("Webhook") || one.contains("Deliver") => {
                self.ask_of_webhook(row).await
            }
            (one, _) if one.contains("Message") || one.contains("Bounce") => {
                self.ask_of_mail(row).await
            }
            (one, _) if one.contains("Import") => self.ask_of_import(row).await,
            (one, _) if one.contains("Erasure") => self.ask_of_erasure(row).await,
            (one, _) if one.contains("ApiKey") => self.ask_of_api_key(row).await,
            (
                "listHolds" | "createHold" | "getHold" | "releaseHold" | "getHoldHistory"
                | "nominatePeople",
                _,
            ) => self.ask_of_hold(row).await,
            (one, _)
                if one.contains("Invoice")
                    || one.contains("Billing")
                    || one.contains("Budget")
                    || one == "createCreditNote" =>
            {
                self.ask_of_billing(row).await
            }
            (one, _)
                if one.contains("Person") || one.contains("People") || one.contains("Role") =>
            {
                self.ask_of_person(row).await
            }
            (one, _) if one.contains("Programme") => self.ask_of_programme(row).await,
            (one, _) if one.contains("Application") && !one.contains("endorse") => {
                self.ask_of_application(row).await
            }
            _ => {
                if let Some(ask) = self.ask_of_organisation(row).await {
                    return Some(ask);
                }
                if let Some(ask) = self.ask_of_seat(row).await {
                    return Some(ask);
                }
                if let Some(ask) = self.ask_of_endorsement(row).await {
                    return Some(ask);
                }
                if let Some(ask) = self.ask_of_needs(row).await {
                    return Some(ask);
                }
                if let Some(ask) = self.ask_of_admission(row).await {
                    return Some(ask);
                }
                self.ask_of_round(row).await
            }
        }
    }

    async fn ask_of_organisation(&self, row: &str) -> Option<Ask> {
        let (own, office) = (self.own(), self.office());
        let (id, organiser) = (own.to_string(), self.world.organiser.to_string());
        let director = self.world.municipalities[0].director.id;
        let acting =
            json!({ "personId": self.manager, "startsOn": "2030-01-01", "endsOn": "2030-01-02" });
        let new = organisation("Part UNIQUE", "other", None);
        match row {
            "listOrganisations" => {
                let ask = API.ask(row, &[])?.showing(&id);
                Some(ask.filtered(&["officialCode=SE-0580"]))
            }
            "getOrganisation" | "listDepartments" => API.ask(row, &[&id]),
            "createOrganisation" => Some(API.ask(row, &[])?.with(new)),
            "createOrganisation/part" => Some(
                API.ask(row, &[])?
                    .with(with(new, json!({ "parentId": own }))),
            ),
            "updateOrganisation" => Some(API.ask(row, &[&id])?.with(json!({ "language": "sv" }))),
            "createDepartment" => Some(API.ask(row, &[&id])?.with(json!({ "name": UNIQUE }))),
            "listPartners" => Some(API.ask(row, &[&organiser])?.showing(&id)),
            "addPartner" | "removePartner" => {
                let kept = self.kept().await;
                let ask = API.ask(row, &[&organiser, &kept.to_string()])?;
                Some(ask.in_organisation(kept))
            }
            "listOffices" => {
                let filter = format!("organisationId={own}");
                Some(API.ask(row, &[])?.showing(office).filtered(&[&filter]))
            }
            "getOffice" => API.ask(row, &[office]),
            "createOffice" => {
                let kept = self.kept().await;
                let body = json!({ "organisationId": kept, "kind": "municipal_director", "title": { "sv": "Chef" } });
                Some(API.ask(row, &[])?.with(body).in_organisation(kept))
            }
            "setOfficeHolder" => Some(
                API.ask(row, &[office])?
                    .with(json!({ "holderId": director })),
            ),
            "addActingHolder" => Some(API.ask(row, &[office])?.with(acting)),
            "removeActingHolder" => {
                let path = format!("offices/{office}/acting-holders");
                let made = self.world.coordinator.post(&path, acting).await.ok();
                let period = text(&made["actingHolders"][0]["id"]);
                Some(API.ask(row, &[office, &period])?.each_anew())
            }
            _ => None,
        }
    }

    async fn ask_of_import(&self, row: &str) -> Option<Ask> {
        let kept = self.kept().await;
        let path = format!("imports?kind=departments&mode=dry_run&organisationId={kept}");
        let body = json!([{ "key": UNIQUE, "name": UNIQUE }]);
        if operation(row) == "createRegistrationImport" {
            let mut ask = API.ask(row, &[])?.with(body).in_organisation(kept);
            ask.path = path;
            return Some(ask);
        }
        let coordinator = &self.world.coordinator;
        let made = coordinator.post(&path, body).await.is(202).id();
        imports::ended(coordinator, &made).await;
        let ask = if operation(row) == "listRegistrationImports" {
            API.ask(row, &[])?.showing(&made)
        } else {
            API.ask(row, &[&made])?
        };
        Some(ask.in_organisation(kept))
    }

    async fn ask_of_api_key(&self, row: &str) -> Option<Ask> {
        let (role, organisation, scope) = match row.split_once('/') {
            Some((_, "organiser")) => ("coordinator", self.world.organiser, "rounds:read"),
            _ => ("hr", self.own(), "people:read"),
        };
        let body = json!({
            "name": "Key", "role": role, "organisationId": organisation, "scopes": [scope],
        });
        let role: Role = serde_json::from_value(json!(role)).ok()?;
        let keeper = self
            .world
            .service
            .stranger()
            .system(role, Some(organisation));
        match operation(row) {
            "createApiKey" => Some(API.ask(row, &[])?.with(body)),
            one => {
                let made = keeper.post("api-keys", body).await.created().id();
                match one {
                    "listApiKeys" => {
                        let filter = format!("organisationId={organisation}");
                        Some(API.ask(row, &[])?.showing(&made).filtered(&[&filter]))
                    }
                    "updateApiKey" => {
                        Some(API.ask(row, &[&made])?.with(json!({ "name": "Another" })))
                    }
                    "rotateApiKey" => {
                        let body = json!({ "overlapHours": 1 });
                        Some(API.ask(row, &[&made])?.with(body).each_anew())
                    }
                    "revokeApiKey" => Some(API.ask(row, &[&made])?.each_anew()),
                    _ => API.ask(row, &[&made]),
                }
            }
        }
    }

    /// About somebody else of the municipality each time, since nobody is erased twice.
    async fn ask_of_erasure(&self, row: &str) -> Option<Ask> {
        let own = self.own();
        let person = self.world.person(own, "Ulla Utter").await.id;
        let body = json!({ "personId": person, "reason": "x" });
        if row == "createErasure" {
            let ask = API.ask(row, &[])?.with(body).about(&person.to_string());
            return Some(ask.each_anew());
        }
        let made = self.world.coordinator.post("erasures", body).await;
        let erasure = made.created().id();
        match row {
            "listErasures" => {
                let filter = format!("organisationId={own}");
                Some(API.ask(row, &[])?.showing(&erasure).filtered(&[&filter]))
            }
            _ => API.ask(row, &[&erasure]),
        }
    }

    async fn ask_of_webhook(&self, row: &str) -> Option<Ask> {
        let (role, organisation) = match row.split_once('/') {
            Some((_, "organiser")) => (Role::Coordinator, self.world.organiser),
            _ => (Role::Hr, self.own()),
        };
        let body = json!({
            "name": "Hook", "role": role, "organisationId": organisation,
            "url": "https://hr.kommun.example/hook", "contactEmail": "it@kommun.example",
        });
        let service = &self.world.service;
        let keeper = service.stranger().system(role, Some(organisation));
        if operation(row) == "createWebhook" {
            return Some(API.ask(row, &[])?.with(body));
        }
        let made = keeper.post("webhooks", body).await.created().id();
        match operation(row) {
            "listWebhooks" => {
                let filter = format!("organisationId={organisation}");
                Some(API.ask(row, &[])?.showing(&made).filtered(&[&filter]))
            }
            "updateWebhook" => Some(API.ask(row, &[&made])?.with(json!({ "name": "Another" }))),
            "rotateWebhook" => {
                let body = json!({ "overlapHours": 1 });
                Some(API.ask(row, &[&made])?.with(body).each_anew())
            }
            "enableWebhook" => {
                let path = format!("webhooks/{made}/disabling");
                keeper.post_empty(&path).await.ok();
                Some(API.ask(row, &[&made])?.each_anew())
            }
            "disableWebhook" | "deleteWebhook" => Some(API.ask(row, &[&made])?.each_anew()),
            "listDeliveries" | "replayDelivery" => {
                service.seal().await;
                let queueing = registration::webhooks::queue::fan_out(service.state());
                queueing.await.unwrap();
                let path = format!("webhooks/{made}/deliveries");
                let all = keeper.get(&path).await.ok();
                let delivery = text(&all["items"][0]["id"]);
                let over = "UPDATE webhook_deliveries SET state = 'failed'";
                database::tamper(&service.state().database, over).await;
                if row == "listDeliveries" {
                    return Some(API.ask(row, &[&made])?.showing(&delivery));
                }
                Some(API.ask(row, &[&made, &delivery])?.each_anew())
            }
            _ => API.ask(row, &[&made]),
        }
    }

    async fn ask_of_mail(&self, row: &str) -> Option<Ask> {
        let (message, bounce) = self.bounced().await;
        match row {
            "listMessages" => Some(API.ask(row, &[])?.showing(&message)),
            "replayMessage" => Some(API.ask(row, &[&message])?.each_anew()),
            "reportBounce" => API.ask(row, &[&message]),
            "listBounces" => Some(API.ask(row, &[])?.showing(&bounce)),
            "clearBounce" => Some(API.ask(row, &[&bounce])?.each_anew()),
            _ => None,
        }
    }

    async fn ask_of_hold(&self, row: &str) -> Option<Ask> {
        let open = json!({ "seats": 3 });
        let round = self.world.open_round(open).await;
        let body = json!({
            "organisationId": self.own(), "seats": 1, "lapsesOn": "2022-04-20", "reason": "x",
        });
        match row {
            "createHold" => return Some(API.ask(row, &[&round])?.with(body)),
            "nominatePeople" => {
                let named = json!({ "people": [{ "personId": self.person.id }] });
                let ask = API.ask(row, &[&round])?.with(named);
                return Some(ask.about(&self.person.id.to_string()));
            }
            _ => {}
        }
        let path = format!("rounds/{round}/holds");
        let made = self.world.coordinator.post(&path, body).await;
        let hold = made.created().id();
        match row {
            "listHolds" => Some(API.ask(row, &[&round])?.showing(&hold)),
            "releaseHold" => {
                let ask = API.ask(row, &[&hold])?.with(json!({ "reason": "x" }));
                Some(ask.each_anew())
            }
            _ => API.ask(row, &[&hold]),
        }
    }

    async fn ask_of_person(&self, row: &str) -> Option<Ask> {
        let (person, own) = (self.person.id.to_string(), self.own());
        let filters = [
            format!("organisationId={own}"),
            format!("email={}", self.person.email),
        ];
        let (organiser, given) = (self.world.organiser, "evaluator");
        self.forget_roles().await;
        match row {
            "listPeople" => {
                let ask = API.ask(row, &[])?.showing(&person);
                Some(ask.filtered(&filters.each_ref().map(String::as_str)))
            }
            "getPerson" => API.ask(row, &[&person]),
            "createPerson" => {
                let body = json!({
                    "name": "Nils", "email": "UNIQUE@kommun.example", "organisationId": own,
                    "kind": "other", "gender": "man", "language": "sv",
                });
                Some(API.ask(row, &[])?.with(body))
            }
            "updatePerson" => Some(API.ask(row, &[&person])?.with(json!({ "title": "Chef" }))),
            "updatePerson/address" => {
                let body = json!({ "email": "UNIQUE@kommun.example" });
                Some(API.ask(row, &[&person])?.with(body))
            }
            "listRoleAssignments" => {
                let role = self.role().await;
                Some(API.ask(row, &[&person])?.showing(&role))
            }
            "getRoleAssignment" => API.ask(row, &[&person, &self.role().await]),
            "deleteRoleAssignment" => {
                let role = self.role().await;
                Some(API.ask(row, &[&person, &role])?.each_anew())
            }
            "createRoleAssignment" => {
                let body = json!({ "role": given, "organisationId": organiser });
                Some(API.ask(row, &[&person])?.with(body))
            }
            "createRoleAssignment/hr" => {
                let body = json!({ "role": "hr", "organisationId": own });
                Some(API.ask(row, &[&person])?.with(body).each_anew())
            }
            _ => None,
        }
    }

    async fn ask_of_programme(&self, row: &str) -> Option<Ask> {
        let body = programme(self.world.organiser);
        let draft = !row.ends_with("/published") && row != "archiveProgramme";
        let id = if draft {
            let made = self
                .world
                .coordinator
                .post("programmes", body.clone())
                .await;
            made.created().id()
        } else {
            self.world.programme().await
        };
        match operation(row) {
            "listProgrammes" => {
                let filter = format!("organiserId={}", self.world.organiser);
                Some(API.ask(row, &[])?.showing(&id).filtered(&[&filter]))
            }
            "createProgramme" => Some(API.ask(row, &[])?.with(body)),
            "replaceProgramme" => Some(API.ask(row, &[&id])?.with(body)),
            _ => API.ask(row, &[&id]),
        }
    }

    async fn ask_of_round(&self, row: &str) -> Option<Ask> {
        let open = ["publication", "opening"];
        let running = ["publication", "opening", "closing", "start"];
        let steps: &[&str] = match row {
            "publishRound" | "getRound/draft" | "listRounds/draft" | "replaceRound/draft" => &[],
            "openRound" | "getRound/announced" | "listRounds/announced" => &open[..1],
            "startRound" => &running[..3],
            "completeRound" => &running,
            "archiveRound" => &["publication", "opening", "closing", "start", "completion"],
            _ => &open,
        };
        if row == "createRound/draft" {
            let made = programme(self.world.organiser);
            let made = self.world.coordinator.post("programmes", made).await;
            let draft = made.created().id();
            return Some(API.ask(row, &[])?.with(round(&draft)).about(&draft));
        }
        if ["declareInterest", "withdrawInterest"].contains(&row) {
            let dates = json!({ "opensOn": null, "closesOn": null, "endorseBy": null });
            let id = self.world.draft_round(dates).await;
            self.world
                .step(&format!("rounds/{id}/publication"))
                .await
                .ok();
            let body =
                json!({ "name": "Maja", "email": "UNIQUE@kommun.example", "language": "sv" });
            if row == "declareInterest" {
                return Some(API.ask(row, &[&id])?.with(body));
            }
            let interests = format!("rounds/{id}/interests");
            let stranger = self.world.service.stranger();
            let named = json!({ "name": "Maja", "email": "maja@kommun.example", "language": "sv" });
            stranger.post(&interests, named).await.ok();
            let listed = self.world.coordinator.get(&interests).await.ok();
            let interest = text(&listed["items"][0]["id"]);
            return Some(API.ask(row, &[&interest])?.each_anew());
        }
        let id = self.round(steps).await;
        let read = self
            .world
            .coordinator
            .get(&format!("rounds/{id}"))
            .await
            .ok();
        let body = round(&text(&read["programmeId"]));
        match operation(row) {
            "listRounds" => {
                let filter = format!("programmeId={}", text(&read["programmeId"]));
                Some(API.ask(row, &[])?.showing(&id).filtered(&[&filter]))
            }
            "createRound" => Some(API.ask(row, &[])?.with(body)),
            "replaceRound" => Some(API.ask(row, &[&id])?.with(body)),
            "cloneRound" => Some(API.ask(row, &[&id])?.with(json!({ "shiftDays": 364 }))),
            "cancelRound" => Some(API.ask(row, &[&id])?.with(json!({ "reason": "x" }))),
            "overbookRound" => Some(
                API.ask(row, &[&id])?
                    .with(json!({ "seats": 1, "reason": "x" })),
            ),
            "getRound" | "publishRound" | "openRound" | "closeRound" | "startRound"
            | "completeRound" | "archiveRound" | "getRoundHistory" | "checkRound"
            | "listInterests" => API.ask(row, &[&id]),
            _ => None,
        }
    }

    async fn ask_of_application(&self, row: &str) -> Option<Ask> {
        let draft = row.ends_with("/draft") || row.starts_with("submitApplication");
        if row == "createApplication" {
            let round = self.round(&["publication", "opening"]).await;
            let body = json!({ "roundId": round, "personId": self.person.id });
            return Some(API.ask(row, &[])?.with(body));
        }
        if row == "rejectApplication" {
            let (_, application) = self.admitted(3).await;
            return Some(
                API.ask(row, &[&application])?
                    .with(json!({ "reason": "x" })),
            );
        }
        let (round, application) = self.applied(json!({ "draft": draft })).await;
        match operation(row) {
            "listApplications" => {
                let filters = [
                    format!("roundId={round}"),
                    format!("municipalityId={}", self.own()),
                    "seat=none".to_owned(),
                ];
                let ask = API.ask(row, &[])?.showing(&application);
                Some(ask.filtered(&filters.each_ref().map(String::as_str)))
            }
            "withdrawApplication" => Some(API.ask(row, &[&application])?.with(json!({}))),
            "submitApplicationLate" => {
                let ask = API
                    .ask(row, &[&application])?
                    .with(json!({ "reason": "x" }));
                Some(ask.each_anew())
            }
            "getApplication" | "getApplicationHistory" | "submitApplication" => {
                API.ask(row, &[&application])
            }
            _ => None,
        }
    }

    async fn ask_of_seat(&self, row: &str) -> Option<Ask> {
        let reason = json!({ "reason": "x" });
        match row {
            "answerOffer" => {
                let (_, application) = self.admitted(1).await;
                Some(
                    API.ask(row, &[&application])?
                        .with(json!({ "verdict": "accept" })),
                )
            }
            "rescindOffer" => {
                let (_, application) = self.admitted(1).await;
                Some(API.ask(row, &[&application])?.with(reason))
            }
            "substitute" => {
                let body = json!({ "personId": self.manager, "reason": "x" });
                Some(API.ask(row, &[&self.seated().await])?.with(body))
            }
            "discontinue" => Some(API.ask(row, &[&self.seated().await])?.with(reason)),
            _ => None,
        }
    }

    async fn ask_of_endorsement(&self, row: &str) -> Option<Ask> {
        if row == "revokeEndorsement" {
            let (_, application) = self.endorsed(1).await;
            return Some(
                API.ask(row, &[&application])?
                    .with(json!({ "reason": "x" })),
            );
        }
        let slates = ["getSlate", "decideSlate", "endorseApplication"];
        let links = ["listSlateLinks", "sendSlateLink", "revokeSlateLink"];
        if !slates.contains(&row) && !links.contains(&row) {
            return None;
        }
        let (round, application) = self.applied(json!({})).await;
        let verdict = json!({ "applicationId": application, "verdict": "endorse" });
        let alone = json!({ "verdict": "endorse", "motive": "x" });
        let ask = match row {
            "getSlate" => {
                let mut ask = API.ask(row, &[&round])?;
                ask.shown = Some(application);
                ask
            }
            "decideSlate" => {
                let ask = API.ask(row, &[&round])?.about(&application);
                ask.with(json!({ "verdicts": [verdict] }))
            }
            "endorseApplication" => API.ask(row, &[&application])?.with(alone),
            "sendSlateLink" => API
                .ask(row, &[&round])?
                .with(json!({ "officeId": self.office() })),
            "revokeSlateLink" => {
                let list = format!("rounds/{round}/slate-links");
                let links = self.world.coordinator.get(&list).await.ok();
                API.ask(row, &[&round, &text(&links["items"][0]["id"])])?
            }
            _ => API.ask(row, &[&round])?,
        };
        Some(ask)
    }

    async fn ask_of_needs(&self, row: &str) -> Option<Ask> {
        let needs = json!({ "diets": ["vegan"] });
        if row == "countNeeds" {
            let (round, _) = self.admitted(1).await;
            return API.ask(row, &[&round]);
        }
        if !["getNeeds", "stateNeeds", "deleteNeeds"].contains(&row) {
            return None;
        }
        let application = self.seated().await;
        if row != "stateNeeds" {
            let path = format!("applications/{application}/needs");
            let client = &self.person.client;
            client.change("PUT", &path, "*", needs.clone()).await.ok();
        }
        let ask = API.ask(row, &[&application])?;
        match row {
            "stateNeeds" => Some(ask.with(needs)),
            "deleteNeeds" => Some(ask.each_anew()),
            _ => Some(ask),
        }
    }

    async fn ask_of_admission(&self, row: &str) -> Option<Ask> {
        match row {
            "explainQueue" => API.ask(row, &[&self.admitted(3).await.1]),
            "createAdmissionProposal" | "getQueue" => {
                let (round, _) = self.endorsed(1).await;
                self.world
                    .step(&format!("rounds/{round}/closing"))
                    .await
                    .ok();
                API.ask(row, &[&round])
            }
            "getAdmissionProposal" | "getAdmissionProposalHistory" | "publishAdmissionProposal" => {
                API.ask(row, &[&self.proposed().await.0])
            }
            "overrideAdmissionRow" => {
                let (proposal, application) = self.proposed().await;
                let body = json!({ "verdict": "reject", "reason": "x" });
                Some(
                    API.ask(row, &[&proposal, &application])?
                        .about(&proposal)
                        .with(body),
                )
            }
            _ => None,
        }
    }
}
