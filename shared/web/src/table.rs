//! Every list as a table: whoever asks a list for `text/csv` gets all of it, page by page as it is
//! read, so that its size does not matter to anybody.
//!
//! It stands between the contract, which has judged the request once, and the list's handler,
//! which is asked for one page after the other and knows nothing of tables. Of a feed, what is
//! after the place that was named is the list.

use crate::{
    context::language,
    contract::Operation,
    csv::{self, Cell, MARK},
};
use actix_web::{
    HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody, to_bytes},
    dev::{Path, ServiceRequest, ServiceResponse, Url},
    http::{
        StatusCode, Uri,
        header::{ACCEPT, CACHE_CONTROL, CONTENT_DISPOSITION, HeaderMap},
    },
    middleware::Next,
    web::Bytes,
};
use futures_util::stream;
use serde_json::Value;
use shared_types::{Language, LocalizedText, Problem};
use std::{collections::BTreeMap, rc::Rc, sync::Arc};

/// Items that are read at a time.
const AT_A_TIME: i32 = 100;
/// Media type in `Accept` and in the document.
pub const CSV: &str = "text/csv";

/// Whether a request wants a table: it names the type, and does not name JSON.
pub fn is_wanted(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    let mut wanted = false;
    for media in accept.into_iter().flat_map(|accept| accept.split(',')) {
        let kind = media.split(';').next().unwrap_or_default().trim();
        if kind.eq_ignore_ascii_case("application/json") {
            return false;
        }
        wanted |= [CSV, "text/*"]
            .iter()
            .any(|one| kind.eq_ignore_ascii_case(one));
    }
    wanted
}

/// What is left to read of a list.
struct Rest<B> {
    next: Rc<Next<B>>,
    request: HttpRequest,
    operation: Arc<Operation>,
    columns: Vec<String>,
    language: Language,
    /// The first rows, then nothing.
    ready: Option<String>,
    /// Address of the next page.
    following: Option<Uri>,
}

/// The whole list as a table; what refuses its first page is answered as it is.
pub async fn whole<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
    operation: Arc<Operation>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let next = Rc::new(next);
    let language = language(request.request());
    let columns = columns(&operation, request.query_string());
    let first = address(request.uri(), None);
    turn_to(&mut request, first);
    let response = next.call(request).await?.map_into_boxed_body();
    if response.status() != StatusCode::OK {
        return Ok(response);
    }
    let (request, page) = read(response).await?;
    let mut ready = MARK.to_owned();
    csv::row(&mut ready, columns.iter().map(|name| Cell::Text(name)));
    rows(&mut ready, items(&page, &operation), &columns, language);
    let name = format!("attachment; filename=\"{}.csv\"", operation.id);
    let rest = Rest {
        following: following(&page, request.uri()),
        next,
        request: request.clone(),
        operation,
        columns,
        language,
        ready: Some(ready),
    };
    let table = HttpResponse::Ok()
        .content_type(csv::MEDIA_TYPE)
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, name))
        .streaming(stream::try_unfold(rest, Rest::more));
    Ok(ServiceResponse::new(request, table))
}

impl<B: MessageBody + 'static> Rest<B> {
    /// The rows of the next page.
    async fn more(mut self) -> Result<Option<(Bytes, Self)>, actix_web::Error> {
        if let Some(ready) = self.ready.take() {
            return Ok(Some((ready.into(), self)));
        }
        let Some(address) = self.following.take() else {
            return Ok(None);
        };
        let Self {
            next,
            request,
            operation,
            columns,
            language,
            ..
        } = self;
        let mut request = ServiceRequest::from_request(request);
        turn_to(&mut request, Some(address));
        let response = next.call(request).await?.map_into_boxed_body();
        if response.status() != StatusCode::OK {
            // The table breaks off, which its reader notices: an end would look like the last row.
            return Err(actix_web::error::ErrorInternalServerError(
                "a page of a table",
            ));
        }
        let (request, page) = read(response).await?;
        let mut text = String::new();
        rows(&mut text, items(&page, &operation), &columns, language);
        let rest = Self {
            following: following(&page, request.uri()),
            next,
            request,
            operation,
            columns,
            language,
            ready: None,
        };
        Ok(Some((text.into(), rest)))
    }
}

/// Columns of a table: the members of the list's items, or those that were asked for; what leads
/// elsewhere is left out.
fn columns(operation: &Operation, query: &str) -> Vec<String> {
    let pairs = crate::contract::form_pairs(query);
    let mut fields = pairs.into_iter().filter(|(name, _)| name == "fields");
    let fields = fields.next().map(|(_, value)| value);
    let wanted = |name: &&String| {
        let asked = fields
            .as_ref()
            .is_none_or(|fields| *name == "id" || fields.split(',').any(|field| field == *name));
        asked && *name != "_links" && *name != "transitions"
    };
    operation.members().iter().filter(wanted).cloned().collect()
}

/// The address of a page: all that was asked but the place, and as many items as there may be. A
/// place is `cursor=…` of a list, `after=…` of a feed.
fn address(own: &Uri, place: Option<&str>) -> Option<Uri> {
    let named = |pair: &str| pair.split('=').next().unwrap_or_default().to_owned();
    let moved = place.map(named);
    let mut query: Vec<String> = own
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .filter(|pair| {
            let name = named(pair);
            let is_place = ["page", "limit", "cursor"].contains(&name.as_str());
            !pair.is_empty() && !is_place && moved.as_ref() != Some(&name)
        })
        .map(str::to_owned)
        .collect();
    query.push(format!("limit={AT_A_TIME}"));
    query.extend(place.map(str::to_owned));
    format!("{}?{}", own.path(), query.join("&")).parse().ok()
}

/// Where a page says that the list goes on. A feed always says so: what is not full ends with the
/// last that is known.
fn following(page: &Value, own: &Uri) -> Option<Uri> {
    let next = page.pointer("/_links/next/href")?.as_str()?;
    let (_, query) = next.split_once('?')?;
    let mut pairs = query.split('&');
    let place = pairs.find(|pair| pair.starts_with("cursor=") || pair.starts_with("after="))?;
    let told = |name: &str| page.pointer(name).and_then(Value::as_i64);
    let is_full = told("/_meta/count") >= told("/_meta/limit");
    let goes_on = place.starts_with("cursor=") || is_full;
    goes_on.then(|| address(own, Some(place)))?
}

/// Makes a request one for another page, as if it had just arrived: it is routed again.
fn turn_to(request: &mut ServiceRequest, address: Option<Uri>) {
    if let Some(address) = address {
        request.head_mut().uri = address.clone();
        *request.match_info_mut() = Path::new(Url::new(address));
    }
}

async fn read(
    response: ServiceResponse<BoxBody>,
) -> Result<(HttpRequest, Value), actix_web::Error> {
    let (request, response) = response.into_parts();
    let body = to_bytes(response.into_body()).await;
    let body =
        body.map_err(|_| actix_web::error::ErrorInternalServerError("a page without its body"))?;
    let page = serde_json::from_slice(&body)
        .map_err(|error| crate::Error(Problem::internal(error.to_string())))?;
    Ok((request, page))
}

fn items<'a>(page: &'a Value, operation: &Operation) -> &'a [Value] {
    let items = page.get(operation.items()).and_then(Value::as_array);
    items.map_or(&[], Vec::as_slice)
}

fn rows(into: &mut String, items: &[Value], columns: &[String], language: Language) {
    for item in items {
        let cells: Vec<(bool, String)> = columns
            .iter()
            .map(|name| cell(item.get(name), language))
            .collect();
        let cells = cells.iter().map(|(typed, text)| {
            if *typed {
                Cell::Text(text)
            } else {
                Cell::Plain(text.clone())
            }
        });
        csv::row(into, cells);
    }
}

/// What stands in a cell, and whether somebody may have typed it. Texts in several languages are
/// shown in the reader's, other structures as JSON.
fn cell(value: Option<&Value>, language: Language) -> (bool, String) {
    match value {
        None | Some(Value::Null) => (false, String::new()),
        Some(Value::String(text)) => (true, text.clone()),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => (false, value.to_string()),
        Some(value) => (true, structure(value, language)),
    }
}

fn structure(value: &Value, language: Language) -> String {
    let texts: Option<BTreeMap<String, String>> = serde_json::from_value(value.clone()).ok();
    match texts.map(LocalizedText) {
        Some(text) if text.is_well_formed() => text.best(language).to_owned(),
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;
    use serde_json::json;

    #[test]
    fn a_table_is_for_who_asks_for_one() {
        for (accept, wanted) in [
            ("text/csv", true),
            ("TEXT/CSV; charset=utf-8", true),
            ("text/csv, */*;q=0.1", true),
            ("text/csv, application/json", false),
            ("*/*", false),
            ("application/json", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(is_wanted(&headers), wanted, "{accept}");
        }
    }

    #[test]
    fn the_way_goes_on_with_every_filter_and_without_the_place() {
        let own: Uri = "/x/v1/things?page=3&name=%C3%A5&limit=2".parse().unwrap();
        let page = json!({ "_links": { "next": { "href": "https://a.example/x/v1/things?limit=100&name=%C3%A5&cursor=f1" } } });
        let next = following(&page, &own).unwrap();
        assert_eq!(next, "/x/v1/things?name=%C3%A5&limit=100&cursor=f1");
        assert_eq!(following(&json!({ "_links": {} }), &own), None);
    }

    #[test]
    fn a_feed_ends_with_the_page_that_is_not_full() {
        let own: Uri = "/x/v1/happened?after=p4&limit=2&edge=a".parse().unwrap();
        let page = |count| {
            json!({
                "_meta": { "limit": 100, "count": count },
                "_links": { "next": { "href": "https://a.example/x/v1/happened?after=p120&limit=100&edge=a" } },
            })
        };
        let next = following(&page(100), &own).unwrap();
        assert_eq!(next, "/x/v1/happened?edge=a&limit=100&after=p120");
        assert_eq!(following(&page(99), &own), None);
        // From where it was asked.
        let first = address(&own, None).unwrap();
        assert_eq!(first, "/x/v1/happened?after=p4&edge=a&limit=100");
    }

    #[test]
    fn cells_show_what_a_reader_understands() {
        let name = json!({ "sv": "=Våren", "en": "Spring" });
        assert_eq!(
            cell(Some(&name), Language::Swedish),
            (true, "=Våren".to_owned())
        );
        let sum = json!({ "amountMinor": 1, "currency": "SEK" });
        assert_eq!(cell(Some(&sum), Language::Swedish).1, sum.to_string());
        assert_eq!(
            cell(Some(&json!(-3)), Language::Swedish),
            (false, "-3".to_owned())
        );
        assert_eq!(cell(None, Language::Swedish), (false, String::new()));
    }
}
