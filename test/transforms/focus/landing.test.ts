/**
 * Goal: a delivery lands as every listing does: whole or not at all, by difference, with what cannot be read
 * set aside by file and line. Method: real folders, read by the production run.
 */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { FILE_LIMITS } from '../../../collectors/files/file-source.ts';
import { testDatabase } from '../../support/postgres.ts';
import { collected, csvOf, deliveryFolder, texts, transformed, write } from './warehouse.ts';

const KEYS = `select concat_ws(' ', payload ->> 'ResourceId', payload ->> 'BilledCost', right(record_key, 2),
    to_char(seen_from, 'DD'), coalesce(ended_because, 'now'))
  from landing.version where entity = 'focus.charge'
  order by payload ->> 'ResourceId', version_id`;

test('a file that was not written again is not read again', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  write(folder, '2026-09/a.csv', csvOf([{}, { ResourceId: 'vm-2' }]));
  const [first] = await collected(pool, folder, '2026-10-01T00:00:00Z');
  // Two rows, the report of the file, and one sum.
  expect(first?.landed).toMatchObject({ records: 4, recordsNew: 4 });

  const [second] = await collected(pool, folder, '2026-10-02T00:00:00Z');
  expect(second?.landed).toMatchObject({ records: 4, recordsNew: 0, recordsChanged: 0 });
  expect(await texts(pool, 'select count(*) from landing.version')).toEqual(['4']);
});

test('of a period delivered again, only what differs is written', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  const rows = [{}, { ResourceId: 'vm-2' }, { ResourceId: 'vm-3' }];
  write(folder, '2026-09/a.csv', csvOf(rows));
  await collected(pool, folder, '2026-10-01T00:00:00Z');
  // Another order, other files, one changed cost, one charge less and one more.
  write(
    folder,
    '2026-09/a.csv',
    csvOf([{ ResourceId: 'vm-4' }, { ResourceId: 'vm-2', BilledCost: '7' }]),
  );
  write(folder, '2026-09/b.csv.gz', gzipSync(csvOf([{}])));
  await collected(pool, folder, '2026-10-02T00:00:00Z');

  expect(await texts(pool, KEYS)).toEqual([
    'vm-1 1 /1 01 now',
    'vm-2 1 /1 01 changed',
    'vm-2 7 /1 02 now',
    'vm-3 1 /1 01 gone',
    'vm-4 1 /1 02 now',
  ]);
});

test('equal rows are numbered, and a change of one leaves the others alone', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  write(
    folder,
    '2026-09.csv',
    csvOf([{ BilledCost: '1' }, { BilledCost: '2' }, { BilledCost: '2' }]),
  );
  await collected(pool, folder, '2026-10-01T00:00:00Z');
  expect(await texts(pool, 'select count(distinct record_key) from landing.version')).toEqual([
    '5',
  ]);

  write(
    folder,
    '2026-09.csv',
    csvOf([{ BilledCost: '2' }, { BilledCost: '9' }, { BilledCost: '2' }]),
  );
  const [again] = await collected(pool, folder, '2026-10-02T00:00:00Z');
  // The row of 1 became 9, and so did the sum; the report of the file is as it was.
  expect(again?.landed).toMatchObject({ recordsNew: 0, recordsChanged: 2, recordsGone: 0 });
  expect(
    await texts(
      pool,
      `select (payload ->> 'BilledCost') from landing.version
       where entity = 'focus.charge' and ended_at is null order by 1`,
    ),
  ).toEqual(['2', '2', '9']);
});

test('a delivery says nothing of a period that it does not hold', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  const october = {
    BillingPeriodStart: '2026-10-01T00:00:00Z',
    ChargePeriodStart: '2026-10-01T00:00:00Z',
    ChargePeriodEnd: '2026-10-02T00:00:00Z',
    ResourceId: 'vm-9',
  };
  write(folder, 'latest.csv', csvOf([{}]));
  await collected(pool, folder, '2026-10-01T00:00:00Z');
  write(folder, 'latest.csv', csvOf([october]));
  await collected(pool, folder, '2026-11-01T00:00:00Z');
  expect(await texts(pool, KEYS)).toEqual(['vm-1 1 /1 01 now', 'vm-9 1 /1 01 now']);

  // Nor does a folder that does not have the files any more.
  rmSync(path.join(folder, 'latest.csv'));
  write(folder, '2026-11.csv', csvOf([{ ...october, ResourceId: 'vm-10' }]));
  await collected(pool, folder, '2026-12-01T00:00:00Z');
  expect((await texts(pool, KEYS)).filter((row) => row.endsWith('now'))).toHaveLength(3);
});

test('what cannot be read is set aside by file and line, and its neighbours land', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  const good = csvOf([{}, { ResourceId: 'vm-2', BilledCost: 'n/a' }, { ResourceId: 'vm-3' }]);
  write(folder, '2026-09/a.csv', `${good}one,cell\n`);
  const [swept] = await collected(pool, folder, '2026-10-01T00:00:00Z');

  expect(swept).toMatchObject({ outcome: 'complete', landed: { recordsQuarantined: 2 } });
  expect(
    await texts(pool, 'select reason from landing.quarantine order by reason collate "C"'),
  ).toEqual([
    '2026-09/a.csv line 3: BilledCost "n/a" is no number',
    '2026-09/a.csv line 5: 2 cells in place of 24',
  ]);
  // Mended, it is released.
  write(folder, '2026-09/a.csv', csvOf([{}, { ResourceId: 'vm-2' }, { ResourceId: 'vm-3' }]));
  await collected(pool, folder, '2026-10-02T00:00:00Z');
  expect(
    await texts(pool, 'select count(*) from landing.quarantine where released_at is null'),
  ).toEqual(['0']);
});

test('how a file was written, and what was tolerated in it, is on record', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  write(
    folder,
    '2026-09.csv',
    csvOf([
      { SkuId: 'NULL', Id: '1' },
      { BilledCost: '1E-3', ChargePeriodStart: '2026-09-01 00:00:00' },
    ]),
  );
  await collected(pool, folder, '2026-10-01T00:00:00Z');
  const { rows } = await pool.query('select * from staging.stg_focus__file');
  expect(rows).toMatchObject([
    {
      path: '2026-09.csv',
      focus_version: '1.0',
      missing_columns: [],
      unknown_columns: ['"Id"'],
      rows: 2,
      rows_set_aside: 0,
      tolerated: {
        'the text NULL for an empty cell': { rows: 1, first_line: 2 },
        'numbers with an exponent': { rows: 1, first_line: 3 },
        'instants without a zone, read as UTC': { rows: 1, first_line: 3 },
      },
    },
  ]);
});

test('a delivery that cannot be read is not taken, and does not stop its neighbours', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  const whole = gzipSync(csvOf([{}]));
  write(folder, '2026-01.csv.gz', whole.subarray(0, whole.length - 12));
  write(folder, '2026-02.csv', csvOf([{}]).replace('BillingCurrency', 'Currency'));
  write(folder, '2026-03.csv', '\ufeff');
  write(folder, '2026-04.csv', Buffer.from(csvOf([{}]), 'utf16le'));
  write(folder, '2026-05.parquet', 'PAR1 and no more');
  write(folder, '2026-06.csv', csvOf([{}, {}]));
  writeFileSync(path.join(folder, '2026-07\n.csv'), csvOf([{}]));
  const outside = deliveryFolder();
  write(outside, 'secret.csv', csvOf([{}]));
  symlinkSync(path.join(outside, 'secret.csv'), path.join(folder, '2026-08.csv'));
  mkdirSync(path.join(folder, '2026-09.csv'));
  write(folder, '2026-10.csv', csvOf([{ ResourceId: 'vm-3' }]));
  write(folder, 'invoice-detail-2026-11.csv', 'InvoiceId,BilledCost\n1,2\n');

  const limits = { ...FILE_LIMITS, deliveryRowsMax: 1 };
  const swept = await collected(pool, folder, '2026-10-01T00:00:00Z', limits);
  const failed = (what: string): string =>
    `account clouds: focus.cost_and_usage ${what}; nothing of the delivery was taken: have it written again`;
  expect(swept.map(({ outcome, error }) => error ?? outcome)).toEqual([
    failed('2026-01: 2026-01.csv.gz: its gzip is cut or broken (Z_BUF_ERROR)'),
    failed(
      '2026-02: 2026-02.csv: it has no column BillingCurrency, without which nothing can be charged',
    ),
    failed('2026-03: 2026-03.csv: it has no header line'),
    failed('2026-04: 2026-04.csv: it is no text in UTF-8'),
    failed(
      '2026-05: 2026-05.parquet: its Parquet footer cannot be read: the file is cut or broken',
    ),
    failed('2026-06: 2026-06.csv: the delivery has more than 1 rows'),
    failed('2026-07: 2026-07 .csv: its name holds control characters'),
    failed('2026-08: 2026-08.csv: it is a link that leads out of the folder'),
    'complete',
    'complete',
  ]);
  expect(await texts(pool, KEYS)).toEqual(['vm-3 1 /1 01 now']);
});

test('an empty folder, and one that is not there, are failures that say what to do', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  const [empty] = await collected(pool, folder, '2026-10-01T00:00:00Z');
  expect(empty?.error).toBe(
    'account clouds: no file ends in .csv, .csv.gz or .parquet: check base_url, and that the export has run',
  );
  const [gone] = await collected(pool, `${folder}/none`, '2026-10-01T01:00:00Z');
  expect(gone?.error).toBe(
    `account clouds: cannot read the folder ${folder}/none: check base_url and the rights of this user`,
  );
});

test('every value that the reader lets through is one that SQL can read', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  const amounts = [
    '1.',
    '.5',
    '+1',
    ' 1 ',
    '-0',
    '1E-90',
    '9.9e9',
    '9999999999.999',
    '00000000000001',
  ];
  const instants = [
    '2026-09-01',
    '2026-09-01 00:00',
    '2026-09-01T00:00Z',
    '2026-09-01 00:00:00 UTC',
    '2026-09-01T00:00:00.123456789Z',
    '2026-09-01T00:00:00+0530',
    '2026-09-01T00:00:00-14',
  ];
  const rows = [
    ...amounts.map((amount) => ({ BilledCost: amount, ListCost: amount, PricingQuantity: amount })),
    ...instants.map((instant) => ({ ChargePeriodStart: instant, BillingPeriodStart: instant })),
    { Tags: '{}' },
    { Tags: '{"a":1e400}' },
    { Tags: '{"a":null,"b":true,"c":"\\ud83d\\ude00"}' },
    { BillingCurrency: 'usd', ChargeCategory: 'USAGE', CommitmentDiscountStatus: 'used' },
    { ChargePeriodEnd: '2026-09-01T00:00:00Z' },
  ].map((row, index) => ({ ResourceId: `vm-${index}`, ...row }));
  write(folder, '2026-09.csv', csvOf(rows));
  const [swept] = await collected(pool, folder, '2026-10-01T00:00:00Z');
  expect(swept?.landed).toMatchObject({ recordsQuarantined: 1 }); // 1e400 is beyond all numbers
  const run = await transformed(pool, '2026-10-01T01:00:00Z');
  expect(run.setAside).toBe(0);
  expect(await texts(pool, `select count(*) from ledger.charge where meter <> 'rounding'`)).toEqual(
    [`${rows.length - 1}`],
  );
  expect(
    await texts(pool, 'select distinct fault from intermediate.delivery_fault order by 1'),
  ).toEqual([
    'allowed values in another case',
    'instants without a zone, read as UTC',
    'numbers with an exponent',
  ]);
  // What the ledger holds is what the files add up to.
  expect(
    await texts(
      pool,
      'select count(*), bool_and(ours = theirs and is_final) from intermediate.reconciliation_line',
    ),
  ).toEqual(['2 true']);
});
