/**
 * Goal: however a charge's period lies, its days' parts are the charge, to the last unit. Method:
 * random charges, many per query, against days and shares counted in whole milliseconds.
 */
import * as fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createPlantedProduct,
  type PlantedCharge,
  plant,
  transformAt,
} from '../support/planted-product.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { decimalOf, unitsOf } from './decimal.ts';
import { emptyWarehouse } from './empty-warehouse.ts';
import { hold } from './hold.ts';
import { daysOfPeriod, delicateInstantMs, isoOf, lengthMs } from './periods.ts';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = database.pool;
  await createPlantedProduct(pool);
});
afterAll(() => database.close());
beforeEach(() => emptyWarehouse(pool));

interface Charge {
  readonly units: bigint;
  readonly startMs: number;
  readonly endMs: number;
}

interface Part {
  readonly day: string;
  readonly units: bigint;
}

const amount = fc.oneof(
  fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }),
  fc.bigInt({ min: -100n, max: 100n }),
);

const charge: fc.Arbitrary<Charge> = fc
  .tuple(amount, delicateInstantMs, lengthMs)
  .map(([units, startMs, length]) => ({ units, startMs, endMs: startMs + length }));

/** Zones whose clocks change, and on other days than each other's. */
const zone = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
);

/** The parts of each charge by `ledger.days_of_charge`, cut as the daily facts cut them. */
async function partsOf(charges: readonly Charge[], timeZone: string): Promise<Part[][]> {
  const connection = await pool.connect();
  try {
    await connection.query(`set timezone = '${timeZone}'`);
    const { rows } = await connection.query<{ number: number; day: string; part: string }>(
      `select number::integer as number, to_char(cost_date, 'YYYY-MM-DD') as day,
         round(amount * upto, 9) - round(amount * before, 9) as part
       from unnest($1::numeric[], $2::timestamptz[], $3::timestamptz[]) with ordinality
         as charge (amount, starts_at, ends_at, number)
       cross join ledger.days_of_charge('seconds', starts_at::date, starts_at, ends_at)
       order by number, cost_date`,
      [
        charges.map(({ units }) => decimalOf(units)),
        charges.map(({ startMs }) => isoOf(startMs)),
        charges.map(({ endMs }) => isoOf(endMs)),
      ],
    );
    const parts: Part[][] = charges.map(() => []);
    for (const { number, day, part } of rows) {
      parts[number - 1]?.push({ day, units: unitsOf(part) });
    }
    return parts;
  } finally {
    await connection.query('reset timezone');
    connection.release();
  }
}

/** Checks a charge's parts: their days, sign, sum, and share of time within one unit. */
function expectParts({ units, startMs, endMs }: Charge, parts: readonly Part[]): void {
  const days = daysOfPeriod(startMs, endMs);
  expect(parts.map(({ day }) => day)).toEqual(days.map(({ day }) => day));
  const lengthOfMs = BigInt(endMs - startMs);
  let sum = 0n;
  for (const [index, { elapsedMs }] of days.entries()) {
    const part = parts[index]?.units ?? 0n;
    expect(part * units >= 0n, `${part} has the sign of ${units}`).toBe(true);
    sum += part;
    const off = sum * lengthOfMs - units * BigInt(elapsedMs);
    expect(off <= lengthOfMs && -off <= lengthOfMs, `${sum} is the share until then`).toBe(true);
  }
  expect(sum).toBe(units);
}

describe('days of a charge', () => {
  test('add up to it, have its sign, and share by time alone in every zone', async () => {
    await hold(
      fc.asyncProperty(fc.array(charge, { minLength: 1, maxLength: 40 }), zone, async (all, at) => {
        const parts = await partsOf(all, at);
        for (const [index, one] of all.entries()) expectParts(one, parts[index] ?? []);
      }),
      60,
    );
  });

  // From a whole second, so that every midnight's share is a whole number of units. Of half a unit
  // the shares, which have 20 places, cannot always say whether it is rounded up.
  const growing = fc.record({
    unitsPerSecond: fc.bigInt({ min: -1_000_000n, max: 1_000_000n }),
    startMs: delicateInstantMs.map((ms) => Math.floor(ms / 1000) * 1000),
    seconds: fc.integer({ min: 1, max: 30 * 86_400 }),
    moreSeconds: fc.integer({ min: 0, max: 10 * 86_400 }),
  });

  test('do not depend on the days after them', async () => {
    await hold(
      fc.asyncProperty(fc.array(growing, { minLength: 1, maxLength: 20 }), async (all) => {
        const until = (seconds: number, { unitsPerSecond, startMs }: (typeof all)[number]) => ({
          units: unitsPerSecond * BigInt(seconds),
          startMs,
          endMs: startMs + seconds * 1000,
        });
        const early = await partsOf(
          all.map((one) => until(one.seconds, one)),
          'UTC',
        );
        const late = await partsOf(
          all.map((one) => until(one.seconds + one.moreSeconds, one)),
          'UTC',
        );
        for (const [index, parts] of early.entries()) {
          const whole = parts.slice(0, -1); // the last one still grew
          expect(late[index]?.slice(0, whole.length)).toEqual(whole);
        }
      }),
      30,
    );
  });
});

/** What the facts hold of each measure, per resource and day, as units. */
const MEASURES = [
  'quantity',
  'usage_hours',
  'list_cost',
  'contracted_cost',
  'billed_cost',
  'effective_cost',
  'reporting_cost',
  'uncertainty',
] as const;

type Measures = Readonly<Record<(typeof MEASURES)[number], string>>;

const plantedCharge = fc.record({
  startMs: delicateInstantMs,
  length: lengthMs,
  dayRule: fc.constantFrom('start' as const, 'seconds' as const),
  isSettled: fc.boolean(),
  quantity: fc.bigInt({ min: 1n, max: 10n ** 13n }),
  price: fc.bigInt({ min: 0n, max: 10n ** 12n }),
  uncertainty: fc.bigInt({ min: 0n, max: 10n ** 12n }),
  currency: fc.constantFrom('USD', 'EUR'),
});

test('daily facts share every measure of a charge, and lose none of it', async () => {
  await hold(
    fc.asyncProperty(fc.array(plantedCharge, { minLength: 1, maxLength: 12 }), async (all) => {
      await emptyWarehouse(pool);
      const charges = all.map(
        (one, index): PlantedCharge => ({
          key: `planted/${index}`,
          resource: `resource-${index}`,
          start: isoOf(one.startMs),
          end: isoOf(one.startMs + one.length),
          quantity: decimalOf(one.quantity),
          price: decimalOf(one.price),
          uncertainty: decimalOf(one.uncertainty),
          currency: one.currency,
          dayRule: one.dayRule,
          isSettled: one.isSettled,
        }),
      );
      await plant(pool, charges);
      const rates = [{ base: 'EUR', day: '2024-01-01', rate: '1.0837219' }];
      await transformAt(pool, '2030-01-01T00:00:00Z', rates);
      const whole = await measures('intermediate.known_charge', 'charge_date');
      const daily = await measures('mart.fct_cost_daily', 'cost_date');
      for (const [index, { startMs, length, dayRule }] of all.entries()) {
        const resource = `resource-${index}`;
        const endMs = dayRule === 'start' ? startMs + 1 : startMs + length;
        for (const measure of MEASURES) {
          const units = unitsOf(whole.get(resource)?.[0]?.[measure] ?? 'missing');
          const parts = (daily.get(resource) ?? []).map((row) => ({
            day: row.day,
            units: unitsOf(row[measure]),
          }));
          expectParts({ units, startMs, endMs }, withoutZeroDays(parts, startMs, endMs));
        }
      }
    }),
    12,
  );
});

/** A day whose every measure is zero has no row in the facts; it is a part of 0 all the same. */
function withoutZeroDays(parts: readonly Part[], startMs: number, endMs: number): Part[] {
  const held = new Map(parts.map(({ day, units }) => [day, units]));
  const days = daysOfPeriod(startMs, endMs).map(({ day }) => day);
  const all = new Set([...days, ...held.keys()]);
  return [...all].sort().map((day) => ({ day, units: held.get(day) ?? 0n }));
}

async function measures(
  relation: string,
  dayColumn: string,
): Promise<Map<string, (Measures & { readonly day: string })[]>> {
  const { rows } = await pool.query<Measures & { resource_id: string; day: string }>(
    `select resource_id, to_char(${dayColumn}, 'YYYY-MM-DD') as day, ${MEASURES.join(', ')}
     from ${relation} order by resource_id, ${dayColumn}`,
  );
  return Map.groupBy(rows, ({ resource_id }) => resource_id);
}
