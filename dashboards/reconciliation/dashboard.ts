/** Whether the books match what the providers charged, and what was corrected since. */
import { STATE } from '../lib/colours.ts';
import { type Dashboard, row } from '../lib/dashboard.ts';
import { linkTo } from '../lib/links.ts';
import { type Panel, steps } from '../lib/panel.ts';
import { stat } from '../lib/stat.ts';
import { stateTimeline } from '../lib/state-timeline.ts';
import { type Column, table } from '../lib/table.ts';
import { timeSeries } from '../lib/time-series.ts';
import { COUNT, MONEY, SHARE } from '../lib/units.ts';
import { account, provider, reportingCurrency } from '../lib/variables.ts';

const RESOURCE = linkTo('resources', 'The resource', { resource: 'resource_id' });
const PROVIDER: Column = {
  title: 'Provider',
  width: 125,
  links: [linkTo('providers', 'Provider', { provider: 'provider' })],
};
const HIDDEN: Column = { title: 'Resource id', isHidden: true };
const NONE_IS_BEST = steps(STATE.ok, [1, STATE.broken]);
/** Explained: green where it is the provider's way to round or tax, grey where later figures decide. */
const CLASSES = {
  rounding: 'ok',
  tax: 'ok',
  timing: 'unknown',
  uncertainty: 'warning',
  quantity: 'broken',
  price: 'broken',
  'missing here': 'broken',
  'missing there': 'broken',
  unexplained: 'broken',
} as const;

/** From the best to the one that decides for a group: `agreement_by_month` numbers them in this order. */
const AGREEMENT = {
  agrees: 'ok',
  'not compared': 'unknown',
  open: 'unknown',
  uncertain: 'warning',
  differs: 'broken',
} as const;

const numbers: readonly Panel[] = [
  stat({
    title: 'Proofs that differ',
    description:
      'Does it match? Sources of the providers’ own figures, by month, whose differences nothing explains.',
    width: 4,
    sql: 'sources_that_differ',
    quantity: COUNT,
    scale: NONE_IS_BEST,
  }),
  stat({
    title: 'Lines accounted for',
    description:
      'How much of it matches? Of the lines that can be compared, those that are equal or explained.',
    width: 4,
    sql: 'lines_accounted_for',
    quantity: SHARE,
    scale: steps(STATE.broken, [0.99, STATE.warning], [1, STATE.ok]),
    emptyText: 'nothing compared yet',
  }),
  stat({
    title: 'Unexplained, per unit',
    description:
      'How much is in doubt? Sum of the proofs’ differences that nothing explains; currencies and hours stay apart.',
    width: 6,
    sql: 'unexplained_value',
    quantity: MONEY,
    scale: steps(STATE.ok, [0.005, STATE.warning], [1, STATE.broken]),
    isPerRow: true,
    emptyText: 'nothing compared yet',
  }),
  stat({
    title: 'Corrections (${reporting_currency})',
    description:
      'What did corrections that were learnt in the range add or take back, in all and of closed months?',
    width: 5,
    sql: 'corrected_value',
    quantity: MONEY,
    isNamed: true,
  }),
  stat({
    title: 'Last check',
    description: 'When was the ledger last reconciled with the providers’ figures? In UTC.',
    width: 5,
    sql: 'last_check',
    isText: true,
    emptyText: 'never',
  }),
];

const agreement: readonly Panel[] = [
  stateTimeline({
    title: 'Agreement by month',
    description:
      'Do we agree, month by month? One line per proof, one interval per UTC month; open while the provider’s figure can still move, uncertain where only the declared uncertainty explains the difference.',
    width: 12,
    sql: 'agreement_by_month',
    states: AGREEMENT,
    emptyText: 'nothing compared in the range',
  }),
  table({
    title: 'Lines that are not equal, by class',
    description:
      'Why are they not equal? One row per provider, source, class and unit. Rounding, tax, timing and uncertainty are explained; the rest needs a review and comes first.',
    width: 12,
    sql: 'differences_by_class',
    emptyText: 'every line is equal',
    columns: {
      provider: PROVIDER,
      source: { title: 'Source' },
      class: { title: 'Class', width: 115, states: CLASSES },
      lines: { title: 'Lines', width: 65, quantity: COUNT },
      difference: { title: 'Difference', width: 105, quantity: MONEY },
      unit: { title: 'Unit', width: 65 },
    },
  }),
];

const comparisons: readonly Panel[] = [
  table({
    title: 'Our figures beside the providers’ own',
    description:
      'How far apart are we, and how far may we be? One row per account, source and unit over the months in range, without lines that are still open. Tolerance as in FOCUS 1.4.',
    width: 24,
    sql: 'unexplained_against_tolerance',
    emptyText: 'nothing compared in the range',
    columns: {
      state: {
        title: 'State',
        width: 95,
        states: AGREEMENT,
      },
      provider: PROVIDER,
      account_id: { title: 'Account', width: 150 },
      source: { title: 'Source' },
      lines: { title: 'Lines', width: 65, quantity: COUNT },
      share_equal: { title: 'Equal', width: 75, quantity: SHARE },
      lines_open: { title: 'Open', width: 65, quantity: COUNT },
      ours: { title: 'Ours', width: 110, quantity: MONEY },
      theirs: { title: 'Theirs', width: 110, quantity: MONEY },
      difference: { title: 'Difference', width: 105, quantity: MONEY },
      unexplained: {
        title: 'Unexplained',
        width: 105,
        quantity: MONEY,
        scale: steps(STATE.ok, [0.005, STATE.warning], [1, STATE.broken]),
      },
      tolerance: { title: 'Tolerance', width: 90, quantity: MONEY },
      unit: { title: 'Unit', width: 110 },
    },
  }),
];

const lines: readonly Panel[] = [
  table({
    title: 'Lines to review, then explained lines',
    description:
      'Which lines are not equal? One row per comparison, lines to review first, then the largest differences; without mere rounding, at most 200.',
    width: 24,
    sql: 'lines_that_do_not_match',
    emptyText: 'every line is equal',
    columns: {
      month: { title: 'Month', width: 80 },
      class: {
        title: 'Class',
        width: 115,
        states: CLASSES,
      },
      provider: PROVIDER,
      source: { title: 'Source', width: 130 },
      line_name: { title: 'Line' },
      detail: { title: 'Detail', width: 65, links: [RESOURCE] },
      resource_id: HIDDEN,
      ours: { title: 'Ours', width: 105, quantity: MONEY },
      theirs: { title: 'Theirs', width: 105, quantity: MONEY },
      difference: { title: 'Difference', width: 105, quantity: MONEY },
      unit: { title: 'Unit', width: 70 },
      note: { title: 'Note', width: 190 },
    },
  }),
];

const corrections: readonly Panel[] = [
  table({
    title: 'Corrections: what changed, and why',
    description:
      'What changed since yesterday, and why? One row per run, resource, month and reason, in the currency of the bill, newest first; at most 200. Nothing is rewritten: each is a reversal and a re-entry.',
    width: 24,
    sql: 'correction_feed',
    emptyText: 'no corrections in the range',
    columns: {
      learnt_at: { title: 'Learnt at', width: 155 },
      reason: { title: 'Why' },
      provider: PROVIDER,
      resource_name: { title: 'Resource', width: 150, links: [RESOURCE] },
      resource_id: HIDDEN,
      team: {
        title: 'Team',
        width: 100,
        links: [linkTo('teams', 'Team', { team: 'team' })],
      },
      days: { title: 'Days', width: 148 },
      old_cost: { title: 'Before', width: 80, quantity: MONEY },
      new_cost: { title: 'After', width: 80, quantity: MONEY },
      difference: { title: 'Change', width: 75, quantity: MONEY },
      billing_currency: { title: 'Unit', width: 55 },
      statement_month: { title: 'Stated in', width: 85 },
      month_state: {
        title: 'Month is',
        width: 80,
        states: { open: 'unknown', closed: 'warning' },
      },
    },
  }),
];

const months: readonly Panel[] = [
  timeSeries({
    title: 'Corrections by when they came (${reporting_currency})',
    description:
      'When do the books move after the fact? By the day on which a correction was learnt, per provider; below zero, money was taken back.',
    width: 9,
    sql: 'corrections_per_day',
    quantity: MONEY,
    shape: 'bars',
    legendTells: ['sum'],
    emptyText: 'no corrections in the range',
  }),
  table({
    title: 'Closed months',
    description:
      'What do the closed statements come to, and what was corrected since? One row per month and billing currency; corrections are in later statements.',
    width: 15,
    sql: 'closed_months',
    emptyText: 'no month is closed yet: `meterhouse close --month`',
    columns: {
      month: { title: 'Month', width: 75 },
      closed_at: { title: 'Closed at', width: 150 },
      how: { title: 'How', width: 70, states: { 'in order': 'ok', forced: 'risk' } },
      obstacles: { title: 'Stood in the way' },
      stated_cost: { title: 'Stated', width: 105, quantity: MONEY },
      of_earlier_cost: { title: 'For earlier', width: 90, quantity: MONEY },
      learnt_since_cost: { title: 'Learnt since', width: 100, quantity: MONEY },
      billing_currency: { title: 'Unit', width: 55 },
    },
  }),
];

export const reconciliation: Dashboard = {
  name: 'reconciliation',
  question: 'Does it match what the providers charged, to the cent, and what changed since?',
  folder: import.meta.dirname,
  from: 'now-90d',
  variables: [provider, account, reportingCurrency],
  rows: [
    row(null, 4, numbers),
    row('Do we agree?', 10, agreement),
    row(null, 10, comparisons),
    row(null, 10, lines),
    row('What was corrected, and why', 10, corrections),
    row(null, 8, months),
  ],
};
