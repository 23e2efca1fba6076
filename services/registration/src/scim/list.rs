//! Lists: filter, order, part (RFC 7644, 3.4.2).
//!
//! What an index answers is asked of the database: id, `userName`, `externalId`, address,
//! whether active, and times. Everything else is looked at user by user, of a bounded number.

use super::{
    desk::Desk,
    document, entity,
    filter::{self, Filter, Literal, Operator},
    groups, patch,
    refusal::{invalid_value, too_many},
    schema::{GROUPS, Place, Resource, USERS},
    store, users,
};
use crate::people::{entity as person, model::email_key};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, Order, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, Func, SimpleExpr},
};
use serde_json::{Value, json};
use shared_database::DatabaseError;
use shared_types::Problem;
use uuid::Uuid;

/// Resources of one answer.
pub const MOST_RESULTS: u64 = 200;
/// Resources of one answer where the client does not say.
const USUAL_RESULTS: i64 = 100;
/// Users that are looked at one by one.
const MOST_LOOKED_AT: u64 = 5000;
/// The schema of a search in a body.
const SEARCH: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Which resources.
    pub filter: Option<String>,
    /// In which order.
    pub sort_by: Option<String>,
    /// Whether backwards.
    pub descending: bool,
    /// From which one on; the first is 1.
    pub start: u64,
    /// How many.
    pub count: u64,
    /// What of them is shown.
    pub attributes: Option<String>,
    /// What of them is not shown.
    pub excluded: Option<String>,
}

impl Asked {
    /// Reads the query of an address.
    pub fn of_query(query: &str) -> Result<Self, Problem> {
        let pairs = shared_web::contract::form_pairs(query);
        let members = pairs.into_iter().map(|(name, value)| (name, value.into()));
        Self::of_members(&members.collect())
    }

    /// Reads a search in a body.
    pub fn of_body(body: &Value) -> Result<Self, Problem> {
        let syntax = || super::refusal::invalid_syntax(format!("schemas has to name {SEARCH}."));
        let members = body.as_object().ok_or_else(syntax)?;
        let schemas = patch::member(members, "schemas").and_then(Value::as_array);
        let mut schemas = schemas.into_iter().flatten().filter_map(Value::as_str);
        if !schemas.any(|one| one.eq_ignore_ascii_case(SEARCH)) {
            return Err(syntax());
        }
        Self::of_members(members)
    }

    fn of_members(members: &patch::Document) -> Result<Self, Problem> {
        let text = |name: &str| match patch::member(members, name) {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text.clone()),
            Some(Value::Array(all)) => {
                let all: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
                Some(all.join(","))
            }
            _ => None,
        };
        let number = |name: &str| match patch::member(members, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(number)) => Ok(number.as_i64()),
            Some(Value::String(text)) => match text.trim().parse::<i64>() {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(invalid_value(format!("{name} is a whole number."))),
            },
            Some(_) => Err(invalid_value(format!("{name} is a whole number."))),
        };
        let asked = Self {
            // An empty filter is a mistake, not the whole list.
            filter: patch::member(members, "filter")
                .and_then(Value::as_str)
                .map(str::to_owned),
            sort_by: text("sortBy"),
            descending: text("sortOrder")
                .is_some_and(|order| order.eq_ignore_ascii_case("descending")),
            // Whoever asks for less than the first gets the first (3.4.2.4).
            start: u64::try_from(number("startIndex")?.unwrap_or(1))
                .unwrap_or(1)
                .max(1),
            count: u64::try_from(number("count")?.unwrap_or(USUAL_RESULTS))
                .unwrap_or(0)
                .min(MOST_RESULTS),
            attributes: text("attributes"),
            excluded: text("excludedAttributes"),
        };
        if asked.attributes.is_some() && asked.excluded.is_some() {
            let words = "attributes and excludedAttributes exclude each other.";
            return Err(invalid_value(words));
        }
        Ok(asked)
    }

    /// Whether members of groups are needed for the answer.
    pub fn wants_members(&self) -> bool {
        let names = |list: &Option<String>| {
            let list = list.as_deref().unwrap_or_default().to_ascii_lowercase();
            list.split(',')
                .any(|name| name.trim().starts_with("members"))
        };
        match &self.attributes {
            Some(_) => names(&self.attributes),
            None => !names(&self.excluded),
        }
    }

    /// Leaves of a resource what was asked for.
    pub fn shown(&self, resource: &'static Resource, document: Value) -> Result<Value, Problem> {
        let (attributes, excluded) = (self.attributes.as_deref(), self.excluded.as_deref());
        patch::shown(resource, document, attributes, excluded)
    }
}

/// Lists users.
pub async fn list_users(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    asked: &Asked,
) -> Result<Value, Problem> {
    let filter = match &asked.filter {
        Some(text) => Some(filter::parse(&USERS, text)?),
        None => None,
    };
    let sort = match &asked.sort_by {
        Some(name) => Some(patch::sort_place(&USERS, name)?),
        None => None,
    };
    let order = if asked.descending {
        Order::Desc
    } else {
        Order::Asc
    };
    let (asked_of_database, whole) = condition(connection, desk, filter.as_ref()).await?;
    let select = store::scoped(desk.organisation).filter(asked_of_database);
    let column = sort.as_ref().map_or(Some(id()), sort_column);
    if let (true, Some(column)) = (whole, column) {
        let total = select
            .clone()
            .count(connection)
            .await
            .map_err(DatabaseError::from)?;
        let people = if asked.count == 0 || asked.start > total {
            Vec::new()
        } else {
            let part = select
                .order_by(column, order.clone())
                .order_by(person::Column::Id, order)
                .offset(asked.start - 1)
                .limit(asked.count);
            part.all(connection).await.map_err(DatabaseError::from)?
        };
        let documents = documents(connection, desk, people).await?;
        return answer(&USERS, asked, total, documents);
    }
    let most = select.limit(MOST_LOOKED_AT + 1);
    let people = most
        .order_by_asc(person::Column::Id)
        .all(connection)
        .await
        .map_err(DatabaseError::from)?;
    if people.len() as u64 > MOST_LOOKED_AT {
        return Err(too_many(format!(
            "More than {MOST_LOOKED_AT} users would have to be looked at one by one; filter by id, userName, externalId, emails.value, active or times, and sort by id, userName or meta.created."
        )));
    }
    let documents = documents(connection, desk, people).await?;
    select_from(&USERS, asked, documents, filter.as_ref(), sort.as_ref())
}

/// Lists groups.
pub async fn list_groups(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    asked: &Asked,
) -> Result<Value, Problem> {
    let filter = match &asked.filter {
        Some(text) => Some(filter::parse(&GROUPS, text)?),
        None => None,
    };
    let sort = match &asked.sort_by {
        Some(name) => Some(patch::sort_place(&GROUPS, name)?),
        None => None,
    };
    let speaks = filter
        .as_ref()
        .is_some_and(|filter| filter.speaks_of("members"));
    let with_members = asked.wants_members() || speaks;
    let all = groups::all(connection, desk, with_members).await?;
    select_from(&GROUPS, asked, all, filter.as_ref(), sort.as_ref())
}

/// Lists groups and, behind them, users, each in their own order. What a filter says of an
/// attribute that one kind does not have, none of that kind fulfils.
pub async fn list_all(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    asked: &Asked,
) -> Result<Value, Problem> {
    let nothing = || listed(0, &[]);
    let number = |list: &Value| {
        list.get("totalResults")
            .and_then(Value::as_u64)
            .unwrap_or_default()
    };
    let items = |list: &mut Value| match list.get_mut("Resources").map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    let is_foreign = |problem: &Problem| {
        matches!(
            problem.get("scimType"),
            Some("invalidFilter" | "invalidValue")
        )
    };
    let groups = list_groups(connection, desk, asked).await;
    let before = match &groups {
        Ok(groups) => number(groups),
        Err(_) => 0,
    };
    let mut resources = match groups {
        Ok(mut groups) => Ok(items(&mut groups)),
        Err(problem) if is_foreign(&problem) => Err(problem),
        Err(problem) => return Err(problem),
    };
    let found = resources.as_ref().map_or(0, Vec::len) as u64;
    let behind = Asked {
        start: asked.start.saturating_sub(before).max(1),
        count: asked.count.saturating_sub(found),
        ..asked.clone()
    };
    let mut users = match list_users(connection, desk, &behind).await {
        Ok(users) => users,
        Err(problem) if is_foreign(&problem) && resources.is_ok() => nothing(),
        Err(problem) => return Err(problem),
    };
    let total = before + number(&users);
    let mut all = resources.as_mut().map(std::mem::take).unwrap_or_default();
    all.extend(items(&mut users));
    let mut answer = listed(total, &all);
    if let Some(members) = answer.as_object_mut() {
        members.insert("startIndex".into(), asked.start.into());
    }
    Ok(answer)
}

/// Filters, orders and cuts what was read.
fn select_from(
    resource: &'static Resource,
    asked: &Asked,
    documents: Vec<Value>,
    filter: Option<&Filter>,
    sort: Option<&Place>,
) -> Result<Value, Problem> {
    let fits = |document: &Value| filter.is_none_or(|filter| filter.fits(document));
    let mut all: Vec<Value> = documents.into_iter().filter(fits).collect();
    if let Some(place) = sort {
        all.sort_by(|one, other| patch::order(place, one, other));
    }
    if asked.descending {
        all.reverse();
    }
    let total = all.len() as u64;
    let skipped = usize::try_from(asked.start - 1).unwrap_or(usize::MAX);
    let taken = usize::try_from(asked.count).unwrap_or(usize::MAX);
    let part = all.into_iter().skip(skipped).take(taken).collect();
    answer(resource, asked, total, part)
}

fn answer(
    resource: &'static Resource,
    asked: &Asked,
    total: u64,
    documents: Vec<Value>,
) -> Result<Value, Problem> {
    let documents = documents.into_iter().map(|one| asked.shown(resource, one));
    let documents = documents.collect::<Result<Vec<_>, _>>()?;
    let mut answer = listed(total, &documents);
    if let Some(members) = answer.as_object_mut() {
        members.insert("startIndex".into(), asked.start.into());
    }
    Ok(answer)
}

/// A list of all that there is.
pub fn listed(total: u64, resources: &[Value]) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": 1,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}

async fn documents(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    people: Vec<person::Model>,
) -> Result<Vec<Value>, Problem> {
    let known = store::known(connection, desk, &people).await?;
    let ids: Vec<Uuid> = people.iter().map(|one| one.id).collect();
    let rows = store::rows(connection, &ids).await?;
    let mut documents = Vec::with_capacity(people.len());
    for one in people {
        let row = rows.get(&one.id);
        let document = document::user(&one, row, &known, &desk.base)?;
        documents.push(users::finished(desk, document, &one, row));
    }
    Ok(documents)
}

/// What the database can say of a filter, and whether that is all of it.
async fn condition(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    filter: Option<&Filter>,
) -> Result<(Condition, bool), Problem> {
    let (mut all, mut whole) = (Condition::all(), true);
    for one in filter.into_iter().flat_map(Filter::conjuncts) {
        match asked_of_database(connection, desk, one).await? {
            Some(condition) => all = all.add(condition),
            None => whole = false,
        }
    }
    Ok((all, whole))
}

async fn asked_of_database(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    filter: &Filter,
) -> Result<Option<SimpleExpr>, Problem> {
    let Filter::Compare(place, operator, literal) = filter else {
        return Ok(None);
    };
    let name = (place.attribute.name, place.part.map(|part| part.name));
    let ids = |ids: Vec<Uuid>| person::Column::Id.is_in(ids);
    Ok(match (name, operator, literal) {
        (("id", None), Operator::Equal, Literal::Text(text)) => Some(ids(store::person_id(text)
            .into_iter()
            .map(Uuid::from)
            .collect())),
        (("userName", None), Operator::Equal, Literal::Text(text)) => Some(ids(
            store::with_user_name(connection, desk.organisation, text).await?,
        )),
        (("externalId", None), Operator::Equal, Literal::Text(text)) => {
            let found = store::with_external_id(connection, desk.organisation, text).await?;
            Some(ids(found.into_iter().collect()))
        }
        (("emails", Some("value")), Operator::Equal, Literal::Text(text)) => {
            Some(person::Column::EmailKey.eq(email_key(text)))
        }
        (("active", None), Operator::Equal, Literal::Boolean(active)) => {
            Some(person::Column::Active.eq(*active))
        }
        (("active", None), Operator::NotEqual, Literal::Boolean(active)) => {
            Some(person::Column::Active.ne(*active))
        }
        (("meta", Some("created")), operator, Literal::Instant(at)) => compared(
            Expr::col((person::Entity, person::Column::CreatedAt)),
            *operator,
            *at,
        ),
        (("meta", Some("lastModified")), operator, Literal::Instant(at)) => {
            compared(modified(), *operator, *at)
        }
        _ => None,
    })
}

fn compared(
    value: SimpleExpr,
    operator: Operator,
    at: chrono::DateTime<chrono::Utc>,
) -> Option<SimpleExpr> {
    use sea_orm::sea_query::ExprTrait as _;
    Some(match operator {
        Operator::Equal => value.eq(at),
        Operator::NotEqual => value.ne(at),
        Operator::Greater => value.gt(at),
        Operator::GreaterOrEqual => value.gte(at),
        Operator::Less => value.lt(at),
        Operator::LessOrEqual => value.lte(at),
        Operator::Contains | Operator::StartsWith | Operator::EndsWith => return None,
    })
}

fn either(one: entity::Column, other: person::Column) -> SimpleExpr {
    let one = Expr::col((entity::Entity, one));
    let other = Expr::col((person::Entity, other));
    Func::coalesce([one, other]).into()
}

fn modified() -> SimpleExpr {
    either(entity::Column::ModifiedAt, person::Column::CreatedAt)
}

fn id() -> SimpleExpr {
    Expr::col((person::Entity, person::Column::Id))
}

/// By what the database can order as the attribute is ordered.
fn sort_column(place: &Place) -> Option<SimpleExpr> {
    match (place.attribute.name, place.part.map(|part| part.name)) {
        ("id", None) => Some(id()),
        ("userName", None) => Some(either(
            entity::Column::UserNameKey,
            person::Column::EmailKey,
        )),
        ("meta", Some("created")) => Some(Expr::col((person::Entity, person::Column::CreatedAt))),
        ("meta", Some("lastModified")) => Some(modified()),
        _ => None,
    }
}
