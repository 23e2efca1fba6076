//! What each operation costs, as the API documents say.

use actix_web::{dev::ResourceDef, http::Method};
use serde_json::Value;
use std::num::NonZeroU32;

/// Operations that cost more than one unit. They are few, so a list is searched.
pub(super) struct Costs(Vec<Cost>);

struct Cost {
    method: Method,
    /// Where the address's fixed part ends: most requests are judged by it alone.
    start: String,
    address: ResourceDef,
    units: NonZeroU32,
}

impl Costs {
    /// Reads the merged document.
    pub(super) fn read(document: &Value) -> Self {
        let paths = document.get("paths").and_then(Value::as_object);
        let operations = paths.into_iter().flatten().flat_map(|(path, item)| {
            let operations = item.as_object().into_iter().flatten();
            operations.filter_map(move |(method, operation)| {
                let units = operation.get("x-cost")?.as_u64()?;
                Some(Cost {
                    method: Method::from_bytes(method.to_ascii_uppercase().as_bytes()).ok()?,
                    start: path.split('{').next().unwrap_or_default().to_owned(),
                    address: ResourceDef::new(path.as_str()),
                    units: NonZeroU32::new(u32::try_from(units).ok()?)?,
                })
            })
        });
        Self(operations.collect())
    }

    /// What a request costs.
    pub(super) fn of(&self, method: &Method, path: &str) -> NonZeroU32 {
        let mut costs = self.0.iter();
        let cost = costs.find(|cost| {
            cost.method == *method && path.starts_with(&cost.start) && cost.address.is_match(path)
        });
        cost.map_or(NonZeroU32::MIN, |cost| cost.units)
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
