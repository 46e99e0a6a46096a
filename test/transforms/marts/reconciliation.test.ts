/**
 * Goal: the views on the last check say per source whether it agrees, differs or cannot be told yet,
 * and of each line what it names and whether somebody must look. Method: planted comparisons.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';

let database: TestDatabase;

type Line = readonly [
  source: string,
  line: string,
  ours: string | null,
  theirs: string | null,
  kind: string,
];

const LINES: readonly Line[] = [
  ['agrees', 'vm-1', '10', '10', 'matched'],
  ['agrees', 'vm-2 last epoch', '0.5', null, 'uncertainty'],
  ['open', 'vm-1', '7', null, 'timing'],
  ['partly open', 'vm-1', '1000', '1', 'timing'],
  ['partly open', 'vm-2', '5', '5', 'matched'],
  ['nothing told', 'vm-1', '5', null, 'uncertainty'],
  ['only declared', 'vm-1', '50', '30', 'uncertainty'],
  ['ours is 0', 'vm-1', null, '0.6', 'missing here'],
  ['ours is 0 and uncertain', 'vm-1', '0', '0.6', 'uncertainty'],
  ['within tolerance', 'vm-1', '10.4', '10', 'price'],
  ['differs', 'vm-1', '12', '10', 'price'],
  ['differs', 'an invoice line', '3', '3', 'matched'],
  ['differs', 'vm-2', '1', null, 'timing'],
];

beforeAll(async () => {
  database = await createTestDatabase();
  for (const [source, line, ours, theirs, kind] of LINES) {
    await database.pool.query(
      `insert into mart.reconciliation (account_id, provider, month, source, line, measure, unit,
         ours, theirs, difference, class, uncertainty, rounding, tax, is_final, is_proof,
         source_versions, checked_at)
       values ('a', 'fluence', '2026-10-01', $1, $2, 'money', 'USDC', $3::numeric, $4::numeric,
         coalesce($3::numeric, 0) - coalesce($4::numeric, 0), $5, 0, 0, 0, true, true, '{}',
         '2026-10-30Z')`,
      [source, line, ours, theirs, kind],
    );
  }
  await database.pool.query(
    `insert into mart.dim_resource (account_id, resource_id, valid_from, provider, service_name,
       resource_type, name, status, tags, gpu_count)
     select 'a', id, '2026-10-01Z', 'fluence', 'service', 'Virtual Machine', name, 'running', '{}', 0
     from (values ('vm-1', 'gateway'), ('vm-2', null)) as planted (id, name)`,
  );
});

afterAll(() => database?.close());

test('a source agrees where figures were compared and were equal, and differs beyond its tolerance', async () => {
  const { rows } = await database.pool.query(
    `select source, state, lines_open::integer as open, trim_scale(compared_ours)::text as ours,
       trim_scale(compared_theirs)::text as theirs, trim_scale(unexplained)::text as unexplained
     from mart.rpt_reconciliation order by source`,
  );
  const row = (
    source: string,
    state: string,
    open: number,
    [ours, theirs, unexplained]: [string, string, string],
  ) => ({ source, state, open, ours, theirs, unexplained });
  expect(rows).toEqual([
    row('agrees', 'agrees', 0, ['10.5', '10', '0']),
    row('differs', 'differs', 1, ['15', '13', '2']),
    row('nothing told', 'not compared', 0, ['5', '0', '0']),
    row('only declared', 'uncertain', 0, ['50', '30', '0']),
    row('open', 'open', 1, ['0', '0', '0']),
    row('ours is 0', 'differs', 0, ['0', '0.6', '0.6']),
    row('ours is 0 and uncertain', 'uncertain', 0, ['0', '0.6', '0']),
    row('partly open', 'open', 1, ['5', '5', '0']),
    row('within tolerance', 'agrees', 0, ['10.4', '10', '0.4']),
  ]);
});

test('a line names its resource where it begins with one, and says whether to look', async () => {
  const { rows } = await database.pool.query<{ line: string }>(
    `select format('%s: %s (%s), %s', source, line_name, coalesce(resource_id, '-'), verdict) as line
     from mart.rpt_reconciliation_difference order by source, line`,
  );
  expect(rows.map(({ line }) => line)).toEqual([
    'agrees: gateway (vm-1), matched',
    'agrees: vm-2 last epoch (vm-2), explained',
    'differs: an invoice line (-), matched',
    'differs: gateway (vm-1), to review',
    'differs: vm-2 (vm-2), explained',
    'nothing told: gateway (vm-1), explained',
    'only declared: gateway (vm-1), explained',
    'open: gateway (vm-1), explained',
    'ours is 0: gateway (vm-1), to review',
    'ours is 0 and uncertain: gateway (vm-1), explained',
    'partly open: gateway (vm-1), explained',
    'partly open: vm-2 (vm-2), matched',
    'within tolerance: gateway (vm-1), to review',
  ]);
});
