-- One row per currency that reports can be in: everything in the reporting currency, or what is billed
-- in one. `unit` is what the numbers then are.
select 0 as place, 'reporting' as value, 'all, in ' || unit as text, unit
from (
  select coalesce(reporting_currency, 'no charge yet') as unit from mart.rpt_reporting_currency
) as reporting
union all
select 1, billing_currency, 'billed in ' || billing_currency, billing_currency
from (select distinct billing_currency from mart.cost_dimension) as billed
