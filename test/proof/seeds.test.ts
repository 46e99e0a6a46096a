/**
 * Goal: whatever goes wrong on the way to the providers and in their worlds, the ledger meets their
 * own invoices, or says by how much it may not; a history told twice is the same history. Method: 20
 * seeded months with every such fault; `npm run simulate:seeds` lives through more.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { WORLD_FAULTS } from '../../simulator/provider.ts';
import { TEMPLATE_DATABASE } from '../support/global-setup.ts';
import { type History, liveHistory, type Trouble } from './history.ts';
import { joinProofServer, type ProofServer } from './proof-server.ts';

const SEEDS = Array.from({ length: 20 }, (_, index) => `${index + 1}`);
const REPLAYED_SEED = '1';
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

let server: ProofServer;
const lived = new Map<string, History>();

beforeAll(async () => {
  server = await joinProofServer(inject('postgresUrl'), TEMPLATE_DATABASE);
});

afterAll(() => server?.close());

function live(seed: string, trouble: Trouble): Promise<History> {
  return liveHistory(server, { seed, days: 30, scale: 0.06, trouble });
}

describe('a month of faults', () => {
  test.each(SEEDS)('seed %s: the invoices are met, and no promise is broken', async (seed) => {
    const history = await live(seed, 'all');
    lived.set(seed, history);
    expect(history.unexplained).toEqual([]);
    expect(history.broken).toEqual([]);
    expect(history.lines).toBeGreaterThan(50);
  });

  test('every kind of fault happened', () => {
    const happened = new Set([...lived.values()].flatMap(({ faults }) => [...faults.keys()]));
    expect([...happened].sort()).toEqual([...TRANSPORT_FAULTS, ...WORLD_FAULTS].sort());
  });

  test('the same seed again is the same history, bit for bit', async () => {
    const again = await live(REPLAYED_SEED, 'all');
    expect(again.digests).toEqual(lived.get(REPLAYED_SEED)?.digests);
  });
});

test('without faults nothing is unexplained, and next to nothing estimated', async () => {
  const history = await live('calm', 'none');
  expect(history.unexplained).toEqual([]);
  expect(history.broken).toEqual([]);
  expect(history.failedSweeps).toBe(0);
  expect([...history.faults]).toEqual([]);
  expect(history.equal).toBeGreaterThan(0.95 * history.lines);
});
