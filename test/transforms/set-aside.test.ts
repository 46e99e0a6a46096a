/**
 * Goal: a resource for which a product's SQL fails stops nothing but itself. Method: products whose
 * queries divide by zero for the resources that a table names.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { runTransform } from '../../transforms/ledger/run-transform.ts';
import type { Manifest } from '../../transforms/manifest.ts';
import { createPlantedProduct, plant, plantResource } from '../support/planted-product.ts';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';

const ACCOUNT = 'test-account';
/** 1, or a failure for a resource that is poisoned at this step. */
const oneUnlessPoisoned = (step: string, resource: string) =>
  `(1 / (case when exists (
     select from public.poison where poison.step = '${step}' and poison.resource_id = ${resource}
   ) then 0 else 1 end))`;

const MANIFEST: Manifest = {
  views: [],
  products: [
    {
      product: 'planted',
      resourceStateView: 'public.checked_state',
      sources: new Set(),
      queries: {
        changed_resource: `select account_id, record_key as resource_id,
          '-infinity'::timestamptz
            + make_interval(secs => ${oneUnlessPoisoned('change', 'record_key')}) as from_at
          from taken_change`,
        charge: `select planted.account_id, planted.provider, planted.charge_key,
            planted.resource_id, planted.meter, planted.sku, planted.region_id,
            planted.charge_date, planted.charge_period_start, planted.charge_period_end,
            planted.day_rule, planted.charge_category, planted.pricing_category,
            planted.commitment_id, planted.commitment_status,
            planted.quantity * ${oneUnlessPoisoned('charge', 'planted.resource_id')} as quantity,
            planted.unit, planted.usage_hours, planted.gpu_hours, planted.unit_price,
            planted.price_source, planted.list_cost, planted.contracted_cost,
            planted.billed_cost, planted.effective_cost, planted.billing_currency, planted.basis,
            planted.uncertainty, planted.source_versions, planted.is_settled
          from public.planted_charge as planted
          join scope using (account_id, resource_id)
          where planted.charge_date >= scope.from_date`,
      },
    },
  ],
};

let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
  await createPlantedProduct(database.pool);
  await database.pool.query(`
    create table public.poison (step text, resource_id text);
    create view public.checked_state as
    select account_id, resource_id, valid_from, valid_to, provider, service_name, resource_type,
      name, status, sku, region_id, region_name, tags, gpu_model,
      gpu_count * ${oneUnlessPoisoned('resource', 'planted_state.resource_id')} as gpu_count,
      vcpu_count, memory_gib, started_at, ended_at, source_version, recorded_at
    from public.planted_state;
  `);
  for (const resource of ['a', 'b', 'c', 'd']) await plantResource(database.pool, resource, {});
});

/** Lands a change of each resource, at a price per hour. */
async function land(resources: readonly string[], price: string): Promise<void> {
  await plant(
    database.pool,
    ['a', 'b', 'c', 'd'].map((resource) => ({
      key: `planted/${resource}`,
      resource,
      start: '2026-10-01T00:00:00Z',
      end: '2026-10-01T01:00:00Z',
      quantity: '1',
      price,
    })),
  );
  for (const resource of resources) {
    await database.pool.query(
      `insert into landing.change (account_id, entity, slice, record_key, version_id, kind)
       values ($1, 'planted.thing', '', $2, 1, 'new')`,
      [ACCOUNT, resource],
    );
  }
}

function transformAt(now: string, isFull = false) {
  return runTransform(database.pool, {
    manifest: MANIFEST,
    reference: null,
    reportingCurrency: 'USD',
    nowMs: Date.parse(now),
    isFull,
  });
}

async function poison(step: string, ...resources: string[]): Promise<void> {
  await database.pool.query('insert into public.poison select $1, * from unnest($2::text[])', [
    step,
    resources,
  ]);
}

/** The price at which each resource's charge is current. */
async function charged(): Promise<Record<string, string>> {
  const { rows } = await database.pool.query<{ resource_id: string; cost: string }>(
    `select resource_id, trim_scale(billed_cost)::text as cost from intermediate.known_charge
     order by resource_id`,
  );
  return Object.fromEntries(rows.map(({ resource_id, cost }) => [resource_id, cost]));
}

async function setAside() {
  const { rows } = await database.pool.query(
    `select product, step, coalesce(resource_id, record_key) as what, reason, attempts
     from ledger.set_aside order by what`,
  );
  return rows;
}

const ALL = ['a', 'b', 'c', 'd'];

describe.for(['change', 'resource', 'charge'])('a resource that fails at the step "%s"', (step) => {
  test('is set aside with its reason, and its neighbours are charged', async () => {
    await poison(step, 'b');
    await land(ALL, '5');
    const result = await transformAt('2026-10-02T00:00:00Z');
    expect(await charged()).toEqual({ a: '5', c: '5', d: '5' });
    expect(result.setAside).toBe(1);
    expect(await setAside()).toEqual([
      { product: 'planted', step, what: 'b', reason: 'division by zero', attempts: 1 },
    ]);
  });

  test('keeps the charge that it had', async () => {
    await land(ALL, '5');
    await transformAt('2026-10-02T00:00:00Z');
    await poison(step, 'b', 'c');
    await land(ALL, '6');
    await transformAt('2026-10-02T00:10:00Z');
    expect(await charged()).toEqual({ a: '6', b: '5', c: '5', d: '6' });
  });

  test('is charged once its cause is gone and it changes', async () => {
    await poison(step, 'b');
    await land(ALL, '5');
    await transformAt('2026-10-02T00:00:00Z');
    await database.pool.query('delete from public.poison');
    await land(['b'], '6');
    await transformAt('2026-10-02T00:10:00Z');
    expect(await charged()).toEqual({ a: '5', b: '6', c: '5', d: '5' });
    expect(await setAside()).toEqual([]);
  });

  test('is tried again after an hour by itself, and not before', async () => {
    await poison(step, 'b');
    await land(ALL, '5');
    await transformAt('2026-10-02T00:00:00Z');
    await database.pool.query('delete from public.poison');
    await transformAt('2026-10-02T00:59:00Z');
    expect(await setAside()).toMatchObject([{ what: 'b', attempts: 1 }]);
    await transformAt('2026-10-02T01:00:00Z');
    expect(await charged()).toEqual({ a: '5', b: '5', c: '5', d: '5' });
    expect(await setAside()).toEqual([]);
  });
});

test('what fails for every resource sets them all aside, and posts nothing', async () => {
  await poison('charge', ...ALL);
  await land(ALL, '5');
  await transformAt('2026-10-02T00:00:00Z');
  expect(await charged()).toEqual({});
  expect((await setAside()).map(({ what }) => what)).toEqual(ALL);
});

test('a charge that the ledger would refuse is set aside before it is posted', async () => {
  await land(ALL, '5');
  await database.pool.query(
    `update public.planted_charge set charge_category = 'Gift' where resource_id = 'c'`,
  );
  await transformAt('2026-10-02T00:00:00Z');
  expect(await charged()).toEqual({ a: '5', b: '5', d: '5' });
  expect(await setAside()).toMatchObject([
    { what: 'c', reason: expect.stringContaining('violates check constraint') },
  ]);
});
