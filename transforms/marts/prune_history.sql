-- After two months a report as of an instant is exact to the UTC midnight: of the accruals shown before,
-- those that stood at none are let go. (They grow with every tick; the ledger keeps everything.) What a
-- closed statement contains stays, to be explained.
delete from history.accrual
where superseded_at < :'now'::timestamptz - interval '62 days'
  and date_trunc('day', recorded_at, 'UTC')
    = date_trunc('day', superseded_at - interval '1 microsecond', 'UTC')
  and recorded_at <> date_trunc('day', recorded_at, 'UTC')
  and not exists (
    select
    from ledger.closed_month as closed
    where closed.closed_at >= accrual.recorded_at and closed.closed_at < accrual.superseded_at
      and accrual.charge_date < closed.month + interval '1 month'
  )
