/**
 * Goal: a closed month's statement never changes; what is learnt later is stated in the first open
 * month; every earlier report can be had again. Method: planted charges, and the chargeback files
 * themselves, byte for byte.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { monthRange } from '../../foundation/months.ts';
import { explain } from '../../transforms/explain/explain.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { charge, files, statements } from '../support/planted-books.ts';
import {
  closeAt,
  createPlantedProduct,
  type PlantedCharge,
  plant,
  transformAt,
} from '../support/planted-product.ts';
import { testDatabase } from '../support/postgres.ts';

let pool: pg.Pool;
let folder: TemporaryFolder;

beforeEach(async ({ onTestFinished }) => {
  pool = (await testDatabase()).pool;
  await createPlantedProduct(pool);
  folder = await createFolder();
  onTestFinished(() => folder.remove());
});

const AUGUST = monthRange('2026-08');
const SEPTEMBER = monthRange('2026-09');

describe('closing a month', () => {
  test('refuses a month that is not over, not the next, or closed already', async () => {
    await plant(pool, [charge('2026-08-31', '10'), charge('2026-09-01', '10')]);
    await transformAt(pool, '2026-09-10T00:00:00Z');
    await expect(closeAt(pool, '2026-09-10T00:00:00Z', SEPTEMBER)).rejects.toThrow(
      '2026-09 is not over: it can be closed from 2026-10-01 on',
    );
    await expect(closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER)).rejects.toThrow(
      'months close in order: the next one is 2026-08',
    );
    expect(await closeAt(pool, '2026-10-02T00:00:00Z', AUGUST)).toMatchObject({ isClosed: true });
    await expect(closeAt(pool, '2026-10-02T00:00:00Z', AUGUST)).rejects.toThrow(
      '2026-08 is closed already',
    );
  });

  // The charge of August is learnt by the transform that the close makes: had September closed, no
  // statement would hold it.
  test('refuses the first close when it would post cost of an earlier month', async () => {
    await plant(pool, [charge('2026-09-01', '10')]);
    await transformAt(pool, '2026-10-01T00:00:00Z');
    await plant(pool, [charge('2026-08-31', '10'), charge('2026-09-01', '10')]);
    await expect(closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER)).rejects.toThrow(
      'there is new cost of 2026-08: run `meterhouse transform`, and close that month first',
    );
    await transformAt(pool, '2026-10-02T00:00:00Z');
    expect(await closeAt(pool, '2026-10-02T00:00:00Z', AUGUST)).toMatchObject({ isClosed: true });
    expect(await statements(pool)).toEqual([
      '2026-08 for 2026-08: 2.5',
      '2026-09 for 2026-09: 2.5',
    ]);
  });

  test('with nothing charged yet there is nothing to close', async () => {
    await expect(closeAt(pool, '2026-10-02T00:00:00Z', AUGUST)).rejects.toThrow(
      'there is no cost yet',
    );
  });

  test('posts what still accrues, so that the statement cannot grow', async () => {
    await plant(pool, [charge('2026-09-30', '10', { isSettled: false })]);
    await transformAt(pool, '2026-10-01T00:00:00Z');
    expect((await pool.query('select 1 from ledger.charge')).rows).toEqual([]);
    expect(await closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER)).toMatchObject({
      chargesPosted: 1,
      statementRows: 1,
    });
    await plant(pool, [charge('2026-09-30', '12', { isSettled: false })]);
    await transformAt(pool, '2026-10-03T00:00:00Z');
    expect(await statements(pool)).toEqual([
      '2026-09 for 2026-09: 2.5',
      '2026-10 for 2026-09: 0.5',
    ]);
  });
});

describe('after the close', () => {
  test('a correction is stated in the open month, and its day tells the truth', async () => {
    await plant(pool, [charge('2026-09-01', '10'), charge('2026-10-01', '4')]);
    await transformAt(pool, '2026-10-02T00:00:00Z');
    await closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER);
    await plant(pool, [charge('2026-09-01', '14'), charge('2026-10-01', '4')]);
    await transformAt(pool, '2026-10-05T00:00:00Z');
    expect(await statements(pool)).toEqual([
      '2026-09 for 2026-09: 2.5',
      '2026-10 for 2026-09: 1',
      '2026-10 for 2026-10: 1',
    ]);
    expect(await files(pool, folder.path, '2026-10')).toContain('2026-10,2026-09,(no team)');
    const { entries } = await explain(pool, {
      subjects: ['planted/1/2026-09-01'],
      account: null,
      meter: null,
      month: null,
      reportingCurrency: 'USD',
    });
    expect(entries.map((entry) => [entry.entry, entry.statement_month, entry.reason])).toEqual([
      ['charge', '2026-09', 'first entry'],
      ['reversal', '2026-10', 'quantity restated'],
      ['charge', '2026-10', 'quantity restated'],
    ]);
  });

  test('of a charge that days share only the closed days are corrected', async () => {
    const epoch = (quantity: string): PlantedCharge => ({
      ...charge('2026-09-30', quantity),
      start: '2026-09-30T18:00:00Z',
      end: '2026-10-01T18:00:00Z',
      dayRule: 'seconds',
    });
    await plant(pool, [epoch('16')]);
    await transformAt(pool, '2026-10-02T00:00:00Z');
    await closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER);
    await plant(pool, [epoch('32')]);
    await transformAt(pool, '2026-10-05T00:00:00Z');
    expect(await statements(pool)).toEqual([
      '2026-09 for 2026-09: 1',
      '2026-10 for 2026-09: 1',
      '2026-10 for 2026-10: 6',
    ]);
  });

  test('the statement keeps its owners although the tags are learnt otherwise', async () => {
    const tagged = (team: string) =>
      pool.query(
        `insert into public.planted_state (account_id, resource_id, valid_from, provider, service_name,
           resource_type, status, tags, gpu_count)
         values ('test-account', 'resource-1', '2026-09-01Z', 'planted', 'Planted', 'Server',
           'running', array[$1], 0)
         on conflict (account_id, resource_id, valid_from) do update set tags = excluded.tags`,
        [`team:${team}`],
      );
    await tagged('red');
    await plant(pool, [charge('2026-09-01', '10')]);
    await transformAt(pool, '2026-10-02T00:00:00Z');
    await closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER);
    const before = await files(pool, folder.path, '2026-09');
    await tagged('blue');
    await transformAt(pool, '2026-10-05T00:00:00Z');
    expect((await pool.query('select tags from mart.dim_resource')).rows).toEqual([
      { tags: ['team:blue'] },
    ]);
    expect(await files(pool, folder.path, '2026-09')).toBe(before);
    expect(before).toContain('red');
  });

  test('two months closed and then corrected: every earlier report is had again, byte for byte', async () => {
    const made = new Map<string, string>();
    const make = async (at: string) => {
      for (const month of ['2026-08', '2026-09', '2026-10']) {
        made.set(`${month} ${at}`, await files(pool, folder.path, month));
      }
    };
    const facts = (august: string, september: string, october: string) => [
      charge('2026-08-31', august),
      charge('2026-09-30', september),
      charge('2026-10-01', october, { isSettled: false }),
    ];
    await plant(pool, facts('1', '2', '3'));
    await transformAt(pool, '2026-10-02T00:00:00Z');
    await make('2026-10-02T00:00:00Z');
    await closeAt(pool, '2026-10-03T00:00:00Z', AUGUST);
    await make('2026-10-03T00:00:00Z');
    await plant(pool, facts('5', '2', '4'));
    await transformAt(pool, '2026-10-04T00:00:00Z');
    await make('2026-10-04T00:00:00Z');
    await closeAt(pool, '2026-10-05T00:00:00Z', SEPTEMBER);
    await make('2026-10-05T00:00:00Z');
    await plant(pool, facts('5', '7', '6'));
    await transformAt(pool, '2026-10-06T00:00:00Z');
    await make('2026-10-06T00:00:00Z');
    expect(await statements(pool)).toEqual([
      '2026-08 for 2026-08: 0.25',
      '2026-09 for 2026-08: 1',
      '2026-09 for 2026-09: 0.5',
      '2026-10 for 2026-09: 1.25',
      '2026-10 for 2026-10: 1.5',
    ]);
    for (const [key, text] of made) {
      const [month = '', at = ''] = key.split(' ');
      expect(await files(pool, folder.path, month, at), key).toBe(text);
    }
    // Only closed months are the same report twice: an open one names the run it was made after.
    expect(new Set(made.values()).size).toBe(11);
  });

  test('neither the statement nor the record of the close can be changed', async () => {
    await plant(pool, [charge('2026-09-01', '10')]);
    await transformAt(pool, '2026-10-02T00:00:00Z');
    await closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER);
    for (const statement of [
      'update ledger.closed_cost set billed_cost = 0',
      'delete from ledger.closed_cost',
      'update ledger.closed_month set is_forced = true',
      'delete from ledger.closed_month',
    ]) {
      await expect(pool.query(statement)).rejects.toThrow('append-only');
    }
  });
});
