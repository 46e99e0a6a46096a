/**
 * Goal: what the board of pipeline health shows is what the sweeps say. Method: planted sweeps of one
 * stream that is expected every six hours, few enough to be counted by hand.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { refreshPipelineHistory } from '../../../transforms/pipeline/refresh-pipeline-history.ts';
import { testDatabase } from '../../support/postgres.ts';

let pool: pg.Pool;

interface PlantedSweep {
  readonly at: string;
  readonly slice?: string;
  readonly outcome?: 'complete' | 'failed' | 'denied';
  readonly requests?: number;
  readonly retries?: number;
}

async function plantSweeps(sweeps: readonly PlantedSweep[]): Promise<void> {
  for (const { at, slice = '', outcome = 'complete', requests = 1, retries = 0 } of sweeps) {
    await pool.query(
      `insert into landing.sweep (account_id, stream, slice, started_at, duration_ms, outcome, error,
         requests, retries, pages, records, records_new, records_changed, records_gone,
         records_quarantined)
       values ('a', 'flexvm.vms', $1, $2, 100, $3, $4, $5, $6, 1, 10, 1, 2, 3, 0)`,
      [slice, at, outcome, outcome === 'complete' ? null : 'HTTP 503', requests, retries],
    );
  }
}

async function refreshAt(now: string): Promise<void> {
  await pool.query(
    `insert into mart.transform_state (clock_at) values ($1)
     on conflict (is_only_row) do update set clock_at = excluded.clock_at`,
    [now],
  );
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    await refreshPipelineHistory(connection, Date.parse(now));
    await connection.query('commit');
  } finally {
    connection.release();
  }
}

const rowsOf = async (query: string) => (await pool.query(query)).rows;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await pool.query(
    `insert into landing.expectation
       (account_id, stream, expected_from, stale_after, is_metering, retells)
     values ('a', 'flexvm.vms', '2026-10-01T00:00:00Z', '6 hours', true, '1 day')`,
  );
});

describe('sweeps per hour', () => {
  const HOURS = `select to_char(hour_start at time zone 'UTC', 'DD HH24') as hour, sweeps, failed,
    denied, requests, retries, records_changed, duration_ms, longest_ms
    from mart.rpt_sweep_hour order by hour_start`;

  test('count what began in each, also what comes late, and twice is once', async () => {
    await plantSweeps([
      { at: '2026-10-01T00:10:00Z', slice: 'x', requests: 3, retries: 1 },
      { at: '2026-10-01T00:10:00Z', slice: 'y', outcome: 'failed', retries: 4 },
      { at: '2026-10-01T06:59:59Z', outcome: 'denied' },
    ]);
    await refreshAt('2026-10-01T07:00:00Z');
    const first = {
      hour: '01 00',
      sweeps: 2,
      failed: 1,
      denied: 0,
      requests: 4,
      retries: 5,
      records_changed: 12,
      duration_ms: 200,
      longest_ms: 100,
    };
    expect(await rowsOf(HOURS)).toMatchObject([first, { hour: '01 06', sweeps: 1, denied: 1 }]);
    await plantSweeps([{ at: '2026-10-01T06:30:00Z' }]);
    await refreshAt('2026-10-01T08:00:00Z');
    await refreshAt('2026-10-01T08:00:00Z');
    expect(await rowsOf(HOURS)).toMatchObject([first, { hour: '01 06', sweeps: 2, denied: 1 }]);
  });
});

describe('a stream', () => {
  const STREAM = `select state, age_hours::text, last_outcome, last_error, records, quarantined
    from mart.rpt_stream`;

  test('that was never read says so', async () => {
    await refreshAt('2026-10-01T01:00:00Z');
    expect(await rowsOf(STREAM)).toMatchObject([{ state: 'never read', last_outcome: null }]);
  });

  test('is fresh up to its limit and stale beyond; a failed slice is no look', async () => {
    await plantSweeps([
      { at: '2026-10-01T00:00:00Z' },
      { at: '2026-10-01T03:00:00Z', slice: 'x' },
      { at: '2026-10-01T03:00:00Z', slice: 'y', outcome: 'failed' },
    ]);
    await refreshAt('2026-10-01T06:00:00Z');
    expect(await rowsOf(STREAM)).toMatchObject([
      { state: 'failing', age_hours: '6.00', last_outcome: 'failed', last_error: 'HTTP 503' },
    ]);
    await refreshAt('2026-10-01T06:00:01Z');
    expect(await rowsOf(STREAM)).toMatchObject([{ state: 'stale' }]);
    await plantSweeps([{ at: '2026-10-01T06:00:01Z' }]);
    expect(await rowsOf(STREAM)).toMatchObject([{ state: 'fresh', age_hours: '0.00' }]);
  });
});

describe('coverage', () => {
  const DAYS = `select to_char(day, 'DD') as day, hours::text, late_hours::text,
    missing_hours::text, coverage from mart.rpt_coverage_daily order by day`;

  // The look of the 1st lasts to 06:00. The 12 hours without one are told by the look at 18:00, the
  // 30 from the 2nd 00:00 (18:00 and the limit) are longer than the provider tells.
  test('is what looks tell: late where it came later, missing where nothing will', async () => {
    await plantSweeps([
      { at: '2026-10-01T00:00:00Z' },
      { at: '2026-10-01T18:00:00Z' },
      { at: '2026-10-03T06:00:00Z' },
    ]);
    await refreshAt('2026-10-03T12:00:00Z');
    expect(await rowsOf(DAYS)).toEqual([
      { day: '01', hours: '24.00', late_hours: '12.00', missing_hours: '0.00', coverage: 'late' },
      {
        day: '02',
        hours: '24.00',
        late_hours: '0.00',
        missing_hours: '24.00',
        coverage: 'missing',
      },
      { day: '03', hours: '12.00', late_hours: '0.00', missing_hours: '6.00', coverage: 'missing' },
    ]);
    expect(await rowsOf(`select hours::text, is_over from mart.rpt_coverage_missing`)).toEqual([
      { hours: '30.00', is_over: true },
    ]);
  });
});

test('tables are measured once a day, and growth is per day', async () => {
  await refreshAt('2026-10-01T00:00:00Z');
  await refreshAt('2026-10-01T12:00:00Z');
  await pool.query(
    `insert into landing.change (account_id, entity, slice, record_key, version_id, kind)
     select 'a', 'e', '', repeat('x', 100), 1, 'new' from generate_series(1, 1000)`,
  );
  await refreshAt('2026-10-03T00:00:00Z');
  const sizes = await rowsOf(
    `select to_char(measured_on, 'DD') as day, total_bytes, growth_per_day::int as growth
     from mart.rpt_relation_size
     where schema_name = 'landing' and relation_name = 'change' order by measured_on`,
  );
  expect(sizes.map(({ day }) => day)).toEqual(['01', '03']);
  expect(sizes[0].growth).toBeNull();
  expect(sizes[1].growth).toBe((sizes[1].total_bytes - sizes[0].total_bytes) / 2);
  expect(sizes[1].growth).toBeGreaterThan(0);
});

test('quarantine tells how many wait for how long, and nothing of what they hold', async () => {
  await refreshAt('2026-10-02T00:00:00Z');
  await pool.query(
    `insert into landing.quarantine (account_id, stream, entity, slice, record_key, content_hash,
       payload, reason, first_seen_at, last_seen_at, released_at)
     select 'a', 'flexvm.vms', 'flexvm.vm', '', key, key::bytea, '{"secret": 1}', 'no id',
       '2026-10-01T00:00:00Z', '2026-10-01T12:00:00Z', released_at
     from (values ('1', null::timestamptz), ('2', null), ('3', '2026-10-01T12:00:00Z'))
       as held (key, released_at)`,
  );
  const rows = await rowsOf('select * from mart.rpt_quarantine');
  expect(rows).toMatchObject([{ reason: 'no id', records: 2, age_hours: '24.00' }]);
  expect(JSON.stringify(rows)).not.toContain('secret');
});
