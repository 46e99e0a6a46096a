/**
 * Random Fluence machines, what they are charged event by event, and what their list says at an
 * instant. Money is micro-USDC in bigint; instants are whole seconds as Unix milliseconds.
 */
import * as fc from 'fast-check';
import type { Look } from '../transforms/fluence/warehouse.ts';
import { DAY_MS, HOUR_MS, isoOf } from './periods.ts';

/** Two hexadecimal digits name a machine. */
export interface Machine {
  readonly id: string;
  readonly createdMs: number;
  /** The first epoch ends this long after the creation; every other lasts 24 hours. */
  readonly firstEpochMs: number;
  /** The price of the epochs from a number on; the first entry is epoch 0. */
  readonly prices: readonly { readonly fromEpoch: number; readonly price: bigint }[];
  /** When it is deleted; null: never. */
  readonly endMs: number | null;
}

export interface Epoch {
  readonly startMs: number;
  readonly endMs: number;
  readonly price: bigint;
}

const SECOND_MS = 1000;
const FIRST_POLL_MS = Date.parse('2026-10-24T00:00:00Z');

const seconds = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min, max }).map((count) => count * SECOND_MS);

const machineFacts = fc.record({
  createdMs: fc
    .oneof(seconds(-20 * 86_400, 5 * 86_400), fc.constantFrom(0, -DAY_MS))
    .map((offset) => FIRST_POLL_MS + offset),
  firstEpochMs: fc.oneof(seconds(1, 86_400), fc.constantFrom(SECOND_MS, HOUR_MS, DAY_MS)),
  price: fc.bigInt({ min: 1n, max: 30_000_000n }),
  changes: fc.array(
    fc.record({
      fromEpoch: fc.integer({ min: 1, max: 30 }),
      price: fc.bigInt({ min: 1n, max: 30_000_000n }),
    }),
    { maxLength: 10 },
  ),
  lifeMs: fc.option(seconds(1, 30 * 86_400), { freq: 2 }),
});

export const machines: fc.Arbitrary<Machine[]> = fc
  .array(machineFacts, { minLength: 1, maxLength: 16 })
  .map((all) =>
    all.map(({ createdMs, firstEpochMs, price, changes, lifeMs }, index) => ({
      id: (160 + index).toString(16),
      createdMs,
      firstEpochMs,
      prices: [{ fromEpoch: 0, price }, ...changes.toSorted((a, b) => a.fromEpoch - b.fromEpoch)],
      endMs: lifeMs === null ? null : createdMs + lifeMs,
    })),
  );

/** Instants at which the list is read: minutes to days apart. */
export const polls: fc.Arbitrary<number[]> = fc
  .array(fc.oneof(seconds(1, 7200), seconds(1, 2 * 86_400), seconds(1, 4 * 86_400)), {
    minLength: 1,
    maxLength: 7,
  })
  .map((gaps) => {
    const instants = [FIRST_POLL_MS];
    for (const gap of gaps) instants.push((instants.at(-1) ?? 0) + gap);
    return instants;
  });

/** The epochs begun by an instant, each charged whole as it begins; none begins after the end. */
export function epochsBegun(machine: Machine, atMs: number): Epoch[] {
  const epochs: Epoch[] = [];
  let startMs = machine.createdMs;
  let endMs = machine.createdMs + machine.firstEpochMs;
  while (startMs <= atMs && (machine.endMs === null || startMs < machine.endMs)) {
    const number = epochs.length;
    const price = machine.prices.findLast(({ fromEpoch }) => fromEpoch <= number)?.price ?? 0n;
    epochs.push({ startMs, endMs, price });
    startMs = endMs;
    endMs = startMs + DAY_MS;
  }
  return epochs;
}

export function sumOf(epochs: readonly Epoch[]): bigint {
  return epochs.reduce((sum, { price }) => sum + price, 0n);
}

export function isListed({ createdMs, endMs }: Machine, atMs: number): boolean {
  return createdMs <= atMs && (endMs === null || atMs < endMs);
}

/** What the list says of a machine that is on it. */
export function lookAt(machine: Machine, atMs: number): Look {
  const begun = epochsBegun(machine, atMs);
  const running = begun.at(-1);
  return {
    vm: machine.id,
    created: isoOf(machine.createdMs).replace('.000Z', 'Z'),
    next: isoOf(running?.endMs ?? 0).replace('.000Z', 'Z'),
    spent: String(sumOf(begun)),
    price: String(running?.price ?? 0n),
  };
}
