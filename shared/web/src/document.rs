//! Finishes the API document that the handlers declare: what every operation has in common is
//! added here once, so that a handler says only what is its own.
//!
//! The conventions are those of docs/API.md; `tests/outer` lints the result.

use crate::{contract::list_member, deprecation, prune};
use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

/// What is particular to one API.
#[derive(Clone, Debug)]
pub struct Description {
    /// Name and first segment of the address.
    pub name: &'static str,
    /// Title.
    pub title: &'static str,
    /// One English sentence and one Swedish: what it is for.
    pub about: (&'static str, &'static str),
    /// Tags with their sentences.
    pub tags: &'static [(&'static str, &'static str)],
    /// Operations whose repetition would hurt: the idempotency key is required.
    pub key_required: &'static [&'static str],
    /// Operations with bodies above the common limit, and their limit in bytes.
    pub large_bodies: &'static [(&'static str, usize)],
    /// Operations that cost more than one unit of a caller's rate limit, and how many.
    pub costs: &'static [(&'static str, u32)],
    /// Operations that may think longer than others before they answer, and for how many seconds.
    pub timeouts: &'static [(&'static str, u32)],
}

/// The tag of what stands about the API itself; it is public and needs no scope.
const META: &str = "meta";
/// Statuses that every operation may answer with a problem.
const COMMON_STATUSES: [&str; 8] = ["400", "401", "403", "404", "406", "414", "500", "503"];

/// What every text is that nothing narrower is said of: no control characters but the ends of
/// lines and tabs.
const TEXT: &str = r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]*$";
/// Headers of every answer, whatever it says.
const COMMON_HEADERS: [&str; 5] = [
    "API-Version",
    "traceparent",
    "RateLimit",
    "RateLimit-Policy",
    "Access-Control-Allow-Origin",
];

/// The finished document; paths are relative to the API's root.
pub fn finish(declared: &OpenApi, api: &Description) -> Value {
    let mut document = serde_json::to_value(declared).unwrap_or_default();
    let mut components = document
        .get_mut("components")
        .map_or_else(|| json!({}), Value::take);
    add_components(&mut components);
    let prefix = format!("/{}/v1", api.name);
    let mut paths = Map::new();
    for (path, item) in document
        .get("paths")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
    {
        let Value::Object(operations) = item else {
            continue;
        };
        let finished = operations.into_iter().map(|(method, operation)| {
            let operation = finish_operation(&method, operation, api, &components);
            (method, operation)
        });
        paths.insert(
            path.strip_prefix(&prefix).unwrap_or(&path).to_owned(),
            Value::Object(finished.collect()),
        );
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": info(api),
        "externalDocs": { "description": "Documentation, service level and problem codes", "url": "https://akademi.example/docs" },
        "servers": [{ "url": format!("https://akademi.example/{}/v1", api.name), "description": "Production", "x-internal": false }],
        "tags": api.tags.iter().map(|(name, about)| json!({ "name": name, "description": about })).collect::<Vec<_>>(),
        "security": [{ "oidc": [format!("{}:read", api.name)] }],
        "paths": paths,
        "components": with_scheme(components, api),
    });
    prune::unused(&mut document);
    document
}

fn info(api: &Description) -> Value {
    let (english, swedish) = api.about;
    json!({
        "title": api.title,
        "version": env!("CARGO_PKG_VERSION"),
        "summary": english,
        "description": format!(
            "{english}\n\n{swedish}\n\nLimitations / begränsningar: at most 100 items on a page; \
             page numbers reach 10,000 rows; bodies up to 64 kB unless the operation says otherwise."
        ),
        "termsOfService": "https://akademi.example/terms",
        "contact": { "name": "Akademi", "url": "https://akademi.example/support", "email": "support@akademi.example" },
        "license": { "name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/" },
        "x-sla": { "availability": "99.5 %", "responseTime": "300 ms (p95)", "support": "weekdays 8–17 CET" },
    })
}

fn with_scheme(mut components: Value, api: &Description) -> Value {
    if let Some(all) = components.as_object_mut() {
        all.insert("securitySchemes".into(), json!({ "oidc": {
            "type": "oauth2",
            "description": "Access token of a configured OIDC issuer (JWT as in RFC 9068, verified as in RFC8725), or an API key, as `Authorization: Bearer`. Scopes limit keys and clients; a person's token needs none. Of the alternatives that an operation lists, one is enough.",
            "flows": { "clientCredentials": {
                "tokenUrl": "https://login.akademi.example/token",
                "refreshUrl": "https://login.akademi.example/token",
                "scopes": scopes(api)
            } }
        } }));
    }
    components
}

fn finish_operation(
    method: &str,
    mut operation: Value,
    api: &Description,
    components: &Value,
) -> Value {
    let Some(members) = operation.as_object_mut() else {
        return operation;
    };
    let id = camel_case(
        members
            .get("operationId")
            .and_then(Value::as_str)
            .unwrap_or_default(),
    );
    if !members.contains_key("description") {
        let summary = members.get("summary").cloned().unwrap_or_default();
        members.insert("description".into(), summary);
    }
    let security = security(members, method, api);
    members.insert("security".into(), security);
    if let Some((_, bytes)) = api.large_bodies.iter().find(|(name, _)| *name == id) {
        members.insert("x-max-body-bytes".into(), json!(bytes));
    }
    if let Some((_, cost)) = api.costs.iter().find(|(name, _)| *name == id) {
        members.insert("x-cost".into(), json!(cost));
    }
    if let Some((_, seconds)) = api.timeouts.iter().find(|(name, _)| *name == id) {
        members.insert("x-timeout-seconds".into(), json!(seconds));
    }
    if deprecation::is_deprecated(members) {
        members.insert("deprecated".into(), json!(true));
    }
    add_parameters(members, method, api.key_required.contains(&id.as_str()));
    if let Some(content) = members
        .get_mut("requestBody")
        .and_then(|body| body.get_mut("content"))
    {
        add_examples(content, components);
        if method == "patch"
            && let Some(all) = content.as_object_mut()
            && let Some(json) = all.get("application/json").cloned()
        {
            all.insert("application/merge-patch+json".into(), json);
        }
    }
    add_responses(members, method, components);
    members.insert("operationId".into(), json!(id));
    if method == "get" && list_member(&operation, components).is_some() {
        add_table(&mut operation);
    }
    operation
}

/// The scope of the whole API or the one of the operation's noun. A handler declares only where
/// it differs: `()` for everybody, `("oidc" = [])` for every known caller.
fn security(operation: &Map<String, Value>, method: &str, api: &Description) -> Value {
    let declared = operation.get("security").and_then(Value::as_array);
    let declared = declared.map_or(&[] as &[Value], Vec::as_slice);
    let (open, named): (Vec<&Value>, Vec<&Value>) =
        declared.iter().partition(|one| **one == json!({}));
    let has_scopes = |one: &&Value| one.get("oidc") != Some(&json!([]));
    if (named.is_empty() && !open.is_empty()) || !named.iter().all(has_scopes) {
        return json!(declared);
    }
    let right = if method == "get" { "read" } else { "write" };
    let noun = operation.get("tags").and_then(|tags| tags.get(0)?.as_str());
    let scopes = [Some(api.name), noun].into_iter().flatten();
    let scopes = scopes.map(|of| json!({ "oidc": [format!("{of}:{right}")] }));
    open.into_iter().cloned().chain(scopes).collect()
}

/// Every scope with its sentence: the API's, then those of its nouns.
fn scopes(api: &Description) -> Map<String, Value> {
    let nouns = api.tags.iter().map(|(noun, _)| *noun);
    let nouns = nouns.filter(|noun| *noun != META && *noun != api.name);
    let all = std::iter::once(api.name).chain(nouns).flat_map(|of| {
        [("read", "Read"), ("write", "Change")].map(|(right, verb)| {
            let what = if of == api.name { "all of the API" } else { of };
            (format!("{of}:{right}"), json!(format!("{verb} {what}")))
        })
    });
    all.collect()
}

fn add_parameters(operation: &mut Map<String, Value>, method: &str, key_required: bool) {
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    let Some(parameters) = parameters.as_array_mut() else {
        return;
    };
    for parameter in parameters.iter_mut() {
        clean_schema(parameter);
        // Optional means absent, never null.
    }
    let mut add =
        |name: &str| parameters.push(json!({ "$ref": format!("#/components/parameters/{name}") }));
    add("traceparent");
    add("acceptLanguage");
    match (method, key_required) {
        ("post", true) => add("requiredIdempotencyKey"),
        ("post", false) => add("idempotencyKey"),
        ("put" | "patch" | "delete", _) => add("ifMatch"),
        ("get", _) => add("ifNoneMatch"),
        _ => {}
    }
    if method == "post" {
        add("optionalIfMatch");
    }
}

/// Every list can be had as a table; see [`crate::table`].
fn add_table(operation: &mut Value) {
    let has = |wanted: &str| {
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let mut parameters = parameters.into_iter().flatten();
        parameters.any(|parameter| parameter.get("name") == Some(&json!(wanted)))
    };
    // What of the list it is.
    let (part, place) = if has("cursor") {
        (
            " from its beginning",
            " `page`, `limit` and `cursor` play no part.",
        )
    } else if has("after") {
        (" behind `after`", " `limit` plays no part.")
    } else {
        ("", "")
    };
    let about = format!(
        "The whole list{part}, a row for each item and a column for each member, with a heading (RFC 4180, UTF-8 with a mark).{place}"
    );
    let content = operation.pointer_mut("/responses/200/content");
    if let Some(content) = content.and_then(Value::as_object_mut) {
        content.insert(
            crate::table::CSV.to_owned(),
            json!({
                "schema": { "type": "string", "description": about, "pattern": r"^[\s\S]*$", "maxLength": i32::MAX },
                "examples": { "table": { "summary": "A heading and a row", "value": "id\r\n0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60\r\n" } },
            }),
        );
    }
}

fn add_responses(operation: &mut Map<String, Value>, method: &str, components: &Value) {
    let has_body = operation.contains_key("requestBody");
    let Some(responses) = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    for (status, response) in responses.iter_mut() {
        let Some(response) = response.as_object_mut() else {
            continue;
        };
        let headers = response.entry("headers").or_insert_with(|| json!({}));
        if let (Some(headers), Value::Object(common)) = (
            headers.as_object_mut(),
            header_references(success_headers(status)),
        ) {
            headers.extend(common);
        }
        if let Some(content) = response.get_mut("content") {
            add_examples(content, components);
        }
    }
    let mut statuses: Vec<&str> = COMMON_STATUSES.to_vec();
    statuses.push("default");
    match method {
        "post" => statuses.extend(["409", "412", "422"]),
        "put" | "patch" | "delete" => statuses.extend(["409", "412", "428"]),
        _ => {
            responses.insert(
                "304".into(),
                json!({
                    "description": "Unchanged since the entity tag that was sent.",
                    "headers": header_references(&["ETag"])
                }),
            );
        }
    }
    if has_body {
        statuses.extend(["408", "413", "415"]);
    }
    for status in statuses {
        responses
            .entry(status)
            .or_insert_with(|| json!({ "$ref": "#/components/responses/Problem" }));
    }
    responses
        .entry("429")
        .or_insert_with(|| json!({ "$ref": "#/components/responses/TooManyRequests" }));
}

/// Headers of an answer beside the common ones.
fn success_headers(status: &str) -> &'static [&'static str] {
    match status {
        "201" | "202" => &["ETag", "Location"],
        "204" => &[],
        _ => &["ETag"],
    }
}

/// The common headers and an answer's own, by reference.
fn header_references(own: &[&str]) -> Value {
    let all = COMMON_HEADERS.iter().chain(own);
    all.map(|name| {
        let reference = json!({ "$ref": format!("#/components/headers/{name}") });
        ((*name).to_owned(), reference)
    })
    .collect()
}

fn add_examples(content: &mut Value, components: &Value) {
    for media in content
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
    {
        let Some(media) = media.as_object_mut() else {
            continue;
        };
        if media.contains_key("example") || media.contains_key("examples") {
            continue;
        }
        if let Some(example) = media
            .get("schema")
            .and_then(|schema| example_of(schema, components, 0))
        {
            media.insert(
                "examples".into(),
                json!({ "example": { "summary": "Example", "value": example } }),
            );
        }
    }
}

/// An example of a schema, put together from its members' own examples.
fn example_of(schema: &Value, components: &Value, depth: usize) -> Option<Value> {
    if depth > 24 {
        return None;
    }
    if let Some(example) = schema
        .get("example")
        .or_else(|| schema.pointer("/examples/0"))
    {
        return Some(example.clone());
    }
    if let Some(name) = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|name| name.rsplit('/').next())
    {
        return example_of(components.get("schemas")?.get(name)?, components, depth + 1);
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema
            .get(choice)
            .and_then(Value::as_array)
            .and_then(|all| all.first())
        {
            return example_of(first, components, depth + 1);
        }
    }
    if let Some(first) = schema
        .get("enum")
        .and_then(Value::as_array)
        .and_then(|all| all.first())
    {
        return Some(first.clone());
    }
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        let members = properties.iter().filter_map(|(name, member)| {
            example_of(member, components, depth + 1).map(|example| (name.clone(), example))
        });
        return Some(Value::Object(members.collect()));
    }
    if let Some(items) = schema.get("items") {
        return Some(Value::Array(
            example_of(items, components, depth + 1)
                .into_iter()
                .collect(),
        ));
    }
    None
}

fn add_components(components: &mut Value) {
    let Some(all) = components.as_object_mut() else {
        return;
    };
    let schemas = all.entry("schemas").or_insert_with(|| json!({}));
    for schema in schemas
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
    {
        clean_schema(schema);
    }
    if let Some(schemas) = schemas.as_object_mut() {
        for (name, schema) in common_schemas() {
            schemas.insert(name.to_owned(), schema);
        }
    }
    all.insert("headers".into(), common_headers());
    all.insert("parameters".into(), common_parameters());
    all.insert(
        "responses".into(),
        json!({
            "Problem": problem_response("Something stands in the way; `code` says what.", &[]),
            "TooManyRequests": problem_response("Too many requests.", &["Retry-After"]),
        }),
    );
}

fn problem_response(description: &str, headers: &[&str]) -> Value {
    json!({
        "description": description,
        "headers": header_references(headers),
        "content": { "application/problem+json": {
            "schema": { "$ref": "#/components/schemas/Problem" },
            "examples": { "problem": { "summary": "A body with one missing member", "value": {
                "type": "https://akademi.example/problems/invalid_body",
                "title": "The body is not valid",
                "status": 400,
                "detail": "The body breaks the rules that the API document states; every violation is listed.",
                "instance": "urn:uuid:0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60",
                "code": "invalid_body",
                "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
                "errors": [{ "pointer": "/roundId", "code": "required", "detail": "This member is required." }]
            } } }
        } }
    })
}

fn common_schemas() -> Vec<(&'static str, Value)> {
    let mut problem = schema_of::<shared_types::problem::ProblemBody>();
    let mut field = schema_of::<shared_types::FieldProblem>();
    let mut refused = schema_of::<shared_types::RefusedTransition>();
    let mut link = schema_of::<shared_types::Link>();
    for schema in [&mut problem, &mut field, &mut refused, &mut link] {
        clean_schema(schema);
    }
    vec![
        ("Problem", problem),
        ("FieldProblem", field),
        ("RefusedTransition", refused),
        ("Link", link),
        (
            "Links",
            json!({
                "type": "object",
                "description": "Links by name: `self` and the transitions that the caller may take now.",
                "additionalProperties": { "$ref": "#/components/schemas/Link" },
                "maxProperties": 32,
                "example": { "self": {
                    "href": "https://akademi.example/registration/v1/rounds/0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60",
                    "rel": "self",
                    "method": "GET"
                } }
            }),
        ),
        (
            "LocalizedText",
            json!({
                "type": "object",
                "description": "A text by language tag (BCP 47), at least one entry.",
                "propertyNames": { "pattern": "^[a-z]{2,3}$" },
                "additionalProperties": { "type": "string", "minLength": 1, "maxLength": 8000, "pattern": TEXT },
                "minProperties": 1,
                "maxProperties": 8,
                "example": { "sv": "Ledarskap i kommuner", "en": "Leadership in municipalities" }
            }),
        ),
    ]
}

fn schema_of<T: utoipa::PartialSchema>() -> Value {
    serde_json::to_value(T::schema()).unwrap_or_default()
}

fn common_headers() -> Value {
    let text = |about: &str, most: u32| json!({ "description": about, "schema": { "type": "string", "maxLength": most, "pattern": TEXT } });
    json!({
        "API-Version": { "description": "Full version of the API.", "schema": { "type": "string", "maxLength": 32, "pattern": r"^\d+\.\d+\.\d+$" } },
        "traceparent": text("W3C Trace Context of the answer.", 55),
        "ETag": text("Entity tag of the resource as this reader sees it.", 64),
        "Access-Control-Allow-Origin": text("The calling page's origin, where the operator allows it.", 300),
        "Location": { "description": "Address of the new resource.", "schema": { "type": "string", "format": "uri", "maxLength": 2048 } },
        "RateLimit": { "description": "What is left of each limit, in units, and the seconds until it is whole again; set by the gateway (draft-ietf-httpapi-ratelimit-headers).", "schema": { "type": "string", "maxLength": 200, "pattern": TEXT }, "example": "\"caller\";r=599;t=1" },
        "RateLimit-Policy": { "description": "Units of each limit, and the seconds in which they are restored; set by the gateway. An operation takes one unit, or as many as its `x-cost` says.", "schema": { "type": "string", "maxLength": 200, "pattern": TEXT }, "example": "\"caller\";q=600;w=60" },
        "Retry-After": { "description": "Seconds after which to try again.", "schema": { "type": "integer", "format": "int32", "minimum": 0, "maximum": 86400 } },
    })
}

fn common_parameters() -> Value {
    let header = |name: &str, required: bool, about: &str, most: u32, example: &str| {
        json!({ "name": name, "in": "header", "required": required, "description": about,
            "schema": { "type": "string", "minLength": 1, "maxLength": most, "pattern": TEXT }, "example": example })
    };
    let key = "Repeating the call with the same key and body has one effect and the same answer, for at least 24 hours.";
    json!({
        "traceparent": header("traceparent", false, "W3C Trace Context; an invalid one starts a new trace.", 128, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        "acceptLanguage": header("Accept-Language", false, "Language of problems and reasons: sv, da or en.", 200, "sv"),
        "idempotencyKey": header("Idempotency-Key", false, key, 255, "5f2d6c1e-apply-maja"),
        "requiredIdempotencyKey": header("Idempotency-Key", true, key, 255, "5f2d6c1e-apply-maja"),
        "ifMatch": header("If-Match", true, "The entity tag that was read; `*` for any.", 100, "\"1-9f2c1a77d0e4\""),
        "optionalIfMatch": header("If-Match", false, "The entity tag that was read.", 100, "\"1-9f2c1a77d0e4\""),
        "ifNoneMatch": header("If-None-Match", false, "The entity tag that is known: 304 if it still is.", 1000, "\"1-9f2c1a77d0e4\""),
    })
}

/// Brings a generated schema to the house's form: absent instead of null, every string, number
/// and list with its bounds.
fn clean_schema(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(clean_schema),
        Value::Object(members) => {
            drop_null(members);
            add_bounds(members);
            let inner = members.iter_mut().filter(|(name, _)| {
                !matches!(name.as_str(), "example" | "examples" | "enum" | "default")
            });
            inner.for_each(|(_, value)| clean_schema(value));
        }
        _ => {}
    }
}

fn drop_null(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(kinds)) = schema.get("type") {
        let kinds: Vec<Value> = kinds
            .iter()
            .filter(|kind| *kind != "null")
            .cloned()
            .collect();
        if let [only] = kinds.as_slice() {
            schema.insert("type".into(), only.clone());
        }
    }
    let is_null = |one: &Value| one.get("type").and_then(Value::as_str) == Some("null");
    if let Some(Value::Array(choices)) = schema.get("oneOf")
        && choices.iter().any(is_null)
    {
        let rest: Vec<Value> = choices
            .iter()
            .filter(|one| !is_null(one))
            .cloned()
            .collect();
        if let [Value::Object(only)] = rest.as_slice() {
            let only = only.clone();
            schema.remove("oneOf");
            schema.extend(only);
        }
    }
}

fn add_bounds(schema: &mut Map<String, Value>) {
    let format = schema
        .get("format")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    match schema.get("type").and_then(Value::as_str) {
        Some("string") if !schema.contains_key("enum") && !schema.contains_key("const") => {
            if format.is_empty() {
                schema.entry("pattern").or_insert_with(|| json!(TEXT));
            }
            let most = match format.as_str() {
                "date" => 10,
                "date-time" => 35,
                "uuid" => 36,
                _ => 2000,
            };
            schema.entry("maxLength").or_insert_with(|| json!(most));
        }
        Some("integer") => {
            if !matches!(format.as_str(), "int32" | "int64") {
                schema.insert("format".into(), json!("int32"));
            }
            schema.entry("minimum").or_insert_with(|| json!(0));
            schema.entry("maximum").or_insert_with(|| json!(i32::MAX));
        }
        Some("array") => {
            schema.entry("maxItems").or_insert_with(|| json!(1000));
        }
        _ => {}
    }
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        let mut letters = word.chars();
        letters.next().map_or(text.clone(), |letter| {
            text + &letter.to_uppercase().to_string() + letters.as_str()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handlers_are_named_in_camel_case() {
        assert_eq!(
            camel_case("list_admission_proposals"),
            "listAdmissionProposals"
        );
    }

    #[test]
    fn an_operation_takes_the_apis_scope_or_the_one_of_its_noun() {
        let api = Description {
            name: "x",
            title: "",
            about: ("", ""),
            tags: &[("things", "Things."), ("meta", "The API.")],
            key_required: &[],
            large_bodies: &[],
            costs: &[],
            timeouts: &[],
        };
        let of = |method: &str, declared: Value| {
            let operation = json!({ "tags": ["things"], "security": declared });
            security(operation.as_object().unwrap(), method, &api)
        };
        let (all, noun) = (
            json!({ "oidc": ["x:write"] }),
            json!({ "oidc": ["things:write"] }),
        );
        assert_eq!(of("post", Value::Null), json!([all, noun]));
        let optional = json!([{}, { "oidc": ["anything"] }]);
        let expected = json!([{}, { "oidc": ["x:read"] }, { "oidc": ["things:read"] }]);
        assert_eq!(of("get", optional), expected);
        for kept in [json!([{}]), json!([{ "oidc": [] }])] {
            assert_eq!(of("get", kept.clone()), kept);
        }
        let names: Vec<String> = scopes(&api).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["things:read", "things:write", "x:read", "x:write"]);
    }

    #[test]
    fn optional_means_absent_and_every_part_has_bounds() {
        let mut schema = json!({ "properties": {
            "a": { "type": ["string", "null"] },
            "b": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/B" }] },
            "c": { "type": "array", "items": { "type": "integer", "format": "int32" } }
        } });
        clean_schema(&mut schema);
        assert_eq!(
            schema.pointer("/properties/a"),
            Some(&json!({ "type": "string", "maxLength": 2000, "pattern": TEXT }))
        );
        assert_eq!(
            schema.pointer("/properties/b"),
            Some(&json!({ "$ref": "#/components/schemas/B" }))
        );
        assert_eq!(
            schema.pointer("/properties/c/items/maximum"),
            Some(&json!(i32::MAX))
        );
    }
}
