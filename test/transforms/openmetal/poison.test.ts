/**
 * Goal: every record that passes its schema can be read by SQL: at the bounds of each field the
 * transform computes, and beyond them the record alone is set aside. Method: each field that staging
 * casts, at its bounds, landed by the production writer and transformed; the rest of the fleet counts.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { openmetal } from '../../../collectors/openmetal/provider.ts';
import type { Stream } from '../../../collectors/stream.ts';
import { validateRecords } from '../../../collectors/validate-records.ts';
import { testDatabase } from '../../support/postgres.ts';
import {
  ACCOUNT,
  type Asset,
  land,
  landBill,
  landCatalogue,
  landClouds,
  landNodes,
  transformAt,
} from './warehouse.ts';

const ACTIVATED = '2026-10-01T00:00:00+00:00';
const TERM = [ACTIVATED, '2026-10-31T00:00:00+00:00'] as const;
const NOW = '2026-11-15T00:00:00Z';
const SERVER: Asset = { id: 1, code: 'x', cents: 30, createdAt: ACTIVATED, node: 'n1' };

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await landClouds(pool, '2026-10-01T00:00:00Z', ['A', 'B', 'C']);
  await landCatalogue(pool, '2026-10-01T00:00:00Z', 1100);
  await landBill(pool, 'A', {
    at: '2026-10-01T00:10:00Z',
    activatedAt: ACTIVATED,
    term: TERM,
    grossCents: 21600,
    assets: [SERVER],
  });
});

function streamOf(id: string): Stream {
  const stream: Stream | undefined = openmetal.streams.find((candidate) => candidate.id === id);
  if (stream === undefined) throw new Error(`no stream ${id}`);
  return stream;
}

/** Reasons for which an entity's records would be set aside, in order. */
function defectsOf(streamId: string, body: unknown): string[] {
  return streamOf(streamId).entities.flatMap((entity) =>
    validateRecords(entity, body).defects.map(({ reason }) => `${entity.name} ${reason}`),
  );
}

const bill = (
  more: Readonly<Record<string, unknown>>,
  asset: Readonly<Record<string, unknown>>,
) => ({
  subscription: {
    uuid: 'u',
    state: 'active',
    current_term_started_at: ACTIVATED,
    current_term_ends_at: TERM[1],
    activated_at: ACTIVATED,
    addons: [{ total_in_cents: 100, usage: 720 }],
    discounts: [],
    total_in_cents: 100,
    ...more,
  },
  asset_logs: [
    {
      cloud_asset_id: 7,
      addon_code: 'y',
      created_at: ACTIVATED,
      removed_at: null,
      nodes: [],
      cost_in_cents: 5,
      lifetime_usage: 1,
      period_usage: 1,
      period_cost: '0.05',
      ...asset,
    },
  ],
});

const costOfA = async (): Promise<string | undefined> => {
  const { rows } = await pool.query<{ cost: string }>(
    `select trim_scale(sum(billed_cost))::text as cost from intermediate.known_charge
     where account_id = $1 and resource_id = '1'`,
    [ACCOUNT],
  );
  return rows[0]?.cost;
};

// A's server runs for 720 h and 360 h of the next term: 324 USD, whatever is said of B.
describe('a bill at the bounds of its schema is read', () => {
  test.each([
    ['the largest rate', {}, { cost_in_cents: 1e7 }],
    ['the smallest rate', {}, { cost_in_cents: '0.00000000000000000001' }],
    ['the largest total', { total_in_cents: 1e12, addons: [{ total_in_cents: 1 }] }, {}],
    ['the least total', { total_in_cents: -1e12, addons: [{ total_in_cents: 1e12 }] }, {}],
    ['the longest hours', { addons: [{ total_in_cents: 1, usage: 1e12 }] }, { period_usage: 1e12 }],
    ['the largest counter', {}, { period_cost: '10000000000', lifetime_usage: 1e12 }],
    [
      'the oldest life',
      { activated_at: '2000-01-01T00:00:00Z' },
      { created_at: '2000-01-01T00:00:00Z' },
    ],
    [
      'the longest term at the largest rate',
      { current_term_ends_at: '2099-12-31T23:59:59Z', total_in_cents: 1e12 },
      { cost_in_cents: 1e7 },
    ],
    ['a percentage that is none', { discounts: [{ percent: 1e300 }] }, {}],
  ])('%s', async (_, more, asset) => {
    const body = bill(more, asset);
    expect(defectsOf('openmetal.subscription', body)).toEqual([]);
    await land(pool, 'openmetal.subscription', '2026-10-01T00:10:00Z', body, 'B');
    await transformAt(pool, NOW);
    await pool.query('select count(*) from mart.rpt_reconciliation_line');
    await pool.query('select count(*) from mart.rpt_term');
    expect(await costOfA()).toBe('324');
  });

  test('rates that rise from almost nothing', async () => {
    const low = bill({}, { cost_in_cents: '0.00000000000000000001' });
    await land(pool, 'openmetal.subscription', '2026-10-01T00:10:00Z', low, 'B');
    const term = { current_term_started_at: TERM[1], current_term_ends_at: '2026-11-30T00:00:00Z' };
    const high = bill(term, { cost_in_cents: 1e7 });
    high.asset_logs.push({
      ...bill({}, { cost_in_cents: 1e7 }).asset_logs[0],
      cloud_asset_id: 8,
    } as never);
    await land(pool, 'openmetal.subscription', '2026-10-31T06:10:00Z', high, 'B');
    await transformAt(pool, NOW);
    expect(await costOfA()).toBe('324');
  });
});

test('nodes, prices, blocks and stock at the bounds of their schemas are read', async () => {
  const products = [{ hourly_cost_mils: 1e8, hourly_cost_ltu_mils: '100000000' }];
  const catalogue = {
    hardware: {
      medium_v4: { processor: { raw_threads: 1e12 }, ram: { raw: '1000000000000' }, products },
    },
    addons: { ip_block: [{ add_on_code: 'ipv4_block_28', hourly_cost_mils: 1e8 }] },
  };
  await land(pool, 'openmetal.products', '2026-10-01T01:00:00Z', catalogue, 'pod_1');
  await landNodes(pool, '2026-10-01T01:05:00Z', 'C', { n9: '2000-01-01T00:00:00' });
  await land(pool, 'openmetal.prefixes', '2026-10-01T01:10:00Z', [
    {
      id: 'p',
      created_at: '2000-01-01T00:00:00Z',
      fields: {
        created_from: 'user',
        prefix_type: 'routed',
        cloud_id: 'C',
        product_addon: 'ipv4_block_28',
        length: 1e12,
      },
    },
  ]);
  const stock = { medium_v4: { count: 1e12, max_size: '1000000000000' } };
  await land(pool, 'openmetal.availability', '2026-10-01T01:15:00Z', stock, 'pod_1');
  await transformAt(pool, NOW);
  expect(await costOfA()).toBe('324');
});

describe('beyond them it is set aside by itself', () => {
  test('a rate of 10¹⁴ cents and totals of 7.2 × 10¹⁶ (the header), not the neighbour', () => {
    const body = bill(
      { addons: [{ total_in_cents: 72e15, usage: 720 }], total_in_cents: 72e15 },
      { cost_in_cents: 1e14 },
    );
    expect(defectsOf('openmetal.subscription', body).map((defect) => defect.split(':')[0])).toEqual(
      ['openmetal.subscription addons.0.total_in_cents', 'openmetal.asset_log cost_in_cents'],
    );
  });

  test.each([
    ['openmetal.stats', { nodes: [{ uuid: 'n', assigned_date: '1999-12-31T00:00:00' }] }],
    [
      'openmetal.stats',
      { nodes: [{ uuid: 'n', assigned_date: '2026-03-03T00:00:00', cpu: 1e13 }] },
    ],
    [
      'openmetal.products',
      { hardware: { m: { products: [{ hourly_cost_mils: 1e9 }] } }, addons: {} },
    ],
    ['openmetal.prefixes', [{ id: 'p', created_at: '1970-01-01T00:00:00Z' }]],
    ['openmetal.availability', { medium_v4: { count: -1 } }],
  ])('a record of %s', (streamId, body) => {
    expect(defectsOf(streamId, body)).toHaveLength(1);
  });
});
