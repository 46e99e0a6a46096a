-- What a closed month holds is posted, never accrued: its statement cannot grow. Nor can what a retired
-- account was charged.
update expected_charge set is_settled = true
where not is_settled and (
  charge_date < :'settled_before'::date
  or account_id in (select account_id from landing.account where retired_at <= :'now'::timestamptz)
)
