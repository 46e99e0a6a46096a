/**
 * Goal: whenever a Fluence machine is looked at, every epoch begun is charged once, whole, and the
 * charges add up to its counter. Method: random machines and instants of looking, against epochs
 * charged event by event.
 */
import * as fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { type Charge, chargesAt, listed } from '../transforms/fluence/warehouse.ts';
import { unitsOf } from './decimal.ts';
import { emptyWarehouse } from './empty-warehouse.ts';
import {
  type Epoch,
  epochsBegun,
  isListed,
  lookAt,
  type Machine,
  machines,
  polls,
  sumOf,
} from './fluence-machines.ts';
import { hold } from './hold.ts';
import { isoOf } from './periods.ts';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = database.pool;
});
afterAll(() => database.close());

const UNITS_PER_MICRO = 1000n;
const micros = (text: string): bigint => unitsOf(text) / UNITS_PER_MICRO;

const asCharged = (ms: number): string => isoOf(ms).slice('2026-'.length, -5).replace('T', ' ');
const periodOf = ({ startMs, endMs }: Epoch): string[] => [asCharged(startMs), asCharged(endMs)];

/** The charges of each machine at an instant, by its id. */
async function chargesByMachine(atMs: number): Promise<Map<string, Charge[]>> {
  const charges = await chargesAt(pool, isoOf(atMs));
  return Map.groupBy(charges, ({ key }) => key.split('/')[1] ?? '');
}

/** Whether the epochs begun between two looks are some at the former price, then the present's. */
function isOneChange(epochs: readonly Epoch[], former: Epoch | undefined): boolean {
  const present = epochs.at(-1)?.price;
  const firstPresent = epochs.findIndex(({ price }) => price === present);
  return (
    epochs.slice(firstPresent).every(({ price }) => price === present) &&
    epochs.slice(0, firstPresent).every(({ price }) => price === former?.price)
  );
}

/** Between two looks: the same epochs and sum; each at its price, or off by no more than it says. */
function expectEpochs(
  charges: readonly Charge[],
  epochs: readonly Epoch[],
  former: Epoch | undefined,
): void {
  expect(charges.map(({ from, until }) => [from, until])).toEqual(epochs.map(periodOf));
  const costs = charges.map(({ cost }) => micros(cost));
  expect(costs.reduce((sum, cost) => sum + cost, 0n)).toBe(sumOf(epochs));
  if (isOneChange(epochs, former)) expect(costs).toEqual(epochs.map(({ price }) => price));
  if (!isOneSided(epochs, former)) return;
  for (const [index, { price }] of epochs.entries()) {
    const off = (costs[index] ?? 0n) - price;
    const uncertainty = micros(charges[index]?.uncertainty ?? '0');
    expect(off <= uncertainty && -off <= uncertainty, `off by ${off} of ${uncertainty}`).toBe(true);
  }
}

/** Whether no epoch was cheaper than both prices shown, or none more expensive than both. */
function isOneSided(epochs: readonly Epoch[], former: Epoch | undefined): boolean {
  const shown = [former, epochs.at(-1)].filter((epoch) => epoch !== undefined);
  return (
    epochs.every(({ price }) => shown.some((epoch) => epoch.price <= price)) ||
    epochs.every(({ price }) => shown.some((epoch) => epoch.price >= price))
  );
}

/** Of a machine that vanished one epoch costs; each that may have begun is off by no more than it says. */
function expectEstimate(estimates: readonly Charge[], missed: readonly Epoch[], shown: bigint) {
  expect(estimates.filter(({ cost }) => micros(cost) !== 0n).length).toBeLessThanOrEqual(1);
  if (missed.some(({ price }) => price !== shown)) return; // a price that nobody was told
  expect(missed.length).toBeLessThanOrEqual(estimates.length);
  for (const [index, { cost, uncertainty }] of estimates.entries()) {
    const off = micros(cost) - (missed[index]?.price ?? 0n);
    const most = micros(uncertainty);
    expect(off <= most && -off <= most, `off by ${off} of ${most}`).toBe(true);
  }
}

test('each epoch begun is charged once and whole, whenever anybody looks', async () => {
  await hold(
    fc.asyncProperty(machines, polls, async (all, instants) => {
      await emptyWarehouse(pool);
      for (const atMs of instants) {
        const present = all.filter((machine) => isListed(machine, atMs));
        await listed(pool, isoOf(atMs), ...present.map((machine) => lookAt(machine, atMs)));
      }
      const lastMs = instants.at(-1) ?? 0;
      const charged = await chargesByMachine(lastMs);
      for (const machine of all) {
        const looks = instants.filter((atMs) => isListed(machine, atMs));
        const charges = charged.get(machine.id) ?? [];
        const billed = charges.filter(({ basis }) => basis === 'billed');
        let count = 0;
        let former: Epoch | undefined;
        for (const atMs of looks) {
          const begun = epochsBegun(machine, atMs);
          expectEpochs(billed.slice(count, begun.length), begun.slice(count), former);
          count = begun.length;
          former = begun.at(-1);
        }
        expect(billed.length).toBe(count);
        const missed = looks.length === 0 ? [] : epochsBegun(machine, lastMs).slice(count);
        const estimates = charges.filter(({ basis }) => basis !== 'billed');
        expectEstimate(estimates, missed, former?.price ?? 0n);
      }
    }),
    40,
  );
});

/** Which looks are answered by a copy that lags; no two in a row, and not the last. */
const lagging = fc
  .array(fc.boolean(), { minLength: 8, maxLength: 8 })
  .map((flags) => flags.map((flag, index) => flag && index >= 2 && flags[index - 1] !== true));

test('an answer of the look before last, at times, charges nothing twice and loses nothing', async () => {
  const endless = machines.map((all) =>
    all.map((machine): Machine => ({ ...machine, endMs: null })),
  );
  await hold(
    fc.asyncProperty(endless, polls, lagging, async (all, instants, isLagging) => {
      await emptyWarehouse(pool);
      const lastMs = instants.at(-1) ?? 0;
      for (const [index, atMs] of instants.entries()) {
        const staleMs = instants[index - 2];
        const looks = all
          .filter((machine) => isListed(machine, atMs))
          .map((machine) => {
            const isStale = isLagging[index] === true && atMs !== lastMs;
            const wasThere = staleMs !== undefined && isListed(machine, staleMs);
            return lookAt(machine, isStale && wasThere ? staleMs : atMs);
          });
        await listed(pool, isoOf(atMs), ...looks);
      }
      const charged = await chargesByMachine(lastMs);
      for (const machine of all) {
        const begun = epochsBegun(machine, lastMs);
        const charges = charged.get(machine.id) ?? [];
        expect(charges.map(({ from, until }) => [from, until])).toEqual(begun.map(periodOf));
        expect(charges.reduce((sum, { cost }) => sum + micros(cost), 0n)).toBe(sumOf(begun));
      }
    }),
    30,
  );
});
