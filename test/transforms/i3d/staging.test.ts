/**
 * Goal: every staging view reads what the documents show, with no column left empty, and vendor
 * words and units end there. Method: the fixtures land through the production writer.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { i3d } from '../../../collectors/i3d/provider.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { land } from './warehouse.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../../fixtures/i3d');
const SEEN_AT = '2026-07-04T05:00:00Z';
const SLICES = {
  'metric-days': '',
  months: '2026-06',
  'per-record': '019cb8c4-25dc-7aac-8023-407f05529118',
  whole: '',
};

/** Empty while a version is current. */
const CURRENT_COLUMNS = ['seen_to', 'ended_at', 'ended_because'];

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = database.pool;
  for (const { id, slices } of i3d.streams) {
    const body: unknown = JSON.parse(readFileSync(path.join(FIXTURES, `${id}.json`), 'utf8'));
    await land(pool, id, SEEN_AT, body, SLICES[slices.kind]);
  }
});

afterAll(() => database.close());

test('no column of any staging view is empty over the fixtures', async () => {
  const { rows: views } = await pool.query<{ name: string }>(
    `select viewname as name from pg_views where schemaname = 'staging'
     and (viewname like 'stg\\_flex%' or viewname like 'stg\\_i3d%') order by viewname`,
  );
  expect(views.length).toBeGreaterThan(10);
  for (const { name } of views) {
    const { rows } = await pool.query<Record<string, unknown>>(`select * from staging.${name}`);
    const columns = Object.keys(rows[0] ?? {}).filter(
      (column) => !CURRENT_COLUMNS.includes(column),
    );
    const empty = columns.filter((column) => rows.every((row) => row[column] === null));
    expect([name, rows.length > 0, empty]).toEqual([name, true, []]);
  }
});

test('servers: house words, instants from Unix seconds, tags in order', async () => {
  const { rows } = await pool.query(
    `select status, sku, region_id, contract_id, tags, is_listed, delivered_at, released_at
     from staging.stg_flexmetal__server order by status, is_listed`,
  );
  const ended = {
    status: 'ended',
    sku: 'bm7.std.8',
    region_id: 'EU: Rotterdam',
    contract_id: 'MY-CONTRACT-123',
    tags: ['my-tag'],
    delivered_at: new Date('2024-10-04T08:49:08Z'),
    released_at: new Date('2024-10-04T11:06:40Z'),
  };
  expect(rows).toEqual([
    { ...ended, is_listed: false },
    { ...ended, is_listed: true },
    {
      status: 'provisioning',
      sku: 'bm7.std.8',
      region_id: 'EU: Rotterdam',
      contract_id: '',
      tags: ['My-tag1', 'env:dev'],
      is_listed: true,
      delivered_at: null,
      released_at: null,
    },
  ]);
});

test('VMs: both spellings of the instants, devices counted, MB as GiB', async () => {
  const { rows } = await pool.query(
    `select name, status, gpu_model, gpu_count, memory_gib::text, created_at, released_at
     from staging.stg_flexvm__vm where is_listed order by name`,
  );
  const createdAt = new Date('2026-06-03T08:00:00Z');
  expect(rows).toEqual([
    {
      name: 'ac-build-agent-001',
      status: 'running',
      gpu_model: 'rtx4000',
      gpu_count: 1,
      memory_gib: '248',
      created_at: createdAt,
      released_at: null,
    },
    {
      name: 'ac-build-agent-002',
      status: 'ended',
      gpu_model: null,
      gpu_count: 0,
      memory_gib: '248',
      created_at: createdAt,
      released_at: new Date('2026-06-04T09:30:00Z'),
    },
  ]);
});

test("a cloud's totals are read nested and flat; hardware with and without GPUs", async () => {
  const { rows: clouds } = await pool.query(
    `select region_id, vm_hours::integer, vms_created::integer
     from staging.stg_flexvm__report_cloud order by region_id`,
  );
  expect(clouds).toEqual([
    { region_id: 'camtr6', vm_hours: 9000, vms_created: 30 },
    { region_id: 'frmtl1', vm_hours: 4321, vms_created: 847 },
  ]);
  const { rows: plans } = await pool.query(
    'select sku, gpu_model, gpu_count from staging.stg_flexmetal__plan order by sku',
  );
  expect(plans).toEqual([
    { sku: 'bm7.std.8', gpu_model: null, gpu_count: 0 },
    { sku: 'bm9.hmm.gpu.4rtx4000.64', gpu_model: 'rtx4000', gpu_count: 4 },
  ]);
});

test('invoices: cents become euros, days stay days', async () => {
  const { rows } = await pool.query(
    `select invoice.amount_without_tax::text, line.amount_with_tax::text, line.unit_price::text,
       line.period_from_date, line.period_to_date
     from staging.stg_i3d__invoice as invoice
     join staging.stg_i3d__invoice_line as line using (account_id, invoice_id)`,
  );
  expect(rows).toEqual([
    {
      amount_without_tax: '1000.00',
      amount_with_tax: '1210.00',
      unit_price: '0.50',
      period_from_date: '2026-06-01',
      period_to_date: '2026-06-30',
    },
  ]);
});
