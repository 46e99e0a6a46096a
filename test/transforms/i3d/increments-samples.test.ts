/**
 * Goal: what only samples tell (committed capacity, nodes, clouds) gives the same ledger however its
 * looks come, and whenever the reference files change. Method: random looks with gaps, transforms in
 * between, then a recomputation of everything, which must change nothing; a seed replays a failure.
 */
import type pg from 'pg';
import { expect, test } from 'vitest';
import type { ReferenceData } from '../../../transforms/reference/read-reference.ts';
import { testDatabase } from '../../support/postgres.ts';
import { REFERENCE, rate, standing, transform } from './ledger.ts';
import { randomOf } from './random.ts';
import { ACCOUNT, CLOUD, CONTRACT, land, serverRecord, vmRecord } from './warehouse.ts';

const FROM_MS = Date.parse('2026-10-30T22:00:00Z');
const TO_MS = Date.parse('2026-11-02T02:00:00Z');
const HOUR_MS = 3_600_000;
const NODE_SKU = 'bm9.hmm.gpu.4rtx4000.64';
const STARTED = '2026-10-30T20:20:00Z';

const cloud = {
  id: CLOUD,
  name: 'builds',
  site: 'frmtl1',
  instance_type: NODE_SKU,
  created_at: '2026-10-30T20:00:00Z',
};

/** Contract or samples; node hours, a fixed month or VM hours; by the hour or by the month. */
function anyReference(random: () => number): ReferenceData {
  const unit = random() < 0.5 ? 'Months' : 'Hours';
  const bases = ['vm_hour', 'node_hour', 'fixed_month'] as const;
  return {
    ...REFERENCE,
    rates: [...REFERENCE.rates, rate('i3d-flexvm', NODE_SKU, 'frmtl1', '', 100_001, unit)],
    contracts: random() < 0.5 ? [] : REFERENCE.contracts,
    billingBases: [
      ['2026-10-01', '2026-11-01'],
      ['2026-11-01', null],
    ].map(([from, to]) => ({
      provider: 'i3d-flexvm',
      account: ACCOUNT,
      cloud_id: CLOUD,
      basis: bases[Math.floor(random() * 3)] ?? 'vm_hour',
      valid_from: from ?? '',
      valid_to: to ?? null,
      source_file: 'bases.csv',
      source_line: 2,
    })),
  };
}

async function look(pool: pg.Pool, nowMs: number, random: () => number): Promise<void> {
  const at = new Date(nowMs).toISOString();
  const instanceType = { id: 128, name: 'bm7.std.8' };
  const capacity = Math.floor(random() * 3);
  const commit = { instanceType, quotaType: 'commit', contractId: CONTRACT };
  await land(pool, 'flexmetal.quota', at, [
    {
      location: { id: 18, name: 'EU: Rotterdam' },
      quotaUsage: [{ ...commit, quota: capacity, usage: Math.floor(random() * 2) }],
    },
  ]);
  const server = serverRecord({ uuid: 's', contractId: CONTRACT, deliveredAt: STARTED });
  await land(pool, 'flexmetal.servers', at, [server]);
  await land(pool, 'flexvm.vms', at, [vmRecord({ id: 'v', createdAt: STARTED })], CLOUD);
  const hasCloud = random() < 0.9;
  await land(pool, 'flexvm.clouds', at, hasCloud ? [cloud] : []);
  if (!hasCloud) return;
  const words = ['bootstrapping', 'running', 'running', 'failed', 'deleting', 'deleted'];
  const nodes = ['n1', 'n2'].filter(() => random() < 0.8);
  await land(
    pool,
    'flexvm.nodes',
    at,
    nodes.map((id) => ({ id, name: id, status: words[Math.floor(random() * 6)], cloud })),
    CLOUD,
  );
}

test.each([1, 2, 3])('samples grown step by step are the whole (seed %i)', async (seed) => {
  const { pool } = await testDatabase();
  const random = randomOf(seed);
  let reference = anyReference(random);
  let nowMs = FROM_MS;
  while (nowMs < TO_MS) {
    await look(pool, nowMs, random);
    if (random() < 0.2) reference = anyReference(random);
    if (random() < 0.5) await transform(pool, nowMs, false, reference);
    nowMs += Math.floor(HOUR_MS * (0.3 + 9 * random()));
  }
  await transform(pool, nowMs, false, reference);
  expect((await standing(pool)).size).toBeGreaterThan(5);
  expect(await transform(pool, nowMs, true, reference)).toMatchObject({
    chargesPosted: 0,
    chargesReversed: 0,
    accrualsWritten: 0,
  });
});
