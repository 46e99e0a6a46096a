/** What is rented, what it costs now, and what of it is paid for and not used. */
import { STATE } from '../lib/colours.ts';
import { type Dashboard, row } from '../lib/dashboard.ts';
import { linkTo } from '../lib/links.ts';
import { type Panel, steps } from '../lib/panel.ts';
import { standing } from '../lib/standing.ts';
import { stat } from '../lib/stat.ts';
import { table } from '../lib/table.ts';
import { COUNT, MONEY, SHARE } from '../lib/units.ts';
import { account, provider, reportingCurrency } from '../lib/variables.ts';
import { PROVIDER, RESOURCE, RESOURCE_ID, STATUS, TEAM } from './columns.ts';
import { facts, life, money } from './detail.ts';
import { region, resource, resourceType, search, sku, status, team } from './variables.ts';
import { actions, findings, reserves, sums } from './waste.ts';

const numbers: readonly Panel[] = [
  stat({
    title: 'Resources now',
    description: 'What is there? Resources by status at the last sync, without those that ended.',
    width: 8,
    sql: 'resources_by_status',
    isOfNow: true,
    quantity: COUNT,
    isNamed: true,
  }),
  stat({
    title: 'Per day now (${reporting_currency})',
    description: 'What do they cost a day? Their cost on the last whole UTC day.',
    width: 4,
    sql: 'cost_per_day',
    isOfNow: true,
    quantity: MONEY,
    emptyText: 'no cost that day',
  }),
  stat({
    title: 'Wasted a month (${reporting_currency})',
    description:
      'What are we paying for and not using? Per month of 730 hours at the present pace, each resource once.',
    width: 4,
    sql: 'wasted_per_month',
    quantity: MONEY,
    scale: steps(STATE.ok, [0.01, STATE.risk]),
  }),
  stat({
    title: 'Share wasted',
    description: 'How much of the spend is that? Waste a month against the last whole UTC day.',
    width: 4,
    sql: 'wasted_share',
    quantity: SHARE,
    scale: steps(STATE.ok, [0.01, STATE.warning], [0.05, STATE.risk], [0.15, STATE.broken]),
    emptyText: 'no cost that day',
  }),
  stat({
    title: 'Locked reserve',
    description:
      'What is held back? Money that providers lock while machines run, per currency; it is no cost and comes back.',
    width: 4,
    sql: 'locked_reserve',
    isOfNow: true,
    quantity: MONEY,
    isPerRow: true,
    emptyText: 'none locked',
    links: [linkTo('wallets', 'Wallets and terms')],
  }),
];

const explorer: readonly Panel[] = [
  table({
    title: 'Resources (${reporting_currency})',
    description:
      'What is rented, and what does it cost? One row per resource, the most expensive of the last whole UTC day first; at most 200. A day without a figure was not charged.',
    width: 24,
    sql: 'explorer',
    emptyText: 'no resource is like that',
    columns: {
      resource_name: RESOURCE,
      resource_id: RESOURCE_ID,
      status: STATUS,
      provider: PROVIDER,
      resource_type: { title: 'Type', width: 145 },
      sku: { title: 'SKU', width: 185 },
      region: { title: 'Region', width: 140 },
      team: TEAM,
      started_on: { title: 'Started', width: 100 },
      ended_on: { title: 'Ended', width: 100 },
      day_cost: { title: 'Per day', width: 90, quantity: MONEY },
      month_cost: { title: 'This month', width: 100, quantity: MONEY },
    },
  }),
];

export const resources: Dashboard = {
  name: 'resources',
  question: 'What are we paying for, and what of it are we not using?',
  folder: import.meta.dirname,
  from: 'now-30d',
  variables: [
    provider,
    account,
    team,
    region,
    resourceType,
    sku,
    status,
    search,
    resource,
    reportingCurrency,
  ],
  rows: [
    row(null, 4, numbers),
    row('Paid for and not used', 9, sums),
    row(null, 9, actions),
    row(null, 11, findings),
    row(null, 7, reserves),
    row('What is rented', 13, explorer),
    row('One resource: ${resource}', 4, facts),
    row(null, 6, life),
    row(null, 9, money),
    standing(),
  ],
};
