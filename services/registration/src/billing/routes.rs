//! Operations of invoices.

use super::{
    entity, line_entity,
    model::{DISCARD, EDGES},
    numbers, steps, store,
    view::{self, Around},
};
use crate::State;
use actix_web::{
    delete, get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait};
use shared_database::{Change, column, page};
use shared_types::{
    Answer, InvoiceId, Links, OrganisationId, Problem, codes,
    page::{ChangeSort, PlainSort},
    registration::billing::{
        DraftedInvoices, Invoice, InvoiceKind, InvoiceLinePage, InvoicePage, InvoiceState,
        NewCreditNote, NewInvoices,
    },
    transition,
};
use shared_web::{
    Command, Context, ModifiedParameters, NoBody, Outcome, PageParameters, Query, Reply,
};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_invoices)
        .service(draft_invoices)
        .service(get_invoice)
        .service(discard_invoice)
        .service(list_invoice_lines)
        .service(issue_invoice)
        .service(create_credit_note)
        .configure(super::files::operations)
        .configure(super::basis_routes::operations)
        .configure(super::terms_routes::operations)
        .configure(super::details_routes::operations);
}

/// List invoices and credit notes
///
/// For coordinators all of their organiser; HR, directors and coordinators of an organisation see
/// what was issued to it. A discarded draft is gone without a word.
#[utoipa::path(
    tag = "billing",
    params(
        PageParameters,
        ModifiedParameters,
        ("sort" = inline(Option<ChangeSort>), Query, description = "Order of the list; by id when nothing is said."),
        ("organiserId" = Option<OrganisationId>, Query, description = "Only of this organiser."),
        ("organisationId" = Option<OrganisationId>, Query, description = "Only to this buyer."),
        ("kind" = inline(Option<InvoiceKind>), Query, description = "Only invoices, or only credit notes."),
        ("state" = inline(Option<InvoiceState>), Query, description = "Only in this state."),
        ("creditsId" = Option<InvoiceId>, Query, description = "Only credit notes about this invoice."),
    ),
    responses((status = 200, description = "A page of invoices.", body = InvoicePage))
)]
#[get("/invoices")]
async fn list_invoices(state: Data<State>, context: Context, query: Query) -> Outcome {
    use entity::Column;
    let connection = state.database.read();
    let mut only = Condition::all();
    for (name, column) in [
        ("organiserId", Column::OrganiserId),
        ("organisationId", Column::OrganisationId),
        ("creditsId", Column::CreditsId),
    ] {
        if let Some(id) = query.get::<Uuid>(name) {
            only = only.add(column.eq(id));
        }
    }
    if let Some(kind) = query.get::<InvoiceKind>("kind") {
        only = only.add(Column::Kind.eq(column::text(kind)));
    }
    if let Some(state) = query.get::<InvoiceState>("state") {
        only = only.add(Column::State.eq(column::text(state)));
    }
    let reasons = store::reasons(&context.caller);
    let request = state.database.settle(query.page()?).await?;
    let slice =
        page::read_seen::<entity::Entity, _>(connection, reasons, only, Column::Id, &request)
            .await?;
    let links = query.links(&context, &slice);
    Ok(Reply::ok(&InvoicePage {
        items: wires(connection, &slice.items, &context).await?,
        meta: slice.meta,
        links,
    })?)
}

/// Draft invoices
///
/// For the organiser's coordinators: one draft for each buyer and currency, of everything that
/// falls in the period and stands on no document yet. Asking again drafts only what has come
/// since. An Idempotency-Key is required.
#[utoipa::path(tag = "billing", request_body = NewInvoices, responses((status = 200, description = "The drafts.", body = DraftedInvoices)))]
#[post("/invoices")]
async fn draft_invoices(state: Data<State>, command: Command<NewInvoices>) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    if !context.caller.coordinates(body.organiser_id) {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    if body.ends_on < body.starts_on {
        let words = "The period ends before it begins.";
        return Err(Problem::invalid("/endsOn", "invalid", words).into());
    }
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let made = steps::draft(change, &body).await?;
            let list = format!("invoices?organiserId={}&state=draft", body.organiser_id);
            Answer::ok(&DraftedInvoices {
                invoices: wires(change.tx(), &made, &context).await?,
                links: Links::to_self(context.href(list)),
            })
        },
    );
    Ok(answer.await?.into())
}

/// Get an invoice or credit note
///
/// For the organiser's coordinators; once issued, for HR, directors and coordinators of the
/// organisation that pays.
#[utoipa::path(tag = "billing", params(("invoiceId" = InvoiceId, Path, description = "The document.")), responses((status = 200, description = "The document.", body = Invoice)))]
#[get("/invoices/{invoiceId}")]
async fn get_invoice(state: Data<State>, context: Context, id: Path<InvoiceId>) -> Outcome {
    let connection = state.database.read();
    let row = known(connection, &context, *id).await?;
    let version = row.version;
    Ok(Reply::resource(
        &wire(connection, &row, &context).await?,
        version,
    )?)
}

/// Discard a draft
///
/// For the organiser's coordinators: what it would have billed is open again.
#[utoipa::path(tag = "billing", params(("invoiceId" = InvoiceId, Path, description = "The draft.")), responses((status = 204, description = "It is gone.")))]
#[delete("/invoices/{invoiceId}")]
async fn discard_invoice(
    state: Data<State>,
    id: Path<InvoiceId>,
    command: Command<NoBody>,
) -> Outcome {
    let context = command.context;
    let work = async |change: &mut Change| {
        let row = alone(change, &context, *id).await?;
        command.expected.check(row.version)?;
        let around = Around::read(change.tx(), std::slice::from_ref(&row)).await?;
        let case = around.case(&row, &context)?;
        transition::judge(
            std::slice::from_ref(&DISCARD),
            DISCARD.name,
            &case,
            context.language,
        )?;
        steps::discard(change, &row).await
    };
    state.database.change(context.actor(), work).await?;
    Ok(Answer::no_content().into())
}

/// List an invoice's lines
///
/// For whoever may read the invoice. Lines name no participant; who may read the participation
/// finds the name there.
#[utoipa::path(tag = "billing", params(("invoiceId" = InvoiceId, Path, description = "The document."), PageParameters, ("sort" = inline(Option<PlainSort>), Query, description = "Order of the list; by id when nothing is said.")), responses((status = 200, description = "A page of lines.", body = InvoiceLinePage)))]
#[get("/invoices/{invoiceId}/lines")]
async fn list_invoice_lines(
    state: Data<State>,
    context: Context,
    id: Path<InvoiceId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let invoice = known(connection, &context, *id).await?;
    let select = store::lines(invoice.id);
    let slice = page::read(connection, select, line_entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let wire = |row| view::line(row, &invoice.currency, &context);
    Ok(Reply::ok(&InvoiceLinePage {
        items: slice.items.into_iter().map(wire).collect(),
        meta: slice.meta,
        links,
    })?)
}

/// Issue an invoice
///
/// For the organiser's coordinators: the draft gets the next number of the organiser's year, keeps
/// both parties as they stand, and never changes again. Refused while something is missing that an
/// invoice has to say. An Idempotency-Key is required.
#[utoipa::path(tag = "billing", params(("invoiceId" = InvoiceId, Path, description = "The draft.")), responses((status = 200, description = "The invoice.", body = Invoice)))]
#[post("/invoices/{invoiceId}/issuing")]
async fn issue_invoice(
    state: Data<State>,
    id: Path<InvoiceId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        ..
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let row = alone(change, &context, *id).await?;
            #[cfg(feature = "sabotage")]
            let taken = numbers::sabotage::taken(row.organiser_id);
            expected.check(row.version)?;
            let around = Around::read(change.tx(), std::slice::from_ref(&row)).await?;
            let case = around.case(&row, &context)?;
            transition::judge(&EDGES, "issuing", &case, context.language)?;
            let row = steps::issue(change, row).await?;
            #[cfg(feature = "sabotage")]
            let row = steps::renumber(change, row, taken).await?;
            let version = row.version;
            Ok(Answer::ok(&wire(change.tx(), &row, &context).await?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Credit an invoice
///
/// For the organiser's coordinators: a credit note with a number of its own takes back all that is
/// left of the invoice, or so much of its lines. Whatever the steps, they take back exactly what
/// was billed, VAT included. An Idempotency-Key is required.
#[utoipa::path(tag = "billing", params(("invoiceId" = InvoiceId, Path, description = "The invoice.")), request_body = NewCreditNote, responses((status = 201, description = "The credit note.", body = Invoice)))]
#[post("/invoices/{invoiceId}/credit-notes")]
async fn create_credit_note(
    state: Data<State>,
    id: Path<InvoiceId>,
    command: Command<NewCreditNote>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let row = alone(change, &context, *id).await?;
            expected.check(row.version)?;
            let case = Around::default().case(&row, &context)?;
            transition::judge(&EDGES, "credit-notes", &case, context.language)?;
            let note = steps::credit(change, row, &body).await?;
            let note = wire(change.tx(), &note, &context).await?;
            Ok(Answer::created(note.links.own(), &note)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// A document that the caller may know, read once nobody else drafts, issues or credits for its
/// organiser.
async fn alone(
    change: &Change,
    context: &Context,
    id: InvoiceId,
) -> Result<entity::Model, Problem> {
    let before = known(change.tx(), context, id).await?;
    numbers::alone(change, before.organiser_id.into()).await?;
    known(change.tx(), context, id).await
}

/// A document that the caller may know.
pub async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: InvoiceId,
) -> Result<entity::Model, Problem> {
    store::find(connection, &context.caller, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

async fn wires(
    connection: &impl ConnectionTrait,
    rows: &[entity::Model],
    context: &Context,
) -> Result<Vec<Invoice>, Problem> {
    let around = Around::read(connection, rows).await?;
    rows.iter().map(|row| around.wire(row, context)).collect()
}

async fn wire(
    connection: &impl ConnectionTrait,
    row: &entity::Model,
    context: &Context,
) -> Result<Invoice, Problem> {
    let around = Around::read(connection, std::slice::from_ref(row)).await?;
    around.wire(row, context)
}
