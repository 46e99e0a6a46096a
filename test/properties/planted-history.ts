/**
 * Random histories of planted charges: which version of which charge becomes known when, and what
 * the warehouse does in between. The truth at any step is the newest version known of each charge.
 */
import * as fc from 'fast-check';
import type pg from 'pg';
import { UsageError } from '../../foundation/errors.ts';
import { monthRange } from '../../foundation/months.ts';
import { closeAt, type PlantedCharge, plant, transformAt } from '../support/planted-product.ts';
import { addUnits, unitsOf } from './decimal.ts';
import { DAY_MS, isoOf, monthOf } from './periods.ts';

/** Days of August, September and October, around the ends of the months. */
const FIRST_DAY_MS = Date.parse('2026-08-29');
const LAST_DAY_MS = Date.parse('2026-10-03');
/** October still runs, so at most two months close. */
const FIRST_STEP_MS = Date.parse('2026-10-20');
const STEP_MS = 3_600_000;

/** What a charge is said to be; null: that there is none. */
type Version = Omit<PlantedCharge, 'key' | 'quantity' | 'price'> & {
  readonly quantity: string;
  readonly price: string;
};

/** One thing becomes known, and then something may be done. */
export interface Step {
  readonly key: string;
  /** Of two versions of a charge the one with the higher number is the truth. */
  readonly number: number;
  readonly version: Version | null;
  readonly retag: { readonly resource: string; readonly team: string } | null;
  readonly action: 'wait' | 'transform' | 'close';
}

const resource = fc.constantFrom('server-1', 'server-2');

const version: fc.Arbitrary<Version> = fc
  .record({
    resource,
    startMs: fc
      .tuple(
        fc.constantFrom(FIRST_DAY_MS, Date.parse('2026-09-29'), LAST_DAY_MS - 3 * DAY_MS),
        fc.integer({ min: 0, max: 3 * DAY_MS - 1 }),
      )
      .map(([from, offset]) => from + offset),
    lengthMs: fc.integer({ min: 1, max: 3 * DAY_MS }),
    dayRule: fc.constantFrom('start' as const, 'seconds' as const),
    isSettled: fc.constantFrom(true, true, false),
    quantity: fc.constantFrom('1', '2', '3', '-1', '0.333333333'),
    price: fc.constantFrom('0', '0.25', '1.115375', '0.000000007'),
    uncertainty: fc.constantFrom('0', '0', '0.5'),
  })
  .map(({ startMs, lengthMs, ...rest }) => ({
    ...rest,
    start: isoOf(startMs),
    end: isoOf(startMs + lengthMs),
  }));

const retag = fc.record({ resource, team: fc.constantFrom('red', 'blue', '=cmd', '') });

/** What a restatement may change alone. */
const RESTATED = [
  'quantity',
  'price',
  'uncertainty',
  'end',
  'resource',
  'dayRule',
  'isSettled',
] as const;

/** A history in random order; its last step is a transform, so that all is taken into account. */
export function history(mayClose: boolean): fc.Arbitrary<Step[]> {
  const action = fc.constantFrom(
    'wait' as const,
    'transform' as const,
    mayClose ? ('close' as const) : ('transform' as const),
  );
  const step = fc.record({
    key: fc.constantFrom('a', 'b', 'c'),
    number: fc.nat(1000),
    version: fc.option(version, { freq: 6 }),
    restates: fc.option(fc.constantFrom(...RESTATED), { freq: 2 }),
    retag: fc.option(retag, { freq: 2 }),
    action,
  });
  return fc
    .uniqueArray(step, {
      minLength: 5,
      maxLength: 10,
      size: 'max',
      selector: ({ key, number }) => `${key}/${number}`,
    })
    .map((steps) => restated(steps))
    .map((steps) =>
      steps.map((one, index) =>
        index === steps.length - 1 ? { ...one, action: 'transform' as const } : one,
      ),
    );
}

/** A step that restates has what was told of its charge before, with one thing changed. */
function restated(steps: readonly (Step & { restates: keyof Version | null })[]): Step[] {
  const told = new Map<string, Version>();
  return steps.map(({ restates, ...step }) => {
    const former = told.get(step.key);
    if (step.version === null) return step;
    const isSame = restates !== null && former !== undefined;
    const now = isSame ? { ...former, [restates]: step.version[restates] } : step.version;
    if (now.end <= now.start) return step;
    told.set(step.key, now);
    return { ...step, version: now };
  });
}

/** The charges that are true after the steps, in the order of their keys. */
export function truthAfter(steps: readonly Step[]): PlantedCharge[] {
  const newest = new Map<string, Step>();
  for (const step of steps) {
    if (step.number >= (newest.get(step.key)?.number ?? -1)) newest.set(step.key, step);
  }
  return [...newest.values()]
    .filter((step) => step.version !== null)
    .map(({ key, version: told }) => ({ key: `planted/${key}`, ...(told as Version) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** What each charge costs, in units by its key: quantity times price, to the last unit. */
export function costOf(charges: readonly PlantedCharge[]): Map<string, bigint> {
  const costs = new Map<string, bigint>();
  const one = unitsOf('1');
  for (const { key, quantity, price } of charges) {
    const product = unitsOf(quantity) * unitsOf(price);
    const half = product < 0n ? -one / 2n : one / 2n;
    addUnits(costs, key, (product + half) / one);
  }
  return costs;
}

/** Lives through the steps; `look` is called after each that did something, with its instant. */
export async function liveThrough(
  pool: pg.Pool,
  steps: readonly Step[],
  look: (at: string, known: readonly PlantedCharge[]) => Promise<void>,
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    if (step.retag !== null) await tag(pool, step.retag.resource, step.retag.team);
    if (step.action === 'wait') continue;
    const at = isoOf(FIRST_STEP_MS + index * STEP_MS);
    const known = truthAfter(steps.slice(0, index + 1));
    await plant(pool, known);
    const isClosed = step.action === 'close' && (await closeNextMonth(pool, at));
    if (!isClosed) await transformAt(pool, at);
    await look(at, known);
  }
}

async function tag(pool: pg.Pool, resourceId: string, team: string): Promise<void> {
  await pool.query(`insert into public.planted_resource values ($1) on conflict do nothing`, [
    resourceId,
  ]);
  await pool.query(
    `insert into public.planted_state (account_id, resource_id, valid_from, provider, service_name,
       resource_type, status, tags, gpu_count)
     values ('test-account', $1, '2026-09-01Z', 'planted', 'Planted', 'Server', 'running',
       array[$2], 0)
     on conflict (account_id, resource_id, valid_from) do update set tags = excluded.tags`,
    [resourceId, `team:${team}`],
  );
}

/**
 * Closes the month that is next. False when there is none to close, or when the first close is
 * refused because what it would post shows another month to be the first.
 */
async function closeNextMonth(pool: pg.Pool, at: string): Promise<boolean> {
  const { rows } = await pool.query<{ month: string | null; is_first: boolean }>(
    `select to_char(coalesce(closed.until, costs.since), 'YYYY-MM') as month,
       closed.until is null as is_first
     from (select max(month) + interval '1 month' as until from ledger.closed_month) as closed
     cross join (select min(statement_month) as since from mart.fct_cost_daily) as costs`,
  );
  const { month, is_first: isFirst } = rows[0] ?? { month: null, is_first: true };
  if (month === null || month >= monthOf(Date.parse(at))) return false;
  try {
    const { isClosed } = await closeAt(pool, at, monthRange(month));
    if (!isClosed) throw new Error(`${month} was not closed`);
    return true;
  } catch (error) {
    if (isFirst && error instanceof UsageError) return false;
    throw error;
  }
}

/** The sum of all entries and accruals of each charge, in units by its key. */
export async function bookedCost(pool: pg.Pool): Promise<Map<string, bigint>> {
  const { rows } = await pool.query<{ charge_key: string; cost: string }>(
    `select charge_key, sum(billed_cost) as cost
     from (
       select charge_key, billed_cost from ledger.charge
       union all
       select charge_key, billed_cost from mart.accrual
     ) as entry
     group by charge_key`,
  );
  return new Map(rows.map(({ charge_key, cost }) => [charge_key, unitsOf(cost)]));
}
