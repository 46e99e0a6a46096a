/**
 * Goal: whatever the order, gaps and batches in which looks arrive, the ledger that grew step by
 * step equals one computed from the whole of landing, and, once every fact is told, the block-by-
 * block count. Method: random fleets over a month's end, with days of outage, listings that lose a
 * machine for once, corrected months; every failure replays from its seed.
 */
import type pg from 'pg';
import { expect, test } from 'vitest';
import { readManifest } from '../../../transforms/manifest.ts';
import type { ReferenceData } from '../../../transforms/reference/read-reference.ts';
import { runTransform, type TransformResult } from '../../../transforms/run-transform.ts';
import { testDatabase } from '../../support/postgres.ts';
import { CLOUD, CONTRACT, land, POOL, report, serverRecord, vmRecord } from './warehouse.ts';
import {
  CENTS,
  HOUR_MS,
  type Life,
  listedServers,
  listedVms,
  NEVER,
  owed,
  reportedVms,
  usedServers,
  type World,
} from './world.ts';

const FROM_MS = Date.parse('2026-10-30T09:00:00Z');
const TO_MS = Date.parse('2026-11-02T13:20:00Z');
const CHANGE_MS = Date.parse('2026-11-01T06:30:00Z');
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

/** Mulberry32: numbers in [0, 1) that replay from a seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function lifeOf(random: () => number, id: string): Life {
  const seconds = (ms: number): number => Math.floor(ms / 1000) * 1000;
  const startMs = seconds(FROM_MS + random() * (TO_MS - FROM_MS) * 0.9);
  const livesMs = random() < 0.3 ? random() * 3 * HOUR_MS : random() * 40 * HOUR_MS;
  const endMs = random() < 0.3 ? NEVER : seconds(startMs + livesMs);
  return { id, madeMs: startMs - 600_000, startMs, endMs, isContracted: random() < 0.6 };
}

function worldOf(random: () => number): World {
  const lives = (prefix: string, size: number): Life[] =>
    Array.from({ length: size }, (_, index) => lifeOf(random, `${prefix}${index}`));
  const vms = lives('vm', 8);
  const closed = vms.filter(({ startMs }) => startMs < Date.parse('2026-10-31T20:00:00Z'));
  return {
    servers: lives('server', 10),
    vms,
    capacity: 2,
    contractFromMs: Date.parse('2026-10-31T00:00:00Z'),
    contractToMs: Date.parse('2026-11-02T06:00:00Z'),
    priceChangeMs: CHANGE_MS,
    corrections: closed.slice(0, 1).map(({ id }) => ({
      id,
      month: '2026-10',
      hours: 2,
      fromMs: Date.parse('2026-11-01T18:00:00Z'),
    })),
  };
}

const rate = (
  provider: string,
  sku: string,
  region: string,
  contractId: string,
  cents: number,
) => ({
  provider,
  account: null,
  sku,
  region,
  contract_id: contractId,
  unit: 'hour',
  unit_price: `${cents / 100}`,
  list_unit_price: null,
  currency: 'EUR',
  valid_from: '2026-01-01',
  valid_to: null,
  source_file: 'rates.csv',
  source_line: 2,
});

const onDemand = (cents: number) => rate('i3d-flexmetal', 'bm7.std.8', 'EU: Rotterdam', '', cents);

const REFERENCE: ReferenceData = {
  rates: [
    { ...onDemand(CENTS.before), valid_to: new Date(CHANGE_MS).toISOString() },
    { ...onDemand(CENTS.after), valid_from: new Date(CHANGE_MS).toISOString() },
    rate('i3d-flexmetal', 'bm7.std.8', 'EU: Rotterdam', CONTRACT, CENTS.contract),
    rate('i3d-flexvm', 'vm.gpu.1rtx4000.15c.248g', 'frmtl1', '', CENTS.vm),
  ],
  contracts: [
    {
      provider: 'i3d-flexmetal',
      account: null,
      contract_id: CONTRACT,
      sku: 'bm7.std.8',
      region: 'EU: Rotterdam',
      capacity: '2',
      starts_at: '2026-10-31',
      ends_at: '2026-11-02T06:00:00Z',
      source_file: 'contracts.csv',
      source_line: 2,
    },
  ],
  exchangeRates: [],
};

async function transform(pool: pg.Pool, nowMs: number, isFull = false): Promise<TransformResult> {
  const manifest = await readManifest();
  const mine = manifest.products.filter(({ product }) => product.startsWith('flex')).map((p) => ({ ...p, queries: Object.fromEntries(Object.entries(p.queries).map(([k, v]) => [k, MUTATE(p.product, k, v as string)])) }));
  return runTransform(pool, {
    manifest: { ...manifest, products: mine },
    reference: REFERENCE,
    reportingCurrency: 'EUR',
    nowMs,
    isFull,
  });
}

async function look(pool: pg.Pool, world: World, nowMs: number, random: () => number) {
  const at = new Date(nowMs).toISOString();
  const servers = listedServers(world, nowMs);
  const vms = listedVms(world, nowMs);
  if (random() < 0.1) servers.splice(Math.floor(random() * servers.length), 1);
  if (random() < 0.1) vms.splice(Math.floor(random() * vms.length), 1);
  await land(pool, 'flexmetal.servers', at, servers.map(serverRecord));
  await land(pool, 'flexvm.vms', at, vms.map(vmRecord), CLOUD);
}

async function lookAtMonths(pool: pg.Pool, world: World, nowMs: number) {
  const at = new Date(nowMs).toISOString();
  for (const month of nowMs < Date.parse('2026-11-01Z') ? ['2026-10'] : ['2026-10', '2026-11']) {
    const used = usedServers(world, month, nowMs).map((row) => ({
      ...row,
      server: serverRecord(row.server),
    }));
    await land(pool, 'flexmetal.usage', at, used, month);
    const body = report(month, reportedVms(world, month, nowMs));
    await land(pool, 'flexvm.monthly_report', at, body, month);
  }
}

/** Lives through the whole time; returns the last instant, at which everything was told. */
async function live(pool: pg.Pool, world: World, random: () => number): Promise<number> {
  let outageUntilMs = 0;
  for (let nowMs = FROM_MS; nowMs < TO_MS; nowMs += HOUR_MS * (1 + random())) {
    const ms = Math.floor(nowMs / 1000) * 1000;
    if (random() < 0.04) outageUntilMs = ms + random() * 36 * HOUR_MS;
    if (ms >= outageUntilMs) {
      await look(pool, world, ms, random);
      if (random() < 0.2) await lookAtMonths(pool, world, ms);
    }
    if (random() < 0.5) await transform(pool, ms);
  }
  await look(pool, world, TO_MS, () => 1);
  await lookAtMonths(pool, world, TO_MS);
  await transform(pool, TO_MS);
  return TO_MS;
}

async function standing(pool: pg.Pool): Promise<Map<string, { hours: number; cents: number }>> {
  const { rows } = await pool.query<{ key: string; hours: number; cents: number }>(
    `with entry as (
       select resource_id, meter, charge_date, quantity, billed_cost from ledger.charge
       union all
       select resource_id, meter, charge_date, quantity, billed_cost from mart.accrual
     )
     select resource_id || ' ' || meter || ' ' || charge_date as key,
       sum(quantity)::float8 as hours, (sum(billed_cost) * 100)::float8 as cents
     from entry group by resource_id, meter, charge_date having sum(quantity) <> 0`,
  );
  return new Map(rows.map(({ key, hours, cents }) => [key, { hours, cents }]));
}

const sorted = (owes: ReadonlyMap<string, unknown>): unknown[] =>
  [...owes].sort(([a], [b]) => (a < b ? -1 : 1));

const MUTATE = (product: string, kind: string, text: string): string => {
  const m = process.env.MUT;
  const cut = (from: string, to: string) => { if (!text.includes(from)) throw new Error('no ' + from); return text.replaceAll(from, to); };
  if (m === '1' && product === 'flexmetal' && kind === 'changed_resource') return cut('when compared.is_end_restated then compared.released_at', 'when false then compared.released_at');
  if (m === '2' && product === 'flexvm' && kind === 'changed_resource') return cut("taken_change.entity = 'flexvm.report_vm'", 'false');
  if (m === '3' && product === 'flexmetal_pool') return text + ' limit 0';
  if (m === '4' && product === 'flexvm' && kind === 'changed_resource') return cut('compared.former_seen_to,', '');
  if (m === '5' && product === 'flexmetal' && kind === 'changed_resource') return cut('when compared.is_end_restated then life.last_seen_at', 'when false then life.last_seen_at');
  if (m === '6' && product === 'flexmetal' && kind === 'changed_resource') return cut('when compared.is_restated then compared.billed_from', 'when false then compared.billed_from');
  return text;
};
test.each(SEEDS)('the ledger grown step by step is the whole ledger (seed %i)', async (seed) => {
  const { pool } = await testDatabase();
  const random = randomOf(seed);
  const world = worldOf(random);
  const nowMs = await live(pool, world, random);
  expect(sorted(await standing(pool))).toEqual(sorted(owed(world, nowMs)));

  const before = await inventory(pool);
  const rebuilt = await transform(pool, nowMs, true);
  expect(rebuilt).toMatchObject({ chargesEntered: 0, chargesReversed: 0, accrualsWritten: 0 });
  expect(await inventory(pool)).toEqual(before);
  expect(JSON.stringify(before)).toContain(POOL);
});

async function inventory(pool: pg.Pool): Promise<unknown[]> {
  const { rows } = await pool.query(
    'select * from mart.dim_resource order by account_id, resource_id, valid_from',
  );
  return rows;
}
