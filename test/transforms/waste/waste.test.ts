/**
 * Goal: every detector in transforms/waste/ finds its planted case with the amount computed by hand
 * and not the one just beside it; the summaries count no resource twice. Method: rows planted in a
 * transaction that is rolled back; every detector runs on each case.
 */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readWasteDetectors, refreshWaste } from '../../../transforms/waste/run-waste.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { COMMITMENTS } from './commitments.ts';
import { HABITS } from './habits.ts';
import { NOW, Planted, type WasteCase } from './planted.ts';
import { PRICES } from './prices.ts';
import { STANDING } from './standing.ts';

const CASES: Readonly<Record<string, WasteCase>> = {
  ...STANDING,
  ...COMMITMENTS,
  ...HABITS,
  ...PRICES,
};

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query('insert into mart.transform_state (clock_at) values ($1)', [NOW]);
});

afterAll(() => database?.close());

/** What is asked of the warehouse after planting; nothing planted stays. */
async function afterPlanting<Result>(
  plant: (planted: Planted) => Promise<void>,
  ask: (connection: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  const connection = await database.pool.connect();
  try {
    await connection.query('begin');
    await plant(new Planted(connection));
    return await ask(connection);
  } finally {
    await connection.query('rollback');
    connection.release();
  }
}

interface Found {
  readonly resource_id: string;
  readonly cost_per_month: string;
  readonly evidence: string;
}

async function found(connection: pg.ClientBase, detector: string): Promise<readonly Found[]> {
  await refreshWaste(connection, Date.parse(NOW));
  const { rows } = await connection.query<Found>(
    `select resource_id, trim_scale(cost_per_month) as cost_per_month, evidence
     from mart.waste where detector = $1`,
    [detector],
  );
  return rows;
}

describe('transforms/waste', () => {
  test('every detector has a planted case, and the other way round', async () => {
    const names = (await readWasteDetectors()).map(({ name }) => name);
    expect(Object.keys(CASES).sort()).toEqual(names);
    expect(names.length).toBeGreaterThanOrEqual(12);
  });

  test.for(Object.entries(CASES))('%s', async ([detector, { plant, finds, says }]) => {
    const rows = await afterPlanting(plant, (connection) => found(connection, detector));
    expect(Object.fromEntries(rows.map((row) => [row.resource_id, row.cost_per_month]))).toEqual(
      finds,
    );
    expect(rows.map(({ evidence }) => evidence).join('\n')).toContain(says);
  });
});

/** A pool with idle hours worth 730 a month, and a server beside it that would fill them for 1460. */
async function overlapping(planted: Planted): Promise<void> {
  const flexmetal = { provider: 'i3d-flexmetal' };
  const pool = 'C1/region-1/sku-1';
  await planted.contract('C1', 'sku-1', 'region-1', 1);
  await planted.resource(pool, { ...flexmetal, type: 'Committed Capacity' });
  await planted.cost(pool, { ...flexmetal, meter: 'unused-commitment-hours', perDay: '24' });
  await planted.resource('server', { ...flexmetal, type: 'Bare Metal Server' });
  await planted.cost('server', { ...flexmetal, meter: 'server-hours', perDay: '48' });
  await planted.resource('failed', { status: 'failed' });
  await planted.cost('failed', { perDay: '24' });
  await planted.owner('failed', { team: 'nlp' });
}

describe('the summaries', () => {
  test('a resource counts once, at its dearest finding, and no detector is left out', async () => {
    const { sums, resources } = await afterPlanting(overlapping, async (connection) => {
      await refreshWaste(connection, Date.parse(NOW));
      const byDetector = await connection.query(
        `select detector, resources::integer as resources, trim_scale(cost_per_month) as all_of_it,
           trim_scale(counted_per_month) as counted
         from mart.rpt_waste order by cost_per_month desc, detector`,
      );
      const byResource = await connection.query(
        `select resource_id, team, detector, trim_scale(cost_per_month) as cost
         from mart.rpt_waste_finding where is_counted order by cost_per_month desc`,
      );
      return { sums: byDetector.rows, resources: byResource.rows };
    });
    expect(sums.slice(0, 4)).toEqual([
      {
        detector: 'on_demand_servers_run_beside_idle_commitments',
        resources: 1,
        all_of_it: '1460',
        counted: '1460',
      },
      { detector: 'commitments_stand_idle', resources: 1, all_of_it: '730', counted: '0' },
      { detector: 'failed_vms_are_billed', resources: 1, all_of_it: '730', counted: '730' },
      expect.objectContaining({ resources: 0, all_of_it: '0', counted: '0' }),
    ]);
    expect(sums).toHaveLength(Object.keys(CASES).length);
    expect(resources).toEqual([
      {
        resource_id: 'C1/region-1/sku-1',
        team: '(no team)',
        detector: 'on_demand_servers_run_beside_idle_commitments',
        cost: '1460',
      },
      { resource_id: 'failed', team: 'nlp', detector: 'failed_vms_are_billed', cost: '730' },
    ]);
  });

  test('a second look replaces the first', async () => {
    const counts = await afterPlanting(overlapping, async (connection) => {
      const first = await refreshWaste(connection, Date.parse(NOW));
      const again = await refreshWaste(connection, Date.parse(NOW));
      await connection.query(`delete from mart.fct_cost_daily where resource_id = 'failed'`);
      return [first, again, await refreshWaste(connection, Date.parse(NOW))];
    });
    expect(counts).toEqual([3, 3, 2]);
  });

  test('days that are not worked out yet are not days without cost', async () => {
    const rows = await afterPlanting(overlapping, async (connection) => {
      await refreshWaste(connection, Date.parse('2026-11-05T00:00:00Z'));
      const { rows } = await connection.query(
        `select trim_scale(cost_per_month) as cost from mart.waste where resource_id = 'failed'`,
      );
      return rows;
    });
    expect(rows).toEqual([{ cost: '730' }]);
  });

  test('before the first transform nothing is known', async () => {
    const count = await afterPlanting(overlapping, async (connection) => {
      await connection.query('delete from mart.transform_state');
      return refreshWaste(connection, Date.parse(NOW));
    });
    expect(count).toBe(0);
  });
});
