//! A certificate as files: the PDF and the signed credential, for who may know it.

use super::{
    badge::{self, Addresses},
    document, entity, routes,
};
use crate::State;
use actix_web::{
    HttpResponse, get,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION},
    web::{Data, Path},
};
use shared_database::column;
use shared_types::{
    CertificateId, Language, Problem,
    evaluation::certificates::{CertificateCredential, CertificateDocument},
};
use shared_web::{Context, Error};
use utoipa_actix_web::service_config::ServiceConfig;

/// Media type of a PDF.
pub const PDF: &str = "application/pdf";
/// Media type of a credential that is secured as a JWT.
pub const CREDENTIAL: &str = "application/vc+jwt";

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(get_certificate_document)
        .service(get_certificate_credential);
}

/// Get a certificate as PDF
///
/// For the participant, and for who runs or evaluates the round: one A4 page with text that can
/// be read aloud, and a square that leads to the page by which anybody can check it. In the
/// language of the request, if it names one; the same request gets the same bytes.
#[utoipa::path(tag = "certificates", params(("certificateId" = CertificateId, Path, description = "The certificate.")), responses((status = 200, description = "The PDF.", content_type = "application/pdf", body = CertificateDocument, example = "%PDF-1.7")))]
#[get("/certificates/{certificateId}/document")]
async fn get_certificate_document(
    request: actix_web::HttpRequest,
    state: Data<State>,
    context: Context,
    id: Path<CertificateId>,
) -> Result<HttpResponse, Error> {
    let row = routes::known(state.database.read(), &context, *id).await?;
    let own = column::parse(&row.language).map_err(Problem::from)?;
    let language = shared_web::page::language(&request, Some(own));
    Ok(pdf(&state, &row, language).await?)
}

/// Get a certificate as a credential
///
/// For the participant, and for who runs or evaluates the round: an Open Badges 3.0 credential,
/// signed as a JWT by the key that stands at its `kid`, for digital wallets and verifiers.
#[utoipa::path(tag = "certificates", params(("certificateId" = CertificateId, Path, description = "The certificate.")), responses((status = 200, description = "The credential.", content_type = "application/vc+jwt", body = CertificateCredential, example = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln")))]
#[get("/certificates/{certificateId}/credential")]
async fn get_certificate_credential(
    state: Data<State>,
    context: Context,
    id: Path<CertificateId>,
) -> Result<HttpResponse, Error> {
    let row = routes::known(state.database.read(), &context, *id).await?;
    Ok(credential(&state, &row)?)
}

/// The answer that is a certificate's PDF.
pub(super) async fn pdf(
    state: &State,
    row: &entity::Model,
    language: Language,
) -> Result<HttpResponse, Problem> {
    let (row, origin) = (row.clone(), state.core.public_url.clone());
    let name = format!("certificate-{}.pdf", row.code);
    // Some milliseconds of work, which keep no other request waiting.
    let written = actix_web::web::block(move || {
        let at = Addresses { origin: &origin };
        document::write(&row, language, at)
    });
    let bytes = written
        .await
        .map_err(|error| Problem::internal(error.to_string()))??;
    Ok(file(PDF, &name).body(bytes))
}

/// The answer that is a certificate's credential.
pub(super) fn credential(state: &State, row: &entity::Model) -> Result<HttpResponse, Problem> {
    let origin = state.core.public_url.as_str();
    let at = Addresses { origin };
    let claims = badge::credential(row, at)?;
    let signed = state.issuer_keys.sign(&claims, |name| at.key(name))?;
    let name = format!("certificate-{}.jwt", row.code);
    Ok(file(CREDENTIAL, &name).body(signed))
}

fn file(kind: &str, name: &str) -> actix_web::HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(kind)
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ));
    answer
}
