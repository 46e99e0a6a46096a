-- What a closed month holds is posted, never accrued: its statement cannot grow.
update expected_charge set is_settled = true
where not is_settled and charge_date < :'settled_before'::date
