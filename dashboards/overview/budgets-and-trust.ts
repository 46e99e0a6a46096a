/** The last rows of the overview: the budgets one by one, and how far its numbers can be trusted. */
import { STATE } from '../lib/colours.ts';
import { linkTo } from '../lib/links.ts';
import { type Panel, steps } from '../lib/panel.ts';
import { table } from '../lib/table.ts';
import { COUNT, INSTANT, MONEY_COARSE, SHARE, SHORT_INSTANT } from '../lib/units.ts';

export const budgets: Panel = table({
  title: 'Budgets (${reporting_currency})',
  description:
    'Will a budget break, and when? One row per running budget, the one in most danger first.',
  width: 24,
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
    share_elapsed: { title: 'Time gone', width: 90, quantity: SHARE },
    share_forecast: {
      title: 'At its end',
      width: 85,
      quantity: SHARE,
      scale: steps(STATE.ok, [1, STATE.risk]),
    },
    left_cost: { title: 'Left', width: 85, quantity: MONEY_COARSE },
    breaks_at: { title: 'Breaks', width: 120, quantity: SHORT_INSTANT },
  },
});

export const trust: readonly Panel[] = [
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
