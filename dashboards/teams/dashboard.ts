/** Who is charged for what: a month's statement first, then by day, project and environment, and what nobody is charged for. */
import { barGauge } from '../lib/bar-gauge.ts';
import { ACTUAL, STATE, seriesColour } from '../lib/colours.ts';
import { type Dashboard, row } from '../lib/dashboard.ts';
import { linkTo } from '../lib/links.ts';
import { type Panel, steps } from '../lib/panel.ts';
import { standing } from '../lib/standing.ts';
import { stat } from '../lib/stat.ts';
import { table } from '../lib/table.ts';
import { timeSeries } from '../lib/time-series.ts';
import { COUNT, MONEY, MONEY_COARSE, SHARE } from '../lib/units.ts';
import {
  basis,
  choiceOfOne,
  currency,
  environment,
  project,
  provider,
  reportingCurrency,
  team,
  unit,
} from '../lib/variables.ts';

const statement = choiceOfOne(
  {
    name: 'statement',
    label: 'Statement of',
    description: 'The month whose statement is shown first.',
    query: 'select name from mart.rpt_statement order by name desc',
  },
  '',
);

const toTeam = linkTo('teams', 'This team alone', { team: 'team' });
const toResources = linkTo('resources', 'Its resources', { team: 'team' });

const statementNumbers: readonly Panel[] = [
  stat({
    title: 'State of the statement',
    description: 'Is the month’s statement final? A closed one never changes again.',
    width: 5,
    sql: 'statement_state',
    isText: true,
    emptyText: 'no costs yet',
  }),
  stat({
    title: 'Total of ${statement} (${reporting_currency})',
    description:
      'What are the chosen teams charged for the month, and what for the month before? Billed cost, whole months.',
    width: 8,
    sql: 'statement_total',
    quantity: MONEY_COARSE,
    isNamed: true,
    emptyText: 'nothing is stated',
  }),
  stat({
    title: 'Month end (${reporting_currency})',
    description:
      'What will the running month have cost the chosen teams? Each team’s own forecast, added up; billed cost of all their projects.',
    width: 5,
    sql: 'forecast',
    quantity: MONEY_COARSE,
    isOfNow: true,
    emptyText: 'no forecast yet',
    links: [linkTo('budgets', 'Budgets and forecast')],
  }),
  stat({
    title: 'Shared or unallocated',
    description:
      'How much is nobody charged for, and how much do teams share by rule? Shares of the cost in the range.',
    width: 6,
    sql: 'unallocated',
    quantity: SHARE,
    isNamed: true,
    emptyText: '0 %',
  }),
];

const statementTable = table({
  title: 'What each team is charged for ${statement} (${reporting_currency})',
  description:
    'What is each team charged for the month, and why is it that number? One row per team: its own cost, its part of shared costs, and corrections of months closed before; billed cost of all projects. Change: a running month is compared by as many whole UTC days of the month before.',
  width: 24,
  sql: 'statement',
  emptyText: 'nothing is stated in this month',
  columns: {
    team: { title: 'Team', links: [toTeam, toResources] },
    cost_centre: { title: 'Cost centre', width: 120 },
    own_cost: { title: 'Own', width: 125, quantity: MONEY },
    shared_cost: { title: 'Shared', width: 125, quantity: MONEY },
    corrections: { title: 'Corrections', width: 125, quantity: MONEY },
    stated_cost: { title: 'Total', width: 130, quantity: MONEY },
    accrued_cost: { title: 'Still accrues', width: 125, quantity: MONEY },
    month_before_cost: { title: 'Month before', width: 130, quantity: MONEY },
    change: { title: 'Change', width: 125, quantity: MONEY },
    change_share: {
      title: 'In %',
      width: 90,
      quantity: SHARE,
      scale: steps(STATE.ok, [0.05, STATE.warning], [0.2, STATE.risk]),
    },
  },
});

const days: readonly Panel[] = [
  timeSeries({
    title: 'Spend per day (${unit})',
    description: 'What does each team cost, day by day? Shared costs are split by the rules.',
    width: 16,
    sql: 'spend_per_day',
    quantity: MONEY_COARSE,
    shape: 'bars',
    palette: 'teams',
    legendTells: ['sum'],
  }),
  barGauge({
    title: 'By project (${unit})',
    description: 'Which projects? The twelve most expensive teams and projects in the range.',
    width: 8,
    sql: 'spend_by_project',
    quantity: MONEY_COARSE,
  }),
];

const owners = table({
  title: 'By team, project and environment (${unit})',
  description:
    'Who pays for what? One row per team, project, environment and cost centre in the range; the hundred most expensive.',
  width: 24,
  sql: 'spend_by_owner',
  columns: {
    team: { title: 'Team', links: [toResources] },
    project: { title: 'Project', width: 190 },
    environment: { title: 'Environment', width: 130 },
    cost_centre: { title: 'Cost centre', width: 130 },
    cost: { title: 'Cost', width: 130, quantity: MONEY },
    cost_share: { title: 'Share', width: 150, quantity: SHARE, isBar: true, max: 1 },
    shared_cost: { title: 'Shared', width: 130, quantity: MONEY },
    gpu_hours: { title: 'GPU-hours', width: 110, quantity: COUNT },
  },
});

const unallocated: readonly Panel[] = [
  timeSeries({
    title: 'Share that is not one team’s own',
    description: 'Is more or less left without an owner? Shares of each UTC day’s cost.',
    width: 10,
    sql: 'unallocated_per_day',
    quantity: SHARE,
    shape: 'lines',
    min: 0,
    legendTells: ['lastNotNull'],
    overrides: [seriesColour('No team', STATE.unknown), seriesColour('Shared', ACTUAL)],
  }),
  table({
    title: 'What no team is charged for (${unit})',
    description:
      'What needs a tag or a rule? One row per account, kind and SKU without a team in the range; the fifty most expensive.',
    width: 14,
    sql: 'unallocated_by_sku',
    emptyText: 'every cost has a team',
    columns: {
      provider: { title: 'Provider', width: 120 },
      account_id: { title: 'Account', width: 160 },
      resource_type: { title: 'Type', width: 150 },
      sku: {
        title: 'SKU',
        links: [linkTo('resources', 'Its resources', { provider: 'provider', sku: 'sku' })],
      },
      cost: { title: 'Cost', width: 120, quantity: MONEY },
    },
  }),
];

const byCurrency = table({
  title: 'Statement of ${statement} in the currencies of the bills',
  description:
    'What of each team’s statement is billed in which currency? One row per team, cost centre and billing currency. `chargeback` exports the lines.',
  width: 24,
  sql: 'statement_by_currency',
  emptyText: 'nothing is stated in this month',
  columns: {
    team: { title: 'Team', links: [toResources] },
    cost_centre: { title: 'Cost centre', width: 120 },
    billing_currency: { title: 'Currency', width: 90 },
    own_cost: { title: 'Own', width: 125, quantity: MONEY },
    shared_cost: { title: 'Shared', width: 125, quantity: MONEY },
    corrections: { title: 'Corrections', width: 125, quantity: MONEY },
    stated_cost: { title: 'Total', width: 130, quantity: MONEY },
    accrued_cost: { title: 'Still accrues', width: 125, quantity: MONEY },
  },
});

export const teams: Dashboard = {
  name: 'teams',
  question: 'What do we charge each team, and why is it that number?',
  folder: import.meta.dirname,
  from: 'now/M',
  variables: [
    team,
    project,
    environment,
    provider,
    currency,
    basis,
    statement,
    unit,
    reportingCurrency,
  ],
  rows: [
    row(null, 4, statementNumbers),
    row(null, 10, [statementTable]),
    row('The days of the range', 9, days),
    row('By owner', 10, [owners]),
    row('Without an owner', 8, unallocated),
    row('In the currencies of the bills', 8, [byCurrency]),
    standing(),
  ],
};
