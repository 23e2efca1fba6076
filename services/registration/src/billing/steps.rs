//! What is done to invoices: each step in an open change, alone among those of the organiser.

use super::{
    basis::{Costing, Priced},
    charge_entity,
    charges::Due,
    entity, line_entity, numbers, store, tally, words,
};
use crate::organisations;
use chrono::{Days, NaiveDate};
use serde_json::json;
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    InvoiceId, InvoiceLineId, Language, Money, OrganisationId, Problem, civil, codes,
    registration::{
        billing::{
            InvoiceKind, InvoiceParty, InvoiceState, NewBillingDetails, NewCreditNote, NewInvoices,
            VatSubtotal,
        },
        codes::{BILLING_DETAILS_MISSING, CREDIT_TOO_LARGE, INVOICE_LINE_UNKNOWN},
    },
};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// Lines that one document has at most; what is more goes on another one.
const MOST_LINES: usize = 1000;

/// A line before it has a place.
#[derive(Clone, Debug)]
struct Draft {
    round: Uuid,
    participation: Uuid,
    credits_line: Option<Uuid>,
    price_key: String,
    name: String,
    quantity: i32,
    price_minor: i64,
    vat_permille: i32,
    /// Number and amount of each charge that it bills.
    charges: Vec<(i32, i64)>,
}

impl Draft {
    fn net_minor(&self) -> i64 {
        self.price_minor * i64::from(self.quantity)
    }
}

/// Drafts an invoice for each buyer and currency of what falls in the period and is not billed.
pub async fn draft(change: &mut Change, body: &NewInvoices) -> Result<Vec<entity::Model>, Problem> {
    numbers::alone(change, body.organiser_id).await?;
    let mut drafts: BTreeMap<(Uuid, String), Vec<Draft>> = BTreeMap::new();
    let mut languages = HashMap::new();
    for round in store::rounds(change.tx(), body.organiser_id, body.round_id).await? {
        let priced = Priced::read(change.tx(), &round).await?;
        let participations = store::participations(priced.id)
            .all(change.tx())
            .await
            .map_err(DatabaseError::from)?;
        for costing in priced.cost(change.tx(), participations).await? {
            let buyer = costing.first.organisation_id;
            if body
                .organisation_id
                .is_some_and(|only| only.uuid() != buyer)
            {
                continue;
            }
            let language = language_of(change, buyer, &mut languages).await?;
            for (currency, draft) in lines_of(&costing, &priced, body, language) {
                drafts.entry((buyer, currency)).or_default().push(draft);
            }
        }
    }
    let mut made = Vec::new();
    for ((buyer, currency), lines) in drafts {
        let language = language_of(change, buyer, &mut languages).await?;
        for lines in lines.chunks(MOST_LINES) {
            let head = entity::Model {
                organisation_id: buyer,
                language: column::text(language),
                currency: currency.clone(),
                ..blank(change, body)
            };
            let subtotals = tally::subtotals(
                lines
                    .iter()
                    .map(|line| (line.vat_permille, line.net_minor())),
            );
            made.push(insert(change, head, lines, &subtotals).await?);
        }
    }
    for invoice in &made {
        change.record("invoice", invoice.id, "invoice.drafted", None);
    }
    Ok(made)
}

fn blank(change: &Change, body: &NewInvoices) -> entity::Model {
    entity::Model {
        id: InvoiceId::new().uuid(),
        kind: column::text(InvoiceKind::Invoice),
        state: column::text(InvoiceState::Draft),
        organiser_id: body.organiser_id.uuid(),
        organisation_id: Uuid::nil(),
        credits_id: None,
        number: None,
        reason: None,
        language: String::new(),
        currency: String::new(),
        starts_on: body.starts_on,
        ends_on: body.ends_on,
        issued_on: None,
        due_on: None,
        lines_count: 0,
        net_minor: 0,
        credited_minor: 0,
        vat_subtotals: json!([]),
        seller: None,
        buyer: None,
        created_at: change.actor.at,
        version: 1,
    }
}

async fn language_of(
    change: &Change,
    organisation: Uuid,
    known: &mut HashMap<Uuid, Language>,
) -> Result<Language, Problem> {
    if let Some(language) = known.get(&organisation) {
        return Ok(*language);
    }
    let language = column::parse(&organisation_of(change, organisation).await?.language)?;
    known.insert(organisation, language);
    Ok(language)
}

async fn organisation_of(
    change: &Change,
    id: Uuid,
) -> Result<organisations::entity::Model, Problem> {
    organisations::store::find(change.tx(), OrganisationId::from(id))
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// The lines of one participation: charges of the same price line that cost the same are one.
fn lines_of(
    costing: &Costing,
    priced: &Priced,
    body: &NewInvoices,
    language: Language,
) -> Vec<(String, Draft)> {
    let falls_within = |due: &&Due| {
        due.falls_on
            .is_some_and(|day| (body.starts_on..=body.ends_on).contains(&day))
    };
    let mut lines: Vec<(String, Draft)> = Vec::new();
    let open = costing.dues.iter().filter(falls_within);
    for due in open.filter(|due| costing.is_open(due)) {
        let charge = (due.number, due.amount_minor);
        let same = lines.iter_mut().find(|(_, line)| {
            line.price_key == due.price_key && line.price_minor == due.amount_minor
        });
        if let Some((_, line)) = same {
            line.quantity += 1;
            line.charges.push(charge);
            continue;
        }
        let round = priced.name.best(language);
        lines.push((
            due.currency.clone(),
            Draft {
                round: priced.id.uuid(),
                participation: costing.first.id,
                credits_line: None,
                price_key: due.price_key.clone(),
                name: words::line(due.kind, round, due.share_permille, language),
                quantity: 1,
                price_minor: due.amount_minor,
                vat_permille: due.vat_permille,
                charges: vec![charge],
            },
        ));
    }
    lines
}

async fn insert(
    change: &Change,
    mut head: entity::Model,
    lines: &[Draft],
    subtotals: &[tally::Subtotal],
) -> Result<entity::Model, DatabaseError> {
    head.lines_count = i32::try_from(lines.len()).unwrap_or(i32::MAX);
    head.net_minor = lines.iter().map(Draft::net_minor).sum();
    head.vat_subtotals = column::json(&on_wire(subtotals, &head.currency));
    let head = row::insert::<entity::Entity>(change.tx(), head).await?;
    let mut rows = Vec::new();
    let mut charges = Vec::new();
    for (position, line) in (1..).zip(lines) {
        let id = InvoiceLineId::new().uuid();
        rows.push(line_entity::Model {
            id,
            invoice_id: head.id,
            position,
            round_id: line.round,
            participation_id: line.participation,
            credits_line_id: line.credits_line,
            price_key: line.price_key.clone(),
            name: line.name.clone(),
            quantity: line.quantity,
            price_minor: line.price_minor,
            net_minor: line.net_minor(),
            credited_minor: 0,
            vat_permille: line.vat_permille,
        });
        for (number, amount_minor) in &line.charges {
            charges.push(charge_entity::Model {
                line_id: id,
                number: *number,
                round_id: line.round,
                participation_id: line.participation,
                price_key: line.price_key.clone(),
                amount_minor: *amount_minor,
            });
        }
    }
    row::insert_all::<line_entity::Entity>(change.tx(), rows).await?;
    row::insert_all::<charge_entity::Entity>(change.tx(), charges).await?;
    Ok(head)
}

/// Sums as they are kept and shown.
fn on_wire(subtotals: &[tally::Subtotal], currency: &str) -> Vec<VatSubtotal> {
    let money = |amount_minor| Money {
        amount_minor,
        currency: currency.to_owned(),
    };
    let wire = |one: &tally::Subtotal| VatSubtotal {
        category: tally::category(one.vat_permille),
        vat_permille: one.vat_permille,
        taxable: money(one.taxable_minor),
        vat: money(one.vat_minor),
    };
    subtotals.iter().map(wire).collect()
}

/// Throws a draft away: what it billed is open again.
pub async fn discard(change: &mut Change, row: &entity::Model) -> Result<(), Problem> {
    store::delete(change.tx(), row.id).await?;
    change.record("invoice", row.id, "invoice.discarded", None);
    Ok(())
}

/// Issues a draft: it gets its number and its parties, and never changes again.
pub async fn issue(change: &mut Change, mut row: entity::Model) -> Result<entity::Model, Problem> {
    let organiser = OrganisationId::from(row.organiser_id);
    let (seller, seller_party) = party(change, row.organiser_id).await?;
    let (_, buyer_party) = party(change, row.organisation_id).await?;
    let issued_on = today(change, row.organiser_id).await?;
    let number = numbers::next(change, organiser, InvoiceKind::Invoice, issued_on).await?;
    let days = u64::try_from(seller.payment_days).unwrap_or(0);
    row.number = Some(number);
    row.state = column::text(InvoiceState::Issued);
    row.issued_on = Some(issued_on);
    row.due_on = issued_on.checked_add_days(Days::new(days));
    row.seller = Some(column::json(&seller_party));
    row.buyer = Some(column::json(&buyer_party));
    let row = save(change, row).await?;
    tell(change, &row, "invoice.issued", None);
    Ok(row)
}

/// Issues a credit note about an issued invoice.
pub async fn credit(
    change: &mut Change,
    mut invoice: entity::Model,
    body: &NewCreditNote,
) -> Result<entity::Model, Problem> {
    let lines = store::all_lines(change.tx(), invoice.id).await?;
    let taken = taken(&lines, body)?;
    let ids: Vec<Uuid> = taken.iter().map(|(line, _)| line.id).collect();
    let mut charges: HashMap<Uuid, BTreeMap<i32, i64>> = HashMap::new();
    for (line, charge) in store::charges_of(change.tx(), &ids).await? {
        let of_line = charges.entry(line).or_default();
        *of_line.entry(charge.number).or_insert(0) += charge.amount_minor;
    }
    let drafts: Vec<Draft> = taken
        .iter()
        .map(|(line, amount)| credit_line(line, *amount, charges.get(&line.id)))
        .collect();
    let before = lines
        .iter()
        .map(|line| (line.vat_permille, line.credited_minor));
    let now = drafts
        .iter()
        .map(|line| (line.vat_permille, line.net_minor()));
    let subtotals = tally::credited_subtotals(before, now);
    let issued_on = today(change, invoice.organiser_id).await?;
    let organiser = OrganisationId::from(invoice.organiser_id);
    let number = numbers::next(change, organiser, InvoiceKind::CreditNote, issued_on).await?;
    let head = entity::Model {
        id: InvoiceId::new().uuid(),
        kind: column::text(InvoiceKind::CreditNote),
        credits_id: Some(invoice.id),
        number: Some(number),
        reason: Some(body.reason.clone()),
        issued_on: Some(issued_on),
        due_on: Some(issued_on),
        credited_minor: 0,
        created_at: change.actor.at,
        version: 1,
        ..invoice.clone()
    };
    let note = insert(change, head, &drafts, &subtotals).await?;
    for (line, amount) in taken {
        let mut line = line.clone();
        line.credited_minor += amount;
        row::update::<line_entity::Entity>(change.tx(), line).await?;
    }
    invoice.credited_minor += note.net_minor;
    if invoice.credited_minor == invoice.net_minor {
        invoice.state = column::text(InvoiceState::Credited);
    }
    let invoice = save(change, invoice).await?;
    tell(change, &note, "credit_note.issued", Some(&body.reason));
    change.record(
        "invoice",
        invoice.id,
        "invoice.credited",
        Some(&body.reason),
    );
    Ok(note)
}

/// Which lines are taken back, and how much of each.
fn taken<'a>(
    lines: &'a [line_entity::Model],
    body: &NewCreditNote,
) -> Result<Vec<(&'a line_entity::Model, i64)>, Problem> {
    let left = |line: &line_entity::Model| line.net_minor - line.credited_minor;
    if body.lines.is_empty() {
        let open = lines.iter().filter(|line| left(line) > 0);
        return Ok(open.map(|line| (line, left(line))).collect());
    }
    let mut seen = HashSet::new();
    let one = |wanted: &shared_types::registration::billing::LineCredit| {
        let line = lines.iter().find(|line| line.id == wanted.line_id.uuid());
        let line = line.filter(|line| seen.insert(line.id));
        let line = line.ok_or_else(|| Problem::of(&INVOICE_LINE_UNKNOWN))?;
        if wanted.amount_minor > left(line) {
            return Err(Problem::of(&CREDIT_TOO_LARGE).value("left", left(line)));
        }
        Ok((line, wanted.amount_minor))
    };
    body.lines.iter().map(one).collect()
}

/// A line that takes back so much of another: as it stood where it is the whole, else as one sum.
fn credit_line(
    line: &line_entity::Model,
    amount_minor: i64,
    charges: Option<&BTreeMap<i32, i64>>,
) -> Draft {
    let (quantity, price_minor) = if amount_minor == line.net_minor {
        (line.quantity, line.price_minor)
    } else {
        (1, amount_minor)
    };
    let left: Vec<(i32, i64)> = charges
        .into_iter()
        .flatten()
        .map(|(number, left)| (*number, *left))
        .collect();
    let parts: Vec<i64> = left.iter().map(|(_, left)| *left).collect();
    let shares = tally::divide(amount_minor, &parts);
    Draft {
        round: line.round_id,
        participation: line.participation_id,
        credits_line: Some(line.id),
        price_key: line.price_key.clone(),
        name: line.name.clone(),
        quantity,
        price_minor,
        vat_permille: line.vat_permille,
        charges: left
            .iter()
            .zip(shares)
            .map(|((number, _), share)| (*number, -share))
            .collect(),
    }
}

/// A party as it stands now.
async fn party(change: &Change, id: Uuid) -> Result<(NewBillingDetails, InvoiceParty), Problem> {
    let organisation = organisation_of(change, id).await?;
    let (details, _) = store::details(change.tx(), id).await?.ok_or_else(|| {
        // The table has judged that both are there, in this very change.
        Problem::of(&BILLING_DETAILS_MISSING).value("missing", organisation.name.clone())
    })?;
    let party = InvoiceParty {
        name: details.legal_name.clone().unwrap_or(organisation.name),
        details: details.clone(),
    };
    Ok((details, party))
}

/// Today, where the organiser's days are counted.
async fn today(change: &Change, organiser: Uuid) -> Result<NaiveDate, Problem> {
    let organisation = organisation_of(change, organiser).await?;
    let zone = civil::zone(&organisation.time_zone);
    let zone = zone.ok_or_else(|| Problem::internal("an organisation without a zone"))?;
    Ok(civil::date_in(change.actor.at, zone))
}

async fn save(change: &Change, mut row: entity::Model) -> Result<entity::Model, DatabaseError> {
    row.version += 1;
    row::update::<entity::Entity>(change.tx(), row).await
}

fn tell(change: &mut Change, row: &entity::Model, edge: &str, reason: Option<&str>) {
    change.record("invoice", row.id, edge, reason);
    change.publish(
        edge,
        row.id,
        json!({
            "invoiceId": row.id, "organiserId": row.organiser_id,
            "organisationId": row.organisation_id, "kind": row.kind, "number": row.number,
            "issuedOn": row.issued_on, "dueOn": row.due_on, "currency": row.currency,
            "netMinor": row.net_minor, "creditsId": row.credits_id,
        }),
    );
}

/// Gives an issued invoice the number that a faulty issuing took.
#[cfg(feature = "sabotage")]
pub async fn renumber(
    change: &Change,
    mut row: entity::Model,
    taken: Option<i32>,
) -> Result<entity::Model, Problem> {
    use chrono::Datelike as _;
    let (Some(taken), Some(issued_on)) = (taken, row.issued_on) else {
        return Ok(row);
    };
    let number = numbers::written(InvoiceKind::Invoice, issued_on.year(), taken);
    row.number = Some(number);
    Ok(row::update::<entity::Entity>(change.tx(), row).await?)
}
