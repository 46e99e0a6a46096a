/**
 * Goal: what stands does not depend on how it came to be known, and nothing that was ever read is
 * lost. Method: random histories of planted charges, with transforms and closes in random places,
 * against the same facts entered at once.
 */
import * as fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Knowledge } from '../../app/knowledge.ts';
import { monthRange } from '../../foundation/months.ts';
import {
  createPlantedProduct,
  plant,
  rebuildAll,
  transformAt,
} from '../support/planted-product.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { linesOf } from './decimal.ts';
import { emptyWarehouse } from './empty-warehouse.ts';
import { hold } from './hold.ts';
import {
  bookedCost,
  costOf,
  history,
  liveThrough,
  type Step,
  truthAfter,
} from './planted-history.ts';

const AFTER_ALL = '2026-10-21T00:00:00Z';
const MONTHS = ['2026-08', '2026-09', '2026-10'];

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = database.pool;
  await createPlantedProduct(pool);
});
afterAll(() => database.close());

async function lines(query: string): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `select to_jsonb(told)::text as line from (${query}) as told order by line`,
  );
  return rows.map(({ line }) => line);
}

/** Every charge as it stands, posted or accrued. */
const standing = () =>
  lines(
    `select *, charge_id is null as is_accrual, null as charge_id from intermediate.known_charge`,
  );

/** The same, whether posted or not: a close posts what it finds. */
const standingOrAccrued = () =>
  lines(`select known_charge.*, null as charge_id from intermediate.known_charge`);

const facts = () => lines('select * from mart.fct_cost_daily');

/** Cost per day over all statements, closed and open. */
const dailyTotals = () =>
  lines(
    `select account_id, resource_id, meter, cost_date, billing_currency, sum(quantity) as quantity,
       sum(billed_cost) as billed_cost, sum(reporting_cost) as reporting_cost,
       sum(estimated_cost) as estimated_cost, sum(uncertainty) as uncertainty
     from mart.rpt_cost_owned_daily
     group by account_id, resource_id, meter, cost_date, billing_currency
     having (sum(quantity), sum(billed_cost), sum(uncertainty)) <> (0, 0, 0)`,
  );

const REPORT = `
  select concat_ws(' | ', statement_month, cost_date, team, resource_id, meter, billing_currency,
    trim_scale(quantity), trim_scale(usage_hours), trim_scale(billed_cost),
    trim_scale(reporting_cost), trim_scale(accrued_cost), trim_scale(estimated_cost),
    trim_scale(uncertainty)) as line
  from known_owned_cost as cost
  where statement_month = :'from'
  order by line`;

/** Every month's statement, as known at an instant (null: now). */
async function statements(asOf: string | null): Promise<string[]> {
  const told: string[] = [];
  for (const month of MONTHS) {
    const knowledge = await Knowledge.of(
      asOf === null ? null : Date.parse(asOf),
      monthRange(month),
    );
    told.push(...(await knowledge.query<{ line: string }>(pool, REPORT)).map(({ line }) => line));
  }
  return told;
}

/** What stands when the truth is entered at once, in an empty warehouse. */
async function enteredAtOnce(steps: readonly Step[]) {
  await emptyWarehouse(pool);
  await plant(pool, truthAfter(steps));
  await transformAt(pool, AFTER_ALL);
  return {
    standing: await standing(),
    standingOrAccrued: await standingOrAccrued(),
    facts: await facts(),
    dailyTotals: await dailyTotals(),
  };
}

test('any order of arrival, with transforms anywhere in between, leaves the same ledger', async () => {
  await hold(
    fc.asyncProperty(history(false), async (steps) => {
      const expected = await enteredAtOnce(steps);
      await emptyWarehouse(pool);
      await liveThrough(pool, steps, async (_, known) => {
        expect(linesOf(await bookedCost(pool))).toEqual(linesOf(costOf(known)));
      });
      expect(await standing()).toEqual(expected.standing);
      expect(await facts()).toEqual(expected.facts);
    }),
    14,
  );
});

test('with months closed on the way, each day adds up to the truth over all statements', async () => {
  await hold(
    fc.asyncProperty(history(true), async (steps) => {
      const expected = await enteredAtOnce(steps);
      await emptyWarehouse(pool);
      await liveThrough(pool, steps, async (_, known) => {
        expect(linesOf(await bookedCost(pool))).toEqual(linesOf(costOf(known)));
      });
      expect(await standingOrAccrued()).toEqual(expected.standingOrAccrued);
      expect(await dailyTotals()).toEqual(expected.dailyTotals);
    }),
    10,
  );
});

test('every report that was ever read is had again, and a rebuild changes nothing', async () => {
  await hold(
    fc.asyncProperty(history(true), async (steps) => {
      await emptyWarehouse(pool);
      const read = new Map<string, string[]>();
      await liveThrough(pool, steps, async (at) => {
        read.set(at, await statements(null));
      });
      const kept = { standing: await standing(), facts: await facts() };
      const expectKept = async () => {
        expect(await standing()).toEqual(kept.standing);
        expect(await facts()).toEqual(kept.facts);
      };
      expect(await rebuildAll(pool, false)).toMatchObject({
        chargesPosted: 0,
        chargesReversed: 0,
      });
      await expectKept();
      for (const [at, told] of read) expect(await statements(at), at).toEqual(told);
      await rebuildAll(pool, true);
      await expectKept();
      expect(await statements(null)).toEqual([...read.values()].at(-1));
    }),
    10,
  );
});
