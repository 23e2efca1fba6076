CREATE TABLE billing_details (
    organisation_id UUID NOT NULL PRIMARY KEY REFERENCES organisations (id),
    details JSONB NOT NULL,
    version INTEGER NOT NULL
);
CREATE TABLE billing_terms (
    round_id UUID NOT NULL PRIMARY KEY REFERENCES rounds (id),
    terms JSONB NOT NULL,
    version INTEGER NOT NULL
);
CREATE TABLE invoice_series (
    organiser_id UUID NOT NULL REFERENCES organisations (id),
    year INTEGER NOT NULL,
    invoices INTEGER NOT NULL CHECK (invoices >= 0),
    credit_notes INTEGER NOT NULL CHECK (credit_notes >= 0),
    PRIMARY KEY (organiser_id, year)
);
CREATE TABLE invoices (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    organiser_id UUID NOT NULL REFERENCES organisations (id),
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    credits_id UUID NULL REFERENCES invoices (id),
    number TEXT NULL,
    reason TEXT NULL,
    language TEXT NOT NULL,
    currency TEXT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    issued_on DATE NULL,
    due_on DATE NULL,
    lines_count INTEGER NOT NULL,
    net_minor BIGINT NOT NULL,
    credited_minor BIGINT NOT NULL,
    vat_subtotals JSONB NOT NULL,
    seller JSONB NULL,
    buyer JSONB NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT ck_invoices__number CHECK ((state = 'draft' AND number IS NULL) OR (state <> 'draft' AND number IS NOT NULL)),
    CONSTRAINT ck_invoices__credited CHECK (credited_minor >= 0 AND credited_minor <= net_minor)
);
CREATE UNIQUE INDEX uq_invoices__number ON invoices (organiser_id, number);
CREATE INDEX ix_invoices__organiser_id ON invoices (organiser_id, id);
CREATE INDEX ix_invoices__organisation_id ON invoices (organisation_id, id);
CREATE INDEX ix_invoices__credits_id ON invoices (credits_id, id) WHERE credits_id IS NOT NULL;
CREATE INDEX ix_invoices__issued_on ON invoices (organiser_id, issued_on);
CREATE TABLE invoice_lines (
    id UUID NOT NULL PRIMARY KEY,
    invoice_id UUID NOT NULL REFERENCES invoices (id),
    position INTEGER NOT NULL,
    round_id UUID NOT NULL,
    participation_id UUID NOT NULL,
    credits_line_id UUID NULL REFERENCES invoice_lines (id),
    price_key TEXT NOT NULL,
    name TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    price_minor BIGINT NOT NULL CHECK (price_minor > 0),
    net_minor BIGINT NOT NULL,
    credited_minor BIGINT NOT NULL,
    vat_permille INTEGER NOT NULL,
    CONSTRAINT ck_invoice_lines__net CHECK (net_minor = quantity * price_minor),
    CONSTRAINT ck_invoice_lines__credited CHECK (credited_minor >= 0 AND credited_minor <= net_minor)
);
CREATE UNIQUE INDEX uq_invoice_lines__position ON invoice_lines (invoice_id, position);
CREATE INDEX ix_invoice_lines__invoice_id ON invoice_lines (invoice_id, id);
CREATE TABLE invoice_charges (
    line_id UUID NOT NULL REFERENCES invoice_lines (id),
    number INTEGER NOT NULL,
    round_id UUID NOT NULL,
    participation_id UUID NOT NULL,
    price_key TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    PRIMARY KEY (line_id, number)
);
CREATE INDEX ix_invoice_charges__participation_id ON invoice_charges (participation_id);
CREATE INDEX ix_invoice_charges__round_id ON invoice_charges (round_id);
