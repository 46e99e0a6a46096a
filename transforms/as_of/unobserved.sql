-- The parts of months that no sync observed, of streams that were collected by `as_of`. Months that were
-- read since (`collect --since`) are no part of it any more, and the pace is the one known now.
select unobserved.*
from mart.rpt_coverage_unobserved as unobserved
join landing.expectation using (account_id, stream)
where expectation.expected_from <= :'as_of'::timestamptz
