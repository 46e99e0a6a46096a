/**
 * Goal: the chargeback says the same in every format, adds up to the marts and the journal, and can
 * be sealed. Method: planted books with one of each thing; the files are read back.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LINE_COLUMNS } from '../../exports/chargeback/columns.ts';
import { writeChargeback } from '../../exports/chargeback/write-chargeback.ts';
import { type ColumnKind, isDecimal, SCALES } from '../../exports/formats/column.ts';
import { UsageError } from '../../foundation/errors.ts';
import { temporaryFolder } from '../support/cli.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { chargeback, FORMULA_TEAM, plantBooks } from './planted-books.ts';
import { arrowRows, parquetRows } from './read-columns.ts';

type Row = Record<string, string>;

let database: TestDatabase;
let folder: TemporaryFolder;

const file = (name: string): string => path.join(folder.path, `chargeback-2026-10-${name}`);

async function csv(name: string): Promise<Row[]> {
  return parse(await readFile(file(name)), { columns: true });
}

async function contents(of: string): Promise<Record<string, string>> {
  const names = (await readdir(of)).filter((name) => name.startsWith('chargeback-')).sort();
  const hash = async (name: string): Promise<string> =>
    createHash('sha256')
      .update(await readFile(path.join(of, name)))
      .digest('hex');
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await hash(name)] as const)),
  );
}

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await createFolder();
  await plantBooks(database.pool, folder.path);
  await chargeback(database.pool, '2026-09', folder.path);
  await chargeback(database.pool, '2026-10', folder.path);
});

afterAll(async () => {
  await database?.close();
  await folder?.remove();
});

describe('lines', () => {
  const only = async (condition: (row: Row) => boolean): Promise<Row[]> =>
    (await csv('lines.csv')).filter(condition);

  test('tell quantity, unit, average price and cost exactly', async () => {
    const [line] = await only((row) => row.resource_id === 'site');
    expect(line).toMatchObject({
      team: 'web',
      cost_centre: '20',
      quantity: '24.000000000',
      unit: 'Hours',
      usage_hours: '24.000000000',
      unit_price: '0.333333333000000',
      billing_currency: 'EUR',
      billed_cost: '7.999999992',
      reporting_cost: '9.333599990', // 3.999999996 at 1.1634 and as much at 1.17, 9 places each
    });
    const [large] = await only((row) => row.resource_id === 'train' && row.corrects_month === '');
    expect(large).toMatchObject({ billed_cost: '12345678904.086419725', quantity: '25.000000000' });
  });

  test('name the rule of a share, unused commitment and the month that is corrected', async () => {
    const shares = await only((row) => row.is_share === 'true');
    expect(shares.map((row) => [row.team, row.allocation_rule, row.billed_cost])).toEqual([
      ['nlp', 'shared:network', '66.666000000'],
      ['web', 'shared:network', '33.334000000'],
    ]);
    const unused = await only((row) => row.commitment_status === 'Unused');
    expect(unused.map((row) => row.resource_id)).toEqual(['pool']);
    const corrections = await only((row) => row.corrects_month !== '');
    expect(corrections.map((row) => [row.corrects_month, row.billed_cost, row.unit_price])).toEqual(
      [['2026-09', '-6.000000000', '']],
    );
  });

  test('add up to the daily facts per account and currency', async () => {
    const { rows } = await database.pool.query(
      `select account_id, billing_currency, trim_scale(sum(billed_cost)) as billed,
         trim_scale(sum(reporting_cost)) as reporting
       from mart.fct_cost_daily where statement_month = '2026-10-01'
       group by account_id, billing_currency order by billing_currency`,
    );
    const { totals } = JSON.parse(await readFile(file('manifest.json'), 'utf8'));
    expect(
      totals.map((total: Row) => [total.billing_currency, total.billed_cost, total.reporting_cost]),
    ).toEqual(rows.map((row) => [row.billing_currency, row.billed, row.reporting]));
    const { rows: summed } = await database.pool.query(
      `select trim_scale(sum(amount::numeric)) as billed
       from jsonb_to_recordset($1::jsonb) as line (billing_currency text, billed_cost text)
       cross join lateral (select billed_cost as amount) as told
       group by billing_currency order by billing_currency`,
      [JSON.stringify(await csv('lines.csv'))],
    );
    expect(summed.map((row) => row.billed)).toEqual(rows.map((row) => row.billed));
  });

  test('are the same in CSV, JSON, Arrow and Parquet', async () => {
    const json = JSON.parse(await readFile(file('lines.json'), 'utf8'));
    const arrow = arrowRows(tableFromIPC(await readFile(file('lines.arrow'))));
    const parquet = await parquetRows(await readFile(file('lines.parquet')));
    expect(arrow).toEqual(json.lines);
    expect(parquet).toEqual(json.lines);
    const fixed = (text: string, places: number): string => {
      const [whole, part = ''] = text.split('.');
      return `${whole}.${part.padEnd(places, '0')}`;
    };
    const plain = (value: unknown, kind: ColumnKind): string => {
      if (value === null) return '';
      return isDecimal(kind) ? fixed(String(value), SCALES[kind]) : String(value);
    };
    const fromJson = json.lines.map((line: Record<string, unknown>) =>
      LINE_COLUMNS.map(({ name, kind }) => plain(line[name], kind)),
    );
    const fromCsv = (await csv('lines.csv')).map((line) =>
      LINE_COLUMNS.map(({ name }) => (line[name] ?? '').replace(/^'(?=[=+\-@\t])/, '')),
    );
    expect(fromCsv).toEqual(fromJson);
  });
});

test('no text of a CSV file begins like a formula', async () => {
  for (const name of ['lines.csv', 'teams.csv', 'journal.csv', 'journal-entries.csv']) {
    const cells = (await csv(name)).flatMap(Object.values);
    const formulas = cells.filter(
      (cell) => /^[=+\-@\t\r\n]/.test(cell) && !/^-\d+\.\d+$/.test(cell),
    );
    expect(formulas).toEqual([]);
  }
  expect((await csv('teams.csv')).map((row) => row.team)).toContain(`'${FORMULA_TEAM}`);
});

describe('the journal', () => {
  test('balances per currency and month, and credits the provider with the whole statement', async () => {
    const { rows } = await database.pool.query(
      `select currency, corrects_month,
         trim_scale(sum(debit::numeric) - sum(credit::numeric)) as difference,
         trim_scale(sum(credit::numeric - debit::numeric) filter (where ledger_account like 'payable:%'))
           as payable,
         min(least(debit::numeric, credit::numeric)) >= 0 as is_positive
       from jsonb_to_recordset($1::jsonb) as posting
         (currency text, corrects_month text, ledger_account text, debit text, credit text)
       group by currency, corrects_month order by currency, corrects_month`,
      [JSON.stringify(await csv('journal.csv'))],
    );
    const posting = { difference: '0', is_positive: true };
    expect(rows).toEqual([
      { currency: 'EUR', corrects_month: '', payable: '10.939999992', ...posting },
      { currency: 'USD', corrects_month: '', payable: '12345678998.086419737', ...posting },
      { currency: 'USD', corrects_month: '2026-09', payable: '-6', ...posting },
    ]);
  });
});

describe('the manifest', () => {
  test('has the SHA-256 of each file and of the manifest of the month before', async () => {
    const hashes = await contents(folder.path);
    const manifest = JSON.parse(await readFile(file('manifest.json'), 'utf8'));
    for (const { name, sha256 } of manifest.files) expect(sha256).toBe(hashes[name]);
    const before = 'chargeback-2026-09-manifest.json';
    expect(manifest.previous).toEqual({ name: before, sha256: hashes[before] });
    expect(JSON.parse(await readFile(path.join(folder.path, before), 'utf8')).previous).toBe(null);
  });

  test('says what the statement rests on, and the rates that were used', async () => {
    const manifest = JSON.parse(await readFile(file('manifest.json'), 'utf8'));
    expect(manifest.sources).toMatchObject({
      state: 'open',
      last_run_clock: '2026-10-25T00:00:00.000Z',
      exchange_rates_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      allocation_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(manifest.exchange_rates.map((rate: Row) => [rate.valid_from, rate.rate])).toEqual([
      ['2026-01-01', '1.1634'],
      ['2026-10-12', '1.17'],
    ]);
  });

  test('two runs give the same bytes, in another folder too', async () => {
    const first = await contents(folder.path);
    const other = await temporaryFolder();
    await chargeback(database.pool, '2026-09', other);
    await chargeback(database.pool, '2026-10', other);
    await chargeback(database.pool, '2026-10', folder.path);
    expect(await contents(other)).toEqual(first);
    expect(await contents(folder.path)).toEqual(first);
  });
});

describe('a run', () => {
  test('takes the place of the former run of its month, and touches nothing else', async () => {
    const own = await temporaryFolder();
    await chargeback(database.pool, '2026-10', own);
    await writeFile(path.join(own, 'chargeback-2026-10-notes.txt'), 'mine');
    await chargeback(database.pool, '2026-10', own, ['parquet']);
    expect((await readdir(own)).sort()).toEqual([
      'chargeback-2026-10-journal-entries.csv',
      'chargeback-2026-10-journal.csv',
      'chargeback-2026-10-lines.parquet',
      'chargeback-2026-10-manifest.json',
      'chargeback-2026-10-notes.txt',
    ]);
  });

  test('that fails leaves the folder as it was', async () => {
    const own = await temporaryFolder();
    await chargeback(database.pool, '2026-10', own, ['csv']);
    const before = await contents(own);
    const resolve = (text: string) => {
      const broken = text.includes('payable') ? 'select 1 / 0' : text;
      const parameters = { from: '2026-10-01', to: '2026-11-01' };
      return {
        text: broken
          .replaceAll(/known_owned_cost/g, 'mart.rpt_cost_owned_daily')
          .replaceAll(/known_charge/g, 'intermediate.known_charge'),
        parameters,
      };
    };
    const options = { month: '2026-10', reportingCurrency: 'EUR', folder: own, resolve };
    await expect(writeChargeback(database.pool, options)).rejects.toThrow('division by zero');
    expect(await contents(own)).toEqual(before);
    expect((await readdir(own)).filter((name) => !name.startsWith('chargeback-'))).toEqual([]);
  });

  test('says in one line that it cannot write', async () => {
    const own = await temporaryFolder();
    await writeFile(path.join(own, 'taken'), '');
    const failure = await chargeback(
      database.pool,
      '2026-10',
      path.join(own, 'taken', 'out'),
    ).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as Error).message).toMatch(/^cannot write files into .*taken.out: ENOTDIR/);
  });
});
