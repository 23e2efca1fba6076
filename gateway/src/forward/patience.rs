//! How long a service may think: the same for all, but for the operations of its API document
//! that name a time of their own in `x-timeout-seconds`.

use actix_web::http::Method;
use serde_json::Value;
use std::time::Duration;

/// The member of an operation in an API document.
const MEMBER: &str = "x-timeout-seconds";

/// How long each operation of a service may take to answer.
#[derive(Debug)]
pub(super) struct Patience {
    usual: Duration,
    /// Method in capitals, segments of the address, time.
    special: Vec<(String, Vec<String>, Duration)>,
}

impl Patience {
    /// Reads the documents for what the service of this name has.
    pub(super) fn new(usual: Duration, documents: &[Value], service: &str) -> Self {
        let special = documents
            .iter()
            .filter(|document| is_of(document, service))
            .filter_map(|document| document.get("paths")?.as_object())
            .flatten()
            .flat_map(|(path, item)| {
                let methods = item.as_object().into_iter().flatten();
                methods.filter_map(move |(method, operation)| {
                    let seconds = operation.get(MEMBER)?.as_u64()?;
                    let pattern = segments(path).map(str::to_owned).collect();
                    let method = method.to_ascii_uppercase();
                    Some((method, pattern, Duration::from_secs(seconds)))
                })
            })
            .collect();
        Self { usual, special }
    }

    /// The time for a request; `path` begins with the service's name.
    pub(super) fn of(&self, method: &Method, path: &str) -> Duration {
        if self.special.is_empty() {
            return self.usual;
        }
        let own = path.split_once("/v1/").map_or("", |(_, own)| own);
        let fits = |(at, pattern, _): &&(String, Vec<String>, Duration)| {
            at == method.as_str()
                && pattern.len() == segments(own).count()
                && pattern
                    .iter()
                    .zip(segments(own))
                    .all(|(one, other)| one.starts_with('{') || one == other)
        };
        // A word wins over a parameter in the same place.
        self.special
            .iter()
            .filter(fits)
            .min_by_key(|(_, pattern, _)| pattern.iter().filter(|one| one.starts_with('{')).count())
            .map_or(self.usual, |(_, _, time)| *time)
    }
}

fn is_of(document: &Value, service: &str) -> bool {
    let url = document.pointer("/servers/0/url").and_then(Value::as_str);
    url.is_some_and(|url| url.ends_with(&format!("/{service}/v1")))
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_worked_out_for_a_whole_round_has_its_time_in_the_real_documents() {
        let documents = [
            include_str!("../../../openapi/registration.json"),
            include_str!("../../../openapi/scheduling.json"),
            include_str!("../../../openapi/mentorship.json"),
            include_str!("../../../openapi/evaluation.json"),
        ]
        .map(|text| serde_json::from_str::<Value>(text).unwrap());
        let longer = [
            "createAdmissionProposal",
            "publishAdmissionProposal",
            "nominatePeople",
            "cancelRound",
            "draftInvoices",
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
        ];
        let mut seen = Vec::new();
        for (document, service) in
            documents
                .iter()
                .zip(["registration", "scheduling", "mentorship", "evaluation"])
        {
            let patience = Patience::new(Duration::from_secs(20), &documents, service);
            for (path, item) in document["paths"].as_object().unwrap() {
                for (method, operation) in item.as_object().unwrap() {
                    let id = operation["operationId"].as_str().unwrap();
                    let method = method.to_ascii_uppercase().parse().unwrap();
                    let path = format!("/{service}/v1{path}").replace(['{', '}'], "");
                    let expected = if longer.contains(&id) { 60 } else { 20 };
                    assert_eq!(patience.of(&method, &path).as_secs(), expected, "{id}");
                    seen.push(id);
                }
            }
        }
        assert!(longer.iter().all(|id| seen.contains(id)), "{seen:?}");
    }

    #[test]
    fn an_operation_may_name_its_own_time() {
        let document = |service: &str, seconds: u64| {
            json!({
                "servers": [{ "url": format!("https://akademi.example/{service}/v1") }],
                "paths": {
                    "/rounds/{roundId}/proposals": { "post": { "x-timeout-seconds": seconds }, "get": {} },
                    "/rounds/all/proposals": { "post": { "x-timeout-seconds": 7 } }
                }
            })
        };
        let documents = [document("registration", 60), document("evaluation", 90)];
        let patience = Patience::new(Duration::from_secs(20), &documents, "registration");
        let seconds = |method: Method, path: &str| patience.of(&method, path).as_secs();
        assert_eq!(
            seconds(Method::POST, "/registration/v1/rounds/1/proposals"),
            60
        );
        assert_eq!(
            seconds(Method::POST, "/registration/v1/rounds/all/proposals"),
            7
        );
        assert_eq!(
            seconds(Method::GET, "/registration/v1/rounds/1/proposals"),
            20
        );
        assert_eq!(seconds(Method::POST, "/registration/v1/rounds/1"), 20);
        assert_eq!(
            seconds(Method::POST, "/registration/pages/rounds/1/proposals"),
            20
        );
    }
}
