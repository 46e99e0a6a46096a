/**
 * Goal: the price observatory keeps what markets asked and had, day by day, as last reported on each day;
 * a refresh adds only what is new. Method: answers land through the production writers, and the
 * production refresh stores them; figures are by hand.
 */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { runStep } from '../../../foundation/sql/statements.ts';
import { testDatabase } from '../../support/postgres.ts';
import * as fluence from '../fluence/warehouse.ts';
import * as voltage from '../voltage-park/warehouse.ts';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

const offer = (price: string, available: number) => ({
  configuration: { slug: 'cpu-2-ram-4gb-storage-25gb', price },
  resources: [],
  datacenter: { id: '0x05', countryCode: 'FR', cityCode: 'PAR', cityIndex: 1 },
  servers: [{ availableBasicInstances: available, additionalResources: [] }],
});

/** Stores what is told by an instant; returns how many rows were written. */
async function refreshed(now: string): Promise<number[]> {
  const connection = await pool.connect();
  try {
    const written: number[] = [];
    for (const step of ['add_market_prices', 'add_market_stock']) {
      written.push(
        await runStep(connection, `transforms/marts/prices/refresh/${step}`, {
          now: new Date(now),
        }),
      );
    }
    return written;
  } finally {
    connection.release();
  }
}

async function lines(select: string): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(select);
  return rows.map(({ line }) => line);
}

const PRICES = `select concat_ws(' ', to_char(price_date, 'MM-DD'), sku, region,
    trim_scale(price_per_hour * 24), billing_currency,
    coalesce(trim_scale(reporting_price_per_vcpu_hour)::text, 'no rate')) as line
  from mart.rpt_market_price_daily order by 1`;
const STOCK = `select concat_ws(' ', to_char(stock_date, 'MM-DD'), offer, region, stock, stock_unit,
    stock_level) as line
  from mart.rpt_market_stock_daily order by 1`;

test('a day has what was last reported on it; one without a look what was told before', async () => {
  await fluence.offered(pool, '2026-10-29T04:00:00Z', [offer('0.48', 3)]);
  await fluence.offered(pool, '2026-10-29T16:00:00Z', [offer('0.96', 1)]);
  await fluence.offered(pool, '2026-10-31T04:00:00Z', [offer('0.72', 0)]);
  await fluence.transformAt(pool, '2026-10-31T12:00:00Z');
  expect(await refreshed('2026-10-31T12:00:00Z')).toEqual([3, 3]);
  // Nothing was charged yet, so that no currency of the reports is known.
  expect(await lines(PRICES)).toEqual([
    '10-29 2vcpu-4gib-25gib PAR, FR 0.96 USDC no rate',
    '10-30 2vcpu-4gib-25gib PAR, FR 0.96 USDC no rate',
    '10-31 2vcpu-4gib-25gib PAR, FR 0.72 USDC no rate',
  ]);
  expect(await lines(STOCK)).toEqual([
    '10-29 2vcpu-4gib-25gib PAR, FR 1 machines',
    '10-30 2vcpu-4gib-25gib PAR, FR 1 machines',
    '10-31 2vcpu-4gib-25gib PAR, FR 0 machines',
  ]);
});

test('a refresh writes what is new only; the running day is told anew', async () => {
  await fluence.offered(pool, '2026-10-29T04:00:00Z', [offer('0.48', 3)]);
  expect(await refreshed('2026-10-29T12:00:00Z')).toEqual([1, 1]);
  expect(await refreshed('2026-10-29T12:00:00Z')).toEqual([0, 0]);
  await fluence.offered(pool, '2026-10-29T16:00:00Z', [offer('0.48', 5)]);
  await fluence.offered(pool, '2026-10-30T04:00:00Z', []);
  // Midnight ends the 29th; the 30th has no row, as the offer was gone before it was told again.
  expect(await refreshed('2026-10-30T00:00:00Z')).toEqual([0, 1]);
  expect(await lines(STOCK)).toEqual(['10-29 2vcpu-4gib-25gib PAR, FR 5 machines']);
});

test('prices are compared in the reporting currency, at the rate of each day', async () => {
  const seen = { created: '2026-11-01T12:00:00Z', next: '2026-11-02T12:00:00Z', spent: '298160' };
  await fluence.offered(pool, '2026-11-01T12:00:00Z', [offer('0.48', 3)]);
  await fluence.listed(pool, '2026-11-01T12:10:00Z', seen);
  await fluence.transformAt(pool, '2026-11-02T12:00:00Z');
  await refreshed('2026-11-02T12:00:00Z');
  // 0.02 USDC an hour for two vCPUs; 0.8 EUR each, and 0.9 from the second day on.
  expect(await lines(PRICES)).toEqual([
    '11-01 2vcpu-4gib-25gib PAR, FR 0.48 USDC 0.008',
    '11-02 2vcpu-4gib-25gib PAR, FR 0.48 USDC 0.009',
  ]);
});

test('a location without a host that has room has no GPU left, of models it had before', async () => {
  const location = (id: string, gpus: number | null) => ({
    id,
    city: 'Dallas',
    country: 'United States',
    hostnodes:
      gpus === null
        ? []
        : [
            {
              id: `host-${id}`,
              location_id: id,
              available_resources: { gpus: { h100: { count: gpus } } },
            },
          ],
  });
  await voltage.listed(pool, '2026-10-29T03:00:00Z', 'locations', [
    location('here', 8),
    location('there', null),
  ]);
  await voltage.listed(pool, '2026-10-30T03:00:00Z', 'locations', [
    location('here', null),
    location('there', null),
  ]);
  await refreshed('2026-10-31T00:00:00Z');
  expect(await lines(STOCK)).toEqual([
    '10-29 h100 Dallas, United States 8 GPUs',
    '10-30 h100 Dallas, United States 0 GPUs',
  ]);
});
