//! What each operation costs, as the API documents say; and what is not in them, by its address.

use crate::operations::Said;
use actix_web::http::{Method, header::HeaderMap};
use serde_json::Value;
use shared_web::table;
use std::num::NonZeroU32;

/// How many times a list's units it costs as a table: that reads all of its pages.
const TABLE: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// A page that is sent: it mails somebody, or answers for good.
const PAGE: NonZeroU32 = NonZeroU32::new(5).unwrap();
/// A search of an employer's system, which reads as much as a list.
const SCIM_SEARCH: NonZeroU32 = NonZeroU32::new(5).unwrap();
/// Many changes of an employer's system at once.
const SCIM_BULK: NonZeroU32 = NonZeroU32::new(20).unwrap();

/// Operations that cost more than one unit.
pub(super) struct Costs(Said);

impl Costs {
    /// Reads the merged document.
    pub(super) fn read(document: &Value) -> Self {
        Self(Said::read(document, "x-cost"))
    }

    /// What a request costs.
    pub(super) fn of(&self, method: &Method, path: &str, headers: &HeaderMap) -> NonZeroU32 {
        let own = self.of_operation(method, path);
        if *method == Method::POST {
            outside(path).unwrap_or(own)
        } else if *method == Method::GET && table::is_wanted(headers) {
            own.saturating_mul(TABLE)
        } else {
            own
        }
    }

    fn of_operation(&self, method: &Method, path: &str) -> NonZeroU32 {
        let units = self.0.of(method, path).map(u32::try_from);
        let units = units.and_then(Result::ok).and_then(NonZeroU32::new);
        units.unwrap_or(NonZeroU32::MIN)
    }
}

/// What is sent to an address that no API document has.
fn outside(path: &str) -> Option<NonZeroU32> {
    let (_, rest) = path.strip_prefix('/')?.split_once('/')?;
    if let Some(own) = rest.strip_prefix("scim/v2/") {
        return match own {
            "Bulk" => Some(SCIM_BULK),
            own if own == ".search" || own.ends_with("/.search") => Some(SCIM_SEARCH),
            _ => None,
        };
    }
    rest.starts_with("pages/").then_some(PAGE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{ACCEPT, HeaderValue};
    use serde_json::json;

    /// The merged document as it is committed; the gate compares it with the code.
    const COMMITTED: &str = include_str!("../../../openapi/akademi.json");

    #[test]
    fn what_is_known_to_be_heavy_has_a_cost_in_the_real_document() {
        let document: Value = serde_json::from_str(COMMITTED).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let operations = paths
            .values()
            .flat_map(|item| item.as_object().unwrap().values());
        let costs: std::collections::HashMap<&str, u64> = operations
            .filter_map(|one| Some((one["operationId"].as_str()?, one["x-cost"].as_u64()?)))
            .collect();
        for heavy in [
            "createAdmissionProposal",
            "publishAdmissionProposal",
            "nominatePeople",
            "cancelRound",
            "declareInterest",
            "sendSlateLink",
            "draftInvoices",
            "getArchive",
            "createRelease",
            "createGroupSet",
            "recomposeGroupSet",
            "proposeDates",
            "createCohortPlan",
            "replanCohorts",
            "previewMatching",
            "createMatchingRun",
            "publishMatchingRun",
            "decideCompletions",
            "issueCertificates",
        ] {
            let cost = costs.get(heavy).copied();
            assert!(cost.is_some_and(|cost| cost >= 5), "{heavy}: {cost:?}");
        }
    }

    #[test]
    fn tables_pages_and_what_an_employers_system_sends_cost_more() {
        let costs = Costs::read(&json!({ "paths": {
            "/scheduling/v1/attendance": { "get": { "x-cost": 5 } }
        } }));
        let of = |method, path: &str, accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            costs.of(&method, path, &headers).get()
        };
        let rounds = "/registration/v1/rounds";
        assert_eq!(of(Method::GET, rounds, "application/json"), 1);
        assert_eq!(of(Method::GET, rounds, "text/csv"), 20);
        assert_eq!(
            of(Method::GET, "/scheduling/v1/attendance", "text/csv"),
            100
        );
        assert_eq!(of(Method::POST, rounds, "text/csv"), 1);
        let post = |path| of(Method::POST, path, "*/*");
        assert_eq!(post("/registration/scim/v2/Bulk"), 20);
        assert_eq!(post("/registration/scim/v2/.search"), 5);
        assert_eq!(post("/registration/scim/v2/Users/.search"), 5);
        assert_eq!(post("/registration/scim/v2/Users"), 1);
        assert_eq!(post("/registration/pages/rounds/1/apply"), 5);
        assert_eq!(
            of(Method::GET, "/registration/pages/rounds/1", "text/html"),
            1
        );
    }

    #[test]
    fn an_operation_costs_what_its_document_says() {
        let costs = Costs::read(&json!({ "paths": {
            "/registration/v1/rounds/{roundId}/admission-proposals": {
                "get": { "operationId": "list" }, "post": { "operationId": "create", "x-cost": 20 }
            },
            "/registration/v1/rounds": { "post": { "operationId": "createRound" } }
        } }));
        let of = |method, path: &str| costs.of(&method, path, &HeaderMap::new()).get();
        let proposals = "/registration/v1/rounds/0192f0c1/admission-proposals";
        assert_eq!(of(Method::POST, proposals), 20);
        assert_eq!(of(Method::GET, proposals), 1);
        assert_eq!(of(Method::POST, &format!("{proposals}/1")), 1);
        assert_eq!(of(Method::POST, "/registration/v1/rounds"), 1);
    }
}
