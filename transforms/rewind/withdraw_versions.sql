-- Payloads first seen after :'to': one row each, ended where it began, under an entity that no view
-- reads.
update landing.version
set entity = 'withdrawn ' || entity, seen_to = seen_from, ended_at = seen_from,
  ended_because = 'withdrawn'
where seen_from > :'to' and ended_because is distinct from 'withdrawn'
