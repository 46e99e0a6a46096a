/** Who is charged for what: by team, project and environment, what nobody is charged for, and a month's statement. */
import { barGauge } from '../lib/bar-gauge.ts';
import { STATE } from '../lib/colours.ts';
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
    description: 'The month whose statement is shown at the end of this board.',
    query: 'select name from mart.rpt_statement order by name desc',
  },
  '',
);

const toResources = linkTo('resources', 'Its resources', { team: 'team' });

const numbers: readonly Panel[] = [
  stat({
    title: 'In the range (${unit})',
    description: 'What did the chosen teams cost in the UTC days of the range?',
    width: 4,
    sql: 'spend',
    quantity: MONEY_COARSE,
  }),
  stat({
    title: 'Month to date (${unit})',
    description: 'What has the running UTC month cost them so far? With what still accrues.',
    width: 4,
    sql: 'month_to_date',
    quantity: MONEY_COARSE,
  }),
  stat({
    title: 'Against last month',
    description:
      'Is it more than at the same day of the month before? Whole UTC days of this month against as many of the last.',
    width: 4,
    sql: 'change_on_month',
    quantity: SHARE,
    scale: steps(STATE.ok, [0.05, STATE.warning], [0.2, STATE.risk]),
    emptyText: 'no month before',
  }),
  stat({
    title: 'Month end (${reporting_currency})',
    description:
      'What will the month have cost the chosen teams? Each team’s own forecast, added up; billed cost of all their projects.',
    width: 5,
    sql: 'forecast',
    quantity: MONEY_COARSE,
    emptyText: 'no forecast yet',
    links: [linkTo('budgets', 'Budgets and forecast')],
  }),
  stat({
    title: 'Shared or unallocated',
    description:
      'How much is nobody charged for, and how much do teams share by rule? Shares of the cost in the range.',
    width: 7,
    sql: 'unallocated',
    quantity: SHARE,
    isNamed: true,
    emptyText: '0 %',
  }),
];

const days: readonly Panel[] = [
  timeSeries({
    title: 'Spend per day (${unit})',
    description: 'What does each team cost, day by day? Shared costs are split by the rules.',
    width: 16,
    sql: 'spend_per_day',
    quantity: MONEY_COARSE,
    shape: 'bars',
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
    cost_share: { title: 'Share', width: 170, quantity: SHARE, isBar: true, max: 1 },
    shared_cost: { title: 'Of it shared', width: 130, quantity: MONEY },
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

const statementRow: readonly Panel[] = [
  stat({
    title: 'Statement',
    description: 'Is the month’s statement final? A closed one never changes again.',
    width: 4,
    sql: 'statement_state',
    isText: true,
    emptyText: 'no costs yet',
  }),
  table({
    title: 'Statement of ${statement}',
    description:
      'What is each team charged for that month, and why is it that number? Billed cost per team and billing currency: its own, its part of shared costs, and corrections of months closed before. `chargeback` exports the lines.',
    width: 20,
    sql: 'statement',
    emptyText: 'nothing is stated in this month',
    columns: {
      team: { title: 'Team', links: [toResources] },
      cost_centre: { title: 'Cost centre', width: 110 },
      billing_currency: { title: 'In', width: 65 },
      own_cost: { title: 'Own', width: 115, quantity: MONEY },
      shared_cost: { title: 'Shared', width: 105, quantity: MONEY },
      corrections: { title: 'Corrections', width: 110, quantity: MONEY },
      stated_cost: { title: 'Stated', width: 120, quantity: MONEY },
      accrued_cost: { title: 'Still accrues', width: 115, quantity: MONEY },
      reporting_cost: { title: 'In ${reporting_currency}', width: 120, quantity: MONEY },
    },
  }),
];

export const teams: Dashboard = {
  name: 'teams',
  question: 'What do we charge each team, and why is it that number?',
  folder: import.meta.dirname,
  from: 'now-30d',
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
    row(null, 4, numbers),
    row(null, 9, days),
    row('By owner', 10, [owners]),
    row('Without an owner', 8, unallocated),
    row('The month’s statement', 10, statementRow),
    standing(),
  ],
};
