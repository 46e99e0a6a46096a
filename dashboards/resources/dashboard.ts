/** What is rented, what it costs now, and what of it is paid for and not used. */

import { barGauge } from '../lib/bar-gauge.ts';
import { STATE } from '../lib/colours.ts';
import { type Dashboard, row } from '../lib/dashboard.ts';
import { linkTo } from '../lib/links.ts';
import { type Panel, steps } from '../lib/panel.ts';
import { stat } from '../lib/stat.ts';
import { stateTimeline } from '../lib/state-timeline.ts';
import { type Column, table } from '../lib/table.ts';
import { timeSeries } from '../lib/time-series.ts';
import { COUNT, INSTANT, MONEY, PRICE, SHARE } from '../lib/units.ts';
import { account, provider, reportingCurrency } from '../lib/variables.ts';
import { region, resource, resourceType, search, sku, status, team } from './variables.ts';

const STATES = {
  running: 'ok',
  provisioning: 'warning',
  releasing: 'warning',
  stopped: 'risk',
  failed: 'broken',
  ended: 'unknown',
} as const;

const RESOURCE: Column = {
  title: 'Resource',
  links: [linkTo('resources', 'Its detail, at the foot', { resource: 'resource_id' })],
};
const HIDDEN: Column = { title: 'Resource id', isHidden: true };
const PROVIDER: Column = {
  title: 'Provider',
  width: 110,
  links: [linkTo('providers', 'Provider', { provider: 'provider' })],
};
const TEAM: Column = {
  title: 'Team',
  width: 95,
  links: [linkTo('teams', 'Team', { team: 'team' })],
};

const numbers: readonly Panel[] = [
  stat({
    title: 'Resources now',
    description: 'What is there? Resources by status at the last look, without those that ended.',
    width: 8,
    sql: 'resources_by_status',
    quantity: COUNT,
    isNamed: true,
  }),
  stat({
    title: 'Per day now (${reporting_currency})',
    description: 'What do they cost a day? Their cost on the last whole UTC day.',
    width: 4,
    sql: 'cost_per_day',
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
    quantity: MONEY,
    isPerRow: true,
    emptyText: 'none locked',
    links: [linkTo('wallets', 'Wallets and terms')],
  }),
];

const waste: readonly Panel[] = [
  barGauge({
    title: 'Waste a month by kind (${reporting_currency})',
    description:
      'What kind of waste is it? Each resource once, at its dearest finding, so that the bars add up. Per month of 730 hours.',
    width: 8,
    sql: 'waste_by_kind',
    quantity: MONEY,
    emptyText: 'not looked for yet',
  }),
  table({
    title: 'What would end it (${reporting_currency} a month)',
    description:
      'What should be done? One row per detector with findings, with the money of all of them: findings of two detectors can be about the same money.',
    width: 16,
    sql: 'waste_actions',
    emptyText: 'no waste found',
    columns: {
      kind: { title: 'Kind', width: 125 },
      claim: { title: 'What is paid for nothing' },
      action: { title: 'What ends it' },
      resources: { title: 'Resources', width: 85, quantity: COUNT },
      cost_per_month: { title: 'A month', width: 90, quantity: MONEY },
    },
  }),
];

const findings: readonly Panel[] = [
  table({
    title: 'Findings (${reporting_currency} a month)',
    description:
      'Where exactly, and how do we know? One row per detector and resource, dearest first; at most 200. Counted rows add up.',
    width: 24,
    sql: 'waste_findings',
    emptyText: 'no waste found',
    columns: {
      resource_name: { ...RESOURCE, width: 300 },
      resource_id: HIDDEN,
      kind: { title: 'Kind', width: 125 },
      provider: PROVIDER,
      team: TEAM,
      cost_per_month: { title: 'A month', width: 90, quantity: MONEY },
      counted: { title: 'Counted', width: 75, states: { yes: 'ok', no: 'unknown' } },
      since: { title: 'Since', width: 155, quantity: INSTANT },
      evidence: { title: 'Evidence' },
    },
  }),
];

const explorer: readonly Panel[] = [
  table({
    title: 'Resources (${reporting_currency})',
    description:
      'What is rented, and what does it cost? One row per resource, the dearest of the last whole UTC day first; at most 200. A day without a figure was not charged.',
    width: 24,
    sql: 'explorer',
    emptyText: 'no resource is like that',
    columns: {
      resource_name: RESOURCE,
      resource_id: HIDDEN,
      status: { title: 'Status', width: 95, states: STATES },
      provider: PROVIDER,
      resource_type: { title: 'Type', width: 145 },
      sku: { title: 'SKU', width: 215 },
      region: { title: 'Region', width: 170 },
      team: TEAM,
      started_at: { title: 'Started', width: 155, quantity: INSTANT },
      ended_at: { title: 'Ended', width: 155, quantity: INSTANT },
      day_cost: { title: 'Per day now', width: 95, quantity: MONEY },
      month_cost: { title: 'This month', width: 100, quantity: MONEY },
    },
  }),
];

const reserves: readonly Panel[] = [
  table({
    title: 'Locked reserve by machine',
    description:
      'Which machines hold money back? One row per machine: what is locked, how many epochs it covers and when the next is charged. It is no cost: it comes back when the machine is deleted.',
    width: 24,
    sql: 'reserves',
    emptyText: 'no reserve is locked',
    columns: {
      resource_name: RESOURCE,
      resource_id: HIDDEN,
      provider: PROVIDER,
      team: TEAM,
      reserved_amount: { title: 'Locked', width: 110, quantity: MONEY },
      billing_currency: { title: 'Unit', width: 70 },
      epochs_covered: { title: 'Epochs covered', width: 130, quantity: PRICE },
      reserved_from: { title: 'Since', width: 160, quantity: INSTANT },
      next_billing_at: { title: 'Next charge', width: 160, quantity: INSTANT },
    },
  }),
];

const facts: readonly Panel[] = [
  table({
    title: 'What it is',
    description: 'One row: the resource that is chosen above, as it is now or was at its end.',
    width: 24,
    sql: 'resource_facts',
    emptyText: 'no such resource',
    columns: {
      resource_name: { title: 'Resource' },
      status: { title: 'Status', width: 95, states: STATES },
      provider: PROVIDER,
      resource_type: { title: 'Type', width: 140 },
      sku: { title: 'SKU', width: 165 },
      region: { title: 'Region', width: 150 },
      gpus: { title: 'GPUs', width: 130 },
      vcpu_count: { title: 'vCPU', width: 60, quantity: COUNT },
      memory_gib: { title: 'GiB', width: 65, quantity: COUNT },
      team: TEAM,
      started_at: { title: 'Started', width: 155, quantity: INSTANT },
      ended_at: { title: 'Ended', width: 155, quantity: INSTANT },
      account_id: { title: 'Account', isHidden: true },
      resource_id: HIDDEN,
    },
  }),
];

const life: readonly Panel[] = [
  stateTimeline({
    title: 'Its states',
    description: 'When did it run? Its status over time; ended and failed included.',
    width: 14,
    sql: 'resource_states',
    states: STATES,
    emptyText: 'not seen in the range',
  }),
  table({
    title: 'Whose it was',
    description: 'Who is charged for it? One row per stretch of UTC days with one owner.',
    width: 10,
    sql: 'resource_owner',
    emptyText: 'no owner is known',
    columns: {
      from_date: { title: 'From', width: 100 },
      to_date: { title: 'Until', width: 100 },
      team: TEAM,
      project: { title: 'Project', width: 95 },
      environment: { title: 'Environment', width: 105 },
      cost_centre: { title: 'Cost centre', width: 100 },
      rule: { title: 'Decided by' },
    },
  }),
];

const money: readonly Panel[] = [
  timeSeries({
    title: 'Its cost per day (${reporting_currency})',
    description:
      'What did it cost, and for what? One bar per UTC day and meter; days of the range.',
    width: 12,
    sql: 'resource_cost',
    quantity: MONEY,
    shape: 'bars',
    legendTells: ['sum'],
    emptyText: 'no cost in the range',
  }),
  timeSeries({
    title: 'Its prices, in the currency of the bill',
    description: 'What did a unit of it cost when? From each charge on, per meter and unit.',
    width: 12,
    sql: 'resource_price',
    quantity: PRICE,
    shape: 'steps',
    interval: '1h',
    legendTells: ['lastNotNull'],
    emptyText: 'no price in the range',
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
    row('Paid for and not used', 9, waste),
    row(null, 11, findings),
    row('What is rented', 13, explorer),
    row(null, 7, reserves),
    row('One resource: ${resource}', 4, facts),
    row(null, 6, life),
    row(null, 9, money),
  ],
};
