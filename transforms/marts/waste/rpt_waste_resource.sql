-- One row per resource that wastes money, at its dearest finding: these add up, per month of 730
-- hours in the reporting currency, and count no money twice.
select
  account_id, provider, resource_id, resource_name, team, detector, since, cost_per_month, evidence
from mart.rpt_waste_finding
where is_counted
