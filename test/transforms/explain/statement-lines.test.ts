/**
 * Goal: `explain` follows every line of a statement and every correction to the ledger entries that
 * make it, to the last unit. Method: planted books of three statements; each line is asked for with the
 * ids that the lines file prints. Expected amounts are worked out by hand.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Explanation } from '../../../transforms/explain/explanation.ts';
import { plantCorrectedBooks } from '../../support/corrected-books.ts';
import {
  expectExplained,
  explained as explainedIn,
  type PrintedLine,
  printedLines,
  sum,
  units,
} from '../../support/explained-lines.ts';
import { createFolder, type TemporaryFolder } from '../../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';

let database: TestDatabase;
let folder: TemporaryFolder;
const printed: PrintedLine[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await createFolder();
  await plantCorrectedBooks(database.pool, folder.path);
  for (const month of ['2026-09', '2026-10', '2026-11']) {
    printed.push(...(await printedLines(database.pool, folder.path, month)));
  }
});

afterAll(async () => {
  await database?.close();
  await folder?.remove();
});

const explained = (
  subject: string,
  month: string | null = null,
  more: { readonly meter?: string } = {},
): Promise<Explanation> => explainedIn(database.pool, subject, month, more);

describe('every line of every statement', () => {
  test('is found by the ids printed on it, and is what its ledger entries add up to', async () => {
    expect(printed).toHaveLength(28);
    for (const line of printed) await expectExplained(database.pool, line);
  });

  test('of a shared cost is a part of what is posted, and the parts add up to it', async () => {
    for (const resource of ['storage', 'pool']) {
      const { lines } = await explained(resource);
      for (const group of Map.groupBy(lines, (line) => line.month).values()) {
        for (const { posted_cost } of group) {
          expect(units(posted_cost)).toBe(sum(group.map((share) => share.billed_cost)));
        }
      }
    }
  });

  test('adds up over the statements to what is charged now', async () => {
    for (const resource of new Set(printed.map((line) => line.resource_id ?? ''))) {
      const { charges, lines } = await explained(resource);
      expect(sum(lines.map((line) => line.billed_cost))).toBe(
        sum(charges.map((charge) => charge.billed_cost)),
      );
    }
  });
});

test('the parts of a charge over a month\u2019s end are the statements\u2019 own, and add up to it', async () => {
  const { parts } = await explained('epoch', '2026-10', { meter: 'epochs' });
  const part = (billed_cost: string, month: string, statement_month: string, of: string) =>
    expect.objectContaining({ billed_cost, month, statement_month, entry_cost: of });
  // 6 of 24 hours are September's: 0.08333333325 is cut at the ninth place, the rest is October's.
  expect(parts).toEqual([
    part('0.083333333', '2026-09', '2026-09', '0.333333333'),
    part('0.25', '2026-10', '2026-10', '0.333333333'),
    part('-0.083333333', '2026-09', '2026-11', '-0.333333333'),
    part('-0.25', '2026-10', '2026-11', '-0.333333333'),
    part('0.166666667', '2026-09', '2026-11', '0.666666666'),
    part('0.499999999', '2026-10', '2026-11', '0.666666666'),
  ]);
  const sums = async (resource: string): Promise<string[]> =>
    (await explained(resource)).lines.map(
      (line) => `${line.month} ${line.team}: ${line.billed_cost} of ${line.posted_cost}`,
    );
  expect(await sums('term')).toEqual([
    '2026-09 a: 50 of 50',
    '2026-09 b: 60 of 60',
    '2026-10 b: 190 of 190',
  ]);
  expect(await sums('pool')).toEqual([
    '2026-09 b: 18.6 of 37.2',
    '2026-09 c: 18.6 of 37.2',
    '2026-10 b: 17.4 of 34.8',
    '2026-10 c: 17.4 of 34.8',
  ]);
});

test('a charge that was withdrawn after the close is named with both statements, in both months', async () => {
  const withdrawal = {
    charge_key: 'planted/deleted/2026-09-30',
    billed_cost: '4',
    recorded_at: '2026-10-02T00:00:00Z',
    stated_in: ['2026-09', '2026-10'],
    withdrawn_at: '2026-10-05T00:00:00Z',
    withdrawn_because: 'withdrawn: the facts no longer support it',
    taken_back_in: ['2026-10'],
  };
  for (const month of ['2026-09', '2026-10']) {
    const explanation = await explained('deleted', month);
    expect(explanation.charges).toEqual([]);
    expect(explanation.withdrawn).toEqual([expect.objectContaining(withdrawal)]);
    expect(explanation.entries.map(({ entry, billed_cost }) => [entry, billed_cost])).toEqual([
      ['charge', '4'],
      ['reversal', '-4'],
    ]);
    expect(explanation.lines).toMatchObject([
      { month: '2026-09', corrects_month: null, team: 'b', billed_cost: '2', is_closed: true },
      {
        month: '2026-10',
        corrects_month: '2026-09',
        team: 'b',
        billed_cost: '-2',
        earlier_cost: '2',
        corrected_cost: '0',
      },
    ]);
  }
  const posted = await explained('gone', '2026-10');
  expect(posted.withdrawn).toEqual([]);
  expect(posted.corrections).toMatchObject([
    { reason: 'withdrawn: the facts no longer support it', old_cost: '5', new_cost: '0' },
    { reason: 'posted again', old_cost: '0', new_cost: '5', new_teams: ['a'] },
  ]);
});

test('a correction has both sides: what was posted and to whom, and what is right now', async () => {
  const { corrections, lines } = await explained('storage', '2026-10');
  const side = (of: string, to: string, statement: string, at: string) =>
    expect.objectContaining({
      old_cost: of,
      new_cost: to,
      old_teams: ['a', 'b'],
      new_teams: ['a', 'b'],
      statement_month: statement,
      recorded_at: at,
    });
  expect(corrections).toEqual([
    side('10', '8', '2026-10', '2026-10-05T00:00:00Z'),
    side('8', '9', '2026-11', '2026-11-03T00:00:00Z'),
  ]);
  expect(corrections.map((correction) => correction.old_recorded_at)).toEqual([
    '2026-10-02T00:00:00Z',
    '2026-10-05T00:00:00Z',
  ]);
  expect(corrections[1]?.old_run_id).toBe(corrections[0]?.run_id);
  // As the closed statement shared it, whatever the rules say since: 9 to 1.
  expect(
    lines.map((line) => [line.month, line.team, line.billed_cost, line.corrected_cost]),
  ).toEqual([
    ['2026-09', 'a', '9', null],
    ['2026-09', 'b', '1', null],
    ['2026-10', 'a', '-1.8', '7.2'],
    ['2026-10', 'b', '-0.2', '0.8'],
    ['2026-11', 'a', '0.9', '8.1'],
    ['2026-11', 'b', '0.1', '0.9'],
  ]);
});

test('every row of rpt_correction is the sum of the corrections that explain shows for its ids', async () => {
  const { rows } = await database.pool.query<Record<string, string>>(
    `select account_id, resource_id, run_id, reason, to_char(charge_month, 'YYYY-MM') as charge_month,
       to_char(statement_month, 'YYYY-MM') as statement_month, billing_currency,
       old_cost::text, new_cost::text
     from mart.rpt_correction`,
  );
  expect(rows).toHaveLength(9);
  for (const row of rows) {
    for (const month of [row.statement_month, row.charge_month]) {
      const { corrections } = await explained(row.resource_id ?? '', month);
      const own = corrections.filter(
        (correction) =>
          correction.run_id === Number(row.run_id) &&
          correction.reason === row.reason &&
          correction.charge_date.startsWith(row.charge_month ?? '') &&
          correction.billing_currency === row.billing_currency,
      );
      expect(sum(own.map((correction) => correction.old_cost))).toBe(units(row.old_cost));
      expect(sum(own.map((correction) => correction.new_cost))).toBe(units(row.new_cost));
    }
  }
});

test('what one charge became is explained by its key alone', async () => {
  const { parts, lines } = await explained('planted/term/2026-09-20');
  expect(parts.map((part) => [part.statement_month, part.billed_cost, part.quantity])).toEqual([
    ['2026-09', '110', '11'],
    ['2026-10', '190', '19'],
  ]);
  expect(lines).toHaveLength(3);
  expect((await explained('nobody')).parts).toEqual([]);
});
