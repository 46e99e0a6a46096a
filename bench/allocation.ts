/**
 * What a change of the allocation rules costs: 12 months of 10,000 resources, allocated again and
 * added up by team, beside a plain aggregate over the same daily rows.
 */
import type pg from 'pg';
import { refreshOwnership, refreshShares } from '../transforms/allocation/allocation.ts';
import { EVERY_MONTH } from '../transforms/ledger/run-transform.ts';
import { type Bench, freshWarehouse, median, spread, timed } from './measure.ts';
import { plantLedger } from './planted-ledger.ts';

const RESOURCES = 10_000;
const DAYS = 365;
const ROUNDS = 3;

const BY_TEAM = `
  select team, sum(reporting_cost) as cost from mart.rpt_cost_owned_daily group by team`;
const PLAIN = `
  select meter, sum(reporting_cost) as cost from mart.fct_cost_daily group by meter`;

export async function benchAllocation(bench: Bench): Promise<void> {
  const warehouse = await freshWarehouse(bench, 'bench_allocation');
  const { pool } = warehouse;
  try {
    await plantLedger(pool, { resources: RESOURCES, days: DAYS, from: '2025-10-01' });
    const plain: number[] = [];
    const again: number[] = [];
    const report: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      plain.push(await timed(() => pool.query(PLAIN)));
      again.push(await timed(() => allocateAgain(pool, round)));
      report.push(await timed(() => pool.query(BY_TEAM)));
    }
    bench.print(`${RESOURCES} resources, ${RESOURCES * DAYS} daily rows`);
    bench.print(`plain aggregate of the daily rows: ${spread(plain, 0)} ms`);
    bench.print(`a changed rule takes effect: ${spread(again, 0)} ms`);
    bench.print(`all of it by team: ${spread(report, 0)} ms`);
    const ratio = (median(again) + median(report)) / median(plain);
    bench.print(`ratio of both to the plain aggregate: ${ratio.toFixed(1)}`);
  } finally {
    await warehouse.close();
  }
}

/** Another region's cost is shared by spend than before: every span and every share is made anew. */
async function allocateAgain(pool: pg.Pool, round: number): Promise<void> {
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    await connection.query(`delete from reference.allocation_rule where kind = 'shared'`);
    await connection.query(
      `insert into reference.allocation_rule (
         rule_name, kind, place, valid_from, valid_to, region_id, sets, split, source_file, loaded_at
       ) values ($1, 'shared', $2, '-infinity', 'infinity', $3, '{}', '{"by": "spend"}', 'bench',
         '2020-01-01Z')`,
      [`region-${round}`, round, `region-${round}`],
    );
    await refreshOwnership(connection, true);
    await refreshShares(connection, EVERY_MONTH);
    await connection.query('commit');
  } finally {
    connection.release();
  }
}
