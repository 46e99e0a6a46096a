/** Plants what an independent meter is for: a provider that charges a machine too much. */
import type pg from 'pg';
import { landReport } from './warehouse.ts';

/**
 * Lands a month's report again in which the dearest machine costs `factor` times as much, balances
 * included; returns the machine's id.
 */
export async function overbilled(
  pool: pg.Pool,
  month: string,
  factor: string,
  atMs: number,
): Promise<string> {
  const { rows } = await pool.query<{ machine: string; body: unknown }>(
    `with line as (
       select part.*, version.payload
       from intermediate.int_voltage_park__billed_part as part
       join landing.version using (version_id)
       where part.slice = $1 and part.ended_at is null
     ),
     dearest as (
       select resource_id as machine, ($2::numeric - 1) * sum(magnitude_usd) as more_usd
       from line where meter = 'vm-hours'
       group by resource_id order by sum(magnitude_usd) desc limit 1
     ),
     restated as (
       select case when line.meter = 'vm-hours' and line.resource_id = dearest.machine
         then line.payload || jsonb_build_object('period_amount',
           round((line.payload ->> 'period_amount')::numeric * $2::numeric, 6)::text)
         else line.payload end as payload
       from line cross join dearest
       union all
       select payload from landing.version join staging.stg_voltage_park__report_transaction as row
         using (version_id)
       where row.slice = $1 and row.ended_at is null and row.kind = 'deposit'
     ),
     balance as (
       select payload, (payload ->> 'balance_at_period_start')::numeric as opening_usd
       from landing.version
       where entity = 'voltage_park.report_balance' and slice = $1 and ended_at is null
     ),
     change as (select sum((payload ->> 'period_amount')::numeric) as usd from restated)
     select dearest.machine, jsonb_build_object(
       'transactions', (select jsonb_agg(payload) from restated),
       'balance_at_period_start', opening_usd::text,
       'balance_delta_in_period', change.usd::text,
       'balance_at_period_end', (opening_usd + change.usd)::text) as body
     from dearest cross join balance cross join change`,
    [month, factor],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`nothing was billed in ${month}`);
  await landReport(pool, new Date(atMs).toISOString(), month, row.body);
  return row.machine;
}
