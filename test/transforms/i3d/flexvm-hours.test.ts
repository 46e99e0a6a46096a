/**
 * Goal: FlexVM hours follow the VM's life day by day and add up to the month's report once that is
 * final. Method: lists and reports land through the production writer; figures are by hand.
 */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { transform } from './ledger.ts';
import {
  addRate,
  type Charge,
  CLOUD,
  chargesAt,
  land,
  type ReportedVm,
  report,
  type Vm,
  vmRecord,
} from './warehouse.ts';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await addRate(pool, { product: 'flexvm', price: '0.5', from: '2026-01-01Z' });
});

const brief = ({ day, hours, cost, uncertainty, basis, settled }: Charge): unknown[] => [
  day,
  hours,
  cost,
  uncertainty,
  basis,
  settled,
];

async function listed(at: string, ...vms: Vm[]): Promise<void> {
  await land(pool, 'flexvm.vms', at, vms.map(vmRecord), CLOUD);
}

async function reported(month: string, at: string, ...vms: ReportedVm[]): Promise<void> {
  await land(pool, 'flexvm.monthly_report', at, report(month, vms), month);
}

// Created 08:30 on the 5th: 16 blocks that day, 10 begun by 09:45 on the 6th (00:30 … 09:30).
test('a stopped VM bills on, by the list alone', async () => {
  await listed('2026-10-05T09:00:00Z', { id: 'v1', createdAt: '2026-10-05T08:30:00Z' });
  await listed('2026-10-06T09:00:00Z', {
    id: 'v1',
    status: 'stopped',
    createdAt: '2026-10-05T08:30:00Z',
  });
  const charges = await chargesAt(pool, 'flexvm', '2026-10-06T09:45:00Z', ['v1']);
  expect(charges.map(brief)).toEqual([
    ['2026-10-05', '16', '8', '0', 'derived', true],
    ['2026-10-06', '10', '5', '0', 'derived', false],
  ]);
});

// Created 20:30 on 30 October: 4 blocks on the 30th and 24 on the 31st, 28 in October. The report
// told on the 31st does not count; the one of 1 November says 30, so the 31st takes 2 more.
test("a month's quantity is the report's, once that was told after the month's end", async () => {
  const vm = { id: 'v1', createdAt: '2026-10-30T20:30:00Z' };
  await listed('2026-10-30T21:00:00Z', vm);
  await reported('2026-10', '2026-10-31T12:00:00Z', { ...vm, hours: 17 });
  const now = '2026-11-01T01:30:00Z';
  expect((await chargesAt(pool, 'flexvm', now, ['v1'])).map(brief)).toEqual([
    ['2026-10-30', '4', '2', '0', 'derived', true],
    ['2026-10-31', '24', '12', '0', 'derived', true],
    ['2026-11-01', '2', '1', '0', 'derived', false],
  ]);
  await reported('2026-10', '2026-11-01T01:00:00Z', { ...vm, hours: 30 });
  const whole = await chargesAt(pool, 'flexvm', now, ['v1']);
  expect(whole.map(brief)).toEqual([
    ['2026-10-30', '4', '2', '0', 'derived', true],
    ['2026-10-31', '26', '13', '0', 'metered', true],
    ['2026-11-01', '2', '1', '0', 'derived', false],
  ]);
  expect(await chargesAt(pool, 'flexvm', now, ['v1'], '2026-10-31')).toEqual(whole.slice(1));
});

test('a VM that lived between two listings is billed from the report', async () => {
  const vm = { id: 'v1', createdAt: '2026-10-05T08:05:00Z', releasedAt: '2026-10-05T09:06:00Z' };
  await reported('2026-10', '2026-10-05T12:00:00Z', { ...vm, hours: 2 });
  const charges = await chargesAt(pool, 'flexvm', '2026-10-05T12:00:00Z', ['v1']);
  expect(charges.map(brief)).toEqual([['2026-10-05', '2', '1', '0', 'derived', true]]);
});

// Seen at 10:00, missed at 13:10: blocks at 08:30 and 09:30 are certain, 10:30 … 12:30 are not. The
// report then tells the deletion at 10:45.
test('a VM that left the list is billed to the look that missed it, until the report tells', async () => {
  const vm = { id: 'v1', createdAt: '2026-10-05T08:30:00Z' };
  await listed('2026-10-05T10:00:00Z', vm);
  await listed('2026-10-05T13:10:00Z');
  const now = '2026-10-05T15:00:00Z';
  expect((await chargesAt(pool, 'flexvm', now, ['v1'])).map(brief)).toEqual([
    ['2026-10-05', '5', '2.5', '1.5', 'derived', true],
  ]);
  await reported('2026-10', '2026-10-05T14:00:00Z', {
    ...vm,
    releasedAt: '2026-10-05T10:45:00Z',
    hours: 3,
  });
  expect((await chargesAt(pool, 'flexvm', now, ['v1'])).map(brief)).toEqual([
    ['2026-10-05', '3', '1.5', '0', 'derived', true],
  ]);
});

test('what a VM is made of and its intervals come from the list', async () => {
  const vm = { id: 'v1', createdAt: '2026-10-05T08:30:00Z' };
  await listed('2026-10-05T10:00:00Z', vm);
  await listed('2026-10-05T11:00:00Z', { ...vm, status: 'stopped' });
  await listed('2026-10-05T13:00:00Z');
  const { rows } = await pool.query(
    `select status, valid_from, valid_to, gpu_model, gpu_count, vcpu_count, memory_gib, ended_at
     from intermediate.int_flexvm__resource_state order by valid_from`,
  );
  const made = { gpu_model: 'rtx4000', gpu_count: 1, vcpu_count: '15', memory_gib: '248' };
  const ended = { ended_at: new Date('2026-10-05T13:00:00Z') };
  expect(rows).toEqual([
    {
      status: 'running',
      valid_from: new Date('2026-10-05T08:30:00Z'),
      valid_to: new Date('2026-10-05T11:00:00Z'),
      ...made,
      ...ended,
    },
    {
      status: 'stopped',
      valid_from: new Date('2026-10-05T11:00:00Z'),
      valid_to: new Date('2026-10-05T13:00:00Z'),
      ...made,
      ...ended,
    },
    {
      status: 'ended',
      valid_from: new Date('2026-10-05T13:00:00Z'),
      valid_to: null,
      ...made,
      ...ended,
    },
  ]);
});

// 8 GPUs as of 00:00, 2 from the sync of 16:00 on: 16 hours of 8 and 8 of 2 are 144 GPU-hours, not 192
// (nor 48).
test('GPU-hours of the day of a resize follow the number of GPUs in force', async () => {
  const sized = (count: number): Record<string, unknown> => {
    const record = vmRecord({ id: 'v1', createdAt: '2026-10-05T00:00:00Z' });
    const devices = Array.from({ length: count }, () => ({ type: 'gpu', spec: 'rtx4000' }));
    return {
      ...record,
      instance_type: { ...(record.instance_type as object), pciDevices: devices },
    };
  };
  await land(pool, 'flexvm.vms', '2026-10-05T01:00:00Z', [sized(8)], CLOUD);
  await transform(pool, Date.parse('2026-10-05T12:00:00Z'));
  await land(pool, 'flexvm.vms', '2026-10-05T16:00:00Z', [sized(2)], CLOUD);
  await transform(pool, Date.parse('2026-10-06T00:00:00Z'));
  const { rows } = await pool.query(
    `select trim_scale(sum(usage_hours))::text as hours, trim_scale(sum(gpu_hours))::text as gpu_hours
     from intermediate.known_charge where resource_id = 'v1' and charge_date = '2026-10-05'`,
  );
  expect(rows).toEqual([{ hours: '24', gpu_hours: '144' }]);
});
