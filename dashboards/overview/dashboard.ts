/** The board that opens first: the whole fleet's money, and whether anything is about to go wrong. */

import { barGauge } from '../lib/bar-gauge.ts';
import { STATE } from '../lib/colours.ts';
import { type Dashboard, row } from '../lib/dashboard.ts';
import { linkTo } from '../lib/links.ts';
import { type Panel, steps } from '../lib/panel.ts';
import { stat } from '../lib/stat.ts';
import { table } from '../lib/table.ts';
import { timeSeries } from '../lib/time-series.ts';
import { COUNT, INSTANT, MONEY, MONEY_COARSE, SHARE, SHORT_INSTANT } from '../lib/units.ts';
import {
  account,
  basis,
  currency,
  provider,
  reportingCurrency,
  team,
  unit,
} from '../lib/variables.ts';

const MORE_IS_WORSE = steps(STATE.ok, [0.05, STATE.warning], [0.2, STATE.risk]);

const numbers: readonly Panel[] = [
  stat({
    title: 'Per hour now (${unit})',
    description: 'What does an hour cost now? The last whole UTC day divided by 24.',
    width: 4,
    sql: 'burn_per_hour',
    quantity: MONEY,
  }),
  stat({
    title: 'Month to date (${unit})',
    description:
      'What has the running UTC month cost so far? With what still accrues; see Teams for closed statements.',
    width: 4,
    sql: 'month_to_date',
    quantity: MONEY_COARSE,
  }),
  stat({
    title: 'vs last month',
    description:
      'Is it more than at the same day of the month before? Whole UTC days of this month against as many of the last.',
    width: 3,
    sql: 'change_on_month',
    quantity: SHARE,
    scale: MORE_IS_WORSE,
    emptyText: 'no month before',
  }),
  stat({
    title: 'Month end (${reporting_currency})',
    description:
      'What will the month have cost? All providers and teams, billed cost; it ends between low and high in 4 months of 5.',
    width: 6,
    sql: 'forecast',
    quantity: MONEY_COARSE,
    isNamed: true,
    links: [linkTo('budgets', 'Budgets and forecast')],
  }),
  stat({
    title: 'Budget left (${reporting_currency})',
    description:
      'What is left of the running budget over everything? See the table for the others.',
    width: 4,
    sql: 'budget_left',
    quantity: MONEY_COARSE,
    scale: steps(STATE.unknown, [Number.MIN_SAFE_INTEGER, STATE.broken], [0, STATE.ok]),
    emptyText: 'none',
    links: [linkTo('budgets', 'Budgets and forecast')],
  }),
  stat({
    title: 'Unexplained',
    description:
      'Do our figures match the providers’ own? Comparisons of the last check whose difference nothing explains.',
    width: 3,
    sql: 'unexplained',
    quantity: COUNT,
    scale: steps(STATE.ok, [1, STATE.broken]),
    links: [linkTo('reconciliation', 'Reconciliation and corrections')],
  }),
];

const where: readonly Panel[] = [
  timeSeries({
    title: 'Spend per day (${unit})',
    description:
      'Where does the money go, day by day? One bar per UTC day; the last one still grows.',
    width: 17,
    sql: 'spend_per_day',
    quantity: MONEY_COARSE,
    shape: 'bars',
    legendTells: ['sum'],
  }),
  barGauge({
    title: 'Spend by team (${unit})',
    description:
      'For whom? The twelve most expensive teams in the range, shared costs split among them.',
    width: 7,
    sql: 'spend_by_team',
    quantity: MONEY_COARSE,
    links: [linkTo('teams', 'Teams')],
  }),
];

const danger: readonly Panel[] = [
  table({
    title: 'Top movers: 7 days against the 7 before (${unit})',
    description:
      'What changed? Whole UTC days, per provider, SKU and team; the ten largest changes.',
    width: 13,
    sql: 'top_movers',
    emptyText: 'nothing moved',
    columns: {
      provider: {
        title: 'Provider',
        width: 125,
        links: [linkTo('providers', 'Provider', { provider: 'provider' })],
      },
      sku: { title: 'SKU', links: [linkTo('resources', 'Its resources', { sku: 'sku' })] },
      team: { title: 'Team', width: 110, links: [linkTo('teams', 'Team', { team: 'team' })] },
      last_7_days: { title: '7 days', width: 100, quantity: MONEY_COARSE },
      change: {
        title: 'Change',
        width: 100,
        quantity: MONEY_COARSE,
        scale: steps(STATE.ok, [0, STATE.risk]),
      },
      change_share: { title: 'In %', width: 85, quantity: SHARE },
    },
  }),
  table({
    title: 'Budgets (${reporting_currency})',
    description:
      'Will a budget break, and when? One row per running budget, the one in most danger first.',
    width: 11,
    sql: 'budgets',
    emptyText: 'no budgets: see `reference.budgets` in meterhouse.yaml',
    columns: {
      budget: { title: 'Budget', links: [linkTo('budgets', 'Budget', { budget: 'budget' })] },
      state: {
        title: 'State',
        width: 80,
        states: {
          ok: 'ok',
          warning: 'warning',
          'at risk': 'risk',
          broken: 'broken',
          unknown: 'unknown',
        },
      },
      share_used: { title: 'Used', width: 75, quantity: SHARE },
      share_forecast: {
        title: 'At its end',
        width: 85,
        quantity: SHARE,
        scale: steps(STATE.ok, [1, STATE.broken]),
      },
      left_cost: { title: 'Left', width: 85, quantity: MONEY_COARSE },
      breaks_at: { title: 'Breaks', width: 120, quantity: SHORT_INSTANT },
    },
  }),
];

const trust: readonly Panel[] = [
  table({
    title: 'Freshness',
    description:
      'How fresh is the data? One row per account: its oldest stream that charges depend on.',
    width: 13,
    sql: 'freshness',
    columns: {
      account_id: {
        title: 'Account',
        links: [linkTo('pipeline', 'Pipeline health', { account: 'account_id' })],
      },
      state: {
        title: 'State',
        width: 80,
        states: { fresh: 'ok', failing: 'warning', stale: 'risk', 'never read': 'broken' },
      },
      looked_at: { title: 'Oldest sync', width: 170, quantity: INSTANT },
      share_of_limit: {
        title: 'Of its limit',
        width: 100,
        quantity: SHARE,
        scale: steps(STATE.ok, [0.8, STATE.warning], [1, STATE.broken]),
      },
      quarantined: {
        title: 'In quarantine',
        width: 110,
        quantity: COUNT,
        scale: steps(STATE.ok, [1, STATE.risk]),
      },
    },
  }),
  table({
    title: 'Agreement with the providers’ own figures, 3 months',
    description:
      'Does it match what was charged? One row per provider: comparisons of the last check, and how many hold.',
    width: 11,
    sql: 'agreement',
    emptyText: 'nothing compared yet',
    columns: {
      provider: {
        title: 'Provider',
        links: [linkTo('reconciliation', 'Reconciliation', { provider: 'provider' })],
      },
      lines: { title: 'Lines', width: 70, quantity: COUNT },
      share_agreeing: {
        title: 'Agree',
        width: 80,
        quantity: SHARE,
        scale: steps(STATE.broken, [0.99, STATE.warning], [1, STATE.ok]),
      },
      lines_unexplained: {
        title: 'Unexplained',
        width: 100,
        quantity: COUNT,
        scale: steps(STATE.ok, [1, STATE.broken]),
      },
      checked_at: { title: 'Checked', width: 170, quantity: INSTANT },
    },
  }),
];

export const overview: Dashboard = {
  name: 'overview',
  question: 'What are we spending now, where, for whom, and will it hold?',
  folder: import.meta.dirname,
  from: 'now-30d',
  variables: [provider, account, team, currency, basis, unit, reportingCurrency],
  rows: [
    row(null, 4, numbers),
    row(null, 9, where),
    row('What changed, and what may break', 9, danger),
    row('How far to trust these numbers', 7, trust),
  ],
};
