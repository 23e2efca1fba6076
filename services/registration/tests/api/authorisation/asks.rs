//! What is asked of each operation: about which thing, with which body.

use super::scene::Scene;
use crate::world::{organisation, programme, round, text, with};
use registration::api;
use serde_json::{Value, json};
use shared_testing::authorisation::{described, operation};
use shared_types::{OrganisationId, Role};
use uuid::Uuid;

/// In a body: something else in each request.
const UNIQUE: &str = "UNIQUE";

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) method: String,
    pub(super) path: String,
    body: Option<Value>,
    /// The id of the thing it is about, where it could be hidden.
    thing: Option<String>,
    /// What stands in a list that shows the thing.
    pub(super) shown: Option<String>,
    /// Filters that must not widen what is listed.
    pub(super) queries: Vec<String>,
    /// Where the role of an `e` counts, if not in the person's municipality.
    pub(super) employer: Option<OrganisationId>,
    /// Whether each caller needs a thing of their own, since the first leaves nothing to do.
    pub(super) fresh: bool,
}

impl Ask {
    /// A request of an operation, with these ids in its address. The last is the thing, unless
    /// [`Self::about`] names another.
    fn of(row: &str, ids: &[&str]) -> Option<Self> {
        let (method, template, _) = described(&api::document(), operation(row))?;
        let mut left = ids.iter();
        let mut fill = |segment: &str| {
            if segment.starts_with('{') {
                left.next().map(|id| (*id).to_owned())
            } else {
                Some(segment.to_owned())
            }
        };
        let segments: Option<Vec<String>> = template
            .trim_start_matches('/')
            .split('/')
            .map(&mut fill)
            .collect();
        Some(Self {
            method,
            path: segments?.join("/"),
            body: None,
            thing: ids.last().map(|id| (*id).to_owned()),
            shown: None,
            queries: Vec::new(),
            employer: None,
            fresh: false,
        })
    }

    fn with(self, body: Value) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }

    fn about(self, thing: &str) -> Self {
        Self {
            thing: Some(thing.to_owned()),
            ..self
        }
    }

    fn showing(self, shown: &str) -> Self {
        let path = format!("{}?limit=100", self.path);
        Self {
            shown: Some(shown.to_owned()),
            path,
            ..self
        }
    }

    fn filtered(self, queries: &[&str]) -> Self {
        let queries = queries.iter().map(|query| (*query).to_owned()).collect();
        Self { queries, ..self }
    }

    fn in_organisation(self, employer: OrganisationId) -> Self {
        Self {
            employer: Some(employer),
            ..self
        }
    }

    fn each_anew(self) -> Self {
        Self {
            fresh: true,
            ..self
        }
    }

    /// The same list through one more filter.
    pub(super) fn narrowed(&self, filter: &str) -> Self {
        let path = format!("{}&{filter}", self.path);
        Self {
            path,
            ..self.clone()
        }
    }

    /// The body of the next request.
    pub(super) fn body(&self) -> Option<Value> {
        let text = self.body.as_ref()?.to_string();
        let unique = Uuid::new_v4().simple().to_string();
        serde_json::from_str(&text.replace(UNIQUE, &unique)).ok()
    }

    /// The same about something that does not exist.
    pub(super) fn about_nothing(&self) -> Self {
        // Whoever hides a thing names its id.
        let thing = self.thing.as_deref().unwrap();
        let nothing = Uuid::now_v7().to_string();
        let body = self.body.as_ref().map(|body| {
            let text = body.to_string().replace(thing, &nothing);
            serde_json::from_str(&text).unwrap()
        });
        Self {
            path: self.path.replace(thing, &nothing),
            body,
            ..self.clone()
        }
    }
}

impl Scene<'_> {
    /// What is asked for a row; what it is about is made first. Nothing where nobody has said
    /// what to ask.
    pub(super) async fn ask(&self, row: &str) -> Option<Ask> {
        match row.split_once('/').unwrap_or((row, "")) {
            ("getApiInfo" | "getMe" | "listEvents" | "listDeletions" | "listAuditRecords", _) => {
                Ask::of(row, &[])
            }
            (one, _) if one.contains("ApiKey") => self.ask_of_api_key(row).await,
            (
                "listHolds" | "createHold" | "getHold" | "releaseHold" | "getHoldHistory"
                | "nominatePeople",
                _,
            ) => self.ask_of_hold(row).await,
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
                let ask = Ask::of(row, &[])?.showing(&id);
                Some(ask.filtered(&["officialCode=SE-0580"]))
            }
            "getOrganisation" | "listDepartments" => Ask::of(row, &[&id]),
            "createOrganisation" => Some(Ask::of(row, &[])?.with(new)),
            "createOrganisation/part" => {
                Some(Ask::of(row, &[])?.with(with(new, json!({ "parentId": own }))))
            }
            "updateOrganisation" => Some(Ask::of(row, &[&id])?.with(json!({ "language": "sv" }))),
            "createDepartment" => Some(Ask::of(row, &[&id])?.with(json!({ "name": UNIQUE }))),
            "listPartners" => Some(Ask::of(row, &[&organiser])?.showing(&id)),
            "addPartner" | "removePartner" => {
                let kept = self.kept().await;
                let ask = Ask::of(row, &[&organiser, &kept.to_string()])?;
                Some(ask.in_organisation(kept))
            }
            "listOffices" => {
                let filter = format!("organisationId={own}");
                Some(Ask::of(row, &[])?.showing(office).filtered(&[&filter]))
            }
            "getOffice" => Ask::of(row, &[office]),
            "createOffice" => {
                let kept = self.kept().await;
                let body = json!({ "organisationId": kept, "kind": "municipal_director", "title": { "sv": "Chef" } });
                Some(Ask::of(row, &[])?.with(body).in_organisation(kept))
            }
            "setOfficeHolder" => {
                Some(Ask::of(row, &[office])?.with(json!({ "holderId": director })))
            }
            "addActingHolder" => Some(Ask::of(row, &[office])?.with(acting)),
            "removeActingHolder" => {
                let path = format!("offices/{office}/acting-holders");
                let made = self.world.coordinator.post(&path, acting).await.ok();
                let period = text(&made["actingHolders"][0]["id"]);
                Some(Ask::of(row, &[office, &period])?.each_anew())
            }
            _ => None,
        }
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
            "createApiKey" => Some(Ask::of(row, &[])?.with(body)),
            one => {
                let made = keeper.post("api-keys", body).await.created().id();
                match one {
                    "listApiKeys" => {
                        let filter = format!("organisationId={organisation}");
                        Some(Ask::of(row, &[])?.showing(&made).filtered(&[&filter]))
                    }
                    "updateApiKey" => {
                        Some(Ask::of(row, &[&made])?.with(json!({ "name": "Another" })))
                    }
                    "rotateApiKey" => {
                        let body = json!({ "overlapHours": 1 });
                        Some(Ask::of(row, &[&made])?.with(body).each_anew())
                    }
                    "revokeApiKey" => Some(Ask::of(row, &[&made])?.each_anew()),
                    _ => Ask::of(row, &[&made]),
                }
            }
        }
    }

    async fn ask_of_hold(&self, row: &str) -> Option<Ask> {
        let open = json!({ "seats": 3 });
        let round = self.world.open_round(open).await;
        let body = json!({
            "organisationId": self.own(), "seats": 1, "lapsesOn": "2022-04-20", "reason": "x",
        });
        match row {
            "createHold" => return Some(Ask::of(row, &[&round])?.with(body)),
            "nominatePeople" => {
                let named = json!({ "people": [{ "personId": self.person.id }] });
                let ask = Ask::of(row, &[&round])?.with(named);
                return Some(ask.about(&self.person.id.to_string()));
            }
            _ => {}
        }
        let path = format!("rounds/{round}/holds");
        let made = self.world.coordinator.post(&path, body).await;
        let hold = made.created().id();
        match row {
            "listHolds" => Some(Ask::of(row, &[&round])?.showing(&hold)),
            "releaseHold" => {
                let ask = Ask::of(row, &[&hold])?.with(json!({ "reason": "x" }));
                Some(ask.each_anew())
            }
            _ => Ask::of(row, &[&hold]),
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
                let ask = Ask::of(row, &[])?.showing(&person);
                Some(ask.filtered(&filters.each_ref().map(String::as_str)))
            }
            "getPerson" => Ask::of(row, &[&person]),
            "createPerson" => {
                let body = json!({
                    "name": "Nils", "email": "UNIQUE@kommun.example", "organisationId": own,
                    "kind": "other", "gender": "man", "language": "sv",
                });
                Some(Ask::of(row, &[])?.with(body))
            }
            "updatePerson" => Some(Ask::of(row, &[&person])?.with(json!({ "title": "Chef" }))),
            "updatePerson/address" => {
                let body = json!({ "email": "UNIQUE@kommun.example" });
                Some(Ask::of(row, &[&person])?.with(body))
            }
            "listRoleAssignments" => {
                let role = self.role().await;
                Some(Ask::of(row, &[&person])?.showing(&role))
            }
            "getRoleAssignment" => Ask::of(row, &[&person, &self.role().await]),
            "deleteRoleAssignment" => {
                let role = self.role().await;
                Some(Ask::of(row, &[&person, &role])?.each_anew())
            }
            "createRoleAssignment" => {
                let body = json!({ "role": given, "organisationId": organiser });
                Some(Ask::of(row, &[&person])?.with(body))
            }
            "createRoleAssignment/hr" => {
                let body = json!({ "role": "hr", "organisationId": own });
                Some(Ask::of(row, &[&person])?.with(body).each_anew())
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
                Some(Ask::of(row, &[])?.showing(&id).filtered(&[&filter]))
            }
            "createProgramme" => Some(Ask::of(row, &[])?.with(body)),
            "replaceProgramme" => Some(Ask::of(row, &[&id])?.with(body)),
            _ => Ask::of(row, &[&id]),
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
            return Some(Ask::of(row, &[])?.with(round(&draft)).about(&draft));
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
                return Some(Ask::of(row, &[&id])?.with(body));
            }
            let interests = format!("rounds/{id}/interests");
            let stranger = self.world.service.stranger();
            let named = json!({ "name": "Maja", "email": "maja@kommun.example", "language": "sv" });
            stranger.post(&interests, named).await.ok();
            let listed = self.world.coordinator.get(&interests).await.ok();
            let interest = text(&listed["items"][0]["id"]);
            return Some(Ask::of(row, &[&interest])?.each_anew());
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
                Some(Ask::of(row, &[])?.showing(&id).filtered(&[&filter]))
            }
            "createRound" => Some(Ask::of(row, &[])?.with(body)),
            "replaceRound" => Some(Ask::of(row, &[&id])?.with(body)),
            "cloneRound" => Some(Ask::of(row, &[&id])?.with(json!({ "shiftDays": 364 }))),
            "cancelRound" => Some(Ask::of(row, &[&id])?.with(json!({ "reason": "x" }))),
            "overbookRound" => {
                Some(Ask::of(row, &[&id])?.with(json!({ "seats": 1, "reason": "x" })))
            }
            "getRound" | "publishRound" | "openRound" | "closeRound" | "startRound"
            | "completeRound" | "archiveRound" | "getRoundHistory" | "checkRound"
            | "listInterests" => Ask::of(row, &[&id]),
            _ => None,
        }
    }

    async fn ask_of_application(&self, row: &str) -> Option<Ask> {
        let draft = row.ends_with("/draft") || row.starts_with("submitApplication");
        if row == "createApplication" {
            let round = self.round(&["publication", "opening"]).await;
            let body = json!({ "roundId": round, "personId": self.person.id });
            return Some(Ask::of(row, &[])?.with(body));
        }
        if row == "rejectApplication" {
            let (_, application) = self.admitted(3).await;
            return Some(Ask::of(row, &[&application])?.with(json!({ "reason": "x" })));
        }
        let (round, application) = self.applied(json!({ "draft": draft })).await;
        match operation(row) {
            "listApplications" => {
                let filters = [
                    format!("roundId={round}"),
                    format!("municipalityId={}", self.own()),
                    "seat=none".to_owned(),
                ];
                let ask = Ask::of(row, &[])?.showing(&application);
                Some(ask.filtered(&filters.each_ref().map(String::as_str)))
            }
            "withdrawApplication" => Some(Ask::of(row, &[&application])?.with(json!({}))),
            "submitApplicationLate" => {
                let ask = Ask::of(row, &[&application])?.with(json!({ "reason": "x" }));
                Some(ask.each_anew())
            }
            "getApplication" | "getApplicationHistory" | "submitApplication" => {
                Ask::of(row, &[&application])
            }
            _ => None,
        }
    }

    async fn ask_of_seat(&self, row: &str) -> Option<Ask> {
        let reason = json!({ "reason": "x" });
        match row {
            "answerOffer" => {
                let (_, application) = self.admitted(1).await;
                Some(Ask::of(row, &[&application])?.with(json!({ "verdict": "accept" })))
            }
            "rescindOffer" => {
                let (_, application) = self.admitted(1).await;
                Some(Ask::of(row, &[&application])?.with(reason))
            }
            "substitute" => {
                let body = json!({ "personId": self.manager, "reason": "x" });
                Some(Ask::of(row, &[&self.seated().await])?.with(body))
            }
            "discontinue" => Some(Ask::of(row, &[&self.seated().await])?.with(reason)),
            _ => None,
        }
    }

    async fn ask_of_endorsement(&self, row: &str) -> Option<Ask> {
        if row == "revokeEndorsement" {
            let (_, application) = self.endorsed(1).await;
            return Some(Ask::of(row, &[&application])?.with(json!({ "reason": "x" })));
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
            "getSlate" => Ask {
                shown: Some(application),
                ..Ask::of(row, &[&round])?
            },
            "decideSlate" => {
                let ask = Ask::of(row, &[&round])?.about(&application);
                ask.with(json!({ "verdicts": [verdict] }))
            }
            "endorseApplication" => Ask::of(row, &[&application])?.with(alone),
            "sendSlateLink" => Ask::of(row, &[&round])?.with(json!({ "officeId": self.office() })),
            "revokeSlateLink" => {
                let list = format!("rounds/{round}/slate-links");
                let links = self.world.coordinator.get(&list).await.ok();
                Ask::of(row, &[&round, &text(&links["items"][0]["id"])])?
            }
            _ => Ask::of(row, &[&round])?,
        };
        Some(ask)
    }

    async fn ask_of_needs(&self, row: &str) -> Option<Ask> {
        let needs = json!({ "diets": ["vegan"] });
        if row == "countNeeds" {
            let (round, _) = self.admitted(1).await;
            return Ask::of(row, &[&round]);
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
        let ask = Ask::of(row, &[&application])?;
        match row {
            "stateNeeds" => Some(ask.with(needs)),
            "deleteNeeds" => Some(ask.each_anew()),
            _ => Some(ask),
        }
    }

    async fn ask_of_admission(&self, row: &str) -> Option<Ask> {
        match row {
            "explainQueue" => Ask::of(row, &[&self.admitted(3).await.1]),
            "createAdmissionProposal" | "getQueue" => {
                let (round, _) = self.endorsed(1).await;
                self.world
                    .step(&format!("rounds/{round}/closing"))
                    .await
                    .ok();
                Ask::of(row, &[&round])
            }
            "getAdmissionProposal" | "getAdmissionProposalHistory" | "publishAdmissionProposal" => {
                Ask::of(row, &[&self.proposed().await.0])
            }
            "overrideAdmissionRow" => {
                let (proposal, application) = self.proposed().await;
                let body = json!({ "verdict": "reject", "reason": "x" });
                Some(
                    Ask::of(row, &[&proposal, &application])?
                        .about(&proposal)
                        .with(body),
                )
            }
            _ => None,
        }
    }
}
