/**
 * The budget views' texts as one query, so that a command judges budgets at its own clock, and a
 * replay as they were known at an earlier instant, by the same rules as the mart.
 */
import { readStep } from '../../foundation/sql/read-step.ts';

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

/** What stands in the place of the view `rpt_budget_clock`. */
const CLOCK_NOW = `select :'now'::timestamptz as judged_at, clock_at as known_at
  from mart.transform_state`;
const CLOCK_THEN = `select :'as_of'::timestamptz as judged_at, :'as_of'::timestamptz as known_at`;

/** No forecast of the past is kept. */
const NO_FORECAST = ['mart.forecast', '(select * from mart.forecast where false)'] as const;

/** Parameter: `now`. */
export function budgetsNow(view: BudgetView): Promise<string> {
  return budgetQuery(view, { 'mart.rpt_budget_clock': CLOCK_NOW });
}

/**
 * The same from what `judgeBudgets` has stored before: each step is worked out once, and what the
 * thresholds are judged by is what the dashboards show.
 */
export function budgetsStored(view: 'rpt_budget' | 'rpt_budget_threshold'): Promise<string> {
  return budgetQuery(view, {
    'mart.rpt_budget_clock': CLOCK_NOW,
    'mart.rpt_budget_daily': 'select * from mart.budget_day',
    ...(view === 'rpt_budget' ? {} : { 'mart.rpt_budget': 'select * from mart.budget_state' }),
  });
}

/**
 * Costs are read under the names of `app/knowledge.ts`, which puts what was known at `as_of` in
 * their place. Budgets, cost centres and gaps in coverage are those known now; no forecast of that
 * time is kept, so the burn of the days before goes on.
 */
export function budgetsThen(view: BudgetView): Promise<string> {
  return budgetQuery(view, { 'mart.rpt_budget_clock': CLOCK_THEN }, [
    ['mart.rpt_cost_owned_daily', 'known_owned_cost'],
    ['intermediate.known_charge', 'known_charge'],
    NO_FORECAST,
  ]);
}

/**
 * The same from what is known now of the days before `as_of`: what was corrected or came late
 * counts on its day. Costs a fraction of `budgetsThen` on a large ledger.
 */
export function budgetsByDay(view: BudgetView): Promise<string> {
  return budgetQuery(view, { 'mart.rpt_budget_clock': CLOCK_THEN }, [
    [
      'mart.rpt_cost_owned_daily',
      `(
        select * from mart.rpt_cost_owned_daily
        where cost_date < (:'as_of'::timestamptz at time zone 'UTC')::date
      )`,
    ],
    NO_FORECAST,
  ]);
}

async function budgetQuery(
  view: BudgetView,
  texts: Readonly<Record<string, string>>,
  renamed: readonly (readonly [name: string, to: string])[] = [],
): Promise<string> {
  const steps = await Promise.all(
    VIEWS.map(async (name) => {
      const text = texts[`mart.${name}`] ?? (await readStep(`transforms/marts/budgets/${name}`));
      return `${name} as materialized (${withoutComments(text)})`;
    }),
  );
  let query = `with ${steps.join(',\n')}\nselect * from ${view}`;
  for (const name of VIEWS) query = replaceName(query, `mart.${name}`, name);
  for (const [name, to] of renamed) query = replaceName(query, name, to);
  return query;
}

/** Comments name relations, too. */
function withoutComments(text: string): string {
  return text.replace(/^\s*--.*\n/gm, '').trim();
}

function replaceName(text: string, name: string, to: string): string {
  return text.replace(new RegExp(`\\b${name.replace('.', '\\.')}\\b`, 'g'), to);
}
