//! Many changes in one request (RFC 7644, 3.7).
//!
//! All are tried in one transaction, which is what a nightly run of a thousand employees needs.
//! If one of them is refused, that transaction is undone and each is done in one of its own, so
//! that every operation has the answer that it would have had alone.
//!
//! A reference to an operation by its `bulkId` may stand before it: new users get their ids when
//! the request is read. An operation whose reference leads nowhere, or in a circle, is refused.

use super::{
    desk::{Body, Desk},
    groups, patch,
    refusal::{invalid_syntax, invalid_value, told},
    routes::user_id,
    schema::{GROUPS, USERS},
    served, users,
};
use crate::State;
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use serde_json::{Value, json};
use shared_database::Change;
use shared_types::{PersonId, Problem, codes};
use shared_web::{Error, finish::scim_error};
use std::collections::HashMap;

/// Operations in one request.
pub const MOST_OPERATIONS: usize = 1000;
/// Operations of one transaction: others wait for it.
const AT_ONCE: usize = 250;
/// How a reference to another operation begins.
const REFERENCE: &str = "bulkId:";
/// The schema of the request.
const REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
/// The schema of the answer.
const RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

/// What one operation is to do.
#[derive(Clone, Debug)]
struct Operation {
    method: String,
    bulk_id: Option<String>,
    /// `Users` or `Groups`, and the id behind it.
    endpoint: String,
    id: Option<String>,
    version: Option<String>,
    data: Value,
    /// The id that a new user gets.
    promised: Option<PersonId>,
}

/// What became of it.
#[derive(Debug)]
struct Done {
    status: StatusCode,
    location: Option<String>,
    version: Option<String>,
    refused: Option<Problem>,
}

/// Takes a request.
pub async fn take(state: Data<State>, desk: Desk, body: Body) -> Result<HttpResponse, Error> {
    let (operations, most_errors) = read(&body.0)?;
    let mut known = Ids::of(&operations);
    let mut answers = Vec::with_capacity(operations.len());
    let mut errors = 0;
    for part in operations.chunks(AT_ONCE) {
        let together = try_together(&state, &desk, part, &mut known).await;
        if let Some(done) = together {
            answers.extend(
                part.iter()
                    .zip(done)
                    .map(|(one, done)| wire(&desk, one, &done)),
            );
            continue;
        }
        for one in part {
            let done = alone(&state, &desk, one, &mut known).await?;
            errors += usize::from(done.refused.is_some());
            answers.push(wire(&desk, one, &done));
            if most_errors.is_some_and(|most| errors >= most) {
                return Ok(answer(&answers));
            }
        }
    }
    Ok(answer(&answers))
}

fn answer(answers: &[Value]) -> HttpResponse {
    served::answer(&json!({ "schemas": [RESPONSE], "Operations": answers }))
}

/// The ids behind `bulkId`s, as far as they are known.
#[derive(Clone, Debug, Default)]
struct Ids(HashMap<String, Option<String>>);

impl Ids {
    fn of(operations: &[Operation]) -> Self {
        let named = operations.iter().filter_map(|one| {
            let promised = one.promised.map(|id| id.to_string());
            Some((one.bulk_id.clone()?, promised))
        });
        Self(named.collect())
    }

    /// Puts ids where references stand.
    fn resolve(&self, value: &mut Value) -> Result<(), Problem> {
        match value {
            Value::String(text) => {
                if let Some(name) = text.strip_prefix(REFERENCE) {
                    *text = self.id(name)?;
                }
                Ok(())
            }
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.resolve(item)),
            Value::Object(members) => members.values_mut().try_for_each(|one| self.resolve(one)),
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        }
    }

    fn id(&self, name: &str) -> Result<String, Problem> {
        let found = self.0.get(name).cloned().flatten();
        found.ok_or_else(|| {
            let name: String = name.chars().take(100).collect();
            invalid_value(format!(
                "No operation before this one has made {REFERENCE}{name}."
            ))
        })
    }
}

fn read(body: &Value) -> Result<(Vec<Operation>, Option<usize>), Problem> {
    let syntax = || invalid_syntax(format!("schemas has to name {REQUEST}."));
    let members = body.as_object().ok_or_else(syntax)?;
    let schemas = patch::member(members, "schemas").and_then(Value::as_array);
    let mut schemas = schemas.into_iter().flatten().filter_map(Value::as_str);
    if !schemas.any(|one| one.eq_ignore_ascii_case(REQUEST)) {
        return Err(syntax());
    }
    let all = patch::member(members, "Operations").and_then(Value::as_array);
    let all = all.ok_or_else(|| invalid_syntax("Operations is a list."))?;
    if all.len() > MOST_OPERATIONS {
        let problem = Problem::of(&codes::BODY_TOO_LARGE);
        let words = format!("{MOST_OPERATIONS} operations in one request at most.");
        return Err(problem.value("scimDetail", words));
    }
    let most_errors = match patch::member(members, "failOnErrors") {
        None | Some(Value::Null) => None,
        Some(value) => {
            let most = value.as_u64().filter(|most| *most > 0);
            let most = most.and_then(|most| usize::try_from(most).ok());
            Some(most.ok_or_else(|| invalid_value("failOnErrors is a positive number."))?)
        }
    };
    let operations: Vec<Operation> = all.iter().map(operation).collect::<Result<_, _>>()?;
    let mut names: Vec<&str> = operations
        .iter()
        .filter_map(|one| one.bulk_id.as_deref())
        .collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(invalid_value("Two operations have the same bulkId."));
    }
    Ok((operations, most_errors))
}

fn operation(value: &Value) -> Result<Operation, Problem> {
    let members = value
        .as_object()
        .ok_or_else(|| invalid_syntax("An operation is an object."))?;
    let text = |name: &str| {
        let value = patch::member(members, name).and_then(Value::as_str);
        value.map(str::to_owned)
    };
    let method = text("method").unwrap_or_default().to_ascii_uppercase();
    if !["POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str()) {
        return Err(invalid_syntax("method is POST, PUT, PATCH or DELETE."));
    }
    let path = text("path").unwrap_or_default();
    let mut segments = path.trim_start_matches('/').splitn(2, '/');
    let endpoint = segments.next().unwrap_or_default().to_owned();
    let id = segments
        .next()
        .filter(|id| !id.is_empty())
        .map(str::to_owned);
    let bulk_id = text("bulkId").filter(|name| !name.is_empty() && name.len() <= 200);
    let fits = ["Users", "Groups"].contains(&endpoint.as_str())
        && (method == "POST") == id.is_none()
        && (method != "POST" || bulk_id.is_some());
    if !fits {
        return Err(invalid_syntax(
            "path is /Users or /Groups for POST, which has a bulkId, and an id behind it for the others.",
        ));
    }
    let is_new_user = method == "POST" && endpoint == "Users";
    Ok(Operation {
        promised: is_new_user.then(PersonId::new),
        version: text("version"),
        data: patch::member(members, "data").cloned().unwrap_or_default(),
        method,
        bulk_id,
        endpoint,
        id,
    })
}

/// All of a part in one transaction; nothing where one of them is refused.
async fn try_together(
    state: &State,
    desk: &Desk,
    part: &[Operation],
    known: &mut Ids,
) -> Option<Vec<Done>> {
    let mut learnt = known.clone();
    let work = async |change: &mut Change| {
        let mut all = Vec::with_capacity(part.len());
        for one in part {
            let done = perform(change, desk, one, &learnt).await?;
            learn(&mut learnt, one, &done);
            all.push(done);
        }
        Ok::<_, Problem>(all)
    };
    let done = state
        .database
        .change(desk.context.actor(), work)
        .await
        .ok()?;
    *known = learnt;
    Some(done)
}

async fn alone(
    state: &State,
    desk: &Desk,
    one: &Operation,
    known: &mut Ids,
) -> Result<Done, Problem> {
    let work = async |change: &mut Change| perform(change, desk, one, known).await;
    match state
        .database
        .change(desk.context.actor(), work)
        .await
        .map_err(told)
    {
        Ok(done) => {
            learn(known, one, &done);
            Ok(done)
        }
        // What is no answer to this operation ends the request: it may be sent again.
        Err(problem) if problem.code().status >= 500 => Err(problem),
        Err(problem) => {
            // Nobody is there under the id that was promised.
            if let Some(name) = &one.bulk_id {
                known.0.insert(name.clone(), None);
            }
            let status = StatusCode::from_u16(problem.code().status);
            Ok(Done {
                status: status.unwrap_or(StatusCode::BAD_REQUEST),
                location: None,
                version: None,
                refused: Some(problem),
            })
        }
    }
}

fn learn(known: &mut Ids, one: &Operation, done: &Done) {
    let id = done
        .location
        .as_ref()
        .and_then(|address| address.rsplit('/').next());
    if let (Some(name), Some(id)) = (&one.bulk_id, id) {
        known.0.insert(name.clone(), Some(id.to_owned()));
    }
}

async fn perform(
    change: &mut Change,
    desk: &Desk,
    one: &Operation,
    known: &Ids,
) -> Result<Done, Problem> {
    let desk = desk.expecting(one.version.as_deref());
    let mut data = one.data.clone();
    known.resolve(&mut data)?;
    let id = match one.id.as_deref() {
        Some(id) => match id.strip_prefix(REFERENCE) {
            Some(name) => known.id(name)?,
            None => id.to_owned(),
        },
        None => String::new(),
    };
    let is_user = one.endpoint == "Users";
    let made = match one.method.as_str() {
        "POST" if is_user => users::create(change, &desk, &data, one.promised).await?,
        "POST" => groups::create(change, &desk, &data).await?,
        "PUT" if is_user => users::replace(change, &desk, user_id(&id)?, &data).await?,
        "PUT" => groups::replace(change, &desk, &id, &data).await?,
        "PATCH" => {
            let operations = patch::read(&data)?;
            let resource: &'static _ = if is_user { &USERS } else { &GROUPS };
            let edit = |mut document: patch::Document| -> Result<patch::Document, Problem> {
                patch::apply(resource, &mut document, operations)?;
                Ok(document)
            };
            if is_user {
                users::modify(change, &desk, user_id(&id)?, edit).await?
            } else {
                groups::modify(change, &desk, &id, edit).await?
            }
        }
        _ => {
            if is_user {
                users::remove(change, &desk, user_id(&id)?).await?;
            } else {
                groups::remove(change, &desk, &id).await?;
            }
            return Ok(Done {
                status: StatusCode::NO_CONTENT,
                location: None,
                version: None,
                refused: None,
            });
        }
    };
    let of_meta = |name: &str| {
        let value = made.get("meta").and_then(|meta| meta.get(name));
        value.and_then(Value::as_str).map(str::to_owned)
    };
    let is_new = one.method == "POST";
    Ok(Done {
        status: if is_new {
            StatusCode::CREATED
        } else {
            StatusCode::OK
        },
        location: of_meta("location"),
        version: of_meta("version"),
        refused: None,
    })
}

fn wire(desk: &Desk, one: &Operation, done: &Done) -> Value {
    let mut wire = patch::Document::new();
    wire.insert("method".into(), one.method.as_str().into());
    let mut insert = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            wire.insert(name.to_owned(), value);
        }
    };
    insert("bulkId", one.bulk_id.clone().map(Value::from));
    let asked = one
        .id
        .as_ref()
        .map(|id| desk.address(&format!("/{}", one.endpoint), id));
    insert("location", done.location.clone().or(asked).map(Value::from));
    insert("version", done.version.clone().map(Value::from));
    insert("status", Some(done.status.as_str().into()));
    if let Some(problem) = &done.refused {
        let body = problem.body(
            desk.context.language,
            String::new(),
            String::new(),
            String::new(),
        );
        insert("response", Some(scim_error(problem, &body)));
    }
    wire.into()
}
