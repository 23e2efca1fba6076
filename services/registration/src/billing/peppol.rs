//! An issued document as Peppol BIS Billing 3: UBL 2.1 as the European standard EN 16931 uses it.
//!
//! The order of elements is the schema's. `tests/outer/invoices.py` asks the official schemas and
//! rules about documents that tests have written.

use super::{details, tally, words, xml::Xml};
use chrono::NaiveDate;
use shared_types::{
    Language,
    registration::billing::{
        AccountKind, InvoiceKind, InvoiceParty, NewBillingDetails, VatCategory,
    },
};

const SPECIFICATION: &str =
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0";
const PROCESS: &str = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";
const UBL: &str = "urn:oasis:names:specification:ubl:schema:xsd:";
/// "One", of UN/ECE Recommendation 20.
const PIECE: &str = "C62";

/// What stands on a document.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// What it is.
    pub kind: InvoiceKind,
    /// Number.
    pub number: &'a str,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// Last day to pay.
    pub due_on: NaiveDate,
    /// The period that it bills.
    pub period: (NaiveDate, NaiveDate),
    /// ISO 4217 code.
    pub currency: &'a str,
    /// The buyer's language.
    pub language: Language,
    /// Who bills.
    pub seller: &'a InvoiceParty,
    /// Who pays.
    pub buyer: &'a InvoiceParty,
    /// Number and day of the invoice that is credited, and why.
    pub credits: Option<(&'a str, NaiveDate, &'a str)>,
    /// Its lines.
    pub lines: &'a [Line],
    /// VAT by rate.
    pub subtotals: &'a [tally::Subtotal],
}

/// A line of it.
#[derive(Clone, Debug)]
pub struct Line {
    /// Place, from 1.
    pub position: i32,
    /// What is billed.
    pub name: String,
    /// By what the buyer finds out for whom: the participation's id.
    pub reference: String,
    /// How many.
    pub quantity: i32,
    /// Price of one.
    pub price_minor: i64,
    /// Price of all.
    pub net_minor: i64,
    /// VAT rate in thousandths.
    pub vat_permille: i32,
}

/// The document's bytes.
pub fn write(document: &Document<'_>) -> String {
    let mut xml = Xml::new();
    let root = match document.kind {
        InvoiceKind::Invoice => "Invoice",
        InvoiceKind::CreditNote => "CreditNote",
    };
    let own = format!("{UBL}{root}-2");
    let aggregates = format!("{UBL}CommonAggregateComponents-2");
    let basics = format!("{UBL}CommonBasicComponents-2");
    let spaces = [
        ("xmlns", own.as_str()),
        ("xmlns:cac", aggregates.as_str()),
        ("xmlns:cbc", basics.as_str()),
    ];
    xml.group(root, &spaces, |xml| document.whole(xml));
    xml.finish()
}

impl Document<'_> {
    fn whole(&self, xml: &mut Xml) {
        self.head(xml);
        for (role, party) in [
            ("cac:AccountingSupplierParty", self.seller),
            ("cac:AccountingCustomerParty", self.buyer),
        ] {
            xml.group(role, &[], |xml| {
                xml.group("cac:Party", &[], |xml| write_party(xml, party));
            });
        }
        self.payment(xml);
        self.totals(xml);
        for line in self.lines {
            self.line(xml, line);
        }
    }

    fn head(&self, xml: &mut Xml) {
        let is_invoice = self.kind == InvoiceKind::Invoice;
        xml.text("cbc:CustomizationID", &[], SPECIFICATION);
        xml.text("cbc:ProfileID", &[], PROCESS);
        xml.text("cbc:ID", &[], self.number);
        xml.text("cbc:IssueDate", &[], &self.issued_on.to_string());
        if is_invoice {
            xml.text("cbc:DueDate", &[], &self.due_on.to_string());
            xml.text("cbc:InvoiceTypeCode", &[], "380");
        } else {
            xml.text("cbc:CreditNoteTypeCode", &[], "381");
        }
        if let Some((number, _, reason)) = self.credits {
            let values = [("number", number.to_owned()), ("reason", reason.to_owned())];
            let note = words::CREDITS.fill(self.language, &values);
            xml.text("cbc:Note", &[], &note);
        }
        xml.text("cbc:DocumentCurrencyCode", &[], self.currency);
        xml.some(
            "cbc:BuyerReference",
            self.buyer.details.buyer_reference.as_deref(),
        );
        xml.group("cac:InvoicePeriod", &[], |xml| {
            xml.text("cbc:StartDate", &[], &self.period.0.to_string());
            xml.text("cbc:EndDate", &[], &self.period.1.to_string());
        });
        if let Some(order) = &self.buyer.details.order_number {
            xml.group("cac:OrderReference", &[], |xml| {
                xml.text("cbc:ID", &[], order);
            });
        }
        if let Some((number, issued_on, _)) = self.credits {
            xml.group("cac:BillingReference", &[], |xml| {
                xml.group("cac:InvoiceDocumentReference", &[], |xml| {
                    xml.text("cbc:ID", &[], number);
                    xml.text("cbc:IssueDate", &[], &issued_on.to_string());
                });
            });
        }
    }

    fn payment(&self, xml: &mut Xml) {
        let Some(account) = &self.seller.details.account else {
            return;
        };
        // Credit transfer; Denmark takes it by the code of SEPA.
        let code = match self.seller.details.address.country.as_str() {
            "DK" => "58",
            _ => "30",
        };
        let branch = match account.kind {
            AccountKind::Bankgiro => Some("SE:BANKGIRO"),
            AccountKind::Plusgiro => Some("SE:PLUSGIRO"),
            AccountKind::Iban => None,
        };
        xml.group("cac:PaymentMeans", &[], |xml| {
            xml.text("cbc:PaymentMeansCode", &[], code);
            xml.text("cbc:PaymentID", &[], self.number);
            xml.group("cac:PayeeFinancialAccount", &[], |xml| {
                xml.text("cbc:ID", &[], &account.number);
                if let Some(branch) = branch {
                    xml.group("cac:FinancialInstitutionBranch", &[], |xml| {
                        xml.text("cbc:ID", &[], branch);
                    });
                }
            });
        });
    }

    fn totals(&self, xml: &mut Xml) {
        let sum = |of: fn(&tally::Subtotal) -> i64| self.subtotals.iter().map(of).sum::<i64>();
        let (net, vat) = (sum(|one| one.taxable_minor), sum(|one| one.vat_minor));
        xml.group("cac:TaxTotal", &[], |xml| {
            self.amount(xml, "cbc:TaxAmount", vat);
            for one in self.subtotals {
                xml.group("cac:TaxSubtotal", &[], |xml| {
                    self.amount(xml, "cbc:TaxableAmount", one.taxable_minor);
                    self.amount(xml, "cbc:TaxAmount", one.vat_minor);
                    self.category(xml, "cac:TaxCategory", one.vat_permille, true);
                });
            }
        });
        xml.group("cac:LegalMonetaryTotal", &[], |xml| {
            self.amount(xml, "cbc:LineExtensionAmount", net);
            self.amount(xml, "cbc:TaxExclusiveAmount", net);
            self.amount(xml, "cbc:TaxInclusiveAmount", net + vat);
            self.amount(xml, "cbc:PayableAmount", net + vat);
        });
    }

    fn line(&self, xml: &mut Xml, line: &Line) {
        let (element, quantity) = match self.kind {
            InvoiceKind::Invoice => ("cac:InvoiceLine", "cbc:InvoicedQuantity"),
            InvoiceKind::CreditNote => ("cac:CreditNoteLine", "cbc:CreditedQuantity"),
        };
        xml.group(element, &[], |xml| {
            xml.text("cbc:ID", &[], &line.position.to_string());
            xml.text(quantity, &[("unitCode", PIECE)], &line.quantity.to_string());
            self.amount(xml, "cbc:LineExtensionAmount", line.net_minor);
            xml.group("cac:Item", &[], |xml| {
                xml.text("cbc:Name", &[], &line.name);
                xml.group("cac:SellersItemIdentification", &[], |xml| {
                    xml.text("cbc:ID", &[], &line.reference);
                });
                self.category(xml, "cac:ClassifiedTaxCategory", line.vat_permille, false);
            });
            xml.group("cac:Price", &[], |xml| {
                self.amount(xml, "cbc:PriceAmount", line.price_minor);
            });
        });
    }

    fn category(&self, xml: &mut Xml, element: &str, vat_permille: i32, with_reason: bool) {
        let category = tally::category(vat_permille);
        let code = match category {
            VatCategory::Standard => "S",
            VatCategory::Exempt => "E",
        };
        xml.group(element, &[], |xml| {
            xml.text("cbc:ID", &[], code);
            xml.text("cbc:Percent", &[], &words::percent(vat_permille));
            if with_reason && category == VatCategory::Exempt {
                let reason = words::EXEMPT.get(self.language);
                xml.text("cbc:TaxExemptionReason", &[], reason);
            }
            tax_scheme(xml);
        });
    }

    fn amount(&self, xml: &mut Xml, element: &str, minor: i64) {
        let attributes = [("currencyID", self.currency)];
        xml.text(element, &attributes, &tally::decimal(minor, self.currency));
    }
}

fn write_party(xml: &mut Xml, party: &InvoiceParty) {
    let NewBillingDetails {
        address,
        vat_number,
        gln,
        email,
        ..
    } = &party.details;
    if let Some((scheme, id)) = details::electronic_address(&party.details) {
        xml.text("cbc:EndpointID", &[("schemeID", &scheme)], &id);
    }
    if let Some(gln) = gln {
        xml.group("cac:PartyIdentification", &[], |xml| {
            xml.text("cbc:ID", &[("schemeID", "0088")], gln);
        });
    }
    xml.group("cac:PartyName", &[], |xml| {
        xml.text("cbc:Name", &[], &party.name);
    });
    xml.group("cac:PostalAddress", &[], |xml| {
        xml.some("cbc:StreetName", Some(&address.street));
        xml.some("cbc:CityName", Some(&address.town));
        xml.some("cbc:PostalZone", Some(&address.postal_code));
        xml.group("cac:Country", &[], |xml| {
            xml.text("cbc:IdentificationCode", &[], &address.country);
        });
    });
    if let Some(vat) = vat_number {
        xml.group("cac:PartyTaxScheme", &[], |xml| {
            xml.text("cbc:CompanyID", &[], vat);
            tax_scheme(xml);
        });
    }
    xml.group("cac:PartyLegalEntity", &[], |xml| {
        xml.text("cbc:RegistrationName", &[], &party.name);
        match details::registered(&party.details) {
            Some((scheme, id)) => xml.text("cbc:CompanyID", &[("schemeID", scheme)], &id),
            None => xml.text("cbc:CompanyID", &[], &party.details.organisation_number),
        }
    });
    if email.is_some() {
        xml.group("cac:Contact", &[], |xml| {
            xml.some("cbc:ElectronicMail", email.as_deref());
        });
    }
}

fn tax_scheme(xml: &mut Xml) {
    xml.group("cac:TaxScheme", &[], |xml| xml.text("cbc:ID", &[], "VAT"));
}
