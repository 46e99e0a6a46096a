/** Some of the seeded months that the suite lives through: a file each, so that they run side by side. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { WORLD_FAULTS } from '../../simulator/provider.ts';
import { TEMPLATE_DATABASE } from '../support/global-setup.ts';
import { drawWorldChoice, type History, liveHistory } from './history.ts';
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

const EVERY_FAULT: readonly string[] = [...TRANSPORT_FAULTS, ...WORLD_FAULTS].sort();

/** What no answer can show: lines that stay unexplained, by seed. */
const KNOWN_GAPS: Readonly<Record<string, readonly string[]>> = {
  // The commitment was larger before the first sync, and no contract row says so.
  '6': [
    'i3d-flexmetal i3d-2026-0117/eu: rotterdam/bm9.hmm.32 2026-07 -783.796875 EUR',
    'i3d-flexmetal i3d-2026-0117/eu: rotterdam/bm9.hmm.32 2026-08 -25.875 EUR',
  ],
};

let server: ProofServer;

/** Gives the file's tests the server of the run. */
export function onTheRunsServer(): void {
  beforeAll(async () => {
    server = await joinProofServer(inject('postgresUrl'), TEMPLATE_DATABASE);
  });
  afterAll(() => server?.close());
}

/** A month with every fault, each open point read as drawn for the seed; `calm` has none of it. */
export function liveMonth(seed: string): Promise<History> {
  const month = { seed, days: 30, scale: 0.06 };
  return seed === 'calm'
    ? liveHistory(server, { ...month, trouble: 'none' })
    : liveHistory(server, { ...month, trouble: 'all', world: drawWorldChoice(seed) });
}

/**
 * One test per seed from `first` on, and one that all kinds of faults but `without` were among them.
 */
export function testMonths(first: number, count: number, without: readonly string[] = []): void {
  const lived: History[] = [];
  describe('a month of faults', () => {
    const seeds = Array.from({ length: count }, (_, index) => `${first + index}`);
    test.each(seeds)('seed %s: the invoices are met, and no promise is broken', async (seed) => {
      const history = await liveMonth(seed);
      lived.push(history);
      expect(history.unexplained.map(nameOf)).toEqual(KNOWN_GAPS[seed] ?? []);
      expect(history.broken).toEqual([]);
      expect(history.lines).toBeGreaterThan(50);
    });

    test('every kind of fault happened', () => {
      const happened = new Set(lived.flatMap(({ faults }) => [...faults.keys()]));
      expect(EVERY_FAULT.filter((kind) => !happened.has(kind))).toEqual(without);
    });
  });
}

function nameOf(line: History['unexplained'][number]): string {
  const { service, resource_id: resource, month, difference, currency } = line;
  return [service, resource, month, difference, currency].join(' ');
}
