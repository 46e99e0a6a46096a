-- What a closed month holds is posted, never accrued: its statement cannot grow.
update desired set is_settled = true
where not is_settled and charge_date < :'settled_before'::date
