/** `meterhouse budgets`: the state of each budget, and what of it is told to whom. */
import type pg from 'pg';
import { CheckFailedError, UnavailableError } from '../../foundation/errors.ts';
import { afterwardsUndone } from '../../foundation/sql/transaction.ts';
import { budgetsInto } from '../../transforms/budgets/judge-budgets.ts';
import type { ResultFault } from '../../transforms/set-aside/results.ts';
import { refuseClockAhead } from '../clock-guard.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { scopeText } from '../notify/message.ts';
import { loadConfiguredBudgets, refreshOutlook, watchBudgets } from '../notify/watch-budgets.ts';
import { formatAmount, refusedLines, table } from '../output.ts';
import { readStoredCurrency } from '../stored-currency.ts';
import { openReady } from '../warehouse.ts';

/** Amounts are exact decimal texts in the reporting currency; null where nothing says them. */
interface BudgetState {
  readonly budget: string;
  readonly scope: Readonly<Record<string, string>>;
  readonly period: string;
  readonly period_start: string;
  readonly period_end: string;
  readonly state: 'ok' | 'warning' | 'at risk' | 'broken' | 'unknown';
  readonly doubt: string | null;
  readonly amount: string | null;
  readonly spent_cost: string;
  /** What is spent at most, with all that is in doubt. */
  readonly most_cost: string | null;
  readonly accrued_cost: string;
  readonly uncertainty: string;
  readonly left_cost: string | null;
  readonly forecast_cost: string | null;
  readonly forecast_low_cost: string | null;
  readonly forecast_high_cost: string | null;
  readonly forecast_method: string;
  readonly share_used: string | null;
  readonly percent_used: string | null;
  readonly share_elapsed: string;
  readonly pace: string | null;
  readonly burn_per_day: string | null;
  readonly breaks_at: Date | null;
  readonly known_at: Date;
  readonly stalest_look_at: Date | null;
}

/** Throws CheckFailedError when a running budget is broken, or cannot be told. */
export async function budgetsCommand(context: Context): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    const nowMs = context.clock.nowMs();
    const refused = await loadConfiguredBudgets(warehouse.pool, configuration, nowMs);
    await refuseWithoutTransform(warehouse.pool);
    await refreshOutlook(warehouse.pool, nowMs);
    const { states, unjudged } = await stateOfBudgets(warehouse.pool, nowMs);
    const currency = await readStoredCurrency(warehouse.pool, configuration.reportingCurrency);
    present(
      context,
      { reporting_currency: currency, budgets: states, unjudged, reference_defects: refused },
      () =>
        [
          stateTable(states, currency),
          ...doubtLines(states),
          ...unjudged.map(({ name, reason }) => `\n${name} cannot be computed: ${reason}\n`),
          refusedLines(refused),
        ].join(''),
    );
    throwUnlessKept(states, unjudged);
  } finally {
    await warehouse.close();
  }
}

/** Judges the budgets, queues what changed and sends what is due. */
export async function notifyCommand(context: Context): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    await refuseClockAhead(warehouse.pool, context.clock, context.log);
    const { clock, log, signal } = context;
    const result = await watchBudgets(warehouse.pool, { configuration, clock, log, signal });
    const { changes, heldBack, unjudged, delivered, failed, givenUp } = result;
    const counts = { delivered, failed, given_up: givenUp };
    present(context, { changes, held_back: heldBack, unjudged, ...counts }, () =>
      [
        `${changes.length} change(s), ${delivered} message(s) delivered, ${failed} to be tried again\n`,
        ...heldBack.map((held) => `held back: ${held.budget} ${held.kind}: ${held.reason}\n`),
        ...unjudged.map(({ name, reason }) => `${name} cannot be computed: ${reason}\n`),
      ].join(''),
    );
    if (failed + givenUp > 0) {
      throw new UnavailableError(
        `${failed + givenUp} message(s) were not delivered: see last_error in notify.outbox`,
      );
    }
    if (unjudged.length > 0) {
      const names = unjudged.map(({ name }) => name).join(', ');
      throw new CheckFailedError(`budgets cannot be computed: ${names}`);
    }
  } finally {
    await warehouse.close();
  }
}

/** The running budgets at `nowMs`, and those that cannot be computed. Nothing is stored. */
async function stateOfBudgets(
  pool: pg.Pool,
  nowMs: number,
): Promise<{ readonly states: BudgetState[]; readonly unjudged: readonly ResultFault[] }> {
  return afterwardsUndone(pool, async (connection) => {
    const unjudged = await budgetsInto(connection, 'shown_budget', new Date(nowMs));
    const { rows: states } = await connection.query<BudgetState>(
      `select budget, scope, period, period_start, period_end, state, doubt, amount, spent_cost,
         most_cost, accrued_cost, uncertainty, left_cost, forecast_cost, forecast_low_cost,
         forecast_high_cost, forecast_method, share_used, round(share_used * 100) as percent_used,
         share_elapsed, pace, burn_per_day, breaks_at, known_at, stalest_look_at
       from shown_budget
       where not is_over
       order by budget collate "C"`,
    );
    return { states, unjudged };
  });
}

/** Without a transform nothing is known, and that is not the same as no spend. */
async function refuseWithoutTransform(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query('select from mart.transform_state');
  if (rows.length > 0) return;
  throw new CheckFailedError('cannot evaluate budgets: run collect and transform');
}

function stateTable(states: readonly BudgetState[], currency: string): string {
  if (states.length === 0) return 'no budget is in force\n';
  const amount = (value: string | null): string => (value === null ? '-' : formatAmount(value));
  return table(states, [
    { title: 'budget', value: (row) => row.budget },
    { title: 'scope', value: (row) => scopeText(row.scope) },
    { title: 'period', value: (row) => `${row.period} ${row.period_start}` },
    { title: 'state', value: (row) => row.state },
    { title: currency, value: (row) => amount(row.amount), align: 'right' },
    { title: 'spent at least', value: (row) => amount(row.spent_cost), align: 'right' },
    { title: 'at most', value: (row) => amount(row.most_cost), align: 'right' },
    { title: 'not posted yet', value: (row) => amount(row.accrued_cost), align: 'right' },
    { title: 'forecast', value: (row) => amount(row.forecast_cost), align: 'right' },
    {
      title: 'used',
      value: (row) => (row.percent_used === null ? '-' : `${row.percent_used}%`),
      align: 'right',
    },
    { title: 'pace', value: (row) => row.pace ?? '-', align: 'right' },
    { title: 'breaks at', value: (row) => minuteOf(row.breaks_at) },
  ]);
}

/** `2026-10-21T04:27Z`. */
function minuteOf(instant: Date | null): string {
  return instant === null ? '-' : `${instant.toISOString().slice(0, 'YYYY-MM-DDThh:mm'.length)}Z`;
}

function doubtLines(states: readonly BudgetState[]): string[] {
  return states
    .filter(({ doubt }) => doubt !== null)
    .map(({ budget, state, doubt }) =>
      state === 'unknown' ? `\n${budget} is unknown: ${doubt}\n` : `\n${budget}: ${doubt}\n`,
    );
}

function throwUnlessKept(states: readonly BudgetState[], unjudged: readonly ResultFault[]): void {
  const named = (state: BudgetState['state']): string =>
    states
      .filter((row) => row.state === state)
      .map(({ budget }) => budget)
      .join(', ');
  const parts = [
    ...(named('broken') === '' ? [] : [`broken: ${named('broken')}`]),
    ...(named('unknown') === '' ? [] : [`cannot be evaluated: ${named('unknown')}`]),
    ...(unjudged.length === 0
      ? []
      : [`cannot be computed: ${unjudged.map(({ name }) => name).join(', ')}`]),
  ];
  if (parts.length > 0) throw new CheckFailedError(`budgets ${parts.join('; ')}`);
}
