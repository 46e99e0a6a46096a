/**
 * Goal: a cloud whose bill is refused from the first day is a guess that says so: its trial is free,
 * its IP blocks count, and whatever it may cost otherwise is declared. Method: answers landed by the
 * production writer on a real database; hours and amounts worked out by hand beside them.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import {
  chargesAt,
  land,
  landBill,
  landCatalogue,
  landClouds,
  landNodes,
  settledAt,
} from './warehouse.ts';

let pool: pg.Pool;

/** Cloud B has one node since midnight of 3 March and no readable bill; 1.10 an hour. */
beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await landClouds(pool, '2026-03-01T00:00:00Z', ['A', 'B']);
  await landCatalogue(pool, '2026-03-01T00:00:00Z', 1100);
  await landNodes(pool, '2026-03-03T00:05:00Z', 'B', { n1: '2026-03-03T00:00:00' });
});

test('a catalogue price is a guess that may be wrong by all of it', async () => {
  expect(await settledAt(pool, '2026-03-04T00:00:00Z')).toEqual([['n1', '26.4', '26.4']]);
  const [charge] = await chargesAt(pool, '2026-03-04T00:00:00Z');
  expect(charge).toMatchObject({ basis: 'derived', settled: true });
});

// A was on trial from 1 March 06:00 to 2 March 10:00, 28 h: B is taken to be until 4 March 04:00.
test('its trial is as long as that of the clouds with bills: free, and in doubt', async () => {
  await settledAt(pool, '2026-03-04T08:00:00Z');
  await landBill(pool, 'A', {
    at: '2026-03-04T08:10:00Z',
    activatedAt: '2026-03-02T10:00:00Z',
    term: ['2026-03-02T10:00:00Z', '2026-04-01T10:00:00Z'],
    grossCents: 0,
    assets: [{ id: 1, code: 'x', cents: 0, createdAt: '2026-03-01T06:00:00Z' }],
  });
  // 28 h are free, 20 h cost 22.00; 48 h may cost 52.80.
  const [, node] = await settledAt(pool, '2026-03-05T00:00:00Z');
  expect(node).toEqual(['n1', '22', '52.8']);
});

describe('its IP blocks', () => {
  const block = (id: string, more: Readonly<Record<string, unknown>>): unknown => ({
    id,
    label: id,
    created_at: '2026-03-03T08:00:00Z',
    fields: { created_from: 'user', prefix_type: 'routed', cloud_id: 'B', length: 28, ...more },
  });

  beforeEach(async () => {
    await land(
      pool,
      'openmetal.products',
      '2026-03-02T00:00:00Z',
      {
        hardware: {
          medium_v4: {
            products: [{ hourly_cost_mils: 1380, hourly_cost_ltu_mils: 1100 }],
          },
        },
        addons: {
          ip_block: [
            { add_on_code: 'ipv4_block_28', hourly_cost_mils: 70, hourly_cost_ltu_mils: 60 },
          ],
        },
      },
      'pod_1',
    );
  });

  // From 08:00 to midnight are 16 h x 0.06.
  test.each(['ipv4_block_28', 'ipv4_routed_prefix_28'])(
    'cost what the catalogue says of them, under whatever code (%s)',
    async (code) => {
      await land(pool, 'openmetal.prefixes', '2026-03-03T12:00:00Z', [
        block('further', { product_addon: code }),
        block('included', { product_addon: code, created_from: 'central' }),
      ]);
      expect(await settledAt(pool, '2026-03-04T00:00:00Z')).toEqual([
        ['further', '0.96', '0.96'],
        ['n1', '26.4', '26.4'],
      ]);
    },
  );

  // Until 4 March 06:00: 22 h. It may be owed for 30 days more, until 3 April: 720 h.
  test('cost nothing once they are gone, which is in doubt for a term', async () => {
    const listed = [block('further', { product_addon: 'ipv4_block_28' })];
    await land(pool, 'openmetal.prefixes', '2026-03-03T12:00:00Z', listed);
    await land(pool, 'openmetal.prefixes', '2026-03-04T06:00:00Z', []);
    const [gone] = await settledAt(pool, '2026-06-01T00:00:00Z');
    expect(gone).toEqual(['further', '1.32', '44.52']);
  });

  test('give way to the first bill of their cloud', async () => {
    const listed = [block('further', { product_addon: 'ipv4_block_28' })];
    await land(pool, 'openmetal.prefixes', '2026-03-03T12:00:00Z', listed);
    await settledAt(pool, '2026-03-04T00:00:00Z');
    await landBill(pool, 'B', {
      at: '2026-03-04T00:10:00Z',
      activatedAt: '2026-03-03T00:00:00Z',
      term: ['2026-03-03T00:00:00Z', '2026-04-02T00:00:00Z'],
      grossCents: 21600,
      assets: [{ id: 1, code: 'server', cents: 30, createdAt: '2026-03-03T00:00:00Z', node: 'n1' }],
    });
    expect(await settledAt(pool, '2026-03-04T01:00:00Z')).toEqual([['1', '7.5', '0']]);
  });
});
