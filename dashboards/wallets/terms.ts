/** The rows of the wallets' board about what is owed by contract. */
import { ACTUAL, STATE } from '../lib/colours.ts';
import { row } from '../lib/dashboard.ts';
import { linkTo } from '../lib/links.ts';
import { steps } from '../lib/panel.ts';
import { table } from '../lib/table.ts';
import { COUNT, INSTANT, MONEY, PRICE, SHARE, SPAN_DAYS } from '../lib/units.ts';

const DAYS_LEFT = steps(STATE.warning, [3, STATE.ok]);

/** What the running terms of clouds have cost, will cost, and what the next ones will. */
export const terms = row('Terms and commitments', 8, [
  table({
    title: 'Running terms',
    description:
      'What does each cloud’s term cost, and what comes after it? One row per cloud and running term; a removed node is owed to its end. Total reported: the provider’s own figure for the whole term. Next term: if everything stays. Clouds without a readable bill are left out.',
    width: 24,
    sql: 'terms',
    emptyText: 'Nothing is rented by the term.',
    columns: {
      resource_name: { title: 'Cloud' },
      resource_id: { title: 'Id', isHidden: true },
      account_id: { title: 'Account', isHidden: true },
      region_name: { title: 'Region', width: 130 },
      assets: { title: 'Assets', width: 65, quantity: COUNT },
      starts_at: { title: 'Began', quantity: INSTANT, isHidden: true },
      ends_at: { title: 'Ends (UTC)', width: 165, quantity: INSTANT },
      days_left: { title: 'Left', width: 75, quantity: SPAN_DAYS, scale: DAYS_LEFT },
      elapsed_share: {
        title: 'Elapsed',
        width: 110,
        quantity: SHARE,
        isBar: true,
        max: 1,
        scale: { color: { mode: 'fixed', fixedColor: ACTUAL } },
      },
      cost_so_far: { title: 'So far', width: 90, quantity: MONEY },
      term_cost: { title: 'Whole term', width: 95, quantity: MONEY },
      discount: { title: 'Discount', width: 85, quantity: MONEY },
      stated_cost: { title: 'Total reported', width: 115, quantity: MONEY },
      next_term_cost: { title: 'Next term', width: 95, quantity: MONEY },
      billing_currency: { title: 'Currency', width: 80 },
    },
  }),
]);

/** Committed capacity: until when it is paid, used or not. */
export const commitments = row(null, 6, [
  table({
    title: 'Commitments',
    description:
      'When does committed capacity end, and what is still to be paid for it, used or not? One row per contract and period in which it has one capacity.',
    width: 24,
    sql: 'commitments',
    emptyText: 'No capacity is committed.',
    columns: {
      contract_id: {
        title: 'Contract',
        links: [linkTo('economics', 'How it is used', { sku: 'sku' })],
      },
      account_id: { title: 'Account', isHidden: true },
      sku: { title: 'SKU', width: 170 },
      region_name: { title: 'Region', width: 150 },
      state: {
        title: 'State',
        width: 80,
        states: { running: 'ok', 'to come': 'unknown', over: 'unknown' },
      },
      capacity: { title: 'Servers', width: 80, quantity: COUNT },
      starts_at: { title: 'Begins (UTC)', width: 165, quantity: INSTANT },
      ends_at: { title: 'Ends (UTC)', width: 165, quantity: INSTANT },
      days_left: { title: 'Left', width: 80, quantity: SPAN_DAYS },
      cost_per_hour: { title: 'Per hour', width: 95, quantity: PRICE },
      cost_to_come: { title: 'Still to pay', width: 105, quantity: MONEY },
      billing_currency: { title: 'Currency', width: 80 },
    },
  }),
]);
