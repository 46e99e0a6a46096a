-- One row: when the ledger was last reconciled with the providers' figures, as a UTC text.
select to_char(max(checked_at) at time zone 'UTC', 'DD Mon HH24:MI') as value
from mart.rpt_reconciliation
where $__filtered(provider, account)
