-- Makes the exchange rates in force those of the files; returns every provider that has charges in
-- a touched base currency, with the first day that a changed rate covers.
with wanted as (
  select * from jsonb_to_recordset(:'rows'::jsonb) as row (
    base text, quote text, valid_from date, rate numeric, source text, source_file text,
    source_line integer
  )
),
superseded as (
  update reference.exchange_rate as held set superseded_at = :'now'
  where held.superseded_at is null and not exists (
    select from wanted
    where wanted.base = held.base_currency and wanted.quote = held.quote_currency
      and wanted.valid_from = held.valid_from and wanted.rate = held.rate
      and wanted.source = held.source
  )
  returning held.base_currency, held.valid_from
),
added as (
  insert into reference.exchange_rate (
    base_currency, quote_currency, valid_from, rate, source, source_file, source_line, loaded_at
  )
  select
    wanted.base, wanted.quote, wanted.valid_from, wanted.rate, wanted.source,
    wanted.source_file, wanted.source_line, :'now'
  from wanted
  where not exists (
    select from reference.exchange_rate as held
    where held.superseded_at is null and wanted.base = held.base_currency
      and wanted.quote = held.quote_currency and wanted.valid_from = held.valid_from
      and wanted.rate = held.rate and wanted.source = held.source
  )
  returning base_currency, valid_from
),
touched as (
  select * from superseded
  union all
  select * from added
)
select charge.provider, min(touched.valid_from)::timestamptz as "from"
from touched
join (select distinct provider, billing_currency from ledger.charge) as charge
  on charge.billing_currency = touched.base_currency
group by charge.provider
