/** What of the paid GPU-hours was used, what idle ones cost, and what nobody measures. */
import { ACTUAL, STATE, seriesColour } from '../lib/colours.ts';
import { type Dashboard, row } from '../lib/dashboard.ts';
import { linkTo } from '../lib/links.ts';
import { standing } from '../lib/standing.ts';
import { stat } from '../lib/stat.ts';
import { table } from '../lib/table.ts';
import { timeSeries } from '../lib/time-series.ts';
import { MONEY_COARSE, PRICE, SHARE, WHOLE_HOURS } from '../lib/units.ts';
import { account, provider, reportingCurrency, team } from '../lib/variables.ts';

/** What counts as what; said where the parts are shown. */
const PARTS =
  'Idle: allocated and not active; unallocated: nobody had reserved it; unknown: not measured, which is never counted as idle.';
const BY_USE = [
  seriesColour('active', ACTUAL),
  seriesColour('idle', STATE.risk),
  seriesColour('unallocated', STATE.warning),
  seriesColour('unknown', STATE.unknown),
];
const NONE = 'Nothing is measured: no account declares metrics.';

const numbers = row(null, 4, [
  stat({
    title: 'Active',
    description: 'Which share of the measured GPU-hours of the range was active?',
    width: 5,
    sql: 'active_share',
    quantity: SHARE,
    emptyText: 'not measured',
  }),
  stat({
    title: 'Cost by use (${reporting_currency})',
    description: `What was paid in the range, by what it was used for? ${PARTS}`,
    width: 11,
    sql: 'cost_by_use',
    quantity: MONEY_COARSE,
    isNamed: true,
    emptyText: 'not measured',
  }),
  stat({
    title: 'A GPU-hour costs (${reporting_currency})',
    description:
      'What was paid per GPU-hour in the range, and per active one? The second is the cost of the measured hours by the active ones of them.',
    width: 8,
    sql: 'price_by_use',
    quantity: PRICE,
    isNamed: true,
    emptyText: 'not measured',
  }),
]);

const days = row(null, 9, [
  timeSeries({
    title: 'GPU-hours per day',
    description: `How were the paid GPU-hours used? Per UTC day. ${PARTS}`,
    width: 12,
    sql: 'hours_per_day',
    quantity: WHOLE_HOURS,
    shape: 'bars',
    overrides: BY_USE,
  }),
  timeSeries({
    title: 'Cost per day (${reporting_currency})',
    description: `What did use and idleness cost? Per UTC day. ${PARTS}`,
    width: 12,
    sql: 'cost_per_day',
    quantity: MONEY_COARSE,
    shape: 'bars',
    overrides: BY_USE,
  }),
]);

const parts = {
  paid_hours: { title: 'Paid hours', width: 95, quantity: WHOLE_HOURS },
  active_share: { title: 'Active', width: 80, quantity: SHARE },
  cost: { title: 'Cost', width: 90, quantity: MONEY_COARSE },
  idle_cost: { title: 'Idle', width: 90, quantity: MONEY_COARSE },
  unallocated_cost: { title: 'Unallocated', width: 100, quantity: MONEY_COARSE },
  unknown_cost: { title: 'Unknown', width: 90, quantity: MONEY_COARSE },
};

const tables = row(null, 10, [
  table({
    title: 'Machines by idle cost (${reporting_currency})',
    description: `Which machines cost most without working? One row per machine of the range (at most 200). ${PARTS}`,
    width: 15,
    sql: 'machines',
    emptyText: NONE,
    columns: {
      resource_name: {
        title: 'Machine',
        links: [linkTo('resources', 'This machine', { resource: 'resource_id' })],
      },
      resource_id: { title: 'Id', isHidden: true },
      team: { title: 'Team', width: 110 },
      ...parts,
    },
  }),
  table({
    title: 'Teams by idle cost (${reporting_currency})',
    description: `Whose machines cost most without working? One row per team. ${PARTS}`,
    width: 9,
    sql: 'teams',
    emptyText: NONE,
    columns: {
      team: { title: 'Team' },
      active_share: parts.active_share,
      cost: parts.cost,
      idle_cost: parts.idle_cost,
      unknown_cost: parts.unknown_cost,
    },
  }),
]);

export const utilisation: Dashboard = {
  name: 'utilisation',
  question: 'What of the paid GPU-hours was used, and what did idle ones cost?',
  folder: import.meta.dirname,
  from: 'now-30d',
  variables: [provider, account, team, reportingCurrency],
  rows: [numbers, days, tables, standing()],
};
