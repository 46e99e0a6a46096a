-- One row: hours until the first balance is gone.
select min(runway_hours) as "Runway"
from mart.rpt_wallet
where $__filtered(provider, account)
