/** Prepaid money and how long it lasts, epochs that fall due, and what is owed by contract. */
import { ACTUAL, EXPECTED, PROVIDER_COLOURS, STATE, seriesColour } from '../lib/colours.ts';
import { type Dashboard, row } from '../lib/dashboard.ts';
import { linkTo } from '../lib/links.ts';
import { steps } from '../lib/panel.ts';
import { standing } from '../lib/standing.ts';
import { stat } from '../lib/stat.ts';
import { table } from '../lib/table.ts';
import { timeSeries } from '../lib/time-series.ts';
import { COUNT, INSTANT, MONEY, MONEY_COARSE, PRICE, SPAN_DAYS, SPAN_HOURS } from '../lib/units.ts';
import { account, provider, reportingCurrency } from '../lib/variables.ts';
import { commitments, terms } from './terms.ts';

const DAYS_LEFT = steps(
  STATE.unknown,
  [Number.MIN_SAFE_INTEGER, STATE.broken],
  [1, STATE.risk],
  [3, STATE.ok],
);
const TO_ACCOUNT = [linkTo('providers', 'What this account spends', { account: 'account_id' })];

const now = row(null, 4, [
  stat({
    title: 'Runway',
    description:
      'How long until the first prepaid balance is gone, at the current rate of use? Balances that nothing draws on, or that the provider does not report, are left out.',
    width: 3,
    sql: 'shortest_runway',
    isOfNow: true,
    quantity: SPAN_DAYS,
    scale: DAYS_LEFT,
    emptyText: 'no end',
  }),
  stat({
    title: 'Runs dry (UTC)',
    description: 'When is the first prepaid balance gone, if nothing changes and nothing is added?',
    width: 4,
    sql: 'runs_dry_at',
    isOfNow: true,
    quantity: INSTANT,
    isText: true,
    emptyText: 'no end',
  }),
  stat({
    title: 'Prepaid now (${reporting_currency})',
    description:
      'How much is left of all prepaid balances that are reported, what does an hour of what runs on them cost, and how much do providers hold back? Balances without reserves; a reserve is given back and never a cost. At the exchange rate of the clock.',
    width: 8,
    sql: 'prepaid_now',
    isOfNow: true,
    quantity: MONEY,
    isNamed: true,
    emptyText: 'not reported',
  }),
  stat({
    title: 'Upcoming charges (${reporting_currency})',
    description:
      'What do the epochs cost that begin in the next 24 hours, and the terms that follow the running ones? Assuming that nothing changes; terms that do not renew are left out.',
    width: 6,
    sql: 'falls_due',
    isOfNow: true,
    quantity: MONEY,
    isNamed: true,
    emptyText: 'none',
  }),
  stat({
    title: 'Term end',
    description:
      'When does the first running term of a cloud end, so that the next is owed in full?',
    width: 3,
    sql: 'next_term_end',
    isOfNow: true,
    quantity: SPAN_DAYS,
    emptyText: 'none',
  }),
]);

const wallets = row('Prepaid balances', 5, [
  table({
    title: 'Wallets',
    description:
      'How long does each prepaid balance last? One row per account and currency, as its provider reported it last. Balance: what can be spent, without reserves. Paid ahead: how long the first machine runs if nothing more is paid (epochs only).',
    width: 24,
    sql: 'wallets',
    emptyText: 'No account is prepaid.',
    columns: {
      account_id: { title: 'Account', links: TO_ACCOUNT },
      provider: { title: 'Provider', width: 110 },
      billing_currency: { title: 'Currency', width: 80 },
      state: {
        title: 'State',
        width: 100,
        states: {
          ok: 'ok',
          low: 'risk',
          'empty soon': 'broken',
          'nothing burns': 'ok',
          'not reported': 'unknown',
          'pace unknown': 'unknown',
        },
      },
      balance: { title: 'Balance', width: 100, quantity: MONEY },
      reserved_amount: { title: 'Reserved', width: 85, quantity: MONEY },
      burn_per_hour: { title: 'Burn per hour', width: 110, quantity: PRICE },
      resources: { title: 'Resources', width: 90, quantity: COUNT },
      runway_days: { title: 'Runway', width: 80, quantity: SPAN_DAYS, scale: DAYS_LEFT },
      runs_dry_at: { title: 'Runs dry (UTC)', width: 165, quantity: INSTANT },
      covered_hours: { title: 'Paid ahead', width: 90, quantity: SPAN_HOURS },
      looked_at: { title: 'Last sync (UTC)', width: 165, quantity: INSTANT },
    },
  }),
]);

const movements = row(null, 9, [
  timeSeries({
    title: 'Balance in its own currency',
    description:
      'How did each balance fall and rise, and when will it be gone? One point per sync that reported a new value; dashed: at the current rate. Accounts whose balance is not reported are left out.',
    width: 8,
    sql: ['balance_history', 'balance_expected'],
    quantity: MONEY_COARSE,
    shape: 'lines',
    interval: '1h',
    min: 0,
    overrides: [
      ...Object.entries(PROVIDER_COLOURS).map(
        ([name, fixedColor]) =>
          ({
            matcher: { id: 'byRegexp', options: `/\\(${name}, /` },
            properties: [{ id: 'color', value: { mode: 'fixed', fixedColor } }],
          }) as const,
      ),
      {
        matcher: { id: 'byRegexp', options: '/at this pace$/' },
        properties: [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } }],
      },
    ],
  }),
  timeSeries({
    title: 'In and out per day (${reporting_currency})',
    description:
      'Do top-ups keep up with charges? Per UTC day, all prepaid accounts: deposits above zero, billed charges below. Providers that do not report top-ups are left out.',
    width: 7,
    sql: 'in_and_out',
    quantity: MONEY_COARSE,
    shape: 'bars',
    overrides: [seriesColour('charged', ACTUAL), seriesColour('topped up', EXPECTED)],
  }),
  table({
    title: 'Top-ups',
    description: 'What was paid in, and when? One row per deposit, credit or correction of one.',
    width: 9,
    sql: 'top_ups',
    emptyText: 'Nothing was paid in.',
    columns: {
      occurred_at: { title: 'When (UTC)', width: 165, quantity: INSTANT },
      account_id: { title: 'Account' },
      kind: { title: 'Kind', isHidden: true },
      amount: { title: 'Amount', width: 90, quantity: MONEY },
      billing_currency: { title: 'Currency', width: 80 },
    },
  }),
]);

const epochs = row('Epoch clock', 9, [
  table({
    title: 'Next boundaries',
    description:
      'When is the next charge, and how much? One row per boundary and currency. Unused: what is paid already of the epochs that run.',
    width: 11,
    sql: 'boundaries',
    emptyText: 'Nothing is charged by the epoch.',
    columns: {
      next_charge_at: { title: 'Charged at (UTC)', width: 165, quantity: INSTANT },
      hours_left: { title: 'In', width: 60, quantity: SPAN_HOURS },
      resources: { title: 'Machines', width: 80, quantity: COUNT },
      next_charge: { title: 'Charge', width: 70, quantity: MONEY },
      unused_amount: { title: 'Unused', width: 70, quantity: MONEY },
      reserved_amount: { title: 'Reserved', width: 80, quantity: MONEY },
      billing_currency: { title: 'Currency', width: 80 },
    },
  }),
  table({
    title: 'Machines by their next charge',
    description:
      'Which machine should go before its next epoch begins? One row per machine (at most 200). A begun epoch is owed in full; unused: what is paid of the one that runs.',
    width: 13,
    sql: 'epoch_clock',
    emptyText: 'Nothing is charged by the epoch.',
    columns: {
      resource_name: {
        title: 'Machine',
        links: [linkTo('resources', 'This machine', { resource: 'resource_id' })],
      },
      resource_id: { title: 'Id', isHidden: true },
      account_id: { title: 'Account', isHidden: true },
      sku: { title: 'SKU', width: 165 },
      region_name: { title: 'Region', width: 80 },
      next_charge_at: { title: 'Charged at (UTC)', isHidden: true },
      hours_left: { title: 'In', width: 70, quantity: SPAN_HOURS },
      next_charge: { title: 'Charge', width: 80, quantity: MONEY },
      unused_amount: { title: 'Unused', width: 80, quantity: MONEY },
      reserved_amount: { title: 'Reserved', isHidden: true },
      billing_currency: { title: 'Currency', width: 80 },
    },
  }),
]);

export const walletsAndTerms: Dashboard = {
  name: 'wallets',
  question: 'How long does what is paid ahead last, and what is charged next?',
  folder: import.meta.dirname,
  from: 'now-30d',
  to: 'now+7d',
  variables: [provider, account, reportingCurrency],
  rows: [now, wallets, movements, epochs, terms, commitments, standing()],
};
