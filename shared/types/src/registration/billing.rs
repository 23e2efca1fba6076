//! Bodies of billing: who pays and is paid, what a participation costs, invoices and credit notes.

use crate::{
    ApplicationId, InvoiceId, InvoiceLineId, Links, Money, OrganisationId, RefusedTransition,
    RoundId,
    registration::{
        applications::SeatState,
        rounds::{PriceKind, PricePer},
    },
    scheduling::venues::PostalAddress,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where money is paid to; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "bankgiro")]
pub enum AccountKind {
    /// A Swedish bankgiro number.
    Bankgiro,
    /// A Swedish plusgiro number.
    Plusgiro,
    /// An international account number.
    Iban,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PaymentAccount {
    /// What the number is.
    pub kind: AccountKind,
    /// The number, without spaces and hyphens.
    #[schema(
        example = "50501055",
        pattern = "^[A-Z0-9]{2,34}$",
        min_length = 2,
        max_length = 34
    )]
    pub number: String,
}

/// What an organisation wants said on invoices, as buyer and as seller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewBillingDetails {
    /// Name on invoices, where it is not the organisation's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Linköpings kommun, Ekonomi",
        min_length = 1,
        max_length = 200,
        nullable = false
    )]
    pub legal_name: Option<String>,
    /// Number in the country's register of organisations: in Sweden ten digits, in Denmark the
    /// eight of the CVR.
    #[schema(
        example = "2120009002",
        pattern = "^[A-Z0-9]{5,20}$",
        min_length = 5,
        max_length = 20
    )]
    pub organisation_number: String,
    /// VAT number with its country. Who sells needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "SE212000900201",
        pattern = "^[A-Z]{2}[A-Z0-9]{2,13}$",
        max_length = 15,
        nullable = false
    )]
    pub vat_number: Option<String>,
    /// Global location number, thirteen digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "7300010000001",
        pattern = "^[0-9]{13}$",
        max_length = 13,
        nullable = false
    )]
    pub gln: Option<String>,
    /// Address in the Peppol network: the scheme, a colon, the identifier. Without one, the GLN
    /// or the organisation's number is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "0007:2120009002",
        pattern = "^[0-9]{4}:[A-Za-z0-9.:-]{1,50}$",
        max_length = 55,
        nullable = false
    )]
    pub peppol_id: Option<String>,
    /// What the buyer wants as reference, such as a cost centre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "ZZ4711", min_length = 1, max_length = 100, nullable = false)]
    pub buyer_reference: Option<String>,
    /// The buyer's order number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "PO-2023-117",
        min_length = 1,
        max_length = 100,
        nullable = false
    )]
    pub order_number: Option<String>,
    /// Where questions about invoices go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "faktura@linkoping.example",
        min_length = 3,
        max_length = 254,
        nullable = false
    )]
    pub email: Option<String>,
    /// Address on invoices.
    pub address: PostalAddress,
    /// Where the organisation is paid. Who sells needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<PaymentAccount>,
    /// Days within which its invoices are to be paid.
    #[serde(default = "default_payment_days")]
    #[schema(example = 30, minimum = 0, maximum = 120)]
    pub payment_days: i32,
}

const fn default_payment_days() -> i32 {
    30
}

/// What an organisation wants said on invoices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BillingDetails {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// What is said.
    pub details: NewBillingDetails,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// Until when a withdrawal costs what share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CancellationStep {
    /// Last day, in the round's zone, the whole day included.
    #[schema(example = "2022-07-31")]
    pub until: NaiveDate,
    /// Share of every price line, in thousandths.
    #[schema(example = 500, minimum = 0, maximum = 1000)]
    pub share_permille: i32,
}

/// What a round says of paying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewBillingTerms {
    /// Until when a withdrawal costs what share, the earliest day first. After the last day it
    /// costs the whole price; without any step, nothing before the round's first day.
    #[schema(max_items = 10)]
    pub cancellation: Vec<CancellationStep>,
}

/// What a round says of paying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BillingTerms {
    /// The round.
    pub round_id: RoundId,
    /// Until when a withdrawal costs what share; after the last day it costs the whole price.
    #[schema(max_items = 10)]
    pub cancellation: Vec<CancellationStep>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// One thing that a participation costs: a price line, for one year or occasion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Charge {
    /// What it is for.
    pub kind: PriceKind,
    /// How often it is charged.
    pub per: PricePer,
    /// Which year or occasion it is, from 1.
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub number: i32,
    /// The day by which it belongs to a period; absent while the round has no dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-08-24")]
    pub falls_on: Option<NaiveDate>,
    /// Share of the price, in thousandths: less than the whole where a seat was given up in time.
    #[schema(example = 1000, minimum = 0, maximum = 1000)]
    pub share_permille: i32,
    /// What it costs, excluding VAT.
    pub amount: Money,
    /// What of it stands on invoices, credits taken off.
    pub billed: Money,
    /// VAT rate in thousandths.
    #[schema(example = 250, minimum = 0, maximum = 1000)]
    pub vat_permille: i32,
}

/// What is to be credited on a line of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreditDue {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Its line.
    pub line_id: InvoiceLineId,
    /// How much, excluding VAT.
    pub amount: Money,
}

/// What a participation costs, and what of it is billed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceBasis {
    /// The participation. Where a seat was handed on it is the first one, whose price and
    /// employer stay.
    pub id: ApplicationId,
    /// Who has the seat now, or had it last.
    pub holder_id: ApplicationId,
    /// State of the seat.
    pub seat: SeatState,
    /// Who pays.
    pub organisation_id: OrganisationId,
    /// What it costs.
    #[schema(max_items = 1000)]
    pub charges: Vec<Charge>,
    /// What is billed beyond what it costs; the body of a credit note can be made of it.
    #[schema(max_items = 1000)]
    pub credits_due: Vec<CreditDue>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(
    InvoiceBasisPage,
    InvoiceBasis,
    "A page of what participations cost."
);

/// What to draft invoices for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewInvoices {
    /// The organiser that bills.
    pub organiser_id: OrganisationId,
    /// First day of the period.
    #[schema(example = "2022-07-01")]
    pub starts_on: NaiveDate,
    /// Last day of the period.
    #[schema(example = "2022-12-31")]
    pub ends_on: NaiveDate,
    /// Only this buyer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<OrganisationId>,
    /// Only this round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_id: Option<RoundId>,
}

/// The invoices that were drafted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DraftedInvoices {
    /// One for each buyer and currency; none where nothing was left to bill.
    #[schema(max_items = 1000)]
    pub invoices: Vec<Invoice>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "invoice")]
pub enum InvoiceKind {
    /// Demands money.
    Invoice,
    /// Takes back what an invoice demanded.
    CreditNote,
}

/// State of an invoice; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "issued")]
pub enum InvoiceState {
    /// Seen by the organiser only, without a number.
    Draft,
    /// Numbered; it never changes again.
    Issued,
    /// Issued, and taken back as a whole by credit notes.
    Credited,
}

/// Why VAT has its rate, by the categories of UNCL 5305; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "standard")]
pub enum VatCategory {
    /// A rate of the country (S).
    Standard,
    /// Exempt (E).
    Exempt,
}

/// What is taxed at one rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VatSubtotal {
    /// Why it has this rate.
    pub category: VatCategory,
    /// VAT rate in thousandths.
    #[schema(example = 250, minimum = 0, maximum = 1000)]
    pub vat_permille: i32,
    /// Sum of the lines at this rate.
    pub taxable: Money,
    /// VAT on the sum, rounded half up to the minor unit once.
    pub vat: Money,
}

/// A party as it stood when the document was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceParty {
    /// Name.
    #[schema(example = "Linköpings kommun", max_length = 200)]
    pub name: String,
    /// What it wanted said on invoices.
    pub details: NewBillingDetails,
}

/// An invoice or a credit note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Invoice {
    /// Id.
    pub id: InvoiceId,
    /// What it is.
    pub kind: InvoiceKind,
    /// State.
    pub state: InvoiceState,
    /// Who bills.
    pub organiser_id: OrganisationId,
    /// Who pays.
    pub organisation_id: OrganisationId,
    /// Number, without gaps for each organiser and year; credit notes have their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-00001", max_length = 20)]
    pub number: Option<String>,
    /// The invoice that this credit note is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credits_id: Option<InvoiceId>,
    /// Why it was credited.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Withdrew before the round.", max_length = 1000)]
    pub reason: Option<String>,
    /// First day of the period.
    #[schema(example = "2022-07-01")]
    pub starts_on: NaiveDate,
    /// Last day of the period.
    #[schema(example = "2022-12-31")]
    pub ends_on: NaiveDate,
    /// When it was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-09-01")]
    pub issued_on: Option<NaiveDate>,
    /// Last day to pay.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-10-01")]
    pub due_on: Option<NaiveDate>,
    /// Lines it has.
    #[schema(example = 2, minimum = 1, maximum = 1000)]
    pub lines_count: i32,
    /// Sum of the lines.
    pub net: Money,
    /// VAT in all.
    pub vat: Money,
    /// What is to be paid, or paid back.
    pub gross: Money,
    /// What of `net` was credited.
    pub credited: Money,
    /// VAT by rate.
    #[schema(max_items = 20)]
    pub vat_subtotals: Vec<VatSubtotal>,
    /// Who bills, as it stood when the document was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seller: Option<InvoiceParty>,
    /// Who pays, as it stood when the document was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buyer: Option<InvoiceParty>,
    /// Where to go next, allowed transitions included.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are refused now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

crate::page!(InvoicePage, Invoice, "A page of invoices and credit notes.");

/// A line of an invoice or a credit note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceLine {
    /// Id.
    pub id: InvoiceLineId,
    /// The document.
    pub invoice_id: InvoiceId,
    /// Place on it, from 1.
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub position: i32,
    /// The round.
    pub round_id: RoundId,
    /// The participation.
    pub participation_id: ApplicationId,
    /// The line of the invoice that this line of a credit note takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credits_line_id: Option<InvoiceLineId>,
    /// What is billed, in the buyer's language. It names nobody.
    #[schema(
        example = "Deltagaravgift, Ledarskap i kommuner 2022/2023",
        max_length = 1000
    )]
    pub name: String,
    /// How many.
    #[schema(example = 3, minimum = 1, maximum = 1000)]
    pub quantity: i32,
    /// Price of one, excluding VAT.
    pub price: Money,
    /// Price of all, excluding VAT.
    pub net: Money,
    /// What of it was credited.
    pub credited: Money,
    /// VAT rate in thousandths.
    #[schema(example = 250, minimum = 0, maximum = 1000)]
    pub vat_permille: i32,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(
    InvoiceLinePage,
    InvoiceLine,
    "A page of an invoice's lines."
);

/// What to take back of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LineCredit {
    /// The line.
    pub line_id: InvoiceLineId,
    /// How much, excluding VAT, in minor units of the invoice's currency.
    #[schema(example = 300_000, minimum = 1, maximum = 100_000_000_000_i64)]
    pub amount_minor: i64,
}

/// A credit note to issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCreditNote {
    /// Why; it stands on the credit note.
    #[schema(
        example = "Withdrew before the round.",
        min_length = 1,
        max_length = 1000
    )]
    pub reason: String,
    /// What is taken back; empty for all that is left.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub lines: Vec<LineCredit>,
}

/// An invoice or credit note as Peppol BIS Billing 3 (UBL 2.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, pattern = "^[\\s\\S]*$", max_length = 10_000_000)]
pub struct PeppolDocument(pub String);

/// A table with commas (RFC 4180) in UTF-8, with a heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, pattern = "^[\\s\\S]*$", max_length = 10_000_000)]
pub struct CsvTable(pub String);
