/**
 * Does a tick's cost grow with history? The same fleet of FlexMetal servers, delivered 3 and 12
 * months ago; then ticks an hour apart in which 1% of the servers change. The charges of the whole
 * history are in the ledger before the first tick.
 */
import type pg from 'pg';
import type { Warehouse } from '../app/warehouse.ts';
import { runTransform } from '../transforms/ledger/run-transform.ts';
import type { ReferenceData } from '../transforms/reference/read-reference.ts';
import { type Bench, freshWarehouse, median, spread, timed } from './measure.ts';

const SERVERS = 2_000;
const CHANGED_PERCENT = 1;
const ROUNDS = 7;
const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 9, 15, 10, 30);

const REFERENCE: ReferenceData = {
  rates: [
    {
      provider: 'i3d-flexmetal',
      account: null,
      sku: 'bm7.std.8',
      region: 'EU: Rotterdam',
      contract_id: '',
      unit: 'Hours',
      unit_price: '0.245',
      list_unit_price: null,
      currency: 'EUR',
      valid_from: '2024-01-01',
      valid_to: null,
      source_file: 'bench',
      source_line: 1,
    },
  ],
  contracts: [],
  exchangeRates: [
    {
      base: 'EUR',
      quote: 'USD',
      valid_from: '2024-01-01',
      rate: '1.16',
      source: 'bench',
      source_file: 'bench',
      source_line: 1,
    },
  ],
};

export async function benchHistory(bench: Bench): Promise<void> {
  const short = await ticksAfter(bench, 3);
  const long = await ticksAfter(bench, 12);
  bench.print(`${SERVERS} servers, ${CHANGED_PERCENT}% changed per tick, an hour between ticks`);
  bench.print(`ledger rows: ${short.charges} at 3 months, ${long.charges} at 12 months`);
  bench.print(`tick at 3 months: ${spread(short.tickMs, 0)} ms`);
  bench.print(`tick at 12 months: ${spread(long.tickMs, 0)} ms`);
  const ratio = median(long.tickMs) / median(short.tickMs);
  bench.print(`ratio 12 to 3 months: ${ratio.toFixed(2)}; target within 0.80 to 1.20`);
}

async function ticksAfter(
  bench: Bench,
  months: number,
): Promise<{ tickMs: number[]; charges: number }> {
  const warehouse = await freshWarehouse(bench, `bench_history_${months}`);
  const { pool } = warehouse;
  try {
    await plantServers(pool, Date.UTC(2026, 9 - months, 15, 10, 10));
    await transformAt(warehouse, NOW_MS);
    await pool.query('vacuum analyze');
    const tickMs: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const nowMs = NOW_MS + round * HOUR_MS;
      await releaseSome(pool, round, nowMs);
      tickMs.push(await timed(() => transformAt(warehouse, nowMs)));
    }
    const { rows } = await pool.query<{ count: number }>(
      'select count(*) as count from ledger.charge',
    );
    return { tickMs, charges: rows[0]?.count ?? 0 };
  } finally {
    await warehouse.close();
  }
}

function transformAt(warehouse: Warehouse, nowMs: number): Promise<unknown> {
  return runTransform(warehouse.pool, {
    manifest: warehouse.manifest,
    reference: REFERENCE,
    reportingCurrency: 'USD',
    nowMs,
  });
}

/** What landing would hold after one sweep that saw the whole fleet. */
async function plantServers(pool: pg.Pool, deliveredMs: number): Promise<void> {
  await pool.query(
    `with added as (
       insert into landing.version (
         account_id, entity, slice, record_key, content_hash, payload, first_sweep_id, seen_from
       )
       select 'bench', 'flexmetal.server', '', uuid, sha256(convert_to(uuid, 'UTF8')),
         jsonb_build_object(
           'uuid', uuid, 'name', 'server-' || number, 'status', 'delivered',
           'statusMessage', 'OK', 'location', jsonb_build_object('id', 18, 'name', 'EU: Rotterdam'),
           'instanceType', jsonb_build_object('id', 129, 'name', 'bm7.std.8'),
           'os', jsonb_build_object('slug', 'ubuntu-2404-lts'), 'ipAddresses', '[]'::jsonb,
           'tags', jsonb_build_array('team:nlp'), 'createdAt', $1::bigint,
           'deliveredAt', $1::bigint + number % 3600, 'releasedAt', null, 'contractId', ''
         ),
         1, to_timestamp($1::bigint + 3600)
       from generate_series(1, $2::integer) as number
       cross join lateral (
         select format('00000000-0000-4000-8000-%s', lpad(number::text, 12, '0')) as uuid
       ) as named
       returning *
     )
     insert into landing.change (account_id, entity, slice, record_key, version_id, kind)
     select account_id, entity, slice, record_key, version_id, 'new' from added`,
    [Math.floor(deliveredMs / 1000), SERVERS],
  );
  await pool.query(
    `insert into landing.watermark values ('bench', 'flexmetal.servers', '', $1, 1, '', $2)`,
    [new Date(NOW_MS), SERVERS],
  );
}

/** 1% of the fleet is seen released: the provider's answer of an hour later. */
async function releaseSome(pool: pg.Pool, round: number, nowMs: number): Promise<void> {
  const count = Math.floor((SERVERS * CHANGED_PERCENT) / 100);
  const first = (round - 1) * count + 1;
  await pool.query(
    `with ended as (
       update landing.version
       set seen_to = $3::timestamptz - interval '1 hour', ended_at = $3, ended_because = 'changed'
       where entity = 'flexmetal.server' and ended_at is null
         and record_key between format('00000000-0000-4000-8000-%s', lpad($1::text, 12, '0'))
           and format('00000000-0000-4000-8000-%s', lpad($2::text, 12, '0'))
       returning *
     ),
     added as (
       insert into landing.version (
         account_id, entity, slice, record_key, content_hash, payload, first_sweep_id, seen_from
       )
       select account_id, entity, slice, record_key, content_hash,
         payload || jsonb_build_object(
           'status', 'released',
           'releasedAt', extract(epoch from $3::timestamptz - interval '20 minutes')::bigint
         ),
         1, $3
       from ended
       returning *
     )
     insert into landing.change (
       account_id, entity, slice, record_key, version_id, kind, previous_seen_to
     )
     select added.account_id, added.entity, added.slice, added.record_key, added.version_id,
       'changed', ended.seen_to
     from added
     join ended using (account_id, entity, slice, record_key)`,
    [first, first + count - 1, new Date(nowMs)],
  );
}
