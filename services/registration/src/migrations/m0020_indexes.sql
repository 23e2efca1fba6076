CREATE INDEX ix_holds__organiser_id ON holds (organiser_id);
CREATE INDEX ix_admission_proposals__organiser_id ON admission_proposals (organiser_id);
CREATE INDEX ix_messages__organiser_id ON messages (organiser_id) WHERE organiser_id IS NOT NULL;
CREATE INDEX ix_messages__template ON messages (template, id);
CREATE INDEX ix_bounces__message_id ON bounces (message_id);
CREATE INDEX ix_invoice_lines__credits_line_id ON invoice_lines (credits_line_id) WHERE credits_line_id IS NOT NULL;
CREATE INDEX ix_invoice_lines__participation_id ON invoice_lines (participation_id, id);
CREATE INDEX ix_invoices__state ON invoices (state, id);
