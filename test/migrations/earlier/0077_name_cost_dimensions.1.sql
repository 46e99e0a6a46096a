-- The words of the field: ownership intervals, cost dimensions, shared costs, posted charges.
alter table mart.resource_span rename to resource_ownership;
alter table mart.cost_slice rename to cost_dimension;
alter table mart.cost_dimension rename column slice_id to dimension_id;
alter table mart.cost_dimension rename column slice_key to dimension_key;
alter table mart.cost_dimension rename column pool to shared_cost;
alter table mart.cost_slice_daily rename to cost_dimension_daily;
alter table mart.cost_dimension_daily rename column slice_id to dimension_id;
alter table mart.cost_pool_daily rename to shared_cost_daily;
alter table mart.shared_cost_daily rename column slice_id to dimension_id;
alter table mart.allocation_share rename column pool to shared_cost;
alter table ledger.run rename column charges_entered to charges_posted;

comment on table mart.cost_dimension is
  'One combination of what describes and allocates costs: the roll-up adds daily costs up by it.';
comment on column mart.cost_dimension.shared_cost is
  'The shared cost that it is part of, when there are rules that share.';
comment on column mart.cost_dimension.is_share is 'A team''s part of a shared cost.';
comment on table mart.shared_cost_daily is
  'The same for shared costs, before they are split; open months only.';
comment on table mart.allocation_share is
  'How a shared cost is split in a UTC month: what lies before a team''s part, and up to its end.';

create function ledger.share_of(amount numeric, before numeric, upto numeric) returns numeric
  language sql immutable parallel safe
  return round(amount * upto, 9) - round(amount * before, 9);
comment on function ledger.share_of is
  'The part of an amount between two shares of the whole. Parts that meet add up to the amount: each is the difference of two rounded sums.';

create function ledger.books_open_from() returns date
  language sql stable parallel safe
  return coalesce(
    (select (max(month) + interval '1 month')::date from ledger.closed_month), '-infinity'
  );
comment on function ledger.books_open_from is
  'First day of the first month that is not closed; -infinity while none is. Read it as (select …), once.';
