-- One row per detector: what it claims, what ends it, how many resources it found at the last look
-- and their money per month (730 hours, reporting currency). Findings of different detectors can be
-- about the same money, so cost_per_month does not add up over these rows: counted_per_month does,
-- as each resource counts once there, at its most expensive finding.
select
  detector.detector,
  detector.kind,
  detector.claim,
  detector.action,
  count(finding.resource_id) as resources,
  coalesce(sum(finding.cost_per_month), 0) as cost_per_month,
  coalesce(sum(finding.cost_per_month) filter (where finding.is_counted), 0) as counted_per_month,
  detector.checked_at
from mart.waste_detector as detector
left join mart.rpt_waste_finding as finding using (detector)
group by
  detector.detector, detector.kind, detector.claim, detector.action, detector.checked_at
