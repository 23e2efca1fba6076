//! The API document as the judge of requests: which methods an address has, who must be known,
//! which parameters and bodies are well formed. What is documented and what is checked can't
//! differ, since both are the same thing.

use crate::{
    Error,
    context::{core, language},
    deprecation, finish, table, violation,
};
use actix_web::{
    HttpMessage as _,
    body::{BoxBody, MessageBody},
    dev::{Path, ResourceDef, ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
};
use jsonschema::Validator;
use serde_json::{Value, json};
use shared_types::{Caller, FieldProblem, Language, Problem, codes};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
    sync::{Arc, OnceLock},
};

/// Longest address that is read.
pub const MOST_URI_CHARACTERS: usize = 2048;
/// Largest body, unless the operation's `x-max-body-bytes` says otherwise.
const MOST_BODY_BYTES: usize = 64 * 1024;

/// Who may call an operation at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// Anybody, and a token plays no part.
    Public,
    /// Anybody; who is known may see more.
    Optional,
    /// Only a known caller.
    Known,
}

/// A schema that is compiled when it is first needed.
struct LazySchema {
    schema: Value,
    compiled: OnceLock<Option<Validator>>,
}

struct Parameter {
    name: String,
    required: bool,
    number: bool,
    boolean: bool,
    schema: LazySchema,
}

/// What the document demands of one operation.
pub struct Operation {
    /// The operation's id.
    pub id: String,
    /// Largest body in bytes.
    pub most_body_bytes: usize,
    access: Access,
    /// Any one of these is enough for who is limited to scopes; none is needed where it is empty.
    scopes: Vec<String>,
    query: Vec<Parameter>,
    path: Vec<Parameter>,
    headers: Vec<String>,
    media_types: Vec<String>,
    /// Media types of what it answers, problems apart.
    answers: Vec<String>,
    /// The items, where the operation answers a list.
    list: Option<ListMember>,
    body: Option<LazySchema>,
    notices: Vec<(HeaderName, HeaderValue)>,
}

/// The operations of one API document.
pub struct Contract {
    document: Value,
    /// What all paths start with; a slash follows.
    prefix: String,
    paths: HashMap<String, BTreeMap<String, Arc<Operation>>>,
    scopes: BTreeSet<String>,
}

impl Contract {
    /// Reads a finished document whose paths stand under `prefix`.
    pub fn new(prefix: &str, document: Value) -> Self {
        let mut paths: HashMap<String, BTreeMap<String, Arc<Operation>>> = HashMap::new();
        let components = document.get("components").cloned().unwrap_or_default();
        for (path, item) in document
            .get("paths")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let operation = Arc::new(Operation::read(operation, &components));
                paths
                    .entry(format!("{prefix}{path}"))
                    .or_default()
                    .insert(method.to_ascii_uppercase(), operation);
            }
        }
        let operations = paths.values().flat_map(BTreeMap::values);
        let scopes = operations.flat_map(|operation| operation.scopes.iter().cloned());
        Self {
            scopes: scopes.collect(),
            prefix: prefix.to_owned(),
            document,
            paths,
        }
    }

    /// The document.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// An operation by its id: for who has to judge a body that came otherwise.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        let mut operations = self.paths.values().flat_map(BTreeMap::values);
        operations
            .find(|operation| operation.id == id)
            .map(AsRef::as_ref)
    }

    /// Every scope that an operation takes.
    pub fn scopes(&self) -> &BTreeSet<String> {
        &self.scopes
    }

    /// Compiles every schema: what can't be compiled is listed. For tests; requests compile
    /// what they need.
    pub fn broken_schemas(&self) -> Vec<String> {
        let operations = self.paths.values().flat_map(BTreeMap::values);
        operations
            .filter(|operation| {
                let parameters = operation
                    .query
                    .iter()
                    .chain(&operation.path)
                    .map(|parameter| &parameter.schema);
                parameters
                    .chain(&operation.body)
                    .any(|schema| schema.get().is_none())
            })
            .map(|operation| operation.id.clone())
            .collect()
    }

    /// Whether an address stands among the documented ones.
    fn covers(&self, path: &str) -> bool {
        let below = path.strip_prefix(&self.prefix);
        !self.prefix.is_empty() && below.is_some_and(|below| below.starts_with('/'))
    }

    fn find(&self, pattern: &str, method: &Method) -> Option<Result<Arc<Operation>, Problem>> {
        let methods = self.paths.get(pattern)?;
        Some(methods.get(method.as_str()).cloned().ok_or_else(|| {
            let allowed = methods
                .keys()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", ");
            Problem::of(&codes::METHOD_NOT_ALLOWED).value("allow", allowed)
        }))
    }
}

impl fmt::Debug for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contract")
            .field("paths", &self.paths.len())
            .finish_non_exhaustive()
    }
}

impl Operation {
    fn read(operation: &Value, components: &Value) -> Self {
        let parameters = |place: &str| -> Vec<&Value> {
            let all = operation
                .get("parameters")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let resolved = all.map(|parameter| resolve(parameter, components));
            resolved
                .filter(|parameter| parameter.get("in").and_then(Value::as_str) == Some(place))
                .collect()
        };
        let content = operation
            .pointer("/requestBody/content")
            .and_then(Value::as_object);
        Self {
            id: text(operation, "operationId"),
            most_body_bytes: operation
                .get("x-max-body-bytes")
                .and_then(Value::as_u64)
                .and_then(|bytes| usize::try_from(bytes).ok())
                .unwrap_or(MOST_BODY_BYTES),
            access: access(operation),
            scopes: scopes(operation),
            query: parameters("query")
                .into_iter()
                .map(|one| Parameter::read(one, components))
                .collect(),
            path: parameters("path")
                .into_iter()
                .map(|one| Parameter::read(one, components))
                .collect(),
            headers: parameters("header")
                .into_iter()
                .filter(|parameter| parameter.get("required") == Some(&Value::Bool(true)))
                .map(|parameter| text(parameter, "name"))
                .collect(),
            media_types: content
                .into_iter()
                .flat_map(|content| content.keys().cloned())
                .collect(),
            answers: answers(operation),
            list: list_member(operation, components),
            body: content
                .and_then(|content| content.values().next())
                .and_then(|media| media.get("schema"))
                .map(|schema| LazySchema::new(schema, components)),
            notices: deprecation::headers(operation),
        }
    }

    /// The violations of a body; `None` where the operation takes no body.
    pub fn check_body(&self, body: &Value, language: Language) -> Option<Vec<FieldProblem>> {
        let validator = self.body.as_ref()?.get()?;
        let found = validator
            .iter_errors(body)
            .flat_map(|error| violation::of(&error, language));
        Some(found.take(violation::MOST).collect())
    }

    /// Members of the items of the list that the operation answers.
    pub fn members(&self) -> &[String] {
        self.list.as_ref().map_or(&[], |list| &list.members)
    }

    /// Name of the member in which the items of the list stand that the operation answers.
    pub fn items(&self) -> &str {
        self.list.as_ref().map_or("", |list| &list.name)
    }

    /// Whether the operation answers a list, which can be had as a table too.
    fn is_list(&self) -> bool {
        self.answers.iter().any(|answer| answer == table::CSV) && self.list.is_some()
    }

    /// Whether the operation takes a body.
    pub fn takes_body(&self) -> bool {
        self.body.is_some()
    }

    fn check_parameters(
        &self,
        request: &ServiceRequest,
        pattern: &str,
        language: Language,
    ) -> Result<(), Problem> {
        let mut violations = Vec::new();
        let mut given: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in form_pairs(request.query_string()) {
            if !self.query.iter().any(|parameter| parameter.name == name) {
                let words = violation::UNKNOWN_PARAMETER.get(language);
                violations.push(FieldProblem::parameter(
                    cut(&name),
                    "unknown_parameter",
                    words,
                ));
            } else if given.insert(name.clone(), value).is_some() {
                violations.push(FieldProblem::parameter(
                    cut(&name),
                    "repeated",
                    violation::REPEATED.get(language),
                ));
            }
        }
        for parameter in &self.query {
            violations
                .extend(parameter.check(given.get(&parameter.name).map(String::as_str), language));
        }
        if let Some(fields) = given.get("fields") {
            let unknown = fields
                .split(',')
                .filter(|name| !self.members().iter().any(|member| member == name));
            violations.extend(unknown.take(violation::MOST).map(|name| {
                let values = [("name", cut(name)), ("limit", self.members().join(", "))];
                let words = violation::UNKNOWN_FIELD.fill(language, &values);
                FieldProblem::parameter("fields", "unknown_field", words)
            }));
        }
        // The request is not routed yet, so its path is taken apart here.
        let mut path = Path::new(request.match_info().as_str());
        ResourceDef::new(pattern).capture_match_info(&mut path);
        for parameter in &self.path {
            violations.extend(parameter.check(path.get(&parameter.name), language));
        }
        if violations.is_empty() {
            Ok(())
        } else {
            Err(Problem::of(&codes::INVALID_PARAMETER).errors(violations))
        }
    }

    fn check_headers(&self, headers: &HeaderMap, language: Language) -> Result<(), Problem> {
        if let Some(name) = self
            .headers
            .iter()
            .find(|name| !headers.contains_key(name.as_str()))
        {
            let code = if name == "If-Match" {
                &codes::PRECONDITION_REQUIRED
            } else {
                &codes::INVALID_PARAMETER
            };
            let words = violation::MISSING_HEADER.get(language);
            return Err(Problem::of(code).errors(vec![FieldProblem::header(
                name.clone(),
                "required",
                words,
            )]));
        }
        let sent = media_type(headers);
        let has_body = headers
            .get("content-length")
            .is_some_and(|length| length != "0")
            || headers.contains_key("transfer-encoding");
        if has_body && !self.media_types.is_empty() && !self.media_types.contains(&sent) {
            let expected = self.media_types.join(", ");
            return Err(Problem::of(&codes::UNSUPPORTED_MEDIA_TYPE).value("expected", expected));
        }
        Ok(())
    }
}

impl Parameter {
    fn read(parameter: &Value, components: &Value) -> Self {
        let schema = parameter.get("schema").cloned().unwrap_or_default();
        let kind = text(resolve(&schema, components), "type");
        Self {
            name: text(parameter, "name"),
            required: parameter.get("required") == Some(&Value::Bool(true)),
            number: kind == "integer" || kind == "number",
            boolean: kind == "boolean",
            schema: LazySchema::new(&schema, components),
        }
    }

    fn check(&self, value: Option<&str>, language: Language) -> Vec<FieldProblem> {
        let Some(text) = value else {
            let missing = || {
                FieldProblem::parameter(
                    self.name.clone(),
                    "required",
                    violation::MISSING_HEADER.get(language),
                )
            };
            return if self.required {
                vec![missing()]
            } else {
                Vec::new()
            };
        };
        let value = match (self.number, self.boolean) {
            (true, _) => text
                .parse::<i64>()
                .map_or_else(|_| json!(text), Value::from),
            (_, true) => text
                .parse::<bool>()
                .map_or_else(|_| json!(text), Value::from),
            _ => json!(text),
        };
        let Some(validator) = self.schema.get() else {
            return Vec::new();
        };
        let found = validator
            .iter_errors(&value)
            .flat_map(|error| violation::of(&error, language));
        found
            .map(|problem| FieldProblem {
                pointer: None,
                parameter: Some(self.name.clone().into()),
                ..problem
            })
            .collect()
    }
}

impl LazySchema {
    fn new(schema: &Value, components: &Value) -> Self {
        Self {
            schema: with_components(schema, components),
            compiled: OnceLock::new(),
        }
    }

    fn get(&self) -> Option<&Validator> {
        let compile = || {
            let options = jsonschema::options()
                .with_draft(jsonschema::Draft::Draft202012)
                .should_validate_formats(true);
            match options.build(&self.schema) {
                Ok(validator) => Some(validator),
                Err(error) => {
                    tracing::error!(%error, "a schema of the API document can't be compiled");
                    None
                }
            }
        };
        self.compiled.get_or_init(compile).as_ref()
    }
}

/// The schema with the components it reaches, so that its references resolve inside it.
fn with_components(schema: &Value, components: &Value) -> Value {
    let mut reached = serde_json::Map::new();
    let mut open = vec![schema.clone()];
    while let Some(next) = open.pop() {
        for name in references(&next) {
            if let Some(found) = components.get("schemas").and_then(|all| all.get(&name))
                && reached.insert(name, found.clone()).is_none()
            {
                open.push(found.clone());
            }
        }
    }
    json!({ "allOf": [schema], "components": { "schemas": reached } })
}

fn references(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| match (name.as_str(), value) {
                ("$ref", Value::String(target)) => target
                    .strip_prefix("#/components/schemas/")
                    .map(str::to_owned)
                    .into_iter()
                    .collect(),
                _ => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

fn resolve<'a>(value: &'a Value, components: &'a Value) -> &'a Value {
    let target = value
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|target| target.strip_prefix("#/components"));
    target
        .and_then(|pointer| components.pointer(pointer))
        .unwrap_or(value)
}

/// Where the items of a list stand in its answer, and what they have.
pub(crate) struct ListMember {
    /// Name of the member.
    name: String,
    /// The members of an item, in the document's order.
    members: Vec<String>,
}

/// The items of an operation that is named a list: `items`, or the one member that is an array of
/// objects.
pub(crate) fn list_member(operation: &Value, components: &Value) -> Option<ListMember> {
    if operation.pointer("/operationId")?.as_str()?.get(..4)? != "list" {
        return None;
    }
    let schema = operation.pointer("/responses/200/content/application~1json/schema")?;
    let members = resolve(schema, components).get("properties")?.as_object()?;
    let arrays = members.iter().filter_map(|(name, member)| {
        let item = resolve(member.get("items")?, components);
        let members = item.get("properties")?.as_object()?.keys().cloned();
        Some(ListMember {
            name: name.clone(),
            members: members.collect(),
        })
    });
    let mut arrays: Vec<ListMember> = arrays.collect();
    if let Some(items) = arrays.iter().position(|one| one.name == "items") {
        return Some(arrays.swap_remove(items));
    }
    let only = arrays.pop()?;
    arrays.is_empty().then_some(only)
}

fn access(operation: &Value) -> Access {
    let Some(alternatives) = operation.get("security").and_then(Value::as_array) else {
        return Access::Known;
    };
    let is_nothing = |one: &Value| one.as_object().is_some_and(serde_json::Map::is_empty);
    match (alternatives.iter().any(is_nothing), alternatives.len()) {
        (true, 1) => Access::Public,
        (true, _) => Access::Optional,
        _ => Access::Known,
    }
}

/// The scopes of all alternatives; none where an alternative asks for a known caller alone.
fn scopes(operation: &Value) -> Vec<String> {
    let alternatives = operation.get("security").and_then(Value::as_array);
    let schemes = alternatives
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .flat_map(|one| one.values().filter_map(Value::as_array));
    let mut all = Vec::new();
    for scheme in schemes {
        if scheme.is_empty() {
            return Vec::new();
        }
        all.extend(scheme.iter().filter_map(Value::as_str).map(str::to_owned));
    }
    all
}

fn text(value: &Value, member: &str) -> String {
    value
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn cut(name: &str) -> String {
    name.chars().take(100).collect()
}

/// The pairs of a query string, decoded.
pub fn form_pairs(query: &str) -> Vec<(String, String)> {
    actix_web::web::Query::<Vec<(String, String)>>::from_query(query)
        .map(actix_web::web::Query::into_inner)
        .unwrap_or_default()
}

fn media_type(headers: &HeaderMap) -> String {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// The media types in which an operation answers when all is well.
fn answers(operation: &Value) -> Vec<String> {
    let responses = operation.get("responses").and_then(Value::as_object);
    let good = responses
        .into_iter()
        .flatten()
        .filter(|(status, _)| status.starts_with('2'));
    let contents = good.filter_map(|(_, response)| response.get("content")?.as_object());
    contents
        .flat_map(|content| content.keys().cloned())
        .collect()
}

/// Whether a caller takes one of the media types in which an operation answers. What answers
/// nothing is taken as JSON, in which its problems come.
fn accepts(headers: &HeaderMap, answers: &[String]) -> bool {
    let Some(accept) = headers.get(ACCEPT).and_then(|value| value.to_str().ok()) else {
        return true;
    };
    let json = ["application/json".to_owned()];
    let answers = if answers.is_empty() {
        &json[..]
    } else {
        answers
    };
    let fits = |media: &str| {
        answers.iter().any(|answer| {
            let kind = answer.split('/').next().unwrap_or_default();
            media == answer || media == format!("{kind}/*")
        })
    };
    accept.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default().to_ascii_lowercase();
        let refused = parts.any(|parameter| matches!(parameter, "q=0" | "q=0.0"));
        let any = matches!(media.as_str(), "" | "*/*" | "application/problem+json");
        !refused && (any || fits(&media))
    })
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

/// Middleware: judges every request for a documented address before its handler sees it. A list
/// that is wanted as a table is asked for all of its pages by [`table`].
pub async fn enforce<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    judge(&request).map_err(Error::from)?;
    let operation = request.extensions().get::<Arc<Operation>>().cloned();
    let operation = operation.filter(|one| one.is_list() && table::is_wanted(request.headers()));
    match operation {
        Some(operation) => table::whole(request, next, operation).await,
        None => next
            .call(request)
            .await
            .map(ServiceResponse::map_into_boxed_body),
    }
}

/// The pattern of a request's address. Whoever has found it notes it on the request, so that
/// nobody matches the address again.
#[derive(Clone, Debug)]
pub struct Pattern(pub Arc<str>);

/// The pattern of the address that the request will be routed to. The router reads the path
/// decoded, so it is read decoded here: otherwise one encoded letter would hide an address.
pub(crate) fn pattern(request: &ServiceRequest) -> Option<Arc<str>> {
    let noted = request.extensions().get::<Pattern>().cloned();
    if let Some(Pattern(pattern)) = noted {
        return Some(pattern);
    }
    let path = request.match_info().as_str();
    let pattern: Arc<str> = request.resource_map().match_pattern(path)?.into();
    request
        .extensions_mut()
        .insert(Pattern(Arc::clone(&pattern)));
    Some(pattern)
}

fn judge(request: &ServiceRequest) -> Result<(), Problem> {
    let core = core(request.request())?;
    let uri_characters = request
        .uri()
        .path_and_query()
        .map_or(0, |address| address.as_str().len());
    if uri_characters > MOST_URI_CHARACTERS {
        return Err(Problem::of(&codes::URI_TOO_LONG));
    }
    let Some(pattern) = pattern(request) else {
        // Nothing there; and if there were, nobody would have judged it.
        return if core.contract.covers(request.match_info().as_str()) {
            Err(Problem::of(&codes::NOT_FOUND))
        } else {
            Ok(())
        };
    };
    let Some(operation) = core.contract.find(&pattern, request.method()) else {
        return Ok(());
    };
    let operation = operation?;
    for (name, value) in &operation.notices {
        finish::note(request.request(), name.clone(), value.clone());
    }
    let language = language(request.request());
    let caller = caller(request.headers(), operation.access, &core.verifier)?;
    let caller = within_scope(caller, &operation)?;
    if !accepts(request.headers(), &operation.answers) {
        return Err(Problem::of(&codes::NOT_ACCEPTABLE));
    }
    operation.check_parameters(request, &pattern, language)?;
    operation.check_headers(request.headers(), language)?;
    request.extensions_mut().insert(caller);
    request.extensions_mut().insert(operation);
    Ok(())
}

fn caller(
    headers: &HeaderMap,
    access: Access,
    verifier: &crate::token::Verifier,
) -> Result<Caller, Problem> {
    let presented = headers.get(AUTHORIZATION).is_some();
    match (access, bearer(headers)) {
        (Access::Public, _) => Ok(Caller::anonymous()),
        (_, Some(token)) => match verifier.verify(token) {
            Ok(claims) => Ok(claims.caller()),
            Err(refused) => Err(Problem::of(&codes::UNAUTHENTICATED).caused_by(refused)),
        },
        (Access::Optional, None) if !presented => Ok(Caller::anonymous()),
        (_, None) => Err(Problem::of(&codes::UNAUTHENTICATED)),
    }
}

/// The caller as far as the scopes reach: what everybody may read, who lacks the scope reads as
/// everybody does.
fn within_scope(caller: Caller, operation: &Operation) -> Result<Caller, Problem> {
    if caller.is_within(&operation.scopes) {
        return Ok(caller);
    }
    match operation.access {
        Access::Public | Access::Optional => Ok(Caller::anonymous()),
        Access::Known => {
            // The narrowest stands last.
            let scope = operation.scopes.last().cloned().unwrap_or_default();
            Err(Problem::of(&codes::INSUFFICIENT_SCOPE).value("scope", scope))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract() -> Contract {
        Contract::new(
            "/x/v1",
            json!({
                "paths": { "/things": { "post": {
                    "operationId": "createThing",
                    "security": [{ "oidc": [] }],
                    "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } }
                } } },
                "components": { "schemas": {
                    "Thing": { "type": "object", "required": ["name", "size"], "additionalProperties": false,
                        "properties": { "name": { "$ref": "#/components/schemas/Name" }, "size": { "type": "integer", "minimum": 1 } } },
                    "Name": { "type": "string", "maxLength": 3 }
                } }
            }),
        )
    }

    #[test]
    fn a_caller_takes_what_the_operation_answers() {
        let calendar = ["text/calendar".to_owned()];
        let taken = |accept: &'static str, answers: &[String]| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            accepts(&headers, answers)
        };
        for accept in ["*/*", "text/*", "text/html, text/calendar;q=0.5"] {
            assert!(taken(accept, &calendar), "{accept}");
        }
        for accept in ["application/json", "text/html", "text/calendar;q=0"] {
            assert!(!taken(accept, &calendar), "{accept}");
        }
        assert!(taken("application/*", &[]) && taken("application/json", &[]));
        assert!(!taken("text/calendar", &[]));
        assert!(accepts(&HeaderMap::new(), &calendar));
    }

    #[test]
    fn what_is_named_a_list_has_its_items_somewhere() {
        let found = |id: &str, members: Value| {
            let components =
                json!({ "schemas": { "Thing": { "properties": { "id": {}, "name": {} } } } });
            let schema = json!({ "properties": members });
            let operation = json!({
                "operationId": id,
                "responses": { "200": { "content": { "application/json": { "schema": schema } } } },
            });
            let found = list_member(&operation, &components);
            found.map(|list| (list.name, list.members.join(",")))
        };
        let things = json!({ "items": { "$ref": "#/components/schemas/Thing" } });
        let words = json!({ "items": { "type": "string" } });
        let of = |name: &str| Some((name.to_owned(), "id,name".to_owned()));
        let choices = json!({ "choices": things, "words": words });
        assert_eq!(found("list_choices", choices.clone()), of("choices"));
        assert_eq!(found("get_choices", choices), None);
        let two = json!({ "after": things, "before": things });
        assert_eq!(found("listChanges", two), None);
        let among = json!({ "after": things, "items": things, "rest": things });
        assert_eq!(found("listThings", among), of("items"));
    }

    #[test]
    fn all_violations_of_a_body_are_told_at_once_with_their_pointers() {
        let contract = contract();
        let operation = contract
            .find("/x/v1/things", &Method::POST)
            .unwrap()
            .unwrap();
        let found = operation
            .check_body(
                &json!({ "name": "long name", "colour": "red" }),
                Language::English,
            )
            .unwrap();
        let mut pointers: Vec<_> = found
            .iter()
            .map(|one| (one.pointer.clone().unwrap(), one.code.clone()))
            .collect();
        pointers.sort();
        assert_eq!(
            pointers,
            [
                ("/colour".into(), "unknown_member".into()),
                ("/name".into(), "too_long".into()),
                ("/size".into(), "required".into()),
            ]
        );
        assert!(
            operation
                .check_body(&json!({ "name": "abc", "size": 1 }), Language::English)
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn an_encoded_letter_does_not_hide_an_address() {
        use actix_web::test::TestRequest;
        let contract = contract();
        for (path, is_covered) in [
            ("/x/v1/things", true),
            ("/x/v1/thing%73", true),
            ("/%78/v%31/things", true),
            ("/x/v1", false),
            ("/x/v10/things", false),
            ("/x/health/ready", false),
        ] {
            let request = TestRequest::with_uri(path).to_srv_request();
            let path = request.match_info().as_str();
            assert_eq!(contract.covers(path), is_covered, "{path}");
        }
    }

    #[test]
    fn an_undocumented_method_is_told_which_are() {
        let problem = contract()
            .find("/x/v1/things", &Method::DELETE)
            .unwrap()
            .err()
            .unwrap();
        assert_eq!(problem.code().name, "method_not_allowed");
        assert!(contract().find("/x/v1/other", &Method::GET).is_none());
    }

    fn operation(security: &Value) -> Operation {
        Operation::read(&json!({ "security": security }), &json!({}))
    }

    fn limited(scope: &str) -> Caller {
        Caller {
            subject: "key:1".into(),
            scopes: Some(vec![scope.into()]),
            ..Caller::anonymous()
        }
    }

    #[test]
    fn any_one_of_an_operations_scopes_is_enough() {
        let both = json!([{ "oidc": ["x:read"] }, { "oidc": ["things:read"] }]);
        let operation = operation(&both);
        for scope in ["x:read", "things:read"] {
            assert!(within_scope(limited(scope), &operation).is_ok(), "{scope}");
        }
        let refused = within_scope(limited("things:write"), &operation).unwrap_err();
        assert_eq!(refused.code().name, "insufficient_scope");
        assert_eq!(refused.get("scope"), Some("things:read"));
        let unlimited = Caller {
            scopes: None,
            ..limited("")
        };
        assert!(within_scope(unlimited, &operation).is_ok());
    }

    #[test]
    fn who_lacks_the_scope_reads_what_is_public_as_everybody_does() {
        let optional = operation(&json!([{}, { "oidc": ["x:read"] }]));
        let reader = within_scope(limited("x:write"), &optional).unwrap();
        assert!(reader.is_anonymous());
        let reader = within_scope(limited("x:read"), &optional).unwrap();
        assert_eq!(reader.subject, "key:1");
        let no_scope = operation(&json!([{ "oidc": [] }]));
        assert!(within_scope(limited("x:write"), &no_scope).is_ok());
    }
}
