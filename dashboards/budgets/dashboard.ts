/** Whether the money lasts: budgets against what was spent and what is expected, and how far to trust that. */
import { ACTUAL, ALLOWED, STATE, seriesColour } from '../lib/colours.ts';
import { type Dashboard, row } from '../lib/dashboard.ts';
import { BAND } from '../lib/forecast-band.ts';
import type { FieldOverride } from '../lib/grafana.ts';
import { linkTo } from '../lib/links.ts';
import { type Panel, steps } from '../lib/panel.ts';
import { standing } from '../lib/standing.ts';
import { stat } from '../lib/stat.ts';
import { table } from '../lib/table.ts';
import { timeSeries } from '../lib/time-series.ts';
import { COUNT, MONEY_COARSE, RATIO, SHARE, SHORT_INSTANT } from '../lib/units.ts';
import { choiceOfOne, reportingCurrency } from '../lib/variables.ts';

const NO_BUDGETS = 'no budgets: see `reference.budgets` in meterhouse.yaml';

const budget = choiceOfOne(
  {
    name: 'budget',
    label: 'Budget',
    description: 'The budget of the burn-down.',
    query:
      'select budget as value from mart.rpt_budget_state group by budget order by max(amount) desc nulls last, budget',
  },
  'everything',
);
const scope = choiceOfOne(
  {
    name: 'scope',
    label: 'Forecast of',
    description: 'The scope whose forecasts are compared with the actual cost.',
    query:
      "select distinct scope_kind || ' ' || scope_value as value, scope_kind <> 'total' as is_part from mart.rpt_forecast_history where scope_kind in ('total', 'provider', 'team') order by is_part, value",
  },
  'total all',
);

/** Time decides below the amount, so no state shows there; a bar of up to half as much again tells 67 % from 112 %. */
const SPENT_LEVELS = steps(ACTUAL, [1.000001, STATE.broken]);
const STATES = {
  ok: 'ok',
  warning: 'warning',
  'at risk': 'risk',
  broken: 'broken',
  unknown: 'unknown',
} as const;

function count(title: string, sql: string, question: string, colour: string): Panel {
  return stat({
    title,
    description: `${question} Budgets whose period is running.`,
    width: 4,
    sql,
    isOfNow: true,
    quantity: COUNT,
    scale: steps(STATE.ok, [1, colour]),
  });
}

const numbers: readonly Panel[] = [
  count('Broken', 'count_broken', 'Is more spent than was allowed?', STATE.broken),
  count('At risk', 'count_at_risk', 'Will more be spent than is allowed?', STATE.risk),
  count(
    'Unknown',
    'count_unknown',
    'Is there a budget of which nothing certain can be said (stale or unpriced data)?',
    STATE.unknown,
  ),
  stat({
    title: 'Breaks next',
    description:
      'Which budget breaks next, and when, at the burn of the last 7 whole days? Budgets that are not broken yet.',
    width: 6,
    sql: 'breaks_next',
    isOfNow: true,
    isText: true,
    emptyText: 'none at this pace',
  }),
  stat({
    title: 'Forecasts that held',
    description:
      'How far can forecasts be trusted? Of the forecasts made in the range for months that are over, all scopes: the share whose 80 % band held what came. About 80 % is right; far more means bands that are too wide.',
    width: 6,
    sql: 'share_in_band',
    quantity: SHARE,
    emptyText: 'no month is over yet',
  }),
];

const budgets = table({
  title: 'Budgets of the running periods (${reporting_currency})',
  description:
    'Which budget is in danger, how far is it used, and when does it break? One row per running budget, the one in most danger first. Pace 1 is even: spent as fast as time goes by.',
  width: 24,
  sql: 'budgets',
  emptyText: NO_BUDGETS,
  columns: {
    budget: {
      title: 'Budget',
      width: 110,
      links: [linkTo('budgets', 'Its burn-down', { budget: 'budget' })],
    },
    scope: { title: 'Scope', width: 150 },
    period: { title: 'Period', width: 70 },
    state: { title: 'State', width: 80, states: STATES },
    amount: { title: 'Amount', width: 90, quantity: MONEY_COARSE },
    spent_cost: { title: 'Spent at least', width: 110, quantity: MONEY_COARSE },
    most_cost: { title: 'At most', width: 90, quantity: MONEY_COARSE },
    share_used: {
      title: 'Used',
      width: 140,
      quantity: SHARE,
      isBar: true,
      max: 1.5,
      scale: SPENT_LEVELS,
    },
    share_elapsed: { title: 'Time gone', width: 90, quantity: SHARE },
    pace: {
      title: 'Pace',
      width: 65,
      quantity: RATIO,
      scale: steps(STATE.ok, [1, STATE.warning], [1.1, STATE.risk]),
    },
    forecast_cost: { title: 'At its end', width: 90, quantity: MONEY_COARSE },
    share_forecast: {
      title: 'Of budget',
      width: 90,
      quantity: SHARE,
      scale: steps(STATE.ok, [1, STATE.risk]),
    },
    breaks_at: { title: 'Breaks', width: 115, quantity: SHORT_INSTANT },
    doubt: { title: 'Doubt' },
  },
});

/** As `seriesColour`, for all series whose name matches: each period has a line of its own. */
function named(pattern: string, colour: string, isDashed = false): FieldOverride {
  const { properties } = seriesColour('', colour, isDashed);
  return { matcher: { id: 'byRegexp', options: pattern }, properties };
}

const EVEN_LINE: readonly FieldOverride[] = [
  {
    matcher: { id: 'byName', options: 'Even per day' },
    properties: [
      { id: 'custom.drawStyle', value: 'line' },
      { id: 'custom.lineInterpolation', value: 'stepAfter' },
      { id: 'custom.fillOpacity', value: 0 },
      { id: 'custom.lineWidth', value: 2 },
      { id: 'custom.stacking', value: { group: 'B', mode: 'none' } },
    ],
  },
];

const burnDown: readonly Panel[] = [
  timeSeries({
    title: 'Left of the budget ${budget} (${reporting_currency})',
    description:
      'Does the budget last to the end of its period? Left at the end of each UTC day, against an even pace; the running period and the one before.',
    width: 14,
    sql: 'burn_down',
    quantity: MONEY_COARSE,
    shape: 'lines',
    overrides: [named('/^Left/', ACTUAL), named('/^Even pace/', ALLOWED, true)],
  }),
  timeSeries({
    title: 'Cost per day of ${budget} (${reporting_currency})',
    description:
      'Which days cost more than their share? Cost per UTC day of the budget’s scope, against its amount divided by the days of its period. The last day still grows.',
    width: 10,
    sql: 'cost_per_day',
    quantity: MONEY_COARSE,
    shape: 'bars',
    overrides: [
      seriesColour('Cost', ACTUAL),
      seriesColour('Even per day', ALLOWED, true),
      ...EVEN_LINE,
      {
        matcher: { id: 'byRegexp', options: '/.*/' },
        properties: [{ id: 'custom.axisSoftMin', value: 0 }],
      },
    ],
  }),
];

const forecasts: readonly Panel[] = [
  timeSeries({
    title: 'Forecasts as they were made: ${scope} (${reporting_currency})',
    description:
      'Did what was forecast come? On each UTC day: what the month was forecast to cost then, with its 80 % band, and what it came to. Months that run have not come to anything yet.',
    width: 14,
    sql: 'forecast_as_made',
    quantity: MONEY_COARSE,
    shape: 'lines',
    overrides: [
      ...BAND,
      seriesColour('Forecast', ACTUAL, true),
      seriesColour('Came to', ACTUAL),
      {
        matcher: { id: 'byRegexp', options: '/.*/' },
        properties: [{ id: 'custom.spanNulls', value: 345_600_000 }],
      },
    ],
  }),
  table({
    title: 'Errors of the forecasts: ${scope} (${reporting_currency})',
    description:
      'How early was the forecast right? One row per month that is over: what it came to, and by how much its forecasts of the 5th, the 15th and the last day missed that (plus: too high).',
    width: 10,
    sql: 'forecast_errors',
    emptyText: 'no month is over yet',
    columns: {
      month: { title: 'Month', width: 75 },
      actual_cost: { title: 'Came to', width: 95, quantity: MONEY_COARSE },
      error_early: { title: 'On the 5th', width: 92, quantity: SHARE },
      error_middle: { title: 'On the 15th', width: 95, quantity: SHARE },
      error_late: { title: 'At the end', width: 85, quantity: SHARE },
      share_in_band: { title: 'In band', width: 80, quantity: SHARE },
    },
  }),
];

const outlook = table({
  title: 'Month end by provider and team (${reporting_currency})',
  description:
    'Who will have spent what at the end of the running UTC month? Providers and teams each add up to the total; the band holds in 4 months of 5.',
  width: 24,
  sql: 'month_end',
  emptyText: 'nothing forecast yet',
  columns: {
    scope_kind: { title: 'Of', width: 90 },
    scope_value: { title: 'Provider or team' },
    month_before: { title: 'Month before', width: 120, quantity: MONEY_COARSE },
    month_to_date: { title: 'So far', width: 120, quantity: MONEY_COARSE },
    low_cost: { title: 'Low', width: 120, quantity: MONEY_COARSE },
    forecast_cost: { title: 'Forecast', width: 120, quantity: MONEY_COARSE },
    high_cost: { title: 'High', width: 120, quantity: MONEY_COARSE },
    change_share: {
      title: 'Change',
      width: 120,
      quantity: SHARE,
      scale: steps(STATE.ok, [0.05, STATE.warning], [0.2, STATE.risk]),
    },
  },
});

export const budgetsAndForecast: Dashboard = {
  name: 'budgets',
  question: 'Will a budget break, when, and how far can the forecast be trusted?',
  folder: import.meta.dirname,
  from: 'now-1M/M',
  to: 'now/M',
  variables: [budget, scope, reportingCurrency],
  rows: [
    row(null, 4, numbers),
    row(null, 11, [budgets]),
    row('Burn-down', 9, burnDown),
    row('Forecast against what came', 9, forecasts),
    row(null, 13, [outlook]),
    standing(),
  ],
};
