/**
 * What a reader waits for: every panel's query on 10,000 resources and 12 months, with all values
 * chosen, over the range that its dashboard opens with and over the whole year.
 */
import type pg from 'pg';
import { renderDashboard } from '../dashboards/lib/dashboard.ts';
import type { RenderedDashboard, RenderedPanel, Target } from '../dashboards/lib/grafana.ts';
import { ALL_DASHBOARDS } from '../dashboards/render-all.ts';
import { ALL, ask, asReader, chooseVariables } from '../test/dashboards/grafana/board.ts';
import type { TimeRange, VariableValues } from '../test/dashboards/grafana/macros.ts';
import { underTransformLock } from '../transforms/ledger/transform-lock.ts';
import { refreshReports } from '../transforms/marts/refresh-reports.ts';
import { type Bench, freshWarehouse, median, timed } from './measure.ts';
import { plantCollecting, plantReconciliation } from './planted-collecting.ts';
import { plantLedger } from './planted-ledger.ts';

const RESOURCES = 10_000;
const DAYS = 365;
const FROM = '2025-10-01';
const END_MS = Date.UTC(2026, 9, 1);
const DAY_MS = 86_400_000;
const ROUNDS = 12;
const TARGET_MS = 300;
const SLOWEST_SHOWN = 12;
/** Reads as many rows of the roll-up as a year has, from the index alone. */
const INDEX_ONLY = 'select count(*) from mart.cost_dimension_daily where cost_date >= $1';

interface Measured {
  readonly panel: string;
  readonly range: string;
  readonly p50: number;
  readonly p95: number;
  readonly rows: number;
}

export async function benchDashboards(bench: Bench): Promise<void> {
  const warehouse = await freshWarehouse(bench, 'bench_dashboards');
  const { pool } = warehouse;
  try {
    await plantLedger(pool, { resources: RESOURCES, days: DAYS, from: FROM });
    await plantCollecting(pool);
    const refresh = await timed(() =>
      underTransformLock(pool, (connection) => refreshReports(connection, END_MS)),
    );
    await plantReconciliation(pool);
    await pool.query('vacuum analyze');
    bench.print(await sizes(pool));
    bench.print(`all reports made anew: ${(refresh / 1000).toFixed(1)} s`);
    const measured = await asReader(pool, measureAll);
    const indexOnly = await measureIndexOnly(pool);
    report(bench, measured, indexOnly);
  } finally {
    await warehouse.close();
  }
}

async function sizes(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ line: string }>(
    `select format('%s daily rows, %s in the roll-up (%s slices), %s sweeps',
       (select count(*) from mart.fct_cost_daily), (select count(*) from mart.cost_dimension_daily),
       (select count(*) from mart.cost_dimension), (select count(*) from landing.sweep)) as line`,
  );
  return rows[0]?.line ?? '';
}

async function measureAll(connection: pg.ClientBase): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const source of ALL_DASHBOARDS) {
    const dashboard = renderDashboard(source);
    const values = await chooseVariables(connection, dashboard, ALL);
    for (const [name, days] of [
      [dashboard.time.from, daysOf(dashboard.time.from)],
      ['12 months', DAYS],
    ] as const) {
      const range = { from: new Date(END_MS - days * DAY_MS), to: new Date(END_MS) };
      for (const panel of dashboard.panels) {
        for (const target of panel.targets ?? []) {
          measured.push(await measure(connection, dashboard, panel, target, range, name, values));
        }
      }
    }
  }
  return measured;
}

/** `now-30d` to 30. */
function daysOf(from: string): number {
  const match = /^now-(\d+)([dhM])/.exec(from);
  const amount = Number.parseInt(match?.[1] ?? '', 10);
  const unit = { d: 1, h: 1 / 24, M: 30 }[match?.[2] ?? ''];
  if (unit === undefined) throw new Error(`a range that begins at ${from} is not measured`);
  return amount * unit;
}

async function measure(
  connection: pg.ClientBase,
  dashboard: RenderedDashboard,
  panel: RenderedPanel,
  target: Target,
  range: TimeRange,
  name: string,
  values: VariableValues,
): Promise<Measured> {
  const times: number[] = [];
  let rows = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const time = await timed(async () => {
      rows = (await ask(connection, panel, target, range, values)).rows.length;
    });
    if (round > 0) times.push(time); // the first one warms up
  }
  return {
    panel: `${dashboard.title}: ${panel.title}${target.refId === 'A' ? '' : ` ${target.refId}`}`,
    range: name,
    p50: median(times),
    p95: percentile95(times),
    rows,
  };
}

function percentile95(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
}

async function measureIndexOnly(pool: pg.Pool): Promise<number> {
  const connection = await pool.connect();
  try {
    await connection.query('set enable_seqscan = off');
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      times.push(await timed(() => connection.query(INDEX_ONLY, [FROM])));
    }
    return median(times);
  } finally {
    await connection.query('reset enable_seqscan');
    connection.release();
  }
}

function report(bench: Bench, measured: readonly Measured[], indexOnly: number): void {
  const slowestFirst = measured.toSorted((a, b) => b.p95 - a.p95);
  const late = slowestFirst.filter((one) => one.p95 > TARGET_MS);
  bench.print(`${measured.length} queries, ${ROUNDS} rounds each; p50 and p95 in ms, the slowest:`);
  for (const one of slowestFirst.slice(0, Math.max(SLOWEST_SHOWN, late.length))) {
    bench.print(
      `${one.p50.toFixed(0).padStart(6)} ${one.p95.toFixed(0).padStart(6)}  ${one.panel} (${one.range}, ${one.rows} rows)`,
    );
  }
  bench.print(
    `within ${TARGET_MS} ms at p95: ${measured.length - late.length} of ${measured.length}`,
  );
  const all = measured.map((one) => one.p50);
  bench.print(`median panel: ${median(all).toFixed(0)} ms`);
  const slowest = slowestFirst[0];
  if (slowest === undefined) return;
  bench.print(`index-only scan of the year's roll-up: ${indexOnly.toFixed(0)} ms`);
  bench.print(`ratio of the slowest panel to it: ${(slowest.p50 / indexOnly).toFixed(1)}`);
}
