-- One row per version of a line of a provider's invoice: what any product's provider invoices.
select * from intermediate.invoice_line
