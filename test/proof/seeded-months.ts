/** Some of the seeded months that the suite lives through: a file each, so that they run side by side. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { WORLD_FAULTS } from '../../simulator/provider.ts';
import { TEMPLATE_DATABASE } from '../support/global-setup.ts';
import { type History, liveHistory, type Trouble } from './history.ts';
import { joinProofServer, type ProofServer } from './proof-server.ts';

const TRANSPORT_FAULTS = [
  'asked-to-wait',
  'broken-record',
  'closed-before-answer',
  'closed-in-body',
  'cut-body',
  'empty-list',
  'garbage-body',
  'html-body',
  'key-refused-once',
  'late-answer',
  'missing-field',
  'no-answer',
  'null-field',
  'number-as-text',
  'outage-503',
  'outage-closed',
  'paging-ignored',
  'row-repeated',
  'rows-moved-down',
  'rows-moved-up',
  'server-error',
  'small-pages',
  'stalled-body',
  'too-many-requests',
  'unknown-field',
];

/** Of the seeds that a file lives, all these happen at least once. */
export const EVERY_FAULT: readonly string[] = [...TRANSPORT_FAULTS, ...WORLD_FAULTS].sort();

let server: ProofServer;

/** Gives the file's tests the server of the run. */
export function onTheRunsServer(): void {
  beforeAll(async () => {
    server = await joinProofServer(inject('postgresUrl'), TEMPLATE_DATABASE);
  });
  afterAll(() => server?.close());
}

export function liveMonth(seed: string, trouble: Trouble): Promise<History> {
  return liveHistory(server, { seed, days: 30, scale: 0.06, trouble });
}

/** One test per seed from `first` on, and one that all kinds of faults but `without` were among them. */
export function testMonths(first: number, count: number, without: readonly string[]): void {
  const lived: History[] = [];
  describe('a month of faults', () => {
    const seeds = Array.from({ length: count }, (_, index) => `${first + index}`);
    test.each(seeds)('seed %s: the invoices are met, and no promise is broken', async (seed) => {
      const history = await liveMonth(seed, 'all');
      lived.push(history);
      expect(history.unexplained).toEqual([]);
      expect(history.broken).toEqual([]);
      expect(history.lines).toBeGreaterThan(50);
    });

    test('every kind of fault happened', () => {
      const happened = new Set(lived.flatMap(({ faults }) => [...faults.keys()]));
      expect([...happened].sort()).toEqual(EVERY_FAULT.filter((kind) => !without.includes(kind)));
    });
  });
}
