//! A person's own data from all services, as one file.

use crate::{
    about::origin_of,
    forward::{self, Gathered},
};
use actix_web::{HttpRequest, HttpResponse, body::BodyStream, get};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use serde_json::json;
use shared_types::{Links, Problem, archive::WholeArchive};
use shared_web::Error;
use utoipa_actix_web::service_config::ServiceConfig;

/// Where it is.
pub(crate) const ADDRESS: &str = "/gateway/v1/archive";
/// What it is called where it is saved.
const FILE: &str = "attachment; filename=\"akademi-archive.json\"";

/// The operation. Requests are answered on the way to the services, since only there it is known
/// who calls.
pub(crate) fn operations(config: &mut ServiceConfig<'_>) {
    config.service(get_archive);
}

/// Take a copy of all that is kept of oneself
///
/// For the person alone (GDPR, articles 15 and 20): what registration, scheduling, mentorship and
/// evaluation each have at `/archive`, in one file. All of it or nothing: where one service can't
/// answer, its problem is the answer.
#[utoipa::path(tag = "privacy", responses((status = 200, description = "The copy.", body = WholeArchive)))]
#[get("/gateway/v1/archive")]
async fn get_archive(request: HttpRequest) -> Result<HttpResponse, Error> {
    answer(&request).await.map_err(Error)
}

/// The file, as it comes from the services.
pub(crate) async fn answer(request: &HttpRequest) -> Result<HttpResponse, Problem> {
    let services = match forward::gather(request, "archive").await? {
        Gathered::Refused(answer) => return Ok(answer),
        Gathered::Whole(services) => services,
    };
    let links = Links::to_self(format!("{}{ADDRESS}", origin_of(request)));
    let text = |words: String| stream::iter([Ok(Bytes::from(words))]);
    let file = text(format!("{{\"_links\":{},\"services\":", json!(links)))
        .chain(services)
        .chain(text("}\n".to_owned()));
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("cache-control", "no-store"))
        .insert_header(("content-disposition", FILE))
        .body(BodyStream::new(file)))
}
