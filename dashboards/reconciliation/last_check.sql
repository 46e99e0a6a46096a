-- One row: when the ledger was last held against the providers' figures.
select max(checked_at) as value
from mart.rpt_reconciliation
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
