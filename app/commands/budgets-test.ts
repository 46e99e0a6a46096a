/**
 * `meterhouse budgets test`: the budgets of now, judged at the end of each of the last days by what
 * was known then (or, by day, of what is known now of the days before): which threshold would have
 * fired when, and whether a forecast came true.
 */
import type pg from 'pg';
import { dayOf } from '../../foundation/months.ts';
import { bindParameters } from '../../foundation/sql/bind-parameters.ts';
import { budgetsByDay, budgetsThen } from '../../transforms/budgets/known-budgets.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { Knowledge } from '../knowledge.ts';
import { loadConfiguredBudgets } from '../notify/watch-budgets.ts';
import { formatAmount, table } from '../output.ts';
import { readStoredCurrency } from '../stored-currency.ts';
import { openReady } from '../warehouse.ts';

const DAY_MS = 86_400_000;
/** What `transforms/budgets/known-budgets.ts` forecasts the past by. */
const FORECAST_METHOD = 'burn of 7 days';

interface JudgedThreshold {
  readonly budget: string;
  readonly period_start: string;
  readonly is_over: boolean;
  readonly kind: 'actual' | 'forecast';
  readonly percent: string;
  readonly threshold_cost: string | null;
  readonly measured_cost: string | null;
  readonly state: 'reached' | 'not reached' | 'unknown';
  readonly is_near: boolean | null;
}

interface Firing {
  readonly budget: string;
  readonly period_start: string;
  readonly kind: 'actual' | 'forecast';
  readonly percent: string;
  readonly fired_at: string;
  readonly threshold_cost: string | null;
  readonly measured_cost: string | null;
  /** The day's end at which it was below again; null while it is not. */
  left_at: string | null;
  /** Of a forecast whose period is over: whether the cost did reach the threshold. */
  came_true: boolean | null;
}

export async function budgetsTestCommand(
  context: Context,
  options: { readonly days: number; readonly byDay: boolean },
): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    const { pool } = warehouse;
    const refused = await loadConfiguredBudgets(pool, configuration, context.clock.nowMs());
    for (const defect of refused) context.log.error(`refused: ${defect}`);
    const replay = new Replay();
    const ends = dayEnds(context.clock.nowMs(), options.days);
    for (const [index, endMs] of ends.entries()) {
      replay.take(endMs, await (options.byDay ? judgedByDay : judgedAsKnown)(pool, endMs));
      context.progress.report(index + 1, ends.length, instantOf(endMs));
      if (context.signal.aborted) return;
    }
    context.progress.finish();
    const { firings, unknown } = replay;
    const currency = await readStoredCurrency(pool, configuration.reportingCurrency);
    const basis = options.byDay ? 'what is known now of the days before' : 'what was known then';
    const range = { from: instantOf(ends[0] ?? 0), to: instantOf(ends.at(-1) ?? 0) };
    present(
      context,
      {
        ...range,
        judged_by: basis,
        reporting_currency: currency,
        forecast_method: FORECAST_METHOD,
        firings,
        unknown_judgements: unknown,
      },
      () =>
        [
          `Judged at each midnight (UTC) from ${range.from} to ${range.to} by ${basis};\n`,
          `forecasts of the past by the ${FORECAST_METHOD}, for no other is kept\n\n`,
          firingTable(firings, currency),
          unknown === 0
            ? ''
            : `\n${unknown} judgement(s) of a threshold were held back: the data was stale or missing\n`,
        ].join(''),
    );
  } finally {
    await warehouse.close();
  }
}

/** The UTC midnights up to now, oldest first. */
function dayEnds(nowMs: number, days: number): number[] {
  const lastMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  return Array.from({ length: days }, (_, index) => lastMs - (days - 1 - index) * DAY_MS);
}

async function judgedAsKnown(pool: pg.Pool, atMs: number): Promise<JudgedThreshold[]> {
  const range = { from: '-infinity', to: dayOf(atMs + DAY_MS) };
  const knowledge = await Knowledge.of(atMs, range);
  return knowledge.query(pool, inOrder(await budgetsThen('rpt_budget_threshold')));
}

async function judgedByDay(pool: pg.Pool, atMs: number): Promise<JudgedThreshold[]> {
  const text = inOrder(await budgetsByDay('rpt_budget_threshold'));
  const { rows } = await pool.query<JudgedThreshold>(
    bindParameters(text, { as_of: new Date(atMs) }),
  );
  return rows;
}

function inOrder(judged: string): string {
  return `select budget, period_start, is_over, kind, percent::text as percent, threshold_cost,
      measured_cost, state, is_near
    from (${judged}) as judged
    order by period_start, budget, kind, percent`;
}

/** Follows each threshold from day to day, by the rule of `transforms/budgets/record_changes.sql`. */
class Replay {
  readonly firings: Firing[] = [];
  unknown = 0;
  readonly #standing = new Map<string, Firing>();
  readonly #isSeen = new Set<string>();

  take(atMs: number, thresholds: readonly JudgedThreshold[]): void {
    const at = instantOf(atMs);
    for (const threshold of thresholds) {
      const { budget, period_start: start, kind, percent } = threshold;
      const key = JSON.stringify([budget, start, kind, percent]);
      if (threshold.state === 'unknown') {
        if (!threshold.is_over) this.unknown += 1;
      } else if (threshold.kind === 'forecast' && threshold.is_over) {
        this.#verify(threshold);
      } else {
        this.#follow(key, at, threshold);
      }
    }
  }

  #follow(key: string, at: string, threshold: JudgedThreshold): void {
    const standing = this.#standing.get(key);
    const isNews = !threshold.is_over || this.#isSeen.has(key);
    this.#isSeen.add(key);
    if (standing === undefined && threshold.state === 'reached' && isNews) {
      const { budget, period_start, kind, percent, threshold_cost, measured_cost } = threshold;
      const named = { budget, period_start, kind, percent, threshold_cost, measured_cost };
      const firing = { ...named, fired_at: at, left_at: null, came_true: null };
      this.firings.push(firing);
      this.#standing.set(key, firing);
    } else if (standing !== undefined && threshold.is_near === false) {
      standing.left_at = at;
      this.#standing.delete(key);
    }
  }

  /** A forecast of a period that is over is what the period cost. */
  #verify({ budget, period_start: start, percent, state }: JudgedThreshold): void {
    for (const firing of this.firings) {
      if (firing.kind !== 'forecast' || firing.budget !== budget) continue;
      if (firing.period_start !== start || firing.percent !== percent) continue;
      firing.came_true = state === 'reached';
    }
  }
}

function firingTable(firings: readonly Firing[], currency: string): string {
  const amount = (value: string | null): string => (value === null ? '-' : formatAmount(value));
  return table(firings, [
    { title: 'fired at', value: (row) => row.fired_at },
    { title: 'budget', value: (row) => row.budget },
    { title: 'period from', value: (row) => row.period_start },
    { title: 'threshold', value: (row) => `${row.percent}% ${row.kind}` },
    { title: `at ${currency}`, value: (row) => amount(row.threshold_cost), align: 'right' },
    { title: 'was', value: (row) => amount(row.measured_cost), align: 'right' },
    { title: 'below again', value: (row) => row.left_at ?? '-' },
    { title: '', value: verdictOf },
  ]);
}

function verdictOf({ kind, came_true: cameTrue }: Firing): string {
  if (kind === 'actual') return '';
  if (cameTrue === null) return 'period still open';
  return cameTrue ? 'came true' : 'false alarm';
}

function instantOf(atMs: number): string {
  return new Date(atMs).toISOString().replace('.000Z', 'Z');
}
