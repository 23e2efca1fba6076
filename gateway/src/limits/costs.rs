//! What each operation costs, as the API documents say.

use crate::operations::Said;
use actix_web::http::Method;
use serde_json::Value;
use std::num::NonZeroU32;

/// Operations that cost more than one unit.
pub(super) struct Costs(Said);

impl Costs {
    /// Reads the merged document.
    pub(super) fn read(document: &Value) -> Self {
        Self(Said::read(document, "x-cost"))
    }

    /// What a request costs.
    pub(super) fn of(&self, method: &Method, path: &str) -> NonZeroU32 {
        let units = self.0.of(method, path).map(u32::try_from);
        let units = units.and_then(Result::ok).and_then(NonZeroU32::new);
        units.unwrap_or(NonZeroU32::MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_operation_costs_what_its_document_says() {
        let costs = Costs::read(&json!({ "paths": {
            "/registration/v1/rounds/{roundId}/admission-proposals": {
                "get": { "operationId": "list" }, "post": { "operationId": "create", "x-cost": 20 }
            },
            "/registration/v1/rounds": { "post": { "operationId": "createRound" } }
        } }));
        let of = |method, path: &str| costs.of(&method, path).get();
        let proposals = "/registration/v1/rounds/0192f0c1/admission-proposals";
        assert_eq!(of(Method::POST, proposals), 20);
        assert_eq!(of(Method::GET, proposals), 1);
        assert_eq!(of(Method::POST, &format!("{proposals}/1")), 1);
        assert_eq!(of(Method::POST, "/registration/v1/rounds"), 1);
    }
}
