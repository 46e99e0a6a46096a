-- Takes the former split of the pools and months in `split_month` away; closed statements keep theirs.
delete from mart.cost_dimension_daily as held
using mart.cost_dimension as dimension, split_month
where dimension.dimension_id = held.dimension_id
  and (dimension.shared_cost = split_month.shared_cost or dimension.is_share and dimension.allocation_rule = split_month.shared_cost)
  and held.cost_date >= split_month.cost_month
  and held.cost_date < split_month.cost_month + interval '1 month'
  and held.statement_month >= (select ledger.books_open_from())
