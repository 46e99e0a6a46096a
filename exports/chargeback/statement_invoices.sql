-- One row per invoice or credit note of the accounts and issuers of one team's lines, with its tax: whole
-- invoices, of which the team has a part.
with issuer as (
  select distinct coalesce(product.issuer_name, line.provider) as issuer_name, line.account_id
  from chargeback_line as line
  left join mart.dim_product as product on product.provider = line.provider
  where line.line between :'first_line' and :'last_line'
)
select
  issuer_name, account_id, invoice_number, is_credit_note, invoice_date, due_date, currency,
  net_amount, tax_amount
from chargeback_invoice
join issuer using (issuer_name, account_id)
order by
  issuer_name collate "C", account_id collate "C", is_credit_note, invoice_number collate "C",
  currency collate "C"
