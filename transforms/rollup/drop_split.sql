-- Takes the former split of the pools and months in `split_month` away; closed statements keep theirs.
delete from mart.cost_slice_daily as held
using mart.cost_slice as slice, split_month
where slice.slice_id = held.slice_id
  and (slice.pool = split_month.pool or slice.is_share and slice.allocation_rule = split_month.pool)
  and held.cost_date >= split_month.cost_month
  and held.cost_date < split_month.cost_month + interval '1 month'
  and held.statement_month > coalesce(
    (select max(closed_month.month) from ledger.closed_month), '-infinity'
  )
