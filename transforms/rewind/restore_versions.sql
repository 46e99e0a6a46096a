-- Payloads that were current at :'to' and were ended after it: one row each, current again.
update landing.version
set seen_to = null, ended_at = null, ended_because = null
where seen_from <= :'to' and ended_at > :'to'
