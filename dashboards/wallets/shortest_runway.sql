-- One row: hours until the first balance is gone.
select min(runway_hours) as "Runway"
from mart.rpt_wallet
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
