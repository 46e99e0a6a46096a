-- One row: days until the first balance is gone.
select min(runway_hours) / 24 as "Runway"
from mart.rpt_wallet
where $__filtered(provider, account)
