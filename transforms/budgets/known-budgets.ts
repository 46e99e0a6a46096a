/**
 * The budget views' files as one query, so that a command judges budgets at its own clock, and a
 * replay as they were known at an earlier instant, by the same rules as the mart.
 */
import type { QueryStep } from '../../foundation/sql/compose.ts';
import { sqlChain } from '../../foundation/sql/sql-file.ts';

/** In the order in which they read each other. */
const VIEWS = [
  'rpt_budget_clock',
  'rpt_budget_period',
  'rpt_budget_centre',
  'rpt_budget_daily',
  'rpt_budget_spend',
  'rpt_budget_forecast',
  'rpt_budget_freshness',
  'rpt_budget',
  'rpt_budget_threshold',
] as const;
export type BudgetView = (typeof VIEWS)[number];

const CLOCK_NOW = `select :'now'::timestamptz as judged_at, clock_at as known_at
  from mart.transform_state`;
const JUDGED_STATE =
  'select * from mart.budget_state where budget in (select budget from judged_budget)';
const CLOCK_THEN = `select :'as_of'::timestamptz as judged_at, :'as_of'::timestamptz as known_at`;
/** The part of them that `overBudgets` asks about. */
const JUDGED: QueryStep = {
  name: 'known_budget',
  query: 'select * from reference.budget where budget in (select budget from judged_budget)',
};
/** No forecast of the past is kept. */
const NO_FORECAST = 'select * from mart.forecast where false';

/** Parameter: `now`. Run it inside `overBudgets`. */
export function budgetsNow(view: BudgetView): Promise<string> {
  return budgetQuery(view, { rpt_budget_clock: CLOCK_NOW }, [JUDGED]);
}

/**
 * The same from what `judgeBudgets` has stored before: each step is worked out once, and what the
 * thresholds are judged by is what the dashboards show.
 */
export function budgetsStored(view: 'rpt_budget' | 'rpt_budget_threshold'): Promise<string> {
  const stored = {
    rpt_budget_clock: CLOCK_NOW,
    rpt_budget_daily: 'mart.budget_day',
    ...(view === 'rpt_budget' ? {} : { rpt_budget: JUDGED_STATE }),
  };
  return budgetQuery(view, stored, [JUDGED]);
}

/**
 * Costs and charges are read under the names of `app/knowledge.ts`, which gives what was known at
 * `as_of`. Budgets, cost centres and gaps in coverage are those known now; no forecast of that time
 * is kept, so the burn of the days before goes on.
 */
export function budgetsThen(view: BudgetView): Promise<string> {
  return budgetQuery(
    view,
    { rpt_budget_clock: CLOCK_THEN },
    [{ name: 'known_forecast', query: NO_FORECAST }],
    ['known_owned_cost', 'known_charge'],
  );
}

/**
 * The same from what is known now of the days before `as_of`: what was corrected or came late
 * counts on its day. Costs a fraction of `budgetsThen` on a large ledger.
 */
export function budgetsByDay(view: BudgetView): Promise<string> {
  return budgetQuery(view, { rpt_budget_clock: CLOCK_THEN }, [
    {
      name: 'known_owned_cost',
      query: `select * from mart.rpt_cost_owned_daily
        where cost_date < (:'as_of'::timestamptz at time zone 'UTC')::date`,
    },
    { name: 'known_forecast', query: NO_FORECAST },
  ]);
}

/** `instead` has what is read in the place of a view; each view is worked out once. */
function budgetQuery(
  view: BudgetView,
  instead: Readonly<Partial<Record<BudgetView, string>>>,
  sources: readonly QueryStep[] = [],
  given: readonly string[] = [],
): Promise<string> {
  const steps = VIEWS.map((name) => {
    const query = instead[name];
    const step = { name, isMaterialized: true };
    return query === undefined
      ? { ...step, file: `transforms/marts/budgets/${name}` }
      : { ...step, query };
  });
  return sqlChain([...sources, ...steps], `select * from ${view}`, given);
}
