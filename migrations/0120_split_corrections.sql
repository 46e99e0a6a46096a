-- A correction of what a closed month states is charged to whom the statement charged it, not by the
-- rules of today.
create function mart.restated_part(
  total numeric, part numeric, part_upto numeric, whole numeric, before numeric, upto numeric
) returns numeric
  language sql immutable parallel safe
  return case
    when whole <> 0
      then round(total * part_upto / whole, 9) - round(total * (part_upto - part) / whole, 9)
    else mart.share_of(total, before, upto)
  end;
comment on function mart.restated_part is
  'The part of a restated total in proportion to a part of a former whole (part_upto: with the parts before it), or between two shares where the former whole was 0.';

-- Corrections that were rolled up by other rules: the next transform makes the roll-up anew.
delete from mart.cost_dimension_daily
where exists (
  select from mart.fct_cost_daily
  where statement_month > cost_date and statement_month >= (select ledger.books_open_from())
);
delete from mart.shared_cost_daily where not exists (select from mart.cost_dimension_daily);
