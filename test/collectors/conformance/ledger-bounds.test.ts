/**
 * Goal: a record that passes its schema breaks nothing up to the ledger. Method: the fixtures of a provider
 * land through the production runner; then one account each has them with one field at a bound of it, and
 * the real transform charges all of them, twice, so that what accrued is posted.
 */
import type pg from 'pg';
import { describe, expect, test, vi } from 'vitest';
import { PRODUCTS } from '../../../collectors/registry.ts';
import { runTransform } from '../../../transforms/ledger/run-transform.ts';
import { readManifest } from '../../../transforms/manifest.ts';
import { type TestDatabase, testDatabase } from '../../support/postgres.ts';
import { extremesOf, type Variant, variantsOf } from './boundaries.ts';
import { SPECIMENS } from './specimen.ts';
import { World } from './world.ts';

const FIRST_TRANSFORM = '2026-10-15T12:00:00Z';
const LAST_TRANSFORM = '2026-10-17T06:00:00Z';
const BASE = 'base';
const LANDED = ['version', 'change', 'watermark', 'sweep'];

vi.setConfig({ testTimeout: 900_000 });

/** Lands every stream of a provider, and puts all of it into one account. */
async function landFixtures(database: TestDatabase, provider: string): Promise<void> {
  const { pool } = database;
  for (const specimen of SPECIMENS.filter((each) => each.provider.id === provider)) {
    const world = await World.open(database, specimen);
    try {
      await world.serve();
      const failed = (await world.run(1)).find(({ outcome }) => outcome !== 'complete');
      if (failed !== undefined) throw new Error(`${failed.streamId}: ${failed.error}`);
    } finally {
      await world.close();
    }
    await pool.query(
      `insert into landing.version (
         account_id, entity, slice, record_key, content_hash, payload, first_sweep_id, seen_from
       )
       select $2, entity, slice, record_key, content_hash, payload, first_sweep_id, seen_from
       from landing.version
       where account_id = $1 and ended_at is null
       on conflict do nothing`,
      [world.accountId, BASE],
    );
    await pool.query(
      `insert into landing.watermark
       select (jsonb_populate_record(watermark, jsonb_build_object('account_id', $2::text))).*
       from landing.watermark
       where account_id = $1
       on conflict do nothing`,
      [world.accountId, BASE],
    );
    for (const table of LANDED) {
      await pool.query(`delete from landing.${table} where account_id = $1`, [world.accountId]);
    }
  }
}

/** One account for each variant: the fixtures, with that record in the place of its own. */
async function plant(pool: pg.Pool, variants: readonly Variant[]): Promise<void> {
  await pool.query(
    `create table public.variant as
     select place::text as account_id, entity, former, payload
     from unnest($1::text[], $2::jsonb[], $3::jsonb[]) with ordinality
       as variant (entity, former, payload, place)`,
    [
      variants.map(({ entity }) => entity),
      variants.map(({ former }) => former),
      variants.map(({ payload }) => payload),
    ],
  );
  await pool.query(
    `insert into landing.version (
       account_id, entity, slice, record_key, content_hash, payload, first_sweep_id, seen_from
     )
     select variant.account_id, base.entity, base.slice, base.record_key, base.content_hash,
       case when base.entity = variant.entity and base.payload = variant.former
         then variant.payload else base.payload end,
       base.first_sweep_id, base.seen_from
     from landing.version as base
     cross join public.variant
     where base.account_id = '${BASE}'`,
  );
  await pool.query(
    `insert into landing.watermark
     select (jsonb_populate_record(base, jsonb_build_object('account_id', variant.account_id))).*
     from landing.watermark as base
     cross join public.variant
     where base.account_id = '${BASE}'`,
  );
  await pool.query(
    `insert into landing.change (account_id, entity, slice, record_key, version_id, kind)
     select account_id, entity, slice, record_key, version_id, 'new' from landing.version`,
  );
  await pool.query('analyze landing.version; analyze landing.watermark; analyze landing.change');
}

/** With a price for whatever a provider reports none of. */
async function transformAt(pool: pg.Pool, now: string): Promise<void> {
  const { rows } = await pool.query<{ provider: string; sku: string; region: string }>(
    `select distinct provider, sku, region_id as region from mart.dim_resource
     where provider like 'i3d%' and sku is not null and region_id is not null`,
  );
  await runTransform(pool, {
    manifest: await readManifest(PRODUCTS),
    reference: {
      rates: rows.map((row, index) => ({
        ...row,
        account: null,
        contract_id: '',
        unit: 'Hours',
        unit_price: '1',
        list_unit_price: null,
        currency: 'EUR',
        valid_from: '2000-01-01T00:00:00Z',
        valid_to: null,
        source_file: 'rates.csv',
        source_line: index + 2,
      })),
      contracts: [],
      exchangeRates: [],
    },
    reportingCurrency: 'EUR',
    nowMs: Date.parse(now),
  });
}

/** Records that charges are made of. */
const CHARGED = new Set([
  'flexmetal.server',
  'flexmetal.usage_server',
  'flexvm.report_vm',
  'fluence.vm',
  'i3d.invoice_detail',
  'openmetal.asset_usage',
  'openmetal.subscription',
  'voltage_park.bare_metal_rental',
  'voltage_park.storage_volume',
  'voltage_park.transaction',
  'voltage_park.virtual_machine',
]);

describe.each([...new Set(SPECIMENS.map(({ provider }) => provider.id))])('%s', (provider) => {
  const variants = SPECIMENS.filter((specimen) => specimen.provider.id === provider).flatMap(
    ({ stream, text }) =>
      stream.entities
        .filter(({ name }) => CHARGED.has(name))
        .flatMap((entity) => extremesOf(variantsOf(stream, entity, JSON.parse(text)))),
  );

  test('every value that a schema lets through goes to the ledger, or is left out of it', async () => {
    const database = await testDatabase();
    const { pool } = database;
    await landFixtures(database, provider);
    await plant(pool, variants);
    await transformAt(pool, FIRST_TRANSFORM);
    await transformAt(pool, LAST_TRANSFORM);
    const { rows } = await pool.query<{ account_id: string; step: string; reason: string }>(
      `select account_id, step, reason from ledger.set_aside
       group by account_id, step, reason
       order by account_id collate "C", step collate "C", reason collate "C"`,
    );
    const broken = rows.map(({ account_id, step, reason }) => {
      const variant = variants[Number(account_id) - 1];
      return `${variant?.entity} ${variant?.field} fails at the ${step}: ${reason}`;
    });
    expect(broken).toEqual([]);
    const { rows: charged } = await pool.query<{ accounts: number }>(
      `select count(distinct account_id) as accounts from intermediate.known_charge`,
    );
    // Some values leave nothing to charge: a machine that was never delivered, a rate of nothing.
    expect(charged[0]?.accounts).toBeGreaterThan(variants.length / 2);
  });
});
