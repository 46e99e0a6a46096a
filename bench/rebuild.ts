/**
 * What it costs to compute a million landed versions again: a year of Fluence machines, one version
 * per epoch, into an empty ledger and empty marts, beside COPY of the resulting ledger rows into a
 * copy of the ledger with its indexes.
 */
import path from 'node:path';
import type pg from 'pg';
import { rebuild } from '../transforms/ledger/rebuild.ts';
import { type Bench, freshWarehouse, timed } from './measure.ts';

const MACHINES = 2_740;
const DAYS = 365;
const FIRST = '2025-10-01T17:55:00Z';

export async function benchRebuild(bench: Bench): Promise<void> {
  const warehouse = await freshWarehouse(bench, 'bench_rebuild');
  const { pool } = warehouse;
  try {
    await plantVersions(pool);
    const rebuildMs = await timed(() =>
      rebuild(pool, {
        manifest: warehouse.manifest,
        reference: { rates: [], contracts: [], exchangeRates: [] },
        reportingCurrency: 'USDC',
        discardsHistory: true,
      }),
    );
    const { rows } = await pool.query<{ charges: number }>(
      'select count(*) as charges from ledger.charge',
    );
    const copyMs = await copyOfLedger(pool, path.join(bench.folder, 'charges.copy'));
    const seconds = (ms: number): string => (ms / 1000).toFixed(1);
    bench.print(`${MACHINES * DAYS} versions, ${rows[0]?.charges ?? 0} charges`);
    bench.print(`rebuild from landing: ${seconds(rebuildMs)} s`);
    bench.print(`COPY of the same ledger rows: ${seconds(copyMs)} s`);
    bench.print(`ratio: ${(rebuildMs / copyMs).toFixed(1)}`);
  } finally {
    await warehouse.close();
  }
}

async function copyOfLedger(pool: pg.Pool, file: string): Promise<number> {
  await pool.query('create table public.charge_copy (like ledger.charge including all)');
  await pool.query(`copy ledger.charge to '${file}'`);
  return timed(() => pool.query(`copy public.charge_copy from '${file}'`));
}

/** One version per machine and epoch, as hourly looks would have landed them. */
async function plantVersions(pool: pg.Pool): Promise<void> {
  await pool.query(
    `insert into landing.version (
       account_id, entity, slice, record_key, content_hash, payload, first_sweep_id, seen_from,
       seen_to, ended_at, ended_because
     )
     select 'bench', 'fluence.vm', '', machine, sha256(convert_to(machine || day, 'UTF8')),
       jsonb_build_object(
         'id', machine, 'vmName', 'worker-' || number, 'status', 'ACTIVE',
         'pricePerEpoch', price, 'totalSpent', price * day, 'reservedBalance', price,
         'createdAt', $4::text, 'nextBillingAt', to_char(
           ($3::timestamptz + day * interval '1 day') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
         ),
         'resources', '[{"type": "VCPU", "quantity": 2}, {"type": "RAM", "quantity": 4096}]'::jsonb,
         'datacenter', '{"countryCode": "DE", "cityCode": "FRA", "cityIndex": 1}'::jsonb
       ),
       1, looked_at, case when day < $2 then looked_at + interval '23 hours' end,
       case when day < $2 then looked_at + interval '24 hours' end,
       case when day < $2 then 'changed' end
     from generate_series(1, $1::integer) as number
     cross join generate_series(1, $2::integer) as day
     cross join lateral (
       select
         '0x' || lpad(to_hex(number), 40, '0') as machine,
         1000000 + number % 97 * 1000 as price,
         $3::timestamptz + (day - 1) * interval '1 day' + interval '10 minutes' as looked_at
     ) as look`,
    [MACHINES, DAYS, FIRST, FIRST],
  );
  await pool.query(
    `insert into mart.transform_state (clock_at) select max(seen_from) from landing.version`,
  );
  await pool.query('vacuum analyze landing.version');
}
