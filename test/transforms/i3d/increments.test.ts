/**
 * Goal: whatever the order, gaps and batches in which looks arrive, the ledger that grew step by
 * step equals one computed from the whole of landing, and, once every fact is told, the block-by-
 * block count. Method: random fleets over a month's end, with days of outage, listings that lose a
 * machine for once, corrected months; every failure replays from its seed.
 */
import type pg from 'pg';
import { expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { CHANGE_MS, standing, transform } from './ledger.ts';
import { randomOf } from './random.ts';
import { CLOUD, land, POOL, report, serverRecord, vmRecord } from './warehouse.ts';
import {
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
const SEEDS = [1, 2, 3, 4];

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

const sorted = (owes: ReadonlyMap<string, unknown>): unknown[] =>
  [...owes].sort(([a], [b]) => (a < b ? -1 : 1));

test.each(SEEDS)('the ledger grown step by step is the whole ledger (seed %i)', async (seed) => {
  const { pool } = await testDatabase();
  const random = randomOf(seed);
  const world = worldOf(random);
  const nowMs = await live(pool, world, random);
  expect(sorted(await standing(pool))).toEqual(sorted(owed(world, nowMs)));

  const before = await inventory(pool);
  const rebuilt = await transform(pool, nowMs, true);
  expect(rebuilt).toMatchObject({ chargesPosted: 0, chargesReversed: 0, accrualsWritten: 0 });
  expect(await inventory(pool)).toEqual(before);
  expect(JSON.stringify(before)).toContain(POOL);
});

async function inventory(pool: pg.Pool): Promise<unknown[]> {
  const { rows } = await pool.query(
    'select * from mart.dim_resource order by account_id, resource_id, valid_from',
  );
  return rows;
}
